"""Sparse tensors joined, cut and reshaped: `tf.sparse_concat`, `tf.sparse_slice`, ..."""
from itertools import pairwise

import numpy as np

from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.deprecation import renamed
from minitf.core.dtypes import bool_, int64
from minitf.core.graph import get_default_graph, name_scope
from minitf.core.literals import ints
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Attr, Repeat, T, TypeAttr
from minitf.core.shape_rules import sizes
from minitf.core.sparse_tensor import SparseTensor, as_sparse
from minitf.core.static import constant_value
from minitf.core.tensor_shape import num_elements
from minitf.ops.array.basics import identity
from minitf.ops.array.joining import concat, stack
from minitf.ops.math.elementwise import cast
from minitf.ops.reduction.reduce import reduce_max
from minitf.ops.sparse.tensors import Shape, check_parts, linear, places_of, rows_of

Parts = TypeAttr("_", each=True)  # indices, values and shapes of several
Axis = TypeAttr("_", (int64,), static=True)

# -- concat ---------------------------------------------------------------------------------------


def _concat_shape(*parts, concat_dim, N, T):
    depths = {part[1] for part in parts[:N] if part is not None} - {None}
    if len(depths) > 1:
        raise ValueError(f"Dimensions must be equal, but are {' and '.join(map(str, depths))}: the "
                         "ranks of sparse tensors that are joined")  # fmt: skip
    depth = next(iter(depths), None)
    counts = [rows_of(*pair)[0] for pair in zip(parts, parts[N : 2 * N])]
    total = None if None in counts else sum(counts)
    return [(total, depth), (total,), (depth,)]


def _concat(xp, *parts, concat_dim, N, T):
    """The sparse tensors one behind the other along an axis."""
    indices, values, shapes = parts[:N], parts[N : 2 * N], parts[2 * N :]
    rank = len(shapes[0])
    for places, each in zip(indices, values):
        if len(places) != len(each):
            raise ValueError(f"Dimensions {len(places)} and {len(each)} are not compatible: of a "
                             "sparse tensor, its places and its values")  # fmt: skip
    if not -rank <= concat_dim < rank:
        raise ValueError(f"Concat dimension must be in range [{-rank}, {rank}), got {concat_dim}")
    axis = concat_dim % rank
    whole = np.array(shapes[0])
    for each in shapes[1:]:
        if np.delete(each, axis).tolist() != np.delete(whole, axis).tolist():
            raise ValueError(f"Input shapes must match: expected {whole.tolist()}, but for axis "
                             f"{axis}, got {each.tolist()}")  # fmt: skip
    offsets = np.cumsum([0, *(each[axis] for each in shapes)])
    moved = [places + np.eye(rank, dtype=np.int64)[axis] * offset
             for places, offset in zip(indices, offsets)]  # fmt: skip
    whole[axis] = offsets[-1]
    together = np.concatenate(moved)
    order = np.argsort(linear(together, whole), kind="stable")
    return [together[order], np.concatenate(values)[order], whole]


_concat.__annotations__ = {"parts": Parts, "return": [int64, Attr("T"), int64]}
sparse_concat_op = op(
    "SparseConcat", shape=_concat_shape, grad=NOT_DIFFERENTIABLE, host=True
)(_concat)


