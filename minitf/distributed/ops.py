"""The collectives as ops of a graph, with their gradients."""

import numpy as np

from minitf.core.dtypes import int32
from minitf.core.graph import control_dependencies
from minitf.core.op import op
from minitf.core.schema import Attr, Each, T
from minitf.distributed.collectives import Collective
from minitf.distributed.world import world
from minitf.ops.array.basics import shape, zeros_like
from minitf.ops.array.joining import concat
from minitf.ops.array.slicing import slice_


def types_of(tensors):
    return [tensor.dtype.base_dtype for tensor in tensors]


@op("HorovodAllreduce", shape=lambda *tensors, **_: list(tensors), stateful=True, host=True,
    collective=True, state=Collective)  # fmt: skip
def allreduce_op(xp, state, *tensors: Each, T, average=False) -> [Attr("T")]:
    """Sums, or means, over the processes."""
    return state.sum(list(tensors), average)


@allreduce_op.gradient
def _(ys, dys, *tensors, T, average=False):
    dys = [zeros_like(y) if dy is None else dy for y, dy in zip(ys, dys)]
    return allreduce_op(*dys, T=T, average=average)


def _longer(tensor):
    """The shape of what is gathered: nobody knows how long."""
    if tensor is None:
        return None
    if not tensor:
        raise ValueError("a scalar cannot be gathered; give it an axis: tf.expand_dims(x, 0)")
    return (None, *tensor[1:])


@op("HorovodAllgather", shape=_longer, stateful=True, host=True, collective=True, state=Collective)
def allgather_op(xp, state, tensor: T) -> T:
    """The tensors of all processes, one below the other."""
    return state.gather(tensor)


@op("HorovodRowsBefore", shape=lambda length: (1,), stateful=True, host=True, collective=True,
    state=Collective)  # fmt: skip
def rows_before_op(xp, state, length: int32) -> int32:
    """How many rows the processes before this one have in what all have gathered."""
    lengths = state.gather(np.reshape(length, 1))
    return lengths[: world().rank].sum(keepdims=True, dtype=np.int32)


@allgather_op.gradient
def _(y, dy, tensor):
    total = allreduce_op(dy, T=types_of([dy]))[0]
    sizes = shape(tensor)
    start = concat([rows_before_op(sizes[0]), zeros_like(sizes[1:])], 0)
    return (slice_(total, start, sizes),)


@op("HorovodBroadcast", shape=lambda *tensors, **_: list(tensors), stateful=True, host=True,
    collective=True, state=Collective)  # fmt: skip
def broadcast_op(xp, state, *tensors: Each, T, root_rank) -> [Attr("T")]:
    """The tensors of one process."""
    return state.broadcast(list(tensors), root_rank)


@broadcast_op.gradient
def _(ys, dys, *tensors, T, root_rank):
    dys = [zeros_like(y) if dy is None else dy for y, dy in zip(ys, dys)]
    sums = allreduce_op(*dys, T=T)
    if world().rank == root_rank:
        return sums
    with control_dependencies(sums):  # the others take part in the sum all the same
        return [zeros_like(dy) for dy in dys]
