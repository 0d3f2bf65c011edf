"""What is known of a value before it is there: `tf.TensorSpec`, `tf.SparseTensorSpec`."""
from __future__ import annotations

from typing import Any

from minitf.core import tensor_shape
from minitf.core.dtypes import DType, as_dtype, float32
from minitf.core.sparse_tensor import SparseTensor, SparseTensorValue
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import TensorShape


class TypeSpec:
    """The type of a value that is one or several tensors."""

    __slots__ = ()

    @property
    def value_type(self) -> Any:
        """The class of the values."""
        raise NotImplementedError

    def _parts(self) -> tuple[Any, ...]:
        """What it is made of: the arguments of its class."""
        raise NotImplementedError

    def _of(self, value: Any) -> TypeSpec | None:
        """The spec of a value, None when it is of another class."""
        raise NotImplementedError

    def is_compatible_with(self, spec_or_value: Any) -> bool:
        """Whether a value of the other spec, or this value, may be one of this spec."""
        other = spec_or_value
        other = other if isinstance(other, TypeSpec) else self._of(other)
        if type(other) is not type(self):
            return False
        return all(map(_compatible, self._parts(), other._parts()))

    def most_specific_compatible_type(self, other: Any) -> Any:
        """The spec that values of both are of. ValueError where there is none."""
        pairs = () if type(other) is not type(self) else zip(self._parts(), other._parts())
        merged = [_joined(a, b) for a, b in pairs]
        if not merged or any(part is _APART for part in merged):
            raise ValueError(f"Types are not compatible: {self!r} vs {other!r}")
        return type(self)(*merged)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TypeSpec) or type(other) is not type(self):
            return False
        return _plain(self._parts()) == _plain(other._parts())

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((type(self), repr(_plain(self._parts()))))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self._parts()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self._parts()))})"


_APART = object()


def _compatible(a: Any, b: Any) -> bool:
    if isinstance(a, TensorShape):
        return a.is_compatible_with(b)
    if isinstance(a, tuple):
        return isinstance(b, tuple) and len(a) == len(b) and all(map(_compatible, a, b))
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(
            _compatible(part, b[key]) for key, part in a.items()
        )
    return a.is_compatible_with(b) if isinstance(a, (TypeSpec, DType)) else True


def _joined(a: Any, b: Any) -> Any:
    if isinstance(a, TensorShape):
        return a.most_specific_compatible_shape(b)
    if isinstance(a, TypeSpec):
        return a.most_specific_compatible_type(b)
    if isinstance(a, DType):
        return a if a == b else _APART
    return a if a == b else None


def _plain(part: Any) -> Any:
    """Shapes, compared as they stand: an unknown size equals an unknown size."""
    if isinstance(part, TensorShape):
        return part._sizes
    return tuple(map(_plain, part)) if type(part) is tuple else part


class TensorSpec(TypeSpec):
    """The shape and type of a tensor, and its name perhaps."""

    __slots__ = ("_dtype", "_name", "_shape")

    def __init__(self, shape: Any, dtype: Any = float32, name: str | None = None) -> None:
        self._shape, self._dtype, self._name = TensorShape(shape), as_dtype(dtype), name

    @classmethod
    def from_spec(cls, spec: Any, name: str | None = None) -> TensorSpec:
        return cls(spec.shape, spec.dtype, name or spec.name)

    @classmethod
    def from_tensor(cls, tensor: Any, name: str | None = None) -> TensorSpec:
        """The spec of a Tensor. ValueError for anything else."""
        if not isinstance(tensor, Tensor):
            raise ValueError("`tensor` should be a tf.Tensor")
        return cls(tensor.shape, tensor.dtype, name or tensor.op.name)

    shape = property(lambda self: self._shape)
    dtype = property(lambda self: self._dtype)
    name = property(lambda self: self._name)
    value_type = property(lambda self: Tensor)

    def _parts(self) -> tuple[Any, ...]:
        return self._shape, self._dtype, self._name

    def _of(self, value: Any) -> TypeSpec | None:
        return TensorSpec(value.shape, value.dtype) if isinstance(value, Tensor) else None

    def most_specific_compatible_type(self, other: Any) -> TensorSpec:
        """The spec that values of both are of. ValueError where there is none."""
        found: TensorSpec = super().most_specific_compatible_type(other)
        return TensorSpec(found.shape, found.dtype, self._name)

    def __repr__(self) -> str:
        return f"TensorSpec(shape={self._shape}, dtype={self._dtype!r}, name={self._name!r})"


class SparseTensorSpec(TypeSpec):
    """The shape and type of a SparseTensor."""

    __slots__ = ("_dtype", "_shape")

    def __init__(self, shape: Any = None, dtype: Any = float32) -> None:
        self._shape, self._dtype = TensorShape(shape), as_dtype(dtype)

    shape = property(lambda self: self._shape)
    dtype = property(lambda self: self._dtype)
    value_type = property(lambda self: SparseTensor)

    @property
    def rank(self) -> int | None:
        return self._shape.ndims

    def _parts(self) -> tuple[Any, ...]:
        return self._shape, self._dtype

    def _of(self, value: Any) -> TypeSpec | None:
        if isinstance(value, SparseTensorValue):
            value = SparseTensor.from_value(value)
        return SparseTensorSpec(value.shape, value.dtype) if _is_sparse(value) else None


def _is_sparse(value: Any) -> bool:
    return isinstance(value, SparseTensor)


def batched(spec: Any, size: int | None) -> Any:
    """The spec of several values of `spec`, one after the other along a new first axis."""
    shape = TensorShape([size]).concatenate(spec.shape)
    return type(spec)(shape, spec.dtype)


def unbatched(spec: Any) -> Any:
    """The spec of what a value has along its first axis. ValueError where it has no axes."""
    shape = spec.shape._sizes
    if shape == ():
        raise ValueError("Unbatching a tensor is only supported for rank >= 1")
    return type(spec)(None if shape is None else shape[1:], spec.dtype)


def shape_of(spec: Any) -> tensor_shape.Shape:
    """The shape as a tuple, None where the rank is not known."""
    shape: tensor_shape.Shape = spec.shape._sizes
    return shape
