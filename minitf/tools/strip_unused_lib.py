"""strip_unused: what a GraphDef needs from some of its nodes to others."""

from minitf import gfile
from minitf.core.proto.graph_def import GraphDef, NodeDef
from minitf.graph_util.subgraph import extract_sub_graph
from minitf.tools.freeze_graph import read_message


def strip_unused(input_graph_def, input_node_names, output_node_names, placeholder_type_enum):
    """The GraphDef that leads from the inputs, which become placeholders, to the outputs.

    `placeholder_type_enum` is the type of the placeholders (`tf.float32.as_datatype_enum`), or a
    list of one for each. ValueError for the name of a tensor, KeyError for one that is not there.
    """
    tensors = [name for name in input_node_names if ":" in name]
    if tensors:
        raise ValueError(f"Name '{tensors[0]}' appears to refer to a Tensor, not a Operation.")
    missing = set(input_node_names) - {node.name for node in input_graph_def.node}
    if missing:
        raise KeyError(f"The following input nodes were not found: {sorted(missing)}")
    several = isinstance(placeholder_type_enum, list)
    types = placeholder_type_enum if several else [placeholder_type_enum] * len(input_node_names)
    type_of = dict(zip(input_node_names, types))
    replaced = GraphDef(library=input_graph_def.library, versions=input_graph_def.versions)
    replaced.node.extend(
        _placeholder(node, type_of[node.name]) if node.name in type_of else node
        for node in input_graph_def.node
    )
    return extract_sub_graph(replaced, output_node_names)


def _placeholder(node, type):
    made = NodeDef(name=node.name, op="Placeholder")
    made.attr["dtype"].type = type
    for key in ("_output_shapes", "shape"):
        if key in node.attr:
            made.attr[key].CopyFrom(node.attr[key])
    return made


def strip_unused_from_files(
    input_graph,
    input_binary,
    output_graph,
    output_binary,
    input_node_names,
    output_node_names,
    placeholder_type_enum,
):
    """`strip_unused` of one file into another, names with commas between; -1 when there is
    something wrong with the arguments."""
    if not gfile.Exists(input_graph):
        print(f"Input graph file '{input_graph}' does not exist!")
        return -1
    if not output_node_names:
        print("You need to supply the name of a node to --output_node_names.")
        return -1
    made = strip_unused(
        read_message(GraphDef, input_graph, input_binary), input_node_names.split(","),
        output_node_names.split(","), placeholder_type_enum,
    )  # fmt: skip
    with gfile.GFile(output_graph, "wb" if output_binary else "w") as file:
        file.write(made.SerializeToString() if output_binary else str(made))
    print(f"{len(made.node)} ops in the final graph.")
    return None
