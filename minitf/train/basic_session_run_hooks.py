"""Hooks that stop, log and feed: `tf.train.StopAtStepHook`, `tf.train.LoggingTensorHook`, ..."""
import time

import numpy as np

from minitf import logging
from minitf.core import errors
from minitf.core.graph import get_default_graph
from minitf.train.hook_timer import NeverTriggerTimer, SecondOrStepTimer, read_step_for
from minitf.train.session_run_hook import SessionRunArgs, SessionRunHook


class LoggingTensorHook(SessionRunHook):
    """Logs the values of `tensors`, a list of them or of names, or a dict by what they are called.

    It does so every `every_n_iter` runs or `every_n_secs` seconds, and at the end if `at_end`.
    `formatter` makes the text of the values, a dict. ValueError unless one of these says when.
    """

    def __init__(self, tensors, every_n_iter=None, every_n_secs=None, at_end=False,
                 formatter=None):
        only_at_end = at_end and every_n_iter is None and every_n_secs is None
        if not only_at_end and (every_n_iter is None) == (every_n_secs is None):
            raise ValueError("either at_end and/or exactly one of every_n_iter and every_n_secs "
                             "must be provided.")  # fmt: skip
        if every_n_iter is not None and every_n_iter <= 0:
            raise ValueError(f"invalid every_n_iter={every_n_iter}.")
        named = isinstance(tensors, dict)
        self._order = sorted(tensors) if named else list(tensors)
        self._tensors = tensors if named else {item: item for item in tensors}
        self._formatter, self._log_at_end = formatter, at_end
        self._timer = SecondOrStepTimer(every_n_secs, every_n_iter)if not only_at_end else (
            NeverTriggerTimer())  # fmt: skip

    def begin(self):
        """Find the tensors."""
        self._timer.reset()
        self._iter_count = 0
        self._current = {tag: _element(item) for tag, item in self._tensors.items()}

    def before_run(self, run_context):
        """Ask for the values when it is time."""
        self._due = self._timer.should_trigger_for_step(self._iter_count)
        return SessionRunArgs(self._current) if self._due else None

    def after_run(self, run_context, run_values):
        """Log them."""
        if self._due:
            self._log(run_values.results)
        self._iter_count += 1

    def end(self, session):
        """Log the last ones."""
        if self._log_at_end:
            self._log(session.run(self._current))

    def _log(self, values):
        seconds, _ = self._timer.update_last_triggered_step(self._iter_count)
        if self._formatter is not None:
            logging.info(self._formatter(values))
            return
        with np.printoptions(suppress=True):
            text = ", ".join(f"{tag} = {values[tag]!s}" for tag in self._order)
        logging.info("%s", text if seconds is None else f"{text} ({seconds:.3f} sec)")


def _element(item):
    """The tensor or operation that a hook was given, or the tensor of this name."""
    graph = get_default_graph()
    if not isinstance(item, str):
        if getattr(item, "graph", None) is not graph:
            raise ValueError(f"Passed {item} should have graph attribute that is equal to current "
                             f"graph {graph}.")  # fmt: skip
        return item
    if ":" in item:
        return graph.as_graph_element(item)
    element = graph.as_graph_element(f"{item}:0")
    if len(element.op.outputs) > 1:
        raise ValueError(f"Name {item} is ambiguous, as this `Operation` has multiple outputs (at "
                         "least 2).")  # fmt: skip
    return element


class StopAtStepHook(SessionRunHook):
    """Stops after `num_steps` steps, or at the step `last_step`. ValueError unless one is given."""

    def __init__(self, num_steps=None, last_step=None):
        if num_steps is None and last_step is None:
            raise ValueError("One of num_steps or last_step must be specified.")
        if num_steps is not None and last_step is not None:
            raise ValueError("Only one of num_steps or last_step can be specified.")
        self._num_steps, self._last_step = num_steps, last_step

    def begin(self):
        """RuntimeError without a global step."""
        self._step = read_step_for(self)

    def after_create_session(self, session, coord):
        """Find out where the steps begin."""
        if self._last_step is None:
            self._last_step = session.run(self._step) + self._num_steps

    def before_run(self, run_context):
        """Ask for the step."""
        return SessionRunArgs(self._step)

    def after_run(self, run_context, run_values):
        """Ask to stop when it is the last one: it is looked at again, since not all runs are steps.
        """
        if run_values.results + 1 >= self._last_step and (
            run_context.session.run(self._step) >= self._last_step
        ):
            run_context.request_stop()


class NanLossDuringTrainingError(RuntimeError):
    """A loss was not a number."""

    def __str__(self):
        return "NaN loss during training."


class NanTensorHook(SessionRunHook):
    """Stops when a tensor is not a number: with NanLossDuringTrainingError if
    `fail_on_nan_loss`."""

    def __init__(self, loss_tensor, fail_on_nan_loss=True):
        self._loss_tensor, self._fail_on_nan_loss = loss_tensor, fail_on_nan_loss

    def before_run(self, run_context):
        """Ask for the tensor."""
        return SessionRunArgs(self._loss_tensor)

    def after_run(self, run_context, run_values):
        """Look at it."""
        if not np.isnan(run_values.results):
            return
        message = "Model diverged with loss = NaN."
        if self._fail_on_nan_loss:
            logging.error(message)
            raise NanLossDuringTrainingError
        logging.warning(message)
        run_context.request_stop()


class GlobalStepWaiterHook(SessionRunHook):
    """Waits, before the first run, until the global step is `wait_until_step`."""

    SECONDS = 0.5  # between looks

    def __init__(self, wait_until_step):
        self._wait_until_step = wait_until_step

    def begin(self):
        """RuntimeError without a global step."""
        self._started = self._wait_until_step <= 0
        self._step = read_step_for(self)

    def before_run(self, run_context):
        """Wait."""
        if self._started:
            return
        logging.info("Waiting for global step %d before starting training.", self._wait_until_step)
        logged = 0
        while (step := run_context.session.run(self._step)) < self._wait_until_step:
            if step - logged > 1000:
                logging.info("Waiting for global step %d before starting training. Current step is "
                             "%d.", self._wait_until_step, step)  # fmt: skip
                logged = step
            time.sleep(self.SECONDS)
        self._started = True


class FinalOpsHook(SessionRunHook):
    """Runs `final_ops` at the end; `final_ops_values` are their values then."""

    def __init__(self, final_ops, final_ops_feed_dict=None):
        self._final_ops, self._feed_dict = final_ops, final_ops_feed_dict
        self._values = None

    final_ops_values = property(lambda self: self._values, doc="The values, once it is the end.")

    def end(self, session):
        """Run them."""
        if self._final_ops is None:
            return
        try:
            self._values = session.run(self._final_ops, feed_dict=self._feed_dict)
        except (errors.OutOfRangeError, StopIteration):
            logging.warning("The operations of a FinalOpsHook have a dependency back to some input "
                            "source, which is at its end: let them depend on variables only.")
            raise


class FeedFnHook(SessionRunHook):
    """Feeds what `feed_fn()` returns, a feed_dict, in each run."""

    def __init__(self, feed_fn):
        self.feed_fn = feed_fn

    def before_run(self, run_context):
        """Feed it."""
        return SessionRunArgs(fetches=None, feed_dict=self.feed_fn())
