"""Attributes of layers that are layers or variables: they belong to the layer that has them."""
import minitf as tf
from minitf.core.trackable import Contents, NoDependency, changed, edges_of, note
from minitf.keras.backend import track_variable

nest = tf.nest


def is_layer(value):
    """Whether it has variables as a layer has: tf.layers' also count."""
    return isinstance(value, tf.layers.Layer) or (
        hasattr(type(value), "trainable_weights") and hasattr(type(value), "non_trainable_weights")
    )


def own_layers(layers):
    """The layers, those in containers among them, each once."""
    found = []
    for each in layers:
        inside = nest.flatten(each.value) if isinstance(each, Contents) else [each]
        for layer in filter(is_layer, inside):
            if not any(layer is other for other in found):
                found.append(layer)
    return found


class Tracking:
    """What notes attributes that are layers, or variables, or lists of these."""

    _setattr_tracking = True  # whether it does

    def _quietly(self, **attributes):
        """Set attributes without noting what they are."""
        vars(self).update(attributes)

    def _no_dependency(self, value):
        return NoDependency(value)

    def _tracked(self, name):
        """The list of this name, made when an attribute is set before `__init__` was called."""
        return vars(self).setdefault(name, [])

    def __setattr__(self, name, value):
        if hasattr(type(self), name) or not self._setattr_tracking:  # or a property's setter
            object.__setattr__(self, name, value)
            return
        if name in vars(self):
            self._forget(name)
        if isinstance(value, NoDependency):
            value = value.value
        else:
            note(self, name, value)
        self._note(value, name)  # before: programs have a list `_layers` of their own
        object.__setattr__(self, name, value)
        changed()

    def __delattr__(self, name):
        edges_of(self).pop(name, None)
        if name in vars(self):
            self._forget(name)
        object.__delattr__(self, name)

    def _note(self, value, name):
        if is_layer(value):
            self._note_layer(value)
        elif isinstance(value, tf.Variable):
            self._note_variable(value)
        elif isinstance(value, (list, dict, tuple)):
            self._note_container(value, edges_of(self).get(name))

    def _note_layer(self, layer):
        layers = self._sublayers()
        if not any(layer is other for other in layers):
            layers.append(layer)

    def _sublayers(self):
        """The layers inside, and lists of them. Where an attribute that is set before `__init__`
        was called makes this list, checkpoints have it too, as TensorFlow's have."""
        if "_layers" not in vars(self):
            note(self, "_layers", self._tracked("_layers"))
        return vars(self)["_layers"]

    def _note_container(self, value, known):
        flat = nest.flatten(value)
        for each in flat:
            if isinstance(each, tf.Variable):
                self._note_variable(each)
        if any(map(is_layer, flat)) or (not flat and isinstance(value, list)):
            held = isinstance(known, Contents) and known.value is value
            self._sublayers().append(known if held else Contents(value))

    def _note_variable(self, variable):
        name = "_trainable_weights" if variable.trainable else "_non_trainable_weights"
        variables = self._tracked(name)
        if not any(variable is other for other in variables):
            variables.append(variable)
            track_variable(variable)

    def _forget(self, name):
        """Drop what the attribute holds, unless another attribute holds it too."""
        value = vars(self)[name]
        if not (is_layer(value) or isinstance(value, (tf.Variable, list, dict))):
            return
        if sum(other is value for other in vars(self).values()) > 1:
            return
        for kept in ("_layers", "_trainable_weights", "_non_trainable_weights"):
            listed = vars(self).get(kept)
            if listed and listed is not value:
                listed[:] = [each for each in listed if _held(each) is not value]


def _held(each):
    return each.value if isinstance(each, Contents) else each
