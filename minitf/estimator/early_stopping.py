"""Hooks that stop the training by what evaluations found: `stop_if_no_decrease_hook`, ..."""
import operator
import os

from minitf import gfile, logging
from minitf.core.dtypes import bool_
from minitf.core.graph_keys import GraphKeys
from minitf.estimator.estimator import Estimator
from minitf.ops.state.assign import assign
from minitf.ops.state.initializers import Constant
from minitf.ops.state.variable_scope import get_variable, variable_scope
from minitf.ops.state.variable_store import AUTO_REUSE
from minitf.train.basic_session_run_hooks import StopAtStepHook
from minitf.train.global_step import get_global_step
from minitf.train.hook_timer import SecondOrStepTimer
from minitf.train.session_run_hook import SessionRunArgs, SessionRunHook
from minitf.train.summary_iterator import summary_iterator


class _StopOnPredicateHook(SessionRunHook):
    """Stops when a function says so, which is asked from time to time."""

    def __init__(self, should_stop_fn, run_every_secs, run_every_steps):
        if not callable(should_stop_fn):
            raise TypeError("`should_stop_fn` must be callable.")
        self._should_stop_fn = should_stop_fn
        self._timer = SecondOrStepTimer(every_secs=run_every_secs, every_steps=run_every_steps)

    def begin(self):
        self._step = get_global_step()
        with variable_scope("signal_early_stopping", reuse=AUTO_REUSE):
            stop = get_variable("STOP", shape=[], dtype=bool_, initializer=Constant(False),
                                collections=[GraphKeys.GLOBAL_VARIABLES], trainable=False)
        self._stop_op = assign(stop, True)

    def before_run(self, run_context):
        return SessionRunArgs(self._step)

    def after_run(self, run_context, run_values):
        step = run_values.results
        if not self._timer.should_trigger_for_step(step):
            return
        self._timer.update_last_triggered_step(step)
        if self._should_stop_fn():
            logging.info("Requesting early stopping at global step %d", step)
            run_context.session.run(self._stop_op)
            run_context.request_stop()


def make_early_stopping_hook(estimator, should_stop_fn, run_every_secs=60, run_every_steps=None):
    """A hook that stops the training when `should_stop_fn()` is true.

    TypeError for what is no Estimator, ValueError for seconds and steps.
    """
    if not isinstance(estimator, Estimator):
        raise TypeError("`estimator` must have type `tf.estimator.Estimator`. Got: "
                        f"{type(estimator)}")  # fmt: skip
    if run_every_secs is not None and run_every_steps is not None:
        raise ValueError("Only one of `run_every_secs` and `run_every_steps` must be set.")
    return _StopOnPredicateHook(should_stop_fn, run_every_secs, run_every_steps)


def make_stop_at_checkpoint_step_hook(estimator, last_step, wait_after_file_check_secs=30):
    """A hook that stops at a step."""
    return StopAtStepHook(last_step=last_step)


def stop_if_higher_hook(estimator, metric_name, threshold, eval_dir=None, min_steps=0,
                        run_every_secs=60, run_every_steps=None):
    """Stops once a metric was higher than a threshold, at `min_steps` or later."""
    return _crossed(estimator, metric_name, threshold, operator.gt, "greater than", eval_dir,
                    min_steps, run_every_secs, run_every_steps)  # fmt: skip


def stop_if_lower_hook(estimator, metric_name, threshold, eval_dir=None, min_steps=0,
                       run_every_secs=60, run_every_steps=None):
    """Stops once a metric was lower than a threshold, at `min_steps` or later."""
    return _crossed(estimator, metric_name, threshold, operator.lt, "less than", eval_dir,
                    min_steps, run_every_secs, run_every_steps)  # fmt: skip


def stop_if_no_increase_hook(estimator, metric_name, max_steps_without_increase, eval_dir=None,
                             min_steps=0, run_every_secs=60, run_every_steps=None):
    """Stops once a metric has not grown for so many steps."""
    return _no_better(estimator, metric_name, max_steps_without_increase, operator.gt, "increase",
                      eval_dir, min_steps, run_every_secs, run_every_steps)  # fmt: skip


def stop_if_no_decrease_hook(estimator, metric_name, max_steps_without_decrease, eval_dir=None,
                             min_steps=0, run_every_secs=60, run_every_steps=None):
    """Stops once a metric has not become less for so many steps."""
    return _no_better(estimator, metric_name, max_steps_without_decrease, operator.lt, "decrease",
                      eval_dir, min_steps, run_every_secs, run_every_steps)  # fmt: skip


def _crossed(estimator, name, threshold, better, words, eval_dir, min_steps, seconds, steps):
    def should_stop():
        for step, metrics in _metrics(estimator, eval_dir, min_steps):
            if better(metrics[name], threshold):
                logging.info(
                    'At step %s, metric "%s" has value %s which is %s the configured threshold '
                    "(%s) for early stopping.", step, name, metrics[name], words, threshold,
                )  # fmt: skip
                return True
        return False

    return make_early_stopping_hook(estimator, should_stop, seconds, steps)


def _no_better(estimator, name, most, better, word, eval_dir, min_steps, seconds, steps):
    def should_stop():
        best = best_step = None
        for step, metrics in _metrics(estimator, eval_dir, min_steps):
            if best is None or better(metrics[name], best):
                best, best_step = metrics[name], step
            if step - best_step >= most:
                logging.info(
                    'No %s in metric "%s" for %s steps, which is greater than or equal to max '
                    "steps (%s) configured for early stopping.", word, name, step - best_step, most,
                )  # fmt: skip
                return True
        return False

    return make_early_stopping_hook(estimator, should_stop, seconds, steps)


def _metrics(estimator, eval_dir, min_steps):
    """(step, {name: value}) of evaluations, in the order of steps."""
    found = {}
    folder = eval_dir or estimator.eval_dir()
    for path in gfile.Glob(os.path.join(folder, "events.out.tfevents.*")):
        for event in summary_iterator(path):
            values = {value.tag: value.simple_value for value in event.summary.value
                      if value.HasField("simple_value")}  # fmt: skip
            if values and event.step >= min_steps:
                found.setdefault(event.step, {}).update(values)
    return sorted(found.items())
