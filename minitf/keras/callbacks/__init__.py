"""`tf.keras.callbacks`: names, and what `fit` makes of callbacks."""
# ruff: noqa: F401  every import here is a public name
from minitf.keras.callbacks.base import PREDICT, TEST, TRAIN, Callback, CallbackList
from minitf.keras.callbacks.control import (
    EarlyStopping,
    LearningRateScheduler,
    ModelCheckpoint,
    ReduceLROnPlateau,
)
from minitf.keras.callbacks.logs import (
    BaseLogger,
    CSVLogger,
    History,
    LambdaCallback,
    ProgbarLogger,
    RemoteMonitor,
    TerminateOnNaN,
)
from minitf.keras.callbacks.tensorboard import TensorBoard


def configure_callbacks(callbacks, model, mode, **params):
    """The callbacks of a run of `model`, as a list that knows it; BaseLogger before them and
    History after them where it is trained."""
    if isinstance(callbacks, CallbackList):
        return callbacks
    callbacks = list(callbacks or [])
    if mode == TRAIN:
        model._quietly(history=History())
        callbacks = [BaseLogger(), *callbacks, model.history]
    found = CallbackList(callbacks)
    found.set_model(model)
    set_callback_parameters(found, model, mode, **params)
    model.stop_training = False
    return found


def set_callback_parameters(callbacks, model, mode, do_validation=False, **params):
    """Tell callbacks of epochs, steps and the names of metrics."""
    names = model.metrics_names
    for callback in callbacks:
        if isinstance(callback, (BaseLogger, ProgbarLogger)):
            callback.stateful_metrics = set(names[1:])
    metrics = [] if mode == PREDICT else list(names)
    if metrics and do_validation:
        metrics += [f"val_{name}" for name in names]
    callbacks.set_params(params | {"do_validation": do_validation, "metrics": metrics})


def make_logs(model, logs, outputs, mode, prefix=""):
    """Add the outputs of a batch or epoch to its logs."""
    if mode == PREDICT:
        logs["outputs"] = outputs
    else:
        for name, output in zip(model.metrics_names, outputs):
            logs[prefix + name] = output
    return logs
