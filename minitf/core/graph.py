"""Graph: the nodes a program has built, their names, scopes, collections and devices."""
from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from minitf.core.context import check_inputs
from minitf.core.counting import Counting
from minitf.core.gradient_overrides import GradientOverrides
from minitf.core.indexed_slices import IndexedSlices
from minitf.core.lookup import Lookup, leaked
from minitf.core.naming import Naming
from minitf.core.operation import Operation
from minitf.core.placing import Placing
from minitf.core.proto.export import PRODUCER, graph_def
from minitf.core.proto.graph_def import GraphDef, VersionDef
from minitf.core.tensor import Tensor


class Graph(Placing, Lookup, GradientOverrides, Naming, Counting):
    """A set of Operations, connected by Tensors. It holds no values: those live in a Session."""

    create_op: Any  # see graph_util/create_op.py, which reads attributes as messages have them
    building_function = False  # whether tensors of other graphs may be used in it
    reads_anew = False  # whether a variable is read where it is used, as read_value() does
    eager = False  # whether operations run as they are built: see core/eager.py
    builds_on = False  # whether what reads its tensors becomes a part of it where operations run

    def capture(self, tensor: Tensor) -> Tensor:
        """The tensor itself: another graph's may be used in a function only."""
        return tensor

    def __init__(self) -> None:
        Placing.__init__(self)
        GradientOverrides.__init__(self)
        Naming.__init__(self)
        Counting.__init__(self)
        self._operations: dict[str, Operation] = {}
        self._collections: dict[Any, list[Any]] = {}
        self._unfeedable: set[Tensor] = set()
        self._unfetchable: set[Operation] = set()
        self._controllers: list[_Controller] = []
        self._finalized = False
        self._lock = threading.RLock()
        self._seed: int | None = None
        self._scope_store: dict[str, Any] = {}  # what tf.variable_scope keeps for this graph
        self._intakes: list[Operation] = []  # the nodes with that trait
        self._order: Any = None  # what keeps the effects of a function in order
        self._context: Any = None  # the branch or loop that new nodes belong to

    def _anew(self) -> Graph:
        """What takes its place as the default graph when that is reset."""
        return Graph()

    # -- nodes -------------------------------------------------------------------------------

    def add(self, operation: Operation) -> None:
        """Connect a node that has been built. RuntimeError when the graph is finalized."""
        self._check_not_finalized(operation)
        context = self._context
        if context is not None:  # what a branch or a loop reads comes in by nodes of its own
            context = context.prepare(operation)
        elif any(tensor.op.context is not None for tensor in operation.inputs):
            check_inputs(operation, None)
        with self._lock:
            self._check_not_finalized(operation)
            if operation.name in self._operations:
                raise ValueError(f"Duplicate node name in graph: '{operation.name}'")
            operation._id = self._last_id = self._last_id + 1
            self._operations[operation.name] = operation
        operation.context = context
        for tensor in operation.inputs:
            tensor._consumers.append(operation)
        if self._controllers:
            self._apply_controls(operation)
        if self._devices or self._beside or operation.definition.refs:
            self._place(operation)
        if self._gradient_overrides:
            operation.gradient_override = self._gradient_overrides.get(operation.type)
        if context is not None:
            context.add(operation)
        if operation.definition.intake:
            self._intakes.append(operation)
        if self._order is not None:
            self._order.add(operation)

    def _check_not_finalized(self, operation: Operation | None = None) -> None:
        if self._finalized:
            what = "" if operation is None else f" ({operation.type} '{operation.name}')"
            raise RuntimeError(
                f"Graph is finalized and cannot be modified{what}. Build every node, the "
                "initializer too, before finalize() or before the loop that runs.")  # fmt: skip

    def get_operations(self) -> list[Operation]:
        """Every node, in the order of building."""
        return list(self._operations.values())

    def as_graph_def(self, from_version: int | None = None, add_shapes: bool = False) -> GraphDef:
        """The graph as a protocol message, or the nodes built after it had `from_version` of them;
        `add_shapes` tells what is known of each output's shape."""
        nodes = [op for op in self.get_operations() if op._id > (from_version or 0)]
        return graph_def(nodes, add_shapes)

    @property
    def graph_def_versions(self) -> VersionDef:
        """The version of the format that `as_graph_def` writes."""
        return VersionDef(producer=PRODUCER)

    @property
    def version(self) -> int:
        """The number of nodes: it grows with each one."""
        return self._last_id

    @property
    def seed(self) -> int | None:
        return self._seed

    @seed.setter
    def seed(self, seed: int | None) -> None:
        self._seed = seed
        self._begin_draws()

    def _begin_draws(self) -> None:
        """What follows from another seed at once: a session draws later."""

    @property
    def finalized(self) -> bool:
        return self._finalized

    def finalize(self) -> None:
        """Refuse further nodes: a node added in a training loop is nearly always a mistake."""
        self._finalized = True

    def _unsafe_unfinalize(self) -> None:
        self._finalized = False

    def _get_control_flow_context(self) -> Any:
        """The loop or the branch that is being built, or None."""
        return self._context

    @contextmanager
    def _in_context(self, context: Any) -> Iterator[None]:
        """Nodes built inside belong to this branch or loop, or to none."""
        outer, self._context = self._context, context
        try:
            yield
        finally:
            self._context = outer

    # -- control dependencies ----------------------------------------------------------------

    @contextmanager
    def control_dependencies(self, control_inputs: Iterable[Any] | None) -> Iterator[None]:
        """Nodes built inside run after `control_inputs`.

        None lifts all outer ones, and branches and loops: nodes are built outside of these.
        """
        outer, context = self._controllers, self._context
        if control_inputs is None:
            self._controllers, self._context = [], None
        else:
            ops = [self._as_operation(item) for item in control_inputs]
            self._controllers = [*outer, _Controller(list(dict.fromkeys(ops)))]
        try:
            yield
        finally:
            self._controllers, self._context = outer, context

    def _as_operation(self, item: Any) -> Operation:
        element = item if isinstance(item, IndexedSlices) else self.as_graph_element(item)
        return element if isinstance(element, Operation) else element.op

    def _apply_controls(self, operation: Operation) -> None:
        operation._add_control_inputs(self._controls_of(operation))

    def _controls_of(
        self, operation: Operation, possible: Callable[[Operation], bool] = lambda _: True
    ) -> list[Operation]:
        """What a new node has to wait for, of what it can; it counts as waiting from now on where
        that is everything."""
        sources = {tensor.op for tensor in operation.inputs}
        found: list[Operation] = []
        for controller in self._controllers:
            # An input built inside the scope waits already; so does what depends on it.
            if not sources & controller.seen:
                found += [op for op in controller.ops if op not in sources and possible(op)]
            if all(map(possible, controller.ops)):
                controller.seen.add(operation)
        return found

    @contextmanager
    def container(self, container_name: str) -> Iterator[str]:
        """Accepted for old programs: resources of one process live in one place here."""
        yield container_name

    # -- default graph, default session ------------------------------------------------------

    @contextmanager
    def as_default(self) -> Iterator[Graph]:
        """Make this the graph that new nodes go to, inside the `with` block."""
        with default_graphs.pushed(self):
            yield self

    def _session(self, session: Any, what: str) -> Any:
        action = "evaluate tensor" if what == "eval" else "execute operation"
        session = session if session is not None else default_sessions.top()
        if session is None:
            raise ValueError(
                f"Cannot {action} using `{what}()`: No default session is registered. Use `with "
                f"sess.as_default()` or pass an explicit session to `{what}(session=sess)`"
            )
        if session.graph is not self:
            which, mend = "given", ""
            if session is default_sessions.top():
                which, mend = "default", f" Pass an explicit session to `{what}(session=sess)`."
            raise ValueError(
                f"Cannot use the {which} session to {action}: the {action.split()[1]}'s graph is "
                f"different from the session's graph.{mend}"
            )
        return session


