"""The parts of a ragged tensor, and what is asked of its rows."""
from __future__ import annotations

from typing import Any

from minitf.core.dtypes import DType, as_dtype, int32, int64
from minitf.core.eager_tensor import EagerTensor
from minitf.core.graph import name_scope
from minitf.core.ragged import Ragged
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import TensorShape, dimension_at_index
from minitf.ops.array.basics import ones, shape
from minitf.ops.array.indexing import gather
from minitf.ops.array.joining import concat, stack
from minitf.ops.array.rearrange import repeat
from minitf.ops.array.sequences import range as range_
from minitf.ops.math.elementwise import cast, maximum
from minitf.ops.reduction.reduce import reduce_max
from minitf.ragged.value import RaggedTensorValue, value_of

SPLITS = (int32, int64)


class RaggedRows(Ragged):
    """What a RaggedTensor is made of; it says itself how it is made."""

    __array_priority__ = 100  # numpy_array * ragged_tensor asks the ragged tensor first

    def __init__(
        self,
        values: Any,
        row_splits: Any,
        cached_row_lengths: Any = None,
        cached_value_rowids: Any = None,
        cached_nrows: Any = None,
        internal: bool = False,
    ) -> None:
        if not internal:
            raise ValueError(
                "RaggedTensor constructor is private; please use one of the factory methods "
                "instead (e.g., RaggedTensor.from_row_lengths())"
            )
        if not isinstance(row_splits, Tensor):
            raise TypeError(f"Row-partitioning argument must be a Tensor, got {row_splits!r}")
        if not isinstance(values, (RaggedRows, Tensor)):
            raise TypeError(f"values must be a Tensor or RaggedTensor, got {values!r}")
        if row_splits.dtype not in SPLITS:
            raise ValueError("Row-partitioning argument must be int32 or int64")
        row_splits.shape.assert_has_rank(1)
        values.shape.with_rank_at_least(1)
        row_splits.set_shape([None])
        self._values, self._row_splits = values, row_splits
        # What is known besides: it need not be computed of the splits.
        for cached in (cached_row_lengths, cached_value_rowids, cached_nrows):
            if cached is not None and not isinstance(cached, Tensor):
                raise TypeError(f"Cached value must be a Tensor or None. Got {cached!r}")
        self._cached_row_lengths = cached_row_lengths
        self._cached_value_rowids = cached_value_rowids
        self._cached_nrows = cached_nrows

    # -- parts -----------------------------------------------------------------------------------

    values = property(lambda self: self._values)
    row_splits = property(lambda self: self._row_splits)

    @property
    def dtype(self) -> DType:
        found: DType = self._values.dtype
        return found

    @property
    def shape(self) -> TensorShape:
        """What is known of the shape before any run; the sizes of ragged axes are None."""
        rows = dimension_at_index(self._row_splits.shape, 0) - 1
        return TensorShape([rows, None]).concatenate(self._values.shape[1:])

    @property
    def ragged_rank(self) -> int:
        """The number of ragged axes."""
        return len(self.nested_row_splits)

    @property
    def flat_values(self) -> Any:
        """The values of the innermost rows, one after the other: a Tensor."""
        inner = self._values
        return inner.flat_values if isinstance(inner, RaggedRows) else inner

    @property
    def nested_row_splits(self) -> tuple[Any, ...]:
        """The row splits of all ragged axes, the outermost first."""
        return tuple(rows._row_splits for rows in self._levels())

    def _levels(self) -> list[RaggedRows]:
        """The tensor, its values, and so on, as far as they are ragged."""
        inner = self._values
        return [self, *(inner._levels() if isinstance(inner, RaggedRows) else ())]

    def _components(self) -> list[Tensor]:
        """What a run fetches and feeds for it."""
        return [self.flat_values, *self.nested_row_splits]

    def _rebuild(self, parts: list[Any]) -> RaggedTensorValue:
        found: RaggedTensorValue = value_of(parts[0], parts[1:])
        return found

    def _with_components(self, parts: list[Any]) -> Any:
        """The ragged tensor of other parts."""
        found = parts[0]
        for row_splits in reversed(parts[1:]):
            found = type(self)(found, row_splits, internal=True)
        return found

    def _as_graph_element(self) -> Tensor:
        """What stands for it where an operation is wanted, as in `tf.control_dependencies`."""
        found: Tensor = self.flat_values
        return found

    def consumers(self) -> list[Any]:
        """The operations that take a part of it as an input."""
        ops = (op for tensor in self._components() for op in tensor.consumers())
        return list(dict.fromkeys(ops))

    # -- rows ------------------------------------------------------------------------------------

    def value_rowids(self, name: str | None = None) -> Any:
        """For each value the number of its row."""
        if self._cached_value_rowids is not None:
            return self._cached_value_rowids
        with name_scope(name, "RaggedValueRowIds", [self]):
            return row_numbers(self._row_splits)

    def nested_value_rowids(self, name: str | None = None) -> tuple[Any, ...]:
        """The `value_rowids()` of all ragged axes, the outermost first."""
        with name_scope(name, "RaggedNestedValueRowIds", [self]):
            return tuple(rows.value_rowids() for rows in self._levels())

    def nrows(self, out_type: Any = None, name: str | None = None) -> Any:
        """The number of rows."""
        dtype = self._row_splits.dtype if out_type is None else as_dtype(out_type)
        if self._cached_nrows is not None:
            return cast(self._cached_nrows, dtype)
        with name_scope(name, "RaggedNRows", [self]):
            return shape(self._row_splits, out_type=dtype)[0] - 1

    def row_starts(self, name: str | None = None) -> Any:
        """Where each row begins among the values."""
        with name_scope(name, "RaggedRowStarts", [self]):
            return self._row_splits[:-1]

    def row_limits(self, name: str | None = None) -> Any:
        """Where each row ends among the values."""
        with name_scope(name, "RaggedRowLimits", [self]):
            return self._row_splits[1:]

    def row_lengths(self, axis: int = 1, name: str | None = None) -> Any:
        """How long the rows are; those of an inner axis are ragged themselves."""
        if self._cached_row_lengths is not None and axis == 1:
            return self._cached_row_lengths
        with name_scope(name, "RaggedRowLengths", [self]):
            axis = positive_axis(axis, self.shape.ndims)
            if axis == 0:
                return self.nrows()
            if axis == 1:
                return lengths_of(self._row_splits)
            if isinstance(self._values, RaggedRows):
                return self.with_values(self._values.row_lengths(axis - 1))
            sizes = shape(self._values, out_type=self._row_splits.dtype)
            alike = ones(sizes[: axis - 1], self._row_splits.dtype) * sizes[axis - 1]
            return self.with_values(alike)

    def nested_row_lengths(self, name: str | None = None) -> tuple[Any, ...]:
        """The `row_lengths()` of all ragged axes, the outermost first."""
        with name_scope(name, "RaggedNestedRowLengths", [self]):
            return tuple(rows.row_lengths() for rows in self._levels())

    def bounding_shape(
        self, axis: Any = None, name: str | None = None, out_type: Any = None
    ) -> Any:
        """The shape of the smallest tensor that it fits in, or the sizes of some axes of it."""
        dtype = self._row_splits.dtype if out_type is None else as_dtype(out_type)
        with name_scope(name, "RaggedBoundingBox", [self, axis]):
            if type(axis) is int and axis == 0:
                return self.nrows(dtype)
            if type(axis) is int and axis == 1:
                return longest(self.row_lengths())  # of their type, as in TensorFlow
            widths = [longest(lengths_of(splits)) for splits in self.nested_row_splits]
            ragged = stack([self.nrows(dtype), *(cast(width, dtype) for width in widths)])
            box = concat([ragged, shape(self.flat_values, out_type=dtype)[1:]], axis=0)
            return box if axis is None else gather(box, axis)

    # -- the same rows with other parts ----------------------------------------------------------

    def with_values(self, new_values: Any) -> Any:
        """The same rows of other values. ValueError when these are not as many."""
        new_values.shape.with_rank_at_least(1)
        self._values.shape[:1].assert_is_compatible_with(new_values.shape[:1])
        if isinstance(new_values, RaggedRows):
            match_splits(self, new_values)
        return type(self)(
            new_values, self._row_splits, self._cached_row_lengths, self._cached_value_rowids,
            self._cached_nrows, internal=True,
        )  # fmt: skip

    def with_flat_values(self, new_values: Any) -> Any:
        """The same rows of other values, in all ragged axes."""
        if isinstance(self._values, RaggedRows):
            new_values = self._values.with_flat_values(new_values)
        return self.with_values(new_values)

    def with_row_splits_dtype(self, dtype: Any) -> Any:
        """The same with splits of type int32, or int64. ValueError for other types."""
        dtype = as_dtype(dtype)
        if dtype not in SPLITS:
            raise ValueError(f"dtype must be int32 or int64, got {dtype!r}")
        if self._row_splits.dtype is dtype:
            return self
        inner = self._values
        values = inner.with_row_splits_dtype(dtype) if isinstance(inner, RaggedRows) else inner
        known = (self._cached_row_lengths, self._cached_value_rowids, self._cached_nrows)
        return type(self)(
            values, cast(self._row_splits, dtype),
            *(None if part is None else cast(part, dtype) for part in known), internal=True,
        )  # fmt: skip

    # -- values ----------------------------------------------------------------------------------

    def to_list(self) -> list[Any]:
        """The rows as nested lists, where operations run at once. ValueError in a graph."""
        if not self._is_eager():
            raise ValueError(
                "RaggedTensor.to_list() is only supported in eager mode; in graph mode, evaluate "
                "the RaggedTensor first and then use RaggedTensorValue.to_list()."
            )
        parts = [part.numpy() for part in self._components()]
        return self._rebuild(parts).to_list()

    def _is_eager(self) -> bool:
        return all(isinstance(part, EagerTensor) for part in self._components())

    def __repr__(self) -> str:
        if self._is_eager():
            return f"<tf.RaggedTensor {self.to_list()}>"
        return f"tf.RaggedTensor(values={self._values}, row_splits={self._row_splits})"


