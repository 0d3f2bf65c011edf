"""`tf.contrib.learn.monitors`: what looks at a training from step to step, before there were hooks.
"""
import os
import time

import numpy as np

from minitf import logging
from minitf.contrib.learn.monitor_hooks import (  # noqa: F401  names of this module, too
    RunHookAdapterForMonitors,
    replace_monitors_with_hooks,
)
from minitf.core.graph import get_collection
from minitf.core.graph_keys import GraphKeys
from minitf.summary.messages import SessionLog, Summary
from minitf.summary.writer import FileWriter, FileWriterCache
from minitf.train.basic_session_run_hooks import NanLossDuringTrainingError


class BaseMonitor:
    """What all monitors have: called before and after each step, at the beginning and the end.

    ValueError for calls that do not follow one another so.
    """

    run_on_all_workers = False

    def __init__(self):
        self._begun = False
        self._current_epoch = self._current_step = self._max_steps = self._estimator = None

    def set_estimator(self, estimator):
        """Be told which estimator it is. ValueError for None."""
        if estimator is None:
            raise ValueError("Missing estimator.")
        self._estimator = estimator

    def begin(self, max_steps=None):
        """The training begins."""
        if self._begun:
            raise ValueError("begin called twice without end.")
        self._max_steps, self._begun = max_steps, True

    def end(self, session=None):
        """The training is over."""
        if not self._begun:
            raise ValueError("end called without begin.")
        self._max_steps, self._begun = None, False

    def epoch_begin(self, epoch):
        """An epoch begins."""
        if self._current_epoch is not None:
            raise ValueError("epoch_begin called twice without epoch_end.")
        if epoch < 0:
            raise ValueError(f"Invalid epoch {epoch}.")
        self._current_epoch = epoch

    def epoch_end(self, epoch):
        """An epoch is over."""
        if self._current_epoch != epoch:
            raise ValueError(f"epoch_end expected {self._current_epoch} but got {epoch}.")
        self._current_epoch = None

    def step_begin(self, step):
        """A step begins; returns a list of tensors, or their names, to be computed with it."""
        if step < 0 or (self._max_steps is not None and step > self._max_steps):
            raise ValueError(f"Invalid step {step}.")
        self._current_step = step
        return []

    def step_end(self, step, output):
        """A step is over, with {what was asked for: its value}; returns whether to stop."""
        if self._current_step != step:
            raise ValueError(f"step_end expected {self._current_step} but got {step}.")
        self._current_step = None
        return False

    def post_step(self, step, session):
        """All monitors have seen the step: now they may run the session."""


def _extract_output(outputs, request):
    return outputs[request] if request in outputs else outputs[request.name]


class EveryN(BaseMonitor):
    """Looks at the first `first_n_steps`, and then at every `every_n_steps`th step.

    One of one's own has `every_n_step_begin(step)`, `every_n_step_end(step, outputs)` and
    `every_n_post_step(step, session)`; the last one is called for the last step, too.
    """

    def __init__(self, every_n_steps=100, first_n_steps=1):
        super().__init__()
        self._every_n_steps, self._first_n_steps = every_n_steps, first_n_steps
        self._last_successful_step, self._last_active_step = None, 0
        self._every_n_step_begin_called = False

    def every_n_step_begin(self, step):
        """Such a step begins: see `step_begin`."""
        return []

    def every_n_step_end(self, step, outputs):
        """Such a step is over: see `step_end`."""
        return False

    def every_n_post_step(self, step, session):
        """All monitors have seen the step."""

    def step_begin(self, step):
        """Whether it is such a step is settled here."""
        super().step_begin(step)
        due = step >= self._every_n_steps + self._last_active_step
        first = step <= self._first_n_steps
        self._every_n_step_begin_called = first or due or step == self._max_steps
        return self.every_n_step_begin(step) if self._every_n_step_begin_called else []

    def step_end(self, step, output):
        """See `BaseMonitor`."""
        super().step_end(step, output)
        return self.every_n_step_end(step, output) if self._every_n_step_begin_called else False

    def post_step(self, step, session):
        """See `BaseMonitor`."""
        super().post_step(step, session)
        if self._every_n_step_begin_called:
            self.every_n_post_step(step, session)
            self._last_active_step = step
        self._last_successful_step = step

    def end(self, session=None):
        """See `BaseMonitor`."""
        super().end(session=session)
        if self._last_successful_step != self._last_active_step:
            self.every_n_post_step(self._last_successful_step, session)