class _Controller:
    """One `control_dependencies` scope: what to wait for, and who waits already."""

    def __init__(self, ops: list[Operation]) -> None:
        self.ops = ops
        self.seen: set[Operation] = set()


class _Stack(threading.local):
    """A stack of defaults, one per thread."""

    def __init__(self) -> None:
        self.items: list[Any] = []

    def top(self) -> Any:
        return self.items[-1] if self.items else None

    @contextmanager
    def pushed(self, item: Any) -> Iterator[Any]:
        outer = self.items[:]
        self.items.append(item)
        try:
            yield item
        finally:
            # A test that begins forgets what one that failed has left, but for eager execution.
            if not any(each is item for each in self.items):
                self.items[:] = [each for each in outer if getattr(each, "eager", False)]
            elif self.items.pop() is not item:
                raise AssertionError(f"Nesting violated for default stack of {type(item)} objects")


default_graphs = _Stack()
default_sessions = _Stack()
_global = {"graph": Graph()}  # what every thread falls back on


def get_default_graph() -> Graph:
    """The graph that new nodes go to."""
    return default_graphs.top() or _global["graph"]


def replace_global_graph(graph: Graph) -> None:
    """Make this the graph that every thread falls back on."""
    _global["graph"] = graph


def reset_default_graph() -> None:
    """Start over with an empty default graph. AssertionError inside `graph.as_default()`."""
    if default_graphs.items:
        raise AssertionError(
            "Do not use tf.reset_default_graph() to clear nested graphs. If you need a cleared "
            "graph, exit the nesting and create a new graph."
        )
    replace_global_graph(_global["graph"]._anew())


