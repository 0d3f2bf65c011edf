"""`tf.contrib.staging.StagingArea`: values that one run brings, and a later one takes."""
from collections import deque

import numpy as np

from minitf.core import errors
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, int32
from minitf.core.graph import get_default_graph, name_scope
from minitf.core.schema import Attr, TypeAttr
from minitf.core.tensor_shape import TensorShape, as_shape, unknown_shape
from minitf.ops.control_flow.control import no_op
from minitf.ops.queues.kinds import kept
from minitf.ops.queues.ops import on_queue
from minitf.ops.queues.waiting import DONE, STUCK, Attempt, Waiting


class Area(Waiting):
    """What a Session keeps: elements in the order of their coming."""

    family = "Stage"

    def __init__(self, operation):
        super().__init__(operation)
        self.items, self.held = deque(), 0
        attrs = operation.attrs
        self.capacity, self.memory_limit = attrs["capacity"], attrs["memory_limit"]

    def put(self, values):
        """Bring an element, once there is room."""
        size = sum(np.asarray(value).nbytes for value in values)
        if 0 < self.memory_limit < size:
            raise errors.ResourceExhaustedError(
                None, None, f"Attempted to insert tensors with combined size of '{size}' bytes "
                f"into Staging Area with a memory limit of '{self.memory_limit}'."
            )  # fmt: skip
        element = [np.asarray(kept(value), np.asarray(value).dtype) for value in values]

        def advance():
            if 0 < self.capacity <= len(self.items):
                return STUCK
            if 0 < self.memory_limit < self.held + size:
                return STUCK
            self.items.append((element, size))
            self.held += size
            return DONE

        self.wait(self.bringing, Attempt(advance))

    def get(self):
        """Take the oldest element, once there is one."""
        found = []

        def advance():
            if not self.items:
                return STUCK
            element, size = self.items.popleft()
            self.held -= size
            found.extend(element)
            return DONE

        self.wait(self.taking, Attempt(advance))
        return found

    def peek(self, index):
        """The element of this number, once it is there; it stays."""
        found = []

        def advance():
            if len(self.items) <= index:
                return STUCK
            found.extend(part.copy() for part in self.items[index][0])
            return DONE

        self.wait(self.taking, Attempt(advance))
        return found

    def clear(self):
        """Drop all elements."""
        with self.lock:
            self.items.clear()
            self.held = 0
            self.flush()


# -- ops ------------------------------------------------------------------------------------------


def _shapes_of(*_, dtypes, _shapes=(), **__):
    return list(_shapes) if _shapes else [None] * len(dtypes)


@on_queue("Stage", state=Area)
def stage(
    xp, state, *values: TypeAttr("dtypes", each=True), capacity=0, memory_limit=0, container="",
    shared_name=""
) -> None:  # fmt: skip
    """Bring one element."""
    state.put(values)


@on_queue("Unstage", _shapes_of, state=Area, waits=True)
def unstage(
    xp, state, *, dtypes, capacity=0, memory_limit=0, container="", shared_name="", _shapes=()
) -> [Attr("dtypes")]:
    """Take one element."""
    return state.get()


@on_queue("StagePeek", _shapes_of, state=Area, waits=True)
def stage_peek(
    xp, state, index: int32, *, dtypes, capacity=0, memory_limit=0, container="", shared_name="",
    _shapes=()
) -> [Attr("dtypes")]:  # fmt: skip
    """The same, which stays there."""
    return state.peek(int(index))


@on_queue("StageSize", state=Area)
def stage_size(
    xp, state, *, dtypes, capacity=0, memory_limit=0, container="", shared_name=""
) -> int32:
    """How many elements are there."""
    return np.int32(len(state.items))


@on_queue("StageClear", state=Area)
def stage_clear(
    xp, state, *, dtypes, capacity=0, memory_limit=0, container="", shared_name=""
) -> None:
    """Drop all elements."""
    state.clear()


# -- what programs use ----------------------------------------------------------------------------


