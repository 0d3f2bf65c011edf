"""Models of a SavedModel of objects: layers that call the functions which they were saved as."""
import inspect
import json

import minitf as tf
from minitf.keras import backend as K
from minitf.keras import regularizers
from minitf.keras.engine.base_layer import Layer
from minitf.keras.engine.network import Network
from minitf.keras.engine.sequential import Sequential
from minitf.keras.engine.training import Model
from minitf.keras.engine.training_inputs import InputLike
from minitf.keras.layers.serialization import KNOWN
from minitf.keras.saving import hdf5_model
from minitf.layers.choice import smart_cond
from minitf.saved_model.load_objects import load_objects

nest = tf.nest
# What is said of a layer beside its own attributes.
_SAID = {"__call__", "_default_save_signature", "call_and_return_all_conditional_losses",
         "keras_api", "regularization_losses", "trainable_variables", "variables"}  # fmt: skip
_MAKE_MASKS = ("Embedding", "Masking")


def load(path, compile=True, custom_objects=None):
    """The model, or other object, that was saved in a folder; a model is compiled as it was, if
    asked."""
    made = []

    def kind(revived, base):
        def make(message):
            metadata = json.loads(message.metadata)
            found = type(metadata["class_name"], (revived, base), {})._made(metadata)
            made.append(found)
            return found, type(found)._give

        return make

    kinds = {
        "_tf_keras_layer": kind(RevivedLayer, Layer),
        "_tf_keras_network": kind(RevivedNetwork, Network),
        "_tf_keras_model": kind(RevivedModel, Model),
        "_tf_keras_sequential": kind(RevivedSequential, Sequential),
    }
    root = load_objects(path, kinds=kinds)
    for layer in made:
        layer._begin_calls()
    for layer in made:
        layer._begin_inputs()
        layer._begin_losses()
    config = getattr(root, "_training_config", None)
    if compile and config is not None:
        root.compile(**hdf5_model.compile_arguments(config, custom_objects or {}))
    return root


class RevivedLayer:
    """A layer of the class's name, but not of the class: it has the variables and the functions."""

    _function, _call_takes_any, _takes_mask = None, False, False

    @classmethod
    def _made(cls, metadata):
        keys = ("name", "trainable", "dtype", "batch_input_shape")
        made = cls(**{key: metadata[key] for key in keys if metadata.get(key) is not None})
        made._note_metadata(metadata)
        if metadata.get("input_spec") is not None:
            made.input_spec = _input_spec(metadata["input_spec"])
        return made

    def _note_metadata(self, metadata):
        self._quietly(_metadata=metadata, _said={})
        if metadata.get("activity_regularizer") is not None:
            self.activity_regularizer = regularizers.deserialize(metadata["activity_regularizer"])
        if metadata.get("_is_feature_layer") is not None:
            self._quietly(_is_feature_layer=metadata["_is_feature_layer"])

    def _give(self, name, value):
        """Let the layer have another object by this name."""
        if name in _SAID:
            self._said[name] = value
        else:
            setattr(self, name, value)

    @property
    def keras_api(self):
        """The functions and lists that the layer was saved with."""
        return self._said.get("keras_api")

    @property
    def _expects_training_arg(self):
        return self._metadata["expects_training_arg"]

    def get_config(self):
        """That of the layer that was saved. NotImplementedError where it had none."""
        if self._metadata.get("config") is None:
            raise NotImplementedError(f"{self.name} was saved without a configuration.")
        return self._metadata["config"]

    # -- once all objects are there --------------------------------------------------------------

    def _begin_calls(self):
        function = getattr(self.keras_api, "call_and_return_conditional_losses", None)
        if function is None:
            return
        found = inspect.signature(function).parameters.values()
        names = [each.name for each in found if each.kind is not each.VAR_KEYWORD]
        takes_any = any(each.kind is each.VAR_KEYWORD for each in found)
        self._quietly(_function=function, _call_names=names, _call_takes_any=takes_any)
        self._quietly(_takes_mask="mask" in names and any(
            isinstance(each.arguments[0][names.index("mask")], tf.TensorSpec)
            for each in function.concrete_functions if len(each.arguments[0]) > names.index("mask")
        ))

    def _begin_inputs(self):
        """What a model does."""

    def _begin_losses(self):
        said = self.keras_api
        for loss in getattr(said, "layer_regularization_losses", ()):
            self.add_loss(loss)
        if self.activity_regularizer is None:
            self.activity_regularizer = getattr(said, "activity_regularizer_fn", None)

    def call(self, inputs, *args, **kwargs):
        """What the function of the layer gives; its losses are added. ValueError for a layer that
        had not been called when it was saved."""
        if self._function is None:
            raise ValueError(f"The layer {self.name} was saved without its `call`: no model that "
                             "was saved with it has called it.")  # fmt: skip
        named = dict(zip(self._call_names[1:], args)) | kwargs
        if not self._takes_mask and named.pop("mask", None) is not None:
            tf.logging.warning("%s was saved without masks: it heeds none.", self.name)

        def called(**told):
            return self._function(inputs, **named | told)

        if self._expects_training_arg:
            training = named.get("training")
            training = K.learning_phase() if training is None else training
            outputs, losses = smart_cond(training, lambda: called(training=True),
                                         lambda: called(training=False))  # fmt: skip
        else:
            outputs, losses = called()
        self.add_loss(losses, inputs)
        return outputs


    def compute_mask(self, inputs, mask=None):
        """That of the layer of Keras which was saved; None for another one."""
        name, config = self._metadata["class_name"], self._metadata.get("config")
        if name not in KNOWN or config is None:
            return None
        if name not in _MAKE_MASKS and all(each is None for each in nest.flatten(mask)):
            return None
        if "_saved" not in vars(self):
            self._quietly(_saved=KNOWN[name].from_config(config))
        return self._saved.compute_mask(inputs, mask)


