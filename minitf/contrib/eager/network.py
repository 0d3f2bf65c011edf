"""`tfe.Network`: a model that is written as a class, as it was before tf.keras.Model."""

from minitf.estimator.functions import fn_args
from minitf.keras.engine.training import Model
from minitf.layers.base import Layer
from minitf.ops.state.variable_scope import VariableScope, variable_scope


class Network(Model):
    """Layers that `track_layer` notes, and a `call` that uses them.

    ValueError for a name that is a scope, or within one.
    """

    def __init__(self, name=None):
        if isinstance(name, VariableScope):
            raise ValueError("VariableScopes are not valid Network names.")
        if name is not None and "/" in name:
            raise ValueError(f"Forward slashes ('/') are not allowed in Network names: '{name}'")
        super().__init__(name=name)

    def track_layer(self, layer):
        """Note a layer, whose variables are the network's then; the layer. TypeError for others,
        ValueError for another layer of a name that is taken."""
        if not isinstance(layer, Layer):
            raise TypeError(
                f"Network.track_layer() passed type {type(layer)}, not a tf.layers.Layer"
            )
        if not layer.built and getattr(layer, "_base_name", layer.name) != layer.name:
            layer._name = layer._base_name = self._unique(layer._base_name)
        elif not layer.built and any(layer.name == each.name and layer is not each
                                     for each in self.layers):  # fmt: skip
            raise ValueError(f"Attempt to add two Layers with the name '{layer.name}' to the same "
                             f"Network, '{self.name}'.")  # fmt: skip
        setattr(self, f"_tracked_{len(self._noted())}", layer)
        return layer

    def _unique(self, name):
        """A name for a layer that was given none: like layers of other networks are named."""
        known, count = {layer.name for layer in self.layers}, 0
        while (found := f"{name}_{count}" if count else name) in known:
            count += 1
        return found

    @property
    def trainable(self):
        """True: a network may be a part of several, of which some train it."""
        return True

    @trainable.setter
    def trainable(self, value):
        if not value:
            raise AttributeError("cannot mark Network as not trainable")

    def __call__(self, inputs, *args, **kwargs):
        """What `call` returns. The names of variables begin with the network's."""
        with variable_scope(self.name, use_resource=True, auxiliary_name_scope=False):
            return super().__call__(inputs, *args, **kwargs)

    def _noted(self):
        return [name for name in vars(self) if name.startswith("_tracked_")]

    def get_layer(self, name=None, index=None):
        """The layer of this name, or with this number. ValueError without either, or for both."""
        if (name is None) == (index is None):
            raise ValueError("Exactly one of a layer name or index is to be given")
        return super().get_layer(name, index)


class Sequential(Network):
    """Layers, or functions, one after the other."""

    def __init__(self, layers_funcs=None, name=None):
        super().__init__(name=name)
        self._layers_funcs = []
        for each in layers_funcs or ():
            self.add(each)

    def add(self, layer_func):
        """One more. TypeError for what is no function."""
        if isinstance(layer_func, Layer):
            arguments = fn_args(self.track_layer(layer_func).call)
        elif callable(layer_func):
            arguments = fn_args(layer_func)
        else:
            raise TypeError("Sequential.add() takes only tf.layers.Layer objects or callables; not "
                            f"'{layer_func}' of type '{type(layer_func)}'.")  # fmt: skip
        self._layers_funcs.append((layer_func, "training" in arguments))

    def call(self, inputs, training=None):
        """`training` goes to those that take it, if it is given: None is not a layer's default."""
        for function, takes_training in self._layers_funcs:
            given = {"training": training} if takes_training and training is not None else {}
            inputs = function(inputs, **given)
        return inputs
