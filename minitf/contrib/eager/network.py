"""`tfe.Network`: a model that is written as a class, as it was before tf.keras.Model."""

from minitf.keras.engine.training import Model
from minitf.layers.base import Layer
from minitf.ops.state.variable_scope import variable_scope


class Network(Model):
    """Layers that `track_layer` notes, and a `call` that uses them."""

    def __init__(self, name=None):
        super().__init__(name=name)

    def track_layer(self, layer):
        """Note a layer, whose variables are the network's then; the layer. TypeError for others."""
        if not isinstance(layer, Layer):
            raise TypeError(
                f"Network.track_layer() passed type {type(layer)}, not a tf.layers.Layer"
            )
        if not layer.built and getattr(layer, "_base_name", layer.name) != layer.name:
            layer._name = layer._base_name = self._unique(layer._base_name)
        setattr(self, f"_tracked_{len(self._noted())}", layer)
        return layer

    def _unique(self, name):
        """A name for a layer that was given none: like layers of other networks are named."""
        known, count = {layer.name for layer in self.layers}, 0
        while (found := f"{name}_{count}" if count else name) in known:
            count += 1
        return found

    def __call__(self, inputs, *args, **kwargs):
        """What `call` returns. The names of variables begin with the network's."""
        with variable_scope(self.name, auxiliary_name_scope=False):
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
            args = layer_func.call.__code__.co_varnames
            self._layers_funcs.append((self.track_layer(layer_func), "training" in args))
        elif callable(layer_func):
            self._layers_funcs.append((layer_func, False))
        else:
            raise TypeError("Sequential.add() takes only tf.layers.Layer objects or callables; not "
                            f"'{layer_func}' of type '{type(layer_func)}'.")  # fmt: skip

    def call(self, inputs, training=None):
        for function, takes_training in self._layers_funcs:
            inputs = function(inputs, training=training) if takes_training else function(inputs)
        return inputs
