"""IndexedSlices: rows of a tensor and where they belong, for a gradient that is mostly zero."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import DType, as_dtype
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import TensorShape

if TYPE_CHECKING:
    from minitf.core.graph import Graph
    from minitf.core.operation import Operation


class IndexedSlices:
    """`values[i]` is to be added to row `indices[i]` of a tensor of shape `dense_shape`.

    What `tf.gradients` returns for a tensor that was read by `tf.gather`; it converts to a dense
    tensor wherever one is wanted.
    """

    __slots__ = ("__weakref__", "_dense_shape", "_indices", "_values")

    def __init__(self, values: Tensor, indices: Tensor, dense_shape: Tensor | None = None) -> None:
        self._values, self._indices, self._dense_shape = values, indices, dense_shape

    @property
    def values(self) -> Tensor:
        return self._values

    @property
    def indices(self) -> Tensor:
        return self._indices

    @property
    def dense_shape(self) -> Tensor | None:
        return self._dense_shape

    @property
    def shape(self) -> TensorShape:
        """The static shape of the dense tensor."""
        if self._dense_shape is None or self._dense_shape._value is None:
            return TensorShape(None)
        return TensorShape(self._dense_shape._value.tolist())

    def _components(self) -> list[Tensor]:
        """What a run fetches and feeds for it."""
        parts = [self._values, self._indices]
        return parts if self._dense_shape is None else [*parts, self._dense_shape]

    def _rebuild(self, parts: list[Any]) -> IndexedSlicesValue:
        values, indices, *shape = parts
        return IndexedSlicesValue(values, indices, shape[0] if shape else None)

    @property
    def name(self) -> str:
        return self._values.name

    @property
    def dtype(self) -> DType:
        return self._values.dtype

    @property
    def device(self) -> str:
        return self._values.device

    @property
    def op(self) -> Operation:
        return self._values.op

    @property
    def graph(self) -> Graph:
        return self._values.graph

    def consumers(self) -> list[Operation]:
        return [op for tensor in self._tensors() for op in tensor.consumers()]

    def _tensors(self) -> list[Tensor]:
        parts = (self._values, self._indices, self._dense_shape)
        return [tensor for tensor in parts if tensor is not None]

    def __neg__(self) -> IndexedSlices:
        return IndexedSlices(-self._values, self._indices, self._dense_shape)  # type: ignore[operator]

    def __str__(self) -> str:
        shape = "" if self._dense_shape is None else f", dense_shape={self._dense_shape}"
        return f"IndexedSlices(indices={self._indices}, values={self._values}{shape})"


def convert_to_tensor_or_indexed_slices(
    value: Any, dtype: Any = None, name: str | None = None
) -> Any:
    """A Tensor, IndexedSlices or SparseTensor as it is, anything else as a Tensor.

    ValueError when it is not of the `dtype`.
    """
    if not isinstance(value, Tensor) and not hasattr(value, "_components"):
        return convert_to_tensor(value, dtype=dtype, name=name)
    if dtype is not None and not as_dtype(dtype).is_compatible_with(value.dtype):
        raise ValueError(
            f"Tensor conversion requested dtype {as_dtype(dtype).name} for Tensor with dtype "
            f"{value.dtype.name}: {str(value)!r}"
        )
    return value


class IndexedSlicesValue(NamedTuple):
    """What a run returns for a fetched IndexedSlices."""

    values: Any
    indices: Any
    dense_shape: Any
