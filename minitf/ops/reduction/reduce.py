"""Reductions: `tf.reduce_sum`, `tf.reduce_mean`, `tf.argmax`, ..."""
import math

import numpy as np

from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.cuda.threads import ADD, rows
from minitf.core.deprecation import renamed
from minitf.core.dtypes import bool_, int32, int64
from minitf.core.graph import name_scope
from minitf.core.literals import distinct, elements, ints, is_literal
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.ragged import takes_ragged
from minitf.core.schema import Numeric, Real, Static, static
from minitf.core.shape_rules import axis_index
from minitf.core.source import call, shape_of
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import is_static, num_elements
from minitf.ops.array.basics import (
    broadcast_to,
    rank,
    reshape,
    shape,
    size,
    stop_gradient,
    zeros,
    zeros_like,
)
from minitf.ops.array.basics import sum_to as sum_to
from minitf.ops.array.sequences import range as range_
from minitf.ops.math.elementwise import (
    add_op,
    cast,
    conj,
    equal,
    exp,
    is_finite,
    log,
    maximum,
    not_equal,
    select,
    sqrt,
    square,
    sub,
)
from minitf.ops.reduction.middle import summed
from minitf.ops.reduction.product import product_gradient
from minitf.ops.reduction.scan import add_n as add_n
from minitf.ops.reduction.scan import cumprod_op

Axes = static("Taxes")

# -- shapes ---------------------------------------------------------------------------------------


def reduced(x, axis, *, keep_dims):
    """The shape rule of reductions."""
    if np.ndim(axis) > 1:
        raise ValueError(f"Shape must be at most rank 1 but is rank {np.ndim(axis)}: the axes")
    axes = elements(axis)
    if axes is None or None in axes:  # not known before the run
        return (None,) * len(x) if x is not None and keep_dims else None
    if x is None:
        return None
    gone = {axis_index(a, len(x)) for a in axes}
    return tuple(1 if i in gone else n for i, n in enumerate(x) if keep_dims or i not in gone)


def _kept(input_shape, axes):
    return input_shape if input_shape is None else (len(elements(input_shape)),)


@op("ReducedShape", shape=_kept, grad=NOT_DIFFERENTIABLE, structural=True, host=True)
def reduced_shape(xp, input_shape: Static, axes: Axes) -> Static:
    """The sizes of a reduction that keeps its axes: 1 where it has reduced."""
    sizes = np.array(input_shape)
    sizes[list(ints(axes))] = 1
    return sizes


def _spread(dy, x, axis, keep_dims):
    """A gradient of the result repeated along the axes that were reduced."""
    if not keep_dims and not _leads(axis, x):
        dy = reshape(dy, reduced_shape(shape(x), axis))
    return broadcast_to(dy, shape(x))


def _leads(axis, x):
    """Whether broadcasting alone undoes the reduction: only leading axes were reduced."""
    axes = elements(axis._value)
    if axes is None or None in axes or x._shape is None:
        return False
    return sorted(a % len(x._shape) for a in axes) == list(range(len(axes)))


# -- sum, mean, product ---------------------------------------------------------------------------


def _reduce_text(ufunc, out, x, axis, keep_dims):
    sizes = shape_of(x)
    axes = ints(axis) if sizes is None else distinct(axis, len(sizes))
    axes = axes[0] if len(axes) == 1 else axes
    keep = True if keep_dims else None
    return call(f"{ufunc}.reduce", x, axis=axes, out=out, keepdims=keep)


def _may_widen(x):
    return getattr(x, "dtype", None) is None or x.dtype.kind not in "fc"


def _reduce_source(ufunc):
    def source(out, x, axis, *, keep_dims):
        # Without a buffer NumPy would make a wider type of small integers.
        if not is_literal(axis) or (out is None and _may_widen(x)):
            return None
        return _reduce_text(ufunc, out, x, axis, keep_dims)

    return source