class StopAtStep(BaseMonitor):
    """Stops at `last_step`, or after `num_steps`. ValueError unless one of them is given."""

    run_on_all_workers = True

    def __init__(self, num_steps=None, last_step=None):
        super().__init__()
        if num_steps is None and last_step is None:
            raise ValueError("One of num_steps or last_step must be specified.")
        if num_steps is not None and last_step is not None:
            raise ValueError("Only one of num_steps or last_step can be specified.")
        self._num_steps, self._last_step = num_steps, last_step

    def step_begin(self, step):
        """See `BaseMonitor`."""
        super().step_begin(step)
        if self._last_step is None:
            self._last_step = step + self._num_steps - 1
        return []

    def step_end(self, step, output):
        """See `BaseMonitor`."""
        super().step_end(step, output)
        return step >= self._last_step


class PrintTensor(EveryN):
    """Logs tensors, given by their names, or by {tag: name}."""

    def __init__(self, tensor_names, every_n=100, first_n=1):
        super().__init__(every_n, first_n)
        if not isinstance(tensor_names, dict):
            tensor_names = {item: item for item in tensor_names}
        self._tensor_names = tensor_names

    def every_n_step_begin(self, step):
        """See `EveryN`."""
        return list(self._tensor_names.values())

    def every_n_step_end(self, step, outputs):
        """See `EveryN`."""
        logging.info("Step %d: %s", step, _listed(self._tensor_names, outputs))


def _listed(names, outputs):
    return ", ".join(f"{tag} = {_extract_output(outputs, name)}"
                     for tag, name in names.items() if name in outputs)  # fmt: skip


class LoggingTrainable(EveryN):
    """Logs the trainable variables, those of `scope`."""

    def __init__(self, scope=None, every_n=100, first_n=1):
        super().__init__(every_n, first_n)
        self._scope, self._names = scope, {}

    def every_n_step_begin(self, step):
        """See `EveryN`."""
        found = get_collection(GraphKeys.TRAINABLE_VARIABLES, scope=self._scope)
        self._names = {variable.name: variable.value().name for variable in found}
        return list(self._names.values())

    def every_n_step_end(self, step, outputs):
        """See `EveryN`."""
        logging.info("Logging Trainable: Step %d: %s", step, _listed(self._names, outputs))


class CaptureVariable(EveryN):
    """Keeps the values of a variable, given by its name: `values` has them by their steps."""

    def __init__(self, var_name, every_n=100, first_n=1):
        super().__init__(every_n, first_n)
        self._var_name, self._var_values = var_name, {}

    values = property(lambda self: self._var_values)

    def every_n_step_begin(self, step):
        """See `EveryN`."""
        return [self._var_name]

    def every_n_step_end(self, step, outputs):
        """See `EveryN`."""
        self._var_values[step] = _extract_output(outputs, self._var_name)


class SummarySaver(EveryN):
    """Writes summaries every `save_steps` steps, into `output_dir` or the estimator's folder."""

    def __init__(self, summary_op, save_steps=100, output_dir=None, summary_writer=None,
                 scaffold=None):
        super().__init__(every_n_steps=save_steps)
        self._summary_op, self._scaffold, self._summary_writer = summary_op, scaffold, (
            FileWriter(output_dir) if summary_writer is None and output_dir else summary_writer
        )  # fmt: skip

    def set_estimator(self, estimator):
        """See `BaseMonitor`."""
        super().set_estimator(estimator)
        if self._summary_writer is None:
            self._summary_writer = FileWriter(estimator.model_dir)

    def every_n_step_begin(self, step):
        """See `EveryN`."""
        if self._summary_op is None and self._scaffold is not None:
            self._summary_op = self._scaffold.summary_op
        return [] if self._summary_op is None else [self._summary_op]

    def every_n_step_end(self, step, outputs):
        """See `EveryN`."""
        if self._summary_op is not None and self._summary_writer:
            self._summary_writer.add_summary(_extract_output(outputs, self._summary_op), step)
        return False

    def end(self, session=None):
        """See `BaseMonitor`."""
        super().end(session=session)
        if self._summary_writer:
            self._summary_writer.flush()


