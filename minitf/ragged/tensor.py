"""RaggedTensor: rows of different lengths; how it is made of rows, and of tensors, and made these.

    words = tf.RaggedTensor.from_row_lengths(["to", "be", "or", "not"], [2, 0, 2])
    words.to_tensor("-")    # [["to", "be"], ["-", "-"], ["or", "not"]]
"""
from __future__ import annotations

from typing import Any

import numpy as np

from minitf.core.convert import convert_to_tensor, register_tensor_conversion_function
from minitf.core.dtypes import as_dtype, bool_, int32, int64
from minitf.core.graph import control_dependencies, name_scope
from minitf.core.sparse_tensor import SparseTensor, as_sparse, is_sparse
from minitf.core.static import constant_value
from minitf.core.tensor import operators
from minitf.ops.array.basics import fill, ones, reshape, shape, zeros
from minitf.ops.array.indexing import gather
from minitf.ops.array.joining import concat, stack
from minitf.ops.array.masks import boolean_mask, sequence_mask, where
from minitf.ops.array.sequences import range as range_
from minitf.ops.control_flow.check import (
    assert_equal,
    assert_less,
    assert_less_equal,
    assert_non_negative,
)
from minitf.ops.control_flow.check_static import assert_rank
from minitf.ops.math.elementwise import cast, maximum, minimum
from minitf.ops.reduction.axes import expand_dims
from minitf.ops.reduction.counting import bincount
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.reduction.scan import cumprod
from minitf.ragged.checks import (
    assert_ascending,
    assert_without_gaps,
    assert_zero,
    check_list,
    check_ragged,
    check_validate,
    checked,
    converted_parts,
    count_of,
    default_for,
    int_tensor,
    is_nested,
    lengths_without,
    row_count,
    splits_of,
)
from minitf.ragged.kernels import ragged_to_sparse_op
from minitf.ragged.rows import RaggedRows, lengths_of, longest
from minitf.ragged.value import RaggedTensorValue


