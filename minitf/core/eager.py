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
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import numpy as np

from minitf.core.dtypes import DType
from minitf.core.eager_tensor import EagerTensor
from minitf.core.errors import InvalidArgumentError, Line, OpError, of_run, user_line
from minitf.core.graph import Graph, get_default_graph, replace_global_graph
from minitf.core.operation import Operation
from minitf.core.resource import resource_key
from minitf.core.slot import Slot, own

if TYPE_CHECKING:
    from minitf.core.op import OpDef


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

    @property
    def seed(self) -> int | None:
        return self._seed

    @seed.setter
    def seed(self, seed: int | None) -> None:
        self._seed = seed
        self._seeds, self._draws = random.Random(seed), {}

    def next_seed(self) -> int:
        """The seed of an op that has none, where `tf.set_random_seed` was called."""
        return self._seeds.randint(0, 2**31 - 1)

    def unique_name(self, name: str, mark_as_used: bool = True) -> str:
        return f"{self._name_stack}/{name}" if self._name_stack else name

    @contextmanager
    def control_dependencies(self, control_inputs: Any) -> Iterator[None]:
        """What is before has been run."""
        yield

    def op_name(self, name: str) -> str:
        return name[:-1] if name[-1] == "/" else self.unique_name(name)

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
        """Forget the operations: what no other listener keeps forgets its inputs."""
        for operation in self.operations:
            operation.listeners -= 1
            if not operation.listeners:
                operation.inputs = ()
        self.operations = []


class VariablesRead:
    """Hears which trainable variables are read: `variables`, in that order."""

    def __init__(self) -> None:
        self.variables: list[Any] = []

    def record(self, operation: Operation) -> bool:
        for tensor in operation.inputs:
            held = tensor._held  # type: ignore[attr-defined]
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


class _Call(NamedTuple):
    """What is known of calls of one op with the same types and attributes."""

    types: list[DType]
    attrs: dict[str, Any]
    fitting: set[Any]  # shapes, and values where the shape rule looks at them, that do fit


NEW: Any = object()  # a call of which nothing is known
LIMIT = 1000  # of calls that are known of one op, and of shapes of one call
NOWHERE = Line("", 0, "")


def again(
    definition: OpDef, inputs: tuple[Any, ...], attrs: dict[str, Any], name: Any, graph: EagerGraph
) -> Any:
    """What the call of an op returns that was called like this before; NEW for other calls."""
    for each in inputs:
        if type(each) is not EagerTensor:
            return NEW
    try:
        call = definition.calls.get((*[x.dtype.enum for x in inputs], *attrs.items()))
    except TypeError:  # an attribute that is not hashable
        return NEW
    if call is None or _looked_at(definition, inputs) not in call.fitting:
        return NEW
    line = user_line() if LISTENERS.items else NOWHERE
    path = graph.op_name(name or definition.type)
    operation = Operation(graph, definition, path, inputs, call.attrs, line)
    execute(operation, call.types)
    graph.add(operation)
    return result(operation)


def remember(operation: Operation, given: dict[str, Any], inputs: tuple[Any, ...]) -> None:
    """Let `again` know a call, of tensors only, that has been found right."""
    definition, types = operation.definition, [x.dtype for x in operation.outputs]
    if not definition.schema.fixed:
        return
    try:
        key = (*[x.dtype.enum for x in inputs], *given.items())
        call = definition.calls.get(key) or _Call(types, operation.attrs, set())
    except (TypeError, AttributeError):
        return
    for known in (definition.calls, call.fitting):
        if len(known) >= LIMIT:
            known.clear()
    definition.calls[key] = call
    call.fitting.add(_looked_at(definition, inputs))


def _looked_at(definition: OpDef, inputs: tuple[Any, ...]) -> Any:
    if not definition.schema.static:
        return tuple([x._shape for x in inputs])
    return tuple([
        (x._shape, x._value.tobytes()) if param.static else x._shape
        for param, x in zip(definition.schema.params, inputs)
    ])  # fmt: skip


