"""tf.function and tf.contrib.eager.defun: functions whose operations become a graph.

    @tf.contrib.eager.defun
    def step(x): ...

A function is traced once for each combination of types and shapes: its operations become nodes of a
graph of its own, and a session runs that graph. Variables keep holding their values themselves.
"""
from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from minitf.autograph.tracing import conversion, converted
from minitf.config.execution import functions_run_as_python
from minitf.core import nest
from minitf.core.eager import executing_eagerly
from minitf.core.graph import Graph, get_default_graph
from minitf.core.graph_keys import GraphKeys
from minitf.core.tensor_spec import TensorSpec
from minitf.eager.arguments import Arguments, Composite, tensors_of
from minitf.eager.concrete import ConcreteFunction, as_result
from minitf.ops.control_flow.order import as_a_node
from minitf.ops.function import FunctionGraph
from minitf.ops.state.creators import variable_creator_scope


class Function:
    """A Python function that is run as a graph, one for each combination of types and shapes of the
    tensors, and of other values, that it is called with.

    Where a graph is built, its nodes are added to that graph. With `creates_once` it makes
    variables when it is called for the first time only: ValueError when it makes more.
    """

    def __init__(
        self, python_function: Callable[..., Any], input_signature: Any = None,
        relaxes: bool = False, autograph: bool = True, features: Any = None,
        creates_once: bool = False,
    ) -> None:  # fmt: skip
        self.python_function, self.input_signature = python_function, input_signature
        self._how = relaxes, autograph, features, creates_once
        self._relaxes, self._autograph, self._features, self._creates_once = self._how
        self._name = getattr(python_function, "__name__", type(python_function).__name__)
        self._arguments = Arguments(python_function, input_signature)
        self._concrete: dict[Any, ConcreteFunction] = {}
        self._shapes: dict[Any, Any] = {}
        self._called, self._lock = False, threading.RLock()
        functools.update_wrapper(self, python_function)  # type: ignore[arg-type]
        self.__signature__ = self._arguments.of_python

    def __get__(self, instance: Any, owner: Any) -> Any:
        """The function as a method: one for each instance."""
        if instance is None:
            return self
        bound = self.python_function.__get__(instance, owner)
        made = Function(bound, self.input_signature, *self._how)
        instance.__dict__[self._name] = made
        return made

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._creates_once and functions_run_as_python():
            return self.python_function(*args, **kwargs)
        args, kwargs = self._arguments.bound(args, kwargs)
        if not executing_eagerly():
            return as_a_node(self._inlined, args, kwargs)
        specs = self._specs(args, kwargs)
        concrete = self._found(*specs)
        pairs = zip(nest.flatten((args, kwargs)), nest.flatten(specs))
        return concrete(*[tensor for leaf, spec in pairs
                          if isinstance(spec, (TensorSpec, Composite))
                          for tensor in tensors_of(leaf)])  # fmt: skip

    def _traced(self, *args: Any, **kwargs: Any) -> Any:
        """The function's operations, in the default graph."""
        with conversion(self._autograph):
            return converted(self.python_function, self._features)(*args, **kwargs)

    def _inlined(self, *args: Any, **kwargs: Any) -> Any:
        """The same, as a part of a graph: its results are tensors."""
        with _own_collections(get_default_graph()):
            found = self._created_once(lambda: self._traced(*args, **kwargs),
                                       lambda: self._apart(args, kwargs))  # fmt: skip
        return nest.map_structure(as_result, found)

    def _apart(self, args: Any, kwargs: Any) -> None:
        with FunctionGraph(self._name).as_default():
            self._traced(*args, **kwargs)

    def get_concrete_function(self, *args: Any, **kwargs: Any) -> ConcreteFunction:
        """The function as it is traced for these arguments, or for a TensorSpec in place of one;
        for those that `input_signature` says where there is one. ValueError for others than it
        says."""
        if self.input_signature is not None:
            if args or kwargs:
                self._arguments.bound(args, kwargs)
            return self._found(*self._arguments.signed())
        return self._found(*self._specs(*self._arguments.bound(args, kwargs)))

    def _specs(self, args: Any, kwargs: Any) -> Any:
        specs = self._arguments.specs(args, kwargs)
        if not self._relaxes or self.input_signature is not None:
            return specs
        return nest.pack_sequence_as(specs, self._relaxed(nest.flatten(specs)))

    def _found(self, args: Any, kwargs: Any) -> ConcreteFunction:
        key = _structure(args, kwargs), *map(_key, nest.flatten((args, kwargs)))
        with self._lock:
            concrete = self._concrete.get(key)
            if concrete is None:
                names = self._arguments.names(args, kwargs)

                def trace() -> ConcreteFunction:
                    return ConcreteFunction(self._traced, self._name, args, kwargs, names)

                concrete = self._concrete[key] = self._created_once(trace, trace)
        return concrete

    def _created_once(self, trace: Callable[[], Any], again: Callable[[], Any]) -> Any:
        """What `trace()` returns; where it has made variables what `again()` does, if anything, as
        that is what later calls are like."""
        if not self._creates_once:
            return trace()
        if self._called:
            with _creating_none():
                return trace()
        made: list[Any] = []
        with _creating(made):
            found = trace()
        self._called = True
        if made:
            with _creating_none():
                return again() or found
        return found

    def _relaxed(self, specs: list[Any]) -> list[Any]:
        """With sizes that have changed since the first call unknown."""
        key = tuple(s.dtype if isinstance(s, TensorSpec) else _key(s) for s in specs)
        before = self._shapes.get(key, specs)
        self._shapes[key] = found = [_weaker(a, b) for a, b in zip(before, specs)]
        return found


