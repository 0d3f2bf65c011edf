"""Functions as messages: a FunctionDef names an output of a node as `node:output:1`, where a
GraphDef counts, `node:2`."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from minitf.core.proto.differences import OWN_FORM
from minitf.core.proto.graph_def import FunctionDef, NodeDef
from minitf.core.proto.signatures import Argument, signature

Outputs = Callable[[NodeDef], tuple[Argument, ...]]


def outputs_of(node: NodeDef) -> tuple[Argument, ...]:
    """The outputs that the op of a node declares; none of one that only minitf has so."""
    own = OWN_FORM.get(node.op, "") in node.attr
    declared = None if own else signature(node.op)
    return () if declared is None else declared.outputs


def number_of(arg: Argument, node: NodeDef) -> int:
    """How many tensors an output of a node is."""
    if arg.types:
        return len(node.attr[arg.types].list.type)
    return node.attr[arg.number].i if arg.number else 1


class Counted:
    """The names of tensors inside a function, as a GraphDef has them."""

    def __init__(self, function: FunctionDef, outputs: Outputs = outputs_of) -> None:
        self.nodes = {node.name: node for node in function.node_def}
        self.arguments = {arg.name for arg in function.signature.input_arg}
        self.outputs = outputs

    def __call__(self, name: str) -> str:
        if name[:1] == "^":
            return name
        node, *place = name.split(":")
        if node in self.arguments:
            return f"{node}:0"
        output, index = place if len(place) == 2 else ("", place[0])
        first = self._first(self.nodes[node], output) if output else 0
        return f"{node}:{first + int(index)}"

    def _first(self, node: NodeDef, output: str) -> int:
        """The number of the first tensor that belongs to a named output of a node."""
        first, declared = 0, self.outputs(node)
        for arg in declared:
            if arg.name == output:
                return first
            first += number_of(arg, node)
        if not declared:
            return 0
        raise ValueError(f"The op {node.op} of '{node.name}' has no output '{output}'")


class Named:
    """The names of tensors of a GraphDef, as a FunctionDef has them; `arguments` are the names of
    those by the names of placeholders."""

    def __init__(self, nodes: Iterable[NodeDef], arguments: dict[str, str]) -> None:
        self.nodes, self.arguments = {node.name: node for node in nodes}, arguments

    def __call__(self, name: str) -> str:
        node, _, number = name.partition(":")
        if name[:1] == "^":
            return name
        if node in self.arguments:
            return self.arguments[node]
        found, index = self._output(self.nodes[node], int(number or 0))
        return f"{node}:{found}:{index}"

    def _output(self, node: NodeDef, index: int) -> tuple[str, int]:
        for arg in outputs_of(node):
            count = number_of(arg, node)
            if index < count:
                return arg.name, index
            index -= count
        return "output", index


def with_inputs(node: NodeDef, named: Callable[[str], str]) -> NodeDef:
    """A copy of a node that reads from what `named` makes of the names of its inputs."""
    made: Any = NodeDef()
    made.CopyFrom(node)
    del made.input[:]
    made.input.extend(named(name) for name in node.input)
    return made


class Argued(NamedTuple):
    """A tensor that a function is given, or gives: its name in there, and the number of its type.
    """

    tensor: str
    type: int


def function_def(
    name: str,
    arguments: Iterable[Argued],
    nodes: list[NodeDef],
    results: Iterable[Argued],
    effects: Iterable[str] = (),
) -> FunctionDef:
    """A function whose `nodes` are named as in a GraphDef, where the arguments are placeholders;
    the nodes `effects` run whether or not anything is read of them."""
    made: Any = FunctionDef()
    made.signature.name = name
    taken = {node.name for node in nodes}
    names = {}
    for i, arg in enumerate(arguments):
        plain = f"args_{i}"
        while plain in taken and plain != arg.tensor:
            plain += "_"
        names[arg.tensor] = plain
        made.signature.input_arg.add(name=plain, type=arg.type)
    named = Named(nodes, names)
    inner = [node for node in nodes if node.name not in names]
    made.node_def.extend(with_inputs(node, named) for node in inner)
    for i, result in enumerate(results):
        made.signature.output_arg.add(name=f"result_{i}", type=result.type)
        made.ret[f"result_{i}"] = named(result.tensor)
    for effect in effects:
        made.signature.control_output.append(effect)
        made.control_ret[effect] = effect
    return made


def renamed(function: FunctionDef, change: Callable[[list[NodeDef]], list[NodeDef]]) -> FunctionDef:
    """The same function with what `change` makes of its nodes, which it sees as in a GraphDef."""
    counted = Counted(function)
    nodes = change([with_inputs(node, counted) for node in function.node_def])
    named = Named(nodes, {arg: arg for arg in counted.arguments})
    made: Any = FunctionDef()
    made.CopyFrom(function)
    del made.node_def[:]
    made.node_def.extend(with_inputs(node, named) for node in nodes)
    for result, tensor in function.ret.items():
        made.ret[result] = named(counted(tensor))
    return made
