"""tf.map_fn, tf.scan, tf.foldl, tf.foldr: a function of each row, in a loop."""

from minitf.core import nest
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.core.tensor_shape import Dimension, TensorShape
from minitf.ops.array.basics import shape
from minitf.ops.control_flow.tensor_array import TensorArray
from minitf.ops.control_flow.while_loop import while_loop


def map_fn(fn, elems, dtype=None, parallel_iterations=None, back_prop=True,
           swap_memory=False, infer_shape=True, name=None):  # fmt: skip
    """`fn` of each row of `elems`, stacked.

    `elems` is a tensor, or a structure of tensors with the same number of rows: `fn` then gets one
    of rows. `dtype` gives the structure and the types of what `fn` returns where they differ from
    those of `elems`. Raises TypeError when `fn` is no function, ValueError for scalars.
    """
    _check_function(fn)
    pack_dtype = elems if dtype is None else dtype
    leaves = _leaves(elems)
    with name_scope(name, "map", leaves):
        rows = [convert_to_tensor(elem, name="elem") for elem in leaves]
        dtypes = [row.dtype for row in rows] if dtype is None else _leaves(dtype)
        if rows[0].shape.ndims is not None and rows[0].shape.ndims < 1:
            raise ValueError(
                "elems must be a 1+ dimensional Tensor, not a scalar" if len(rows) == 1 else
                "elements in elems must be 1+ dimensional Tensors, not scalars"
            )  # fmt: skip
        n = _count(rows[0]) or shape(rows[0])[0]
        arrays = [TensorArray(row.dtype, n, dynamic_size=False).unstack(row) for row in rows]
        i = constant(0)
        results = [
            TensorArray(each, n, dynamic_size=False, infer_shape=infer_shape) for each in dtypes
        ]

        def compute(i, results):
            found = fn(_packed(elems, [array.read(i) for array in arrays]))
            nest.assert_same_structure(pack_dtype, found)
            written = [r.write(i, value) for r, value in zip(results, _leaves(found))]
            return i + 1, written

        _, results = while_loop(
            lambda i, _: i < n, compute, (i, results),
            parallel_iterations=parallel_iterations or 10, back_prop=back_prop,
            swap_memory=swap_memory, maximum_iterations=n,
        )  # fmt: skip
        return _packed(pack_dtype, _stacked(results, rows))


def scan(fn, elems, initializer=None, parallel_iterations=10, back_prop=True,
         swap_memory=False, infer_shape=True, reverse=False, name=None):  # fmt: skip
    """`a = fn(a, row)` for each row of `elems`, all values of `a` stacked.

    `a` begins as `initializer`, or as the first row, which then is the first value; with `reverse`
    the rows are taken from the last on. `elems` and `initializer` may be structures of tensors.
    Raises TypeError when `fn` is no function.
    """
    _check_function(fn)
    structure = elems if initializer is None else initializer
    leaves = _leaves(elems)
    with name_scope(name, "scan", leaves):
        rows = [convert_to_tensor(elem, name="elem") for elem in leaves]
        n = _count(rows[0])
        if n is None:
            n = shape(rows[0])[0]
        arrays = [
            TensorArray(row.dtype, n, dynamic_size=False, element_shape=row.shape[1:])
            for row in rows
        ]
        arrays = [array.unstack(row) for array, row in zip(arrays, rows)]
        first = n - 1 if reverse else 0
        if initializer is None:
            values, i = [array.read(first) for array in arrays], 1
        else:
            values, i = [convert_to_tensor(value) for value in _leaves(initializer)], 0
        results = [
            TensorArray(value.dtype, n, dynamic_size=False, infer_shape=infer_shape,
                        element_shape=value.shape if infer_shape else None)
            for value in values
        ]  # fmt: skip
        if initializer is None:
            results = [r.write(first, value) for r, value in zip(results, values)]

        def compute(i, state, results):
            row = _packed(elems, [array.read(i) for array in arrays])
            found = fn(_packed(structure, state), row)
            nest.assert_same_structure(structure, found)
            state = _leaves(found)
            results = [r.write(i, value) for r, value in zip(results, state)]
            return (i - 1 if reverse else i + 1), state, results

        def going_on(i, *_):
            return i >= 0 if reverse else i < n

        *_, results = while_loop(
            going_on, compute, (n - 1 - i if reverse else i, values, results),
            parallel_iterations=parallel_iterations, back_prop=back_prop,
            swap_memory=swap_memory, maximum_iterations=n,
        )  # fmt: skip
        return _packed(structure, _stacked(results, rows))


