"""tf.estimator.EstimatorSpec: what a model function returns."""
from collections import namedtuple

from minitf import logging
from minitf.core import nest
from minitf.core.graph import add_to_collection, get_collection, get_default_graph
from minitf.core.graph_keys import GraphKeys
from minitf.core.operation import Operation
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import TensorShape
from minitf.estimator.export.signatures import get_export_outputs
from minitf.estimator.functions import call_with, fn_args
from minitf.estimator.mode_keys import ModeKeys
from minitf.ops.array.basics import reshape
from minitf.ops.state.variables import Variable
from minitf.train.scaffold import Scaffold
from minitf.train.session_run_hook import SessionRunHook

LOSS_METRIC_KEY = "loss"
AVERAGE_LOSS_METRIC_KEY = "average_loss"
_FIELDS = ("mode", "predictions", "loss", "train_op", "eval_metric_ops", "export_outputs",
           "training_chief_hooks", "training_hooks", "scaffold", "evaluation_hooks",
           "prediction_hooks")  # fmt: skip


class EstimatorSpec(namedtuple("EstimatorSpec", _FIELDS)):
    """The nodes of a model: `predictions`, a Tensor or a dict of them, `loss`, `train_op`, and
    metrics, a dict of (value, update) pairs.

    ValueError where the mode needs one that is missing (predictions for PREDICT, loss for EVAL,
    loss and train_op for TRAIN), for a loss that is no scalar and for nodes of another graph;
    TypeError for what is no tensor, or no hook.
    """

    __slots__ = ()

    def __new__(cls, mode, predictions=None, loss=None, train_op=None, eval_metric_ops=None,
                export_outputs=None, training_chief_hooks=None, training_hooks=None, scaffold=None,
                evaluation_hooks=None, prediction_hooks=None):
        train_op = _checked_train_op(train_op, mode)
        loss = _checked_loss(loss, mode)
        predictions = _checked_predictions(predictions, mode)
        if mode == ModeKeys.PREDICT:
            export_outputs = get_export_outputs(export_outputs, predictions)
        training_hooks = _checked_hooks(training_hooks)
        evaluation_hooks = _checked_hooks(evaluation_hooks)
        prediction_hooks = _checked_hooks(prediction_hooks)
        training_chief_hooks = _checked_hooks(training_chief_hooks)
        eval_metric_ops = _checked_metrics(eval_metric_ops)
        return super().__new__(
            cls, mode, predictions, loss, train_op, eval_metric_ops, export_outputs,
            training_chief_hooks, training_hooks, _checked_scaffold(scaffold), evaluation_hooks,
            prediction_hooks,
        )  # fmt: skip

    def _replace(self, **kwds):
        """A spec of the same mode with other fields: ValueError for another mode."""
        if kwds.get("mode", self.mode) != self.mode:
            raise ValueError("mode of EstimatorSpec cannot be changed.")
        return EstimatorSpec(**{**self._asdict(), **kwds})


def _refused(what, name):
    return ValueError(
        f'{what} with "{name}" must be from the default graph. Possible causes of this error '
        f"include: \n\n1) {what} was created outside the context of the default graph.\n\n2) The "
        'object passed through to EstimatorSpec was not created in the most recent call to '
        '"model_fn".'
    )


def _check_graph(node, what, name=None):
    if node.graph is not get_default_graph():
        raise _refused(what, name or node.name)


def _checked_train_op(train_op, mode):
    if train_op is None:
        if mode == ModeKeys.TRAIN:
            raise ValueError("Missing train_op.")
        return None
    if not isinstance(train_op, (Operation, Tensor, Variable)):
        raise TypeError(f"train_op must be Operation or Tensor, given: {train_op}")
    if isinstance(train_op, Variable):
        train_op = train_op.op
    _check_graph(train_op, "train_op")
    return train_op


def _checked_tensor(value, what):
    if not isinstance(value, (Tensor, Variable)):
        raise TypeError(f"{what} must be Tensor, given: {value}")
    return value


