"""Dense tensors as sparse ones: `tensorflow.contrib.layers.python.ops.sparse_ops`."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32, int64, string
from minitf.core.graph import name_scope
from minitf.core.sparse_tensor import SparseTensor
from minitf.ops.array.basics import ones_like, reshape, shape, zeros_like
from minitf.ops.array.indexing import gather_nd
from minitf.ops.array.joining import concat
from minitf.ops.array.masks import where
from minitf.ops.math.elementwise import cast, equal, not_equal
from minitf.ops.reduction.reduce import reduce_max
from minitf.ops.reduction.scan import cumsum
from minitf.ops.reduction.unsorted_segments import unsorted_segment_max


def _ignored(dtype, ignore_value):
    """The value that stands for nothing: 0 or "" by default."""
    if ignore_value is None:
        ignore_value = "" if dtype == string else dtype.as_numpy_dtype()
    return cast(ignore_value, dtype, name="ignore_value")


def dense_to_sparse_tensor(dense_tensor, ignore_value=None):
    """The elements that are not `ignore_value` (0 or "" by default), as a SparseTensor."""
    with name_scope("DenseToSparseTensor"):
        dense = convert_to_tensor(dense_tensor)
        present = not_equal(dense, _ignored(dense.dtype, ignore_value))
        indices = where(present, name="indices")
        return SparseTensor(
            indices,
            gather_nd(dense, indices, name="values"),
            shape(dense, out_type=int64, name="dense_shape"),
        )


def indicators_to_sparse_ids(indicators, ignore_value=None, dtype=int64):
    """In each row, the places of the elements that are not `ignore_value`, as a SparseTensor
    without gaps. ValueError for a `dtype` that is no integer.
    """
    if not dtype.is_integer:
        raise ValueError(f"Invalid dtype {dtype} not integer.")
    with name_scope(None, "indicators_to_sparse_ids", (indicators, ignore_value)):
        given = convert_to_tensor(indicators, name="indicators")
        missing = equal(given, _ignored(given.dtype, ignore_value), name="missing")
        zeros = zeros_like(given, dtype=int64, name="zeros")
        ones = ones_like(given, dtype=int64, name="ones")
        present = where(missing, zeros, ones, name="binary_indicators")
        counted = where(missing, zeros, cumsum(present, axis=-1), "row_index_indicators")
        longest = reshape(reduce_max(counted), shape=(1,), name="result_last_dim")
        places = dense_to_sparse_tensor(counted, ignore_value=0)
        columns = reshape(places.values - 1, (-1, 1))
        return SparseTensor(
            concat((places.indices[:, :-1], columns), axis=1, name="indices"),
            cast(places.indices[:, -1], dtype=dtype, name="values"),
            concat((places.dense_shape[0:-1], longest), axis=0, name="dense_shape"),
        )


def sparse_row_envelope(sparse_input, row_axis=0, col_axis=1, name=None):
    """For each row, one more than its last column: its length, 0 where it is empty.

    ValueError for axes that are no integers, or the same.
    """
    if not (isinstance(row_axis, int) and isinstance(col_axis, int)):
        raise ValueError("`row_axis` and `col_axis` must be integers.")
    if row_axis == col_axis:
        raise ValueError("Row and column can not be the same axis.")
    with name_scope(name, "sparse_row_envelope", [sparse_input]):
        rows, columns = sparse_input.indices[:, row_axis], sparse_input.indices[:, col_axis]
        count = cast(sparse_input.dense_shape[row_axis], int32)
        lengths = unsorted_segment_max(columns + 1, rows, count, name=name)
        zeros = zeros_like(lengths)
        return where(lengths > zeros, lengths, zeros)
