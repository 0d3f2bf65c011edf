"""Adding a node to the graph: convert the inputs, infer types and shapes, name it, connect it."""
from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from minitf.core import execute, static, tensor_shape
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import DType, int32, int64
from minitf.core.errors import InvalidArgumentError, Line, user_line
from minitf.core.graph import Graph, get_default_graph, graph_of
from minitf.core.operation import Operation
from minitf.core.schema import Param, TypeAttr
from minitf.core.shape_rules import NotBuilt
from minitf.core.tensor import Tensor

if TYPE_CHECKING:
    from minitf.core.op import OpDef


def build(
    definition: OpDef, inputs: tuple[Any, ...], attrs: dict[str, Any], name: str | None
) -> Any:
    """A new node: its output Tensor, a list of them, or the Operation when it has no output.

    Raises TypeError for types and ValueError for shapes that do not fit, naming the op and the
    user's line.
    """
    default = get_default_graph()
    if default.eager:
        found = execute.again(definition, inputs, attrs, name, default)
        if found is not execute.NEW:
            return found
    inputs, name, attrs = _bound(definition, inputs, name, attrs)
    graph = graph_of(inputs)
    if graph.eager:
        return _run(definition, graph, inputs, attrs, name)
    path = graph.op_name(name or definition.type)
    line = user_line()
    attrs, keyword = _attributes(definition, attrs)
    values = [*inputs, *keyword]
    _check_count(definition, values, path, line)
    tensors, bound = _converted(definition, graph, values, path, line)
    operation = Operation(graph, definition, path, tuple(tensors), attrs, line)
    types = definition.schema.output_types(bound, attrs)
    shapes = inferred_shapes(operation, len(types))
    operation.outputs = [
        Tensor(operation, i, dtype, shape) for i, (dtype, shape) in enumerate(zip(types, shapes))
    ]
    graph.add(operation)
    static.infer(operation)
    if definition.schema.several and (types or not definition.stateful):
        return list(operation.outputs)  # the caller may change it
    return operation.outputs[0] if types else operation


def _run(
    definition: OpDef, graph: Graph, inputs: tuple[Any, ...], given: dict[str, Any], name: Any
) -> Any:
    """The same where operations run at once: what it gives."""
    path, line = graph.op_name(name or definition.type), execute.HERE
    attrs, keyword = _attributes(definition, dict(given))
    values = [*inputs, *keyword]
    _check_count(definition, values, path, line)
    tensors, bound = _converted(definition, graph, values, path, line)
    found = execute.NEW
    if not keyword:
        found = execute.again(definition, tuple(tensors), given, name, graph)
    if found is not execute.NEW:
        return found
    operation = Operation(graph, definition, path, tuple(tensors), attrs, line)
    types = definition.schema.output_types(bound, attrs)
    _check_shapes(operation, len(types))
    execute.execute(operation, types)
    if not keyword:
        execute.remember(operation, given)
    graph.add(operation)
    return execute.result(operation)


def _bound(
    definition: OpDef, inputs: tuple[Any, ...], name: str | None, attrs: dict[str, Any]
) -> tuple[tuple[Any, ...], str | None, dict[str, Any]]:
    """The call as TF1 programs write it: tensors by keyword, the name as the last argument."""
    params = definition.schema.params
    if definition.schema.fixed and len(inputs) != len(params):
        last = inputs[-1] if len(inputs) == len(params) + 1 else ()
        if name is None and (last is None or isinstance(last, str)):
            return inputs[:-1], inputs[-1], attrs
        named = [p.name for p in params[len(inputs) :] if p.name in attrs]
        inputs = (*inputs, *(attrs.pop(key) for key in named))
    return inputs, name, attrs


def _attributes(definition: OpDef, given: dict[str, Any]) -> tuple[dict[str, Any], list[Any]]:
    """The attributes, defaults filled in, and the tensors passed by name."""
    schema = definition.schema
    keyword = [given.pop(param.name) for param in schema.params if param.keyword]
    attrs = {key: schema.defaults[key] for key in schema.attrs if key in schema.defaults}
    attrs.update({key: value for key, value in given.items()
                  if value is not None or key not in attrs})  # fmt: skip
    if len(attrs) != len(schema.attrs):
        raise TypeError(
            f"{definition.type} takes the attributes {list(schema.attrs)}, got {sorted(given)}"
        )
    return attrs, keyword


