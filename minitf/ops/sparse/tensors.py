"""Sparse tensors made, ordered and made dense: `tf.sparse_placeholder`, `tf.sparse.to_dense`."""
from collections.abc import Iterable
from numbers import Integral

import numpy as np

from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32, int64
from minitf.core.graph import control_dependencies, name_scope
from minitf.core.indexed_slices import IndexedSlices
from minitf.core.literals import ints
from minitf.core.op import op
from minitf.core.schema import T, TypeAttr
from minitf.core.shape_rules import sizes
from minitf.core.sparse_tensor import SparseTensor, as_sparse, is_sparse
from minitf.core.static import constant_value
from minitf.core.tensor import OPERATORS, Tensor
from minitf.core.tensor_shape import dimension_at_index, merge, printed
from minitf.ops.array.basics import fill, identity, ones, ones_like, reshape, shape, zeros
from minitf.ops.array.indexing import gather, gather_nd_op
from minitf.ops.array.joining import concat, stack
from minitf.ops.array.masks import where
from minitf.ops.array.sequences import invert_permutation
from minitf.ops.array.sequences import range as range_
from minitf.ops.array.unique import setdiff1d
from minitf.ops.control_flow.check import assert_equal, assert_less_equal
from minitf.ops.math.elementwise import cast, maximum, minimum, not_equal
from minitf.ops.reduction.axes import expand_dims, transpose
from minitf.ops.reduction.reduce import prod_op, reduce_max, reduce_sum
from minitf.ops.state.placeholder import placeholder

Shape = TypeAttr("_", (int64,), static=True)  # the dense shape
Places = TypeAttr("Tindices", (int32, int64))

# -- places ---------------------------------------------------------------------------------------


def linear(indices, dense_shape):
    """The number of each element in the order of rows. ValueError for a place outside."""
    whole = ints(dense_shape)
    if indices.ndim != 2 or indices.shape[1] != len(whole):
        raise _unfit(indices, whole)
    columns = [column.astype(np.int64) for column in indices.T]
    for column, size in zip(columns, whole):
        if column.size and column.view(np.uint64).max() >= size:  # so are negative ones
            raise _outside(indices, whole)
    numbers = columns[0] if whole else np.zeros(len(indices), np.int64)
    for column, size in zip(columns[1:], whole[1:]):
        numbers = numbers * size + column
    return numbers


def covering(indices, dense_shape):
    """The sizes, greater where places are outside: what only orders places does not mind."""
    whole = ints(dense_shape)
    if not len(indices) or indices.shape[1:] != (len(whole),):
        return whole
    return tuple(max(size, most + 1) for size, most in zip(whole, indices.max(0).tolist()))


def _unfit(indices, whole):
    return ValueError(f"indices of shape {list(indices.shape)} do not name elements of a tensor "
                      f"of shape {list(whole)}")  # fmt: skip


def _outside(indices, whole):
    row = int(((indices < 0) | (indices >= np.array(whole))).any(1).argmax())
    return ValueError(f"indices[{row}] = {indices[row].tolist()} is out of bounds: need 0 <= "
                      f"index < {list(whole)}")  # fmt: skip


def where_among(known, numbers):
    """Where each of the numbers is among those that are known, -1 for what is not there."""
    known = np.append(known, -1)
    order = np.argsort(known, kind="stable")
    found = np.minimum(np.searchsorted(known, numbers, sorter=order), len(order) - 1)
    places = order[found]
    return np.where(known[places] == numbers, places, -1)


def places_of(numbers, dense_shape):
    """The inverse of `linear`."""
    whole = ints(dense_shape)
    if not whole:
        return np.zeros((len(numbers), 0), np.int64)
    return np.stack(np.unravel_index(numbers, whole), 1).astype(np.int64).reshape(-1, len(whole))


def check_parts(indices, values, dense_shape):
    """ValueError unless the shapes of the parts fit each other; (number of values, rank)."""
    for what, part, count in (("indices", indices, 2), ("values", values, 1)):
        if part is not None and len(part) != count:
            raise ValueError(f"{what}: Shape must be rank {count} but is rank {len(part)}")
    rows = merge(None if indices is None else indices[:1], values)
    length = None if dense_shape is None else (len(dense_shape),)
    columns = merge(None if indices is None else indices[1:], length)
    if rows is False or columns is False:
        raise ValueError(f"indices {printed(indices)}, values {printed(values)} and a dense_shape "
                         f"of rank {length and length[0]} do not belong together")  # fmt: skip
    return rows and rows[0], columns and columns[0]


def rows_of(indices, values, *_):
    """The static shape of something for each element: [number of values]."""
    known = [part[0] for part in (indices, values) if part]
    return (next((rows for rows in known if rows is not None), None),)


