"""tf.function and tf.contrib.eager.defun: functions whose operations become a graph.

    @tf.contrib.eager.defun
    def step(x): ...

A function is traced once for each combination of types and shapes: its operations become nodes of a
graph of its own, and a session runs that graph. Variables keep holding their values themselves.
"""
from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.autodiff import gradients
from minitf.autograph.tracing import conversion, converted
from minitf.core import nest
from minitf.core.config import ConfigProto
from minitf.core.convert import convert_to_tensor
from minitf.core.eager import LISTENERS, executing_eagerly
from minitf.core.eager_tensor import EagerTensor
from minitf.core.execute import execute_with
from minitf.core.indexed_slices import IndexedSlices
from minitf.core.op import OpDef
from minitf.core.operation import Operation
from minitf.core.slot import own
from minitf.core.tensor import Tensor, is_tensor
from minitf.core.tensor_spec import TensorSpec
from minitf.ops.control_flow.order import in_order
from minitf.ops.control_flow.tensor_array import TensorArray
from minitf.ops.control_flow.walk import flows
from minitf.ops.function import FunctionGraph
from minitf.ops.state.placeholder import placeholder
from minitf.session import Session


def _call(xp: Any, *arguments: Any) -> None:
    """The functions run in a session: the kernel is never called."""


PARTITIONED_CALL = OpDef("PartitionedCall", _call, None)


class ConcreteFunction:
    """A function traced for arguments of certain types and shapes: its `graph`, `inputs` and
    `outputs`. It is called with the tensors among the arguments, in order."""

    def __init__(
        self, function: Callable[..., Any], name: str, structure: Any, specs: list[Any]
    ) -> None:
        self.name, self.python_function = name, function
        self._given = specs  # objects that tell calls apart by identity live as long as it
        self.graph = FunctionGraph(name)
        with self.graph.as_default():
            leaves = map(self._argument, specs)
            args, kwargs = nest.pack_sequence_as(structure, [*leaves], expand_composites=True)
            self.structured_outputs = function(*args, **kwargs)
            leaves = nest.flatten(self.structured_outputs, expand_composites=True)
            results = [self._result(leaf) for leaf in leaves]
        self.graph.outputs = [each for each in results if each is not None]
        self._is_tensor = [each is not None for each in results]
        changed = self.graph._order.changed
        self._written = [node.op.slot for node in self.graph.variables.values() if node in changed]
        config: Any = ConfigProto(device_count={"GPU": 0})
        self._session = Session(graph=self.graph, config=config)
        self._forward: Any = None
        self._backward: Any = None

    def _argument(self, leaf: Any) -> Any:
        if not isinstance(leaf, TensorSpec):
            return leaf
        tensor = placeholder(leaf.dtype, leaf.shape, name=leaf.name or "args")
        self.graph.inputs.append(tensor)
        return tensor

    def _result(self, leaf: Any) -> Any:
        if leaf is None or isinstance(leaf, Operation):
            return None
        return self.graph.capture(convert_to_tensor(leaf))

    inputs = property(lambda self: self.graph.arguments)
    outputs = property(lambda self: self.graph.outputs)
    captured_inputs = property(lambda self: self.graph.captured_inputs)

    @property
    def variables(self) -> list[Any]:
        """The variables that it reads or changes."""
        return [ref._held.owner() for ref in self.graph.variables]

    # -- calling ---------------------------------------------------------------------------------

    def __call__(self, *tensors: Any) -> Any:
        """What the function returns for these tensors."""
        given = [convert_to_tensor(each, x.dtype) for each, x in zip(tensors, self.graph.inputs)]
        inputs = [*given, *self.graph.captures, *self.graph.variables]
        found = self._called(inputs)
        results = iter(found)
        flat = [next(results) if tensor else None for tensor in self._is_tensor]
        return nest.pack_sequence_as(self.structured_outputs, flat, expand_composites=True)

    def _called(self, inputs: list[Any]) -> list[Any]:
        listened = bool(LISTENERS.items) and any(map(flows, self.graph.outputs))
        kept = self._differentiable() if listened else []
        values = self._run(inputs, kept)
        count = len(self.graph.outputs)

        def gradient(operation: Operation, *dys: Any) -> list[Any]:
            return self._gradients(inputs, values[count:], dys)

        types = [tensor.dtype for tensor in self.graph.outputs]
        return execute_with(PARTITIONED_CALL, self.name, inputs, types, values[:count], gradient)

    def _run(self, inputs: list[Any], kept: list[Tensor]) -> list[Any]:
        if self._forward is None or kept != self._forward[0]:
            fetches = [*self.graph.outputs, *kept, *self.graph.effects()]
            call = self._session.make_callable(fetches, self.graph.arguments)
            self._forward = kept, call
        for slot in self._written:
            own(slot)
        arguments = [x._held for x in inputs[: len(self.graph.arguments)]]
        results: list[Any] = self._forward[1](*arguments)
        return results[: len(self.graph.outputs) + len(kept)]

    def run(self, tensors: list[Any], captured: list[Any]) -> list[Any]:
        """The values of the outputs for these tensors, and with these for those that it captures;
        no tape hears of it."""
        return self._run([*tensors, *captured], [])

    # -- gradients -------------------------------------------------------------------------------

    def _differentiable(self) -> list[Tensor]:
        """The tensors that the gradients need, which are then nodes of the graph, too."""
        if self._backward is None:
            self._backward = self._built_backward()
        kept: list[Tensor] = self._backward[0]
        return kept

    def _built_backward(self) -> Any:
        graph, last = self.graph, self.graph._last_id
        sources = [*graph.arguments, *graph.variables.values()]
        targets = [y for y in graph.outputs if flows(y)]
        with graph.as_default():
            dys = [placeholder(y.dtype.base_dtype, y._shape, name="grad_ys") for y in targets]
            found = gradients(targets, [x for x in sources if flows(x)], dys)
        flowing = iter(found)
        grads = [next(flowing) if flows(x) else None for x in sources]
        leaves = [leaf for g in grads for leaf in _components(g)]
        kept = _between(leaves, last, {*sources, *dys})
        return kept, grads, dys, leaves

    def _gradients(self, inputs: list[Any], values: list[Any], dys: Any) -> list[Any]:
        kept, grads, placeholders, leaves = self._backward
        flowing = [i for i, y in enumerate(self.graph.outputs) if flows(y)]
        starts = [convert_to_tensor(dys[i])._value for i in flowing]
        count = len(self.graph.arguments)
        call = self._session.make_callable(leaves, [*kept, *self.graph.arguments, *placeholders])
        arrays = iter(call(*values, *(x._held for x in inputs[:count]), *starts))
        return [_packed(grad, arrays) for grad in grads]


