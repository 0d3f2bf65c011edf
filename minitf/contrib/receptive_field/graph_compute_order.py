"""The order of the nodes of a convolutional network, and the sizes of its feature maps."""
import math
from collections import namedtuple

from minitf.contrib.receptive_field.parse_layer_parameters import layer_params

NodeInfo = namedtuple("NodeInfo", ["order", "node", "input_size", "output_size"])


def get_compute_order(graph_def, input_node_name="", input_node_size=None):
    """(NodeInfo by name, NodeDef by name): the order is the longest way to a node from one without
    inputs, or from the input, whose size may be given as [height, width]; then those of others are
    known, too. ValueError for a graph with a circle."""
    nodes, found = {node.name: node for node in graph_def.node}, {}
    for last in nodes:
        waiting, begun = [last], set()
        while waiting:
            name = waiting[-1]
            before = [] if name == input_node_name else inputs(nodes[name])
            ahead = [] if name in found else [each for each in before if each not in found]
            if name in begun and ahead:
                raise ValueError(f"{name} is in a circle")
            begun.add(name)
            waiting += reversed(ahead)
            if not ahead:
                waiting.pop()
            if not ahead and name not in found:
                given = input_node_size if name == input_node_name else None
                found[name] = _info(nodes, nodes[name], [found[each] for each in before], given)
    return found, nodes


def inputs(node):
    """The names of the nodes that a node reads."""
    return [name.partition(":")[0] for name in node.input if not name.startswith("^")]


def _info(nodes, node, before, output_size):
    order = max((each.order + 1 for each in before), default=0)
    input_size = before[0].output_size if before else None
    if input_size is not None:
        layers = layer_params(node, nodes, input_size, force=True)
        # As in TensorFlow, where the height is reckoned with the kernel of the width.
        output_size = [_size(*each) for each in zip(input_size, layers)]
    return NodeInfo(order, node, input_size, output_size)


def _size(size, layer):
    if None in (size, layer.kernel, layer.stride, layer.total_padding):
        return None
    return math.ceil((size + layer.total_padding - layer.kernel + 1) / layer.stride)