def _shape_of(sp, out_type, name):
    return cast(sp.dense_shape, out_type, name=name)


def _size_of(sp, out_type, name):
    return prod_op(cast(sp.dense_shape, out_type), 0, name=name)


OPERATORS["sparse_Shape"], OPERATORS["sparse_Size"] = _shape_of, _size_of

# -- order ----------------------------------------------------------------------------------------


def _reordered_shape(indices, values, dense_shape):
    count, depth = check_parts(indices, values, dense_shape)
    return [(count, depth), (count,)]


@op("SparseReorder", shape=_reordered_shape, host=True)
def sparse_reorder_op(xp, input_indices: int64, input_values: T, input_shape: Shape) -> [int64, T]:
    """The elements in the order of rows, those outside the shape, too."""
    rank = len(ints(input_shape))
    if input_indices.ndim != 2 or input_indices.shape[1] != rank:
        raise _unfit(input_indices, ints(input_shape))
    order = np.lexsort(input_indices.T[::-1]) if rank else np.arange(len(input_indices))
    return [input_indices[order], input_values[order]]


@sparse_reorder_op.gradient
def _(ys, dys, indices, values, dense_shape):
    numbers = range_(shape(indices)[0])
    order = sparse_reorder_op(indices, numbers, dense_shape)[1]
    return None, gather(dys[1], invert_permutation(order)), None


def known_shape(sp):
    """The dense shape as numbers where all are known, else as a tensor."""
    return sp.shape.as_list() if sp.shape.is_fully_defined() else sp.dense_shape


def sparse_reorder(sp_input, name=None):
    """The SparseTensor with its elements in the order of rows."""
    sp_input = as_sparse(sp_input)
    parts = sparse_reorder_op(sp_input.indices, sp_input.values, sp_input.dense_shape, name=name)
    dense_shape = known_shape(sp_input)
    if isinstance(dense_shape, Tensor):
        dense_shape = identity(dense_shape)
    return SparseTensor(*parts, dense_shape)


def sparse_transpose(sp_input, perm=None, name=None):
    """The SparseTensor with its axes in the order `perm`; reversed when it is None."""
    with name_scope(name, "SparseTranspose", [sp_input]):
        if perm is None:
            count = shape(sp_input.dense_shape)[0]
            perm = (count - 1) - range_(0, count, 1)
        perm = convert_to_tensor(perm)
        axes, known = perm._shape, sp_input.dense_shape._shape
        if merge(axes, known) is False:
            raise ValueError(f"Dimensions {axes[0]} and {known[0]} are not compatible: perm must "
                             "have an element for each axis")  # fmt: skip
        indices = transpose(gather(transpose(sp_input.indices), perm))
        turned = SparseTensor(indices, sp_input.values, gather(sp_input.dense_shape, perm))
        return sparse_reorder(turned)


# -- dense ----------------------------------------------------------------------------------------


def _dense_shape(sparse_indices, output_shape, sparse_values, default_value, *, validate_indices):
    if default_value not in (None, ()):
        raise ValueError("default_value must be a scalar")
    return sizes(output_shape)


@op("SparseToDense", shape=_dense_shape, host=True)
def sparse_to_dense_op(
    xp, sparse_indices: Places, output_shape: TypeAttr("Tindices", Places.allowed, static=True),
    sparse_values: T, default_value: T, *, validate_indices=True,
) -> T:  # fmt: skip
    """The values at their places, the default everywhere else."""
    out = np.full(ints(output_shape), default_value, sparse_values.dtype)
    indices = sparse_indices.reshape(-1, 1) if sparse_indices.ndim < 2 else sparse_indices
    numbers = linear(indices, out.shape)
    if sparse_values.ndim and sparse_values.shape != numbers.shape:
        raise ValueError(f"sparse_values has incorrect shape {list(sparse_values.shape)}, should "
                         f"be [] or {list(numbers.shape)}")  # fmt: skip
    if validate_indices and len(numbers) > 1 and (numbers[1:] <= numbers[:-1]).any():
        row = int((numbers[1:] <= numbers[:-1]).argmax()) + 1
        what = "repeated" if numbers[row] == numbers[row - 1] else "out of order"
        raise ValueError(f"indices[{row}] = {indices[row].tolist()} is {what}: tf.sparse.reorder "
                         "orders, and validate_indices=False allows repeats")  # fmt: skip
    out.reshape(-1)[numbers] = sparse_values
    return out


@sparse_to_dense_op.gradient
def _(y, dy, indices, dense_shape, values, default, *, validate_indices):
    if indices._shape is not None and len(indices._shape) < 2:
        indices = reshape(indices, [-1, 1])
    picked = gather_nd_op(dy, indices)
    rest = reduce_sum(dy) - reduce_sum(picked)
    return None, None, reduce_sum(picked) if values._shape == () else picked, rest


