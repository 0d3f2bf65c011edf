"""`tf.contrib.estimator.SavedModelEstimator`: an Estimator of the graphs of a SavedModel."""
import os

from minitf import logging
from minitf.core.dtypes import as_dtype
from minitf.core.graph import get_collection_ref, get_default_graph
from minitf.core.tensor_shape import TensorShape
from minitf.estimator.checks import WarmStartSettings
from minitf.estimator.estimator import Estimator
from minitf.estimator.export.receivers import by_name
from minitf.estimator.export.signatures import DEFAULT, TAGS
from minitf.estimator.mode_keys import ModeKeys
from minitf.estimator.model_fn import EstimatorSpec
from minitf.saved_model import constants
from minitf.saved_model.loader import SavedModelLoader, main_op
from minitf.saved_model.signature_constants import (
    SUPERVISED_EVAL_METHOD_NAME,
    SUPERVISED_TRAIN_METHOD_NAME,
)
from minitf.train.checkpoint_utils import list_variables
from minitf.train.global_step import assert_global_step, get_global_step
from minitf.train.scaffold import Scaffold

_METHODS = {ModeKeys.TRAIN: SUPERVISED_TRAIN_METHOD_NAME,
            ModeKeys.EVAL: SUPERVISED_EVAL_METHOD_NAME}  # fmt: skip
_LEFT_OVER = (constants.ASSETS_KEY, constants.LEGACY_INIT_OP_KEY, constants.MAIN_OP_KEY,
              constants.TRAIN_OP_KEY)  # fmt: skip


class SavedModelEstimator(Estimator):
    """What `export_all_saved_models` wrote, trained, evaluated and asked again: in the modes that
    it has graphs for. The variables start as they are in it.

    RuntimeError for another mode, and where the input function makes a global step; ValueError for
    features and labels unlike those that it was written with.
    """

    def __init__(self, saved_model_dir, model_dir=None):
        self.saved_model_dir = saved_model_dir
        index = os.path.join(os.fsdecode(saved_model_dir), "variables", "variables.index")
        if not os.path.exists(index):
            raise ValueError("Directory provided has an invalid SavedModel format: "
                             f"{saved_model_dir}")  # fmt: skip
        self.saved_model_loader = SavedModelLoader(saved_model_dir)
        checkpoint = self.saved_model_loader.variables_path
        names = [name for name, _ in list_variables(checkpoint)]
        super().__init__(self._model_fn_from_saved_model, model_dir,
                         warm_start_from=WarmStartSettings(checkpoint, names))  # fmt: skip
        self._available_modes = [mode for mode in (ModeKeys.TRAIN, ModeKeys.EVAL, ModeKeys.PREDICT)
                                 if self._signature(mode) is not None]  # fmt: skip
        logging.info("Available modes for Estimator: %s", self._available_modes)

    def _graph_of(self, mode):
        return self.saved_model_loader.get_meta_graph_def_from_tags(TAGS[mode])

    def _signature(self, mode):
        """The SignatureDef of a mode; None where there is none."""
        try:
            found = self._graph_of(mode).signature_def
        except RuntimeError:
            logging.warning("%s mode not found in SavedModel.", mode)
            return None
        key = DEFAULT if mode == ModeKeys.PREDICT else mode
        if key in found:
            return found[key]
        logging.warning('Metagraph for mode %s was found, but SignatureDef with key "%s" is '
                        "missing.", mode, key)  # fmt: skip
        return None

    def _create_and_assert_global_step(self, graph):
        """None: the graph that is loaded has one."""

    def _model_fn_from_saved_model(self, features, labels, mode):
        if mode not in self._available_modes:
            raise RuntimeError(
                f"{mode} mode is not available in the SavedModel. Use saved_model_cli to check "
                "that the Metagraph for this mode has been exported."
            )
        graph, signature = get_default_graph(), self._signature(mode)
        if get_global_step(graph) is not None:
            raise RuntimeError(
                "Graph must not contain a global step tensor before the SavedModel is loaded. "
                "Please make sure that the input function does not create a global step."
            )
        names = {key: info.name for key, info in signature.outputs.items()}
        _, found = self.saved_model_loader.load_graph(
            graph, TAGS[mode], input_map=_inputs(signature, features, labels),
            return_elements=list(names.values()),
        )  # fmt: skip
        scaffold = Scaffold(local_init_op=main_op(self._graph_of(mode), None))
        assert_global_step(get_global_step(graph))
        loss, predictions, metrics = _outputs(mode, dict(zip(names, found)), signature.method_name)
        train_ops = list(get_collection_ref(constants.TRAIN_OP_KEY))
        if len(train_ops) > 1:
            raise RuntimeError("Multiple ops found in the train_op collection.")
        for key in _LEFT_OVER:
            get_collection_ref(key).clear()
        return EstimatorSpec(mode, predictions, loss, train_ops[0] if train_ops else None, metrics,
                             scaffold=scaffold)  # fmt: skip


def _inputs(signature, features, labels):
    """{name in the graph: what is given for it}, also where it is waited for."""
    given = {} if labels is None else dict(by_name(labels, "label"))
    given.update(by_name(features, "feature"))
    found = {}
    for key, info in signature.inputs.items():
        if key not in given:
            raise ValueError(f'Key "{key}" not found in features or labels passed in to the model '
                             f"function. All required keys: {list(signature.inputs)}")  # fmt: skip
        _check_like(given[key], info, key)
        name = info.name.partition(":")[0]
        found[name] = found[f"^{name}"] = given[key]
    return found


def _check_like(tensor, info, name):
    dtype, shape, said = as_dtype(info.dtype), TensorShape(info.tensor_shape), []
    if tensor.dtype != dtype:
        said.append(f"\n\tExpected dtype: {dtype}, Got: {tensor.dtype}")
    if not tensor.shape.is_compatible_with(shape):
        said.append(f"\n\tExpected shape: {shape}, Got: {tensor.shape}")
    if said:
        raise ValueError(f"Tensor shape and/or dtype validation failed for input {name}:"
                         + "".join(said))  # fmt: skip


def _outputs(mode, found, method):
    """(loss, predictions, metrics) of the outputs of a signature."""
    if mode == ModeKeys.PREDICT:
        return None, found, None
    if method != _METHODS[mode]:
        raise RuntimeError(
            f"Invalid SignatureDef method name for mode {mode}.\n\tExpected: {_METHODS[mode]}\n\t"
            f"Got: {method}\nPlease ensure that the SavedModel was exported with "
            "`tf.estimator.experimental_export_all_saved_models()`."
        )
    predictions = {key: each for key, each in found.items()
                   if key.split("/")[0] == "predictions"}  # fmt: skip
    return found["loss"], predictions, _metrics(found)


def _metrics(found):
    metrics = {}
    for key, value in found.items():
        name, _, part = key.rpartition("/")
        if key.startswith("metrics/") and part == "value" and f"{name}/update_op" in found:
            metrics[name] = value, found[f"{name}/update_op"]
    return metrics
