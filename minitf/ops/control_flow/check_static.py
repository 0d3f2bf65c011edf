"""Checks of ranks, shapes and types: `tf.assert_rank`, `tf.assert_scalar`, `tf.assert_type`, ..."""
import functools

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import COMPLEX, FLOATS, INTEGERS, as_dtype, float32, int32
from minitf.core.graph import name_scope
from minitf.core.sparse_tensor import SparseTensor
from minitf.core.static import evident_value
from minitf.core.tensor import Tensor
from minitf.ops.array.basics import rank as rank_of
from minitf.ops.array.basics import shape
from minitf.ops.control_flow.control import Assert, group, no_op, with_dependencies
from minitf.ops.math.elementwise import equal, greater_equal, logical_or
from minitf.ops.reduction.reduce import reduce_prod

# -- ranks ----------------------------------------------------------------------------------------


def assert_rank(x, rank, data=None, summarize=None, message=None, name=None):
    """An operation that raises InvalidArgumentError unless `x` has `rank` axes.

    ValueError at once where the ranks are known.
    """
    return _assert_ranks("assert_rank", "rank", x, [rank], lambda n, m: n == m, equal, data,
                         summarize, message, name)  # fmt: skip


def assert_rank_at_least(x, rank, data=None, summarize=None, message=None, name=None):
    """An operation that raises InvalidArgumentError unless `x` has at least `rank` axes.

    ValueError at once where the ranks are known.
    """
    return _assert_ranks("assert_rank_at_least", "rank at least", x, [rank], lambda n, m: n >= m,
                         greater_equal, data, summarize, message, name)  # fmt: skip


def assert_rank_in(x, ranks, data=None, summarize=None, message=None, name=None):
    """An operation that raises InvalidArgumentError unless the number of axes of `x` is in `ranks`.

    ValueError at once where the ranks are known.
    """
    return _assert_ranks("assert_rank_in", "rank in", x, ranks, lambda n, m: n == m, equal, data,
                         summarize, message, name)  # fmt: skip


def _assert_ranks(default_name, what, x, ranks, holds, compare, data, summarize, message, name):
    with name_scope(name, default_name, [x, *ranks, *(data or [])]):
        x = convert_to_tensor(x, name="x")
        ranks = [convert_to_tensor(rank, name="rank") for rank in ranks]
        if data is None:
            data = [message or "", f"Tensor {x.name} must have {what}", *ranks,
                    "Received shape: ", shape(x)]  # fmt: skip
        for rank in ranks:
            assert_type(rank, int32)
        known = [evident_value(rank) for rank in ranks]
        if any(rank._shape not in ((), None) for rank in ranks):
            raise ValueError("Rank must be a scalar.")
        if x._shape is not None and all(value is not None for value in known):
            wanted = [int(value) for value in known]
            if any(holds(len(x._shape), number) for number in wanted):
                return no_op("static_checks_determined_all_ok")
            shown = tuple(wanted) if what == "rank in" else wanted[0]
            raise ValueError(
                f"{message or ''}.  Tensor {x.name} must have {what} {shown}.  Received rank "
                f"{len(x._shape)}, shape {x.shape}"
            )
        there = rank_of(x)
        fits = functools.reduce(logical_or, [compare(there, rank) for rank in ranks])
        for rank, value in zip(ranks, known):
            if value is None:
                said = ["Rank must be a scalar. Received rank: ", rank]
                fits = with_dependencies([assert_rank(rank, 0, data=said)], fits)
        return Assert(fits, data, summarize=summarize)


def assert_scalar(tensor, name=None, message=None):
    """`tensor`, which must be known to have no axes: ValueError else."""
    with name_scope(name, "assert_scalar", [tensor]) as scope:
        tensor = convert_to_tensor(tensor, name=scope)
        if tensor._shape != ():
            raise ValueError(
                f"{message or ''}Expected scalar shape for {tensor.name}, saw shape: "
                f"{tensor.shape}."
            )
        return tensor


# -- types ----------------------------------------------------------------------------------------


def assert_type(tensor, tf_type, message=None, name=None):
    """TypeError unless `tensor` is of type `tf_type`; an operation that does nothing."""
    with name_scope(name, "assert_type", [tensor]):
        tensor = convert_to_tensor(tensor, name="tensor")
        if tensor.dtype != tf_type:
            raise TypeError(f"{message or ''}  {tensor.name} must be of type {tf_type}")
        return no_op("statically_determined_correct_type")


def assert_integer(x, message=None, name=None):
    """TypeError unless `x` is of an integer type; an operation that does nothing."""
    with name_scope(name, "assert_integer", [x]):
        x = convert_to_tensor(x, name="x")
        if not x.dtype.is_integer:
            raise TypeError(
                f'{message or ""}  Expected "x" to be integer type.  Found: {x.name} of dtype '
                f"{x.dtype}"
            )
        return no_op("statically_determined_was_integer")


