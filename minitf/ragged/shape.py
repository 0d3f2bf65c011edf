"""The shape of a ragged tensor, which only a run knows, and how ragged tensors broadcast."""
from __future__ import annotations

from typing import Any

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int64
from minitf.core.errors import InvalidArgumentError
from minitf.core.graph import control_dependencies, name_scope
from minitf.core.ragged import is_ragged
from minitf.core.static import constant_value
from minitf.core.tensor_shape import dimension_value
from minitf.ops.array.basics import identity, ones, shape
from minitf.ops.array.basics import size as size_of
from minitf.ops.array.indexing import gather
from minitf.ops.array.joining import concat, stack
from minitf.ops.array.masks import where
from minitf.ops.array.sequences import range as range_
from minitf.ops.control_flow.control import Assert
from minitf.ops.math.elementwise import cast, equal, logical_or
from minitf.ops.reduction.reduce import reduce_all, reduce_sum
from minitf.ragged.checks import int_tensor, splits_of
from minitf.ragged.ranges import repeat_ranges
from minitf.ragged.rows import SPLITS
from minitf.ragged.tensor import as_ragged_or_tensor


class RaggedTensorDynamicShape:
    """The sizes of the outer axes, and a vector of those of the inner ones, which are not ragged.

    A size is a scalar, or for a ragged axis the vector of the lengths of its rows. ValueError where
    the first axis is ragged, or the last of the outer ones is not.
    """

    def __init__(
        self, partitioned_dim_sizes: Any, inner_dim_sizes: Any, dim_size_dtype: Any = None
    ) -> None:
        parts = (*partitioned_dim_sizes, inner_dim_sizes)
        with name_scope(None, "RaggedTensorDynamicShape", parts):
            outer = [convert_to_tensor(size, name=f"partitioned_dimension_size_{axis}")
                     for axis, size in enumerate(partitioned_dim_sizes)]  # fmt: skip
            inner = convert_to_tensor(inner_dim_sizes, name="inner_dim_sizes")
            _check_outer(outer)
            inner.shape.assert_has_rank(1)
            dtype = _type_of(outer) if dim_size_dtype is None else dim_size_dtype
            self._outer = tuple(cast(size, dtype) for size in outer)
            self._inner = cast(inner, dtype)

    @staticmethod
    def from_dim_sizes(dim_sizes: Any) -> RaggedTensorDynamicShape:
        """Of a scalar for each axis, or the vector of the lengths of its rows."""
        with name_scope(None, "RaggedTensorDynamicShapeFromDimensionSizes", [dim_sizes]):
            sizes = [convert_to_tensor(size, dtype_hint=int64, name="dim_sizes")
                     for size in dim_sizes]  # fmt: skip
            outer = 0
            for axis, each in enumerate(sizes):
                if each.shape.ndims not in (0, 1):
                    raise ValueError("Each dim_size must be a scalar or a vector")
                outer = axis + 1 if each.shape.ndims == 1 else outer
            return RaggedTensorDynamicShape(sizes[:outer], sizes[outer:])

    @classmethod
    def from_tensor(cls, rt_input: Any, dim_size_dtype: Any = None) -> RaggedTensorDynamicShape:
        """That of a tensor, ragged or not."""
        with name_scope(None, "RaggedTensorDynamicShapeFromTensor", [rt_input]):
            rt = as_ragged_or_tensor(rt_input)
            if not is_ragged(rt):
                return cls([], shape(rt), dim_size_dtype)
            outer = (rt.nrows(), *rt.nested_row_lengths())
            return cls(outer, shape(rt.flat_values)[1:], dim_size_dtype)

    partitioned_dim_sizes = property(lambda self: self._outer)
    inner_dim_sizes = property(lambda self: self._inner)
    num_partitioned_dimensions = property(lambda self: len(self._outer))
    dim_size_dtype = property(lambda self: self._inner.dtype)

    @property
    def num_inner_dimensions(self) -> int | None:
        found: int | None = dimension_value(self._inner.shape[0])
        return found

    @property
    def rank(self) -> int | None:
        inner = self.num_inner_dimensions
        return None if inner is None else len(self._outer) + inner

    def dimension_size(self, axis: int) -> Any:
        """The size of an axis, or the lengths of the rows of a ragged one."""
        _check_axis(axis)
        outer = len(self._outer)
        return self._outer[axis] if axis < outer else self._inner[axis - outer]

    def is_ragged(self, axis: int) -> bool:
        """Whether rows along the axis differ in length."""
        _check_axis(axis)
        if axis < 0:
            raise ValueError("Negative axis values are not supported")
        if self.rank is not None and axis >= self.rank:
            raise ValueError(f"Expected axis={axis} < rank={self.rank}")
        return 0 < axis < len(self._outer) and self._outer[axis].shape.ndims == 1

    def num_slices_in_dimension(self, axis: int) -> Any:
        """How many slices there are in all along the axis."""
        if axis < 0:
            return convert_to_tensor(1, self.dim_size_dtype)
        if self.is_ragged(axis):
            return reduce_sum(self._outer[axis])
        return self.dimension_size(axis) * self.num_slices_in_dimension(axis - 1)

    def with_dim_size_dtype(self, dtype: Any) -> RaggedTensorDynamicShape:
        """The same with sizes of type int32, or int64. ValueError for other types."""
        if dtype not in SPLITS:
            raise ValueError(f"dtype must be int32 or int64, got {dtype!r}")
        if self.dim_size_dtype == dtype:
            return self
        return RaggedTensorDynamicShape(self._outer, self._inner, dtype)

    # -- broadcasting ----------------------------------------------------------------------------

    def broadcast_to_rank(self, rank: int) -> RaggedTensorDynamicShape:
        """With as many axes of size 1 in front as it lacks. ValueError where it has more."""
        if self.rank is None:
            raise ValueError("Unable to broadcast: self.rank is unknown")
        lacking = rank - self.rank
        if lacking < 0:
            raise ValueError(f"Unable to broadcast: rank={rank} must be greater than "
                             f"self.rank={self.rank}.")  # fmt: skip
        if not lacking:
            return self
        if self._outer:
            return RaggedTensorDynamicShape((*[1] * lacking, *self._outer), self._inner)
        inner = concat([ones([lacking], self.dim_size_dtype), self._inner], axis=0)
        return RaggedTensorDynamicShape([], inner)

    def broadcast_dimension(self, axis: int, lengths: Any) -> RaggedTensorDynamicShape:
        """With an axis of size 1 repeated to `lengths`: a size, or one for each row.

        A run raises InvalidArgumentError for an axis of another size that is not these.
        """
        lengths = int_tensor(lengths, "lengths", self.dim_size_dtype)
        if lengths.shape.ndims is None:
            raise ValueError("lengths must have a known rank.")
        if lengths.shape.ndims > 1:
            raise ValueError("lengths must be a scalar or vector")
        with control_dependencies([self._can_be(axis, lengths)]):
            if self.is_ragged(axis):
                return RaggedTensorDynamicShape(self._outer, identity(self._inner))
            if axis < len(self._outer):
                return self._broadcast_outer(axis, lengths)
            if lengths.shape.ndims == 0:
                return self._broadcast_inner(axis, lengths)
            if axis == 0:
                raise ValueError("Unable to broadcast: outermost dimension must be uniform.")
            return self._made_ragged(axis, lengths)

    def _can_be(self, axis: int, lengths: Any) -> Any:
        size, is_scalar = self.dimension_size(axis), lengths.shape.ndims == 0
        if self.is_ragged(axis):
            fits = equal(lengths, 1) if is_scalar else reduce_all(equal(lengths, size))
        elif is_scalar:
            fits = logical_or(logical_or(equal(lengths, 1), equal(size, 1)), equal(size, lengths))
        else:
            fits = equal(size, 1)
        message = "Unable to broadcast: dimension size mismatch in dimension"
        if constant_value(fits) is not None and not constant_value(fits):
            known = f"lengths={constant_value(lengths)} dim_size={constant_value(size)}"
            raise InvalidArgumentError(None, None, f"{message} {axis} {known}")
        return Assert(fits, [message, axis, "lengths=", lengths, "dim_size=", size], summarize=10)

    def _broadcast_outer(self, axis: int, lengths: Any) -> RaggedTensorDynamicShape:
        size = self.dimension_size(axis)
        if lengths.shape.ndims == 0:
            is_one = equal(size, 1)
            one = convert_to_tensor(1, self.dim_size_dtype)
            repeats = where(is_one, lengths, one)
            lengths = where(is_one, lengths, size)
            splits = stack([0, self.num_slices_in_dimension(axis)])
        else:
            splits = range_(size_of(lengths, out_type=self.dim_size_dtype) + 1)
            repeats = lengths
        sizes = [*self._outer[:axis], lengths]
        for each in self._outer[axis + 1 :]:
            if each.shape.ndims == 0:
                sizes.append(each)
                splits *= each
            else:
                sizes.append(repeat_ranges(each, splits, repeats))
                splits = gather(splits_of(each), splits)
        return RaggedTensorDynamicShape(sizes, self._inner)

    def _broadcast_inner(self, axis: int, length: Any) -> RaggedTensorDynamicShape:
        size, at = self.dimension_size(axis), axis - len(self._outer)
        new = where(equal(size, 1), length, size)
        inner = concat([self._inner[:at], [new], self._inner[at + 1 :]], axis=0)
        return RaggedTensorDynamicShape(self._outer, inner)

    def _made_ragged(self, axis: int, lengths: Any) -> RaggedTensorDynamicShape:
        at = axis - len(self._outer)
        outer = (*self._outer, *(self._inner[i] for i in range(at)), lengths)
        return RaggedTensorDynamicShape(outer, self._inner[at + 1 :])

    def __repr__(self) -> str:
        return (f"RaggedTensorDynamicShape(partitioned_dim_sizes={self._outer!r}, "
                f"inner_dim_sizes={self._inner!r})")  # fmt: skip


