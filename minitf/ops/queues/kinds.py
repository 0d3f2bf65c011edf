"""What a Session keeps for each kind of queue: its elements, and in which order they come out.

An element is a tuple with a component for each type: a Python number or bytes where it is a scalar,
an array of its own otherwise.
"""
from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.core import errors
from minitf.core.tensor_shape import is_static, merge
from minitf.ops.queues.waiting import DONE, MOVED, STUCK, Attempt, Waiting
from minitf.ops.random import philox

WORDS = 1024  # random numbers that are made at once


def kept(value: Any) -> Any:
    """A component of its own: the value may lie in memory that is used again."""
    if type(value) is bytes:
        return value
    return value.copy() if value.ndim else value.item()


def rows(value: Any) -> list[Any]:
    """The rows of a batch as components."""
    return value.tolist() if value.ndim == 1 else [row.copy() for row in value]


class Bringing(Attempt):
    """Brings `count` elements; `part(a, b)` makes those from number a to b."""

    def __init__(
        self, queue: Queue, part: Callable[[int, int], list[Any]], count: int, spare: int = 0
    ) -> None:
        super().__init__(self._advance)
        self.queue, self.part, self.at, self.count = queue, part, 0, count
        self.room = queue.capacity + spare

    def _advance(self) -> int:
        queue = self.queue
        if queue.closed:
            what = f"{queue.kind} '{queue.name}' is closed."
            self.error = errors.CancelledError(None, None, what)
            return DONE
        end = min(self.at + self.room - len(queue.items), self.count)
        if end <= self.at:
            return STUCK
        queue.put(self.part(self.at, end))
        self.at = end
        return DONE if end == self.count else MOVED


class Taking(Attempt):
    """Takes `left` elements, or, from a queue that is closed, as many as there are where `few`."""

    def __init__(self, queue: Queue, left: int, few: bool = False) -> None:
        super().__init__(self._advance, self._give_back)
        self.queue, self.left, self.few = queue, left, few
        self.taken: list[Any] = []

    def _advance(self) -> int:
        queue = self.queue
        if queue.closed and len(queue.items) < self.left:
            size = len(queue.items)
            self._give_back()
            if not (self.few and queue.items):
                return MOVED if self.few and queue.bringing else self._end(size)
            self.left = len(queue.items)
        count = min(queue.available(), self.left)
        if count <= 0:
            return STUCK
        self.taken += queue.take(count)
        self.left -= count
        return MOVED if self.left else DONE

    def _give_back(self) -> None:
        if self.taken:
            self.queue.give_back(self.taken)
            self.taken = []

    def _end(self, size: int) -> int:
        self.error = errors.OutOfRangeError(
            None, None, f"{self.queue.kind} '{self.queue.name}' is closed and has insufficient "
            f"elements (requested {self.left}, current size {size})"
        )  # fmt: skip
        return DONE


