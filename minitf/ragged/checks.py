"""What the parts of a ragged tensor are converted to, and have to be."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32, int64
from minitf.core.static import evident_value
from minitf.core.tensor import Tensor
from minitf.ops.array.basics import broadcast_to, rank, shape, zeros
from minitf.ops.array.joining import concat
from minitf.ops.array.masks import where
from minitf.ops.array.sequences import range as range_
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.check import assert_equal, assert_non_negative
from minitf.ops.control_flow.check_static import assert_rank, assert_rank_at_least
from minitf.ops.control_flow.control import Assert, with_dependencies
from minitf.ops.math.elementwise import cast, equal, logical_and, logical_not, not_equal
from minitf.ops.reduction.axes import expand_dims
from minitf.ops.reduction.reduce import reduce_all, reduce_any, reduce_max
from minitf.ops.reduction.scan import cumsum
from minitf.ragged.rows import SPLITS, RaggedRows

# -- what is given --------------------------------------------------------------------------------


def check_validate(validate: Any) -> None:
    if not isinstance(validate, bool):
        raise TypeError(f"validate must have type bool, got {validate!r}")


def check_list(tensors: Any, what: str) -> None:
    if isinstance(tensors, Tensor):
        raise TypeError(f"{what} must be a list of Tensors, got {tensors!r}")


def check_ragged(lengths: Any, padding: Any, ragged_rank: Any) -> None:
    """TypeError and ValueError for arguments that `from_tensor` cannot do with."""
    if lengths is not None and padding is not None:
        raise ValueError("Specify lengths or padding, but not both")
    if not isinstance(ragged_rank, int):
        raise TypeError(f"ragged_rank expected int, got {ragged_rank!r}")
    if ragged_rank <= 0:
        raise ValueError(f"ragged_rank must be greater than 0; got {ragged_rank}")


def is_nested(lengths: Any) -> bool:
    """Whether there is a vector of lengths for each of several axes."""
    return (
        isinstance(lengths, (list, tuple)) and bool(lengths)
        and not isinstance(lengths[0], (int, float))
    )  # fmt: skip


def converted_parts(values: Any, partition: Any, name: str) -> tuple[Any, Any]:
    """The values, and what cuts them into rows, of the type that inner splits have."""
    if not isinstance(values, RaggedRows):
        values = convert_to_tensor(values, name="values")
        keeps = isinstance(partition, np.ndarray) and partition.dtype == np.int32
        hint = None if keeps else int64
        partition = convert_to_tensor(partition, dtype_hint=hint, name=name)
    elif not isinstance(partition, Tensor):
        partition = convert_to_tensor(partition, dtype=values.row_splits.dtype, name=name)
    if partition.dtype not in SPLITS:
        raise ValueError(f"{name} must have dtype int32 or int64, got {partition.dtype.name}")
    if isinstance(values, RaggedRows) and values.row_splits.dtype is not partition.dtype:
        raise ValueError(
            f"dtype mismatch: {name} ({partition.dtype.name}) vs values.row_splits "
            f"({values.row_splits.dtype.name}): with_row_splits_dtype() converts."
        )
    return values, partition


def int_tensor(value: Any, name: str, dtype: Any = int32) -> Any:
    """Integers as a tensor of the type. TypeError for other numbers."""
    tensor = convert_to_tensor(value, name=name, dtype_hint=dtype)
    if not tensor.dtype.is_integer:
        raise TypeError(f"{name} must be an integer tensor; dtype={tensor.dtype!r}")
    return cast(tensor, dtype)


# -- rows -----------------------------------------------------------------------------------------


def splits_of(lengths: Any) -> Any:
    """The row splits of rows of these lengths."""
    return concat([zeros([1], lengths.dtype), cumsum(lengths)], axis=0)


def count_of(values: Any, out_type: Any = int32) -> Any:
    """How many values there are."""
    if isinstance(values, RaggedRows):
        return values.nrows(out_type=out_type)
    return shape(values, out_type=out_type)[0]


def row_count(ids: Any, nrows: Any) -> Any:
    """The number of rows, as many as the last of the ids says where it is None."""
    known = evident_value(ids)
    last = None if known is None else int(known[-1]) if known.size else -1
    if nrows is None and last is None:
        return concat([ids[-1:], [-1]], axis=0)[0] + 1
    if nrows is None:
        return convert_to_tensor(last + 1, ids.dtype, name="nrows")
    nrows = convert_to_tensor(nrows, ids.dtype, name="nrows")
    count = evident_value(nrows)
    if count is not None and count < 0:
        raise ValueError(f"Expected nrows >= 0; got {count}")
    if count is not None and last is not None and count < last + 1:
        raise ValueError("Expected nrows >= value_rowids[-1] + 1; got "
                         f"nrows={count}, value_rowids[-1]={last}")  # fmt: skip
    return nrows


def checked(
    partition: Any, values: Any, method: str, checks: Callable[[str], list[Any]]
) -> Any:
    """The partition once the checks are done; they are given the message of their errors."""
    message = f"Arguments to {method} do not form a valid RaggedTensor"
    found = [assert_rank(partition, 1, message=message), *checks(message)]
    if not isinstance(values, RaggedRows):
        found.append(assert_rank_at_least(values, 1, message=message))
    return with_dependencies(found, partition)


def assert_ascending(numbers: Any, message: str) -> Any:
    return assert_non_negative(numbers[1:] - numbers[:-1], message=message)


def assert_zero(number: Any, message: str) -> Any:
    return assert_equal(number, np.zeros((), number.dtype.as_numpy_dtype), message=message)


def assert_splits_match(nested_splits_lists: Any) -> list[Any]:
    """Checks that ragged tensors have the same rows. ValueError for other numbers of axes."""
    first, *others = nested_splits_lists
    message = "Inputs must have identical ragged splits"
    if any(len(splits) != len(first) for splits in others):
        raise ValueError(message)
    return [assert_equal(ours, theirs, message=message)
            for splits in others for ours, theirs in zip(first, splits)]  # fmt: skip


# -- tensors and sparse tensors -------------------------------------------------------------------


def lengths_without(tensor: Any, padding: Any, width: Any) -> Any:
    """How long the rows of a tensor are without the padding at their ends."""
    padding = convert_to_tensor(padding, name="padding", dtype=tensor.dtype)
    padding.shape.assert_is_compatible_with(tensor.shape[2:])
    alike, axes = equal(padding, tensor), rank(tensor)
    padded = cond(axes > 2, lambda: reduce_all(alike, axis=range_(2, axes)), lambda: alike)
    padded.set_shape([None, None])
    padded.set_shape(tensor.shape[:2])
    there = cast(logical_not(padded), width.dtype)
    return reduce_max(there * expand_dims(range_(1, width + 1), 0), axis=1)


def default_for(default_value: Any, values: Any) -> Any:
    """What stands where a row has ended, of the shape of one of the values."""
    if default_value is None:
        return zeros(shape(values)[1:], dtype=values.dtype)
    rank_of_values = values.shape.ndims
    if rank_of_values is not None:
        default_value.shape.with_rank_at_most(rank_of_values - 1)
    if rank_of_values is None or default_value.shape.ndims != rank_of_values - 1:
        default_value = broadcast_to(default_value, shape(values)[1:])
    default_value.shape.assert_is_compatible_with(values.shape[1:])
    default_value.set_shape(values.shape[1:])
    return default_value


def assert_without_gaps(indices: Any) -> Any:
    """Checks that each row of a sparse matrix starts at its left, and goes on without a gap."""
    prefix, suffix = indices[:, :-1], indices[:, -1]
    is_new = reduce_any(not_equal(prefix[1:], prefix[:-1]), axis=1)
    follows = where(is_new, equal(suffix[1:], 0), equal(suffix[1:], suffix[:-1] + 1))
    fits = logical_and(reduce_all(equal(suffix[:1], 0)), reduce_all(follows))
    return Assert(fits, ["SparseTensor is not right-ragged", "SparseTensor.indices =", indices])
