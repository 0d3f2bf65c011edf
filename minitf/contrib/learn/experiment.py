"""`tf.contrib.learn.Experiment`: an estimator with what it is trained on and evaluated on."""
import inspect
import os
import time
from collections import namedtuple

from minitf import logging
from minitf.contrib.learn.estimator import Estimator
from minitf.contrib.learn.monitor_hooks import replace_monitors_with_hooks
from minitf.contrib.learn.validation import ValidationMonitor
from minitf.core.graph_keys import GraphKeys
from minitf.estimator import Estimator as CoreEstimator
from minitf.train.checkpoint_management import latest_checkpoint


class ExportStrategy(namedtuple("ExportStrategy", ["name", "export_fn", "strip_default_attrs"])):
    """How an Experiment exports: `export_fn(estimator, export_path, checkpoint_path, eval_result)`.
    """

    __slots__ = ()

    def __new__(cls, name, export_fn, strip_default_attrs=None):
        return super().__new__(cls, name, export_fn, strip_default_attrs)

    def export(self, estimator, export_path, checkpoint_path=None, eval_result=None):
        """Call the function, with what of these it takes. ValueError for one that takes
        `eval_result` without `checkpoint_path`."""
        takes = inspect.signature(self.export_fn).parameters
        if "eval_result" in takes and "checkpoint_path" not in takes:
            raise ValueError("An export_fn accepting eval_result must also accept checkpoint_path.")
        more = {"checkpoint_path": checkpoint_path, "eval_result": eval_result,
                "strip_default_attrs": self.strip_default_attrs}  # fmt: skip
        given = {name: value for name, value in more.items() if name in takes}
        return self.export_fn(estimator, export_path, **given)


