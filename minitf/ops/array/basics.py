"""What every graph starts with: `tf.shape`, `tf.reshape`, `tf.zeros`, `tf.identity`, ..."""
import math

import numpy as np

from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.cuda.threads import each
from minitf.core.cuda.threads import zeros as zeros_launches
from minitf.core.dtypes import as_dtype, bool_, int32, string
from minitf.core.graph import name_scope
from minitf.core.literals import ints, is_literal
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.ragged import takes_ragged
from minitf.core.schema import Attr, Numeric, Static, static
from minitf.core.shape_rules import broadcast, check_rank, reshaped, scalar, sizes
from minitf.core.source import call, shape_of
from minitf.core.sparse_tensor import SparseTensor
from minitf.core.tensor import OPERATORS, Tensor
from minitf.core.tensor_shape import (
    TensorShape,
    as_shape,
    is_static,
    merge,
    num_elements,
    printed,
)

# -- passing on -----------------------------------------------------------------------------------


@op("Identity", alias=True, structural=True)
def identity(xp, input):
    """The same value under a new name."""
    return input


identity.gradient(lambda y, dy, input: (dy,))


@op("StopGradient", alias=True, structural=True, grad=NOT_DIFFERENTIABLE)
def stop_gradient(xp, input):
    """The same value; a constant for tf.gradients."""
    return input


@op("PreventGradient", alias=True)
def prevent_gradient(xp, input, *, message=""):
    """The same value; tf.gradients raises LookupError with `message` when it comes here."""
    return input


@prevent_gradient.gradient
def _(y, dy, input, *, message):
    raise LookupError(f"Gradient explicitly disabled. Reason: {message!r}")


def _ensured(input, *, shape):
    merged = merge(input, shape)
    if merged is False:
        raise ValueError(f"Shape of tensor {printed(input)} is not compatible with expected shape "
                         f"{printed(shape)}")  # fmt: skip
    return merged


@op("EnsureShape", shape=_ensured, view=True)
def ensure_shape_op(xp, x, *, shape):
    """x, known to have the shape from here on."""
    _ensured(x.shape, shape=shape)
    return x


ensure_shape_op.gradient(lambda y, dy, x, *, shape: (dy,))


def ensure_shape(x, shape, name=None):
    """`x`; its static shape is refined by `shape`, and a run raises when it has another one."""
    return ensure_shape_op(x, shape=as_shape(shape), name=name)


# -- shape, size, rank ----------------------------------------------------------------------------


def _shape_value(input, *, out_type):
    if input is None:
        return None
    return np.array(input, object if None in input else out_type.numpy)


@op("Shape", shape=lambda x, *, out_type: (None if x is None else len(x),), value=_shape_value,
    grad=NOT_DIFFERENTIABLE)  # fmt: skip
def shape_op(xp, input, *, out_type=int32) -> Attr("out_type"):
    """The sizes of input, as a vector."""
    return np.array(input.shape, out_type.numpy)


def shape(input, name=None, out_type=int32):
    """The sizes of `input` in the run, as a vector; a constant when all are known already."""
    return _measured(shape_op, "Shape", input, name, out_type, lambda known: known)


def _size_value(input, *, out_type):
    count = num_elements(input)
    return None if count is None else np.array(count, out_type.numpy)


@op("Size", shape=scalar, value=_size_value, grad=NOT_DIFFERENTIABLE)
def size_op(xp, input, *, out_type=int32) -> Attr("out_type"):
    """The number of elements."""
    return np.array(input.size, out_type.numpy)


@takes_ragged
def size(input, name=None, out_type=int32):
    """The number of elements of `input`; a constant when it is known already."""
    return _measured(size_op, "Size", input, name, out_type, num_elements)


def _measured(operation, default_name, input, name, out_type, measure):
    """A constant when the shape is known, else a node that looks at it in the run."""
    with name_scope(name, default_name, [input]) as scope:
        if isinstance(input, SparseTensor):
            return OPERATORS[f"sparse_{default_name}"](input, as_dtype(out_type), scope)
        tensor, out_type = convert_to_tensor(input), as_dtype(out_type)
        if is_static(tensor._shape):
            return constant(measure(tensor._shape), out_type, name=scope)
        return operation(input, out_type=out_type, name=scope)  # a list is packed once more


@op("Rank", shape=scalar, grad=NOT_DIFFERENTIABLE,
    value=lambda x: None if x is None else np.array(len(x), np.int32))  # fmt: skip
def rank_op(xp, input) -> int32:
    """The number of dimensions."""
    return np.array(input.ndim, np.int32)


@takes_ragged
def rank(input, name=None):
    """The number of dimensions of `input`; a constant when it is known already."""
    with name_scope(name, "Rank", [input]) as scope:
        if isinstance(input, SparseTensor):
            return size_op(input.dense_shape, name=scope)
        tensor = convert_to_tensor(input)
        if tensor._shape is not None:
            return constant(len(tensor._shape), int32, name=scope)
        return rank_op(input, name=scope)


