"""Losses of numbers: `tf.losses.mean_squared_error`, `tf.losses.huber_loss`, ..."""
from minitf.core.arguments import takes
from minitf.core.convert import convert_to_tensor
from minitf.core.deprecation import renamed
from minitf.core.dtypes import float32
from minitf.core.graph import control_dependencies
from minitf.core.graph_keys import GraphKeys
from minitf.losses.collection import add_loss
from minitf.losses.weighted import (
    Reduction,
    as_floats,
    compute_weighted_loss,
    loss_scope,
    num_present,
)
from minitf.ops.array.basics import rank, zeros_like
from minitf.ops.array.masks import where
from minitf.ops.array.sequences import range as range_
from minitf.ops.math.elementwise import (
    add_op,
    cast,
    maximum,
    minimum,
    mul,
    square,
    squared_difference,
    sub,
)
from minitf.ops.math.operators import abs, div_no_nan
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.reduction.weights import assert_broadcastable


def absolute_difference(
    labels, predictions, weights=1.0, scope=None, loss_collection=GraphKeys.LOSSES,
    reduction=Reduction.SUM_BY_NONZERO_WEIGHTS,
):  # fmt: skip
    """|predictions - labels|, weighted and reduced as `compute_weighted_loss` does.

    ValueError when one is None or the shapes differ.
    """
    tensors = {"labels": labels, "predictions": predictions}
    with loss_scope(scope, "absolute_difference", weights, **tensors) as scope:
        labels, predictions = as_floats(labels, predictions)
        losses = abs(sub(predictions, labels))
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def cosine_distance(
    labels, predictions, axis=None, weights=1.0, scope=None, loss_collection=GraphKeys.LOSSES,
    reduction=Reduction.SUM_BY_NONZERO_WEIGHTS, dim=None,
):  # fmt: skip
    """1 - the sum of predictions * labels along `axis`; both are to be of length 1 along it.

    Weighted and reduced as `compute_weighted_loss` does. ValueError without `axis`, when one is
    None, or the shapes differ.
    """
    axis = renamed("dim", dim, "axis", axis)
    if axis is None:
        raise ValueError("You must specify 'axis'.")
    tensors = {"labels": labels, "predictions": predictions}
    with loss_scope(scope, "cosine_distance_loss", weights, **tensors) as scope:
        labels, predictions = as_floats(labels, predictions)
        losses = 1 - reduce_sum(mul(predictions, labels), axis=(axis,), keepdims=True)
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def huber_loss(
    labels, predictions, weights=1.0, delta=1.0, scope=None, loss_collection=GraphKeys.LOSSES,
    reduction=Reduction.SUM_BY_NONZERO_WEIGHTS,
):  # fmt: skip
    """Half the squared error up to `delta`, growing with the error beyond: Huber 1964.

    Weighted and reduced as `compute_weighted_loss` does. ValueError when one is None or the
    shapes differ.
    """
    tensors = {"labels": labels, "predictions": predictions}
    with loss_scope(scope, "huber_loss", weights, **tensors) as scope:
        labels, predictions = as_floats(labels, predictions)
        error = abs(sub(predictions, labels))
        quadratic = minimum(error, delta)
        linear = sub(error, quadratic)
        half = convert_to_tensor(0.5, dtype=quadratic.dtype)
        losses = add_op(mul(half, mul(quadratic, quadratic)), mul(delta, linear))
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


@takes(absolute_difference)
def mean_squared_error(labels, predictions, weights, scope, loss_collection, reduction):
    """(predictions - labels)**2, weighted and reduced as `compute_weighted_loss` does.

    ValueError when one is None or the shapes differ.
    """
    tensors = {"labels": labels, "predictions": predictions}
    with loss_scope(scope, "mean_squared_error", weights, **tensors) as scope:
        labels, predictions = as_floats(labels, predictions)
        losses = squared_difference(predictions, labels)
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def mean_pairwise_squared_error(
    labels, predictions, weights=1.0, scope=None, loss_collection=GraphKeys.LOSSES
):
    """The squared difference between the errors of each pair of elements of a row, averaged.

    The rows' losses, times `weights`, are added up. ValueError when one is None, the shapes
    differ or the weights do not fit.
    """
    tensors = {"labels": labels, "predictions": predictions}
    with loss_scope(scope, "mean_pairwise_squared_error", weights, **tensors):
        weights, labels = cast(weights, float32), cast(labels, float32)
        with control_dependencies((assert_broadcastable(weights, labels),)):
            predictions = cast(predictions, float32)
            predictions.shape.assert_is_compatible_with(labels.shape)
            loss = _pairwise(sub(predictions, labels), weights)
            add_loss(loss, loss_collection)
            return loss


def _pairwise(errors, weights):
    axes = range_(1, rank(errors))
    squares = reduce_sum(square(errors), axes, keepdims=True)
    count = num_present(errors, weights, per_batch=True)
    own = 2.0 * div_no_nan(squares, maximum(count - 1, 0), name="value")
    total = square(reduce_sum(errors, axes, keepdims=True))
    pairs = maximum(mul(count, count - 1), 0)
    crossed = 2.0 * div_no_nan(total, pairs, name="value")
    loss = reduce_sum(mul(own - crossed, weights))
    return where(reduce_sum(count) > 0, loss, zeros_like(loss), name="value")
