"""tf.estimator.train_and_evaluate: training that is interrupted by evaluations."""
import os
import time
from collections import namedtuple
from typing import Any, NamedTuple

from minitf import logging
from minitf.core.graph_keys import GraphKeys
from minitf.estimator.checks import check_positive
from minitf.estimator.estimator import Estimator
from minitf.estimator.exporter import Exporter
from minitf.estimator.run_config import TaskType
from minitf.train.hook_timer import SecondOrStepTimer
from minitf.train.saving_hooks import CheckpointSaverListener
from minitf.train.session_run_hook import SessionRunHook


class TrainSpec(namedtuple("TrainSpec", ["input_fn", "max_steps", "hooks"])):
    """What to train with, and up to which step; None: until the input is at its end.

    TypeError for an input function or hooks that are none, ValueError for steps not positive.
    """

    __slots__ = ()

    def __new__(cls, input_fn, max_steps=None, hooks=None):
        _check_input_fn(input_fn)
        check_positive("max_steps", max_steps)
        return super().__new__(cls, input_fn, max_steps, _hooks(hooks))


_EVAL_FIELDS = ("input_fn", "steps", "name", "hooks", "exporters", "start_delay_secs",
                "throttle_secs")  # fmt: skip


class EvalSpec(namedtuple("EvalSpec", _EVAL_FIELDS)):
    """What to evaluate with, for how many batches (None: all), what exports after that, and how
    many seconds lie between two evaluations at least.

    TypeError for functions, names, hooks and exporters that are none, ValueError for numbers that
    cannot be, and for exporters of one name.
    """

    __slots__ = ()

    def __new__(cls, input_fn, steps=100, name=None, hooks=None, exporters=None,
                start_delay_secs=120, throttle_secs=600):
        _check_input_fn(input_fn)
        check_positive("steps", steps)
        if name is not None and not isinstance(name, str):
            raise TypeError(f"`name` must be string, given: {name}")
        hooks, exporters = _hooks(hooks), _exporters(exporters)
        for what, seconds in (("start_delay_secs", start_delay_secs),
                              ("throttle_secs", throttle_secs)):  # fmt: skip
            if seconds < 0:
                raise ValueError(f"Must specify {what} >= 0, given: {seconds}")
        return super().__new__(cls, input_fn, steps, name, hooks, exporters, start_delay_secs,
                               throttle_secs)  # fmt: skip


def _check_input_fn(input_fn):
    if not callable(input_fn):
        raise TypeError(f"`input_fn` must be callable, given: {input_fn}")


def _hooks(hooks):
    hooks = tuple(hooks or ())
    for hook in hooks:
        if not isinstance(hook, SessionRunHook):
            raise TypeError(f"All hooks must be `SessionRunHook` instances, given: {hook}")
    return hooks


def _exporters(given):
    given = [given] if isinstance(given, Exporter) else given or ()
    refused = TypeError("`exporters` must be an Exporter, an iterable of Exporter, or `None`, "
                        f"found {given}.")  # fmt: skip
    try:
        exporters = tuple(given)
    except TypeError:
        raise refused from None
    if not all(isinstance(each, Exporter) for each in exporters):
        raise refused
    names = [each.name for each in exporters]
    for name in names:
        if not name:
            raise ValueError("An Exporter cannot have a name that is `None` or empty. All exporter "
                             f"names: {names}")  # fmt: skip
        if not isinstance(name, str):
            raise ValueError(f"An Exporter must have a string name. Given: {type(name)}")
    if len(set(names)) < len(names):
        raise ValueError("`exporters` must have unique names. Such a name cannot be `None`. All "
                         f"exporter names: {names}")  # fmt: skip
    return exporters


def train_and_evaluate(estimator, train_spec, eval_spec):
    """Train, and evaluate each checkpoint, but not more often than `eval_spec.throttle_secs`.

    (the metrics of the last evaluation, what its exporters returned). In a program that TF_CONFIG
    calls the evaluator, evaluate the checkpoints that another program makes until it has made
    `max_steps`, and return None. TypeError for what is no Estimator, TrainSpec or EvalSpec.
    """
    _check_types(estimator, train_spec, eval_spec)
    config = estimator.config
    if config.task_type != TaskType.EVALUATOR:
        if not config.cluster_spec:
            logging.info("Running training and evaluation locally (non-distributed).")
        return _train_here(estimator, train_spec, eval_spec)
    if config.task_id > 0:
        raise ValueError("For distributed training, there can only be one `evaluator` task (with "
                         f"task id 0).  Given task id {config.task_id}")  # fmt: skip
    return _evaluate_on(estimator, train_spec, eval_spec)


def _check_types(estimator, train_spec, eval_spec):
    if not isinstance(eval_spec, EvalSpec):
        raise TypeError("`eval_spec` must have type `tf.estimator.EvalSpec`. Got: "
                        f"{type(eval_spec)}")  # fmt: skip
    if not isinstance(estimator, Estimator):
        raise TypeError("`estimator` must have type `tf.estimator.Estimator`. Got: "
                        f"{type(estimator)}")  # fmt: skip
    if not isinstance(train_spec, TrainSpec):
        raise TypeError("`train_spec` must have type `tf.estimator.TrainSpec`. Got: "
                        f"{type(train_spec)}")  # fmt: skip


