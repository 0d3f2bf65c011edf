"""`map_fn` of the rows of ragged tensors, which TensorFlow 1.15 keeps below tensorflow.python."""
from minitf.core import nest
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, int32, int64
from minitf.core.graph import name_scope
from minitf.core.ragged import is_ragged
from minitf.core.sparse_tensor import is_sparse
from minitf.ops.control_flow.tensor_array import TensorArray
from minitf.ops.control_flow.while_loop import while_loop
from minitf.ops.math.elementwise import cast
from minitf.ops.reduction.axes import expand_dims
from minitf.ragged.checks import count_of
from minitf.ragged.rows import lengths_of, match_splits
from minitf.ragged.tensor import RaggedTensor, as_ragged_or_tensor


class RaggedTensorType:
    """What `map_fn` is told of a result that is ragged: its type, and how many axes are."""

    def __init__(self, dtype, ragged_rank, row_splits_dtype=int64):
        self._dtype, self._ragged_rank = dtype, ragged_rank
        self._row_splits_dtype = as_dtype(row_splits_dtype)

    dtype = property(lambda self: self._dtype)
    ragged_rank = property(lambda self: self._ragged_rank)
    row_splits_dtype = property(lambda self: self._row_splits_dtype)


def map_fn(
    fn, elems, dtype=None, parallel_iterations=None, back_prop=True, swap_memory=False,
    infer_shape=True, name=None,
):  # fmt: skip
    """`fn` of each row of `elems`, ragged tensors or others, stacked.

    `dtype` has the structure of what `fn` returns, with a RaggedTensorType for what is ragged when
    it is stacked. TypeError when `fn` is no function, or for sparse tensors; ValueError where a
    result is not of its type.
    """
    if not callable(fn):
        raise TypeError(f"fn must be callable, got {fn!r}")
    if is_sparse(elems):
        raise TypeError(
            "To perform a map on the values of a sparse tensor use SparseTensor(input.indices, "
            "fn(input.values), input.dense_shape)"
        )
    leaves = nest.flatten(elems)
    with name_scope(name, "map", leaves):
        rows = [as_ragged_or_tensor(elem, name="elem") for elem in leaves]
        match_splits(*rows)
        if rows[0].shape.ndims == 0:
            raise ValueError("elems must be a 1+ dimensional Tensor, not a scalar")
        if dtype is None:
            dtype = nest.pack_sequence_as(elems, [row.dtype for row in rows])
        types = nest.flatten(dtype)
        n = cast(count_of(rows[0]), int32)
        arrays = [TensorArray(each, n, dynamic_size=False, infer_shape=infer_shape)
                  for kind in types for each in _types_of_parts(kind)]  # fmt: skip

        def compute(i, arrays):
            found = fn(nest.pack_sequence_as(elems, [row[i] for row in rows]))
            values = zip(nest.flatten(found), types, strict=True)
            parts = [part for value, kind in values for part in _parts(value, kind)]
            return i + 1, [array.write(i, part) for array, part in zip(arrays, parts)]

        _, arrays = while_loop(
            lambda i, _: i < n, compute, (constant(0), arrays),
            parallel_iterations=parallel_iterations or 10, back_prop=back_prop,
            swap_memory=swap_memory, maximum_iterations=n,
        )  # fmt: skip
        remaining = iter(arrays)
        whole = [_joined(kind, remaining) for kind in types]
        return nest.pack_sequence_as(dtype, whole)


def _types_of_parts(kind):
    """The types of the tensors that a row of the result is kept as."""
    if not isinstance(kind, RaggedTensorType):
        return [kind]
    return [kind.dtype, *[kind.row_splits_dtype] * kind.ragged_rank]


def _parts(value, kind):
    """A row of the result as these: its values, its length, and the lengths of rows in it."""
    if not isinstance(kind, RaggedTensorType):
        return [value]
    if not is_ragged(value):
        value = convert_to_tensor(value)
    _check(value, kind)
    length = expand_dims(count_of(value, kind.row_splits_dtype), 0)
    if not is_ragged(value):
        return [value, length]
    return [value.flat_values, length, *map(lengths_of, value.nested_row_splits)]


def _check(value, kind):
    rank = 1 + (value.ragged_rank if is_ragged(value) else 0)
    if rank != kind.ragged_rank:
        raise ValueError(
            f"The declared ragged rank ({kind.ragged_rank}) mismatches the result ({rank})"
        )
    if value.dtype != kind.dtype:
        raise ValueError(f"The declared dtype ({kind.dtype}) mismatches the result ({value.dtype})")
    if is_ragged(value) and value.row_splits.dtype != kind.row_splits_dtype:
        raise ValueError(
            f"The declared row_splits dtype ({kind.row_splits_dtype}) mismatches the result "
            f"({value.row_splits.dtype}).  Use RaggedTensor.with_row_splits_dtype to convert it."
        )


def _joined(kind, arrays):
    """The result of the next of the arrays, as many as it is kept in."""
    if not isinstance(kind, RaggedTensorType):
        return next(arrays).stack()
    values, *lengths = [next(arrays).concat() for _ in _types_of_parts(kind)]
    return RaggedTensor.from_nested_row_lengths(values, lengths, validate=False)
