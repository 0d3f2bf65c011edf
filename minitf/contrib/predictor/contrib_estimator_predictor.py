"""A predictor of one of `tf.contrib.learn`'s estimators."""
from minitf.contrib.learn.inputs import InputFnOps
from minitf.contrib.predictor.predictor import Predictor
from minitf.core.graph import Graph
from minitf.train.checkpoint_management import latest_checkpoint
from minitf.train.monitored_session import MonitoredSession
from minitf.train.scaffold import ChiefSessionCreator


class ContribEstimatorPredictor(Predictor):
    """A trained tf.contrib.learn.Estimator: see `tf.contrib.predictor.from_contrib_estimator`."""

    def __init__(self, estimator, prediction_input_fn, input_alternative_key=None,
                 output_alternative_key=None, graph=None, config=None):
        self._graph = graph or Graph()
        with self._graph.as_default():
            inputs = prediction_input_fn()
            made = estimator._get_predict_ops(inputs.features)
            self._session = MonitoredSession(session_creator=ChiefSessionCreator(
                config=config, checkpoint_filename_with_path=latest_checkpoint(estimator.model_dir)
            ))  # fmt: skip
        key = input_alternative_key or "default_input_alternative"
        self._feed_tensors = _inputs(inputs)[key]
        self._fetch_tensors = _outputs(made, output_alternative_key)


def _inputs(inputs):
    """The placeholders by name, by the name of the alternative."""
    if not inputs[0]:
        raise ValueError("Features must be defined.")
    is_fed = isinstance(inputs, InputFnOps)
    return {"default_input_alternative": inputs.default_inputs} if is_fed else {}


def _outputs(made, key):
    """The predictions by name, those of one head where there are several."""
    heads = made.output_alternatives
    if heads and key is None and len(heads) == 1:
        ((_, found),) = heads.values()
        return found
    if heads and key in heads and key is not None:
        return heads[key][1]
    if heads and not key:
        raise ValueError("Please specify a default_output_alternative.  Available "
                         f"output_alternatives are: {sorted(heads)}")  # fmt: skip
    if key:
        raise ValueError(f"Requested default_output_alternative: {key}, but available "
                         f"output_alternatives are: {sorted(heads or ())}")  # fmt: skip
    found = made.predictions
    return found if isinstance(found, dict) else {"output": found}