class StagingArea:
    """Elements, tuples of `dtypes`, that one run puts there for another: first in, first out.

    It has room for `capacity` elements of `memory_limit` bytes together, where these are not zero:
    who brings more waits. With `names` elements are dicts. Nodes with the same `shared_name` share
    it. ValueError for lists of other lengths.
    """

    def __init__(self, dtypes, shapes=None, names=None, shared_name=None, capacity=0,
                 memory_limit=0):
        if not (shared_name is None or isinstance(shared_name, str)):
            raise ValueError("shared_name must be a string")
        for what, given in (("shapes", shapes), ("names", names)):
            if given is not None and len(given) != len(dtypes):
                raise ValueError(f"StagingArea {what} must be the same length as dtypes")
        self._name = shared_name or get_default_graph().unique_name(type(self).__name__)
        self._dtypes, self._names = dtypes, names
        self._shapes = [unknown_shape() for _ in dtypes]
        if shapes is not None:
            self._shapes = [TensorShape(shape) for shape in shapes]
        self._capacity, self._memory_limit = capacity, memory_limit
        with name_scope(f"{self._name}_root"):
            self._coloc_op = no_op()

    name = property(lambda self: self._name, doc="Its name.")
    dtypes = property(lambda self: self._dtypes, doc="The type of each component.")
    shapes = property(lambda self: self._shapes, doc="The shape of each component.")
    names = property(lambda self: self._names, doc="The name of each component, or None.")
    capacity = property(lambda self: self._capacity, doc="Room for so many; 0 for any number.")
    memory_limit = property(lambda self: self._memory_limit, doc="Room in bytes; 0 for any.")

    def put(self, values, name=None):
        """An operation that brings one element: a tensor, a list of them, or a dict.

        It waits until there is room. ValueError for what does not fit.
        """
        given = values.values() if isinstance(values, dict) else values
        given = list(given) if isinstance(values, (dict, list, tuple)) else [given]
        with name_scope(name, f"{self._name}_put", given) as scope:
            return stage(*self._components(values), name=scope, **self._attrs())

    def _components(self, values):
        if isinstance(values, dict):
            values = self._in_order(values)
        elif self._names:
            raise ValueError("You must enqueue a dictionary in a staging area with names")
        elif not isinstance(values, (list, tuple)):
            values = [values]
        if len(values) > len(self._dtypes):
            raise ValueError(f"Unexpected number of inputs '{len(values)}' vs "
                             f"'{len(self._dtypes)}'")  # fmt: skip
        return [self._component(*each) for each in enumerate(zip(values, self._dtypes,
                                                                 self._shapes))]  # fmt: skip

    def _in_order(self, values):
        if not self._names:
            raise ValueError("Staging areas must have names to enqueue a dictionary")
        if not set(values) <= set(self._names):
            raise ValueError("Keys in dictionary to put do not match names of staging area. "
                             f"Dictionary: ({sorted(values)}), Queue: ({sorted(self._names)})")
        return [values[name] for name in self._names if name in values]

    @staticmethod
    def _component(i, expected):
        value, dtype, shape = expected
        if value.dtype != dtype:
            raise ValueError(f"Datatypes do not match. '{value.dtype}' != '{dtype}'")
        value.get_shape().assert_is_compatible_with(shape)
        return convert_to_tensor(value, dtype, name=f"component_{i}")

    def get(self, name=None):
        """The oldest element, a list of tensors or a dict, which is taken; it waits for one."""
        return self._named(unstage(name=name or f"{self._name}_get", **self._typed(),
                                   _shapes=self._known()))  # fmt: skip

    def peek(self, index, name=None):
        """The element number `index`, which stays there; it waits until there is one."""
        return self._named(stage_peek(index, name=name or f"{self._name}_peek", **self._typed(),
                                      _shapes=self._known()))  # fmt: skip

    def _named(self, tensors):
        return dict(zip(self._names, tensors)) if self._names else tensors

    def size(self, name=None):
        """How many elements are there, an int32 tensor."""
        return stage_size(name=name or f"{self._name}_size", **self._typed())

    def clear(self, name=None):
        """An operation that drops all elements."""
        return stage_clear(name=name or f"{self._name}_clear", **self._typed())

    def _attrs(self):
        return {"shared_name": self._name, "capacity": self._capacity,
                "memory_limit": self._memory_limit}  # fmt: skip

    def _typed(self):
        return {"dtypes": [as_dtype(each) for each in self._dtypes], **self._attrs()}

    def _known(self):
        return tuple(as_shape(shape) for shape in self._shapes)
