"""What an Estimator asks of its arguments, and what it makes of them."""
import os
import tempfile
from collections import namedtuple

from minitf import logging
from minitf.core import nest
from minitf.core.file_errors import path_text
from minitf.core.graph import get_collection
from minitf.core.graph_keys import GraphKeys
from minitf.core.tensor import Tensor
from minitf.estimator.run_config import RunConfig, get_default_session_config
from minitf.train.checkpoint_management import latest_checkpoint
from minitf.train.checkpoint_reader import NewCheckpointReader
from minitf.train.saving_hooks import CheckpointSaverListener
from minitf.train.session_run_hook import SessionRunHook

_MAY_OVERRIDE = {"model_fn", "_create_and_assert_global_step", "_export_all_saved_models"}


def check_not_overridden(cls, made):
    """ValueError for a subclass that overrides members of `cls`."""
    members = {name for name in dir(cls) if not name.startswith("__")} - _MAY_OVERRIDE
    changed = [name for name in members & set(type(made).__dict__)
               if getattr(cls, name) != getattr(type(made), name)]  # fmt: skip
    if changed and type(made).__name__ != "TPUEstimator":
        raise ValueError("Subclasses of Estimator cannot override members of Estimator. "
                         f"{changed} does override {type(made)}")  # fmt: skip


def with_model_dir(config, model_dir):
    """The configuration, with a session's and a folder: a new one if none is given.

    ValueError for one that is no RunConfig, or has another folder.
    """
    if config is None:
        config = RunConfig()
        logging.info("Using default config.")
    if not isinstance(config, RunConfig):
        raise ValueError(f"config must be an instance of `RunConfig`, but provided {config}.")
    if config.session_config is None:
        config = config.replace(session_config=get_default_session_config())
    model_dir = None if model_dir is None else path_text(model_dir)
    if model_dir:
        if config.model_dir is not None and config.model_dir != model_dir:
            raise ValueError(
                "`model_dir` are set both in constructor and `RunConfig`, but with different "
                f"values. In constructor: '{model_dir}', in `RunConfig`: '{config.model_dir}' "
            )
    elif config.model_dir is None:
        model_dir = tempfile.mkdtemp()
        logging.warning("Using temporary folder as model directory: %s", model_dir)
    return config.replace(model_dir=model_dir) if model_dir else config


def check_positive(name, count):
    """ValueError for a number of steps that is none."""
    if count is not None and count <= 0:
        raise ValueError(f"Must specify {name} > 0, given: {count}")


def check_trained(model_dir):
    """ValueError for a folder without a checkpoint."""
    if not latest_checkpoint(model_dir):
        raise ValueError(f"Could not find trained model in model_dir: {model_dir}.")


def saved_step(model_dir):
    """The global step of the newest checkpoint, 0 without one."""
    path = latest_checkpoint(model_dir)
    if path is None:
        return 0
    reader = NewCheckpointReader(path)
    key = GraphKeys.GLOBAL_STEP
    return reader.get_tensor(key) if reader.has_tensor(key) else 0


def hooks(given):
    """A list of hooks. TypeError for what is none."""
    given = list(given or [])
    for hook in given:
        if not isinstance(hook, SessionRunHook):
            raise TypeError(f"Hooks must be a SessionRunHook, given: {hook}")
    return given


def listeners(given):
    """A list of listeners. TypeError for what is none."""
    given = list(given or [])
    for listener in given:
        if not isinstance(listener, CheckpointSaverListener):
            raise TypeError("saving_listeners must be a list of CheckpointSaverListener, given: "
                            f"{listener}")  # fmt: skip
    return given


# -- predictions ----------------------------------------------------------------------------------


def warn_if_endless(features):
    """Say so when nothing in the input comes to an end."""
    tensors = [each for each in nest.flatten(features) if isinstance(each, Tensor)]
    if any(each.op.type == "IteratorGetNext" for each in tensors):
        return
    if not get_collection(GraphKeys.QUEUE_RUNNERS):
        logging.warning("Input graph does not use tf.data.Dataset or contain a QueueRunner. That "
                        "means predict yields forever. This is probably a mistake.")  # fmt: skip


def chosen(predictions, keys):
    """The predictions of these names, all for none. ValueError when there are none of them."""
    if not keys:
        return predictions
    if not isinstance(predictions, dict):
        raise ValueError("predict_keys argument is not valid in case of non-dict predictions.")
    found = {key: value for key, value in predictions.items() if key in keys}
    if not found:
        raise ValueError(f"Expected to run at least one output from {predictions.keys()}, provided "
                         f"{keys}.")  # fmt: skip
    return found


def examples(found):
    """What was predicted, for each example of a batch."""
    if not isinstance(found, dict):
        yield from found
        return
    length = None
    for key, value in found.items():
        length = length or value.shape[0]
        if value.shape[0] != length:
            raise ValueError(f"Batch length of predictions should be same. {key} has different "
                             "batch length than others.")  # fmt: skip
    for index in range(length or 0):
        yield {key: value[index] for key, value in found.items()}


# -- warm starts ----------------------------------------------------------------------------------

_FIELDS = ("ckpt_to_initialize_from", "vars_to_warm_start", "var_name_to_vocab_info",
           "var_name_to_prev_var_name")  # fmt: skip


class WarmStartSettings(namedtuple("WarmStartSettings", _FIELDS)):
    """What `tf.train.warm_start` is called with. ValueError without a checkpoint."""

    __slots__ = ()

    def __new__(cls, ckpt_to_initialize_from, vars_to_warm_start=".*", var_name_to_vocab_info=None,
                var_name_to_prev_var_name=None):
        if not ckpt_to_initialize_from:
            raise ValueError("`ckpt_to_initialize_from` MUST be set in WarmStartSettings")
        return super().__new__(cls, ckpt_to_initialize_from, vars_to_warm_start,
                               var_name_to_vocab_info or {},
                               var_name_to_prev_var_name or {})  # fmt: skip


def warm_start_settings(given):
    """WarmStartSettings of a path, of a checkpoint or a SavedModel, or None."""
    if given is None or isinstance(given, WarmStartSettings):
        return given
    if not isinstance(given, (str, bytes)):
        raise ValueError("warm_start_from must be a string or a WarmStartSettings, instead got "
                         f"{type(given)}")  # fmt: skip
    variables = os.path.join(path_text(given), "variables", "variables")
    if os.path.exists(f"{variables}.index"):
        logging.info("Warm-starting from a SavedModel")
        return WarmStartSettings(variables)
    return WarmStartSettings(given)
