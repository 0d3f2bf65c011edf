"""Indices as rows with a one: `tf.one_hot`."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, float32, int32, int64, uint8
from minitf.core.graph import name_scope
from minitf.core.literals import integer, length
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.ragged import takes_ragged
from minitf.core.schema import T, TypeAttr, static
from minitf.core.shape_rules import check_rank
from minitf.ops.array.index_kernels import hot


def _one_hot_shape(indices, depth, on_value, off_value, *, axis):
    if indices is None:
        return None
    if not -1 <= axis <= len(indices):
        raise ValueError(
            f"Expected axis to be -1 or between [0, {len(indices) + 1}), but got {axis}"
        )
    check_rank(on_value, 0, "on_value")
    check_rank(off_value, 0, "off_value")
    count = length(depth)
    axis = len(indices) if axis == -1 else axis
    return (*indices[:axis], count, *indices[axis:])


@op("OneHot", shape=_one_hot_shape, grad=NOT_DIFFERENTIABLE, cuda=hot)
def one_hot_op(
    xp, indices: TypeAttr("TI", (uint8, int32, int64), default=int64), depth: static("_"),
    on_value: T, off_value: T, *, axis=-1,
) -> T:  # fmt: skip
    """on_value at the place that each index names along a new axis, off_value elsewhere."""
    axis = indices.ndim if axis == -1 else axis
    if integer(depth) < 0:
        raise ValueError(f"depth must be non-negative, got: {integer(depth)}")
    places = xp.arange(integer(depth), dtype=indices.dtype)
    places = places.reshape((-1,) + (1,) * (indices.ndim - axis))
    return xp.where(xp.expand_dims(indices, axis) == places, on_value, off_value)


@takes_ragged
def one_hot(
    indices, depth, on_value=None, off_value=None, axis=None, dtype=None, name=None
):
    """Vectors of length `depth` along a new axis (the last by default): `on_value` (1) at the
    index, `off_value` (0) elsewhere, and everywhere for an index outside.

    The type is `dtype`, else that of the values, else float32; TypeError when they disagree.
    """
    with name_scope(name, "one_hot", [indices, depth, on_value, off_value]) as scope:
        dtype = _one_hot_type(on_value, off_value, dtype)
        if on_value is None:
            on_value = convert_to_tensor(1, dtype, name="on_value")
        if off_value is None:
            off_value = convert_to_tensor(0, dtype, name="off_value")
        return one_hot_op(indices, depth, on_value, off_value, axis=-1 if axis is None else axis,
                          name=scope)  # fmt: skip


def _one_hot_type(on_value, off_value, dtype):
    given = {
        key: convert_to_tensor(value).dtype.base_dtype
        for key, value in (("on_value", on_value), ("off_value", off_value))
        if value is not None
    }
    if len({*given.values()}) > 1:
        raise TypeError(f"dtype {given['on_value']} of on_value does not match dtype "
                        f"{given['off_value']} of off_value")  # fmt: skip
    if dtype is None:
        return next(iter(given.values()), float32)
    for key, found in given.items():
        if found != dtype:
            raise TypeError(
                f"dtype {found} of {key} does not match dtype parameter {as_dtype(dtype)}"
            )
    return as_dtype(dtype)
