"""The graph of a functional model: its layers and their calls, in order."""
import collections

import minitf as tf
from minitf.keras.engine import history

nest = tf.nest

GraphOfLayers = collections.namedtuple("GraphOfLayers", "keys nodes_by_depth layers")


def node_key(layer, index):
    """What a call is known by."""
    return f"{layer.name}_ib-{index}"


def map_graph(inputs, outputs):
    """What lies between the inputs and outputs of a model.

    Depth 0 is where outputs are computed; layers are in the order of decreasing depth. Raises
    ValueError for tensors that cannot be computed from the inputs, and for equal names.
    """
    nodes, order = _in_order(outputs)
    depths, layer_depths = _depths(nodes)
    keys = {node_key(n.outbound_layer, n.outbound_layer._inbound_nodes.index(n)) for n in nodes}
    for tensor in inputs:
        layer = tensor._keras_history.layer
        if layer not in layer_depths:  # an input that nothing uses
            layer_depths[layer], order[layer] = 0, -1
            depths[layer._inbound_nodes[0]] = 0
            keys.add(node_key(layer, 0))
    by_depth = collections.defaultdict(list)
    for node, depth in depths.items():
        by_depth[depth].append(node)
    layers = sorted(layer_depths, key=lambda layer: (-layer_depths[layer], order[layer]))
    _check_connected(inputs, by_depth)
    _check_names(layers)
    return GraphOfLayers(keys, by_depth, layers)


def _in_order(outputs):
    """The calls that outputs need, each after those it needs; and {layer: order of being met}."""
    finished, order = {}, {}
    for tensor in outputs:
        origin = tensor._keras_history
        pending = [(origin.layer, origin.node_index, False)]
        while pending:
            layer, index, done = pending.pop()
            node = layer._inbound_nodes[index]
            if done:
                finished[node] = True
            elif node not in finished:
                order.setdefault(layer, len(order))
                pending.append((layer, index, True))
                before = node.iterate_inbound(include_arguments=True)
                pending += [(where, i, False) for where, i, _, _ in reversed(before)
                            if where._inbound_nodes[i] not in finished]  # fmt: skip
    return list(finished), order


def _depths(nodes):
    depths, layer_depths = {}, {}
    for node in reversed(nodes):
        layer = node.outbound_layer
        depth = max(depths.get(node, 0), layer_depths.get(layer, 0))
        layer_depths[layer] = depths[node] = depth
        for before in node.dependencies():
            depths[before] = max(depth + 1, depths.get(before, 0))
    return depths, layer_depths


def _check_connected(inputs, by_depth):
    computable, passed = {id(x) for x in inputs}, []
    for depth in sorted(by_depth, reverse=True):
        for node in by_depth[depth]:
            name = node.outbound_layer.name
            for x in nest.flatten(node.input_tensors):
                if id(x) not in computable:
                    raise ValueError(
                        f"Graph disconnected: cannot obtain value for tensor {x} at layer "
                        f'"{name}". The following previous layers were accessed without issue: '
                        f"{passed}"
                    )
            computable.update(id(x) for x in nest.flatten(node.output_tensors))
            passed.append(name)


def _check_names(layers):
    counts = collections.Counter(layer.name for layer in layers)
    for name, count in counts.items():
        if count != 1:
            raise ValueError(
                f'The name "{name}" is used {count} times in the model. All layer names should be '
                "unique."
            )


def map_subgraph(inputs, outputs):
    """(calls, layers) that outputs, which raw ops may have made, need from a model's inputs."""
    history.create_keras_history(outputs)
    found = map_graph(inputs, outputs)
    return [node for nodes in found.nodes_by_depth.values() for node in nodes], found.layers