class Queue(Waiting):
    """First in, first out; with the lines of those who wait."""

    kind, family = "FIFOQueue", "Queue"
    shared = "capacity", "component_types", "shapes"  # what all nodes that share it must ask for

    def __init__(self, operation: Any) -> None:
        super().__init__(operation)
        attrs = operation.attrs
        self.asked = {name: attrs[name] for name in self.shared}
        self.dtypes = [dtype.numpy for dtype in attrs["component_types"]]
        self.shapes = [None if s is None else tuple(s) for s in attrs["shapes"]]
        self.capacity = attrs["capacity"] if attrs["capacity"] >= 0 else 2**31 - 1
        self.items: Any = deque()

    # -- the elements, under the lock --------------------------------------------------------

    def put(self, elements: list[Any]) -> None:
        self.items.extend(elements)

    def take(self, count: int) -> list[Any]:
        pop = self.items.popleft
        return [pop() for _ in range(count)]

    def give_back(self, elements: list[Any]) -> None:
        """Put back what was taken last."""
        self.items.extendleft(reversed(elements))

    def available(self) -> int:
        """How many may be taken now."""
        return len(self.items)

    # -- what kernels call -------------------------------------------------------------------

    def enqueue(self, components: tuple[Any, ...], spare: int = 0) -> None:
        """Bring one element, once there is room: `spare` more than the capacity, if this run itself
        takes so many afterwards."""
        self._check(components)
        element = tuple([kept(value) for value in components])
        with self.lock:
            if (
                not self.bringing
                and not self.closed
                and not self.cancelled
                and len(self.items) < self.capacity + spare
            ):
                self.put([element])
                if self.taking:
                    self.flush()
                return
        self.wait(self.bringing, Bringing(self, lambda a, b: [element], 1, spare))

    def enqueue_many(self, components: tuple[Any, ...], spare: int = 0) -> None:
        """Bring an element for each row, as room is made."""
        count = self._check_many(components)
        if count:
            def part(a: int, b: int) -> list[Any]:
                return list(zip(*(rows(value[a:b]) for value in components)))

            self.wait(self.bringing, Bringing(self, part, count, spare))

    def dequeue(self) -> list[Any]:
        """Take one element, once there is one."""
        with self.lock:
            if not self.taking and not self.cancelled and self.available() > 0:
                element = self.take(1)[0]
                if self.bringing:
                    self.flush()
                return self._arrays(element)
        attempt = Taking(self, 1)
        self.wait(self.taking, attempt)
        return self._arrays(attempt.taken[0])

    def dequeue_many(self, count: int, few: bool = False) -> list[Any]:
        """Take `count` elements and stack them, once there are so many; from a queue that is closed
        those that are left, where `few` are allowed."""
        if count < 0:
            name = "UpTo" if few else "Many"
            raise ValueError(f"QueueDequeue{name}Op requested {count} < 0 elements")
        if len(self.shapes) != len(self.dtypes):
            raise errors.InvalidArgumentError(
                None, None, f"{self.kind}'s DequeueMany and DequeueUpTo require the components to "
                "have specified shapes."
            )  # fmt: skip
        attempt = Taking(self, count, few)
        if count:
            self.wait(self.taking, attempt)
        columns = list(zip(*attempt.taken)) or [()] * len(self.dtypes)
        return list(map(self._batch, columns, self.shapes, self.dtypes))

    def size(self) -> int:
        return len(self.items)

    def checked(self, kind: str, attrs: dict[str, Any]) -> Queue:
        """The queue; InvalidArgumentError when a node that shares it asks for something else."""
        if kind != self.kind:
            what = f"Expected {self.kind}, found {kind}V2"
            raise errors.InvalidArgumentError(None, None, what)
        for name in self.shared:
            if attrs[name] != self.asked[name]:
                what = name.replace("_", " ").replace("shapes", "component shapes")
                raise errors.InvalidArgumentError(
                    None, None, f"Shared queue '{self.name}' has {what} {self.asked[name]} but "
                    f"requested {what} was {attrs[name]}"
                )  # fmt: skip
        return self

    # -- checks and arrays -------------------------------------------------------------------

    def _check(self, components: tuple[Any, ...]) -> None:
        for i, (value, shape) in enumerate(zip(components, self.shapes)):
            found = () if type(value) is bytes else value.shape
            if found != shape and not fits(found, shape):
                raise errors.InvalidArgumentError(
                    None, None, f"Shape mismatch in tuple component {i}. Expected "
                    f"{sizes(shape)}, got {sizes(found)}"
                )  # fmt: skip

    def _check_many(self, components: tuple[Any, ...]) -> int:
        """How many rows there are."""
        for i, value in enumerate(components):
            if type(value) is bytes or not value.ndim:
                raise ValueError(f"tuple component {i} is a scalar: there is no batch of elements")
        count = len(components[0])
        for i, (value, shape) in enumerate(zip(components, self.shapes)):
            if shape is not None and not fits(value.shape, (count, *shape)):
                raise errors.InvalidArgumentError(
                    None, None, f"Shape mismatch in tuple component {i}. Expected "
                    f"{sizes((count, *shape))}, got {sizes(value.shape)}"
                )  # fmt: skip
        for i, value in enumerate(components):
            if len(value) != count:
                raise errors.InvalidArgumentError(
                    None, None, "All input tensors must have the same size in the 0th dimension. "
                    f"Component {i} has {len(value)}, and should have {count}"
                )  # fmt: skip
        return count

    def _arrays(self, element: tuple[Any, ...]) -> list[Any]:
        return [
            value if isinstance(value, np.ndarray) else np.array(value, dtype)
            for value, dtype in zip(element, self.dtypes)
        ]

    def _batch(self, column: tuple[Any, ...], shape: Any, dtype: np.dtype) -> np.ndarray:
        """The components of several elements, stacked."""
        if shape == () and dtype.kind != "O":
            return np.array(column, dtype)
        if not column:
            return np.empty((0, *(n or 0 for n in shape)), dtype)
        if not is_static(shape):
            return padded(column, shape, dtype)
        if shape:
            return np.concatenate(column).reshape(len(column), *shape)
        batch = np.empty(len(column), dtype)
        batch[:] = column
        return batch


