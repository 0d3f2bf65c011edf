"""What all heads share: from logits to an EstimatorSpec."""
from collections import namedtuple

from minitf.core.convert import convert_to_tensor
from minitf.core.graph import get_collection, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.estimator.head import checks
from minitf.estimator.head.kinds import Kind
from minitf.estimator.mode_keys import ModeKeys
from minitf.estimator.model_fn import EstimatorSpec
from minitf.losses.weighted import Reduction, compute_weighted_loss
from minitf.metrics.means import mean
from minitf.ops.array.basics import ones_like
from minitf.ops.control_flow.control import group
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.reduction.scan import add_n
from minitf.summary.numeric import scalar
from minitf.train.global_step import get_global_step

LossSpec = namedtuple("LossSpec", "training_loss unreduced_loss weights processed_labels")


class Head(Kind):
    """A head whose losses are those of `tf.losses` and whose metrics are pairs.

    A subclass has `_metrics(labels, predictions, weights)`, too, by the names of `_key`.
    """

    def __init__(self, weight_column, loss_reduction, loss_fn, name):
        checks.check_reduction(loss_reduction)
        checks.check_loss_fn(loss_fn)
        super().__init__(weight_column, loss_reduction, loss_fn, name)

    def create_loss(self, features, mode, logits, labels):
        """A LossSpec."""
        loss, weights, labels = self._losses(features, convert_to_tensor(logits), labels)
        total = compute_weighted_loss(loss, weights, reduction=self._loss_reduction)
        return LossSpec(total, loss, weights, labels)

    def create_estimator_spec(self, features, mode, logits, labels=None, optimizer=None,
                              train_op_fn=None, regularization_losses=None):
        """The EstimatorSpec: `optimizer`, or `train_op_fn(loss)`, makes the train_op.

        ValueError for both of these, or none, where it is needed.
        """
        with name_scope(self._name, "head"):
            predictions = self._predictions(logits)
            if mode == ModeKeys.PREDICT:
                outputs = self._exported(predictions)
                return EstimatorSpec(mode, predictions, export_outputs=outputs)
            logits = predictions.get("logits", predictions.get("predictions"))
            loss, unreduced, weights, labels = self.create_loss(features, mode, logits, labels)
            extra = add_n(regularization_losses) if regularization_losses else None
            total = loss if extra is None else add_n([loss, extra])
            if mode == ModeKeys.EVAL:
                metrics = self._all_metrics(labels, predictions, weights, unreduced, extra)
                return EstimatorSpec(mode, predictions, total, eval_metric_ops=metrics)
            train_op = _train_op(total, optimizer, train_op_fn)
            average = None
            if self._loss_reduction == Reduction.SUM:
                average = loss / reduce_sum(weights * ones_like(unreduced))
        self._summarize(total, average, extra)
        return EstimatorSpec(mode, predictions, total, train_op)

    def _summarize(self, total, average, extra):
        with name_scope(""):
            for name, value in (("loss", total), ("average_loss", average),
                                ("regularization_loss", extra)):  # fmt: skip
                if value is not None:
                    scalar(self._key(name), value)

    def _all_metrics(self, labels, predictions, weights, unreduced, extra):
        with name_scope(None, "metrics", (labels, *predictions.values(), unreduced)):
            found = {"average_loss": mean(unreduced, weights, name="average_loss")}
            found.update(self._metrics(labels, predictions, weights))
            if extra is not None:
                found["regularization_loss"] = mean(extra, name="regularization_loss")
        return {self._key(name): pair for name, pair in found.items()}


def _train_op(loss, optimizer, train_op_fn):
    """What trains, with what layers ask to be run beside it."""
    train_op = minimizing(loss, optimizer, train_op_fn)
    updates = get_collection(GraphKeys.UPDATE_OPS)
    return group(train_op, *updates) if updates else train_op


def minimizing(loss, optimizer, train_op_fn):
    """What trains, of the two that may be given. ValueError unless one of them is."""
    if optimizer is not None and train_op_fn is not None:
        raise ValueError("train_op_fn and optimizer cannot both be set.")
    if optimizer is None and train_op_fn is None:
        raise ValueError("train_op_fn and optimizer cannot both be None.")
    if optimizer is not None:
        return optimizer.minimize(loss, global_step=get_global_step())
    return train_op_fn(loss)
