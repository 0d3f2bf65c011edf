"""A barrier: what comes of an element meets there, by its key. `SequenceQueueingStateSaver` keeps
the parts of sequences in one."""
from typing import Any, NamedTuple

import numpy as np

from minitf.core.dtypes import int32, int64, resource, string
from minitf.core.schema import Attr, TypeAttr
from minitf.core.tensor_shape import TensorShape, as_shape, unknown_shape
from minitf.ops.queues.barrier_state import Barrier as State
from minitf.ops.queues.ops import Count, on_queue, queue_of
from minitf.ops.queues.queue import _shapes, _types

Values = TypeAttr("T")


@on_queue("Barrier", state=State)
def barrier(
    xp, state, *, component_types, shapes=(), capacity=-1, container="", shared_name=""
) -> resource:
    """Where the components of elements meet."""
    return state


@on_queue("BarrierInsertMany")
def barrier_insert_many(
    xp, handle: resource, keys: string, values: Values, *, component_index
) -> None:
    """Bring a component of some elements."""
    queue_of(handle).insert(component_index, keys, values)


def _taken(handle, n, *, component_types, allow_small_batch=False, _shapes=(), **_):
    count = None if n is None or allow_small_batch else n.item()
    shapes = _shapes or [None] * len(component_types)
    return [(count,), (count,), *(None if s is None else (count, *s) for s in shapes)]


@on_queue("BarrierTakeMany", _taken, waits=True)
def barrier_take_many(
    xp, handle: resource, num_elements: Count, *, component_types, allow_small_batch=False,
    wait_for_incomplete=False, timeout_ms=-1, _shapes=()
) -> [int64, string, Attr("component_types")]:  # fmt: skip
    """Take some elements that are complete."""
    numbers, keys, parts = queue_of(handle).take_many(int(num_elements), allow_small_batch)
    return [np.array(numbers, np.int64), np.array(keys, object), *parts]


@on_queue("BarrierClose")
def barrier_close(xp, handle: resource, *, cancel_pending_enqueues=False) -> None:
    """Take no new keys."""
    queue_of(handle).close(cancel_pending_enqueues)


@on_queue("BarrierReadySize")
def barrier_ready_size(xp, handle: resource) -> int32:
    """How many elements are complete."""
    return np.int32(len(queue_of(handle).items))


@on_queue("BarrierIncompleteSize")
def barrier_incomplete_size(xp, handle: resource) -> int32:
    """How many elements lack components."""
    return np.int32(len(queue_of(handle).incomplete))


class BarrierTakeMany(NamedTuple):
    """What `Barrier.take_many` gives."""

    indices: Any
    keys: Any
    values: Any


class Barrier:
    """A map of elements, tuples of `types`, whose components are brought one by one.

    `shapes` are those of the components. ValueError for shapes without elements.
    """

    def __init__(self, types, shapes=None, shared_name=None, name="barrier"):
        self._types = list(_types(types))
        self._shapes = [unknown_shape() for _ in self._types]
        if shapes is not None:
            self._shapes = [TensorShape(shape) for shape in _shapes(shapes)]
        for i, shape in enumerate(self._shapes):
            if shape.num_elements() == 0:
                raise ValueError("Empty tensors are not supported, but received shape "
                                 f"'{shape}' at index {i}")  # fmt: skip
        self._known = tuple(as_shape(shape) for shape in self._shapes)
        self._barrier_ref = barrier(component_types=self._types, shapes=self._known,
                                    shared_name=shared_name or "", name=name)  # fmt: skip
        self._name = self._barrier_ref.op.name.split("/")[-1]

    barrier_ref = property(lambda self: self._barrier_ref, doc="What stands for it.")
    name = property(lambda self: self._barrier_ref.op.name, doc="The name of its operation.")

    def insert_many(self, component_index, keys, values, name=None):
        """An operation that brings component number `component_index` of the elements `keys`."""
        return barrier_insert_many(self._barrier_ref, keys, values, component_index=component_index,
                                   name=name or f"{self._name}_BarrierInsertMany")  # fmt: skip

    def take_many(self, num_elements, allow_small_batch=False, timeout=None, name=None):
        """(indices, keys, list of components) of so many complete elements.

        When it is closed, as many as there are if `allow_small_batch`. NotImplementedError for a
        `timeout`. In the run OutOfRangeError when it is closed and has not so many.
        """
        if timeout is not None:
            raise NotImplementedError("Barrier.take_many(timeout=...): minitf waits until there "
                                      "are enough elements, or it is closed")  # fmt: skip
        indices, keys, *values = barrier_take_many(
            self._barrier_ref, num_elements, component_types=self._types,
            allow_small_batch=allow_small_batch, _shapes=self._known,
            name=name or f"{self._name}_BarrierTakeMany",
        )  # fmt: skip
        return BarrierTakeMany(indices, keys, values)

    def close(self, cancel_pending_enqueues=False, name=None):
        """An operation after which there are no new keys; elements that are there can be completed,
        unless `cancel_pending_enqueues`."""
        return barrier_close(self._barrier_ref, cancel_pending_enqueues=cancel_pending_enqueues,
                             name=name or f"{self._name}_BarrierClose")  # fmt: skip

    def ready_size(self, name=None):
        """How many elements are complete, an int32 tensor."""
        return barrier_ready_size(self._barrier_ref, name=name or f"{self._name}_BarrierReadySize")

    def incomplete_size(self, name=None):
        """How many elements lack components, an int32 tensor."""
        return barrier_incomplete_size(self._barrier_ref,
                                       name=name or f"{self._name}_BarrierIncompleteSize")
