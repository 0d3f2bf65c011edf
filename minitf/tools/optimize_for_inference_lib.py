"""optimize_for_inference: a GraphDef without what only training needs."""

from minitf.graph_util.subgraph import remove_training_nodes
from minitf.tools.strip_unused_lib import strip_unused


def optimize_for_inference(
    input_graph_def,
    input_node_names,
    output_node_names,
    placeholder_type_enum,
    toco_compatible=False,
):
    """The GraphDef that leads from the inputs to the outputs, without checks of numbers and without
    Identity nodes.

    TensorFlow also folds batch normalizations of old graphs into convolutions, and fuses resizing
    with these: here they stay, with the same results. The errors of `strip_unused`, and ValueError
    where two nodes have one name.
    """
    ensure_graph_is_valid(input_graph_def)
    made = strip_unused(
        input_graph_def, input_node_names, output_node_names, placeholder_type_enum
    )
    return remove_training_nodes(made, output_node_names)


def ensure_graph_is_valid(graph_def):
    """ValueError for two nodes of one name, or for an input that is not there."""
    names = set()
    for node in graph_def.node:
        if node.name in names:
            raise ValueError(f"Duplicate node names detected for {node.name}")
        names.add(node.name)
    for node in graph_def.node:
        for name in node.input:
            if node_name_from_input(name) not in names:
                raise ValueError(f"Input for {node.name} not found: {name}")


def node_name_from_input(node_name):
    """The name of the node, of "name:0" or "^name"."""
    return node_name.removeprefix("^").partition(":")[0]