def sizes(shape: Any) -> str:
    """A shape as TensorFlow's kernels print it."""
    return f"[{','.join('?' if n is None else str(n) for n in shape)}]"


def fits(found: Any, shape: Any) -> bool:
    return merge(found, shape) == found


def padded(column: tuple[Any, ...], shape: Any, dtype: np.dtype) -> np.ndarray:
    """The arrays stacked, each filled up with zeros to the size of the largest."""
    sizes = np.max([value.shape for value in column], axis=0)
    batch = np.zeros((len(column), *sizes), dtype)
    if dtype.kind == "O":
        batch[...] = b""
    for row, value in zip(batch, column):
        row[tuple(map(slice, value.shape))] = value
    return batch


class PaddingQueue(Queue):
    """First in, first out, of arrays whose sizes differ."""

    kind = "PaddingFIFOQueue"


class RandomShuffleQueue(Queue):
    """An element out of all that there are, each with the same probability.

    `min_after_dequeue` elements stay, so that there are some to choose from, until it is closed.
    """

    kind = "RandomShuffleQueue"
    shared = "capacity", "min_after_dequeue", "component_types", "shapes", "seed", "seed2"

    def __init__(self, operation: Any) -> None:
        super().__init__(operation)
        attrs = operation.attrs
        self.least, self.items = attrs["min_after_dequeue"], []
        if self.least < 0 or self.least >= self.capacity:
            least = f"min_after_dequeue {self.least}"
            wanted = ">= 0" if self.least < 0 else f"< capacity {self.capacity}"
            raise errors.InvalidArgumentError(None, operation, f"{least} must be {wanted}")
        self.state = philox.seeded(attrs["seed"], attrs["seed2"])
        self.words: list[int] = []

    def take(self, count: int) -> list[Any]:
        items, words, taken = self.items, self.words, []
        for _ in range(count):
            if not words:
                words += philox.stream(self.state, WORDS).tolist()[::-1]
                self.state[0] += np.uint64(WORDS // 4)
            i = words.pop() % len(items)
            taken.append(items[i])
            items[i] = items[-1]
            items.pop()
        return taken

    def give_back(self, elements: list[Any]) -> None:
        self.items.extend(reversed(elements))

    def available(self) -> int:
        return len(self.items) - (0 if self.closed else self.least)


class PriorityQueue(Queue):
    """The element of the least priority first, which is its first component; of equal ones the one
    that came first."""

    kind = "PriorityQueue"

    def __init__(self, operation: Any) -> None:
        super().__init__(operation)
        self.dtypes = [np.dtype(np.int64), *self.dtypes]
        self.shapes = [(), *self.shapes]
        self.items, self.last, self.first = [], 0, 0

    def put(self, elements: list[Any]) -> None:
        for element in elements:
            self.last += 1
            heapq.heappush(self.items, (element[0], self.last, element))

    def take(self, count: int) -> list[Any]:
        return [heapq.heappop(self.items)[2] for _ in range(count)]

    def give_back(self, elements: list[Any]) -> None:
        for element in reversed(elements):
            self.first -= 1
            heapq.heappush(self.items, (element[0], self.first, element))