def _check_count(definition: OpDef, values: list[Any], path: str, line: Line) -> None:
    params = definition.schema.params
    if len(values) < len(params) - (not definition.schema.fixed) or (
        definition.schema.fixed and len(values) > len(params)
    ):
        plural = "" if len(params) == 1 else "s"
        hint = f"; {definition.hint}" if definition.hint and len(values) > len(params) else ""
        raise TypeError(
            f"{definition.type} '{path}' takes {len(params)} tensor{plural} "
            f"({', '.join(p.name for p in params)}), got {len(values)}{hint}\n  built at {line}"
        )


def _converted(
    definition: OpDef, graph: Graph, values: list[Any], path: str, line: Line
) -> tuple[list[Tensor], dict[str, DType]]:
    tensors: list[Tensor] = []
    bound: dict[str, DType] = {}
    arguments = _numbered(definition.schema.arguments(values))
    for param, value in arguments:
        tensor = value
        if not isinstance(value, Tensor) or param.ref:
            dtype = _required(param, bound, arguments)
            tensor = _converted_one(definition, graph, param, value, dtype, path, line)
        if graph.building_function:
            tensor = graph.capture(tensor)
        _check_type(definition, param, tensor, bound, path, line)
        tensors.append(tensor)
    return tensors, bound


def _numbered(arguments: list[tuple[Param, Any]]) -> list[tuple[Param, Any]]:
    """The tensors of a variadic parameter get a number each, after which constants are named."""
    if not any(param.variadic for param, _ in arguments):
        return arguments
    first = next(i for i, (param, _) in enumerate(arguments) if param.variadic)
    return [
        (param._replace(name=f"{param.name}_{i - first}") if param.variadic else param, value)
        for i, (param, value) in enumerate(arguments)
    ]


def _required(
    param: Param, bound: dict[str, DType], arguments: list[tuple[Param, Any]]
) -> DType | None:
    """The type that a value is converted to; None when it decides itself."""
    wanted = param.type
    if not isinstance(wanted, TypeAttr):
        return wanted
    if wanted.each:
        return None
    if not param.variadic:
        return bound.get(wanted.attr)
    listed = [value for other, value in arguments if other.variadic and hasattr(value, "op")]
    return listed[0].dtype.base_dtype if listed else None


def _converted_one(
    definition: OpDef,
    graph: Graph,
    param: Param,
    value: Any,
    dtype: DType | None,
    path: str,
    line: Line,
) -> Tensor:
    if param.ref:
        return _reference(definition, param, value, path, line)
    hint = None if _would_be_cut(param, value) else _hint(param)
    try:
        if graph.eager:
            free = dtype is None or hasattr(value, "op")
            return convert_to_tensor(value, None if free else dtype, dtype_hint=hint)
        with graph.as_default(), graph.name_scope(path + "/"):
            if dtype is None or hasattr(value, "op"):
                return convert_to_tensor(value, name=param.name, dtype_hint=hint)
            return convert_to_tensor(value, dtype=dtype, name=param.name)
    except (TypeError, ValueError) as error:
        listed_none = value is None and param.variadic  # among tensors it is of a wrong type
        raise (TypeError if listed_none else type(error))(
            f"{definition.type} '{path}': input '{param.name}': {error}\n  built at {line}"
        ) from None


def _hint(param: Param) -> DType | None:
    """The type that a value becomes if it can, where none is required of it."""
    if not isinstance(param.type, TypeAttr):
        return None
    sizes = (param.type.allowed or ()) if param.static else ()
    return param.type.default or next((each for each in sizes if each in (int32, int64)), None)


def _would_be_cut(param: Param, value: Any) -> bool:
    """Whether an array of integers that the op takes as they are would lose some to the usual
    type, as they do in TensorFlow."""
    if not isinstance(param.type, TypeAttr) or not isinstance(value, np.ndarray):
        return False
    usual, dtype = param.type.default, value.dtype
    return (
        usual is not None and dtype.kind in "iu" and not np.can_cast(dtype, usual.numpy)
        and any(dtype == each.numpy for each in param.type.allowed or ())
    )  # fmt: skip


