"""What a model function for a TPUEstimator returns."""
from collections import namedtuple

from minitf.contrib.summary import flush, summary_writer_initializer_op
from minitf.estimator.functions import fn_args
from minitf.estimator.model_fn import EstimatorSpec
from minitf.train.session_run_hook import SessionRunArgs, SessionRunHook


class TPUEstimatorSpec(namedtuple("TPUEstimatorSpec", [
    "mode", "predictions", "loss", "train_op", "eval_metrics", "export_outputs", "scaffold_fn",
    "host_call", "training_hooks", "evaluation_hooks", "prediction_hooks",
])):  # fmt: skip
    """A `tf.estimator.EstimatorSpec` whose metrics are not made yet.

    `eval_metrics` is a function and what to call it with, a list or a dict of tensors; it returns a
    dict of (value, update) pairs. `host_call` is such a pair, too, whose result is run in each
    step. `scaffold_fn()` returns a Scaffold. ValueError, TypeError or RuntimeError for pairs that
    do not fit, TypeError for what is no hook.
    """

    __slots__ = ()

    def __new__(cls, mode, predictions=None, loss=None, train_op=None, eval_metrics=None,
                export_outputs=None, scaffold_fn=None, host_call=None, training_hooks=None,
                evaluation_hooks=None, prediction_hooks=None):
        for name, call in (("eval_metrics", eval_metrics), ("host_call", host_call)):
            if call is not None:
                _check_call(name, call)
        hooks = [tuple(each or ()) for each in (training_hooks, evaluation_hooks, prediction_hooks)]
        for hook in sum(hooks, ()):
            if not isinstance(hook, SessionRunHook):
                raise TypeError(f"All hooks must be SessionRunHook instances, given: {hook}")
        return super().__new__(cls, mode, predictions, loss, train_op, eval_metrics,
                               export_outputs, scaffold_fn, host_call, *hooks)  # fmt: skip

    def as_estimator_spec(self):
        """The `tf.estimator.EstimatorSpec` of the same nodes; builds those of the metrics."""
        metrics = None if self.eval_metrics is None else _called(self.eval_metrics)
        more = () if self.host_call is None else (HostCallHook(_called(self.host_call)),)
        return EstimatorSpec(
            mode=self.mode, predictions=self.predictions, loss=self.loss, train_op=self.train_op,
            eval_metric_ops=metrics, export_outputs=self.export_outputs,
            scaffold=self.scaffold_fn() if self.scaffold_fn else None,
            training_hooks=self.training_hooks + more,
            evaluation_hooks=self.evaluation_hooks + more,
            prediction_hooks=self.prediction_hooks + more,
        )  # fmt: skip


def _check_call(name, call):
    if not isinstance(call, (tuple, list)):
        raise ValueError(f"{name} should be tuple or list")
    if len(call) != 2:
        raise ValueError(f"{name} should have two elements.")
    function, tensors = call
    if not callable(function):
        raise TypeError(f"{name}[0] should be callable.")
    if not isinstance(tensors, (tuple, list, dict)):
        raise ValueError(f"{name}[1] should be tuple or list, or dict.")
    if isinstance(tensors, dict) or _takes_any(function):
        return
    taken = len(fn_args(function))
    if len(tensors) != taken:
        raise RuntimeError(
            f"In TPUEstimatorSpec.{name}, length of tensors {len(tensors)} does not match method "
            f"args of the function, which takes {taken}."
        )


def _takes_any(function):
    """Whether it has an argument such as `*args`."""
    return bool(getattr(getattr(function, "__code__", None), "co_flags", 0) & 4)


def _called(call):
    function, tensors = call
    return function(**tensors) if isinstance(tensors, dict) else function(*tensors)


class HostCallHook(SessionRunHook):
    """Fetches what a host call has made in each run, and takes care of the writers of summaries."""

    def __init__(self, tensors):
        self._tensors = tensors

    def begin(self):
        self._openers = summary_writer_initializer_op()
        self._flushes = [flush(writer=opener.inputs[0]) for opener in self._openers]

    def after_create_session(self, session, coord):
        session.run(self._openers)

    def before_run(self, run_context):
        return SessionRunArgs(self._tensors)

    def end(self, session):
        session.run(self._flushes)
