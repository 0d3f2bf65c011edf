"""Graphs whose variables have become constants: `tf.graph_util.convert_variables_to_constants`."""

from minitf import logging
from minitf.core.dtypes import as_dtype
from minitf.core.proto.attributes import attr_value
from minitf.core.proto.graph_def import GraphDef, NodeDef
from minitf.core.proto.tensor import make_tensor_proto
from minitf.graph_util.subgraph import extract_sub_graph

_VARIABLES = {"Variable", "VariableV2", "VarHandleOp"}
_PASSES_ON = {"Switch", "Enter", "Exit", "Identity", "Merge", "NextIteration"}


def convert_variables_to_constants(
    sess,
    input_graph_def,
    output_node_names,
    variable_names_whitelist=None,
    variable_names_blacklist=None,
):
    """What the nodes `output_node_names` need of a GraphDef, with the values that variables have in
    `sess` as constants in their places.

    With a whitelist only the variables named there become constants, with a blacklist those do not.
    AssertionError for a node that is not there.
    """
    graph_def = extract_sub_graph(input_graph_def, output_node_names)
    nodes = {node.name: node for node in graph_def.node}
    chosen = [
        node for node in graph_def.node if node.op in _VARIABLES
        and _is_chosen(node.name, variable_names_whitelist, variable_names_blacklist)
    ]  # fmt: skip
    passing = _handles(graph_def, nodes)
    values = sess.run([_value_name(node) for node in chosen]) if chosen else []
    logging.info("Froze %d variables.", len(values))
    constants = {node.name: value for node, value in zip(chosen, values)}
    made = GraphDef(library=graph_def.library)
    frozen = set(constants)
    for node in graph_def.node:
        if node.name in constants:
            made.node.extend([constant_node(node.name, node.attr["dtype"], constants[node.name])])
        elif node.op.startswith("Ref") and _source(node) in frozen:
            frozen.add(node.name)  # it hands on a reference: a value now
            made.node.extend([_like(node, node.op.removeprefix("Ref"), node.input, **node.attr)])
        else:
            made.node.extend(_converted(node, passing))
    logging.info("Converted %d variables to const ops.", len(constants))
    return made


def _source(node):
    """The name of the node that it reads first."""
    return node.input[0].partition(":")[0]


def _is_chosen(name, whitelist, blacklist):
    return (whitelist is None or name in whitelist) and (blacklist is None or name not in blacklist)


def _value_name(node):
    """Of a handle of TensorFlow's, what reads it beside."""
    return f"{node.name}:0" if node.op != "VarHandleOp" else f"{node.name}/Read/ReadVariableOp:0"


def constant_node(name, dtype, value):
    """A node that is a constant; its dtype as the attribute of another node has it."""
    made = NodeDef(name=name, op="Const")
    made.attr["dtype"].CopyFrom(dtype)
    made.attr["value"].tensor.CopyFrom(make_tensor_proto(value, as_dtype(dtype.type)))
    return made


def _handles(graph_def, nodes):
    """{node that hands on a handle: the type of the variable}. ValueError where it begins with no
    variable."""
    found = {}
    for node in graph_def.node:
        if node.op not in ("ReadVariableOp", "ResourceGather"):
            continue
        stack = [_source(node)]
        while stack:
            source = nodes[stack.pop()]
            if source.op in _PASSES_ON:
                if source.name not in found:
                    found[source.name] = node.attr["dtype"]
                    stack += [name.partition(":")[0] for name in
                              source.input[: 2 if source.op == "Merge" else 1]]  # fmt: skip
            elif source.op != "VarHandleOp":
                raise ValueError(
                    "Cannot find the variable that is an input to the ReadVariableOp."
                )
    return found


def _converted(node, passing):
    """The nodes that stand for one when the variables are constants."""
    if node.name in passing:
        made = NodeDef()
        made.CopyFrom(node)
        made.attr["T"].CopyFrom(passing[node.name])
        made.attr.pop("_output_shapes", None)
        return [made]
    if node.op == "ReadVariableOp":
        return [_like(node, "Identity", node.input, T=node.attr["dtype"])]
    if node.op == "ResourceGather":
        return _gathered(node)
    return [node]


def _gathered(node):
    if node.attr["batch_dims"].i:
        raise ValueError("batch_dims != 0 is not supported by freeze_graph.")
    axis, indices = f"{node.name}/axis", node.attr["Tindices"]
    zero = constant_node(axis, indices, as_dtype(indices.type).as_numpy_dtype(0))
    attrs = {"Tparams": node.attr["dtype"], "Tindices": indices, "Taxis": indices,
             "batch_dims": attr_value("int", 0)}  # fmt: skip
    return [zero, _like(node, "GatherV2", [*node.input[:2], axis], **attrs)]


def _like(node, op, inputs, **attrs):
    made = NodeDef(name=node.name, op=op, input=inputs)
    if "_class" in node.attr:
        attrs["_class"] = node.attr["_class"]
    for key, value in attrs.items():
        made.attr[key].CopyFrom(value)
    return made