def _reference(definition: OpDef, param: Param, value: Any, path: str, line: Line) -> Tensor:
    tensor = value if isinstance(value, Tensor) else getattr(value, "_ref", lambda: None)()
    if tensor is None or not tensor.dtype._is_ref_dtype:
        raise TypeError(
            f"Input '{param.name}' of '{definition.type}' Op requires l-value input: "
            f"'{path}' wants a Variable, got {value!r}\n  built at {line}"
        )
    return tensor


def _check_type(
    definition: OpDef, param: Param, tensor: Tensor, bound: dict[str, DType], path: str, line: Line
) -> None:
    dtype, wanted = tensor.dtype.base_dtype, param.type
    if isinstance(wanted, DType):
        if dtype is not wanted:
            raise TypeError(
                f"Input '{param.name}' of '{definition.type}' Op has type {dtype.name} that does "
                f"not match expected type of {wanted.name}: '{path}'\n  built at {line}"
            )
        return
    if wanted.each:
        return
    known = bound.setdefault(wanted.attr, dtype)
    if known is not dtype:
        attr = wanted.attr
        first = next(p.name for p in definition.schema.params if _decides(p.type, attr))
        raise _mixed(tensor)(
            f"Input '{param.name}' of '{definition.type}' Op has type {dtype.name} that does not "
            f"match type {known.name} of argument '{first}': '{path}' got {tensor!r}. TensorFlow "
            f"never converts by itself; tf.cast(..., tf.{known.name}) does.\n  built at {line}"
        )
    if wanted.allowed is not None and dtype not in wanted.allowed:
        names = ", ".join(sorted(d.name for d in wanted.allowed))
        raise TypeError(
            f"Value passed to parameter '{param.name}' has DataType {dtype.name} not in list of "
            f"allowed values: {names}. {definition.type} '{path}'\n  built at {line}"
        )


def _decides(kind: Any, attr: str) -> bool:
    """Whether the type of a parameter is that of the attribute: the first one says what it is."""
    return isinstance(kind, TypeAttr) and kind.attr == attr


def _mixed(tensor: Tensor) -> Callable[[str], Exception]:
    """What is raised for types that differ: where operations run at once, running found it out."""
    if not tensor.graph.eager:
        return TypeError
    return lambda message: InvalidArgumentError(None, None, message)


def _check_shapes(operation: Operation, count: int) -> None:
    """InvalidArgumentError where the shapes of an op that runs at once do not fit."""
    try:
        inferred_shapes(operation, count)
    except ValueError as error:
        raise InvalidArgumentError(None, None, str(error)) from None


def inferred_shapes(operation: Operation, count: int) -> list[tensor_shape.Shape]:
    """The shapes of the outputs, by the op's shape rule. ValueError where it finds a fault."""
    definition = operation.definition
    known = [
        static.known(tensor) if param.static else tensor._shape
        for param, tensor in definition.schema.arguments(operation.inputs)
    ]
    try:
        found = _by_the_rule(operation, known)
    except ValueError as error:
        found = _where_it_may_not_run(operation, known, error)
    return found if isinstance(found, list) else [found] * count


def _by_the_rule(operation: Operation, known: list[Any]) -> Any:
    definition = operation.definition
    found = definition.schema.call(definition.shape, known, **operation.attrs)
    for shape in found if isinstance(found, list) else [found]:
        for size in shape or ():
            if isinstance(size, NotBuilt):
                raise ValueError(size.why)
    return found


def _where_it_may_not_run(operation: Operation, known: list[Any], error: ValueError) -> Any:
    """The shapes once more, for a node in a branch or a loop: values tell no fault there, for by
    them the branch may be one that is not taken, `tf.pad(x, [[0, 10 - n]])` where n is more.
    Elsewhere the error, which says what does not fit."""
    definition = operation.definition
    told = [
        static.unknown(tensor) if param.static else value
        for value, (param, tensor) in zip(known, definition.schema.arguments(operation.inputs))
    ]
    try:
        if operation.graph._context is not None:
            return _by_the_rule(operation, told)
    except ValueError:
        pass  # not by values alone: the first error tells more
    raise ValueError(
        f"{operation.type} '{operation.name}': {error}\n  built at {operation.line}"
    ) from None
