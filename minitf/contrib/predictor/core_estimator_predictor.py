"""A predictor of an estimator that has been trained."""
from minitf.contrib.predictor.predictor import Predictor
from minitf.core.graph import Graph
from minitf.estimator.mode_keys import ModeKeys
from minitf.saved_model.signature_constants import DEFAULT_SERVING_SIGNATURE_DEF_KEY
from minitf.train.monitored_session import MonitoredSession
from minitf.train.scaffold import ChiefSessionCreator


class CoreEstimatorPredictor(Predictor):
    """A tf.estimator.Estimator's newest checkpoint: see `tf.contrib.predictor.from_estimator`."""

    def __init__(self, estimator, serving_input_receiver_fn, output_key=None, graph=None,
                 config=None):
        self._graph = graph or Graph()
        with self._graph.as_default():
            receiver = serving_input_receiver_fn()
            signature = _signature(receiver, estimator, output_key)
            self._session = MonitoredSession(session_creator=ChiefSessionCreator(
                config=config, checkpoint_dir=estimator.model_dir
            ))  # fmt: skip
        self._feed_tensors = self._tensors(signature.inputs)
        self._fetch_tensors = self._tensors(signature.outputs)

    def _tensors(self, infos):
        return {key: self._graph.get_tensor_by_name(info.name) for key, info in infos.items()}


def _signature(receiver, estimator, output_key):
    key = DEFAULT_SERVING_SIGNATURE_DEF_KEY if output_key is None else output_key
    spec = estimator.model_fn(receiver.features, None, ModeKeys.PREDICT, estimator.config)
    found = spec.export_outputs.get(key)
    if found is None:
        raise KeyError(f"output_key must be one of {spec.export_outputs.keys()}; got {key}")
    return found.as_signature_def(receiver.receiver_tensors)