def sparse_concat(
    axis, sp_inputs, name=None, expand_nonconcat_dim=False, concat_dim=None,
    expand_nonconcat_dims=None,
):  # fmt: skip
    """The SparseTensors one behind the other along `axis`, in the order of rows.

    Their other sizes are equal, or, with `expand_nonconcat_dim`, become the greatest. Nothing flows
    back. TypeError for what is not sparse, InvalidArgumentError in the run for other sizes.
    """
    axis = renamed("concat_dim", concat_dim, "axis", axis)
    if expand_nonconcat_dims is not None:
        expand_nonconcat_dim = expand_nonconcat_dims
    if not isinstance(sp_inputs, (list, tuple)):
        raise TypeError("Inputs must be a list")
    parts = [as_sparse(each) for each in sp_inputs]
    if len(parts) == 1:
        return parts[0]
    shapes = [part.dense_shape for part in parts]
    if expand_nonconcat_dim:
        shapes = _expanded(shapes, axis)
    indices, values, whole = sparse_concat_op(
        *(part.indices for part in parts), *(part.values for part in parts), *shapes,
        concat_dim=int(axis), N=len(parts), T=parts[0].dtype.base_dtype, name=name,
    )  # fmt: skip
    known = [constant_value(each) for each in shapes]
    if all(each is not None for each in known):
        together = np.array(known[0])
        together[axis] = sum(each[axis] for each in known)
        whole = constant(together, int64)
    return SparseTensor(indices, values, whole)


def _expanded(shapes, axis):
    most = reduce_max(stack(shapes), 0)
    after = [] if axis == -1 else [most[axis + 1 :]]
    own = [each[-1:] if axis == -1 else each[axis : axis + 1] for each in shapes]
    return [concat([most[:axis], each, *after], 0) for each in own]


# -- split ----------------------------------------------------------------------------------------


def _split_shape(split_dim, indices, values, dense_shape, *, num_split):
    _, depth = check_parts(indices, values, dense_shape)
    return [(None, depth)] * num_split + [(None,)] * num_split + [(depth,)] * num_split


@op("SparseSplit", shape=_split_shape, host=True)
def sparse_split_op(xp, split_dim: Axis, indices: int64, values: T, shape: Shape, *, num_split) -> [
    Repeat(int64, "num_split"), Repeat(T, "num_split"), Repeat(int64, "num_split")
]:  # fmt: skip
    """The parts of a sparse tensor along an axis; the first ones are longer by one, perhaps."""
    axis, whole = ints(split_dim)[0], np.array(ints(shape), np.int64)
    if not -len(whole) <= axis < len(whole):
        raise ValueError(f"Input split_dim should be between 0 and rank ({len(whole)}), got {axis}")
    if not 1 <= num_split <= whole[axis]:
        raise ValueError(f"Input num_split should be between 1 and the splitting dimension size "
                         f"({whole[axis]}), got {num_split}")  # fmt: skip
    size, more = divmod(int(whole[axis]), num_split)
    ends = np.cumsum([0, *([size + 1] * more), *([size] * (num_split - more))])
    parts = [_part(indices, values, whole, axis, first, last)
             for first, last in pairwise(ends)]  # fmt: skip
    return [each[k] for k in range(3) for each in parts]


def _part(indices, values, whole, axis, first, last):
    inside = (indices[:, axis] >= first) & (indices[:, axis] < last)
    places, sizes = indices[inside], whole.copy()
    places[:, axis] -= first
    sizes[axis] = last - first
    return places, values[inside], sizes


class KeywordRequired:
    """What stands before arguments that are passed by name only."""

    def __repr__(self):
        return "KeywordRequired()"


def sparse_split(
    keyword_required=KeywordRequired(),  # noqa: B008
    sp_input=None, num_split=None, axis=None, name=None, split_dim=None,
):  # fmt: skip
    """`num_split` SparseTensors: the parts of `sp_input` along `axis`.

    Where its size is no multiple the first parts are longer by one. Arguments by name only: else
    ValueError. InvalidArgumentError in the run for more parts than the size.
    """
    if not isinstance(keyword_required, KeywordRequired):
        raise ValueError("Keyword arguments are required for this function.")
    axis = renamed("split_dim", split_dim, "axis", axis)
    for what, value in (("sp_input", sp_input), ("num_split", num_split), ("axis", axis)):
        if value is None:
            raise ValueError(f"{what} is required")
    sp = as_sparse(sp_input)
    axis = convert_to_tensor(axis, int64, name="split_dim")
    found = sparse_split_op(axis, sp.indices, sp.values, sp.dense_shape, num_split=num_split,
                            name=name)  # fmt: skip
    lists = (found[k * num_split : (k + 1) * num_split] for k in range(3))
    return [SparseTensor(*parts) for parts in zip(*lists)]


