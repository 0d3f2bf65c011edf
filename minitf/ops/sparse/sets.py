"""Rows as sets: `tf.sets.set_size`, `tf.sets.set_union`, ..."""
import math

import numpy as np

from minitf.core.dtypes import int8, int16, int32, int64, string, uint8, uint16
from minitf.core.literals import ints
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import T, TypeAttr
from minitf.core.shape_rules import sizes
from minitf.core.sparse_tensor import SparseTensor, convert_to_tensor_or_sparse_tensor
from minitf.core.tensor_shape import merge, printed
from minitf.ops.sparse.tensors import Shape, check_parts, linear, places_of

Member = TypeAttr("T", (int8, int16, int32, int64, uint8, uint16, string))

# -- kernels --------------------------------------------------------------------------------------


def _members_of_sparse(indices, values, whole, validate_indices):
    """(the number of the row of each value, the values, the sizes of the rows' axes)."""
    whole = ints(whole)
    numbers = linear(indices, whole)
    if validate_indices and (numbers[1:] < numbers[:-1]).any():
        row = int((numbers[1:] < numbers[:-1]).argmax()) + 1
        raise ValueError(f"indices[{row}] = {indices[row].tolist()} is out of order. Many sparse "
                         "ops require sorted indices: tf.sparse.reorder gives them")  # fmt: skip
    return numbers // max(whole[-1], 1), values, whole[:-1]


def _members_of_dense(array):
    *lead, width = array.shape
    return np.arange(math.prod(lead)).repeat(width), array.reshape(-1), tuple(lead)


_OPERATIONS = {
    "a-b": lambda a, b: a & ~b, "b-a": lambda a, b: b & ~a, "union": lambda a, b: a | b,
    "intersection": lambda a, b: a & b,
}  # fmt: skip


def _in_order(rows, values):
    """(the order of rows, and of values in them; where in it another member begins)."""
    if values.dtype == object:
        values = np.unique(values, return_inverse=True)[1]
    order = np.lexsort((values, rows))
    rows, values = rows[order], values[order]
    begins = np.ones(len(order), bool)
    begins[1:] = (rows[1:] != rows[:-1]) | (values[1:] != values[:-1])
    return order, np.flatnonzero(begins)


def _combined(one, other, set_operation, dtype):
    """The rows of the result, each in order, as the parts of a sparse tensor."""
    (rows_a, a, lead), (rows_b, b, lead_b) = one, other
    if lead != lead_b:
        raise ValueError(f"Mismatched shapes {list(lead)} vs {list(lead_b)}")
    rows, values = np.concatenate([rows_a, rows_b]), np.concatenate([a, b])
    order, begins = _in_order(rows, values)
    if len(order):
        of_b = np.add.reduceat(order >= len(a), begins, dtype=np.int64)
        counts = np.diff(begins, append=len(order))
        begins = begins[_OPERATIONS[set_operation](of_b < counts, of_b > 0)]
    rows, values = rows[order[begins]], values[order[begins]]
    counts = np.bincount(rows, minlength=1)
    most, first = int(counts.max()), np.cumsum(counts) - counts
    whole = (*lead, most)
    places = rows * most + np.arange(len(rows)) - first[rows]
    return [places_of(places, whole) if len(places) else np.zeros((0, len(whole)), np.int64),
            values.astype(dtype, copy=False), np.array(whole, np.int64)]  # fmt: skip


def _parts_shape(depth):
    return [(None, depth), (None,), (depth,)]


def _check_rank(shape):
    if shape is not None and len(shape) < 2:
        raise ValueError(f"Shape must be at least rank 2 but is rank {len(shape)}")



def _dense_shape(set1, set2, *, set_operation, validate_indices):
    _check_rank(set1)
    _check_rank(set2)
    lead = merge(set1 and set1[:-1], set2 and set2[:-1])
    if lead is False:
        raise ValueError(f"Dimensions must be equal: the rows of {printed(set1)} and "
                         f"{printed(set2)}")  # fmt: skip
    return _parts_shape(None if lead is None else len(lead) + 1)


@op("DenseToDenseSetOperation", shape=_dense_shape, grad=NOT_DIFFERENTIABLE, host=True)
def dense_dense_op(xp, set1: Member, set2: T, *, set_operation, validate_indices=True) -> [
    int64, T, int64
]:  # fmt: skip
    """The rows of two tensors combined as sets."""
    return _combined(_members_of_dense(set1), _members_of_dense(set2), set_operation, set1.dtype)


def _mixed_shape(set1, indices, values, whole, *, set_operation, validate_indices):
    _check_rank(set1)
    depth = check_parts(indices, values, whole)[1]
    return _parts_shape(depth if set1 is None else len(set1))


