"""The metrics of heads, of predictions and labels."""
from minitf import logging, metrics
from minitf.core import dtypes
from minitf.core.dtypes import float32, int32
from minitf.ops.array.basics import ones_like, zeros_like
from minitf.ops.array.masks import where
from minitf.ops.math.elementwise import cast, equal, greater_equal
from minitf.ops.reduction.axes import squeeze
from minitf.ops.reduction.weights import broadcast_weights


def mean_of(values, weights=None, class_id=None):
    """The mean of numbers, or of the column of a class."""
    values = cast(values, float32)
    weights = _like(weights, values)
    if class_id is not None:
        values, weights = values[:, class_id], None if weights is None else weights[:, class_id]
    return metrics.mean(values, weights)


def _like(weights, values):
    return None if weights is None else broadcast_weights(cast(weights, float32), values)


def share_of(class_id, classes, weights):
    """How often it is this class."""
    same = equal(cast(class_id, int32), cast(classes, int32))
    return metrics.mean(where(same, ones_like(classes), zeros_like(classes)), weights=weights)


def auc(predictions, labels, weights=None, class_id=None, curve="ROC"):
    """The area under the curve, of a class or of all."""
    predictions = cast(predictions, float32)
    if labels.dtype.base_dtype != dtypes.bool_:
        logging.warning("Casting %s labels to bool.", labels.dtype)
        labels = cast(labels, dtypes.bool_)
    weights = _like(weights, predictions)
    if class_id is not None:
        weights = None if weights is None else weights[:, class_id]
        predictions, labels = predictions[:, class_id], labels[:, class_id]
    return metrics.auc(labels, predictions, weights, curve=curve)


def accuracy_at(threshold, predictions, labels, weights):
    """How often a prediction is on the right side of the threshold."""
    above = cast(greater_equal(predictions, threshold), float32)
    return metrics.accuracy(labels, above, weights)


def precision_at(threshold, predictions, labels, weights):
    """How often those above the threshold are right."""
    return _one(metrics.precision_at_thresholds, threshold, predictions, labels, weights)


def recall_at(threshold, predictions, labels, weights):
    """How often those that are to be above the threshold are."""
    return _one(metrics.recall_at_thresholds, threshold, predictions, labels, weights)


def _one(metric, threshold, predictions, labels, weights):
    weights = None if weights is None else cast(weights, float32)
    value, update = metric(labels, predictions, (threshold,), weights)
    return squeeze(value), squeeze(update)