# -- slice ----------------------------------------------------------------------------------------


def _slice_shape(indices, values, dense_shape, start, size):
    _, depth = check_parts(indices, values, dense_shape)
    return [(None, depth), (None,), (depth,)]


@op("SparseSlice", shape=_slice_shape, host=True)
def sparse_slice_op(xp, indices: int64, values: T, shape: Shape, start: Shape, size: Shape) -> [
    int64, T, int64
]:  # fmt: skip
    """The elements inside a box, and its sizes as far as it is inside."""
    whole, first, count = (np.array(ints(part), np.int64) for part in (shape, start, size))
    if not len(whole) == len(first) == len(count):
        raise ValueError(f"start {first.tolist()} and size {count.tolist()} must have an element "
                         f"for each axis of {whole.tolist()}")  # fmt: skip
    inside = ((indices >= first) & (indices < first + count)).all(1)
    sizes = np.clip(np.minimum(count, whole - first), 0, None)
    return [indices[inside] - first, values[inside], sizes]


@op("SparseSliceGrad", shape=lambda dy, indices, start, found: None if indices is None
    else indices[:1], host=True)  # fmt: skip
def sparse_slice_grad(
    xp, backprop_val_grad: T, input_indices: int64, input_start: Shape, output_indices: int64
) -> T:
    """The gradient of each element that was inside, zero for the others."""
    places = output_indices + np.array(ints(input_start), np.int64)
    found = {tuple(place): k for k, place in enumerate(places.tolist())}
    chosen = [found.get(tuple(place), -1) for place in input_indices.tolist()]
    return np.append(backprop_val_grad, backprop_val_grad.dtype.type(0))[chosen]


@sparse_slice_op.gradient
def _(ys, dys, indices, values, dense_shape, start, size):
    return None, sparse_slice_grad(dys[1], indices, start, ys[0]), None, None, None


def sparse_slice(sp_input, start, size, name=None):
    """The part of the SparseTensor of `size` along each axis, from `start` on; less at the ends."""
    sp = as_sparse(sp_input)
    with name_scope(name, "SparseSlice", [sp]) as scope:
        start, size = convert_to_tensor(start, int64), convert_to_tensor(size, int64)
        parts = sp.indices, sp.values, sp.dense_shape
        return SparseTensor(*sparse_slice_op(*parts, start, size, name=scope))


# -- reshape --------------------------------------------------------------------------------------


def _reshape_shape(indices, input_shape, new_shape):
    rows = None if indices is None else indices[0]
    depth = None if new_shape is None else len(new_shape)
    return [(rows, depth), (depth,)]


