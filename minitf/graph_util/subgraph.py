"""GraphDefs cut down: to what some nodes need, to what inference needs."""

from minitf.core.dtypes import int32, string
from minitf.core.operation import Operation
from minitf.core.proto.graph_def import GraphDef, NodeDef
from minitf.graph_util.order import node_name

_VARIABLE_OPS = {"Assign", "AssignAdd", "AssignSub", "Queue", "ScatterAdd", "ScatterSub",
                 "ScatterUpdate", "TruncatedNormal", "Variable", "VariableV2"}  # fmt: skip


def extract_sub_graph(graph_def, dest_nodes):
    """The nodes that those named in `dest_nodes` are computed from, with these.

    TypeError for what is no GraphDef, or no list; AssertionError for a node that is not there.
    """
    if not isinstance(graph_def, GraphDef):
        raise TypeError("graph_def must be a graph_pb2.GraphDef proto.")
    if isinstance(dest_nodes, (str, bytes)):
        raise TypeError("dest_nodes must be a list.")
    by_name = {node.name: node for node in graph_def.node}
    for name in dest_nodes:
        assert name in by_name, f"{name} is not in graph"
    kept, stack = set(), list(dest_nodes)
    while stack:
        name = stack.pop()
        if name not in kept:
            kept.add(name)
            stack += _needed(by_name[name]) if name in by_name else ()
    made = GraphDef(library=graph_def.library, versions=graph_def.versions)
    made.node.extend(node for node in graph_def.node if node.name in kept)
    return made


def _needed(node):
    """What a node reads and waits for, and what it is to stand beside."""
    names = [node_name(name) for name in node.input]
    if "_class" in node.attr:
        beside = [name.decode() for name in node.attr["_class"].list.s]
        names += [name.removeprefix("loc:@") for name in beside if name.startswith("loc:@")]
    return names


def remove_training_nodes(input_graph, protected_nodes=None):
    """The graph without CheckNumerics, and without Identity nodes that nothing waits for and that
    wait for nothing; but for those named in `protected_nodes`.

    What reads a CheckNumerics reads what that has checked: TensorFlow leaves it without an input.
    """
    protected = set(protected_nodes or ())
    checks = {node.name: node.input[0] for node in input_graph.node
              if node.op == "CheckNumerics" and node.name not in protected}  # fmt: skip
    kept = [_without_checks(node, checks) for node in input_graph.node if node.name not in checks]
    waited_for = {i[1:] for node in kept for i in node.input if i[:1] == "^"}
    spliced = {
        node.name: node.input[0]
        for node in kept
        if node.op == "Identity" and node.name not in protected | waited_for
        and not any(i[:1] == "^" for i in node.input)
    }
    made = GraphDef()
    made.node.extend(_with_inputs(node, [_followed(i, spliced) for i in node.input])
                     for node in kept if node.name not in spliced)  # fmt: skip
    return made


def _without_checks(node, checks):
    inputs = [name for name in node.input if name[:1] != "^" or name[1:] not in checks]
    return _with_inputs(node, [_followed(name, checks) for name in inputs])


def _followed(name, spliced):
    while name.lstrip("^") in spliced:
        name = spliced[name.lstrip("^")]
    return name


def _with_inputs(node, inputs):
    made = NodeDef()
    made.CopyFrom(node)
    del made.input[:]
    made.input.extend(inputs)
    return made


def must_run_on_cpu(node, pin_variables_on_cpu=False):
    """Whether no GPU can run a node, an Operation or NodeDef: constants that are strings or int32,
    say; and whether it is a variable or changes one, with `pin_variables_on_cpu`."""
    node_def = node.node_def if isinstance(node, Operation) else node
    assert isinstance(node_def, NodeDef)
    if pin_variables_on_cpu and node_def.op in _VARIABLE_OPS:
        return True
    if node_def.op == "Const":
        return node_def.attr["dtype"].type in (string.enum, int32.enum)
    if node_def.op in ("DynamicStitch", "ParallelDynamicStitch"):
        return node_def.attr["T"].type == int32.enum
    return node_def.op == "Cast" and node_def.attr["SrcT"].type == int32.enum


def tensor_shape_from_node_def_name(graph, input_name):
    """The shape of the tensor that a NodeDef's input names: `x` is `x:0`."""
    name = input_name if ":" in input_name else f"{input_name}:0"
    return graph.get_tensor_by_name(name).get_shape()
