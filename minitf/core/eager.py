"""Eager execution: a graph whose operations run as they are built, and whose tensors have values.

`tf.enable_eager_execution()` makes such a graph the default one. Nothing else is built otherwise:
the functions that add nodes to a graph add them to this one, which calls their kernels and forgets
them. What is to be differentiated, tapes remember (see eager/backprop.py).
"""
from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, NoReturn

from minitf.core.config import ConfigProto
from minitf.core.graph import Graph, get_default_graph, replace_global_graph
from minitf.core.operation import Operation
from minitf.core.resource import resource_key
from minitf.core.slot import Slot


class EagerGraph(Graph):
    """Where operations run at once. It keeps none of them, and their names need not differ."""

    eager = True

    def __init__(self) -> None:
        super().__init__()
        self._draws: dict[Any, Any] = {}  # sequences of random ops that bear seeds go on
        self._seeds = random.Random()

    def _anew(self) -> Graph:
        self._collections, self._scope_store, self._draws = {}, {}, {}
        return self

    def add(self, operation: Operation) -> None:
        """Let those who listen in this thread keep an operation that has run."""
        self._last_id += 1
        operation._id = self._last_id
        if self._gradient_overrides:
            operation.gradient_override = self._gradient_overrides.get(operation.type)
        operation.listeners = sum([each.record(operation) for each in LISTENERS.items])
        if not operation.listeners:
            operation.inputs = ()  # else the last result would hold on to all before it

    # -- what a graph says that is not run --------------------------------------------------------

    @property
    def version(self) -> int:
        return 0

    def _begin_draws(self) -> None:
        self._seeds, self._draws = random.Random(self._seed), {}

    def next_seed(self) -> int:
        """The seed of an op that has none, where `tf.set_random_seed` was called."""
        return self._seeds.randint(0, 2**31 - 1)

    def unique_name(self, name: str, mark_as_used: bool = True) -> str:
        """The name, with a number when it is taken; scopes are not the graph's own."""
        stack, self._name_stack = self._name_stack, ""
        try:
            return super().unique_name(name, mark_as_used)
        finally:
            self._name_stack = stack

    def _path(self, name: str) -> str:
        return f"{self._name_stack}/{name}" if self._name_stack else name

    @contextmanager
    def control_dependencies(self, control_inputs: Any) -> Iterator[None]:
        """What is before has been run."""
        yield

    def op_name(self, name: str | bytes) -> str:
        name = name.decode() if isinstance(name, bytes) else name
        return name[:-1] if name[-1] == "/" else self._path(name)

    def name_scope(self, name: str | None) -> Any:
        return _Scope(self, name)

    def colocate_with(self, op: Any, ignore_existing: bool = False) -> Any:
        return nullcontext()

    def colocate_with_name(self, name: str) -> Any:
        return nullcontext()

    def _session(self, session: Any, what: str) -> NoReturn:
        raise NotImplementedError(
            f"{what} is not supported when eager execution is enabled, is .numpy() what you're "
            "looking for?"
        )

    # -- running ---------------------------------------------------------------------------------

    def state(self, operation: Operation) -> Any:
        """What an operation keeps: its own, unless it draws from a sequence that others share."""
        make: Any = operation.definition.state
        key = resource_key(operation)
        if "seed2" in operation.attrs:
            if not (operation.attrs["seed"] or operation.attrs["seed2"]):
                return make(operation)
            key = operation.type, *sorted(map(str, operation.attrs.items()))
        elif key is operation:
            return make(operation)
        if key not in self._draws:
            self._draws[key] = make(operation)
        return self._draws[key]


class _Scope:
    """`with graph.name_scope(name):` for names that need not differ."""

    __slots__ = ("graph", "inner", "outer")

    def __init__(self, graph: EagerGraph, name: str | None) -> None:
        self.graph, self.outer = graph, graph._name_stack
        if not name:
            self.inner = ""
        elif name[-1] == "/":
            self.inner = name[:-1]
        else:
            self.inner = f"{self.outer}/{name}" if self.outer else name

    def __enter__(self) -> str:
        self.graph._name_stack = self.inner
        return self.inner + "/" if self.inner else ""

    def __exit__(self, *error: Any) -> None:
        self.graph._name_stack = self.outer


