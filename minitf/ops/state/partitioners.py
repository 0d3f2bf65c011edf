"""How `tf.get_variable` cuts a variable into parts: `tf.fixed_size_partitioner`, ..."""
import math
from collections.abc import Sequence

from minitf.core.dtypes import DType, string
from minitf.core.tensor_shape import TensorShape


def fixed_size_partitioner(num_shards, axis=0):
    """A partitioner of `num_shards` parts along `axis`, or as many as that axis is long."""

    def partitioner(shape, **unused_args):
        parts = [1] * len(shape)
        parts[axis] = min(num_shards, shape.dims[axis].value)
        return parts

    return partitioner


def variable_axis_size_partitioner(
    max_shard_bytes, axis=0, bytes_per_string_element=16, max_shards=None
):
    """A partitioner of as few parts along `axis` as have at most `max_shard_bytes` each.

    There are not more than `max_shards`, nor more than the axis is long. ValueError for numbers
    that are not positive.
    """
    if max_shard_bytes < 1 or bytes_per_string_element < 1:
        raise ValueError("Both max_shard_bytes and bytes_per_string_element must be positive.")
    if max_shards and max_shards < 1:
        raise ValueError("max_shards must be positive.")

    def partitioner(shape, dtype):
        _check_known(shape, dtype)
        length = shape.dims[axis].value
        row = shape.num_elements() / length * _bytes(dtype, bytes_per_string_element)
        rows = max(1, math.floor(max_shard_bytes / row))
        count = math.ceil(length / rows)
        return _along(axis, min(max_shards, count) if max_shards else count, shape)

    return partitioner


def _check_known(shape, dtype):
    if not isinstance(shape, TensorShape):
        raise ValueError(f"shape is not a TensorShape: {shape}")
    if not shape.is_fully_defined():
        raise ValueError(f"shape is not fully defined: {shape}")
    if not isinstance(dtype, DType):
        raise ValueError(f"dtype is not a DType: {dtype}")


def min_max_variable_partitioner(
    max_partitions=1, axis=0, min_slice_size=256 << 10, bytes_per_string_element=16
):
    """A partitioner of at most `max_partitions` parts along `axis`, each of at least
    `min_slice_size` bytes. ValueError in its call for an axis that the shape has not."""

    def partitioner(shape, dtype):
        if axis >= len(shape):
            raise ValueError(
                f"Can not partition variable along axis {axis} when shape is only {shape}"
            )
        total = shape.num_elements() * _bytes(dtype, bytes_per_string_element)
        wanted = math.ceil(total / min_slice_size)
        return _along(axis, max(1, min(shape.dims[axis].value, max_partitions, wanted)), shape)

    return partitioner


def _bytes(dtype, of_a_string):
    return of_a_string if dtype.base_dtype is string else dtype.size


def _along(axis, count, shape):
    parts = [1] * len(shape)
    parts[axis] = count
    return parts


# -- what a partitioner says ----------------------------------------------------------------------


def partitions_of(partitioner, shape, dtype):
    """How many parts along each axis: more than one along one axis only. ValueError for what is no
    such list, and for a shape that is not known."""
    if not shape.is_fully_defined():
        raise ValueError(
            f"Shape of a new partitioned variable must be fully defined, but instead was {shape}."
        )
    if shape.ndims < 1:
        raise ValueError(f"A partitioned Variable must have rank at least 1, shape: {shape}")
    parts = partitioner(shape=shape, dtype=dtype)
    if not isinstance(parts, Sequence):
        raise ValueError(f"Partitioner must return a sequence, but saw: {parts}")
    if len(parts) != shape.ndims:
        raise ValueError(
            "Partitioner returned a partition list that does not match the Variable's rank: "
            f"{parts} vs. {shape}"
        )
    if any(part < 1 for part in parts):
        raise ValueError(f"Partitioner returned zero partitions for some axes: {parts}")
    if sum(part > 1 for part in parts) > 1:
        raise ValueError(
            f"Can only slice a variable along one dimension: shape: {shape}, partitioning: {parts}"
        )
    return parts


def cut(shape, parts):
    """(where it begins, its shape) of each part; the first are longer by one where they have to."""
    axis = next((axis for axis, count in enumerate(parts) if count > 1), 0)
    least, longer = divmod(shape[axis], parts[axis])
    offset = [0] * len(shape)
    for number in range(parts[axis]):
        sizes = list(shape)
        sizes[axis] = least + (number < longer)
        yield list(offset), sizes
        offset[axis] += sizes[axis]


class PartitionInfo:
    """What an initializer is told of a part: the shape of the whole, where the part begins."""

    def __init__(self, full_shape, var_offset):
        for name, value in (("full_shape", full_shape), ("var_offset", var_offset)):
            if not isinstance(value, Sequence) or isinstance(value, str):
                raise TypeError(f"`{name}` must be a sequence (like tuple or list) instead of "
                                f"{type(value).__name__}")  # fmt: skip
        if len(var_offset) != len(full_shape):
            raise ValueError(
                f"Expected equal length, but `var_offset` is of length {len(var_offset)} while "
                f"full_shape is of length {len(full_shape)}."
            )
        for offset, size in zip(var_offset, full_shape):
            if not 0 <= offset < size:
                raise ValueError(
                    f"Expected 0 <= offset < shape but found offset={offset}, shape={size} for "
                    f"var_offset={var_offset}, full_shape={full_shape}"
                )
        self._full_shape, self._var_offset = full_shape, var_offset

    full_shape = property(lambda self: self._full_shape)
    var_offset = property(lambda self: self._var_offset)

    def single_offset(self, shape):
        """Where the part, of this shape, begins along the axis that is cut; 0 where none is."""
        axis = self.single_slice_dim(shape)
        return 0 if axis is None else self._var_offset[axis]

    def single_slice_dim(self, shape):
        """The axis that is cut, for a part of this shape; None where none is. ValueError for a
        shape that does not fit, or that is cut along more."""
        if len(shape) != len(self._full_shape):
            raise ValueError(
                f"Expected equal length, but received shape={shape} of length {len(shape)} while "
                f"self.full_shape={self._full_shape} is of length {len(self._full_shape)}."
            )
        ends = [offset + size for offset, size in zip(self._var_offset, shape)]
        if any(end > size for end, size in zip(ends, self._full_shape)):
            raise ValueError(
                f"With self.var_offset={self._var_offset}, a partition of shape={shape} would "
                f"exceed self.full_shape={self._full_shape} in at least one dimension."
            )
        axes = [i for i, (size, whole) in enumerate(zip(shape, self._full_shape)) if size < whole]
        if len(axes) > 1:
            raise ValueError(
                f"Cannot use single_slice_dim() with shape={shape} and "
                f"self.full_shape={self._full_shape} since slice dim could be either dimension "
                f"{axes[1]} or {axes[0]}."
            )
        return axes[0] if axes else None
