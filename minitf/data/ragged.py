"""How RaggedTensors are elements of datasets."""
from __future__ import annotations

from typing import Any

from minitf.core.dtypes import variant
from minitf.core.ragged import is_ragged
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import TensorShape, dimension_at_index
from minitf.core.tensor_spec import TensorSpec
from minitf.data import structure
from minitf.ragged.spec import RaggedTensorSpec
from minitf.ragged.tensor import RaggedTensor, as_ragged_or_tensor
from minitf.ragged.variants import ragged_from_variant_op, ragged_to_variant_op


class _RaggedHandler(structure.TensorHandler):
    """How RaggedTensors are elements: each is a variant, as are the rows of one."""

    def spec_of(self, value: Any) -> Any:
        return RaggedTensorSpec.from_value(value) if is_ragged(value) else None

    def tensor_spec(self, spec: Any) -> TensorSpec:
        return TensorSpec(None, variant)

    def encoded(self, spec: Any, value: Any) -> Tensor:
        return _encoded(value, batched_input=False)

    def encoded_rows(self, spec: Any, value: Any) -> Tensor:
        return _encoded(value, batched_input=True)

    def decoded(self, spec: Any, tensor: Tensor) -> Any:
        rank = spec._ragged_rank
        if rank <= 0:
            raise ValueError(
                f"ragged_rank must be non-negative; got {rank}. The rows of a RaggedTensor with "
                "one ragged axis are not ragged: batch(...) makes ragged elements of them."
            )
        *splits, values = ragged_from_variant_op(
            tensor, input_ragged_rank=-1, output_ragged_rank=rank, Tvalues=spec._dtype,
            Tsplits=spec._row_splits_dtype,
        )  # fmt: skip
        if spec._shape.ndims is not None:
            splits[0].set_shape([dimension_at_index(spec._shape, 0) + 1])
            values.set_shape(TensorShape([None]).concatenate(spec._shape[rank + 1 :]))
        return RaggedTensor.from_nested_row_splits(values, splits, validate=False)

    def batched(self, spec: Any, size: int | None) -> Any:
        shape = TensorShape([size]).concatenate(spec._shape)
        return RaggedTensorSpec(shape, spec._dtype, spec._ragged_rank + 1, spec._row_splits_dtype)

    def unbatched(self, spec: Any) -> Any:
        shape, rank = spec._shape[1:], spec._ragged_rank - 1
        return RaggedTensorSpec(shape, spec._dtype, rank, spec._row_splits_dtype)

    def legacy(self, spec: Any) -> tuple[Any, Any, Any]:
        return spec._dtype, spec._shape, spec


def _encoded(value: Any, batched_input: bool) -> Tensor:
    rt = as_ragged_or_tensor(value)
    found: Tensor = ragged_to_variant_op(
        *rt.nested_row_splits, rt_dense_values=rt.flat_values, batched_input=batched_input
    )
    return found


structure.HANDLERS[RaggedTensorSpec] = _RaggedHandler()
