"""Metrics that are means: `tf.metrics.mean`, `tf.metrics.accuracy`, the errors, ..."""
from minitf.core.arguments import takes
from minitf.core.dtypes import float32
from minitf.core.graph import control_dependencies
from minitf.metrics.parts import adjusted, metric_variable, published
from minitf.ops.array.basics import ones_like, size, zeros_like
from minitf.ops.array.masks import where
from minitf.ops.math.elementwise import (
    cast,
    equal,
    less,
    maximum,
    mul,
    sqrt,
    squared_difference,
    sub,
)
from minitf.ops.math.operators import abs as absolute
from minitf.ops.math.operators import div, div_no_nan
from minitf.ops.reduction.confusion import remove_squeezable_dimensions
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.reduction.weights import broadcast_weights
from minitf.ops.state.assign import assign_add
from minitf.ops.state.variable_scope import variable_scope


def mean(values, weights=None, metrics_collections=None, updates_collections=None, name=None):
    """(mean, update_op): the mean of all values so far, each counted `weights` (1).

    Kept in the local variables `total` and `count`; 0 while the count is 0. ValueError for weights
    that do not fit `values`.
    """
    with variable_scope(name, "mean", (values, weights)):
        values = cast(values, float32)
        total = metric_variable([], float32, name="total")
        count = metric_variable([], float32, name="count")
        if weights is None:
            number = cast(size(values), float32)
        else:
            values, weights = _weighted(values, weights)
            number = reduce_sum(weights)
        added = assign_add(total, reduce_sum(values))
        with control_dependencies([values]):
            counted = assign_add(count, number)
        value = _ratio(total, count, "value")
        update = _ratio(added, counted, "update_op")
        return published(value, update, metrics_collections, updates_collections)


def mean_tensor(
    values, weights=None, metrics_collections=None, updates_collections=None, name=None
):
    """(mean, update_op): the mean, element by element, of all tensors so far.

    `values` have a static shape; weights are broadcast to it. Kept in the local variables
    `total_tensor` and `count_tensor`.
    """
    with variable_scope(name, "mean", (values, weights)):
        values = cast(values, float32)
        total = metric_variable(values.shape, float32, name="total_tensor")
        count = metric_variable(values.shape, float32, name="count_tensor")
        number = ones_like(values)
        if weights is not None:
            values, weights = _weighted(values, weights)
            number = mul(number, weights)
        added = assign_add(total, values)
        with control_dependencies([values]):
            counted = assign_add(count, number)
        value = _ratio(total, count, "value")
        update = _ratio(added, counted, "update_op")
        return published(value, update, metrics_collections, updates_collections)


def _weighted(values, weights):
    values, _, weights = adjusted(values, None, weights)
    weights = broadcast_weights(cast(weights, float32), values)
    return mul(values, weights), weights


def _ratio(total, count, name):
    return div_no_nan(total, maximum(count, 0), name=name)


def accuracy(
    labels, predictions, weights=None, metrics_collections=None, updates_collections=None,
    name=None,
):  # fmt: skip
    """(accuracy, update_op): how often predictions equal labels, as `tf.metrics.mean` says.

    Predictions are cast to the labels' type. ValueError when the shapes differ.
    """
    predictions, labels, weights = adjusted(predictions, labels, weights)
    if labels.dtype != predictions.dtype:
        predictions = cast(predictions, labels.dtype)
    correct = cast(equal(predictions, labels), float32)
    return mean(correct, weights, metrics_collections, updates_collections, name or "accuracy")


@takes(accuracy)
def mean_absolute_error(labels, predictions, weights, name, **collections):
    """(mean, update_op): of |predictions - labels|, as `tf.metrics.mean` says.

    ValueError when the shapes differ.
    """
    predictions, labels, weights = adjusted(predictions, labels, weights)
    errors = absolute(predictions - labels)
    return mean(errors, weights, name=name or "mean_absolute_error", **collections)


@takes(accuracy)
def mean_squared_error(labels, predictions, weights, name, **collections):
    """(mean, update_op): of (labels - predictions) ** 2, as `tf.metrics.mean` says.

    ValueError when the shapes differ.
    """
    predictions, labels, weights = adjusted(predictions, labels, weights)
    errors = squared_difference(labels, predictions)
    return mean(errors, weights, name=name or "mean_squared_error", **collections)


@takes(accuracy)
def root_mean_squared_error(
    labels, predictions, weights, metrics_collections, updates_collections, name
):
    """(root, update_op): the square root of `tf.metrics.mean_squared_error`."""
    predictions, labels, weights = adjusted(predictions, labels, weights)
    name = name or "root_mean_squared_error"
    value, update = mean_squared_error(labels, predictions, weights, None, None, name)
    return published(sqrt(value), sqrt(update), metrics_collections, updates_collections)


def mean_relative_error(
    labels, predictions, normalizer, weights=None, metrics_collections=None,
    updates_collections=None, name=None,
):  # fmt: skip
    """(mean, update_op): of |labels - predictions| / normalizer, 0 where that is 0.

    ValueError when the shapes differ.
    """
    predictions, labels, weights = adjusted(predictions, labels, weights)
    predictions, normalizer = remove_squeezable_dimensions(predictions, normalizer)
    predictions.shape.assert_is_compatible_with(normalizer.shape)
    errors = where(
        equal(normalizer, 0.0),
        zeros_like(labels),
        div(absolute(labels - predictions), normalizer),
    )
    name = name or "mean_relative_error"
    return mean(errors, weights, metrics_collections, updates_collections, name)


def mean_cosine_distance(
    labels, predictions, dim, weights=None, metrics_collections=None, updates_collections=None,
    name=None,
):  # fmt: skip
    """(mean, update_op): of 1 - the sum of labels * predictions along the axis `dim`.

    Both are to be of length 1 along it. ValueError when the shapes differ.
    """
    predictions, labels, weights = adjusted(predictions, labels, weights)
    similarities = reduce_sum(mul(predictions, labels), axis=[dim], keepdims=True)
    value, update = mean(similarities, weights, None, None, name or "mean_cosine_distance")
    return published(sub(1.0, value), sub(1.0, update), metrics_collections, updates_collections)


def percentage_below(
    values, threshold, weights=None, metrics_collections=None, updates_collections=None, name=None
):
    """(share, update_op): of the values that are below `threshold`, as `tf.metrics.mean` says."""
    below = cast(less(values, threshold), float32)
    name = name or "percentage_below_threshold"
    return mean(below, weights, metrics_collections, updates_collections, name)
