"""What layers do with their variables: make them, list them, give and take their values."""
import functools

import minitf as tf
from minitf.core.trackable import changed, edges_of
from minitf.keras import backend as K
from minitf.keras import constraints, initializers, regularizers
from minitf.keras.engine.tracking import own_layers
from minitf.layers.base import is_trained
from minitf.layers.values import check_arrays

_MORE = {"getter", "collections", "experimental_autocast"}


def make_variable(
    name, shape, dtype, initializer, trainable, constraint, collections, synchronization,
    aggregation,
):  # fmt: skip
    """A variable of this name in the current name scope."""
    if isinstance(initializer, type):
        initializer = initializer()
    value = initializer
    if callable(initializer):
        value = lambda: initializer(shape, dtype=dtype)  # noqa: E731
    return tf.Variable(
        value,
        name=name,
        trainable=trainable,
        dtype=dtype if callable(initializer) else None,
        constraint=constraint,
        collections=collections,
        synchronization=synchronization,
        aggregation=aggregation,
        use_resource=True,
        shape=None if shape is None else tf.TensorShape(shape),
    )


class Weights:
    """The variables of a layer and of the layers in it."""

    def add_weight(
        self, name=None, shape=None, dtype=None, initializer=None, regularizer=None, trainable=None,
        constraint=None, partitioner=None, use_resource=None,
        synchronization=tf.VariableSynchronization.AUTO, aggregation=tf.VariableAggregation.NONE,
        **kwargs,
    ):  # fmt: skip
        """A variable of the layer: glorot_uniform, or zeros of integers, unless told otherwise.

        `collections` are those of the graph to add it to. Raises TypeError for other keywords,
        ValueError for a trainable variable that is synchronized on reading.
        """
        for key in kwargs:
            if key not in _MORE:
                raise TypeError("Unknown keyword argument:", key)
        if partitioner is not None:
            raise NotImplementedError("add_weight(partitioner=...): minitf keeps the variables of "
                                      "a layer in one piece.")  # fmt: skip
        dtype = tf.as_dtype(dtype or self.dtype or K.floatx()).base_dtype
        if self._dtype is None:
            self._dtype = dtype
        trainable = is_trained(trainable, synchronization)
        make = kwargs.get("getter") or make_variable
        variable = make(
            name=name,
            shape=tf.TensorShape(() if shape is None else shape).as_list(),
            dtype=dtype,
            initializer=self._initializer(initializer, dtype, name),
            trainable=trainable,
            constraint=constraints.get(constraint),
            collections=kwargs.get("collections"),
            synchronization=synchronization,
            aggregation=aggregation,
        )
        K.track_variable(variable)
        self._add_penalty(variable, regularizers.get(regularizer))
        self._tracked("_trainable_weights" if trainable else "_non_trainable_weights").append(
            variable
        )
        edges_of(self)[name] = variable
        changed()
        return variable

    def _initializer(self, initializer, dtype, name):
        found = initializers.get(initializer)
        if found is not None:
            return found
        if dtype.is_floating:
            return initializers.glorot_uniform()
        if dtype.is_integer or dtype.is_bool:
            return initializers.zeros()
        raise ValueError(f"An initializer for variable {name} of type {dtype} is required for "
                         f"layer {self.name}")  # fmt: skip

    def add_variable(self, *args, **kwargs):
        """The older name of `add_weight`."""
        return self.add_weight(*args, **kwargs)

    def _add_penalty(self, variable, regularizer):
        if regularizer is not None:
            self.add_loss(functools.partial(_penalty, regularizer, variable))

    # -- lists of them ---------------------------------------------------------------------------

    @property
    def trainable(self):
        """Whether training changes the variables; setting it sets that of the layers inside."""
        return self._trainable

    @trainable.setter
    def trainable(self, value):
        self._quietly(_trainable=value)
        for layer in own_layers(self._tracked("_layers")):
            layer.trainable = value

    def _children(self, attribute):
        """The attribute's elements of all layers inside."""
        layers = own_layers(self._tracked("_layers"))
        return [each for layer in layers for each in getattr(layer, attribute, ())]

    @property
    def trainable_weights(self):
        if not self.trainable:
            return []
        return self._tracked("_trainable_weights") + self._children("trainable_weights")

    @property
    def non_trainable_weights(self):
        if self.trainable:
            return self._tracked("_non_trainable_weights") + self._children("non_trainable_weights")
        own = self._tracked("_trainable_weights") + self._tracked("_non_trainable_weights")
        return own + self._children("weights")

    @property
    def weights(self):
        return self.trainable_weights + self.non_trainable_weights

    @property
    def variables(self):
        return self.weights

    @property
    def trainable_variables(self):
        return self.trainable_weights

    @property
    def non_trainable_variables(self):
        return self.non_trainable_weights

    @property
    def _unique_trainable_weights(self):
        return list({id(v): v for v in self.trainable_weights}.values())

    def _get_trainable_state(self):
        """{layer: trainable} of this layer and those inside."""
        state = {self: self.trainable}
        for layer in own_layers(self._tracked("_layers")):
            if isinstance(layer, Weights):
                state.update(layer._get_trainable_state())
        return state

    def _set_trainable_state(self, state):
        if self in state:
            self.trainable = state[self]
        for layer in own_layers(self._tracked("_layers")):
            if isinstance(layer, Weights):
                layer._set_trainable_state(state)

    # -- their values ----------------------------------------------------------------------------

    def get_weights(self):
        """The values of the variables, as a list of arrays."""
        return K.batch_get_value(self.weights)

    def set_weights(self, weights):
        """Give the variables values. ValueError for another number of arrays, or other shapes."""
        check_arrays(self.name, self.weights, weights)
        K.batch_set_value(list(zip(self.weights, weights)))

    def count_params(self):
        """How many numbers the variables hold. ValueError before they are made."""
        if not self.built:
            raise ValueError(
                f"You tried to call `count_params` on {self.name}, but the layer isn't built. "
                f"You can build it manually via: `{self.name}.build(batch_input_shape)`."
            )
        return sum(map(K.count_params, self.weights))


def _penalty(regularizer, variable):
    with K.name_scope(f"{variable.op.name}/Regularizer"):
        return regularizer(variable)