class Experiment:
    """Trains, evaluates and exports an estimator of tf.contrib.learn or tf.estimator.

    `train_and_evaluate` does all of it; `train_steps` is the step it trains to, `eval_steps` how
    many batches it evaluates, every `min_eval_frequency` steps and at the end. ValueError for what
    is no estimator, and for `eval_metrics` with one of tf.estimator, which has metrics of its own.
    NotImplementedError for `checkpoint_and_export`.
    """

    def __init__(self, estimator, train_input_fn, eval_input_fn, eval_metrics=None,
                 train_steps=None, eval_steps=100, train_monitors=None, eval_hooks=None,
                 local_eval_frequency=None, eval_delay_secs=120,
                 continuous_eval_throttle_secs=60, min_eval_frequency=None,
                 delay_workers_by_global_step=False, export_strategies=None,
                 train_steps_per_iteration=None, checkpoint_and_export=False,
                 saving_listeners=None, check_interval_secs=5):
        self._is_core = isinstance(estimator, CoreEstimator)
        _check(estimator, self._is_core, eval_metrics, saving_listeners)
        if checkpoint_and_export:
            raise NotImplementedError(
                "tf.contrib.learn.Experiment(checkpoint_and_export=True): tf.estimator."
                "train_and_evaluate exports with each evaluation"
            )
        if not isinstance(train_steps_per_iteration, (int, type(None))):
            raise ValueError("`train_steps_per_iteration` must be an integer.")
        self._estimator = estimator
        self._train_input_fn, self._eval_input_fn = train_input_fn, eval_input_fn
        self._eval_metrics, self._saving_listeners = eval_metrics, saving_listeners
        self._train_steps, self._eval_steps = train_steps, eval_steps
        self._train_monitors = list(train_monitors or ())
        self._eval_hooks = list(eval_hooks or ())
        self._local_eval_frequency = local_eval_frequency
        self._min_eval_frequency = 1 if min_eval_frequency is None else min_eval_frequency
        self._delays = eval_delay_secs, continuous_eval_throttle_secs
        self._check_interval_secs = check_interval_secs
        self._steps_per_iteration = train_steps_per_iteration
        self._set_export_strategies(export_strategies)

    estimator = property(lambda self: self._estimator)
    eval_metrics = property(lambda self: self._eval_metrics)
    train_steps = property(lambda self: self._train_steps)
    eval_steps = property(lambda self: self._eval_steps)

    def _set_export_strategies(self, values):
        given = [values] if isinstance(values, ExportStrategy) else list(values or ())
        for each in given:
            if not isinstance(each, ExportStrategy):
                raise ValueError("`export_strategies` must be an ExportStrategy, an iterable of "
                                 f"ExportStrategy, or `None`, found {each}.")  # fmt: skip
        self._export_strategies = tuple(given)

    def extend_train_hooks(self, additional_hooks):
        """More hooks for the training."""
        self._train_monitors.extend(additional_hooks)

    def reset_export_strategies(self, new_export_strategies=None):
        """Other ones; returns those before."""
        before = self._export_strategies
        self._set_export_strategies(new_export_strategies)
        return before

    def train(self, delay_secs=None):
        """Train to `train_steps`, after a delay; returns the estimator."""
        _wait(delay_secs or 0, "training")
        return self._trained(self._train_monitors, max_steps=self._train_steps)

    def evaluate(self, delay_secs=None, name=None):
        """The metrics, after a delay, by default `eval_delay_secs`."""
        _wait(self._delays[0] if delay_secs is None else delay_secs, "eval")
        return self._evaluated(name or "one_pass")

    def train_and_evaluate(self):
        """(metrics, results of the exports) after a training with evaluations in between."""
        return self._with_evaluations(self._min_eval_frequency)

    def local_run(self):
        """The same with an evaluation every `local_eval_frequency` steps, or at the end alone."""
        return self._with_evaluations(self._local_eval_frequency)

    def _with_evaluations(self, every):
        monitors = list(self._train_monitors)
        if every:
            monitors.append(ValidationMonitor(
                input_fn=self._eval_input_fn, eval_steps=self._eval_steps,
                metrics=self._eval_metrics, every_n_steps=every, hooks=self._eval_hooks,
                check_interval_secs=self._check_interval_secs,
            ))  # fmt: skip
        self._trained(monitors, max_steps=self._train_steps)
        found = self._evaluated(None)
        return found, self._exported(found)

    def continuous_train_and_eval(self, continuous_eval_predicate_fn=None):
        """(metrics, results of the exports) after trainings of some steps each, each followed by
        an evaluation, as long as `continuous_eval_predicate_fn(metrics)` says so."""
        steps, found, exported = self._steps_per_iteration, None, None
        if steps is None:
            steps = 1000 if self._train_steps is None else int(self._train_steps / 10)
        goes_on = _predicate(continuous_eval_predicate_fn)
        while goes_on(found, self._latest() if found else None) and not self._is_over(found):
            self._trained(self._train_monitors, steps=steps)
            found = self._evaluated("one_pass", checkpoint_path=self._latest())
            exported = self._exported(found)
        return found, exported

    def continuous_eval(self, delay_secs=None, throttle_delay_secs=None,
                        evaluate_checkpoint_only_once=True, continuous_eval_predicate_fn=None,
                        name="continuous"):
        """Evaluate checkpoints as they come, until `train_steps` are reached, or the predicate says
        that it is enough."""
        self._follow(self._eval_input_fn, name, delay_secs, throttle_delay_secs,
                     evaluate_checkpoint_only_once, continuous_eval_predicate_fn, True)

    def continuous_eval_on_train_data(self, delay_secs=None, throttle_delay_secs=None,
                                      continuous_eval_predicate_fn=None,
                                      name="continuous_on_train_data"):
        """The same on what it is trained on, without exports."""
        self._follow(self._train_input_fn, name, delay_secs, throttle_delay_secs, True,
                     continuous_eval_predicate_fn, False)

    def _follow(self, input_fn, name, delay, throttle, once, predicate, exports):
        _wait(self._delays[0] if delay is None else delay, "eval")
        throttle = self._delays[1] if throttle is None else throttle
        goes_on, found, seen = _predicate(predicate), None, None
        while goes_on(found, seen) and not self._is_over(found):
            start, path, found = time.monotonic(), self._latest(), {}
            if path and not (once and path == seen):
                found = self._evaluated(name, input_fn, checkpoint_path=path)
                if exports:
                    self._exported(found, path)
                seen = path
            else:
                logging.info("No new checkpoint ready for evaluation.")
            time.sleep(max(0.0, throttle - (time.monotonic() - start)))

    def test(self):
        """Train one step, evaluate one batch, export: whether all fits together."""
        self._trained(self._train_monitors, steps=1)
        found = self._evaluated("one_pass", steps=1)
        self._exported(found)
        return found

    def run_std_server(self):
        """NotImplementedError: there are no other processes."""
        raise NotImplementedError("tf.contrib.learn.Experiment.run_std_server: there is one "
                                  "process; nobody would ask this server.")  # fmt: skip

    def _is_over(self, found):
        step = (found or {}).get(GraphKeys.GLOBAL_STEP)
        return bool(step and self._train_steps and step >= self._train_steps)

    def _latest(self):
        return latest_checkpoint(self._estimator.model_dir)

    def _trained(self, monitors, **steps):
        hooks = replace_monitors_with_hooks(monitors, self._estimator)
        if self._is_core:
            return self._estimator.train(self._train_input_fn, hooks=hooks,
                                         saving_listeners=self._saving_listeners, **steps)
        return self._estimator.fit(input_fn=self._train_input_fn, monitors=hooks, **steps)

    def _evaluated(self, name, input_fn=None, steps=None, checkpoint_path=None):
        metrics = {} if self._is_core else {"metrics": self._eval_metrics}
        return self._estimator.evaluate(
            input_fn=input_fn or self._eval_input_fn, steps=steps or self._eval_steps, name=name,
            checkpoint_path=checkpoint_path, hooks=self._eval_hooks, **metrics,
        )  # fmt: skip

    def _exported(self, found, path=None):
        base = os.path.join(self._estimator.model_dir, "export")
        return [each.export(self._estimator, os.path.join(base, each.name), checkpoint_path=path,
                            eval_result=found) for each in self._export_strategies]  # fmt: skip


def _check(estimator, is_core, eval_metrics, saving_listeners):
    if is_core and eval_metrics is not None:
        raise ValueError(
            "`eval_metrics` must be `None` with `tf.estimator.Estimator`. Use `eval_metric_ops` in "
            "`tf.estimator.EstimatorSpec` instead."
        )
    if not is_core and not isinstance(estimator, Estimator):
        raise ValueError("`estimator` must implement `tf.contrib.learn.Evaluable` or "
                         "`tf.estimator.Estimator`.")  # fmt: skip
    if not is_core and saving_listeners is not None:
        raise ValueError("`saving_listeners` must be `None` with `tf.contrib.learn.Estimator`.")


def _wait(seconds, what):
    if seconds:
        logging.info("Waiting %d secs before starting %s.", seconds, what)
        time.sleep(seconds)


def _predicate(function):
    """A function of the metrics and the checkpoint that says whether to go on."""
    if function is None:
        return lambda found, path: True
    if not callable(function):
        raise ValueError("`continuous_eval_predicate_fn` must be a callable, or None.")
    takes_path = "checkpoint_path" in inspect.signature(function).parameters
    if takes_path:
        return lambda found, path: function(found, checkpoint_path=path)
    return lambda found, path: function(found)
