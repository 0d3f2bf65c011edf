"""`tf.contrib.metrics.accuracy` of one batch, `aggregate_metrics`, `aggregate_metric_map`."""
from minitf.core import dtypes
from minitf.core.graph import name_scope
from minitf.ops.array.basics import ones_like
from minitf.ops.math.elementwise import cast, equal, mul
from minitf.ops.math.operators import div
from minitf.ops.reduction import confusion
from minitf.ops.reduction.reduce import reduce_mean, reduce_sum


def accuracy(predictions, labels, weights=None, name=None):
    """How often predictions equal labels, a float32 scalar; each counts `weights` (1).

    ValueError for labels that are no integers, bools or strings, or for differing types.
    """
    if not (labels.dtype.is_integer or labels.dtype in (dtypes.bool_, dtypes.string)):
        raise ValueError(
            f"Labels should have bool, integer, or string dtype, not {labels.dtype!r}"
        )
    if not labels.dtype.is_compatible_with(predictions.dtype):
        raise ValueError(
            "Dtypes of predictions and labels should match. Given: predictions "
            f"({predictions.dtype!r}) and labels ({labels.dtype!r})"
        )
    with name_scope(name, "accuracy", values=[predictions, labels]):
        correct = cast(equal(predictions, labels), dtypes.float32)
        if weights is None:
            return reduce_mean(correct)
        correct = mul(correct, weights)
        number = mul(weights, ones_like(correct))
        return div(reduce_sum(correct), reduce_sum(number))


def confusion_matrix(
    labels, predictions, num_classes=None, dtype=dtypes.int32, name=None, weights=None
):
    """As `tf.confusion_matrix`."""
    return confusion.confusion_matrix(labels, predictions, num_classes, dtype, name, weights)


def aggregate_metrics(*value_update_tuples):
    """(values, updates), two lists, of pairs of both. ValueError without a pair."""
    if not value_update_tuples:
        raise ValueError("Expected at least one value_tensor/update_op pair")
    values, updates = zip(*value_update_tuples)
    return list(values), list(updates)


def aggregate_metric_map(names_to_tuples):
    """({name: value}, {name: update}) of {name: (value, update)}."""
    values, updates = zip(*names_to_tuples.values())
    return dict(zip(names_to_tuples, values)), dict(zip(names_to_tuples, updates))
