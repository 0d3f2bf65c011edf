"""Layers of `tf.keras.layers` around another layer."""
import minitf as tf
from minitf.keras import backend as K
from minitf.keras.engine.base_layer import InputSpec, Layer
from minitf.keras.layers.rnn import RNN, same_origin, split_arguments, takes
from minitf.keras.layers.serialization import deserialize
from minitf.keras.utils.names import to_list

nest = tf.nest


class Wrapper(Layer):
    """The base of layers around `layer`. AssertionError for what is no layer."""

    def __init__(self, layer, **kwargs):
        if not isinstance(layer, Layer):
            raise AssertionError(f"{type(self).__name__} wraps a layer, and got {layer}")
        self.layer = layer
        super().__init__(**kwargs)

    def build(self, input_shape=None):
        """Build the layer inside."""
        if not self.layer.built:
            self.layer.build(input_shape)
            self.layer._quietly(built=True)
        self.built = True

    @property
    def activity_regularizer(self):
        return self.layer.activity_regularizer

    def get_config(self):
        inside = {"class_name": type(self.layer).__name__, "config": self.layer.get_config()}
        return super().get_config() | {"layer": inside}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        config = dict(config)
        layer = deserialize(config.pop("layer"), custom_objects=custom_objects)
        return cls(layer, **config)


class TimeDistributed(Wrapper):
    """A layer applied at each time of inputs [batch, time, ...].

    Keras's own layers compute all times at once; stateful ones and those of a program one time
    after the other, where the size of the batch is known. ValueError for what is no layer, or
    inputs of fewer than 3 axes.
    """

    def __init__(self, layer, **kwargs):
        if not isinstance(layer, Layer):
            raise ValueError("Please initialize `TimeDistributed` layer with a `Layer` instance. "
                             f"You passed: {layer}")  # fmt: skip
        super().__init__(layer, **kwargs)
        self.supports_masking = True

    def build(self, input_shape):
        """Build the layer inside for one time."""
        sizes = tf.TensorShape(input_shape).as_list()
        if len(sizes) < 3:
            raise ValueError(
                "`TimeDistributed` Layer should be passed an `input_shape ` with at least 3 "
                f"dimensions, received: {sizes}"
            )
        self.input_spec = InputSpec(shape=(None, None, *sizes[2:]))
        super().build(tf.TensorShape([sizes[0], *sizes[2:]]))

    def call(self, inputs, training=None, mask=None):
        kwargs = {"training": training} if takes(self.layer.call, "training") else {}
        if K.int_shape(inputs)[0] and not _takes_any_batch(self.layer):
            return self._at_each_time(inputs, kwargs)
        if mask is not None and takes(self.layer.call, "mask"):
            kwargs["mask"] = _of_each_time(mask)
        inner = _of_each_time(inputs)
        vars(self)["_inner"] = inputs, inner
        return _over_time(self.layer(inner, **kwargs), inputs, self._inner_sizes(inputs))

    def _at_each_time(self, inputs, kwargs):
        def step(x, _):
            return self.layer(x, **kwargs), []

        return K.rnn(step, inputs, [], input_length=K.int_shape(inputs)[1])[1]

    def _inner_sizes(self, inputs):
        """The sizes of the outputs of one time, None where the layer cannot say."""
        try:
            return self.compute_output_shape(inputs.shape).as_list()[2:]
        except NotImplementedError:
            return None

    def compute_output_shape(self, input_shape):
        sizes = tf.TensorShape(input_shape).as_list()
        inside = self.layer.compute_output_shape(tf.TensorShape([sizes[0], *sizes[2:]]))
        batch, *rest = tf.TensorShape(inside).as_list()
        return tf.TensorShape([batch, sizes[1], *rest])

    def compute_mask(self, inputs, mask=None):
        if K.int_shape(inputs)[0]:
            return mask
        called, inner = vars(self).get("_inner", (None, None))
        inner = inner if called is inputs else _of_each_time(inputs)
        found = self.layer.compute_mask(inner, None if mask is None else _of_each_time(mask))
        if found is not None:
            return _over_time(found, inputs)
        for _ in range(2, 0 if mask is None else K.ndim(mask)):
            mask = K.any(mask, axis=-1)
        return mask


def _takes_any_batch(layer):
    """Whether it is stateless and one of Keras's, or of a class derived from those."""
    known = next(cls for cls in type(layer).__mro__ if cls.__module__.startswith("minitf."))
    return known is not Layer and not getattr(layer, "stateful", False)


