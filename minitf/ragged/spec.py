"""RaggedTensorSpec: what is known of a ragged tensor before it is there."""
from __future__ import annotations

from typing import Any

from minitf.core.dtypes import as_dtype, float32, int64
from minitf.core.ragged import is_ragged
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import TensorShape
from minitf.core.tensor_spec import TypeSpec
from minitf.ragged.tensor import RaggedTensor


class RaggedTensorSpec(TypeSpec):
    """The shape and type of a RaggedTensor, how many axes are ragged, and the type of its splits.

    By default all axes but the first are ragged. ValueError where that is not known, or they are
    more.
    """

    __slots__ = ("_dtype", "_ragged_rank", "_row_splits_dtype", "_shape")

    def __init__(
        self, shape: Any = None, dtype: Any = float32, ragged_rank: int | None = None,
        row_splits_dtype: Any = int64,
    ) -> None:  # fmt: skip
        self._shape, self._dtype = TensorShape(shape), as_dtype(dtype)
        self._row_splits_dtype = as_dtype(row_splits_dtype)
        rank = self._shape.ndims
        if ragged_rank is None:
            if rank is None:
                raise ValueError("Must specify ragged_rank or a shape with a known rank.")
            ragged_rank = rank - 1
        if not isinstance(ragged_rank, int):
            raise TypeError(f"ragged_rank must be an int, got {ragged_rank!r}")
        if rank is not None and ragged_rank >= rank:
            raise ValueError(f"ragged_rank must be less than rank: {ragged_rank} >= {rank}.")
        self._ragged_rank = ragged_rank

    @classmethod
    def from_value(cls, value: Any) -> RaggedTensorSpec:
        """Of a RaggedTensor, or a RaggedTensorValue."""
        return cls(value.shape, value.values.dtype, value.ragged_rank, value.row_splits.dtype)


    @property
    def value_type(self) -> Any:
        """The class of the values: Tensor where nothing is ragged."""
        return RaggedTensor if self._ragged_rank > 0 else Tensor

    def _parts(self) -> tuple[Any, ...]:
        return self._shape, self._dtype, self._ragged_rank, self._row_splits_dtype

    def _of(self, value: Any) -> TypeSpec | None:
        return RaggedTensorSpec.from_value(value) if is_ragged(value) else None