_SHARED = (GraphKeys.GLOBAL_VARIABLES, GraphKeys.LOCAL_VARIABLES, GraphKeys.TRAINABLE_VARIABLES,
           GraphKeys.TABLE_INITIALIZERS)  # fmt: skip


@contextmanager
def _own_collections(graph: Graph) -> Iterator[None]:
    """What is added inside to other collections than those of variables stays inside: a loss, say,
    is one of the function's."""
    outside = graph._collections
    inside = {key: list(items) for key, items in outside.items()}
    inside.update({key: outside.setdefault(key, []) for key in _SHARED})
    graph._collections = inside
    try:
        yield
    finally:
        graph._collections = outside


@contextmanager
def _creating(made: list[Any]) -> Iterator[None]:
    """Variables that are made inside the `with` block are noted."""

    def note(make: Any, **kwargs: Any) -> Any:
        made.append(make(**kwargs))
        return made[-1]

    with variable_creator_scope(note):
        yield


@contextmanager
def _creating_none() -> Iterator[None]:
    """No variables are made inside the `with` block: ValueError."""

    def refuse(make: Any, **kwargs: Any) -> Any:
        raise ValueError(
            "tf.function-decorated function tried to create variables on non-first call: make them "
            "outside of it, or once, where a name that stands for one is still None."
        )

    with variable_creator_scope(refuse):
        yield


def _weaker(a: Any, b: Any) -> Any:
    return a.most_specific_compatible_type(b) if isinstance(a, TensorSpec) else b


def _key(spec: Any) -> Any:
    if isinstance(spec, TensorSpec):
        return spec
    if isinstance(spec, Composite):
        return spec.key
    if isinstance(spec, (int, float, str, bytes, bool, type(None))):
        return type(spec), spec
    return id(spec)


def _structure(args: Any, kwargs: Any) -> Any:
    return str(nest.map_structure(lambda _: 0, (args, kwargs)))


def function(
    func: Callable[..., Any] | None = None,
    input_signature: Any = None,
    autograph: bool = True,
    experimental_implements: Any = None,
    experimental_autograph_options: Any = None,
    experimental_relax_shapes: bool = False,
    experimental_compile: bool | None = None,
) -> Any:
    """Decorator: run a function as a graph, traced at its first call with arguments of certain
    types and shapes; `input_signature`, TensorSpecs, says which ones there will be.

    With `autograph` an `if`, `while` or `for` that a tensor decides becomes tf.cond or
    tf.while_loop (see tf.autograph, whose features the options are); any other is decided when it
    is traced. `experimental_relax_shapes` leaves sizes that change unknown. Graphs are compiled in
    any case (`experimental_compile`). NotImplementedError for `experimental_implements`.
    """
    if experimental_implements is not None:
        raise NotImplementedError("tf.function(experimental_implements=...): minitf replaces no "
                                  "functions by others of their kind.")  # fmt: skip
    return _decorated(func, input_signature, experimental_relax_shapes, autograph,
                      experimental_autograph_options, True)  # fmt: skip


def defun(
    func: Callable[..., Any] | None = None,
    input_signature: Any = None,
    autograph: bool = True,
    experimental_autograph_options: Any = None,
    experimental_relax_shapes: bool = False,
) -> Any:
    """The same as `tf.function`, under its former name, but that each time that it is traced it may
    make variables."""
    return _decorated(func, input_signature, experimental_relax_shapes, autograph,
                      experimental_autograph_options)  # fmt: skip


def _decorated(func: Any, *how: Any) -> Any:
    return Function(func, *how) if func is not None else lambda func: Function(func, *how)