def _full(whole, wanted):
    """The new sizes, the one that is -1 from the number of elements."""
    if wanted.count(-1) > 1:
        raise ValueError(f"only one output dimension may be -1, not both: {list(wanted)}")
    total, known = num_elements(whole), num_elements(tuple(n for n in wanted if n != -1))
    if -1 in wanted:
        if known == 0 or total % known:
            raise ValueError(f"Input to reshape is a SparseTensor with {total} dense values, but "
                             f"the requested shape requires a multiple of {known}")  # fmt: skip
        wanted = tuple(total // known if n == -1 else n for n in wanted)
    if num_elements(wanted) != total:
        raise ValueError(f"Cannot reshape a tensor with {total} elements to shape {list(wanted)} "
                         f"({num_elements(wanted)} elements)")  # fmt: skip
    return wanted


@op("SparseReshape", shape=_reshape_shape, host=True)
def sparse_reshape_op(xp, input_indices: int64, input_shape: Shape, new_shape: Shape) -> [
    int64, int64
]:  # fmt: skip
    """The places of the same elements in a tensor of another shape, and that shape."""
    wanted = _full(ints(input_shape), ints(new_shape))
    return [places_of(linear(input_indices, input_shape), wanted), np.array(wanted, np.int64)]


def _seen(shape):
    """Whether TensorFlow, which looks less far for constants, knows the sizes: all, or all but one
    of some that stand together."""
    if shape.graph.eager:
        return True
    missing = shape.op.type == "Pack"
    inner = shape.op.inputs[0] if shape.op.type == "Cast" else shape
    parts = inner.op.inputs if inner.op.type == "Pack" else [inner]
    return sum(part.op.type != "Const" for part in parts) <= missing


def sparse_reshape(sp_input, shape, name=None):
    """The SparseTensor in another shape; one size may be -1: whatever is left.

    ValueError, or InvalidArgumentError in the run, for a shape of another number of elements.
    """
    sp = as_sparse(sp_input)
    shape = cast(shape, int64)
    with name_scope(name, "SparseReshape", [sp]) as scope:
        indices, whole = sparse_reshape_op(sp.indices, sp.dense_shape, shape, name=scope)
        known = constant_value(shape)
        if known is not None and sp.shape.is_fully_defined():
            with get_default_graph()._counting(_seen(shape)):
                whole = constant(_full(tuple(sp.shape.as_list()), ints(known)), int64)
        return SparseTensor(indices, identity(sp.values), whole)


# -- rows without elements ------------------------------------------------------------------------


def _filled_shape(indices, values, dense_shape, default_value):
    count, depth = check_parts(indices, values, dense_shape)
    rows = None if dense_shape is None else sizes(dense_shape)[0]
    return [(None, depth), (None,), (rows,), (count,)]


@op("SparseFillEmptyRows", shape=_filled_shape, host=True)
def sparse_fill_op(xp, indices: int64, values: T, dense_shape: Shape, default_value: T) -> [
    int64, T, bool_, int64
]:  # fmt: skip
    """The elements and, for each row without one, the default in its first column.

    Also which rows those are, and where each element has gone.
    """
    rows = ints(dense_shape)[0]
    first = indices[:, 0]
    wrong = (first < 0) | (first >= rows)
    if wrong.any():
        raise ValueError(f"indices({int(wrong.argmax())}, 0) is invalid: "
                         f"{first[wrong][0]} is not in [0, {rows})")  # fmt: skip
    empty = np.bincount(first, minlength=rows) == 0 if rows else np.zeros(0, bool)
    added = np.zeros((int(empty.sum()), indices.shape[1]), np.int64)
    added[:, 0] = np.flatnonzero(empty)
    together = np.concatenate([indices, added])
    order = np.argsort(together[:, 0], kind="stable")
    kept = np.concatenate([values, np.full(len(added), default_value, values.dtype)])
    return [together[order], kept[order], empty, np.argsort(order)[: len(indices)]]


@op("SparseFillEmptyRowsGrad", shape=lambda places, dy: [places, ()], host=True)
def sparse_fill_grad(xp, reverse_index_map: int64, grad_values: T) -> [T, T]:
    """The gradients of the elements, and the sum of those of the defaults."""
    rest = np.ones(len(grad_values), bool)
    rest[reverse_index_map] = False
    return [grad_values[reverse_index_map], np.asarray(grad_values[rest].sum(dtype=None),
                                                       grad_values.dtype)]  # fmt: skip


@sparse_fill_op.gradient
def _(ys, dys, indices, values, dense_shape, default):
    of_values, of_default = sparse_fill_grad(ys[3], dys[1])
    return None, of_values, None, of_default


def sparse_fill_empty_rows(sp_input, default_value, name=None):
    """(the SparseTensor with `default_value` in each row that had none, which rows those were)."""
    sp = as_sparse(sp_input)
    with name_scope(name, "SparseFillEmptyRows", [sp]):
        default = convert_to_tensor(default_value, sp.dtype.base_dtype)
        parts = sp.indices, sp.values, sp.dense_shape
        indices, values, empty, _ = sparse_fill_op(*parts, default)
        return SparseTensor(indices, values, sp.dense_shape), empty