def assert_proper_iterable(values):
    """TypeError for what cannot be iterated over, and for tensors, arrays and strings."""
    found = f"Found: {type(values)}"
    if isinstance(values, (Tensor, SparseTensor, np.ndarray, str, bytes)):
        raise TypeError(f'Expected argument "values" to be a "proper" iterable.  {found}')
    if not hasattr(values, "__iter__"):
        raise TypeError(f'Expected argument "values" to be iterable.  {found}')


def is_numeric_tensor(tensor):
    """Whether it is a Tensor of numbers."""
    numbers = (*FLOATS, *INTEGERS, *COMPLEX)
    return isinstance(tensor, Tensor) and tensor.dtype.base_dtype in numbers


def assert_same_float_dtype(tensors=None, dtype=None):
    """The type that all `tensors`, and `dtype`, have; float32 by default.

    ValueError for different types, or one that is not floating. None in the list is passed over.
    """
    found = None if dtype is None else as_dtype(dtype)
    first = None
    for tensor in tensors or ():
        if tensor is None:
            continue
        own = tensor.dtype.base_dtype
        if found is None:
            found, first = own, tensor
        elif own != found:
            as_what = "" if first is None else f" as {first.name}"
            raise ValueError(
                f"{tensor.name}, type={own}, must be of the same type ({found}){as_what}."
            )
    found = float32 if found is None else found
    if not found.is_floating:
        raise ValueError(f"Expected floating point type, got {found}.")
    return found


# -- shapes ---------------------------------------------------------------------------------------


def assert_shapes(shapes, data=None, summarize=None, message=None, name=None):
    """An operation that raises InvalidArgumentError unless tensors have the shapes given.

    `shapes` are pairs (tensor, shape), or a dict of them. A shape is a list, or string, of numbers,
    of letters, which stand for the same size everywhere, and of None or "." for any size; "..." or
    "*" as its first stands for any axes; None checks nothing. ValueError at once where the sizes
    are known.
    """
    pairs = shapes.items() if isinstance(shapes, dict) else shapes
    with name_scope(name, "assert_shapes", [data] if isinstance(data, Tensor) else None):
        checks, known = [], {}
        for x, symbols in pairs:
            if symbols is None:
                continue
            x = convert_to_tensor(x)
            symbols, inner = _symbols(x, symbols, message)
            options = {"data": data, "summarize": summarize, "message": message}
            checks += _rank_checks(x, len(symbols), inner, options)
            for i, symbol in enumerate(symbols):
                checks += _size_checks(x, i - len(symbols) if inner else i, symbol, known, options)
        return group(*checks)


def _symbols(x, symbols, message):
    """(the symbols, whether they are those of the last axes alone)"""
    if not hasattr(symbols, "__iter__"):
        raise ValueError(
            f"{message or ''}.  Tensor {x.name}.  Specified shape must be an iterable.  Received "
            f"specified shape: {symbols}"
        )
    symbols = tuple(symbols) or (1,)  # a scalar counts as a vector of one
    for i, symbol in enumerate(symbols):
        if symbol in (Ellipsis, "*") and i:
            raise ValueError(
                f"{message or ''}.  Tensor {x.name} specified shape index {i}.  Symbol `...` or `*`"
                " for a variable number of unspecified dimensions is only allowed as the first "
                "entry"
            )
    inner = bool(symbols) and symbols[0] in (Ellipsis, "*")
    return (symbols[1:], True) if inner else (symbols, False)


def _rank_checks(x, count, inner, options):
    if inner:
        return [assert_rank_at_least(x, count, **options)] if count > 1 else []
    if count <= 1:
        return [assert_rank_in(x, [0, 1], **options)]
    return [assert_rank(x, count, **options)]


def _size_checks(x, axis, symbol, known, options):
    if symbol in (None, "."):
        return []
    size = _size(x, axis)
    literal = isinstance(symbol, (int, np.integer)) or str(symbol).isdigit()
    if not literal and symbol not in known:
        known[symbol] = size, f"Specified by tensor {x.name} dimension {axis}"
        return []
    wanted, why = (int(symbol), "Specified explicitly") if literal else known[symbol]
    if isinstance(size, int) and isinstance(wanted, int):
        if size == wanted:
            return []
        raise ValueError(
            f"{options['message'] or ''}.  {why}.  Tensor {x.name} dimension {axis} must have size "
            f"{wanted}.  Received size {size}, shape {x.shape}"
        )
    shown = options["data"]
    if shown is None:
        shown = [options["message"] or "", why, f"Tensor {x.name} dimension", axis,
                 "must have size", wanted, "Received shape: ", shape(x)]  # fmt: skip
    return [Assert(equal(size, wanted), shown, summarize=options["summarize"])]


def _size(x, axis):
    """As a number where it is known, else as a tensor."""
    if x._shape == ():
        return 1
    if x._shape is None:
        return reduce_prod(shape(x)[axis:][:1])  # 1 of a scalar
    known = x._shape[axis]
    return shape(x)[axis] if known is None else known
