"""`tf.keras.Sequential`: layers one after the other."""
import copy

import minitf as tf
from minitf.keras.engine.base_layer import Layer
from minitf.keras.engine.input_layer import Input, InputLayer
from minitf.keras.engine.network import Network
from minitf.keras.engine.training import Model
from minitf.keras.layers.serialization import deserialize
from minitf.keras.utils.layer_utils import get_source_inputs

nest = tf.nest


class Sequential(Model):
    """Layers, each of which is given the output of the one before.

    The first one may say its `input_shape`; else the layers are built at the first data.
    """

    def __init__(self, layers=None, name=None):
        super().__init__(name=name)
        self._quietly(
            supports_masking=True, _build_input_shape=None, _compute_output_and_mask_jointly=True
        )
        if layers:
            for layer in layers if isinstance(layers, (list, tuple)) else [layers]:
                self.add(layer)

    def _note(self, value, name):
        """Variables are its own; layers are added by `add` alone."""
        for each in nest.flatten(value):
            if isinstance(each, tf.Variable):
                self._note_variable(each)

    @property
    def layers(self):
        found = super().layers
        return found[1:] if found and isinstance(found[0], InputLayer) else found

    def add(self, layer):
        """Add a layer at the end. TypeError for what is none, or has several outputs."""
        if hasattr(layer, "_keras_history"):
            origin = layer._keras_history.layer
            layer = origin if isinstance(origin, InputLayer) else layer
        _check_layer(layer)
        self._quietly(built=False)
        first = not self._tracked("_layers")
        if first:
            self._begin(layer)
        elif self.outputs:
            outputs = layer(self.outputs[0])
            _check_single(outputs, TypeError)
            self._quietly(outputs=[outputs])
        if self.outputs:
            self._quietly(built=True)
        if (first and self.outputs) or self._is_graph_network:
            self._init_graph_network(self.inputs, self.outputs, name=self.name)
        else:
            self._tracked("_layers").append(layer)
        self._note_layers()

    def _begin(self, layer):
        """The first layer: with an input where its shape is known."""
        if not isinstance(layer, InputLayer):
            shape, dtype = _input_of(layer)
            if not shape:
                return
            layer(Input(batch_shape=shape, dtype=dtype, name=f"{layer.name}_input"))
        outputs = layer._inbound_nodes[-1].output_tensors
        _check_single(outputs, ValueError)
        self._quietly(outputs=[nest.flatten(outputs)[0]])
        self._quietly(inputs=get_source_inputs(self.outputs[0]))

    def pop(self):
        """Remove the last layer. TypeError when there is none."""
        if not self.layers:
            raise TypeError("There are no layers in the model.")
        self._tracked("_layers").pop()
        if not self.layers:
            self._quietly(outputs=None, inputs=None, built=False, _is_graph_network=False)
        elif self._is_graph_network:
            self.layers[-1]._outbound_nodes.clear()
            self._quietly(outputs=[self.layers[-1].output])
            self._init_graph_network(self.inputs, self.outputs, name=self.name)

    def build(self, input_shape=None):
        """Make the variables, for inputs of this shape. ValueError without one."""
        if not self._is_graph_network:
            if input_shape is None:
                raise ValueError("You must provide an `input_shape` argument.")
            shape = tuple(input_shape)
            self._quietly(_build_input_shape=shape)
            super().build(shape)
        self.built = True

    build._is_default = True

    def call(self, inputs, training=None, mask=None):
        if self._is_graph_network:
            return super().call(inputs, training=training, mask=mask)
        for layer in self.layers:
            kwargs, names = {}, layer._call_fn_args
            if "mask" in names:
                kwargs["mask"] = mask
            if "training" in names:
                kwargs["training"] = training
            inputs = layer(inputs, **kwargs)
            mask = inputs._keras_mask
        return inputs

    def compute_output_shape(self, input_shape):
        for layer in self.layers:
            input_shape = layer.compute_output_shape(input_shape)
        return input_shape

    def compute_mask(self, inputs, mask):
        return self.call(inputs, mask=mask)._keras_mask

    def predict_proba(self, x, batch_size=32, verbose=0):
        """As `predict`; warns of what are no probabilities."""
        found = self.predict(x, batch_size, verbose)
        if found.min() < 0.0 or found.max() > 1.0:
            tf.logging.warning(
                "Network returning invalid probability values. The last layer might not normalize "
                "predictions into probabilities (like softmax or sigmoid would)."
            )
        return found

    def predict_classes(self, x, batch_size=32, verbose=0):
        """The class of the largest output; of a single one whether it is above 0.5."""
        found = self.predict(x, batch_size=batch_size, verbose=verbose)
        return found.argmax(axis=-1) if found.shape[-1] > 1 else (found > 0.5).astype("int32")

    def get_config(self):
        """The layers' configurations in order."""
        layers = [
            {"class_name": type(layer).__name__, "config": layer.get_config()}
            for layer in self.layers
        ]
        all_layers = self._tracked("_layers")
        if layers and self._is_graph_network and isinstance(all_layers[0], InputLayer):
            layers[0]["config"].setdefault(
                "batch_input_shape", all_layers[0]._batch_input_shape
            )
        config = {"name": self.name, "layers": copy.deepcopy(layers)}
        if self._build_input_shape:
            config["build_input_shape"] = self._build_input_shape
        return config

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """The model of this configuration, its variables new."""
        config = config if isinstance(config, dict) else {"layers": config}
        model = cls(name=config.get("name"))
        for layer in config["layers"]:
            model.add(deserialize(layer, custom_objects=custom_objects))
        shape = config.get("build_input_shape")
        if not model.inputs and shape:
            model.build(shape)
        return model

    @property
    def input_spec(self):
        return self.layers[0].input_spec if self.layers else None

    @input_spec.setter
    def input_spec(self, value):
        """That of the first layer counts."""


def _check_layer(layer):
    if isinstance(layer, tf.layers.Layer) and not isinstance(layer, Layer):
        raise TypeError(
            f"The following are legacy tf.layers.Layers:\n  {layer}\nTo use keras as a framework "
            "(for instance using the Network, Model, or Sequential classes), please use the "
            "tf.keras.layers implementation instead. (Or, if writing custom layers, subclass from "
            "tf.keras.layers rather than tf.layers)"
        )
    if not isinstance(layer, Layer):
        raise TypeError(
            f"The added layer must be an instance of class Layer. Found: {layer}"
        )


def _check_single(outputs, error):
    if len(nest.flatten(outputs)) != 1:
        raise error(
            "All layers in a Sequential model should have a single output tensor. For multi-output "
            "layers, use the functional API."
        )


def _input_of(layer):
    """(shape, dtype) of what a layer, or the first one in it, says it is given."""
    while isinstance(layer, Network):
        if not layer.layers_with_input:
            raise ValueError("An empty Model cannot be used as a Layer.")
        layer = layer.layers_with_input[0]
    return getattr(layer, "_batch_input_shape", None), layer.dtype
