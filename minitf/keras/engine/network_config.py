"""Functional models as configurations: {"name", "layers", "input_layers", "output_layers"}."""
import copy
import json

import numpy as np

import minitf as tf
from minitf.keras import backend as K
from minitf.keras.engine.graph_network import node_key
from minitf.keras.layers.serialization import deserialize

nest = tf.nest


def of(network):
    """The configuration of a functional model."""
    numbers = _kept_numbers(network)
    layers = [
        {
            "name": layer.name,
            "class_name": type(layer).__name__,
            "config": layer.get_config(),
            "inbound_nodes": _inbound(network, layer, numbers),
        }
        for layer in network.layers
    ]
    inputs = [x._keras_history for x in network.inputs]
    config = {"name": network.name, "layers": layers}
    config["input_layers"] = _coordinates(inputs, network._nested_inputs, numbers)
    config["output_layers"] = _coordinates(
        network._output_coordinates, network._nested_outputs, numbers
    )
    return copy.deepcopy(config)


def _kept_numbers(network):
    """{call: its number among those of the layer that belong to the model}."""
    numbers = {}
    for layer in network.layers:
        kept = 1 if getattr(layer, "_is_graph_network", False) else 0
        for index in range(len(layer._inbound_nodes)):
            key = node_key(layer, index)
            if key in network._network_nodes:
                numbers[key] = kept
                kept += 1
    return numbers


def _coordinates(origins, structure, numbers):
    found = [
        [layer.name, numbers[node_key(layer, node)], tensor] for layer, node, tensor in origins
    ]
    return found if isinstance(structure, tf.Tensor) else _packed(structure, found)


def _packed(structure, entries):
    """The entries, lists themselves, in the structure of tensors."""
    if isinstance(structure, dict):
        order = nest.flatten(structure)
        places = {id(x): entry for x, entry in zip(order, entries)}
        return {key: places[id(x)] for key, x in structure.items()}
    return entries


def _inbound(network, layer, numbers):
    found = []
    for index, node in enumerate(layer._inbound_nodes):
        if node_key(layer, index) in network._network_nodes and nest.flatten(node.inbound_layers):
            kwargs = _arguments(layer, node.arguments, numbers)
            entries = [
                [before.name, numbers.get(node_key(before, i), 0), tensor, kwargs]
                for before, i, tensor, _ in node.iterate_inbound()
            ]
            found.append(_packed(node.input_tensors, entries))
    return found


def _arguments(layer, arguments, numbers):
    """The arguments of a call as JSON can have them; none when it cannot."""
    kwargs = nest.map_structure(lambda value: _serialized(value, numbers), arguments or {})
    try:
        json.dumps(kwargs)
    except TypeError:
        tf.logging.warning(
            "Layer %s was passed non-serializable keyword arguments: %s. They will not be "
            "included in the serialized model (and thus will be missing at deserialization time).",
            layer.name, arguments,
        )  # fmt: skip
        return {}
    return kwargs


def _serialized(value, numbers):
    if hasattr(value, "_keras_history"):
        layer, node, tensor = value._keras_history
        return [layer.name, numbers.get(node_key(layer, node), 0), tensor]
    if isinstance(value, np.ndarray):
        return value.tolist()
    return K.get_value(value).tolist() if isinstance(value, tf.Tensor) else value


# -- and back -------------------------------------------------------------------------------------


def tensors(config, custom_objects):
    """(inputs, outputs, layers by name) of the model of a configuration."""
    layers, waiting = {}, {}
    for data in config["layers"]:
        layer = deserialize(data, custom_objects=custom_objects)
        layers[data["name"]] = layer
        waiting[data["name"]] = list(data["inbound_nodes"])
    while any(waiting.values()):
        before = sum(map(len, waiting.values()))
        for name, calls in waiting.items():
            while calls and _called(layers, layers[name], calls[0]):
                calls.pop(0)
        if sum(map(len, waiting.values())) == before:
            raise ValueError("Improperly formatted model config: layers wait for each other: "
                             f"{[name for name, calls in waiting.items() if calls]}")  # fmt: skip
    inputs = _found(layers, config["input_layers"])
    return inputs, _found(layers, config["output_layers"]), layers


def finished(cls, config, inputs, outputs, layers):
    """The model between the tensors, with the layers that yield no output."""
    model = cls(inputs=inputs, outputs=outputs, name=config.get("name"))
    extra = [layer for layer in layers.values() if layer not in model.layers]
    if extra:
        model._insert(extra, [node for layer in extra for node in layer._inbound_nodes])
    return model


def _called(layers, layer, data):
    """Call a layer, if what it is called on is there."""
    entries = list(data.values()) if isinstance(data, dict) else data
    entries = [entries] if isinstance(entries[0], str) else entries
    found, kwargs = [], {}
    for name, node, tensor, *more in entries:
        calls = layers[name]._inbound_nodes
        if len(calls) <= node:
            return False
        kwargs = more[0] if more else kwargs
        found.append(nest.flatten(calls[node].output_tensors)[tensor])
    if isinstance(data, dict):
        inputs = dict(zip(data, found))
    else:
        inputs = found[0] if len(found) == 1 else found
    try:
        kwargs = _deserialized(layers, kwargs)
    except IndexError:  # a tensor among them is not there
        return False
    layer(inputs, **kwargs)
    return True


def _deserialized(layers, value):
    """A tensor where a [layer, call, tensor] says one."""
    is_origin = isinstance(value, list) and len(value) == 3 and isinstance(value[0], str)
    if is_origin and value[0] in layers:
        return _tensor(layers, *value)
    if isinstance(value, list):
        return [_deserialized(layers, each) for each in value]
    if isinstance(value, dict):
        return {key: _deserialized(layers, each) for key, each in value.items()}
    return value


def _tensor(layers, name, node, tensor):
    return nest.flatten(layers[name]._inbound_nodes[node].output_tensors)[tensor]


def _found(layers, coordinates):
    if isinstance(coordinates, dict):
        return {key: _tensor(layers, *origin) for key, origin in coordinates.items()}
    if coordinates and isinstance(coordinates[0], str):
        return _tensor(layers, *coordinates)
    return [_tensor(layers, *origin) for origin in coordinates]