def _checked_loss(loss, mode):
    if loss is None:
        if mode in (ModeKeys.TRAIN, ModeKeys.EVAL):
            raise ValueError("Missing loss.")
        return None
    shape = _checked_tensor(loss, "loss").get_shape()
    if shape.num_elements() not in (None, 1):
        raise ValueError(f"Loss must be scalar, given: {loss}")
    if not shape.is_compatible_with(TensorShape([])):
        loss = reshape(loss, [])
    _check_graph(loss, "loss")
    return loss


def _checked_predictions(predictions, mode):
    if predictions is None:
        if mode == ModeKeys.PREDICT:
            raise ValueError("Missing predictions.")
        return {}
    if not isinstance(predictions, dict):
        _check_graph(_checked_tensor(predictions, "predictions"), "prediction values")
        return predictions
    for key, value in predictions.items():
        _checked_tensor(value, f"predictions[{key}]")
    for key, value in predictions.items():
        _check_graph(value, "prediction values", f"{key}: {value.name}")
    return dict(predictions)


def _checked_hooks(hooks):
    hooks = tuple(hooks or ())
    for hook in hooks:
        if not isinstance(hook, SessionRunHook):
            raise TypeError(f"All hooks must be SessionRunHook instances, given: {hook}")
    return hooks


def _checked_scaffold(scaffold):
    scaffold = scaffold or Scaffold()
    if not isinstance(scaffold, Scaffold):
        raise TypeError(f"scaffold must be tf.train.Scaffold. Given: {scaffold}")
    return scaffold


def _checked_metrics(metrics):
    if metrics is None:
        return {}
    if not isinstance(metrics, dict):
        raise TypeError(f"eval_metric_ops must be a dict, given: {metrics}")
    for key, value in metrics.items():
        if _is_keras_metric(value):
            metrics[key] = _pair(value)
        elif not isinstance(value, tuple) or len(value) != 2:
            raise TypeError("Values of eval_metric_ops must be (metric_value, update_op) tuples, "
                            f"given: {value} for key: {key}")  # fmt: skip
    for key, value in metrics.items():
        for each in nest.flatten(value):
            _check_graph(each, "eval_metric_ops", f"{key}: {each.name}")
    return metrics


def _is_keras_metric(value):
    """Whether it is a `tf.keras.metrics.Metric`, which is imported only where it is used."""
    return all(hasattr(value, name) for name in ("update_state", "result", "updates", "variables"))


def _pair(metric):
    """(value, update) of a Keras metric, whose variables are initialized as those of others."""
    if not metric.updates:
        raise ValueError(f'Please call update_state(...) on the "{metric.name}" metric')
    for key in (GraphKeys.LOCAL_VARIABLES, GraphKeys.METRIC_VARIABLES):
        known = set(get_collection(key))
        for variable in metric.variables:
            if variable not in known:
                add_to_collection(key, variable)
    return metric.result(), metric.updates[0]


def call_logit_fn(logit_fn, features, mode, params, config):
    """The logits of a function of features, and of those of the others that it takes.

    ValueError unless it returns a Tensor or a dict of them.
    """
    found = call_with(logit_fn, {"features": features}, mode=mode, params=params, config=config)
    named = isinstance(found, dict) and all(
        isinstance(key, str) and isinstance(value, Tensor) for key, value in found.items()
    )
    if not named and not isinstance(found, Tensor):
        raise ValueError("logit_fn should return a Tensor or a dictionary mapping strings to "
                         f"Tensors.  logit_fn returned: {found}")  # fmt: skip
    return found


def verify_model_fn_args(model_fn, params):
    """ValueError for a model function that has not the arguments that it should."""
    args = set(fn_args(model_fn))
    if "features" not in args:
        raise ValueError(f"model_fn ({model_fn}) must include features argument.")
    if params is not None and "params" not in args:
        raise ValueError(f"model_fn ({model_fn}) does not include params argument, but params "
                         f"({params}) is passed to Estimator.")  # fmt: skip
    if params is None and "params" in args:
        logging.warning("Estimator's model_fn (%s) includes params argument, but params are not "
                        "passed to Estimator.", model_fn)  # fmt: skip
    odd = list(args - {"features", "labels", "mode", "params", "self", "config"})
    if odd:
        raise ValueError(f"model_fn ({model_fn}) has following not expected args: {odd}")