# -- reshape --------------------------------------------------------------------------------------


def _reshape_source(out, tensor, shape):
    """NumPy cannot tell a -1 beside a 0."""
    plain = is_literal(shape) and not {0, -1} <= set(ints(shape))
    return f"{tensor}.reshape({shape})" if plain else None


@op(
    "Reshape",
    shape=reshaped,
    view=True,
    reshapes=True,
    structural=True,
    simplify=lambda tensor, shape: 0 if reshaped(tensor, shape) == tensor else None,
    source=_reshape_source,
)
def reshape(xp, tensor, shape: static("Tshape")):
    """The elements of `tensor` in another shape; one size may be -1: whatever is left."""
    sizes = ints(shape)
    reshaped(tensor.shape, sizes)  # NumPy takes any negative size for -1
    if not tensor.size and 0 in sizes and sizes.count(-1) == 1:  # the sizes of 0 count for nothing
        whole, known = (math.prod(n for n in axes if n > 0) for axes in (tensor.shape, sizes))
        sizes = tuple(whole // known if n == -1 else n for n in sizes)
    return xp.reshape(tensor, sizes)


reshape.gradient(lambda y, dy, tensor, shape_: (reshape(dy, shape(tensor)), None))


# -- filling --------------------------------------------------------------------------------------


def _copy_source(out, value):
    return None if out is None else f"np.copyto({out}, {value})"


def _filled_launches(inputs, outputs):
    return each(inputs[1:], outputs, "*x0")


def _filled_shape(dims, value):
    check_rank(value, 0, "value")
    wanted = sizes(dims)
    if dims is not None and any(n is not None and n < 0 for n in dims):
        raise ValueError(f"Fill dimensions must be >= 0, got {printed(wanted)}")
    return wanted


@op("Fill", shape=_filled_shape, structural=True, cuda=_filled_launches,
    source=lambda out, dims, value: _copy_source(out, value))  # fmt: skip
def fill(xp, dims: static("index_type"), value, out=None):
    """A tensor of the shape `dims`, every element equal to `value`."""
    if out is None:
        return xp.full(ints(dims), value, dtype=value.dtype)
    out[...] = value
    return out


fill.gradient(lambda y, dy, dims, value: (None, sum_to(dy, constant([], int32))))


def zeros(shape, dtype="float32", name=None):
    """Zeros of the given shape (False, "" for bool and string)."""
    return _filled(0, shape, dtype, name, "zeros")


def ones(shape, dtype="float32", name=None):
    """Ones of the given shape (True for bool)."""
    return _filled(1, shape, dtype, name, "ones")


def _filled(value, shape, dtype, name, default_name):
    dtype = as_dtype(dtype).base_dtype
    if dtype is string and value:
        raise TypeError(f"Expected string, got {value} of type 'int' instead: tf.fill takes text")
    value = bool(value) if dtype is bool_ else "" if dtype is string else value
    with name_scope(name, default_name, [shape]) as scope:
        if not isinstance(shape, Tensor):
            known = _sizes_or_none(shape)
            # A larger one is filled in the run, so that the graph stays small.
            if known is not None and num_elements(known) < 1000 and not hasattr(shape, "__index__"):
                return constant(value, dtype, known, name=scope)
            if known is None:
                _weigh(shape)
            if known:
                shape = TensorShape(known)
            shape = convert_to_tensor(shape, int32)
        if not shape._shape:
            shape = reshape(shape, [-1])
        return fill(shape, constant(value, dtype), name=scope)


def _weigh(sizes):
    """Ask of sizes some of which are tensors, as TensorFlow does, whether their product is small:
    nodes that nobody needs, but what is drawn depends on how many nodes there are."""
    if not isinstance(sizes, (list, tuple)) or not any(isinstance(n, Tensor) for n in sizes):
        return
    total = sizes[0]
    for size in sizes[1:]:
        total = total * size
    total < 1000  # noqa: B015


def _sizes_or_none(shape):
    """The sizes, None when some are tensors."""
    try:
        known = as_shape(shape)
    except (TypeError, ValueError):
        return None
    return known if is_static(known) else None


@op("ZerosLike", scalar="0", grad=NOT_DIFFERENTIABLE, cuda=zeros_launches)
def zeros_like_op(xp, x, out=None):
    """Zeros in the shape of x, empty strings for strings."""
    if x.dtype.kind == "O":
        return np.full(x.shape, b"", object)
    if out is None:
        return xp.zeros_like(x)
    out[...] = 0
    return out


@takes_ragged
def zeros_like(tensor, dtype=None, name=None, optimize=True):
    """Zeros in the shape of `tensor`, of its type or `dtype`.

    A constant when the shape is known, unless `optimize` is False.
    """
    with name_scope(name, "zeros_like", [tensor]) as scope:
        tensor = convert_to_tensor(tensor, name="tensor")
        wanted = tensor.dtype.base_dtype if dtype is None else as_dtype(dtype).base_dtype
        if optimize and is_static(tensor._shape):
            return zeros(tensor.shape, wanted, name=scope)
        if wanted is not tensor.dtype.base_dtype:
            return zeros(_shape_of(tensor, optimize), wanted, name=scope)
        return zeros_like_op(tensor, name=scope)


@takes_ragged
def ones_like(tensor, dtype=None, name=None, optimize=True):
    """Ones in the shape of `tensor`, of its type or `dtype`."""
    with name_scope(name, "ones_like", [tensor]) as scope:
        tensor = convert_to_tensor(tensor, name="tensor")
        result = ones(_shape_of(tensor, optimize), dtype or tensor.dtype, name=scope)
        result.set_shape(tensor._shape)
        return result


def _shape_of(tensor, optimize):
    return shape(tensor) if optimize else shape_op(tensor, out_type=int32, name="Shape")


# -- broadcasting ---------------------------------------------------------------------------------


def _broadcast_to_shape(input, shape):
    wanted = sizes(shape)
    if wanted is None or input is None:
        return wanted
    fits = len(input) <= len(wanted) and merge(broadcast(wanted, input), wanted) is not False
    if not fits:
        raise ValueError(f"Incompatible shapes: Unable to broadcast tensor of shape "
                         f"{printed(input)} to tensor of shape {printed(wanted)}")  # fmt: skip
    # A size of the input other than 1 is one of the output's.
    known = (*(None,) * (len(wanted) - len(input)), *(None if n == 1 else n for n in input))
    return merge(wanted, known)


@op(
    "BroadcastTo",
    shape=_broadcast_to_shape,
    simplify=lambda input, shape: 0 if ints(shape) == input else None,
    source=lambda out, input, shape: _copy_source(out, input),
    scalar="x0",
)
def broadcast_to(xp, input, shape: Static, out=None):
    """`input` repeated along axes of size 1 and new leading ones until it has `shape`."""
    # Copied: a view with strides of 0 would keep matrix products from the fast path.
    out = xp.empty(ints(shape), input.dtype) if out is None else out
    out[...] = input
    return out


broadcast_to.gradient(lambda y, dy, input, shape_: (sum_to(dy, shape(input)), None))


def summed_axes(from_shape, to_shape):
    """The axes along which `to_shape` was broadcast to `from_shape`."""
    lead = len(from_shape) - len(to_shape)
    inner = [lead + i for i, n in enumerate(to_shape) if n == 1 and from_shape[lead + i] != 1]
    return (*range(lead), *inner)


def _sum_to_source(out, x, shape):
    before, after = shape_of(x), ints(shape) if is_literal(shape) else None
    if out is None or before is None or after is None:
        return None
    axes = summed_axes(before, after)
    if any(axis >= len(before) - len(after) for axis in axes):
        return None  # axes of size 1 stay: the kernel knows how
    return call("add.reduce", x, axis=axes[0] if len(axes) == 1 else axes, out=out)


@op(
    "SumTo",
    shape=lambda x, shape: sizes(shape),
    simplify=lambda x, shape: 0 if ints(shape) == x else None,
    source=_sum_to_source,
    reduction=lambda x, shape: ("sum", summed_axes(x, ints(shape))),
)
def sum_to(xp, x: Numeric, shape: Static, out=None):
    """x summed over the axes along which `shape` was broadcast to that of x."""
    shape = ints(shape)
    axes = summed_axes(x.shape, shape)
    if out is None:
        return xp.add.reduce(x, axes, x.dtype, keepdims=True).reshape(shape)
    full = out.reshape((1,) * (x.ndim - len(shape)) + shape)
    xp.add.reduce(x, axes, x.dtype, full, True)
    return out


sum_to.gradient(lambda y, dy, x, shape_: (broadcast_to(dy, shape(x)), None))


Sizes = static("T")


@op("BroadcastArgs", shape=lambda s0, s1: _longer(s0, s1), grad=NOT_DIFFERENTIABLE,
    host=True)  # fmt: skip
def broadcast_args(xp, s0: Sizes, s1: Sizes) -> Sizes:
    """The shape that two shapes broadcast to."""
    found = np.broadcast_shapes(ints(s0), ints(s1))
    return np.array(found, np.result_type(*(s for s in (s0, s1) if hasattr(s, "dtype")), np.int32))


def _longer(s0, s1):
    return (None,) if s0 is None or s1 is None else (max(len(s0), len(s1)),)


def broadcast_dynamic_shape(shape_x, shape_y):
    """The shape, a tensor, that two shapes given as tensors broadcast to in the run."""
    return broadcast_args(shape_x, shape_y)


def broadcast_static_shape(shape_x, shape_y):
    """The TensorShape that two shapes broadcast to. ValueError when they do not."""
    try:
        return TensorShape(broadcast(as_shape(shape_x), as_shape(shape_y)))
    except ValueError:
        raise ValueError("Incompatible shapes for broadcasting: "
                         f"{TensorShape(shape_x)} and {TensorShape(shape_y)}") from None