def execute(operation: Operation, types: list[DType]) -> None:
    """Give an operation its outputs, EagerTensors. Raises `tf.errors` as a run does."""
    definition, graph = operation.definition, operation.graph
    if definition.variable:
        results: Any = [Slot()]
    else:
        try:
            results = _called(operation, graph)
        except OpError:
            raise
        except Exception as error:
            if operation.line is NOWHERE:
                operation.line = user_line()
            raise of_run(error, operation) from error
    operation.outputs = [
        EagerTensor(operation, i, dtype, value)
        for i, (dtype, value) in enumerate(zip(types, results))
    ]


def _called(operation: Operation, graph: Any) -> Any:
    definition, schema = operation.definition, operation.definition.schema
    first = (np, graph.state(operation)) if definition.state else (np,)
    if definition.refs:
        return _called_on_variable(operation, first)
    if definition.placeholder:
        raise RuntimeError("tf.placeholder() is not compatible with eager execution.")
    arguments = [plain(tensor) for tensor in operation.inputs]
    if schema.fixed:
        found = definition.kernel(*first, *arguments, **operation.attrs)
    else:
        found = schema.call(definition.kernel, arguments, *first, **operation.attrs)
    return list(found or ()) if schema.several or found is None else (found,)


def _called_on_variable(operation: Operation, first: tuple[Any, ...]) -> Any:
    definition, schema = operation.definition, operation.definition.schema
    arguments = []
    for param, tensor in schema.arguments(operation.inputs):
        if param.ref and definition.writes():
            own(tensor._held)
        arguments.append(tensor._held if param.ref == "slot" else plain(tensor))
    found = schema.call(definition.kernel, arguments, *first, **operation.attrs)
    if definition.writes():
        return [operation.inputs[0]._held]
    return list(found or ()) if schema.several or found is None else (found,)


def computed(
    graph: Any, definition: OpDef, name: str, attrs: dict[str, Any], value: np.ndarray
) -> EagerTensor:
    """The tensor of this value, an op's that has no inputs."""
    operation = Operation(graph, definition, name, (), attrs, NOWHERE)
    tensor = EagerTensor(operation, 0, attrs["dtype"], value)
    operation.outputs = [tensor]
    graph.add(operation)
    return tensor


def execute_with(
    definition: OpDef, name: str, inputs: list[Any], types: list[DType], values: list[Any],
    gradient: Any,
) -> list[EagerTensor]:
    """The tensors of values that were computed from `inputs` otherwise than by the op's kernel;
    `gradient(operation, *dys)` is the rule by which gradients flow back."""
    graph = get_default_graph()
    operation = Operation(graph, definition, name, tuple(inputs), {}, NOWHERE)
    operation.outputs = [
        EagerTensor(operation, i, dtype, value) for i, (dtype, value) in enumerate(zip(types, values))
    ]
    graph.add(operation)
    operation.gradient_override = gradient
    return operation.outputs  # type: ignore[return-value]


def result(operation: Operation) -> Any:
    """What the call of an op returns: its outputs, the variable that it changed, or None."""
    if operation.definition.schema.several:
        return list(operation.outputs)  # the caller may change it
    if not operation.outputs:
        return None
    output: Any = operation.outputs[0]
    return output._held.owner() if operation.definition.writes() else output


def plain(tensor: Any) -> Any:
    """The value of a tensor; of a variable, what it is now. InvalidArgumentError for a tensor of a
    graph."""
    held = tensor._held
    if isinstance(held, Slot):
        if held.value is None:
            raise InvalidArgumentError(
                None, None, f"The variable '{tensor.op.name}' has no value yet."
            )
        return held.value
    return held


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
    """Operations inside the `with` block run as they are called."""
    with (_spare if not get_default_graph().eager else get_default_graph()).as_default() as graph:
        yield graph


_spare = EagerGraph()  # where a program that builds graphs runs something eagerly