class RaggedTensor(RaggedRows):
    """Row i is `values[row_splits[i]:row_splits[i + 1]]`; `values` is a Tensor, or ragged itself.

    It is made by `tf.ragged.constant`, the `from_...` methods and the ops that give one. With
    `validate` (True) a run raises InvalidArgumentError for rows that do not fit the values.
    Arithmetic, indexing, and many functions of `tf` take it; others want its `flat_values`, or
    `to_tensor()`.
    """

    # -- of rows ---------------------------------------------------------------------------------

    @classmethod
    def from_value_rowids(
        cls, values: Any, value_rowids: Any, nrows: Any = None, name: str | None = None,
        validate: bool = True,
    ) -> RaggedTensor:  # fmt: skip
        """Of the row that each value is in, in order; `nrows` rows in all, or as many as named."""
        check_validate(validate)
        with name_scope(name, "RaggedFromValueRowIds", [values, value_rowids, nrows]):
            values, ids = converted_parts(values, value_rowids, "value_rowids")
            ids.shape.assert_has_rank(1)
            nrows = row_count(ids, nrows)
            known = constant_value(nrows)
            nrows.shape.assert_has_rank(0)
            values.shape[:1].assert_is_compatible_with(ids.shape)
            if validate:
                ids = checked(ids, values, "from_value_rowids", lambda message: [
                    assert_rank(nrows, 0, message=message),
                    assert_equal(count_of(values), count_of(ids), message=message),
                    assert_non_negative(ids[:1], message=message),
                    assert_ascending(ids, message),
                    assert_less(ids[-1:], nrows, message=message),
                ])  # fmt: skip
            count = cast(nrows, int32)
            lengths = bincount(cast(ids, int32), minlength=count, maxlength=count, dtype=ids.dtype)
            splits = splits_of(lengths)
            if known is not None:
                lengths.set_shape([known])
                splits.set_shape([known + 1])
            return cls(values, splits, cached_row_lengths=lengths, cached_value_rowids=ids,
                       cached_nrows=nrows, internal=True)  # fmt: skip

    @classmethod
    def from_row_splits(
        cls, values: Any, row_splits: Any, name: str | None = None, validate: bool = True
    ) -> RaggedTensor:
        """Of the places where rows begin and end: [0, ..., number of values]."""
        check_validate(validate)
        if isinstance(row_splits, (list, tuple)) and not row_splits:
            raise ValueError("row_splits tensor may not be empty.")
        with name_scope(name, "RaggedFromRowSplits", [values, row_splits]):
            values, splits = converted_parts(values, row_splits, "row_splits")
            splits.shape.assert_has_rank(1)
            if validate:
                splits = checked(splits, values, "from_row_splits", lambda message: [
                    assert_zero(splits[0], message), assert_ascending(splits, message),
                    assert_equal(splits[-1], count_of(values, splits.dtype), message=message),
                ])  # fmt: skip
            return cls(values, splits, internal=True)

    @classmethod
    def from_row_lengths(
        cls, values: Any, row_lengths: Any, name: str | None = None, validate: bool = True
    ) -> RaggedTensor:
        """Of the lengths of the rows."""
        check_validate(validate)
        with name_scope(name, "RaggedFromRowLengths", [values, row_lengths]):
            values, lengths = converted_parts(values, row_lengths, "row_lengths")
            lengths.shape.assert_has_rank(1)
            if validate:
                lengths = checked(lengths, values, "from_row_lengths", lambda message: [
                    assert_non_negative(lengths, message=message),
                    assert_equal(reduce_sum(lengths), count_of(values, lengths.dtype),
                                 message=message),
                ])  # fmt: skip
            return cls(values, splits_of(lengths), cached_row_lengths=lengths, internal=True)

    @classmethod
    def from_row_starts(
        cls, values: Any, row_starts: Any, name: str | None = None, validate: bool = True
    ) -> RaggedTensor:
        """Of the places where rows begin."""
        check_validate(validate)
        with name_scope(name, "RaggedFromRowStarts", [values, row_starts]):
            values, starts = converted_parts(values, row_starts, "row_starts")
            starts.shape.assert_has_rank(1)
            count = count_of(values, starts.dtype)
            if validate:
                starts = checked(starts, values, "from_row_starts", lambda message: [
                    assert_zero(starts[:1], message), assert_ascending(starts, message),
                    assert_less_equal(starts[-1:], count, message=message),
                ])  # fmt: skip
            return cls(values, concat([starts, [count]], axis=0), internal=True)

    @classmethod
    def from_row_limits(
        cls, values: Any, row_limits: Any, name: str | None = None, validate: bool = True
    ) -> RaggedTensor:
        """Of the places where rows end."""
        check_validate(validate)
        with name_scope(name, "RaggedFromRowLimits", [values, row_limits]):
            values, limits = converted_parts(values, row_limits, "row_limits")
            limits.shape.assert_has_rank(1)
            if validate:
                limits = checked(limits, values, "from_row_limits", lambda message: [
                    assert_non_negative(limits[:1], message=message),
                    assert_ascending(limits, message),
                    assert_equal(limits[-1:], count_of(values, limits.dtype), message=message),
                ])  # fmt: skip
            return cls(values, concat([zeros([1], limits.dtype), limits], axis=0), internal=True)

    @classmethod
    def from_nested_value_rowids(
        cls, flat_values: Any, nested_value_rowids: Any, nested_nrows: Any = None,
        name: str | None = None, validate: bool = True,
    ) -> Any:  # fmt: skip
        """`from_value_rowids` for several ragged axes, the outermost first."""
        check_validate(validate)
        check_list(nested_value_rowids, "nested_value_rowids")
        check_list(nested_nrows, "nested_nrows")
        counts = [None] * len(nested_value_rowids) if nested_nrows is None else nested_nrows
        if len(counts) != len(nested_value_rowids):
            raise ValueError("nested_nrows must have the same length as nested_value_rowids, "
                             f"{len(nested_value_rowids)}, got {len(counts)}")  # fmt: skip
        parts = [flat_values, *nested_value_rowids, *counts]
        with name_scope(name, "RaggedFromNestedValueRowIds", parts):
            for ids, nrows in reversed(list(zip(nested_value_rowids, counts))):
                flat_values = cls.from_value_rowids(flat_values, ids, nrows, validate=validate)
            return flat_values

    @classmethod
    def from_nested_row_splits(
        cls, flat_values: Any, nested_row_splits: Any, name: str | None = None,
        validate: bool = True,
    ) -> Any:  # fmt: skip
        """`from_row_splits` for several ragged axes, the outermost first."""
        check_list(nested_row_splits, "nested_row_splits")
        with name_scope(name, "RaggedFromNestedRowSplits", [flat_values, *nested_row_splits]):
            return _nested(cls.from_row_splits, flat_values, nested_row_splits, validate)

    @classmethod
    def from_nested_row_lengths(
        cls, flat_values: Any, nested_row_lengths: Any, name: str | None = None,
        validate: bool = True,
    ) -> Any:  # fmt: skip
        """`from_row_lengths` for several ragged axes, the outermost first."""
        check_list(nested_row_lengths, "nested_row_lengths")
        with name_scope(name, "RaggedFromNestedRowlengths", [flat_values, *nested_row_lengths]):
            return _nested(cls.from_row_lengths, flat_values, nested_row_lengths, validate)

    # -- of and to tensors -----------------------------------------------------------------------

    @classmethod
    def from_tensor(
        cls, tensor: Any, lengths: Any = None, padding: Any = None, ragged_rank: int = 1,
        name: str | None = None, row_splits_dtype: Any = int64,
    ) -> RaggedTensor:  # fmt: skip
        """Of a tensor, whose axes 1 to `ragged_rank` become ragged.

        Rows are cut to `lengths`, a vector, or one vector for each of several ragged axes; or where
        nothing but `padding` follows.
        """
        dtype = as_dtype(row_splits_dtype)
        check_ragged(lengths, padding, ragged_rank)
        with name_scope(name, "RaggedFromTensor", [tensor, lengths, padding]):
            tensor = convert_to_tensor(tensor, name="tensor")
            tensor.shape.with_rank_at_least(ragged_rank + 1)
            sizes = shape(tensor, out_type=dtype)
            if ragged_rank > 1:
                return cls._of_inner_axis(tensor, sizes, lengths, padding, ragged_rank)
            if padding is not None:
                lengths = lengths_without(tensor, padding, sizes[1])
            if is_nested(lengths):
                tensor.shape.with_rank_at_least(len(lengths) + 1)
                there = ones([reduce_sum(lengths[-1])], bool_)
                mask = cls.from_nested_row_lengths(there, lengths, validate=False)
                kept = boolean_mask(tensor, mask.to_tensor(default_value=False))
                return cls.from_nested_row_lengths(kept, lengths, validate=False)
            if lengths is None:
                splits = range_(sizes[0] + 1) * sizes[1]
                whole = concat([[sizes[0] * sizes[1]], sizes[2:]], axis=0)
                return cls.from_row_splits(reshape(tensor, whole), splits, validate=False)
            lengths = int_tensor(lengths, "lengths", dtype)
            lengths.shape.assert_has_rank(1)
            lengths = maximum(minimum(lengths, sizes[1]), 0)
            kept = boolean_mask(tensor, sequence_mask(lengths, maxlen=sizes[1]))
            return cls.from_row_splits(kept, splits_of(lengths), validate=False)

    @classmethod
    def _of_inner_axis(
        cls, tensor: Any, sizes: Any, lengths: Any, padding: Any, ragged_rank: int
    ) -> RaggedTensor:
        """Ragged in the axis `ragged_rank`; rows of those before it are of one length."""
        minus_one = np.array([-1], sizes.dtype.as_numpy_dtype)
        flat = reshape(tensor, concat([minus_one, sizes[ragged_rank:]], axis=0))
        values = cls.from_tensor(flat, lengths, padding, row_splits_dtype=sizes.dtype)
        counts = cumprod(sizes)
        outer = [range_(0, counts[axis - 1] + 1) * sizes[axis] for axis in range(1, ragged_rank)]
        found: RaggedTensor = cls.from_nested_row_splits(values, outer, validate=False)
        return found

    def to_tensor(self, default_value: Any = None, name: str | None = None) -> Any:
        """A tensor as wide as the longest row, with `default_value` (zeros) behind shorter ones."""
        with name_scope(name, "RaggedToTensor", [self, default_value]):
            if default_value is not None:
                default_value = convert_to_tensor(default_value, self.dtype, "default_value")
            values = self._values
            if isinstance(values, RaggedTensor):
                values = values.to_tensor(default_value)
            default_value = default_for(default_value, values)
            splits, dtype = self._row_splits, self._row_splits.dtype
            columns = expand_dims(range_(0, longest(lengths_of(splits))), 0)
            places = expand_dims(splits[:-1], 1) + columns
            nothing = fill(shape(places), shape(values, out_type=dtype)[0])
            places = where(places < expand_dims(splits[1:], 1), places, nothing)
            return gather(concat([values, stack([default_value])], axis=0), places)

    @classmethod
    def from_sparse(
        cls, st_input: Any, name: str | None = None, row_splits_dtype: Any = int64
    ) -> RaggedTensor:
        """Of a matrix, a SparseTensor whose rows have elements from the left on without a gap.

        ValueError for another rank; a run raises InvalidArgumentError for rows with gaps.
        """
        dtype = as_dtype(row_splits_dtype)
        if not is_sparse(st_input):
            raise TypeError(f"Expected SparseTensor, got {type(st_input).__name__}")
        with name_scope(name, "RaggedFromSparse", [st_input]):
            st_input = as_sparse(st_input)
            if st_input.shape.ndims != 2 and st_input.indices.shape.with_rank(2)[1].value != 2:
                raise ValueError("rank(st_input) must be 2")
            with control_dependencies([assert_without_gaps(st_input.indices)]):
                rows = cast(st_input.indices[:, 0], dtype)
                count = cast(st_input.dense_shape[0], dtype)
                return cls.from_value_rowids(st_input.values, rows, count, validate=False)

    def to_sparse(self, name: str | None = None) -> SparseTensor:
        """The same elements as a SparseTensor."""
        with name_scope(name, "RaggedToSparse", [self]):
            found = ragged_to_sparse_op(*self.nested_row_splits, rt_dense_values=self.flat_values)
            return SparseTensor(*found)

    def __bool__(self) -> bool:
        raise TypeError("RaggedTensor may not be used as a boolean.")