class _Listeners(threading.local):
    """Those of this thread, the outermost first."""

    def __init__(self) -> None:
        self.items: list[Any] = []


LISTENERS = _Listeners()


class Listener:
    """Hears of each operation that runs, and keeps those that `takes` says: their inputs are kept
    until it lets them go."""

    persistent = False  # whether it goes on to listen while gradients are computed of what it heard

    def __init__(self) -> None:
        self.operations: list[Operation] = []

    def record(self, operation: Operation) -> bool:
        if not self.takes(operation):
            return False
        self.operations.append(operation)
        return True

    def takes(self, operation: Operation) -> bool:
        return True

    def release(self) -> None:
        """Forget the operations: what no other listener keeps forgets its inputs and outputs."""
        for operation in self.operations:
            operation.listeners -= 1
            if not operation.listeners:
                operation.inputs, operation.outputs = (), []
        self.operations = []


class VariablesRead:
    """Hears which trainable variables are read: `variables`, in that order."""

    def __init__(self) -> None:
        self.variables: list[Any] = []

    def record(self, operation: Operation) -> bool:
        for tensor in operation.inputs:
            held: Any = tensor._held  # type: ignore[attr-defined]
            owner = held.owner() if isinstance(held, Slot) else None
            if owner is not None and owner.trainable and owner not in self.variables:
                self.variables.append(owner)
        return False


@contextmanager
def listening(listener: Any) -> Iterator[Any]:
    """The listener hears what runs inside the `with` block."""
    items = LISTENERS.items
    items.append(listener)
    try:
        yield listener
    finally:
        items.remove(listener)


@contextmanager
def unheard() -> Iterator[None]:
    """What runs inside the `with` block no listener hears."""
    outer, LISTENERS.items = LISTENERS.items, []
    try:
        yield
    finally:
        LISTENERS.items = outer


# -- whether -------------------------------------------------------------------------------------


def executing_eagerly() -> bool:
    """Whether operations run as they are called: `tf.enable_eager_execution()` says so, and inside
    of `with tf.Graph().as_default()` and of functions that are traced they do not."""
    return get_default_graph().eager


def enable_eager_execution(
    config: Any = None, device_policy: Any = None, execution_mode: Any = None
) -> None:
    """Run operations as they are called, from here on: before anything else is built.

    `config` is a tf.ConfigProto. Operations run one after the other, on the CPU: `device_policy`
    and `execution_mode`, which are checked, change nothing. Raises ValueError where the program has
    built nodes already.
    """
    if config is not None and not isinstance(config, ConfigProto):
        raise TypeError(f"config must be a tf.ConfigProto, but got {config!r}")
    _check_modes(device_policy, execution_mode)
    graph = get_default_graph()
    if graph.eager:
        return
    if graph.version:
        raise ValueError("tf.enable_eager_execution must be called at program startup.")
    replace_global_graph(EagerGraph())


def disable_eager_execution() -> None:
    """Build graphs, as TensorFlow 1 does unless it is told otherwise."""
    if get_default_graph().eager:
        replace_global_graph(Graph())


def _check_modes(device_policy: Any, execution_mode: Any) -> None:
    if device_policy not in (None, 0, 1, 2, 3):
        raise ValueError("device_policy must be one of None, DEVICE_PLACEMENT_*")
    if execution_mode not in (None, 0, 1):
        raise ValueError("execution_mode must be one of None, tf.contrib.eager.SYNC, "
                         "tf.contrib.eager.ASYNC")  # fmt: skip


@contextmanager
def eager_mode() -> Iterator[Graph]:
    """Operations inside the `with` block run as they are called, in a program that builds graphs,
    too."""
    graph = get_default_graph()
    if not graph.eager:
        graph = graph._scope_store.setdefault("at once", EagerGraph())
    with graph.as_default():
        yield graph