def _input_spec(config):
    """An InputSpec, or a list or dictionary of some."""
    if isinstance(config, list):
        return [_input_spec(each) for each in config]
    if "class_name" not in config:
        return {name: _input_spec(each) for name, each in config.items()}
    return tf.layers.InputSpec(**config["config"])


class RevivedNetwork(RevivedLayer):
    """A network, or a model, whose layers are its attributes."""

    @classmethod
    def _made(cls, metadata):
        made = cls(name=metadata["name"])
        if metadata.get("dtype") is not None:
            made._quietly(_dtype=tf.as_dtype(metadata["dtype"]))
        made._quietly(_trainable=metadata["trainable"])
        made._note_metadata(metadata)
        return made


class RevivedModel(RevivedNetwork):
    """A model: it can be trained on, as a subclass of Model can."""

    def _begin_inputs(self):
        function = self.keras_api.call_and_return_conditional_losses
        signature = function.input_signature
        inputs = _common_inputs(function) if signature is None else signature[0]
        self._begin_layers()
        if not self.inputs:
            with K.in_graph():
                self._set_inputs(nest.map_structure(InputLike, inputs))

    def _begin_layers(self):
        """What a Sequential does."""

    def _give(self, name, value):
        if name != "optimizer":  # which cannot change variables
            super()._give(name, value)

    @property
    def _training_config(self):
        """How the model was compiled."""
        return self._metadata.get("training_config")


def _common_inputs(function):
    """What is common to the first arguments that a function was traced for."""
    specs = [concrete.arguments[0][0] for concrete in function.concrete_functions]
    found = specs[0]
    for other in specs[1:]:
        found = nest.map_structure(lambda a, b: a.most_specific_compatible_type(b), found, other)
    return found


class RevivedSequential(RevivedModel):
    """A Sequential, of the layers that were saved."""

    call = Sequential.call

    def _begin_calls(self):
        """Its layers are called."""

    def _begin_layers(self):
        self._quietly(_layers=[])
        for layer in self.keras_api.layers:
            self.add(layer)
