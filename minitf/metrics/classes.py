"""Metrics over classes: `tf.metrics.mean_iou`, `tf.metrics.mean_per_class_accuracy`."""
from minitf.core.dtypes import float32, float64, int64
from minitf.metrics.parts import metric_variable, published
from minitf.ops.array.basics import ones, ones_like, reshape, size
from minitf.ops.array.masks import where
from minitf.ops.linalg.diagonal import diag_part
from minitf.ops.math.elementwise import cast, equal, greater, maximum, not_equal
from minitf.ops.math.operators import div, div_no_nan
from minitf.ops.reduction.confusion import confusion_matrix
from minitf.ops.reduction.reduce import reduce_mean, reduce_sum
from minitf.ops.state.assign import assign_add, scatter_add
from minitf.ops.state.variable_scope import variable_scope


def streaming_confusion_matrix(labels, predictions, num_classes, weights=None):
    """(matrix, update_op): `tf.confusion_matrix` of all so far, float64, a variable."""
    total = metric_variable([num_classes, num_classes], float64, name="total_confusion_matrix")
    predictions, labels = cast(predictions, int64), cast(labels, int64)
    num_classes = cast(num_classes, int64)
    predictions, labels = _flat(predictions), _flat(labels)
    weights = None if weights is None else _flat(weights)
    found = confusion_matrix(labels, predictions, num_classes, weights=weights, dtype=float64)
    return total, assign_add(total, found)


def _flat(tensor):
    return reshape(tensor, [-1]) if tensor.shape.ndims > 1 else tensor


def mean_iou(
    labels, predictions, num_classes, weights=None, metrics_collections=None,
    updates_collections=None, name=None,
):  # fmt: skip
    """(mean, update_op): intersection over union of labels and predictions, averaged over classes.

    Classes that neither has are left out. `update_op` returns the confusion matrix. ValueError
    when the shapes differ.
    """
    with variable_scope(name, "mean_iou", (predictions, labels, weights)):
        predictions.shape.assert_is_compatible_with(labels.shape)
        total, update = streaming_confusion_matrix(labels, predictions, num_classes, weights)
        return published(_mean_iou(total), update, metrics_collections, updates_collections)


def _mean_iou(matrix):
    columns = cast(reduce_sum(matrix, 0), float32)
    rows = cast(reduce_sum(matrix, 1), float32)
    both = cast(diag_part(matrix), float32)
    either = columns + rows - both
    present = reduce_sum(cast(not_equal(either, 0), float32))
    either = where(greater(either, 0), either, ones_like(either))
    ratios = div(both, either)
    return where(greater(present, 0), reduce_sum(ratios, name="mean_iou") / present, 0)


def mean_per_class_accuracy(
    labels, predictions, num_classes, weights=None, metrics_collections=None,
    updates_collections=None, name=None,
):  # fmt: skip
    """(mean, update_op): of the accuracies of the classes, 0 for a class that has no label yet.

    `update_op` returns the accuracies. ValueError when the shapes differ.
    """
    with variable_scope(name, "mean_accuracy", (predictions, labels, weights)):
        labels, predictions = _flat(cast(labels, int64)), _flat(predictions)
        predictions.shape.assert_is_compatible_with(labels.shape)
        total = metric_variable([num_classes], float32, name="total")
        count = metric_variable([num_classes], float32, name="count")
        each = ones([size(labels)], float32)
        if labels.dtype != predictions.dtype:
            predictions = cast(predictions, labels.dtype)
        correct = cast(equal(predictions, labels), float32)
        if weights is not None:
            weights = cast(_flat(weights), float32)
            correct, each = correct * weights, each * weights
        added = scatter_add(total, labels, each)
        counted = scatter_add(count, labels, correct)
        accuracies = div_no_nan(count, maximum(total, 0), name=None)
        value = reduce_mean(accuracies, name="mean_accuracy")
        update = div_no_nan(counted, maximum(added, 0), name="update_op")
        return published(value, update, metrics_collections, updates_collections)