# -- rows as numbers ------------------------------------------------------------------------------


def lengths_of(row_splits: Any) -> Any:
    """The lengths of the rows."""
    return row_splits[1:] - row_splits[:-1]


def longest(lengths: Any) -> Any:
    """The greatest length, 0 where there are none."""
    return maximum(reduce_max(lengths), 0)


def row_numbers(row_splits: Any, out_type: Any = None) -> Any:
    """For each value the number of its row."""
    rows = shape(row_splits, out_type=out_type or row_splits.dtype)[-1] - 1
    return repeat(range_(rows), lengths_of(row_splits), axis=0)


def positive_axis(axis: Any, ndims: int | None) -> int:
    """The axis counted from the front. TypeError unless it is an int, ValueError outside."""
    if not isinstance(axis, int):
        raise TypeError(f"axis must be an int; got {type(axis).__name__}")
    if ndims is None and axis < 0:
        raise ValueError("axis may only be negative if ndims is statically known.")
    if ndims is not None and not -ndims <= axis < ndims:
        raise ValueError(f"axis={axis} out of bounds: expected {-ndims}<=axis<{ndims}")
    return axis + ndims if axis < 0 else axis  # type: ignore[operator]


def match_splits(*values: Any) -> DType:
    """The type of all their row splits, int64 where nothing is ragged. ValueError for two types."""
    types = {value.row_splits.dtype for value in values if isinstance(value, RaggedRows)}
    if len(types) > 1:
        raise ValueError(
            "Input RaggedTensors have mismatched row_splits dtypes, int32 and int64; use "
            "RaggedTensor.with_row_splits_dtype() to convert them to compatible dtypes."
        )
    return types.pop() if types else int64
