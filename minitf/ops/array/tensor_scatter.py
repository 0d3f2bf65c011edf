"""Copies of tensors with some elements changed: `tf.tensor_scatter_update`, ..."""
from minitf.core import native_scatter
from minitf.core.cuda.threads import each, scatter, several
from minitf.core.op import op
from minitf.core.schema import Numeric, T
from minitf.core.tensor_shape import merge, printed
from minitf.ops.array.at import apply_at, check_places
from minitf.ops.array.basics import zeros_like
from minitf.ops.array.indexing import Indices, check_scattered, gather_nd_op
from minitf.ops.math.elementwise import neg


def _updated_shape(tensor, indices, updates):
    check_scattered(tensor, indices, updates)
    if tensor is None or not indices or indices[-1] is None:
        return tensor
    depth = indices[-1]
    if depth > len(tensor):
        raise ValueError(f"indices of {depth} numbers each do not fit the shape {printed(tensor)}")
    if merge((*indices[:-1], *tensor[depth:]), updates) is False:
        raise ValueError(f"The updates {printed(updates)} must have the shape of indices "
                         f"{printed(indices)} but the last axis, then that of a part of "
                         f"{printed(tensor)}")  # fmt: skip
    return tensor


def _traits(combined):
    def cuda(inputs, outputs):
        depth = inputs[1].shape[-1]
        if not depth:
            return None  # the place is everything
        copied = each(inputs, outputs, "x0[i]")
        return several(copied, scatter(combined, inputs, outputs, indices=1, updates=2,
                                       depth=depth))  # fmt: skip

    def native(inputs, outputs):
        return native_scatter.scatter(combined, inputs, outputs, indices=1, updates=2,
                                      depth=inputs[1].shape[-1], start="x0")  # fmt: skip

    return {"cuda": cuda, "native": native, "fails": True}


def _places(xp, tensor, indices):
    check_places(xp, indices, tensor.shape)
    return tuple(xp.moveaxis(indices, -1, 0))


@op("TensorScatterUpdate", shape=_updated_shape, **_traits("update"))
def tensor_scatter_update(xp, tensor, indices: Indices, updates):
    """`tensor` with `updates` in place of the elements or parts that `indices` name.

    An index outside raises InvalidArgumentError in the run; on a GPU it changes nothing.
    """
    result = xp.array(tensor)
    result[_places(xp, tensor, indices)] = updates
    return result


@op("TensorScatterAdd", shape=_updated_shape, **_traits("old + update"))
def tensor_scatter_add(xp, tensor: Numeric, indices: Indices, updates: T):
    """`tensor` with `updates` added to the elements or parts that `indices` name.

    An index outside raises InvalidArgumentError in the run; on a GPU it changes nothing.
    """
    result = xp.array(tensor)
    apply_at(xp, "add", result, _places(xp, tensor, indices), updates)
    return result


@op("TensorScatterSub", shape=_updated_shape, **_traits("old - update"))
def tensor_scatter_sub(xp, tensor: Numeric, indices: Indices, updates: T):
    """`tensor` with `updates` taken from the elements or parts that `indices` name.

    An index outside raises InvalidArgumentError in the run; on a GPU it changes nothing.
    """
    result = xp.array(tensor)
    apply_at(xp, "subtract", result, _places(xp, tensor, indices), updates)
    return result


@op("ScatterNdNonAliasingAdd", shape=_updated_shape, **_traits("old + update"))
def scatter_nd_non_aliasing_add(xp, input: Numeric, indices: Indices, updates: T):
    """As `tf.tensor_scatter_add`."""
    return tensor_scatter_add.kernel(xp, input, indices, updates)


for _op in (tensor_scatter_update, tensor_scatter_add, tensor_scatter_sub,
            scatter_nd_non_aliasing_add):  # fmt: skip
    _op.schema.returns = T


@tensor_scatter_update.gradient
def _(y, dy, tensor, indices, updates):
    rest = tensor_scatter_update(dy, indices, zeros_like(updates))
    return rest, None, gather_nd_op(dy, indices)


@tensor_scatter_add.gradient
@scatter_nd_non_aliasing_add.gradient
def _(y, dy, tensor, indices, updates):
    return dy, None, gather_nd_op(dy, indices)


@tensor_scatter_sub.gradient
def _(y, dy, tensor, indices, updates):
    return dy, None, neg(gather_nd_op(dy, indices))