def get_default_session() -> Any:
    """The innermost session entered by `with sess.as_default()` in this thread, or None."""
    return default_sessions.top()


def graph_of(inputs: Iterable[Any]) -> Graph:
    """The graph that the tensors among `inputs` share; the default one when there are none.

    While a function is built (see ops/function.py) it is the function's. Raises ValueError when
    they are of different graphs, TypeError for those of a graph where operations run at once.
    """
    default = get_default_graph()
    if default.building_function:
        return default
    first = None
    for item in inputs:
        graph = item.graph if isinstance(item, (Tensor, Operation)) else _variable_graph(item)
        if graph is None or (default.eager and graph.eager):
            continue
        if graph.eager:
            raise RuntimeError("Attempting to capture an EagerTensor without building a function: "
                               f"{item!r} has its value, and the graph here is run later. Give it "
                               "as a constant, x.numpy().")  # fmt: skip
        if first is None:
            first = item
        elif graph is not first.graph:
            raise ValueError(
                f"{item!r} must be from the same graph as {first!r}: a Graph's tensors cannot be "
                "used in another one (was tf.reset_default_graph() called in between?)"
            )
    if default.eager and not (first is None or first.graph.builds_on):
        raise leaked(first)
    return default if first is None else first.graph


def _variable_graph(item: Any) -> Graph | None:
    return item.graph if hasattr(item, "_ref") else None


class name_scope:
    """`with tf.name_scope(name, default_name=None, values=None) as scope:` prefixes new names."""

    __slots__ = ("_contexts", "_default_name", "_name", "_values")

    def __init__(self, name: Any, default_name: str | None = None, values: Any = None) -> None:
        if not isinstance(default_name, (str, type(None))):
            raise TypeError(
                f"`default_name` type ({type(default_name)}) is not a string type. You likely "
                "meant to pass this into the `values` kwarg."
            )
        self._name = default_name if name is None else name
        if self._name is None and values is not None:
            raise ValueError("At least one of name (None) and default_name (None) must be provided")
        self._default_name, self._values = default_name, values or ()

    @property
    def name(self) -> Any:
        return self._name

    def __enter__(self) -> str:
        graph = graph_of(self._values)
        self._contexts: list[Any] = [graph.name_scope(self._name)]
        if graph is not get_default_graph():
            self._contexts.insert(0, graph.as_default())
        return [context.__enter__() for context in self._contexts][-1]

    def __exit__(self, *error: Any) -> None:
        for context in reversed(self._contexts):
            context.__exit__(*error)


def control_dependencies(control_inputs: Any) -> Any:
    """Nodes built inside the `with` block run after `control_inputs` (see `Graph`)."""
    return get_default_graph().control_dependencies(control_inputs)


def device(device_name_or_function: Any) -> Any:
    """Ask for a device, such as `/gpu:0`, for the nodes built inside the `with` block."""
    return get_default_graph().device(device_name_or_function)


def container(container_name: str) -> Any:
    return get_default_graph().container(container_name)


def colocate_with(op: Any, ignore_existing: bool = False) -> Any:
    """Nodes built inside the `with` block run where `op` runs (see `Graph`)."""
    return get_default_graph().colocate_with(op, ignore_existing)


def add_to_collection(name: Any, value: Any) -> None:
    get_default_graph().add_to_collection(name, value)


def add_to_collections(names: Any, value: Any) -> None:
    get_default_graph().add_to_collections(names, value)


def get_collection(key: Any, scope: str | None = None) -> list[Any]:
    """A copy of the collection; with `scope`, the items whose names match it at the start."""
    return get_default_graph().get_collection(key, scope)


def get_collection_ref(key: Any) -> list[Any]:
    return get_default_graph().get_collection_ref(key)


def get_all_collection_keys() -> list[Any]:
    return [key for key in get_default_graph().get_all_collection_keys() if isinstance(key, str)]


def set_random_seed(seed: int | None) -> None:
    """Set the graph's seed: with it, every random op of the graph draws the same each time."""
    get_default_graph().seed = seed


def op_scope(values: Any, name: Any, default_name: str | None = None) -> name_scope:
    """The older spelling of `tf.name_scope`."""
    return name_scope(name, default_name, values)