def _of_each_time(x):
    """[batch, time, ...] as [batch * time, ...]."""
    return tf.reshape(x, (-1, *_sizes(x, 2)))


def _sizes(x, first):
    """The sizes of the axes from `first` on: numbers where they are known."""
    known = K.int_shape(x)[first:]
    found = tf.shape(x) if None in known else None
    return [found[first + i] if size is None else size for i, size in enumerate(known)]


def _over_time(x, inputs, sizes=None):
    """[batch * time, ...] as [batch, time, ...], with as many times as the inputs have."""
    time = K.int_shape(inputs)[1]
    length = tf.shape(inputs)[1] if time is None else time
    found = tf.reshape(x, (-1, length, *_sizes(x, 1)))
    found.set_shape([K.int_shape(inputs)[0], time, *(sizes or K.int_shape(x)[1:])])
    return found


_MODES = {
    "sum": lambda y, z: y + z,
    "mul": lambda y, z: y * z,
    "ave": lambda y, z: (y + z) / 2,
    "concat": lambda y, z: K.concatenate([y, z]),
    None: lambda y, z: [y, z],
}


class Bidirectional(Wrapper):
    """A recurrent layer, and another like it (or `backward_layer`) that runs backwards.

    `merge_mode` says what is made of the two outputs: "sum", "mul", "ave", "concat", or a list if
    it is None. Raises ValueError for other modes, and for layers that do not fit each other.
    """

    def __init__(
        self, layer, merge_mode="concat", weights=None, backward_layer=None, **kwargs
    ):
        self._check_arguments(layer, merge_mode, backward_layer)
        self._quietly(_num_constants=0, _backward_config=None)
        self.forward_layer = _again(layer)
        if backward_layer is None:
            backward_layer = _again(layer, backwards=True)
        else:
            self._quietly(_backward_config=backward_layer.get_config())
        self.backward_layer = backward_layer
        for each, prefix in ((self.forward_layer, "forward_"), (backward_layer, "backward_")):
            each._quietly(_name=prefix + each.name)
            if hasattr(each, "zero_output_for_mask"):
                each._quietly(zero_output_for_mask=each.return_sequences)
        self._check_pair()
        self._quietly(layer=layer, merge_mode=merge_mode)
        Layer.__init__(self, **kwargs)
        self.stateful, self.return_sequences = layer.stateful, layer.return_sequences
        self.return_state, self.supports_masking = layer.return_state, True
        if weights:
            half = len(weights) // 2
            self.forward_layer._quietly(_initial_weights=weights[:half])
            backward_layer._quietly(_initial_weights=weights[half:])
        self.input_spec = layer.input_spec

    @staticmethod
    def _check_arguments(layer, merge_mode, backward_layer):
        if not isinstance(layer, Layer):
            raise ValueError("Please initialize `Bidirectional` layer with a `Layer` instance. "
                             f"You passed: {layer}")  # fmt: skip
        if backward_layer is not None and not isinstance(backward_layer, Layer):
            raise ValueError("`backward_layer` need to be a `Layer` instance. You passed: "
                             f"{backward_layer}")  # fmt: skip
        if merge_mode not in _MODES:
            raise ValueError("Invalid merge mode. Merge mode should be one of "
                             '{"sum", "mul", "ave", "concat", None}')  # fmt: skip

    def _check_pair(self):
        forward, backward = self.forward_layer, self.backward_layer
        if forward.go_backwards == backward.go_backwards:
            raise ValueError(
                "Forward layer and backward layer should have different `go_backwards` value."
            )
        for name in ("stateful", "return_sequences", "return_state"):
            values = getattr(forward, name), getattr(backward, name)
            if values[0] != values[1]:
                raise ValueError(
                    "Forward layer and backward layer are expected to have the same value for "
                    f"attribute {name}, got {values[0]} and {values[1]}"
                )

    def build(self, input_shape):
        """Build both layers, each in its own scope."""
        for layer in (self.forward_layer, self.backward_layer):
            with K.name_scope(layer.name):
                layer.build(input_shape)
            layer._quietly(built=True)
        self.built = True

    def __call__(self, inputs, initial_state=None, constants=None, **kwargs):
        """As of a recurrent layer; the first half of `initial_state` is that of the layer
        forwards. ValueError for an odd number of states."""
        inputs, initial_state, constants = split_arguments(
            inputs, initial_state, constants, self._num_constants
        )
        if initial_state is None and constants is None:
            return super().__call__(inputs, **kwargs)
        if initial_state is not None and len(initial_state) % 2:
            raise ValueError(
                "When passing `initial_state` to a Bidirectional RNN, the state should be a list "
                f"containing the states of the underlying RNNs. Found: {initial_state}"
            )
        if constants is not None:
            for layer in (self, self.forward_layer, self.backward_layer):
                layer._quietly(_num_constants=len(constants))
        more = [*(initial_state or []), *(constants or [])]
        if not same_origin(more):
            kwargs |= {} if initial_state is None else {"initial_state": initial_state}
            kwargs |= {} if constants is None else {"constants": constants}
            return super().__call__(inputs, **kwargs)
        spec, self.input_spec = self.input_spec, None
        outputs = super().__call__([inputs, *more], **kwargs)
        self.input_spec = spec
        return outputs

    def call(self, inputs, training=None, mask=None, initial_state=None, constants=None):
        if isinstance(inputs, list) and len(inputs) > 1:
            count = self._num_constants
            initial_state = inputs[1 : len(inputs) - count] or None
            constants = inputs[len(inputs) - count :] if count else None
            inputs = inputs[0]
        given = {"training": training, "mask": mask, "constants": constants}
        kwargs = {
            name: value for name, value in given.items()
            if value is not None and takes(self.layer.call, name)
        }  # fmt: skip
        halves = (None, None)
        if initial_state is not None:
            half = len(initial_state) // 2
            halves = initial_state[:half], initial_state[half:]
        outputs = [
            self._one(layer, inputs, state, kwargs)
            for layer, state in zip((self.forward_layer, self.backward_layer), halves)
        ]
        return self._merged(*outputs)

    @staticmethod
    def _one(layer, inputs, state, kwargs):
        if isinstance(layer, RNN) and state is not None:
            kwargs = kwargs | {"initial_state": state}
        return layer(inputs, **kwargs)

    def _merged(self, forward, backward):
        states = []
        if self.return_state:
            states = forward[1:] + backward[1:]
            forward, backward = forward[0], backward[0]
        if self.return_sequences:
            backward = K.reverse(backward, 1)
        output = _MODES[self.merge_mode](forward, backward)
        return to_list(output) + states if self.return_state else output

    def compute_output_shape(self, input_shape):
        found = self.forward_layer.compute_output_shape(input_shape)
        shapes = [tf.TensorShape(shape) for shape in (found if self.return_state else [found])]
        output, states = shapes[0], shapes[1:]
        if self.merge_mode == "concat":
            sizes = output.as_list()
            output = tf.TensorShape([*sizes[:-1], sizes[-1] * 2])
        outputs = [output, output] if self.merge_mode is None else output
        return to_list(outputs) + states * 2 if self.return_state else outputs

    def compute_mask(self, inputs, mask):
        mask = mask[0] if isinstance(mask, list) else mask
        kept = mask if self.return_sequences else None
        found = kept if self.merge_mode else [kept, kept]
        if not self.return_state:
            return found
        return to_list(found) + [None for _ in self.forward_layer.states] * 2

    def reset_states(self):
        """Reset the states of both layers."""
        self.forward_layer.reset_states()
        self.backward_layer.reset_states()

    def get_config(self):
        config = super().get_config() | {"merge_mode": self.merge_mode}
        if self._num_constants:
            config["num_constants"] = self._num_constants
        if self._backward_config is not None:
            name = type(self.backward_layer).__name__
            config["backward_layer"] = {"class_name": name, "config": self._backward_config}
        return config

    @classmethod
    def from_config(cls, config, custom_objects=None):
        config = dict(config)
        count, backward = config.pop("num_constants", 0), config.pop("backward_layer", None)
        if backward is not None:
            config["backward_layer"] = deserialize(backward, custom_objects=custom_objects)
        layer = super().from_config(config, custom_objects=custom_objects)
        layer._quietly(_num_constants=count)
        return layer


def _again(layer, backwards=False):
    """A layer of the same configuration."""
    config = layer.get_config()
    if backwards:
        config["go_backwards"] = not config["go_backwards"]
    cells = [layer.cell] if hasattr(layer, "cell") else []
    cells += getattr(cells[0], "cells", []) if cells else []
    if "custom_objects" in type(layer).from_config.__code__.co_varnames:
        known = {type(cell).__name__: type(cell) for cell in cells}
        return type(layer).from_config(config, custom_objects=known)
    return type(layer).from_config(config)
