"""SparseTensor: the places and values of the elements of a tensor that are not zero."""
from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import DType, as_dtype, int64
from minitf.core.graph import name_scope
from minitf.core.shape_rules import sizes
from minitf.core.tensor import OPERATORS, Tensor
from minitf.core.tensor_shape import TensorShape

if TYPE_CHECKING:
    from minitf.core.graph import Graph
    from minitf.core.operation import Operation


class SparseTensorValue(NamedTuple):
    """What a run returns for a fetched SparseTensor, and takes to feed one."""

    indices: Any
    values: Any
    dense_shape: Any


class SparseTensor:
    """Element `indices[i]` of a tensor of shape `dense_shape` is `values[i]`, the others are zero.

    `indices` [N, rank] and `dense_shape` [rank] are int64, `values` [N] of any type. Most ops want
    the indices in the order of rows: `tf.sparse.reorder` gives it. ValueError for shapes that do
    not fit each other.
    """

    __slots__ = ("__dict__", "__weakref__", "_dense_shape", "_indices", "_values")
    __array_priority__ = 100  # numpy_array * sparse_tensor asks the sparse tensor first

    def __init__(self, indices: Any, values: Any, dense_shape: Any) -> None:
        with name_scope(None, "SparseTensor", [indices, values, dense_shape]):
            self._indices: Tensor = convert_to_tensor(indices, int64, name="indices")
            self._values: Tensor = convert_to_tensor(values, name="values")
            self._dense_shape: Tensor = convert_to_tensor(dense_shape, int64, name="dense_shape")
        places = self._indices.shape.with_rank(2)
        places[0].merge_with(self._values.shape.with_rank(1)[0])
        places[1].merge_with(self._dense_shape.shape.with_rank(1)[0])

    @classmethod
    def from_value(cls, sparse_tensor_value: Any) -> SparseTensor:
        """Of a SparseTensorValue, or a SparseTensor. TypeError for anything else."""
        if not is_sparse(sparse_tensor_value):
            raise TypeError(
                f"Neither a SparseTensor nor SparseTensorValue: {sparse_tensor_value}."
            )
        return cls(*(getattr(sparse_tensor_value, part) for part in SparseTensorValue._fields))

    @property
    def indices(self) -> Tensor:
        return self._indices

    @property
    def values(self) -> Tensor:
        return self._values

    @property
    def dense_shape(self) -> Tensor:
        return self._dense_shape

    @property
    def shape(self) -> TensorShape:
        """What is known of the shape before any run."""
        known = sizes(self._dense_shape._value)
        if known is None and self._dense_shape._shape not in (None, (None,)):
            return TensorShape([None] * self._dense_shape._shape[0])  # type: ignore[operator]
        return TensorShape(known)

    def get_shape(self) -> TensorShape:
        """What is known of the shape before any run."""
        return self.shape

    @property
    def dtype(self) -> DType:
        return self._values.dtype

    @property
    def op(self) -> Operation:
        return self._values.op

    @property
    def graph(self) -> Graph:
        return self._indices.graph

    @property
    def name(self) -> str:
        return self._values.name

    def eval(self, feed_dict: Any = None, session: Any = None) -> SparseTensorValue:
        """Run what it needs and return its value (in the default session)."""
        return self.graph._session(session, "eval").run(self, feed_dict)

    def consumers(self) -> list[Operation]:
        """The operations that take a part of it as an input."""
        ops = (op for tensor in self._components() for op in tensor.consumers())
        return list(dict.fromkeys(ops))

    def _components(self) -> list[Tensor]:
        """What a run fetches and feeds for it."""
        return [self._indices, self._values, self._dense_shape]

    def _rebuild(self, parts: list[Any]) -> SparseTensorValue:
        return SparseTensorValue(*parts)

    def _mapped(self, function: Callable[[Tensor], Tensor]) -> SparseTensor:
        """With the values that a function of one tensor makes of its own."""
        return SparseTensor(self._indices, function(self._values), self._dense_shape)

    def __str__(self) -> str:
        return (f"SparseTensor(indices={self._indices}, values={self._values}, "
                f"dense_shape={self._dense_shape})")  # fmt: skip

    def __mul__(self, other: Any) -> Any:
        return OPERATORS["sparse_mul"](self, other)

    def __truediv__(self, other: Any) -> Any:
        return OPERATORS["sparse_truediv"](self, other)

    def __div__(self, other: Any) -> Any:
        return OPERATORS["sparse_div"](self, other)


def is_sparse(value: Any) -> bool:
    """Whether it is a SparseTensor or a SparseTensorValue."""
    return isinstance(value, (SparseTensor, SparseTensorValue))


def as_sparse(value: Any) -> SparseTensor:
    """A SparseTensor. TypeError unless the value is one, or a SparseTensorValue."""
    if isinstance(value, SparseTensorValue):
        return SparseTensor.from_value(value)
    if not isinstance(value, SparseTensor):
        raise TypeError(f"Input must be a SparseTensor, got {value!r}.")
    return value


def convert_to_tensor_or_sparse_tensor(
    value: Any, dtype: Any = None, name: str | None = None
) -> Tensor | SparseTensor:
    """A SparseTensor as it is, a SparseTensorValue as a SparseTensor, anything else as a Tensor.

    RuntimeError when it is sparse and not of the `dtype`.
    """
    if isinstance(value, SparseTensorValue):
        value = SparseTensor.from_value(value)
    if not isinstance(value, SparseTensor):
        return convert_to_tensor(value, dtype=dtype, name=name)
    if dtype is not None and not as_dtype(dtype).is_compatible_with(value.dtype):
        raise RuntimeError(
            f"Sparse dtype: requested = {as_dtype(dtype).name}, actual = {value.dtype.name}"
        )
    return value