class StepCounter(EveryN):
    """Writes how many steps there are in a second."""

    def __init__(self, every_n_steps=100, output_dir=None, summary_writer=None):
        super().__init__(every_n_steps=every_n_steps)
        self._last = None  # (step, time)
        cached = summary_writer is None and output_dir
        self._summary_writer = FileWriterCache.get(output_dir) if cached else summary_writer

    def set_estimator(self, estimator):
        """See `BaseMonitor`."""
        super().set_estimator(estimator)
        if self._summary_writer is None:
            self._summary_writer = FileWriterCache.get(estimator.model_dir)

    def every_n_step_end(self, current_step, outputs):
        """See `EveryN`."""
        now = time.time()
        if self._last is not None and self._summary_writer:
            rate = (current_step - self._last[0]) / (now - self._last[1])
            value = Summary.Value(tag="global_step/sec", simple_value=rate)
            self._summary_writer.add_summary(Summary(value=[value]), current_step)
        self._last = current_step, now


class NanLoss(EveryN):
    """Stops when the loss is not a number, by NanLossDuringTrainingError if
    `fail_on_nan_loss`."""

    def __init__(self, loss_tensor, every_n_steps=100, fail_on_nan_loss=True):
        super().__init__(every_n_steps=every_n_steps)
        self._loss_tensor, self._fail_on_nan_loss = loss_tensor, fail_on_nan_loss

    def every_n_step_begin(self, step):
        """See `EveryN`."""
        return [self._loss_tensor]

    def every_n_step_end(self, step, outputs):
        """See `EveryN`."""
        if not np.isnan(_extract_output(outputs, self._loss_tensor)):
            return False
        message = "Model diverged with loss = NaN."
        if self._fail_on_nan_loss:
            logging.error(message)
            raise NanLossDuringTrainingError
        logging.warning(message)
        return True


class CheckpointSaver(BaseMonitor):
    """Saves checkpoints every `save_secs` seconds or `save_steps` steps. ValueError unless one of
    the two is given."""

    def __init__(self, checkpoint_dir, save_secs=None, save_steps=None, saver=None,
                 checkpoint_basename="model.ckpt", scaffold=None):
        logging.info("Create CheckpointSaver.")
        super().__init__()
        if save_steps is None and save_secs is None:
            raise ValueError("Either save_steps or save_secs should be provided")
        if save_steps is not None and save_secs is not None:
            raise ValueError("Can not provide both save_steps and save_secs.")
        self._saver, self._scaffold = saver, scaffold
        self._summary_writer = FileWriterCache.get(checkpoint_dir)
        self._save_path = os.path.join(checkpoint_dir, checkpoint_basename)
        self._save_secs, self._save_steps = save_secs, save_steps
        self._begun_step = self._saved_step = self._saved_time = None

    def begin(self, max_steps=None):
        """See `BaseMonitor`."""
        super().begin(max_steps)
        self._begun_step = self._saved_step = self._saved_time = None

    def step_begin(self, step):
        """See `BaseMonitor`."""
        super().step_begin(step)
        self._begun_step = step

    def post_step(self, step, session):
        """See `BaseMonitor`."""
        steps, secs = self._save_steps, self._save_secs
        first = self._saved_time is None
        if first or (steps is not None and step >= self._saved_step + steps) or (
            secs is not None and time.time() >= self._saved_time + secs
        ):  # fmt: skip
            self._save(step, session)

    def end(self, session=None):
        """See `BaseMonitor`."""
        super().end(session)
        self._save(self._begun_step, session)

    def _save(self, step, session):
        if step == self._saved_step:
            return
        logging.info("Saving checkpoints for %d into %s.", step, self._save_path)
        self._saved_time, self._saved_step = time.time(), step
        saver = self._scaffold.saver if self._saver is None else self._saver
        saver.save(session, self._save_path, global_step=step)
        log = SessionLog(status=SessionLog.CHECKPOINT, checkpoint_path=self._save_path)
        self._summary_writer.add_session_log(log, step)


def get_default_monitors(loss_op=None, summary_op=None, save_summary_steps=100, output_dir=None,
                         summary_writer=None):
    """Those that print a loss and write summaries."""
    found = [] if loss_op is None else [PrintTensor(tensor_names={"loss": loss_op.name})]
    if summary_op is not None:
        found.append(SummarySaver(summary_op, save_steps=save_summary_steps,
                                  output_dir=output_dir,
                                  summary_writer=summary_writer))  # fmt: skip
    return found