def sparse_to_dense(
    sparse_indices, output_shape, sparse_values, default_value=0, validate_indices=True, name=None
):
    """A tensor of shape `output_shape`: `sparse_values` at `sparse_indices`, else `default_value`.

    The indices are rows of numbers, or single numbers for a vector; the values a vector or one for
    all. InvalidArgumentError in the run for an index outside, or, if `validate_indices`, for
    indices that are repeated or not in the order of rows.
    """
    return sparse_to_dense_op(sparse_indices, output_shape, sparse_values, default_value,
                              validate_indices=validate_indices, name=name)  # fmt: skip


def sparse_tensor_to_dense(sp_input, default_value=None, validate_indices=True, name=None):
    """The SparseTensor as a Tensor, with `default_value` (zero, or "") where it has none.

    InvalidArgumentError in the run for indices outside, and, if `validate_indices`, for those that
    are repeated or not in the order of rows.
    """
    sp_input = as_sparse(sp_input)
    if default_value is None:
        default_value = zeros([], dtype=sp_input.dtype)
    return sparse_to_dense(sp_input.indices, sp_input.dense_shape, sp_input.values, default_value,
                           validate_indices, name)  # fmt: skip


def from_dense(tensor, name=None):
    """The elements of `tensor` that are not zero, as a SparseTensor."""
    with name_scope(name, "dense_to_sparse"):
        tensor = convert_to_tensor(tensor)
        zero = zeros([], tensor.dtype.base_dtype)
        indices = where(not_equal(tensor, zero))
        return SparseTensor(indices, gather_nd_op(tensor, indices), shape(tensor, out_type=int64))


# -- making ---------------------------------------------------------------------------------------


def sparse_placeholder(dtype, shape=None, name=None):
    """A SparseTensor that `feed_dict` gives: as a SparseTensorValue, or (indices, values, shape).

    With all sizes known `shape` is a constant; with some None, only the rank is known.
    """
    names = [None if name is None else f"{name}/{part}" for part in ("shape", "values", "indices")]
    count = None
    if shape is not None:
        count = shape.shape[0] if isinstance(shape, Tensor) else len(shape)
    if shape is None or (not isinstance(shape, Tensor) and None in _plain(shape)):
        dense_shape = placeholder(int64, [count], names[0])
    else:
        dense_shape = convert_to_tensor(shape, int64, name=names[0])
    values = placeholder(dtype, [None], names[1])
    return SparseTensor(placeholder(int64, [None, count], names[2]), values, dense_shape)


def _plain(shape):
    return [getattr(size, "value", size) for size in shape]


def sparse_eye(num_rows, num_columns=None, dtype="float32", name=None):
    """A sparse matrix with ones on the diagonal; square unless `num_columns` is given."""
    with name_scope(name, "eye", [num_rows, num_columns]):
        rows = _whole(num_rows, "num_rows")
        columns = rows if num_columns is None else _whole(num_columns, "num_columns")
        count = minimum(rows, columns)
        places = range_(count, dtype=int64)
        values = ones(reshape(count, [1]), dtype=dtype)
        return SparseTensor(stack([places, places], axis=1), values, stack([rows, columns]))


def _whole(value, name):
    value = convert_to_tensor(value, name=name)
    if value.dtype not in (int32, int64):
        raise TypeError(f"{name} must be int32 or int64, got {value.dtype.name}")
    return cast(value, int64)


# -- elements chosen ------------------------------------------------------------------------------


def sparse_retain(sp_input, to_retain):
    """The SparseTensor with those elements only for which the vector `to_retain` is true."""
    sp_input = as_sparse(sp_input)
    to_retain = convert_to_tensor(to_retain)
    to_retain.shape.assert_has_rank(1)
    length = dimension_at_index(to_retain.shape, 0)
    dimension_at_index(sp_input.values.shape, 0).merge_with(length)
    kept = reshape(where(to_retain), [-1])
    parts = gather(sp_input.indices, kept), gather(sp_input.values, kept)
    return SparseTensor(*parts, identity(sp_input.dense_shape))


def sparse_mask(a, mask_indices, name=None):
    """The IndexedSlices `a` without the rows that `mask_indices` name."""
    with name_scope(name, "sparse_mask", [a, mask_indices]) as scope:
        kept, rows = setdiff1d(a.indices, mask_indices)
        return IndexedSlices(gather(a.values, rows, name=scope), kept, a.dense_shape)