def _unit_axes(x, axis, *, keep_dims):
    """Reducing nothing, or axes of size 1 that are kept, changes nothing."""
    axes = ints(axis)
    return 0 if not axes or (keep_dims and all(x[a] == 1 for a in axes)) else None


def _closes(combine):
    return lambda x, axis, *, keep_dims: (combine, ints(axis))


@op("Sum", shape=reduced, source=_reduce_source("add"), simplify=_unit_axes,
    reduction=_closes("sum"), native=summed())  # fmt: skip
def sum_op(xp, input: Numeric, reduction_indices: Static, out=None, *, keep_dims=False):
    """Sum over axes."""
    axes = distinct(reduction_indices, input.ndim)
    return xp.add.reduce(input, axes, input.dtype, out, keep_dims)


@sum_op.gradient
def _(y, dy, x, axis, *, keep_dims):
    return _spread(dy, x, axis, keep_dims), None


@op("Mean", shape=reduced, simplify=_unit_axes, reduction=_closes("mean"),
    native=summed("/ (TYPE)(length / inner)"))  # fmt: skip
def mean_op(xp, input: Numeric, reduction_indices: Static, out=None, *, keep_dims=False):
    """Mean over axes; of integers, rounded towards zero."""
    axes = distinct(reduction_indices, input.ndim)
    count = input.dtype.type(_count(input.shape, axes))
    total = xp.add.reduce(input, axes, input.dtype, out, keep_dims)
    if input.dtype.kind not in "iu":
        return xp.true_divide(total, count, out=out)
    down = total // count
    mean = xp.asarray(down + ((down < 0) & (down * count != total)).astype(input.dtype))
    return mean if out is None else _copied(mean, out)


def _copied(value, out):
    out[...] = value
    return out


def _count(sizes, axes):
    count = 1
    for axis in axes:
        count *= sizes[axis]
    return count


@mean_op.trait
def source(out, x, axis, *, keep_dims):
    sizes = shape_of(x)
    if not is_literal(axis) or not is_static(sizes) or _may_widen(x):
        return None
    total = _reduce_text("add", out, x, axis, keep_dims)
    count = _count(sizes, distinct(axis, len(sizes)))
    return f"{total} / {count}" if out is None else f"np.divide({total}, {count}, out={out})"


@mean_op.gradient
def _(y, dy, x, axis, *, keep_dims):
    return _spread(dy / _reduced_count(x, y, dy.dtype), x, axis, keep_dims), None


