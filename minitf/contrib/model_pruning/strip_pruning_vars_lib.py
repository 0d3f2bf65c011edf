"""A trained graph without its masks: what they leave of the weights becomes constants."""
import numpy as np

from minitf import logging
from minitf.core.graph import Graph, get_default_graph
from minitf.core.proto.graph_def import GraphDef
from minitf.graph_util.constants import constant_node, convert_variables_to_constants
from minitf.graph_util.importer import import_graph_def
from minitf.graph_util.subgraph import extract_sub_graph
from minitf.session import Session
from minitf.train.checkpoint_management import latest_checkpoint
from minitf.train.import_meta_graph import import_meta_graph


def strip_pruning_vars_fn(input_graph_def, output_node_names):
    """What these nodes need of a GraphDef without variables, masked weights as constants in it."""
    values, stripped = _masked_weights(input_graph_def), GraphDef()
    for node in input_graph_def.node:
        if node.name in values:
            node = constant_node(node.name, node.attr["T"], values[node.name])
        stripped.node.append(node)
    return extract_sub_graph(stripped, output_node_names)


def _masked_weights(graph_def):
    """{name: value} of the nodes that are masked weights."""
    names = [node.name for node in graph_def.node if "masked_weight" in node.name]
    with Graph().as_default(), Session() as sess:
        import_graph_def(graph_def, name="")
        values = {name: sess.run(f"{name}:0") for name in names}
    for name, value in values.items():
        zeros = 100 - 100 * np.count_nonzero(value) / np.size(value)
        logging.info("%s has %d values, %1.2f%% zeros \n", name, np.size(value), zeros)
    return values


def graph_def_from_checkpoint(checkpoint_dir, output_node_names):
    """What these nodes need of the newest checkpoint's graph, variables as constants in it.

    The graph is added to the default graph. ValueError where there is no checkpoint.
    """
    path = latest_checkpoint(checkpoint_dir)
    if path is None:
        raise ValueError(f"Could not find a checkpoint at: {checkpoint_dir}.")
    saver = import_meta_graph(path + ".meta", clear_devices=True)
    with Session() as sess:
        saver.restore(sess, path)
        graph_def = get_default_graph().as_graph_def()
        return convert_variables_to_constants(sess, graph_def, output_node_names)