def _train_here(estimator, train_spec, eval_spec):
    config = estimator.config
    logging.info(
        "Start train and evaluate loop. The evaluate will happen after every checkpoint. "
        "Checkpoint frequency is determined based on RunConfig arguments: save_checkpoints_steps "
        "%s or save_checkpoints_secs %s.", config.save_checkpoints_steps,
        config.save_checkpoints_secs,
    )  # fmt: skip
    evaluator = _Evaluator(estimator, eval_spec, train_spec.max_steps)
    listener = _EvaluateNewCheckpoint(evaluator, eval_spec.throttle_secs)
    estimator.train(train_spec.input_fn, train_spec.hooks, max_steps=train_spec.max_steps,
                    saving_listeners=[listener])  # fmt: skip
    result = listener.eval_result
    return (None if result is None else result.metrics), listener.export_results


def _evaluate_on(estimator, train_spec, eval_spec):
    """Evaluate each new checkpoint, up to that of the last step."""
    if eval_spec.start_delay_secs:
        logging.info("Waiting %f secs before starting eval.", eval_spec.start_delay_secs)
        time.sleep(eval_spec.start_delay_secs)
    evaluator, last = _Evaluator(estimator, eval_spec, train_spec.max_steps), train_spec.max_steps
    while True:
        start = time.time()
        result, _ = evaluator.evaluate_and_export()
        step = (result.metrics or {}).get(GraphKeys.GLOBAL_STEP)
        if step and last and step >= last:
            logging.info("Exiting evaluation, global_step=%s >= train max_steps=%s", step, last)
            return
        left = eval_spec.throttle_secs - (time.time() - start)
        if left > 0:
            logging.info("Waiting %f secs before starting next eval run.", left)
            time.sleep(left)
        elif result.status != EVALUATED:
            time.sleep(_BETWEEN_LOOKS)


EVALUATED, MISSING_CHECKPOINT = "evaluated", "missing checkpoint"
NO_NEW_CHECKPOINT = "no new checkpoint"
_BETWEEN_LOOKS = 0.1  # seconds, where throttle_secs is 0


class _EvalResult(NamedTuple):
    status: str
    metrics: Any = None
    checkpoint_path: Any = None


class _Evaluator:
    """Evaluates the newest checkpoint, and lets the exporters have it."""

    def __init__(self, estimator, eval_spec, max_training_steps):
        self._estimator, self._spec, self._last = estimator, eval_spec, max_training_steps
        self._previous, self._warned = None, 0

    def evaluate_and_export(self):
        """(_EvalResult, what the exporters returned)."""
        path = self._estimator.latest_checkpoint()
        if not path:
            self._warn("Estimator is not trained yet. Will start an evaluation when a checkpoint "
                       "is ready.")  # fmt: skip
            return _EvalResult(MISSING_CHECKPOINT), []
        if path == self._previous:
            self._warn("No new checkpoint ready for evaluation. Skip the current evaluation pass "
                       "as evaluation results are expected to be same for the same "
                       "checkpoint.")  # fmt: skip
            return _EvalResult(NO_NEW_CHECKPOINT), []
        spec = self._spec
        metrics = self._estimator.evaluate(spec.input_fn, spec.steps, spec.hooks, path, spec.name)
        final = bool(self._last) and metrics[GraphKeys.GLOBAL_STEP] >= self._last
        base = os.path.join(self._estimator.model_dir, "export")
        exported = [
            each.export(
                estimator=self._estimator, export_path=os.path.join(base, each.name),
                checkpoint_path=path, eval_result=metrics, is_the_final_export=final,
            )
            for each in spec.exporters
        ]  # fmt: skip
        self._warned, self._previous = 0, path
        return _EvalResult(EVALUATED, metrics, path), exported

    def _warn(self, message):
        """Say so, once in ten minutes."""
        now = time.time()
        if now - self._warned > 600:
            logging.warning(message)
            self._warned = now


class _EvaluateNewCheckpoint(CheckpointSaverListener):
    """Evaluates a checkpoint when it was saved, unless the last time was a short while ago."""

    def __init__(self, evaluator, throttle_secs):
        self._evaluator, self._throttle_secs = evaluator, throttle_secs
        self.eval_result = self.export_results = None

    def begin(self):
        self._timer = SecondOrStepTimer(every_secs=self._throttle_secs)
        self._is_first_run = True

    def after_save(self, session, global_step_value):
        if self._is_first_run:  # of variables as they were before any step
            self._is_first_run = False
        elif self._timer.should_trigger_for_step(global_step_value):
            self._evaluate(global_step_value)
        else:
            logging.info("Skip the current checkpoint eval due to throttle secs (%s secs).",
                         self._throttle_secs)  # fmt: skip

    def end(self, session, global_step_value):
        if global_step_value != self._timer.last_triggered_step():
            self._evaluate(global_step_value)

    def _evaluate(self, step):
        self._timer.update_last_triggered_step(step)
        self.eval_result, self.export_results = self._evaluator.evaluate_and_export()
        if self.eval_result.status != EVALUATED:
            raise RuntimeError("There was no new checkpoint after the training. Eval status: "
                               f"{self.eval_result.status}")  # fmt: skip
