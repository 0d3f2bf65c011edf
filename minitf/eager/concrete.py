"""A function that has been traced: for arguments of certain types and shapes."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.core import nest
from minitf.core.config import ConfigProto
from minitf.core.convert import convert_to_tensor
from minitf.core.eager import LISTENERS, executing_eagerly
from minitf.core.operation import Operation
from minitf.core.slot import own
from minitf.core.tensor import is_tensor
from minitf.core.tensor_shape import TensorShape
from minitf.core.tensor_spec import TensorSpec
from minitf.eager.arguments import Composite
from minitf.eager.part import Part
from minitf.ops.control_flow.order import as_a_node
from minitf.ops.control_flow.tensor_array import TensorArray
from minitf.ops.function import FunctionGraph
from minitf.ops.state.placeholder import placeholder
from minitf.session import Session


class ConcreteFunction:
    """A function traced for arguments of certain types and shapes: its `graph`, `inputs` and
    `outputs`. It is called with the tensors among the arguments, in order or by name."""

    def __init__(
        self, function: Callable[..., Any], name: str, args: Any, kwargs: Any, names: Any = None
    ) -> None:
        self.name, self.python_function = name, function
        self._given = args, kwargs  # objects that tell calls apart by identity live as long as it
        self._specs = nest.flatten(self._given)
        self._names = names or ["args"] * len(self._specs)
        self._trace()

    def _trace(self) -> None:
        self.graph = FunctionGraph(self.name)
        with self.graph.as_default():
            self._returned = self._traced()
            leaves = nest.flatten(self._returned, expand_composites=True)
            results = [self._result(leaf) for leaf in leaves]
        self.graph.outputs = [each for each in results if each is not None]
        self._is_tensor = [each is not None for each in results]
        changed = self.graph._order.changed
        self._written = [node.op.slot for variable, node in self.graph.variables.items()
                         if node in changed and variable.graph.eager]  # fmt: skip
        config: Any = ConfigProto(device_count={"GPU": 0})
        inputs = self.graph.arguments
        self._part = Part(Session(graph=self.graph, config=config), inputs, self.graph.outputs,
                          [*inputs, *self.graph.variables.values()],
                          self.graph.effects())  # fmt: skip

    def _traced(self) -> Any:
        values = [self._argument(*each) for each in zip(self._specs, self._names)]
        args, kwargs = nest.pack_sequence_as(self._given, values)
        before = nest.flatten((args, kwargs))
        found = self.python_function(*args, **kwargs)
        after = nest.flatten((args, kwargs))
        kept = len(after) == len(before) and all(a is b for a, b in zip(after, before))
        if not (kept and _same_structure(self._given, (args, kwargs))):
            raise ValueError(
                f"{self.name}: Function to be traced should not modify structure of input "
                "arguments. Check if your function has list and dictionary operations that alter "
                "input arguments, such as `list.pop`, `list.append`"
            )
        return found

    def _argument(self, spec: Any, name: str) -> Any:
        if isinstance(spec, Composite):
            return spec.make([self._argument(part, name) for part in spec.specs])
        if not isinstance(spec, TensorSpec):
            return spec
        name = spec.name or name
        tensor = placeholder(spec.dtype, spec.shape,
                             name="Placeholder" if name.startswith("_") else name)  # fmt: skip
        self.graph.inputs.append(tensor)
        return tensor

    def _result(self, leaf: Any) -> Any:
        if leaf is None or isinstance(leaf, Operation):
            return None
        return self.graph.capture(convert_to_tensor(leaf))

    inputs = property(lambda self: self.graph.arguments)
    outputs = property(lambda self: self.graph.outputs)
    captured_inputs = property(lambda self: self.graph.captured_inputs)
    structured_outputs = property(lambda self: self._returned)

    @property
    def structured_input_signature(self) -> Any:
        """The specs of its arguments, which bear their names, in place of the tensors."""
        inputs = iter(self.graph.inputs)

        def named(spec: Any) -> Any:
            if isinstance(spec, Composite):
                return [named(part) for part in spec.specs]
            if not isinstance(spec, TensorSpec):
                return spec
            return TensorSpec(spec.shape, spec.dtype, next(inputs).op.name)

        return nest.pack_sequence_as(self._given, [named(spec) for spec in self._specs])

    output_dtypes = property(lambda self: self._of_outputs("dtype", None))
    output_shapes = property(lambda self: self._of_outputs("shape", TensorShape(None)))

    def _of_outputs(self, what: str, of_none: Any) -> Any:
        outputs = iter(self.graph.outputs)
        flat = [getattr(next(outputs), what) if tensor else of_none for tensor in self._is_tensor]
        return nest.pack_sequence_as(self._returned, flat, expand_composites=True)

    @property
    def variables(self) -> list[Any]:
        """The variables that it reads or changes."""
        return list(self.graph.owners().values())

    @property
    def trainable_variables(self) -> list[Any]:
        """Those of them that are trainable."""
        return [variable for variable in self.variables if variable.trainable]

    # -- calling ---------------------------------------------------------------------------------

    def __call__(self, *tensors: Any, **named: Any) -> Any:
        """What the function returns for these tensors."""
        flat = self._in_order(tensors, named) if named else list(tensors)
        if len(flat) != len(self._keywords):
            raise TypeError(f"{self.name} takes {len(self._keywords)} tensors, but {len(flat)} "
                            f"were given")  # fmt: skip
        if not executing_eagerly():
            return as_a_node(self._inlined, (flat,), {})
        given = [convert_to_tensor(each, x.dtype) for each, x in zip(flat, self.graph.inputs)]
        if LISTENERS.items and any(op.context for op in self.graph.get_operations()):
            return self._inlined(given)  # a tape sees into loops only so
        for slot in self._written:
            own(slot)
        found = iter(self._part.called(self.name, [*given, *self.graph.captures,
                                                   *self.graph.variables]))  # fmt: skip
        flat = [next(found) if tensor else None for tensor in self._is_tensor]
        return nest.pack_sequence_as(self._returned, flat, expand_composites=True)

    @property
    def _keywords(self) -> list[str]:
        """The names of the tensors that it takes: those of the placeholders."""
        return [x.op.name for x in self.graph.inputs]

    def _in_order(self, tensors: Any, named: dict[str, Any]) -> list[Any]:
        """Tensors, some of which are given by name."""
        names = self._keywords
        unknown = sorted(set(named) - set(names[len(tensors):]))
        if unknown:
            raise TypeError(f"Keyword arguments {unknown} unknown, or given twice. Expected "
                            f"{names}")  # fmt: skip
        missing = [name for name in names[len(tensors):] if name not in named]
        if missing:
            raise TypeError(f"{self.name}: the arguments {missing} are missing")
        return [*tensors, *(named[name] for name in names[len(tensors):])]

    def _inlined(self, tensors: list[Any]) -> Any:
        """The function's operations, in the default graph."""
        rest = iter(tensors)

        def value(spec: Any) -> Any:
            if isinstance(spec, Composite):
                return spec.make([next(rest) for _ in spec.specs])
            return convert_to_tensor(next(rest)) if isinstance(spec, TensorSpec) else spec

        args, kwargs = nest.pack_sequence_as(self._given, list(map(value, self._specs)))
        return nest.map_structure(as_result, self.python_function(*args, **kwargs))

    def run(self, tensors: list[Any], captured: list[Any]) -> list[Any]:
        """The values of the outputs for these tensors, and with these for those that it captures;
        no tape hears of it."""
        for slot in self._written:
            own(slot)
        return self._part.run([*tensors, *captured], [])


def _same_structure(one: Any, other: Any) -> bool:
    try:
        nest.assert_same_structure(one, other)
    except (TypeError, ValueError):
        return False
    return True


def as_result(leaf: Any) -> Any:
    """What a function that is a part of a graph returns there for what the Python function does."""
    if leaf is None or isinstance(leaf, Operation):
        return None
    stands = is_tensor(leaf) or hasattr(leaf, "_components")
    kept = isinstance(leaf, TensorArray) or (stands and not hasattr(leaf, "_ref"))
    return leaf if kept else convert_to_tensor(leaf)
