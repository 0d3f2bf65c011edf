"""Datasets in a run: what the variant of a dataset op is, and how its elements come.

A Source makes Streams, one for each pass over it. A stream gives tokens; what an element is, the
source's `form` says. So sources that only choose among elements, as `shuffle` and `repeat` do, move
tokens, which may be the numbers of rows, and a batch takes all its rows at once.
"""
from __future__ import annotations

import itertools
import threading
import weakref
from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf.core import errors
from minitf.core.dtypes import variant
from minitf.core.tensor_shape import merge
from minitf.ops.random import philox
from minitf.runtime.function import Bound, Instance, instance_of

INFINITE, UNKNOWN = -1, -2  # numbers of elements
AHEAD = 1024  # random words that are drawn at once

Element = Any  # a tuple of arrays; of handles, where a component is a dataset
Stream = Iterator[Any]  # of tokens


# -- forms ----------------------------------------------------------------------------------------


class Elements:
    """Tokens are elements."""

    def element(self, token: Any) -> Element:
        return token

    def stacked(self, tokens: Any) -> list[Any]:
        """The elements of tokens as one, with a new first axis. InvalidArgumentError when their
        shapes differ."""
        return [_stacked(i, column) for i, column in enumerate(zip(*tokens))]


def _stacked(component: int, column: Any) -> Any:
    first = column[0]
    shape = first.shape
    dtype = getattr(first, "dtype", object)  # rows of unequal lengths are handles, no arrays
    made = np.empty((len(column), *shape), dtype)
    for i, value in enumerate(column):
        if value.shape != shape:
            raise errors.InvalidArgumentError(
                None, None,
                f"Cannot batch tensors with different shapes in component {component}. First "
                f"element had shape {_listed(shape)} and element {i} had shape "
                f"{_listed(value.shape)}.",
            )  # fmt: skip
        made[i] = value if shape else scalar(value)
    return made


def scalar(value: Any) -> Any:
    """What a value without axes is: the string of an array of one."""
    return value.item() if type(value) is np.ndarray and value.dtype.kind == "O" else value


def _listed(shape: tuple[int, ...]) -> str:
    return f"[{','.join(map(str, shape))}]"


class Rows:
    """Tokens are numbers of rows of these arrays."""

    def __init__(self, columns: Any) -> None:
        self.columns = columns

    def element(self, token: int) -> Element:
        return tuple([column[token, ...] for column in self.columns])

    def stacked(self, tokens: Any) -> list[Any]:
        if type(tokens) is range:  # in order: no row needs to be moved
            rows = slice(tokens.start, tokens.stop, tokens.step)
            return [column[rows] for column in self.columns]
        rows = np.fromiter(tokens, np.intp, len(tokens))
        return [column.take(rows, 0) for column in self.columns]


class RowsOfHandles(Rows):
    """The same, where a component of this type that has no axes is a handle, not an array."""

    def __init__(self, columns: Any, types: Any) -> None:
        super().__init__(columns)
        self.types = types

    def element(self, token: int) -> Element:
        return element_of(self.columns, self.types, token)


def element_of(columns: Any, types: Any, at: int) -> Element:
    """Row number `at` of arrays."""
    return tuple([
        column[at] if dtype is variant and column.ndim == 1 else column[at, ...]
        for column, dtype in zip(columns, types)
    ])  # fmt: skip


class Numbers:
    """Tokens are integers, and the elements."""

    def element(self, token: int) -> Element:
        return (np.array(token, np.int64),)

    def stacked(self, tokens: Any) -> list[Any]:
        return [np.fromiter(tokens, np.int64, len(tokens))]


class Zipped:
    """Tokens are tuples of tokens of several forms."""

    def __init__(self, forms: list[Any]) -> None:
        self.forms = forms

    def element(self, token: Any) -> Element:
        parts = zip(self.forms, token)
        return tuple([value for form, part in parts for value in form.element(part)])

    def stacked(self, tokens: Any) -> list[Any]:
        return [v for form, part in zip(self.forms, zip(*tokens)) for v in form.stacked(part)]


ELEMENTS, NUMBERS = Elements(), Numbers()


# -- sources --------------------------------------------------------------------------------------


