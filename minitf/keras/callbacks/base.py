"""Callback: what is called while a model is trained, tested, or predicts; and lists of them."""
import collections
import time

import numpy as np

import minitf as tf
from minitf.keras import backend as K

TRAIN, TEST, PREDICT = "train", "test", "predict"


class Callback:
    """The base of callbacks: `self.model` is the model, `self.params` says epochs and the like.

    `logs` is a dictionary: of a batch its "size", "loss" and metrics, of an epoch the means, and
    "val_loss" and so on.
    """

    def __init__(self):
        self.validation_data = self.model = None

    def set_params(self, params):
        self.params = params

    def set_model(self, model):
        self.model = model

    def on_batch_begin(self, batch, logs=None):
        """Called before a batch of training."""

    def on_batch_end(self, batch, logs=None):
        """Called after a batch of training."""

    def on_epoch_begin(self, epoch, logs=None):
        """Called before an epoch."""

    def on_epoch_end(self, epoch, logs=None):
        """Called after an epoch."""

    def on_train_batch_begin(self, batch, logs=None):
        """Called before a batch of training: `on_batch_begin`."""
        self.on_batch_begin(batch, logs=logs)

    def on_train_batch_end(self, batch, logs=None):
        """Called after a batch of training: `on_batch_end`."""
        self.on_batch_end(batch, logs=logs)

    def on_test_batch_begin(self, batch, logs=None):
        """Called before a batch of `evaluate`, or of validation."""

    def on_test_batch_end(self, batch, logs=None):
        """Called after a batch of `evaluate`, or of validation."""

    def on_predict_batch_begin(self, batch, logs=None):
        """Called before a batch of `predict`."""

    def on_predict_batch_end(self, batch, logs=None):
        """Called after a batch of `predict`."""

    def on_train_begin(self, logs=None):
        """Called before training."""

    def on_train_end(self, logs=None):
        """Called after training."""

    def on_test_begin(self, logs=None):
        """Called before `evaluate`, or validation."""

    def on_test_end(self, logs=None):
        """Called after `evaluate`, or validation."""

    def on_predict_begin(self, logs=None):
        """Called before `predict`."""

    def on_predict_end(self, logs=None):
        """Called after `predict`."""


class CallbackList:
    """Callbacks, called one after the other."""

    def __init__(self, callbacks=None, queue_length=10):
        self.callbacks = list(callbacks or [])
        self.queue_length, self.params, self.model = queue_length, {}, None
        self._reset_timing()

    def _reset_timing(self):
        self._batch_time = 0.0
        self._times = collections.defaultdict(
            lambda: collections.deque(maxlen=self.queue_length)
        )
        self._hooks = {}

    def __iter__(self):
        return iter(self.callbacks)

    def append(self, callback):
        """Add one."""
        self.callbacks.append(callback)
        self._hooks = {}

    def set_params(self, params):
        self.params = params
        for callback in self.callbacks:
            callback.set_params(params)

    def set_model(self, model):
        self.model = model
        for callback in self.callbacks:
            callback.set_model(model)

    def batch(self, mode, hook, number, logs):
        """Call `on_<mode>_batch_<hook>`; warns of callbacks that take longer than batches."""
        if not self.callbacks:
            return
        name = f"on_{mode}_batch_{hook}"
        if hook == "begin":
            self._entered = time.time()
        else:
            self._batch_time = time.time() - self._entered
        methods = self._overridden(name)
        if methods:
            before = time.time()
            with K.outside_graph():
                for method in methods:
                    method(number, logs)
            self._note_time(name, time.time() - before)

    def _overridden(self, name):
        """The methods of this name that do something."""
        if name not in self._hooks:
            self._hooks[name] = [
                getattr(callback, name) for callback in self.callbacks
                if not _does_nothing(callback, name)
            ]  # fmt: skip
        return self._hooks[name]

    def _note_time(self, name, taken):
        times = self._times[name]
        times.append(taken)
        if taken > 0.1 and self._batch_time > 0.0:
            median = np.median(times)
            if median > 0.95 * self._batch_time and median > 0.1:
                tf.logging.warning(
                    "Method (%s) is slow compared to the batch update (%f). Check your callbacks.",
                    name, median,
                )  # fmt: skip

    def on_epoch_begin(self, epoch, logs=None):
        self._call("on_epoch_begin", epoch, {} if logs is None else logs)
        self._reset_timing()

    def on_epoch_end(self, epoch, logs=None):
        self._call("on_epoch_end", epoch, {} if logs is None else logs)

    def begin(self, mode):
        """Call `on_<mode>_begin`."""
        self._call(f"on_{mode}_begin", None)

    def end(self, mode):
        """Call `on_<mode>_end`."""
        self._call(f"on_{mode}_end", None)

    def _call(self, name, *args):
        with K.outside_graph():
            for callback in self.callbacks:
                getattr(callback, name)(*args)

    def on_batch_begin(self, batch, logs=None):
        self.batch(TRAIN, "begin", batch, logs or {})

    def on_batch_end(self, batch, logs=None):
        self.batch(TRAIN, "end", batch, logs or {})

    def on_train_begin(self, logs=None):
        self._call("on_train_begin", logs)

    def on_train_end(self, logs=None):
        self._call("on_train_end", logs)


def _does_nothing(callback, name):
    """Whether a method of a batch is the one of the base, which calls one that does nothing."""
    kind, older = type(callback), name.replace("_train_batch", "_batch")
    return all(
        getattr(kind, method, None) is getattr(Callback, method) and method not in vars(callback)
        for method in {name, older}
    )
