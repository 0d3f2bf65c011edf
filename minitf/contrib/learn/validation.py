"""`tf.contrib.learn.monitors.ValidationMonitor`, which evaluates and may stop, and `GraphDump`."""
import copy
import time

import numpy as np

from minitf import logging
from minitf.contrib.learn.monitors import BaseMonitor, EveryN
from minitf.core.graph import get_default_graph
from minitf.estimator import Estimator as CoreEstimator
from minitf.train.checkpoint_management import latest_checkpoint


class ValidationMonitor(EveryN):
    """Evaluates every `every_n_steps` steps, if there is a new checkpoint and `check_interval_secs`
    have passed; stops when `early_stopping_metric` has not become better for
    `early_stopping_rounds` steps.

    `x`, `y` are arrays, or `input_fn` gives what to evaluate: ValueError for neither, or for arrays
    and `metrics` with an estimator of tf.estimator.
    """

    def __init__(self, x=None, y=None, input_fn=None, batch_size=None, eval_steps=None,
                 every_n_steps=100, metrics=None, hooks=None, early_stopping_rounds=None,
                 early_stopping_metric="loss", early_stopping_metric_minimize=True, name=None,
                 check_interval_secs=5):
        super().__init__(every_n_steps=every_n_steps, first_n_steps=-1)
        if x is None and input_fn is None:
            raise ValueError("Either x or input_fn should be provided.")
        self.x, self.y, self.input_fn, self.batch_size = x, y, input_fn, batch_size
        self.eval_steps, self.metrics, self.hooks, self.name = eval_steps, metrics, hooks, name
        self.early_stopping_rounds = early_stopping_rounds
        self.early_stopping_metric = early_stopping_metric
        self.early_stopping_metric_minimize = early_stopping_metric_minimize
        self._best_value_step = self._best_value = self._best_metrics = None
        self._early_stopped = False
        self._latest_path = self._checked = None
        self._check_interval_secs = check_interval_secs

    early_stopped = property(lambda self: self._early_stopped, doc="Whether it has stopped.")
    best_step = property(lambda self: self._best_value_step, doc="The step of the best value.")
    best_value = property(lambda self: self._best_value, doc="The best value of the metric.")
    best_metrics = property(lambda self: self._best_metrics, doc="All metrics of that step.")

    def every_n_step_end(self, step, outputs):
        """See `EveryN`."""
        if self._estimator is None:
            raise ValueError("Missing call to set_estimator.")
        if not self._is_due(step):
            return False
        found = self._evaluate_estimator()
        logging.info("Validation (step %d): %s", step,
                     ", ".join(f"{name} = {value}" for name, value in found.items()))
        return self.early_stopping_rounds is not None and self._is_over(step, found)

    def _is_due(self, step):
        """Whether there is a new checkpoint, not looked for too often."""
        now, interval = time.time(), self._check_interval_secs
        if None not in (interval, self._checked) and now - self._checked <= interval:
            return False
        self._checked = now
        path = latest_checkpoint(self._estimator.model_dir)
        if path is None or path == self._latest_path:
            logging.debug("Skipping evaluation at step %d: there is no new checkpoint.", step)
            return False
        self._latest_path = path
        return True

    def _evaluate_estimator(self):
        common = {"input_fn": self.input_fn, "steps": self.eval_steps, "hooks": self.hooks,
                  "name": self.name}  # fmt: skip
        arrays = {"x": self.x, "y": self.y, "batch_size": self.batch_size, "metrics": self.metrics}
        if not isinstance(self._estimator, CoreEstimator):
            return self._estimator.evaluate(**common, **arrays)
        if any(each is not None for each in arrays.values()):
            raise ValueError(
                "tf.estimator.Estimator does not support following arguments: x, y, batch_size, "
                "metrics. Should set as `None` in ValidationMonitor"
            )
        return self._estimator.evaluate(**common)

    def _is_over(self, step, found):
        metric = self.early_stopping_metric
        if metric not in found:
            raise ValueError(f"Metric {metric} missing from outputs {set(found)}.")
        value, best = found[metric], self._best_value
        less = self.early_stopping_metric_minimize
        if best is None or (value < best if less else value > best):
            self._best_value, self._best_value_step = value, step
            self._best_metrics = copy.deepcopy(found)
        if step - self._best_value_step < self.early_stopping_rounds:
            return False
        logging.info("Stopping. Best step: %s with %s = %s.", self._best_value_step, metric,
                     self._best_value)  # fmt: skip
        self._early_stopped = True
        return True


class GraphDump(BaseMonitor):
    """Keeps the values of all tensors, except of ops of the types `ignore_ops`: `data` has them by
    their steps."""

    IGNORE_OPS = ("Const", "Assign", "Identity", "Placeholder", "RandomUniform", "Cast",
                  "RestoreSlice")  # fmt: skip

    def __init__(self, ignore_ops=None):
        super().__init__()
        self._ignore_ops, self._data, self._tensors = ignore_ops or self.IGNORE_OPS, {}, []

    data = property(lambda self: self._data)

    def begin(self, max_steps=None):
        """See `BaseMonitor`."""
        super().begin(max_steps=max_steps)
        ops = [op for op in get_default_graph().get_operations() if op.type not in self._ignore_ops]
        for op in ops:
            logging.info("op=%s name=%s.", op.type, op.name)
        self._tensors = [op.outputs[0] for op in ops if op.outputs]

    def step_begin(self, step):
        """See `BaseMonitor`."""
        super().step_begin(step)
        return self._tensors

    def step_end(self, step, output):
        """See `BaseMonitor`."""
        super().step_end(step, output)
        self._data[step] = output

    def compare(self, other_dump, step, atol=1e-06):
        """(names of tensors that are alike, {name: difference} of the others) in a step."""
        matched, different = [], {}
        mine, other = self.data.get(step, {}), other_dump.data.get(step, {})
        for key, value in mine.items():
            if not isinstance(key, str):
                continue
            if key not in other:
                raise ValueError(f"{key} missing at step {step}.")
            if isinstance(value, (str, bytes)):
                continue
            if np.allclose(value, other[key], atol=atol):
                matched.append(key)
            elif isinstance(value, np.ndarray):
                different[key] = value - other[key]
            else:
                different[key] = value, other[key]
        return matched, different
