"""Callbacks that change, stop or save a training."""
import os
import re

import numpy as np

import minitf as tf
from minitf.keras import backend as K
from minitf.keras.callbacks.base import Callback


def _mode(mode, name, monitor, largest=("acc",)):
    """"min" or "max": whether less is better. Warns of another word than these and "auto"."""
    if mode not in ("auto", "min", "max"):
        tf.logging.warning("%s mode %s is unknown, fallback to auto mode.", name, mode)
        mode = "auto"
    if mode != "auto":
        return mode
    return "max" if any(word in monitor for word in largest) else "min"


def _missing(what, monitor, logs):
    tf.logging.warning(
        "%s conditioned on metric `%s` which is not available. Available metrics are: %s",
        what, monitor, ",".join(logs),
    )  # fmt: skip


class ModelCheckpoint(Callback):
    """Saves the model, or its weights alone, to `filepath`, after each epoch.

    The path may name values, as "weights.{epoch:02d}-{val_loss:.2f}.h5". `save_best_only` saves
    when `monitor` is better than ever before; `save_freq` is "epoch" or a number of samples, and
    `period` (by keyword) a number of epochs. ValueError for another `save_freq`.
    """

    def __init__(
        self, filepath, monitor="val_loss", verbose=0, save_best_only=False,
        save_weights_only=False, mode="auto", save_freq="epoch", **kwargs,
    ):  # fmt: skip
        super().__init__()
        self.filepath, self.monitor, self.verbose = filepath, monitor, verbose
        self.save_best_only, self.save_weights_only = save_best_only, save_weights_only
        self.save_freq, self.period = save_freq, kwargs.get("period", 1)
        self.load_weights_on_restart = kwargs.get("load_weights_on_restart", False)
        self.epochs_since_last_save = self._samples_seen = 0
        if _mode(mode, "ModelCheckpoint", monitor, ("acc", "fmeasure")) == "max":
            self.monitor_op, self.best = np.greater, -np.inf
        else:
            self.monitor_op, self.best = np.less, np.inf
        if save_freq != "epoch" and not isinstance(save_freq, int):
            raise ValueError(f"Unrecognized save_freq: {save_freq}")

    def set_model(self, model):
        self.model = model
        if not model._is_graph_network and type(model).__name__ != "Sequential":
            self.save_weights_only = True

    def on_train_begin(self, logs=None):
        if self.load_weights_on_restart:
            latest = self._latest()
            if latest is not None:
                self.model.load_weights(latest)

    def _latest(self):
        """The newest checkpoint, or file, that the path may have named."""
        folder, name = os.path.split(self.filepath)
        pattern = "^" + re.sub("{.*}", ".*", name) + "$"
        folder = folder or "."
        newest = tf.train.latest_checkpoint(folder)
        if newest is not None and re.match(pattern, os.path.basename(newest)):
            return newest
        names = os.listdir(folder) if os.path.isdir(folder) else []
        paths = [os.path.join(folder, each) for each in names if re.match(pattern, each)]
        return max(paths, key=lambda path: (os.path.getmtime(path), path), default=None)

    def on_batch_end(self, batch, logs=None):
        if isinstance(self.save_freq, int):
            self._samples_seen += (logs or {}).get("size", 1)
            if self._samples_seen >= self.save_freq:
                self._save(self._current_epoch, logs or {})
                self._samples_seen = 0

    def on_epoch_begin(self, epoch, logs=None):
        self._current_epoch = epoch

    def on_epoch_end(self, epoch, logs=None):
        self.epochs_since_last_save += 1
        if self.save_freq == "epoch" and self.epochs_since_last_save >= self.period:
            self._save(epoch, logs or {})

    def _save(self, epoch, logs):
        self.epochs_since_last_save = 0
        path, name = self.filepath.format(epoch=epoch + 1, **logs), f"\nEpoch {epoch + 1:05d}"
        if self.save_best_only:
            current = logs.get(self.monitor)
            if current is None:
                tf.logging.warning(
                    "Can save best model only with %s available, skipping.", self.monitor
                )
                return
            if not self.monitor_op(current, self.best):
                self._say(f"{name}: {self.monitor} did not improve from {self.best:0.5f}")
                return
            self._say(f"{name}: {self.monitor} improved from {self.best:0.5f} to {current:0.5f}, "
                      f"saving model to {path}")  # fmt: skip
            self.best = current
        else:
            self._say(f"{name}: saving model to {path}")
        save = self.model.save_weights if self.save_weights_only else self.model.save
        save(path, overwrite=True)

    def _say(self, text):
        if self.verbose > 0:
            print(text)


