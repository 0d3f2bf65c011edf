"""Variables of functions as TensorFlow's functions have them: an argument is the handle, and nodes
read and change what it stands for."""

from minitf.core.dtypes import as_dtype, resource
from minitf.core.proto.functions import with_inputs
from minitf.core.proto.signatures import signature
from minitf.graph_util.portable import node_def
from minitf.graph_util.variable_rules import PASSES, SAME

_CHANGES = {"Assign": "AssignVariableOp"} | {
    own: op for op, own in SAME.items() if own not in ("GatherNd", "IsVariableInitialized")
}  # fmt: skip
_PASSES = {ref: op for op, ref in PASSES.items()}


def with_handles(nodes, handles):
    """Nodes, named as in a GraphDef, that are given `handles`, {name of a variable: (name of the
    argument, type)}, in place of variables.

    NotImplementedError for what changes a variable in a way that TensorFlow's handles have not.
    """
    return _Nodes(nodes, handles).nodes


class _Nodes:
    def __init__(self, nodes, handles):
        self.nodes, self._variables = [], handles
        self._passed = {}  # {name of what passes a handle on: type}
        self._changed = _changed(nodes, handles)
        self._values = {}  # {name of a variable that is not changed: what has read it}
        for node in nodes:
            self._add(node)

    def _add(self, node):
        if node.name in self._variables:
            return
        tensors = [name for name in node.input if name[:1] != "^"]
        first = self._handle(tensors[0]) if tensors else None
        if first is None:
            self._add_reading(node, tensors)
        elif node.op == "Identity":
            self._put(node, "ReadVariableOp", [first[0]], dtype=first[1])
        elif node.op == "IsVariableInitialized":
            self._put(node, "VarIsInitializedOp", [first[0]])
        elif node.op in _PASSES:
            self._pass_on(node, tensors[0], first, tensors[1:])
        elif node.op in _CHANGES:
            self._change(node, first, tensors[1:])
        else:
            self._add_reading(node, tensors)

    def _handle(self, tensor):
        """(what the handle is called, type of the variable), None for another tensor."""
        name = tensor.partition(":")[0]
        if name in self._passed:
            return tensor, self._passed[name]
        return self._variables.get(name)

    def _put(self, node, op, inputs, name=None, **attrs):
        """A node that waits for what another one waits for."""
        controls = [each for each in node.input if each[:1] == "^"]
        made = node_def(op, name or node.name, *inputs, *controls, **attrs)
        made.device = node.device
        self.nodes.append(made)

    def _add_reading(self, node, tensors):
        """A node that takes values: of variables what they have then."""
        reads = {}
        for tensor in tensors:
            found = self._handle(tensor)
            if found is not None and tensor not in reads:
                reads[tensor] = name = f"{node.name}/read_{len(reads)}"
                self._put(node, "ReadVariableOp", [found[0]], name=name, dtype=found[1])
        declared = signature(node.op)
        if declared is not None and any(arg.ref for arg in declared.inputs):
            raise NotImplementedError(
                f"A function with {node.op} '{node.name}': minitf cannot write into a SavedModel "
                "what changes a variable in this way."
            )
        self.nodes.append(with_inputs(node, lambda name: reads.get(name, name)) if reads else node)

    def _pass_on(self, node, variable, handle, rest):
        """What brings a variable into a branch or a loop: its value, if nothing changes it, as
        TensorFlow has no gradients through handles there."""
        attrs = {"T": resource}
        if variable in self._variables and variable not in self._changed:
            handle, attrs = (self._value(variable), None), {"T": handle[1]}
        else:
            self._passed[node.name] = handle[1]
        if node.op == "RefEnter":
            attrs |= {"frame_name": node.attr["frame_name"].s.decode(),
                      "is_constant": node.attr["is_constant"].b,
                      "parallel_iterations": node.attr["parallel_iterations"].i}  # fmt: skip
        self._put(node, _PASSES[node.op], [handle[0], *rest], **attrs)

    def _value(self, variable):
        if variable not in self._values:
            handle, kind = self._variables[variable]
            self._values[variable] = name = f"{variable}/value"
            self.nodes.append(node_def("ReadVariableOp", name, handle, dtype=kind))
        return self._values[variable]

    def _change(self, node, handle, rest):
        """What changes the variable, and what reads it afterwards, under the name of the node."""
        op, name, kind = _CHANGES[node.op], f"{node.name}/change", handle[1]
        attrs = {"dtype": kind}
        for key in ("Tindices", "Index", "begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask",
                    "shrink_axis_mask"):  # fmt: skip
            if key in node.attr:
                value = node.attr[key]
                attrs[key] = as_dtype(value.type) if key[0] in "TI" else value.i
        if "Nd" in op or "Strided" in op:
            attrs["T"] = attrs.pop("dtype")
        self._put(node, op, [handle[0], *rest], name=name, **attrs)
        read = node_def("ReadVariableOp", node.name, handle[0], f"^{name}", dtype=kind)
        self.nodes.append(read)


def _changed(nodes, handles):
    """The names of the variables that nodes change."""
    origin = {name: name for name in handles}
    found = set()
    for node in nodes:
        variable = origin.get(node.input[0].partition(":")[0]) if node.input else None
        if variable is None:
            continue
        if node.op in _PASSES:
            origin[node.name] = variable
        elif node.op in _CHANGES:
            found.add(variable)
    return found
