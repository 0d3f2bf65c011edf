"""Operation: a node of the graph. It has a type, inputs, outputs, attributes, control inputs."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from minitf.core.device import spelled
from minitf.core.errors import Line
from minitf.core.proto.attributes import given_value
from minitf.core.proto.export import node_def
from minitf.core.proto.graph_def import NodeDef
from minitf.core.tensor import Tensor

if TYPE_CHECKING:
    from minitf.core.graph import Graph
    from minitf.core.op import OpDef


class Operation:
    """A node: what will be computed, from which tensors, and where in the user's program it was
    built (`line`)."""

    __slots__ = ("__dict__", "__weakref__", "_control_inputs", "_id", "attrs", "beside", "context",
                 "definition", "device", "gradient_override", "graph", "inputs", "line",
                 "listeners", "name", "outputs")  # fmt: skip

    def __init__(
        self,
        graph: Graph,
        definition: OpDef,
        name: str,
        inputs: tuple[Tensor, ...],
        attrs: dict[str, Any],
        line: Line,
    ) -> None:
        self.graph = graph
        self.definition = definition
        self.name = name
        self.inputs = inputs
        self.attrs = attrs
        self.line = line
        self.outputs: list[Tensor] = []
        self.device = ""
        self.beside: tuple[str, ...] = ()  # the nodes that it is to run where they run
        self.gradient_override: Any = None  # a name, or function(op, *grads), for its op's rule
        self.listeners = 0  # that keep it, of those in core/eager.py
        self.context: Any = None  # its branch or loop: see ops/control_flow/contexts.py
        self._control_inputs: list[Operation] = []
        self._id = -1

    @property
    def type(self) -> str:
        return self.definition.type

    @property
    def op_def(self) -> OpDef:
        return self.definition

    @property
    def node_def(self) -> NodeDef:
        """The node as a protocol message, in a copy."""
        return node_def(self)

    @property
    def control_inputs(self) -> list[Operation]:
        return list(self._control_inputs)

    @property
    def traceback(self) -> list[tuple[str, int, str, str]]:
        """The user's line that built this operation, in the form Python's traceback uses."""
        return [(*self.line, self.line.text)]

    @property
    def _outputs(self) -> list[Tensor]:
        """What TensorFlow keeps the outputs in: programs that recompute activations read it."""
        return self.outputs

    def values(self) -> tuple[Tensor, ...]:
        return tuple(self.outputs)

    def get_attr(self, name: str) -> Any:
        """The attribute `name`, type attributes such as "T" included: text as bytes, shapes and
        tensors as messages. ValueError when absent."""
        if name == "_gradient_op_type" and isinstance(self.gradient_override, str):
            return self.gradient_override.encode()
        attributes = node_def(self).attr
        if name in attributes:
            return given_value(attributes[name])
        if name in self.attrs:  # one of a program's own
            return self.attrs[name]
        raise ValueError(f"Operation '{self.name}' has no attr named '{name}'. It is of the type "
                         f"{self.type}, and has {sorted(attributes)}.")  # fmt: skip

    def run(self, feed_dict: Any = None, session: Any = None) -> None:
        """Run this operation (in the default session)."""
        self.graph._session(session, "run").run(self, feed_dict)

    def colocation_groups(self) -> list[bytes]:
        """The nodes that it runs where they run, as b"loc:@name"; itself when there are none."""
        return [f"loc:@{name}".encode() for name in self.beside or (self.name,)]

    def _set_device(self, device: Any) -> None:
        """Ask for a device, in place of what was asked for before."""
        self.device = spelled(device)

    def _add_control_input(self, op: Operation) -> None:
        self._add_control_inputs([op])

    def _add_control_inputs(self, ops: list[Operation]) -> None:
        known = self._control_inputs
        self._control_inputs += [op for op in dict.fromkeys(ops) if op not in known]

    def _update_input(self, index: int, tensor: Tensor) -> None:
        """Read another tensor: how the end of a loop is joined to its beginning."""
        old = self.inputs[index]
        self.inputs = (*self.inputs[:index], tensor, *self.inputs[index + 1 :])
        if old not in self.inputs:
            old._consumers.remove(self)
        tensor._consumers.append(self)

    def _get_control_flow_context(self) -> Any:
        return self.context

    def __repr__(self) -> str:
        return f"<tf.Operation '{self.name}' type={self.type}>"

    def __str__(self) -> str:
        return str(self.node_def)
