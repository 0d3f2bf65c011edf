"""`tf.keras.models`: models, and what makes one of another."""
import minitf as tf
from minitf.keras import backend as K
from minitf.keras.engine.input_layer import Input, InputLayer
from minitf.keras.engine.op_layer import AddLoss, AddMetric, TensorFlowOpLayer
from minitf.keras.engine.sequential import Sequential
from minitf.keras.engine.training import Model
from minitf.keras.layers.serialization import KNOWN
from minitf.keras.saving.hdf5_model import model_from_config, model_from_json, model_from_yaml
from minitf.keras.saving.whole import load_model, save_model
from minitf.keras.utils.names import to_list

__all__ = [
    "Model", "Sequential", "clone_model", "load_model", "model_from_config", "model_from_json",
    "model_from_yaml", "save_model",
]  # fmt: skip

nest = tf.nest
KNOWN.update({"AddLoss": AddLoss, "AddMetric": AddMetric, "Model": Model,
              "Network": Model, "Sequential": Sequential,
              "TensorFlowOpLayer": TensorFlowOpLayer})  # fmt: skip


def clone_model(model, input_tensors=None, clone_function=None):
    """A model of the same layers made anew, on other inputs if they are given.

    `clone_function(layer)` returns the layer that stands in for one; without it, one of the same
    configuration. ValueError for a subclass.
    """
    function = clone_function or (lambda layer: type(layer).from_config(layer.get_config()))
    if not callable(function):
        raise ValueError("Expected `layer_fn` argument to be a callable.")
    if isinstance(model, Sequential):
        return _sequential(model, input_tensors, function)
    if not isinstance(model, Model) or not model._is_graph_network:
        raise ValueError("Expected `model` argument to be a functional `Model` instance, but got "
                         f"a subclass model instead: {model}")  # fmt: skip
    return _functional(model, input_tensors, function)


def _input_for(tensor, name):
    """An input of Keras that is this tensor."""
    if K.is_keras_tensor(tensor):
        return tensor
    return Input(tensor=tensor, name=f"input_wrapper_for_{name}")


def _sequential(model, input_tensors, function):
    layers = []
    for layer in model.layers_with_input:
        if isinstance(layer, (AddLoss, AddMetric)):
            raise NotImplementedError(f"clone_model: {model.name} has losses or metrics that were "
                                      "added to it; make a functional model of it.")  # fmt: skip
        if isinstance(layer, InputLayer):
            if input_tensors is None:
                layers.append(InputLayer.from_config(layer.get_config()))
        else:
            layers.append(function(layer))
    if input_tensors is None:
        return Sequential(layers, name=model.name)
    given = to_list(list(input_tensors) if isinstance(input_tensors, tuple) else input_tensors)
    if len(given) != 1:
        raise ValueError("To clone a `Sequential` model, we expect  at most one tensor as part of "
                         "`input_tensors`.")  # fmt: skip
    tensor = _input_for(given[0], getattr(given[0], "name", "").replace(":", "_"))
    origin = tensor._keras_history.layer
    if not isinstance(origin, InputLayer):
        raise ValueError(
            "Cannot clone a `Sequential` model on top of a tensor that comes from a Keras layer "
            "other than an `InputLayer`. Use the functional API instead."
        )
    return Sequential([origin, *layers], name=model.name)


def _functional(model, input_tensors, function):
    layers, tensors = {}, {}
    if input_tensors is None:
        given = [Input(**layer.get_config()) for layer in model._input_layers]
    else:
        pairs = zip(nest.flatten(input_tensors), model._input_layers)
        given = [_input_for(tensor, layer.name) for tensor, layer in pairs]
    for old, new, layer in zip(model.inputs, given, model._input_layers):
        tensors[id(old)], layers[layer] = new, new._keras_history.layer
    for node in model._calls():
        layer = node.outbound_layer
        if layer not in layers:
            layers[layer] = function(layer)
        inputs = nest.map_structure(lambda x: tensors[id(x)], node.input_tensors)
        arguments = nest.map_structure(
            lambda x: tensors.get(id(x), x) if isinstance(x, tf.Tensor) else x,
            node.arguments or {},
        )
        outputs = layers[layer](inputs, **arguments)
        pairs = zip(nest.flatten(node.output_tensors), nest.flatten(outputs))
        tensors.update((id(old), new) for old, new in pairs)
    found = [tensors[id(x)] for x in model.outputs]
    cloned = Model(
        nest.pack_sequence_as(model._nested_inputs, given),
        nest.pack_sequence_as(model._nested_outputs, found),
        name=model.name,
    )
    extra = [layer for layer in layers.values() if layer not in cloned.layers]
    if extra:
        cloned._insert(extra, [node for layer in extra for node in layer._inbound_nodes])
    return cloned