class EarlyStopping(Callback):
    """Stops training when `monitor` has not got better by `min_delta` for `patience` epochs.

    `baseline` is what it must be better than at first; `restore_best_weights` goes back to the
    best epoch.
    """

    def __init__(
        self, monitor="val_loss", min_delta=0, patience=0, verbose=0, mode="auto", baseline=None,
        restore_best_weights=False,
    ):  # fmt: skip
        super().__init__()
        self.monitor, self.patience, self.verbose = monitor, patience, verbose
        self.baseline, self.restore_best_weights = baseline, restore_best_weights
        self.wait = self.stopped_epoch = 0
        self.best_weights = None
        largest = _mode(mode, "EarlyStopping", monitor) == "max"
        self.monitor_op = np.greater if largest else np.less
        self.min_delta = abs(min_delta) if largest else -abs(min_delta)

    def on_train_begin(self, logs=None):
        self.wait = self.stopped_epoch = 0
        worst = np.inf if self.monitor_op is np.less else -np.inf
        self.best = worst if self.baseline is None else self.baseline

    def on_epoch_end(self, epoch, logs=None):
        current = self.get_monitor_value(logs)
        if current is None:
            return
        if self.monitor_op(current - self.min_delta, self.best):
            self.best, self.wait = current, 0
            if self.restore_best_weights:
                self.best_weights = self.model.get_weights()
            return
        self.wait += 1
        if self.wait >= self.patience:
            self.stopped_epoch, self.model.stop_training = epoch, True
            if self.restore_best_weights:
                if self.verbose > 0:
                    print("Restoring model weights from the end of the best epoch.")
                self.model.set_weights(self.best_weights)

    def on_train_end(self, logs=None):
        if self.stopped_epoch > 0 and self.verbose > 0:
            print(f"Epoch {self.stopped_epoch + 1:05d}: early stopping")

    def get_monitor_value(self, logs):
        """What is monitored; warns where it is not there."""
        value = (logs or {}).get(self.monitor)
        if value is None:
            _missing("Early stopping", self.monitor, logs or {})
        return value


class LearningRateScheduler(Callback):
    """Sets the learning rate at the beginning of epochs to schedule(epoch, rate), or
    schedule(epoch). ValueError for an optimizer without one, or a schedule of no float."""

    def __init__(self, schedule, verbose=0):
        super().__init__()
        self.schedule, self.verbose = schedule, verbose

    def on_epoch_begin(self, epoch, logs=None):
        if not hasattr(self.model.optimizer, "lr"):
            raise ValueError('Optimizer must have a "lr" attribute.')
        try:
            rate = self.schedule(epoch, float(K.get_value(self.model.optimizer.lr)))
        except TypeError:
            rate = self.schedule(epoch)
        if not isinstance(rate, (float, np.float32, np.float64)):
            raise ValueError('The output of the "schedule" function should be float.')
        K.set_value(self.model.optimizer.lr, rate)
        if self.verbose > 0:
            print(f"\nEpoch {epoch + 1:05d}: LearningRateScheduler reducing learning rate to "
                  f"{rate}.")  # fmt: skip

    def on_epoch_end(self, epoch, logs=None):
        if logs is not None:
            logs["lr"] = K.get_value(self.model.optimizer.lr)


class ReduceLROnPlateau(Callback):
    """Multiplies the learning rate by `factor` when `monitor` has not got better for `patience`
    epochs, and then waits `cooldown` epochs. ValueError for a factor of 1 or more."""

    def __init__(
        self, monitor="val_loss", factor=0.1, patience=10, verbose=0, mode="auto",
        min_delta=0.0001, cooldown=0, min_lr=0, **kwargs,
    ):  # fmt: skip
        super().__init__()
        if factor >= 1.0:
            raise ValueError("ReduceLROnPlateau does not support a factor >= 1.0.")
        self.min_delta = kwargs.pop("epsilon", min_delta)
        self.monitor, self.factor, self.patience = monitor, factor, patience
        self.verbose, self.cooldown, self.min_lr = verbose, cooldown, min_lr
        self.mode = mode
        self._reset()

    def _reset(self):
        self._largest = _mode(self.mode, "Learning Rate Plateau Reducing", self.monitor) == "max"
        self.best = -np.inf if self._largest else np.inf
        self.cooldown_counter = self.wait = 0

    def on_train_begin(self, logs=None):
        self._reset()

    def monitor_op(self, current, best):
        """Whether `current` is better than `best` by enough."""
        delta = self.min_delta
        return current > best + delta if self._largest else current < best - delta

    def in_cooldown(self):
        """Whether it still waits after the last change."""
        return self.cooldown_counter > 0

    def on_epoch_end(self, epoch, logs=None):
        logs = {} if logs is None else logs
        logs["lr"] = K.get_value(self.model.optimizer.lr)
        current = logs.get(self.monitor)
        if current is None:
            _missing("Reduce LR on plateau", self.monitor, logs)
            return
        if self.in_cooldown():
            self.cooldown_counter -= 1
            self.wait = 0
        if self.monitor_op(current, self.best):
            self.best, self.wait = current, 0
        elif not self.in_cooldown():
            self.wait += 1
            if self.wait >= self.patience:
                self._reduce(epoch)

    def _reduce(self, epoch):
        rate = float(K.get_value(self.model.optimizer.lr))
        if rate > self.min_lr:
            new = max(rate * self.factor, self.min_lr)
            K.set_value(self.model.optimizer.lr, new)
            if self.verbose > 0:
                print(f"\nEpoch {epoch + 1:05d}: ReduceLROnPlateau reducing learning rate to "
                      f"{new}.")  # fmt: skip
            self.cooldown_counter, self.wait = self.cooldown, 0