def foldl(fn, elems, initializer=None, parallel_iterations=10, back_prop=True,
          swap_memory=False, name=None):  # fmt: skip
    """`a = fn(a, row)` for each row of `elems`; the last `a`.

    `a` begins as `initializer`, or as the first row. TypeError when `fn` is no function.
    """
    _check_function(fn)
    with name_scope(name, "foldl", nest.flatten(elems)):
        n, arrays = _unstacked(elems)
        if initializer is None:
            a, i = nest.map_structure(lambda array: array.read(0), arrays), constant(1)
        else:
            a, i = initializer, constant(0)

        def compute(i, a):
            row = nest.map_structure(lambda array: array.read(i), arrays)
            return [i + 1, fn(a, row)]

        _, a = while_loop(
            lambda i, _: i < n, compute, [i, a], parallel_iterations=parallel_iterations,
            back_prop=back_prop, swap_memory=swap_memory, maximum_iterations=n,
        )  # fmt: skip
        return a


def foldr(fn, elems, initializer=None, parallel_iterations=10, back_prop=True,
          swap_memory=False, name=None):  # fmt: skip
    """`a = fn(a, row)` for each row of `elems` from the last to the first; the last `a`.

    `a` begins as `initializer`, or as the last row. TypeError when `fn` is no function.
    """
    _check_function(fn)
    with name_scope(name, "foldr", nest.flatten(elems)):
        n, arrays = _unstacked(elems)
        if initializer is None:
            i = n - 1
            a = nest.map_structure(lambda array: array.read(i), arrays)
        else:
            a, i = initializer, n

        def compute(i, a):
            i -= 1
            row = nest.map_structure(lambda array: array.read(i), arrays)
            return [i, fn(a, row)]

        _, a = while_loop(
            lambda i, _: i > 0, compute, [i, a], parallel_iterations=parallel_iterations,
            back_prop=back_prop, swap_memory=swap_memory, maximum_iterations=n,
        )  # fmt: skip
        return a


def _check_function(fn):
    if not callable(fn):
        raise TypeError("fn must be callable.")


def _leaves(structure):
    return nest.flatten(structure) if nest.is_nested(structure) else [structure]


def _packed(structure, leaves):
    return nest.pack_sequence_as(structure, leaves) if nest.is_nested(structure) else leaves[0]


def _count(rows):
    return rows._shape[0] if rows._shape else None


def _unstacked(elems):
    """(number of rows, a TensorArray of the rows of each tensor)."""
    rows = [convert_to_tensor(elem, name="elem") for elem in nest.flatten(elems)]
    n = _count(rows[0]) or shape(rows[0])[0]
    arrays = [TensorArray(row.dtype, n, dynamic_size=False).unstack(row) for row in rows]
    return n, nest.pack_sequence_as(elems, arrays)


def _stacked(results, rows):
    """The results of all rows; ValueError when the numbers of rows differ."""
    stacked = [result.stack() for result in results]
    count = Dimension(_count(rows[0]))
    for row in rows[1:]:
        count = count.merge_with(_count(row))
    for tensor in stacked:
        tensor.set_shape(TensorShape([count]).concatenate(tensor.shape[1:]))
    return stacked
