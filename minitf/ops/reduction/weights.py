"""Weights of losses and metrics: scalars, or of the values' rank, each axis 1 or the values'."""
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import control_dependencies, get_default_graph, name_scope
from minitf.core.static import constant_value
from minitf.core.tensor_shape import is_static
from minitf.ops.array.basics import ones_like, rank, shape
from minitf.ops.control_flow.control import Assert, no_op
from minitf.ops.math.elementwise import equal, logical_and, logical_or, minimum, mul
from minitf.ops.reduction.reduce import reduce_all

_REFUSED = "weights can not be broadcast to values."


def assert_broadcastable(weights, values):
    """An operation that raises InvalidArgumentError unless `weights` fit `values`.

    They fit as a scalar, or when the ranks are equal and each axis is 1 or as in `values`. What
    the static shapes decide raises ValueError at once.
    """
    with name_scope(None, "assert_broadcastable", (weights, values)) as scope:
        weights, weights_shape, weights_rank = _measured(weights, "weights")
        values, values_shape, values_rank = _measured(values, "values")
        ranks = constant_value(weights_rank), constant_value(values_rank)
        if None not in ranks:
            if ranks[0] == 0:
                return no_op(name="static_scalar_check_success")
            if ranks[0] != ranks[1]:
                raise ValueError(
                    f"{_REFUSED} values.rank={ranks[1]}. weights.rank={ranks[0]}. "
                    f"values.shape={values.shape}. weights.shape={weights.shape}."
                )
            if is_static(weights._shape) and is_static(values._shape):
                _check_sizes(weights._shape, values._shape)
                return no_op(name="static_dims_check_success")
        with get_default_graph()._counting(59):  # TensorFlow has branches in branches
            is_scalar = equal(0, weights_rank, name="is_scalar")
            data = (_REFUSED, "weights.shape=", weights.name, weights_shape,
                    "values.shape=", values.name, values_shape,
                    "is_scalar=", is_scalar)  # fmt: skip
            fits = _same_rank_and_fits(weights_rank, weights_shape, values_rank, values_shape)
            return Assert(logical_or(is_scalar, fits, name="is_valid_shape"), data, name=scope)


def _measured(value, name):
    with name_scope(None, name, (value,)) as scope:
        tensor = convert_to_tensor(value, name=scope)
        return tensor, shape(tensor, name="shape"), rank(tensor, name="rank")


def _check_sizes(weights_shape, values_shape):
    for axis, (weight, size) in enumerate(zip(weights_shape, values_shape)):
        if weight not in (1, size):
            raise ValueError(
                f"{_REFUSED} Mismatch at dim {axis}. values.shape={list(values_shape)} "
                f"weights.shape={list(weights_shape)}."
            )


def _same_rank_and_fits(weights_rank, weights_shape, values_rank, values_shape):
    with name_scope("has_valid_nonscalar_shape"):
        count = minimum(weights_rank, values_rank)  # so that unequal ranks can be compared too
        ours, theirs = weights_shape[:count], values_shape[:count]
        fits = reduce_all(logical_or(equal(ours, 1), equal(ours, theirs)))
        return logical_and(equal(values_rank, weights_rank, name="is_same_rank"), fits)


def broadcast_weights(weights, values):
    """`weights` in the shape of `values`; refused as `assert_broadcastable` does."""
    with name_scope(None, "broadcast_weights", (weights, values)) as scope:
        values = convert_to_tensor(values, name="values")
        weights = convert_to_tensor(weights, dtype=values.dtype.base_dtype, name="weights")
        if is_static(weights._shape) and weights._shape == values._shape:
            return weights
        with control_dependencies((assert_broadcastable(weights, values),)):
            return mul(weights, ones_like(values), name=scope)
