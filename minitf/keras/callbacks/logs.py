"""Callbacks that keep, or show, what a training has come to."""
import csv
import os

import numpy as np

import minitf as tf
from minitf.keras.callbacks.base import Callback
from minitf.keras.utils.progbar import Progbar


class BaseLogger(Callback):
    """Puts the means over an epoch into its logs; of stateful metrics the last values."""

    def __init__(self, stateful_metrics=None):
        super().__init__()
        self.stateful_metrics = set(stateful_metrics or [])

    def on_epoch_begin(self, epoch, logs=None):
        self.seen, self.totals = 0, {}

    def on_batch_end(self, batch, logs=None):
        logs = logs or {}
        size = logs.get("size", 0)
        self.seen += size * logs.get("num_steps", 1)
        totals, stateful = self.totals, self.stateful_metrics
        for name, value in logs.items():
            if name in stateful:
                totals[name] = value
            else:
                value = float(value) if np.ndim(value) == 0 else value
                totals[name] = totals.get(name, 0.0) + value * size

    def on_epoch_end(self, epoch, logs=None):
        for name in self.params["metrics"] if logs is not None else ():
            if name in self.totals:
                total = self.totals[name]
                logs[name] = total if name in self.stateful_metrics else total / self.seen


class TerminateOnNaN(Callback):
    """Stops training at a loss that is no number, or infinite."""

    def on_batch_end(self, batch, logs=None):
        loss = (logs or {}).get("loss")
        if loss is not None and not np.isfinite(loss):
            print(f"Batch {batch}: Invalid loss, terminating training")
            self.model.stop_training = True


class ProgbarLogger(Callback):
    """Prints a progress bar for each epoch, of "samples" or "steps". ValueError for others."""

    def __init__(self, count_mode="samples", stateful_metrics=None):
        super().__init__()
        if count_mode not in ("samples", "steps"):
            raise ValueError(f"Unknown `count_mode`: {count_mode}")
        self.use_steps = count_mode == "steps"
        self.stateful_metrics = set(stateful_metrics or [])
        self.log_values = []

    def on_train_begin(self, logs=None):
        self.verbose, self.epochs = self.params["verbose"], self.params["epochs"]

    def on_epoch_begin(self, epoch, logs=None):
        self.seen = 0
        self.target = self.params["steps" if self.use_steps else "samples"]
        if self.verbose and self.epochs > 1:
            print(f"Epoch {epoch + 1}/{self.epochs}")
        self.progbar = Progbar(
            target=self.target, verbose=self.verbose, stateful_metrics=self.stateful_metrics,
            unit_name="step" if self.use_steps else "sample",
        )  # fmt: skip

    def on_batch_begin(self, batch, logs=None):
        self.log_values = []

    def on_batch_end(self, batch, logs=None):
        logs = logs or {}
        steps = logs.get("num_steps", 1)
        self.seen += steps if self.use_steps else logs.get("size", 0) * steps
        if not self.verbose:
            return
        self._take(logs)
        if self.target is None or self.seen < self.target:
            self.progbar.update(self.seen, self.log_values)

    def on_epoch_end(self, epoch, logs=None):
        self._take(logs or {})
        if self.verbose:
            self.progbar.update(self.seen, self.log_values)

    def _take(self, logs):
        self.log_values += [(name, logs[name]) for name in self.params["metrics"] if name in logs]


class History(Callback):
    """Keeps the logs of epochs: `history` {name: values}, `epoch` their numbers."""

    def on_train_begin(self, logs=None):
        self.epoch, self.history = [], {}

    def on_epoch_end(self, epoch, logs=None):
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)


class CSVLogger(Callback):
    """Writes the logs of epochs to a file, separated by `separator`; `append` keeps what is there.
    """

    def __init__(self, filename, separator=",", append=False):
        super().__init__()
        self.filename, self.sep, self.append = filename, separator, append
        self.writer = self.keys = None
        self.append_header = True

    def on_train_begin(self, logs=None):
        if self.append and os.path.exists(self.filename):
            with open(self.filename, encoding="utf-8") as file:
                self.append_header = not file.readline()
        mode = "a" if self.append else "w"
        self.csv_file = open(self.filename, mode, newline="\n", encoding="utf-8")  # noqa: SIM115

    def on_epoch_end(self, epoch, logs=None):
        logs = logs or {}
        if self.keys is None:
            self.keys = sorted(logs)
        if self.model.stop_training:
            logs = {name: logs.get(name, "NA") for name in self.keys}
        if not self.writer:
            self._open()
        row = {"epoch": epoch} | {name: _cell(logs[name]) for name in self.keys}
        self.writer.writerow(row)
        self.csv_file.flush()

    def _open(self):
        dialect = type("Dialect", (csv.excel,), {"delimiter": self.sep})
        self.writer = csv.DictWriter(self.csv_file, ["epoch", *self.keys], dialect=dialect)
        if self.append_header:
            self.writer.writeheader()

    def on_train_end(self, logs=None):
        self.csv_file.close()
        self.writer = None


def _cell(value):
    several = not isinstance(value, str) and np.ndim(value)
    return f'"[{", ".join(map(str, value))}]"' if several else value


class LambdaCallback(Callback):
    """Functions to be called; also further ones, such as `on_test_begin`, by keyword."""

    def __init__(
        self, on_epoch_begin=None, on_epoch_end=None, on_batch_begin=None, on_batch_end=None,
        on_train_begin=None, on_train_end=None, **kwargs,
    ):  # fmt: skip
        super().__init__()
        given = {
            "on_epoch_begin": on_epoch_begin, "on_epoch_end": on_epoch_end,
            "on_batch_begin": on_batch_begin, "on_batch_end": on_batch_end,
            "on_train_begin": on_train_begin, "on_train_end": on_train_end,
        }  # fmt: skip
        found = {name: function for name, function in given.items() if function is not None}
        vars(self).update(kwargs | found)
        for name in ("on_batch_begin", "on_batch_end"):
            if name in found:  # TensorFlow passes logs by name; functions may call them otherwise
                setattr(self, name, _positional(found[name]))


def _positional(function):
    return lambda number, logs=None: function(number, logs)


class RemoteMonitor(Callback):
    """Sends the logs of epochs to a server, as JSON. ImportError without the package requests."""

    def __init__(
        self, root="http://localhost:9000", path="/publish/epoch/end/", field="data", headers=None,
        send_as_json=False,
    ):  # fmt: skip
        super().__init__()
        self.root, self.path, self.field = root, path, field
        self.headers, self.send_as_json = headers, send_as_json

    def on_epoch_end(self, epoch, logs=None):
        try:
            import requests
        except ImportError:
            raise ImportError("RemoteMonitor requires the `requests` library.") from None
        import json

        send = {"epoch": epoch} | {name: float(value) for name, value in (logs or {}).items()}
        body = {"json": send} if self.send_as_json else {"data": {self.field: json.dumps(send)}}
        try:
            requests.post(self.root + self.path, headers=self.headers, **body)
        except requests.exceptions.RequestException:
            tf.logging.warning("Could not reach RemoteMonitor root server at %s", self.root)