class Source:
    """A dataset: `types` and `shapes` of the components of its elements.

    `quiet` says that taking elements does nothing else and cannot fail, so that more may be taken
    at once than are asked for one by one.
    """

    form: Any = ELEMENTS
    quiet = False
    optimizations: Any = ()  # what is done to datasets that its functions give
    owner: Any = None  # of its functions: they keep something from call to call
    shape, ndim, dtype = (), 0, np.dtype(object)  # a handle looks like an array without axes

    def __init__(self, output_types: Any, output_shapes: Any) -> None:
        self.types, self.shapes = output_types, [shape._sizes for shape in output_shapes]

    def stream(self, run: Run, path: Any) -> Stream:
        """A pass over it from the beginning; `path` tells its place from others in the run."""
        raise NotImplementedError

    def cardinality(self) -> int:
        """The number of elements, INFINITE or UNKNOWN."""
        return UNKNOWN


class Derived(Source):
    """A dataset of the elements of another one."""

    def __init__(self, input: Source, output_types: Any, output_shapes: Any) -> None:
        super().__init__(output_types, output_shapes)
        self.input = input

    def inner(self, run: Run, path: Any) -> Stream:
        return self.input.stream(run, (path, type(self).__name__))

    def cardinality(self) -> int:
        return self.input.cardinality()


class Chosen(Derived):
    """A dataset of elements of another one as they are."""

    def __init__(self, input: Source, output_types: Any, output_shapes: Any) -> None:
        super().__init__(input, output_types, output_shapes)
        self.form, self.quiet = input.form, input.quiet


def is_quiet(stream: Any) -> bool:
    """Whether `stream.many(count)` takes several tokens at once."""
    return getattr(stream, "quiet", False)


def many(stream: Any, count: int) -> Any:
    """Up to `count` tokens, as a list or a range; fewer only where the stream ends."""
    return stream.many(count) if is_quiet(stream) else list(itertools.islice(stream, count))


# -- one run of an iterator -----------------------------------------------------------------------


class Run:
    """What the streams of an iterator share from one initialisation of it to the next: functions
    with their state, seeds, caches; and that it is over."""

    def __init__(self) -> None:
        self.instances: dict[Any, Instance] = {}
        self.kept: dict[Any, Any] = {}  # by the path of a stream: what outlives it
        self.statistics: Any = None  # what is told of sizes and times of elements: see `statistics`
        self.over = False
        self.waiting: weakref.WeakSet[Any] = weakref.WeakSet()  # buffers that someone may wait for

    def function(self, graph: Any, captured: list[Any], owner: Any = None) -> Bound:
        """A function of an owner, ready to be called."""
        key = graph, owner
        if key not in self.instances:
            self.instances[key] = instance_of(graph, captured)
        return self.instances[key].bound(captured)

    def keep(self, path: Any, make: Any) -> Any:
        """What is kept at a path, made when it is asked for the first time."""
        return self.kept[path] if path in self.kept else self.kept.setdefault(path, make())

    def end(self) -> None:
        """No more is wanted: threads end, and whoever waits for them raises CancelledError."""
        self.over = True
        for buffer in list(self.waiting):
            buffer.end()


class Words:
    """Random words of 32 bits, one after the other."""

    def __init__(self, seed: int, seed2: int) -> None:
        self.state = philox.seeded(seed, seed2)
        self.ready: Iterator[int] = iter(())
        self.lock = threading.Lock()

    def __call__(self) -> int:
        word = next(self.ready, None)
        return self._drawn() if word is None else word

    def _drawn(self) -> int:
        self.ready = iter(philox.stream(self.state, AHEAD).tolist())
        self.state[0] += np.uint64(AHEAD // 4)
        return next(self.ready)

    def take(self, count: int) -> list[int]:
        """Several words."""
        found = list(itertools.islice(self.ready, count))
        return found + [self() for _ in range(count - len(found))]

    def pair(self) -> tuple[int, int]:
        """Two seeds."""
        with self.lock:
            return self(), self()


# -- arrays that outlive the run they were made in ------------------------------------------------


def kept(array: Any) -> Any:
    """An array that nobody changes: itself if it cannot be changed, or a copy."""
    if not isinstance(array, np.ndarray):
        return np.array(array, object) if isinstance(array, bytes) else array
    base = array
    while isinstance(base, np.ndarray):
        if base.flags.writeable or not array.flags.c_contiguous:
            array = array.copy()
            array.flags.writeable = False
            return array
        base = base.base
    return array


def check_shapes(element: Element, shapes: Any, what: str) -> None:
    """InvalidArgumentError unless the components have the shapes that were promised."""
    for i, (value, shape) in enumerate(zip(element, shapes)):
        if shape != value.shape and merge(shape, value.shape) is False:
            raise errors.InvalidArgumentError(
                None, None,
                f"{what}: component {i} has shape {_listed(value.shape)}, but was declared to "
                f"have shape {shape}. Was set_shape called with another one?",
            )  # fmt: skip
