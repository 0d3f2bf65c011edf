"""Operations that run as they are called: a kernel is called, and tensors have what it gives."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from minitf.core.bfloat16 import rounded
from minitf.core.dtypes import DType, bfloat16
from minitf.core.eager_tensor import EagerTensor
from minitf.core.errors import InvalidArgumentError, Line, OpError, of_run, user_line
from minitf.core.graph import Graph, get_default_graph
from minitf.core.operation import Operation
from minitf.core.slot import Slot, own
from minitf.core.tensor import Tensor

if TYPE_CHECKING:
    from minitf.core.op import OpDef


class _Call(NamedTuple):
    """What is known of calls of one op with the same types and attributes."""

    types: list[DType]
    attrs: dict[str, Any]
    fitting: set[Any]  # shapes, and values where the shape rule looks at them, that do fit


class Shared(dict[str, Any]):
    """The attributes of all operations that are called alike."""

    __slots__ = ()


NEW: Any = object()  # a call of which nothing is known
LIMIT = 1000  # of calls that are known of one op, and of shapes of one call


class _Here(Line):
    """The line of the program that runs when it is asked for: errors are raised there."""

    __slots__ = ()

    def __str__(self) -> str:
        return str(user_line())


HERE = _Here("", 0, "")


def again(
    definition: OpDef, inputs: tuple[Any, ...], attrs: dict[str, Any], name: Any, graph: Graph
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
    path = graph.op_name(name or definition.type)
    operation = Operation(graph, definition, path, inputs, call.attrs, HERE)
    execute(operation, call.types)
    graph.add(operation)
    return result(operation)


def remember(operation: Operation, given: dict[str, Any]) -> None:
    """Let `again` know a call that has been found right."""
    definition, types = operation.definition, [x.dtype for x in operation.outputs]
    inputs = operation.inputs
    if not definition.schema.fixed:
        return
    try:
        key = (*[x.dtype.enum for x in inputs], *given.items())
        call = definition.calls.get(key) or _Call(types, Shared(operation.attrs), set())
    except (TypeError, AttributeError):
        return
    for known in (definition.calls, call.fitting):
        if len(known) >= LIMIT:
            known.clear()
    definition.calls[key] = call
    operation.attrs = call.attrs
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
            raise of_run(error, operation) from error
    if any([dtype._base is bfloat16 for dtype in types]):
        results = [_half(*pair) for pair in zip(types, results)]
    operation.outputs = _tensors(operation, types, results)


def _half(dtype: DType, held: Any) -> Any:
    """A value of this type; what is computed in its place is rounded."""
    if dtype.base_dtype is not bfloat16:
        return held
    if not isinstance(held, Slot):
        return rounded(np, held)
    if held.value is not None:
        rounded(np, held.value, held.value)
    return held


def _tensors(operation: Operation, types: list[DType], values: Any) -> list[Tensor]:
    return [EagerTensor(operation, i, *pair) for i, pair in enumerate(zip(types, values))]


def _called(operation: Operation, graph: Any) -> Any:
    definition, schema = operation.definition, operation.definition.schema
    first = (np, graph.state(operation)) if definition.state else (np,)
    if definition.refs:
        return _called_on_variable(operation, first)
    if definition.placeholder:
        raise RuntimeError("tf.placeholder() is not compatible with eager execution.")
    arguments = [
        held if type(held := tensor._held) is np.ndarray else plain(tensor)  # type: ignore[attr-defined]
        for tensor in operation.inputs
    ]
    if schema.fixed:
        found = definition.kernel(*first, *arguments, **operation.attrs)
    else:
        found = schema.call(definition.kernel, arguments, *first, **operation.attrs)
    return list(found or ()) if schema.several or found is None else (found,)


def _called_on_variable(operation: Operation, first: tuple[Any, ...]) -> Any:
    definition, schema = operation.definition, operation.definition.schema
    arguments, inputs = [], list[Any](operation.inputs)
    for param, tensor in schema.arguments(inputs):
        if param.ref and definition.writes():
            own(tensor._held)
        arguments.append(tensor._held if param.ref == "slot" else plain(tensor))
    found = schema.call(definition.kernel, arguments, *first, **operation.attrs)
    if definition.writes():
        return [inputs[0]._held]
    return list(found or ()) if schema.several or found is None else (found,)


def computed(
    graph: Any, definition: OpDef, name: str, attrs: dict[str, Any], value: np.ndarray
) -> EagerTensor:
    """The tensor of this value, an op's that has no inputs."""
    operation = Operation(graph, definition, name.removesuffix("/"), (), attrs, HERE)
    tensor = EagerTensor(operation, 0, attrs["dtype"], value)
    operation.outputs = [tensor]
    graph.add(operation)
    _let_go(operation, operation.outputs)
    return tensor


def execute_with(
    definition: OpDef, name: str, inputs: list[Any], types: list[DType], values: list[Any],
    gradient: Any,
) -> list[Tensor]:
    """The tensors of values that were computed from `inputs` otherwise than by the op's kernel;
    `gradient(operation, *dys)` is the rule by which gradients flow back."""
    graph = get_default_graph()
    path = name.removesuffix("/")
    operation = Operation(graph, definition, path, tuple(inputs), {}, HERE)
    outputs = operation.outputs = _tensors(operation, types, values)
    operation.gradient_override = gradient
    graph.add(operation)
    return _let_go(operation, outputs)


def result(operation: Operation) -> Any:
    """What the call of an op returns: its outputs, the variable that it changed, or None."""
    outputs = _let_go(operation, operation.outputs)
    if operation.definition.schema.several:
        return list(outputs)  # the caller may change it
    if not outputs:
        return None
    output: Any = outputs[0]
    return output._held.owner() if operation.definition.writes() else output


def _let_go(operation: Operation, outputs: list[Tensor]) -> list[Tensor]:
    """The outputs, which refer to their operation; not the other way round, unless a listener
    wants to know them: so they are gone as soon as nobody refers to them."""
    if not operation.listeners:
        operation.outputs = []
    return outputs


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