def _components(grad: Any) -> list[Tensor]:
    if isinstance(grad, IndexedSlices):
        return [grad.values, grad.indices, convert_to_tensor(grad.dense_shape)]
    return [] if grad is None else [grad]


def _packed(grad: Any, arrays: Any) -> Any:
    parts = [convert_to_tensor(next(arrays)) for _ in _components(grad)]
    if isinstance(grad, IndexedSlices):
        return IndexedSlices(*parts)
    return parts[0] if parts else None


def _between(targets: list[Tensor], last: int, given: set[Tensor]) -> list[Tensor]:
    """What nodes built after number `last` read of those before, but for what is given."""
    found: dict[Tensor, None] = {}
    stack, seen = list(targets), set()
    while stack:
        tensor = stack.pop()
        if tensor in seen or tensor in given:
            continue
        seen.add(tensor)
        if tensor.op._id <= last:
            if tensor.op.type != "Const":
                found[tensor] = None
        else:
            stack += tensor.op.inputs
    return list(found)


class Function:
    """A Python function that is run as a graph, one for each combination of types and shapes of the
    tensors, and of other values, that it is called with.

    Where a graph is built, its nodes are added to that graph.
    """

    def __init__(
        self, python_function: Callable[..., Any], input_signature: Any = None,
        relaxes: bool = False, autograph: bool = True, features: Any = None,
    ) -> None:  # fmt: skip
        self.python_function, self.input_signature = python_function, input_signature
        self._relaxes, self._autograph, self._features = relaxes, autograph, features
        self._name = getattr(python_function, "__name__", type(python_function).__name__)
        self._concrete: dict[Any, ConcreteFunction] = {}
        self._shapes: dict[Any, Any] = {}
        functools.update_wrapper(self, python_function)  # type: ignore[arg-type]
        self.__signature__ = inspect.signature(python_function)

    def __get__(self, instance: Any, owner: Any) -> Any:
        """The function as a method: one for each instance."""
        if instance is None:
            return self
        bound = self.python_function.__get__(instance, owner)
        made = Function(bound, self.input_signature, self._relaxes, self._autograph,
                        self._features)  # fmt: skip
        instance.__dict__[self._name] = made
        return made

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not executing_eagerly():
            return nest.map_structure(_result, in_order(self._traced, args, kwargs))
        concrete, tensors = self._found(args, kwargs)
        if LISTENERS.items and any(op.context for op in concrete.graph.get_operations()):
            return self._traced(*args, **kwargs)  # a tape sees into loops only so
        return concrete(*tensors)

    def _traced(self, *args: Any, **kwargs: Any) -> Any:
        """The function's operations, in the default graph."""
        with conversion(self._autograph):
            return converted(self.python_function, self._features)(*args, **kwargs)

    def get_concrete_function(self, *args: Any, **kwargs: Any) -> ConcreteFunction:
        """The function as it is traced for these arguments, or for a TensorSpec in place of one."""
        return self._found(args, kwargs)[0]

    def _found(self, args: Any, kwargs: Any) -> tuple[ConcreteFunction, list[Any]]:
        flat = nest.flatten((args, kwargs), expand_composites=True)
        leaves = [_plain(leaf) for leaf in flat]
        if self.input_signature is not None:
            leaves = self._checked(leaves)
        specs = [_spec(leaf) for leaf in leaves]
        if self.input_signature is not None:
            specs = nest.flatten(self.input_signature)
        elif self._relaxes:
            specs = self._relaxed(specs)
        key = _structure(args, kwargs), *map(_key, specs)
        concrete = self._concrete.get(key)
        if concrete is None:
            concrete = ConcreteFunction(self._traced, self._name, (args, kwargs), specs)
            self._concrete[key] = concrete
        return concrete, [x for x, s in zip(leaves, specs) if isinstance(s, TensorSpec)]

    def _checked(self, leaves: list[Any]) -> list[Any]:
        specs = nest.flatten(self.input_signature)
        tensors = [convert_to_tensor(leaf, s.dtype) for leaf, s in zip(leaves, specs)]
        fits = len(leaves) == len(specs) and all(
            s.is_compatible_with(x) for s, x in zip(specs, tensors)
        )
        if not fits:
            raise ValueError(
                f"Python inputs incompatible with input_signature: inputs: {leaves}, "
                f"input_signature: {self.input_signature}"
            )
        return tensors

    def _relaxed(self, specs: list[Any]) -> list[Any]:
        """With sizes that have changed since the first call unknown."""
        key = tuple(s.dtype if isinstance(s, TensorSpec) else _key(s) for s in specs)
        before = self._shapes.get(key, specs)
        self._shapes[key] = found = [_weaker(a, b) for a, b in zip(before, specs)]
        return found