def _check_axis(axis: Any) -> None:
    if not isinstance(axis, int):
        raise TypeError(f"axis must be an integer, got {axis!r}")


def _check_outer(outer: list[Any]) -> None:
    for axis, each in enumerate(outer):
        if each.shape.ndims is None:
            raise ValueError(f"rank of partitioned_dim_sizes[{axis}] is unknown")
        each.shape.with_rank_at_most(1)
    if outer and outer[0].shape.ndims == 1:
        raise ValueError("outermost partitioned dimension must be uniform")
    if outer and outer[-1].shape.ndims == 0:
        raise ValueError("innermost partitioned dimension must be ragged")


def _type_of(outer: list[Any]) -> Any:
    """The type of the lengths of rows, int64 without any. ValueError for two types."""
    types = {each.dtype for each in outer if each.shape.ndims == 1}
    if len(types) > 1:
        raise ValueError(
            "partitioned_dim_sizes must have matching dtypes, got int32 and int64; use "
            "RaggedTensor.with_row_splits_dtype() to convert them."
        )
    return types.pop() if types else int64


def _are_equal(size: Any, other: Any) -> bool:
    """Whether two sizes are known to be equal before any run."""
    known, theirs = constant_value(size), constant_value(other)
    return known is not None and theirs is not None and np.array_equal(known, theirs)


def broadcast_dynamic_shape(shape_x: Any, shape_y: Any) -> RaggedTensorDynamicShape:
    """The shape that values of both broadcast to. ValueError for unknown ranks."""
    for name, each in (("shape_x", shape_x), ("shape_y", shape_y)):
        if not isinstance(each, RaggedTensorDynamicShape):
            raise TypeError(f"{name} must be a RaggedTensorDynamicShape, got {each!r}")
        if each.rank is None:
            raise ValueError("Unable to broadcast: unknown rank")
    rank = max(shape_x.rank, shape_y.rank)
    shape_x, shape_y = shape_x.broadcast_to_rank(rank), shape_y.broadcast_to_rank(rank)
    for axis in range(rank):
        if _are_equal(shape_x.dimension_size(axis), shape_y.dimension_size(axis)):
            continue
        shape_x = shape_x.broadcast_dimension(axis, shape_y.dimension_size(axis))
        shape_y = shape_y.broadcast_dimension(axis, shape_x.dimension_size(axis))
    return shape_x
