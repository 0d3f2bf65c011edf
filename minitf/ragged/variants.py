"""Ragged tensors as variants, which stand for them in datasets."""
import itertools

import numpy as np

from minitf.core.dtypes import as_dtype, int64, variant
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Attr, Repeat
from minitf.ragged.kernels import Splits, Values, check_splits, splits_of


class Encoded:
    """What a variant holds: the values, and the splits of the ragged axes, the outermost first."""

    __slots__ = ("splits", "values")
    shape = ()  # a variant is a scalar

    def __init__(self, splits, values):
        self.splits, self.values = splits, values

    def rows(self):
        """Each of the rows by itself."""
        outer, *inner = self.splits
        for start, end in itertools.pairwise(outer):
            splits = []
            for each in inner:
                splits.append(each[start : end + 1] - each[start])
                start, end = each[start], each[end]
            yield Encoded(splits, self.values[start:end])


def _encoded_shape(*splits, batched_input, **_):
    if not batched_input:
        return ()
    return (None if not splits[0] or splits[0][0] is None else splits[0][0] - 1,)


@op("RaggedTensorToVariant", shape=_encoded_shape, grad=NOT_DIFFERENTIABLE, host=True)
def ragged_to_variant_op(
    xp, *rt_nested_splits: Splits, rt_dense_values: Values, batched_input
) -> variant:
    """A variant for all of a ragged tensor, or one for each of its rows."""
    check_splits(rt_nested_splits, rt_dense_values)
    whole = Encoded([splits.copy() for splits in rt_nested_splits], rt_dense_values.copy())
    rows = [*whole.rows()] if batched_input else [whole]
    found = np.empty(len(rows), object)
    found[:] = rows
    return found if batched_input else found.reshape(())


def _decoded_shapes(encoded_ragged, *, output_ragged_rank, **_):
    return [*[(None,)] * output_ragged_rank, None]


@op("RaggedTensorFromVariant", shape=_decoded_shapes, grad=NOT_DIFFERENTIABLE, host=True)
def ragged_from_variant_op(
    xp, encoded_ragged: variant, *, input_ragged_rank, output_ragged_rank, Tvalues, Tsplits=int64
) -> [Repeat(Attr("Tsplits"), "output_ragged_rank"), Attr("Tvalues")]:
    """The ragged tensor that variants hold, those along an axis one after the other."""
    encoded = np.asarray(encoded_ragged, object)
    rows, sizes = encoded.ravel().tolist(), encoded.shape
    inner = input_ragged_rank if input_ragged_rank >= 0 else output_ragged_rank - len(sizes)
    if inner + len(sizes) != output_ragged_rank or inner < 0:
        raise ValueError(
            "output_ragged_rank must be equal to input_ragged_rank + encoded_ragged.dims(); "
            f"output_ragged_rank: {output_ragged_rank}, input_ragged_rank: {inner}, "
            f"encoded_ragged.dims(): {len(sizes)}."
        )
    for row in rows:
        _check(row, inner, Tvalues, Tsplits)
    if not sizes:
        return [*rows[0].splits, rows[0].values]
    dtype = Tsplits.numpy
    outer = [np.arange(np.prod(sizes[:axis]) + 1, dtype=dtype) * size
             for axis, size in enumerate(sizes) if axis]  # fmt: skip
    return [*outer, *_joined(rows, inner, dtype), _joined_values(rows, Tvalues)]


def _check(row, ragged_rank, values_type, splits_type):
    if not isinstance(row, Encoded) or len(row.splits) != ragged_rank:
        raise ValueError(f"Encoded input Variant does not wrap a RaggedTensor of {ragged_rank} "
                         "ragged axes.")  # fmt: skip
    if row.values.dtype != values_type.numpy:
        raise ValueError(f"Expected values Tensor dtype: {values_type.name}, found: "
                         f"{as_dtype(row.values.dtype).name}")  # fmt: skip
    if any(splits.dtype != splits_type.numpy for splits in row.splits):
        raise ValueError(f"Expected row_splits Tensor dtype: {splits_type.name}, found: "
                         f"{as_dtype(row.splits[0].dtype).name}")  # fmt: skip


def _joined(rows, ragged_rank, dtype):
    """The splits of the rows one after the other, and those of the axes in them."""
    lengths = [len(row.splits[0]) - 1 if row.splits else len(row.values) for row in rows]
    levels = [[np.diff(row.splits[axis]) for row in rows] for axis in range(ragged_rank)]
    joined = [np.concatenate(level) if level else [] for level in levels]
    return [splits_of(each, dtype) for each in (lengths, *joined)]


def _joined_values(rows, dtype):
    parts = [row.values for row in rows]
    return np.concatenate(parts) if parts else np.empty(0, dtype.numpy)
