"""Static shapes as users see them: TensorShape and Dimension, with unknown sizes.

Inside minitf a static shape is a plain tuple of `int | None`, or None when even the rank is
unknown (`Shape` below); TensorShape is what `tensor.shape` hands out.
"""
from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf.core.behavior import ON, holds
from minitf.core.proto.graph_def import TensorShapeProto

Shape = tuple[int | None, ...] | None


class Dimension:
    """One size of a shape: a number, or unknown (`value` is None)."""

    __slots__ = ("_value",)

    def __init__(self, value: Any) -> None:
        self._value = _size(value)

    @property
    def value(self) -> int | None:
        return self._value

    def is_compatible_with(self, other: Any) -> bool:
        """Whether both could be the same size; an unknown one could be any."""
        other = as_dimension(other)
        return self._value is None or other._value is None or self._value == other._value

    def assert_is_compatible_with(self, other: Any) -> None:
        """ValueError unless `other` could be the same size."""
        if not self.is_compatible_with(other):
            raise ValueError(f"Dimensions {self} and {as_dimension(other)} are not compatible")

    def merge_with(self, other: Any) -> Dimension:
        """What is known when both must be equal. ValueError when they cannot be."""
        other = as_dimension(other)
        self.assert_is_compatible_with(other)
        return Dimension(other._value if self._value is None else self._value)

    def _apply(self, other: Any, function: Any, swap: bool = False) -> Any:
        try:
            other = as_dimension(other)
        except (TypeError, ValueError):
            return NotImplemented
        pair = (other._value, self._value) if swap else (self._value, other._value)
        return Dimension(None if None in pair else function(*pair))

    def _compare(self, other: Any, function: Any) -> Any:
        try:
            other = as_dimension(other)
        except (TypeError, ValueError):
            return NotImplemented
        known = self._value is not None and other._value is not None
        return function(self._value, other._value) if known else None

    def __add__(self, other: Any) -> Any:
        return self._apply(other, lambda a, b: a + b)

    def __radd__(self, other: Any) -> Any:
        return self._apply(other, lambda a, b: a + b, swap=True)

    def __sub__(self, other: Any) -> Any:
        return self._apply(other, lambda a, b: a - b)

    def __rsub__(self, other: Any) -> Any:
        return self._apply(other, lambda a, b: a - b, swap=True)

    def __mul__(self, other: Any) -> Any:
        return self._apply(other, lambda a, b: a * b)

    def __rmul__(self, other: Any) -> Any:
        return self._apply(other, lambda a, b: a * b, swap=True)

    def __floordiv__(self, other: Any) -> Any:
        return self._apply(other, lambda a, b: a // b)

    def __rfloordiv__(self, other: Any) -> Any:
        return self._apply(other, lambda a, b: a // b, swap=True)

    def __div__(self, other: Any) -> Any:
        return self // other

    def __truediv__(self, other: Any) -> Any:
        raise TypeError(
            f"unsupported operand type(s) for /: 'Dimension' and '{type(other).__name__}', "
            "please use // instead"
        )

    def __rtruediv__(self, other: Any) -> Any:
        raise TypeError(
            f"unsupported operand type(s) for /: '{type(other).__name__}' and 'Dimension', "
            "please use // instead"
        )

    def __mod__(self, other: Any) -> Any:
        return self._apply(other, lambda a, b: a % b)

    def __rmod__(self, other: Any) -> Any:
        return self._apply(other, lambda a, b: a % b, swap=True)

    def __eq__(self, other: object) -> Any:
        return self._compare(other, lambda a, b: a == b)

    def __ne__(self, other: object) -> Any:
        return self._compare(other, lambda a, b: a != b)

    def __lt__(self, other: Any) -> Any:
        return self._compare(other, lambda a, b: a < b)

    def __le__(self, other: Any) -> Any:
        return self._compare(other, lambda a, b: a <= b)

    def __gt__(self, other: Any) -> Any:
        return self._compare(other, lambda a, b: a > b)

    def __ge__(self, other: Any) -> Any:
        return self._compare(other, lambda a, b: a >= b)

    def __hash__(self) -> int:
        return hash(self._value)

    def __int__(self) -> int:
        return self._value  # type: ignore[return-value]  # int(None) raises, as in TensorFlow

    def __index__(self) -> int:
        return self._value  # type: ignore[return-value]

    def __str__(self) -> str:
        return "?" if self._value is None else str(self._value)

    def __repr__(self) -> str:
        return f"Dimension({self._value})"


def as_dimension(value: Any) -> Dimension:
    """`value` as a Dimension: an integer, None, or a Dimension."""
    return value if isinstance(value, Dimension) else Dimension(value)


NUMBERS = "sizes in a TensorShape are numbers"  # of TensorFlow 2; see core/behavior.py


class TensorShape:
    """The shape of a Tensor as far as it is known when the graph is built."""

    __slots__ = ("_sizes",)

    def __init__(self, dims: Any) -> None:
        self._sizes = as_shape(dims)

    @property
    def dims(self) -> list[Dimension] | None:
        return None if self._sizes is None else [Dimension(size) for size in self._sizes]

    _dims = dims  # libraries ask for it

    @property
    def ndims(self) -> int | None:
        return None if self._sizes is None else len(self._sizes)

    rank = ndims

    def as_list(self) -> list[int | None]:
        """The sizes as integers, None for unknown. ValueError when the rank is unknown."""
        if self._sizes is None:
            raise ValueError("as_list() is not defined on an unknown TensorShape.")
        return list(self._sizes)

    def num_elements(self) -> int | None:
        """The product of the sizes, None unless all are known."""
        return num_elements(self._sizes)

    def is_fully_defined(self) -> bool:
        return is_static(self._sizes)

    def assert_is_fully_defined(self) -> None:
        if not self.is_fully_defined():
            raise ValueError(f"Shape {self} is not fully defined")

    def is_compatible_with(self, other: Any) -> bool:
        """Whether some fully known shape fits both."""
        return merge(self._sizes, as_shape(other)) is not False

    def assert_is_compatible_with(self, other: Any) -> None:
        if not self.is_compatible_with(other):
            raise ValueError(f"Shapes {self} and {as_tensor_shape(other)} are incompatible")

    def assert_same_rank(self, other: Any) -> None:
        other = as_tensor_shape(other)
        if None not in (self.ndims, other.ndims) and self.ndims != other.ndims:
            raise ValueError(f"Shapes {self} and {other} must have the same rank")

    def assert_has_rank(self, rank: int) -> None:
        if self.ndims not in (None, rank):
            raise ValueError(f"Shape {self} must have rank {rank}")

    def with_rank(self, rank: int) -> TensorShape:
        """This shape, known to have `rank` dimensions. ValueError when it has another rank."""
        try:
            return self.merge_with(unknown_shape(rank))
        except ValueError:
            raise ValueError(f"Shape {self} must have rank {rank}") from None

    def with_rank_at_least(self, rank: int) -> TensorShape:
        if self.ndims is not None and self.ndims < rank:
            raise ValueError(f"Shape {self} must have rank at least {rank}")
        return self

    def with_rank_at_most(self, rank: int) -> TensorShape:
        if self.ndims is not None and self.ndims > rank:
            raise ValueError(f"Shape {self} must have rank at most {rank}")
        return self

    def merge_with(self, other: Any) -> TensorShape:
        """What is known when both describe one tensor. ValueError when they cannot."""
        merged = merge(self._sizes, as_shape(other))
        if merged is False:
            raise ValueError(f"Shapes {self} and {as_tensor_shape(other)} are not compatible")
        return TensorShape(merged)

    def most_specific_compatible_shape(self, other: Any) -> TensorShape:
        """What this shape and `other` have in common; sizes that differ become unknown."""
        sizes = as_shape(other)
        if self._sizes is None or sizes is None or len(self._sizes) != len(sizes):
            return TensorShape(None)
        return TensorShape([m if m == n else None for m, n in zip(self._sizes, sizes)])

    def concatenate(self, other: Any) -> TensorShape:
        """The dimensions of this shape followed by those of `other`."""
        other = as_shape(other)
        return TensorShape(None if self._sizes is None or other is None else self._sizes + other)

    def __getitem__(self, key: Any) -> Any:
        if self._sizes is not None:
            if isinstance(key, slice):
                return TensorShape(self._sizes[key])
            return self._sizes[key] if holds(NUMBERS) else Dimension(self._sizes[key])
        if not isinstance(key, slice):
            return None if holds(NUMBERS) else Dimension(None)
        if key.stop is None or (key.step or 1) != 1 or (key.start or 0) < 0 or key.stop < 0:
            return unknown_shape()
        return unknown_shape(max(0, key.stop - (key.start or 0)))

    def __iter__(self) -> Iterator[Any]:
        if self._sizes is None:
            raise ValueError("Cannot iterate over a shape with unknown rank.")
        return iter(self._sizes if holds(NUMBERS) else map(Dimension, self._sizes))

    def __len__(self) -> int:
        if self._sizes is None:
            raise ValueError("Cannot take the length of Shape with unknown rank.")
        return len(self._sizes)

    def __bool__(self) -> bool:
        return self._sizes is not None

    def __eq__(self, other: object) -> bool:
        try:
            sizes = as_shape(other)
        except (TypeError, ValueError):
            return NotImplemented
        # An unknown size equals nothing, not even another unknown size; as in TensorFlow.
        return self._sizes == sizes and (sizes is None or None not in sizes)

    def __ne__(self, other: object) -> bool:
        try:
            other_sizes = as_shape(other)
        except (TypeError, ValueError):
            return NotImplemented
        if self._sizes is None or other_sizes is None:
            raise ValueError("The inequality of unknown TensorShapes is undefined.")
        return self._sizes != other_sizes

    def __hash__(self) -> int:
        return hash(self._sizes)

    def __add__(self, other: Any) -> TensorShape:
        return self.concatenate(other)

    def __radd__(self, other: Any) -> TensorShape:
        return as_tensor_shape(other).concatenate(self)

    def __str__(self) -> str:
        if self._sizes is None:
            return "<unknown>"
        unknown = "None" if NUMBERS in ON else "?"
        sizes = [unknown if n is None else str(n) for n in self._sizes]
        return f"({sizes[0]},)" if len(sizes) == 1 else f"({', '.join(sizes)})"

    def __repr__(self) -> str:
        known = NUMBERS in ON and self._sizes is not None
        return f"TensorShape({self.as_list() if known else self.dims})"

    def as_proto(self) -> TensorShapeProto:
        """The shape as a protocol message."""
        if self._sizes is None:
            return TensorShapeProto(unknown_rank=True)
        made = TensorShapeProto()
        if self._sizes:
            sizes = [-1 if size is None else int(size) for size in self._sizes]
            made.dim._put_all([TensorShapeProto.Dim._of(size=size) for size in sizes])
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return TensorShape, (self._sizes,)


@functools.lru_cache(maxsize=4096)
def of_sizes(sizes: Shape) -> TensorShape:
    """The same one for the same sizes: a tensor's shape is one object each time it is asked for."""
    return TensorShape(sizes)


def as_tensor_shape(value: Any) -> TensorShape:
    return value if isinstance(value, TensorShape) else TensorShape(value)


def unknown_shape(rank: int | None = None, *, ndims: int | None = None) -> TensorShape:
    """A shape of which nothing, or only the rank, is known; `ndims` is its older name."""
    rank = ndims if rank is None else rank
    return TensorShape(None if rank is None else (None,) * rank)


def as_shape(value: Any) -> Shape:
    """A shape as a tuple of `int | None`; None when the rank is unknown."""
    if value is None:
        return None
    if isinstance(value, TensorShape):
        return value._sizes
    if isinstance(value, (int, float, np.integer, np.floating, Dimension)):
        return (_size(value),)
    if isinstance(value, TensorShapeProto):
        sizes = [None if dim.size < 0 else dim.size for dim in value.dim]
        return None if value.unknown_rank else tuple(sizes)
    if isinstance(value, (str, bytes)):
        raise TypeError(
            "A string has ambiguous TensorShape, please wrap in a list or convert to an int: "
            f"{value!r}"
        )
    return tuple(_size(size) for size in value)


def _size(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, Dimension):
        return value._value
    try:
        size = value.__index__()
    except AttributeError:
        if hasattr(value, "as_numpy_dtype"):
            raise TypeError(f"A dimension is a size, no type: {value!r}") from None
        size = int(value)
        if size != value and not isinstance(value, (str, bytes)):
            raise ValueError(f"Ambiguous dimension: {value}") from None
    if size < 0:
        raise ValueError(f"Dimension {size} must be >= 0")
    return size


def is_static(shape: Shape) -> bool:
    """Whether every size is known."""
    return shape is not None and None not in shape


def num_elements(shape: Shape) -> int | None:
    """The product of the sizes, None unless all are known."""
    if shape is None or None in shape:
        return None
    total = 1
    for size in shape:
        total *= size  # type: ignore[operator]
    return total


def merge(a: Shape, b: Shape) -> Any:
    """What is known of a shape that is both `a` and `b`; False when there is none."""
    if a is None or b is None:
        return b if a is None else a
    if len(a) != len(b):
        return False
    if any(m != n and m is not None and n is not None for m, n in zip(a, b)):
        return False
    return tuple(n if m is None else m for m, n in zip(a, b))


def printed(shape: Shape) -> str:
    """A shape as messages show it: `[None, 784]`, or `unknown`."""
    return "unknown" if shape is None else str(list(shape))


def dimension_value(dimension: Any) -> Any:
    """The number of a Dimension, None when unknown; a number or None stands for itself."""
    return dimension.value if isinstance(dimension, Dimension) else dimension


def dimension_at_index(shape: TensorShape, index: int) -> Dimension:
    """The Dimension of a shape at an index, unknown when the rank is."""
    if not isinstance(shape, TensorShape):
        raise AssertionError(f"dimension_at_index wants a TensorShape, got {shape!r}")
    return Dimension(None) if shape.dims is None else shape.dims[index]