def _result(leaf: Any) -> Any:
    """What a function that is a part of a graph returns there for what the Python function does."""
    if leaf is None or isinstance(leaf, Operation):
        return None
    stands = is_tensor(leaf) or hasattr(leaf, "_components")
    kept = isinstance(leaf, TensorArray) or (stands and not hasattr(leaf, "_ref"))
    return leaf if kept else convert_to_tensor(leaf)


def _weaker(a: Any, b: Any) -> Any:
    return a.most_specific_compatible_type(b) if isinstance(a, TensorSpec) else b


def _plain(leaf: Any) -> Any:
    return convert_to_tensor(leaf) if isinstance(leaf, (np.ndarray, np.generic)) else leaf


def _spec(leaf: Any) -> Any:
    if isinstance(leaf, EagerTensor):
        return TensorSpec(leaf.shape, leaf.dtype)
    return leaf


def _key(spec: Any) -> Any:
    if isinstance(spec, TensorSpec):
        return spec
    if isinstance(spec, (int, float, str, bytes, bool, type(None))):
        return type(spec), spec
    return id(spec)


def _structure(args: Any, kwargs: Any) -> Any:
    def kind(leaf: Any) -> Any:
        return type(leaf).__name__ if hasattr(leaf, "_components") else 0

    return str(nest.map_structure(kind, (args, kwargs)))


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
    return defun(func, input_signature, autograph, experimental_autograph_options,
                 experimental_relax_shapes)  # fmt: skip


def defun(
    func: Callable[..., Any] | None = None,
    input_signature: Any = None,
    autograph: bool = True,
    experimental_autograph_options: Any = None,
    experimental_relax_shapes: bool = False,
) -> Any:
    """The same as `tf.function`, under its former name."""
    how = (input_signature, experimental_relax_shapes, autograph, experimental_autograph_options)
    if func is not None:
        return Function(func, *how)
    return lambda func: Function(func, *how)