# What each sign means stands in ragged/operators.py.
operators(RaggedTensor, "ragged_", without=("matmul", "rmatmul"))


def _refuse(value: Any, dtype: Any = None, name: str | None = None, as_ref: bool = False) -> Any:
    raise TypeError(
        f"Failed to convert object of type {type(value)} to Tensor. Contents: {value!r}. Its rows "
        "differ in length: `.to_tensor()` fills them up, `.flat_values` has what is in them, and "
        "tf.ragged.map_flat_values(function, ...) maps these."
    )


register_tensor_conversion_function((RaggedTensor, RaggedTensorValue), _refuse, 0)


def as_ragged_or_tensor(
    value: Any, dtype: Any = None, preferred_dtype: Any = None, name: str | None = None
) -> Any:
    """A RaggedTensor as it is, a RaggedTensorValue as one, anything else as a Tensor.

    ValueError where a RaggedTensor is of another type than `dtype`.
    """
    if isinstance(value, RaggedTensorValue):
        with name_scope(name, "ConvertToTensorOrRaggedTensor"):
            flat = convert_to_tensor(value.flat_values, dtype, "flat_values", preferred_dtype)
            splits = value.nested_row_splits
            return RaggedTensor.from_nested_row_splits(flat, splits, validate=False)
    if not isinstance(value, RaggedTensor):
        return convert_to_tensor(value, dtype, name, preferred_dtype)
    if dtype is not None and not as_dtype(dtype).is_compatible_with(value.dtype):
        raise ValueError(
            f"Tensor conversion requested dtype {as_dtype(dtype).name} for RaggedTensor with dtype "
            f"{value.dtype.name}: {value!r}"
        )
    return value


def _nested(make: Any, values: Any, parts: Any, validate: bool) -> Any:
    """The values in rows, those in rows again, and so on: from the inside out."""
    check_validate(validate)
    for each in reversed(parts):
        values = make(values, each, validate=validate)
    return values
