"""The ops that queues are made of: the node that stands for one, and those that work on it."""
import numpy as np

from minitf.core.dtypes import bool_, int32, resource
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Attr, TypeAttr
from minitf.ops.queues import kinds

Components = TypeAttr("Tcomponents", each=True)
Count = TypeAttr("_", (int32,), static=True)


def on_queue(type, shape=lambda *_, **__: (), **traits):
    """Declare an op on a queue: it runs on the host, in each run, and has no gradient."""
    return op(type, shape=shape, grad=NOT_DIFFERENTIABLE, stateful=True, host=True, **traits)


def queue_of(handle):
    """What a handle stands for: it may have been chosen out of an array of handles."""
    return handle.item() if type(handle) is np.ndarray else handle


# -- making one -----------------------------------------------------------------------------------


@on_queue("FIFOQueueV2", state=kinds.Queue)
def fifo_queue(
    xp, state, *, component_types, shapes=(), capacity=-1, container="", shared_name=""
) -> resource:
    """A queue: first in, first out."""
    return state.checked("FIFOQueue", locals()) if shared_name else state


@on_queue("PaddingFIFOQueueV2", state=kinds.PaddingQueue)
def padding_fifo_queue(
    xp, state, *, component_types, shapes=(), capacity=-1, container="", shared_name=""
) -> resource:
    """The same of arrays whose sizes differ."""
    return state.checked("PaddingFIFOQueue", locals()) if shared_name else state


@on_queue("PriorityQueueV2", state=kinds.PriorityQueue)
def priority_queue(
    xp, state, *, component_types=(), shapes=(), capacity=-1, container="", shared_name=""
) -> resource:
    """A queue: the least first component first."""
    return state.checked("PriorityQueue", locals()) if shared_name else state


@on_queue("RandomShuffleQueueV2", state=kinds.RandomShuffleQueue)
def random_shuffle_queue(
    xp, state, *, component_types, shapes=(), capacity=-1, min_after_dequeue=0, seed=0, seed2=0,
    container="", shared_name=""
) -> resource:  # fmt: skip
    """A queue: any element of those that are there."""
    return state.checked("RandomShuffleQueue", locals()) if shared_name else state


# -- bringing and taking --------------------------------------------------------------------------


@on_queue("QueueEnqueueV2", brings=True)
def enqueue(xp, handle: resource, *components: Components, timeout_ms=-1, _spare=0) -> None:
    """Bring one element."""
    queue_of(handle).enqueue(components, _spare)


@on_queue("QueueEnqueueManyV2", brings=True)
def enqueue_many(xp, handle: resource, *components: Components, timeout_ms=-1, _spare=0) -> None:
    """Bring an element for each row."""
    queue_of(handle).enqueue_many(components, _spare)


def _element(*_, component_types, _shapes, **__):
    return list(_shapes) if _shapes else [None] * len(component_types)


def _batch(handle, n, *, component_types, _shapes, **__):
    count = None if n is None else n.item()
    if count is not None and count < 0:
        raise ValueError(f"Input 'n' must be >= 0, but is {count}")
    shapes = _shapes or [None] * len(component_types)
    return [None if shape is None else (count, *shape) for shape in shapes]


def _some(handle, n, **attrs):
    return [None if shape is None else (None, *shape[1:]) for shape in _batch(handle, n, **attrs)]


@on_queue("QueueDequeueV2", _element, waits=True)
def dequeue(
    xp, handle: resource, *, component_types, timeout_ms=-1, _shapes=()
) -> [Attr("component_types")]:
    """Take one element."""
    return queue_of(handle).dequeue()


@on_queue("QueueDequeueManyV2", _batch, waits=True)
def dequeue_many(
    xp, handle: resource, n: Count, *, component_types, timeout_ms=-1, _shapes=()
) -> [Attr("component_types")]:
    """Take n elements, stacked."""
    return queue_of(handle).dequeue_many(int(n))


@on_queue("QueueDequeueUpToV2", _some, waits=True)
def dequeue_up_to(
    xp, handle: resource, n: Count, *, component_types, timeout_ms=-1, _shapes=()
) -> [Attr("component_types")]:
    """Take n elements, or those that are left of a queue that is closed."""
    return queue_of(handle).dequeue_many(int(n), few=True)


# -- the rest -------------------------------------------------------------------------------------


@on_queue("QueueCloseV2")
def close(xp, handle: resource, *, cancel_pending_enqueues=False) -> None:
    """Let nobody bring any more."""
    queue_of(handle).close(cancel_pending_enqueues)


@on_queue("QueueIsClosedV2")
def is_closed(xp, handle: resource) -> bool_:
    """Whether it is closed."""
    return np.bool_(queue_of(handle).closed)


@on_queue("QueueSizeV2")
def size(xp, handle: resource) -> int32:
    """How many elements are there."""
    return np.int32(queue_of(handle).size())