def _reduced_count(x, y, dtype):
    """How many elements of x one of y stands for."""
    before, after = num_elements(x._shape), num_elements(y._shape)
    if before is not None and after is not None:
        return constant(before // max(after, 1), dtype)
    return cast(size(x) // maximum(size(y), 1), dtype)


@op("Prod", shape=reduced, source=_reduce_source("multiply"), simplify=_unit_axes,
    reduction=_closes("prod"))  # fmt: skip
def prod_op(xp, input: Numeric, reduction_indices: Static, out=None, *, keep_dims=False):
    """Product over axes."""
    axes = distinct(reduction_indices, input.ndim)
    return xp.multiply.reduce(input, axes, input.dtype, out, keep_dims)


@prod_op.gradient
def _(y, dy, x, axis, *, keep_dims):
    axes = elements(axis._value)
    if axes is None or None in axes:
        return product_gradient(dy, x, axis), None
    # One axis at a time; the product of the others is taken from both sides, so that a zero
    # among the factors does no harm.
    partial = [x]
    for a in axes:
        partial.append(prod_op(partial[-1], [a], keep_dims=True))
    partial = [conj(factors) for factors in partial]
    dx = dy if keep_dims else reshape(dy, shape(partial[-1]))
    for a, factors in reversed([*zip(axes, partial)]):
        dx = dx * cumprod_op(factors, a, exclusive=True, reverse=False)
        dx = dx * cumprod_op(factors, a, exclusive=True, reverse=True)
    return dx, None


# -- extremes -------------------------------------------------------------------------------------


def _extreme(xp, method, lowest, input, axis, out, keep_dims):
    if input.size:
        axes = distinct(axis, input.ndim)
        if xp is np or out is None:
            return getattr(input, method)(axes, out, keep_dims)
        out[...] = getattr(input, method)(axes, None, keep_dims)  # CuPy's min mistakes an out
        return out
    sizes = reduced(input.shape, axis, keep_dims=keep_dims)
    out = xp.empty(sizes, input.dtype) if out is None else out
    return _copied(lowest(input.dtype), out)


def _lowest(dtype):
    return -np.inf if dtype.kind == "f" else np.iinfo(dtype).min


def _highest(dtype):
    return np.inf if dtype.kind == "f" else np.iinfo(dtype).max


@op("Max", shape=reduced, simplify=_unit_axes, reduction=_closes("max"))
def max_op(xp, input: Real, reduction_indices: Static, out=None, *, keep_dims=False):
    """The greatest over axes; minus infinity of nothing."""
    return _extreme(xp, "max", _lowest, input, reduction_indices, out, keep_dims)


@op("Min", shape=reduced, simplify=_unit_axes, reduction=_closes("min"))
def min_op(xp, input: Real, reduction_indices: Static, out=None, *, keep_dims=False):
    """The least over axes; infinity of nothing."""
    return _extreme(xp, "min", _highest, input, reduction_indices, out, keep_dims)


@max_op.gradient
@min_op.gradient
def _(y, dy, x, axis, *, keep_dims):
    """Those that are equal to the extreme share its gradient, as in TF1."""
    chosen = cast(equal(x, _spread(y, x, axis, keep_dims)), dy.dtype)
    share = dy / sum_op(chosen, axis, keep_dims=keep_dims)
    return chosen * _spread(share, x, axis, keep_dims), None


# -- logic ----------------------------------------------------------------------------------------


AGREED = f"""\
  INDEX wrong = 0;
  EACH wrong += (x0[row / inner * length * inner + row % inner + j * inner] != 0) != WANTED;
  wrong = NAME_over(wrong, {ADD});
  if (live && lane == 0) y0[row] = (wrong == 0) == WANTED;"""


def _agreed(wanted):
    """The launches where the axes lie side by side: whether all are `wanted`, or else are not."""
    text = AGREED.replace("WANTED", wanted)

    def launches(inputs, outputs, *, keep_dims):
        x, axes = inputs
        axes = sorted({axis_index(axis, len(x.shape)) for axis in ints(axes)})
        first = axes[0] if axes else len(x.shape)
        if axes != list(range(first, first + len(axes))):
            return None
        before, behind = math.prod(x.shape[:first]), math.prod(x.shape[first + len(axes) :])
        length = math.prod(x.shape[first : first + len(axes)])
        return rows(text, [x], outputs, before * behind, length, sizes={"inner": behind})

    return launches


@op("All", shape=reduced, grad=NOT_DIFFERENTIABLE, reduction=_closes("all"), cuda=_agreed("true"))
def all_op(xp, input: bool_, reduction_indices: Static, out=None, *, keep_dims=False) -> bool_:
    """Whether all are true."""
    return xp.all(input, distinct(reduction_indices, input.ndim), out, keep_dims)


@op("Any", shape=reduced, grad=NOT_DIFFERENTIABLE, reduction=_closes("any"), cuda=_agreed("false"))
def any_op(xp, input: bool_, reduction_indices: Static, out=None, *, keep_dims=False) -> bool_:
    """Whether any is true."""
    return xp.any(input, distinct(reduction_indices, input.ndim), out, keep_dims)


# -- TF1's functions ------------------------------------------------------------------------------


def all_axes(x):
    """All axes as TF1 builds them: a constant, or Range(Rank) of what has no rank yet."""
    if isinstance(x, Tensor) and x._shape is not None:
        return constant(np.arange(len(x._shape)), int32)
    return range_(0, rank(x))


def reduction(operation, x, axis, keepdims, name):
    """A reducing op over `axis`, all of them for None: then the result has no dimensions."""
    axes = all_axes(x) if axis is None else axis
    result = operation(x, axes, keep_dims=bool(keepdims), name=name)
    if axis is None and not keepdims:
        result.set_shape(())
    return result


def _define(operation, python_name, doc):
    def reduce(
        input_tensor, axis=None, keepdims=None, name=None, reduction_indices=None, keep_dims=None
    ):
        axis = renamed("reduction_indices", reduction_indices, "axis", axis)
        keepdims = renamed("keep_dims", keep_dims, "keepdims", keepdims)
        return reduction(operation, input_tensor, axis, keepdims, name)

    reduce.__name__ = reduce.__qualname__ = python_name
    reduce.__doc__ = f"""{doc} of `input_tensor` over `axis`: one, a list, or all (None).

    With `keepdims` the reduced axes stay, with size 1. `reduction_indices` and `keep_dims` are
    older names. ValueError for an axis that is not there.
    """
    return takes_ragged(reduce)


reduce_sum = _define(sum_op, "reduce_sum", "The sum")
reduce_mean = _define(mean_op, "reduce_mean", "The mean")
reduce_prod = _define(prod_op, "reduce_prod", "The product")
reduce_max = _define(max_op, "reduce_max", "The greatest element")
reduce_min = _define(min_op, "reduce_min", "The least element")
reduce_all = _define(all_op, "reduce_all", "The logical and")
reduce_any = _define(any_op, "reduce_any", "The logical or")


def reduce_logsumexp(
    input_tensor, axis=None, keepdims=None, name=None, reduction_indices=None, keep_dims=None
):
    """log(sum(exp(input_tensor))) over `axis`, without overflow."""
    axis = renamed("reduction_indices", reduction_indices, "axis", axis)
    keepdims = bool(renamed("keep_dims", keep_dims, "keepdims", keepdims))
    x = convert_to_tensor(input_tensor)
    with name_scope(name, "ReduceLogSumExp", [x]):
        greatest = reduce_max(x, axis=axis, keepdims=True)
        finite = select(is_finite(greatest), greatest, zeros_like(greatest))
        finite = stop_gradient(finite)
        result = log(reduce_sum(exp(sub(x, finite)), axis, keepdims=keepdims))
        if not keepdims:
            finite = reshape(finite, shape(result))
        result = add_op(result, finite)
        if axis is None and not keepdims:
            result.set_shape(())
        return result


def reduce_variance(input_tensor, axis=None, keepdims=False, name=None):
    """The mean squared distance from the mean, over `axis`."""
    with name_scope(name or "reduce_variance"):
        means = reduce_mean(input_tensor, axis=axis, keepdims=True)
        return reduce_mean(square(input_tensor - means), axis=axis, keepdims=keepdims)


def reduce_std(input_tensor, axis=None, keepdims=False, name=None):
    """The standard deviation over `axis`."""
    with name_scope(name or "reduce_std"):
        return sqrt(reduce_variance(input_tensor, axis=axis, keepdims=keepdims))


def count_nonzero(
    input_tensor=None, axis=None, keepdims=None, dtype=int64, name=None,
    reduction_indices=None, keep_dims=None, input=None,
):  # fmt: skip
    """The number of elements that are not zero, over `axis`."""
    x = renamed("input", input, "input_tensor", input_tensor)
    axis = renamed("reduction_indices", reduction_indices, "axis", axis)
    keepdims = renamed("keep_dims", keep_dims, "keepdims", keepdims)
    with name_scope(name, "count_nonzero", [x]):
        x = convert_to_tensor(x, name="input")
        nonzero = cast(not_equal(x, zeros([], x.dtype)), int64)
        return cast(reduce_sum(nonzero, axis=axis, keepdims=keepdims), dtype)
