"""Functions of a GraphDef's library: a call becomes the nodes of the function, in its place."""

from minitf.core.graph import control_dependencies
from minitf.core.proto.graph_def import GraphDef
from minitf.core.proto.signatures import Argument, Signature, signature
from minitf.ops.control_flow.control import identity_n, no_op


class Functions:
    """The functions of a library; `build(graph_def, prefix, input_map)` builds nodes."""

    def __init__(self, library, build):
        self.library, self.build = library, build
        self.by_name = {each.signature.name: each for each in library.function}

    def __contains__(self, name):
        return name in self.by_name

    def call(self, name, attrs, tensors, path):
        """The outputs of a call of the function with `tensors`, as the node `path`.

        `attrs` are the AttrValues of what the function leaves open, its types say.
        """
        function = self.by_name[name]
        names = [arg.name for arg in function.signature.input_arg]
        body = GraphDef(library=self.library)
        body.node.extend(self._node(node, attrs, names, function) for node in function.node_def)
        inputs = dict(zip((f"{name}:0" for name in names), tensors))
        made = self.build(body, path, inputs)
        flat = self._flattener(function)
        results = [made.element(flat(function.ret[arg.name], names, whole=True))
                   for arg in function.signature.output_arg]  # fmt: skip
        waits = [made.operations[node] for node in function.control_ret.values()]
        with control_dependencies(waits):
            return identity_n(results, name=f"{path}/") if results else no_op(name=f"{path}/")

    def _node(self, node, attrs, names, function):
        """A node of the body as a node of a graph: its inputs by number."""
        made = type(node)()
        made.CopyFrom(node)
        flat = self._flattener(function)
        del made.input[:]
        made.input.extend(flat(name, names) for name in node.input)
        for key, value in node.attr.items():
            if value.WhichOneof("value") == "placeholder":
                made.attr[key].CopyFrom(attrs[value.placeholder])
        return made

    def _flattener(self, function):
        nodes = {node.name: node for node in function.node_def}

        def flat(name, arguments, whole=False):
            """`node:2` for `node:output:1`, where `output` begins with the node's second one."""
            if name[:1] == "^":
                return name
            node, *place = name.split(":")
            if node in arguments:
                return f"{node}:0"
            output, index = (place[0], place[1]) if len(place) == 2 else ("", place[0])
            first = self._first(nodes[node], output) if output else 0
            return f"{node}:{first + int(index)}"

        return flat

    def _first(self, node, output):
        """The number of the first tensor that belongs to a named output of a node."""
        declared = self._declared(node.op)
        first = 0
        for arg in declared.outputs:
            if arg.name == output:
                return first
            first += _count(arg, node)
        raise ValueError(f"The op {node.op} of '{node.name}' has no output '{output}'")

    def _declared(self, op):
        if op not in self.by_name:
            return signature(op)
        args = self.by_name[op].signature.output_arg
        return Signature(op, True, (), tuple(Argument(arg.name) for arg in args), {})


def _count(arg, node):
    if arg.types:
        return len(node.attr[arg.types].list.type)
    return node.attr[arg.number].i if arg.number else 1
