"""The metrics of heads, as (value, update) pairs."""
from minitf.core.dtypes import float32
from minitf.core.graph import name_scope
from minitf.metrics.curves import auc
from minitf.metrics.means import accuracy, mean
from minitf.metrics.thresholds import precision_at_thresholds, recall_at_thresholds
from minitf.ops.math.elementwise import cast, greater_equal, maximum
from minitf.ops.reduction.axes import squeeze
from minitf.ops.reduction.weights import broadcast_weights


def _broadcast(weights, values):
    return None if weights is None else broadcast_weights(weights, values)


def mean_of(values, weights, kind, name):
    """The mean of labels or predictions."""
    with name_scope(name, f"{kind}_mean", (values, weights)) as scope:
        values = cast(values, float32, name=kind)
        return mean(values, _broadcast(weights, values), name=scope)


def accuracy_baseline(labels_mean):
    """The accuracy of always giving the more frequent of two classes."""
    with name_scope(None, "accuracy_baseline", labels_mean):
        value, update = labels_mean
        return (maximum(value, 1.0 - value, name="value"),
                maximum(update, 1 - update, name="update_op"))  # fmt: skip


def area(labels, predictions, weights, curve="ROC", name=None):
    """The area under a curve."""
    with name_scope(name, "auc", (predictions, labels, weights)) as scope:
        predictions = cast(predictions, float32, name="predictions")
        weights = _broadcast(weights, predictions)
        return auc(labels, predictions, weights, curve=curve, name=scope)


def at_threshold(labels, predictions, weights, threshold):
    """Accuracy, precision and recall where what is at least the threshold counts as 1."""
    found = {}
    name = f"accuracy/positive_threshold_{threshold:g}"
    with name_scope(name, f"accuracy_at_{threshold}") as scope:
        positive = cast(greater_equal(predictions, threshold), float32)
        found[name] = accuracy(labels, positive, weights, name=scope)
    for kind, metric in (("precision", precision_at_thresholds), ("recall", recall_at_thresholds)):
        name = f"{kind}/positive_threshold_{threshold:g}"
        with name_scope(name, f"{kind}_at_{threshold}") as scope:
            pair = metric(labels, predictions, (threshold,), weights, name=scope)
            found[name] = squeeze(pair[0]), squeeze(pair[1])
    return found