@op("DenseToSparseSetOperation", shape=_mixed_shape, grad=NOT_DIFFERENTIABLE, host=True)
def dense_sparse_op(
    xp, set1: Member, set2_indices: int64, set2_values: T, set2_shape: Shape, *,
    set_operation, validate_indices=True,
) -> [int64, T, int64]:  # fmt: skip
    """The rows of a tensor and of a sparse tensor combined as sets."""
    other = _members_of_sparse(set2_indices, set2_values, set2_shape, validate_indices)
    return _combined(_members_of_dense(set1), other, set_operation, set1.dtype)


def _sparse_shape(indices, values, whole, *other, set_operation, validate_indices):
    depth = check_parts(indices, values, whole)[1]
    return _parts_shape(depth or check_parts(*other)[1])


@op("SparseToSparseSetOperation", shape=_sparse_shape, grad=NOT_DIFFERENTIABLE, host=True)
def sparse_sparse_op(
    xp, set1_indices: int64, set1_values: Member, set1_shape: Shape,
    set2_indices: int64, set2_values: T, set2_shape: Shape, *,
    set_operation, validate_indices=True,
) -> [int64, T, int64]:  # fmt: skip
    """The rows of two sparse tensors combined as sets."""
    one = _members_of_sparse(set1_indices, set1_values, set1_shape, validate_indices)
    other = _members_of_sparse(set2_indices, set2_values, set2_shape, validate_indices)
    return _combined(one, other, set_operation, set1_values.dtype)


def _sizes_shape(indices, values, whole, *, validate_indices):
    check_parts(indices, values, whole)
    known = sizes(whole)
    return None if known is None else known[:-1]


@op("SetSize", shape=_sizes_shape, grad=NOT_DIFFERENTIABLE, host=True)
def set_size_op(
    xp, set_indices: int64, set_values: Member, set_shape: Shape, *, validate_indices=True
) -> int32:
    """How many different values each row has."""
    rows, values, lead = _members_of_sparse(set_indices, set_values, set_shape, validate_indices)
    order, begins = _in_order(rows, values)
    counts = np.bincount(rows[order[begins]], minlength=math.prod(lead))
    return counts.astype(np.int32).reshape(lead)


# -- functions ------------------------------------------------------------------------------------


def set_size(a, validate_indices=True):
    """How many different values each row (along the last axis) of the SparseTensor has.

    TypeError for what is not sparse, or a type other than small integers and strings.
    """
    a = convert_to_tensor_or_sparse_tensor(a, name="a")
    if not isinstance(a, SparseTensor):
        raise TypeError(f"Expected `SparseTensor`, got {a}.")
    if a.dtype.base_dtype not in Member.allowed:
        raise TypeError(f"Invalid dtype {a.dtype}.")
    return set_size_op(*a._components(), validate_indices=validate_indices)


def set_intersection(a, b, validate_indices=True):
    """The values that rows of both have, as a SparseTensor; rows are along the last axis.

    `a` and `b` are Tensors or SparseTensors of one type. TypeError for types that differ or are not
    integers or strings; InvalidArgumentError in the run for other numbers of rows.
    """
    return _operation(a, b, "intersection", "intersection", validate_indices)


def set_difference(a, b, aminusb=True, validate_indices=True):
    """The values that rows of `a` have and `b` has not (the other way unless `aminusb`).

    Arguments and result as those of `set_intersection`.
    """
    names = ("a-b", "b-a") if aminusb else ("b-a", "a-b")
    return _operation(a, b, *names, validate_indices)


def set_union(a, b, validate_indices=True):
    """The values that rows of either have. Arguments and result as those of `set_intersection`."""
    return _operation(a, b, "union", "union", validate_indices)


def _operation(a, b, name, flipped, validate_indices):
    """`flipped` is what it is called when b comes first: a dense one does before a sparse one."""
    a = convert_to_tensor_or_sparse_tensor(a, name="a")
    if a.dtype.base_dtype not in Member.allowed:
        raise TypeError(f"'a' invalid dtype {a.dtype}.")
    b = convert_to_tensor_or_sparse_tensor(b, name="b")
    if b.dtype.base_dtype != a.dtype.base_dtype:
        raise TypeError(f"Types don't match, {a.dtype} vs {b.dtype}.")
    if isinstance(a, SparseTensor) and not isinstance(b, SparseTensor):
        a, b, name = b, a, flipped
    attrs = {"set_operation": name, "validate_indices": validate_indices}
    if isinstance(a, SparseTensor):
        found = sparse_sparse_op(*a._components(), *b._components(), **attrs)
    elif isinstance(b, SparseTensor):
        found = dense_sparse_op(a, *b._components(), **attrs)
    else:
        found = dense_dense_op(a, b, **attrs)
    return SparseTensor(*found)