def sparse_expand_dims(sp_input, axis=None, name=None):
    """The SparseTensor with a new axis of size 1 at `axis`; the last by default."""
    with name_scope(name, "expand_dims", [sp_input]):
        count = sp_input.dense_shape.shape[0].value
        if count is None:
            raise ValueError("tf.sparse.expand_dims needs to know the rank of sp_input")
        if not isinstance(axis, (Integral, type(None))):
            raise TypeError("axis must be an integer value in range [-rank(sp_input) - 1, "
                            f"rank(sp_input)], got {axis!r}")  # fmt: skip
        axis = -1 if axis is None else int(axis)
        axis = axis + count + 1 if axis < 0 else axis
        if not 0 <= axis <= count:
            raise ValueError(f"axis {axis} is not in [{-count - 1}, {count}]")
        column = zeros(stack([shape(sp_input.indices)[0], 1]), dtype=int64)
        indices = concat([sp_input.indices[:, :axis], column, sp_input.indices[:, axis:]], 1)
        one = constant([1], int64, name="new_shape")
        whole = concat([sp_input.dense_shape[:axis], one, sp_input.dense_shape[axis:]], 0)
        return SparseTensor(indices, sp_input.values, whole)


def sparse_reset_shape(sp_input, new_shape=None):
    """The SparseTensor with `new_shape`, which is no smaller; or the tightest that holds it.

    ValueError, or InvalidArgumentError in the run, for a shape of another rank or a smaller one.
    """
    sp_input = as_sparse(sp_input)
    indices, values = identity(sp_input.indices), identity(sp_input.values)
    before = identity(sp_input.dense_shape)
    if new_shape is None:
        tight = reduce_max(indices, axis=0) + ones_like(before)
        return SparseTensor(indices, values, maximum(constant(0, int64), tight))
    wanted = convert_to_tensor(new_shape)
    wanted.shape.assert_has_rank(1)
    wanted = cast(wanted, int64)
    wanted.shape[0].merge_with(before.shape[0])
    known = constant_value(wanted)
    if known is not None and sp_input.shape.is_fully_defined():
        if (np.array(sp_input.shape.as_list()) > known).any():
            raise ValueError("Requested new_shape should have dimension sizes >= sp_input.shape. "
                             f"Found new_shape {known.tolist()}, sp_input.shape {sp_input.shape}.")
        return SparseTensor(indices, values, known)
    same_rank = assert_equal(shape(before), shape(wanted))
    with control_dependencies([same_rank, assert_less_equal(before, wanted)]):
        return SparseTensor(indices, values, identity(wanted))


# -- ids as places --------------------------------------------------------------------------------


def sparse_merge(sp_ids, sp_values, vocab_size, name=None, already_sorted=False):
    """The SparseTensor in which the ids are the last axis: (..., id) has the value beside the id.

    `sp_ids` and `vocab_size`, the length of the new axis, may be lists: then there is an axis for
    each. `already_sorted` says that the result is in order as it comes.
    """
    if is_sparse(sp_ids):
        if not isinstance(vocab_size, (Tensor, Integral)):
            raise TypeError(f"vocab_size has to be a Tensor or Python int. Found "
                            f"{type(vocab_size)}")  # fmt: skip
        sp_ids, vocab_size = [sp_ids], [vocab_size]
    for what, value in (("sp_ids", sp_ids), ("vocab_size", vocab_size)):
        if not isinstance(value, Iterable) or isinstance(value, Tensor):
            raise TypeError(f"{what} has to be a list, found {type(value)}")
    if len(sp_ids) != len(vocab_size):
        raise ValueError("sp_ids and vocab_size have to have equal lengths.")
    with name_scope(name, "SparseMerge", [*sp_ids, sp_values]):
        merged = _merged([as_sparse(ids) for ids in sp_ids], as_sparse(sp_values), vocab_size)
        if already_sorted:
            return merged
        ordered = sparse_reorder(merged)
        return SparseTensor(ordered.indices, ordered.values, merged.dense_shape)


def _merged(sp_ids, sp_values, vocab_size):
    columns = [expand_dims(cast(ids.values, int64), axis=1) for ids in sp_ids]
    lengths = [cast(length, int64) for length in vocab_size]
    indices = concat([sp_ids[0].indices[:, :-1], *columns], 1)
    return SparseTensor(indices, sp_values.values,
                        concat([sp_ids[0].dense_shape[:-1], lengths], 0))  # fmt: skip


def sparse_to_indicator(sp_input, vocab_size, name=None):
    """A bool Tensor [..., vocab_size]: whether the id is among those of the row."""
    sp_input = as_sparse(sp_input)
    with name_scope(name, "SparseToIndicator", [sp_input]) as scope:
        count = expand_dims(shape(sp_input.indices)[0], 0)
        true = SparseTensor(sp_input.indices, fill(count, True), sp_input.dense_shape)
        merged = sparse_merge(sp_input, true, vocab_size)
        return sparse_tensor_to_dense(merged, False, validate_indices=False, name=scope)


