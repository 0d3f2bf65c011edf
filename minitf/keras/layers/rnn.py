"""`tf.keras.layers.RNN`: a cell, stepped over the time of sequences."""
import inspect

import numpy as np

import minitf as tf
from minitf.keras import backend as K
from minitf.keras.engine.base_layer import InputSpec, Layer
from minitf.keras.layers.cells import is_several, sizes_of, zero_state
from minitf.keras.layers.described import config_of
from minitf.keras.layers.serialization import deserialize
from minitf.keras.layers.stacked_cells import StackedRNNCells
from minitf.keras.utils.names import to_list

nest = tf.nest


def split_arguments(inputs, initial_state, constants, count):
    """(inputs, initial states, constants) of a call, where `inputs` may be a list of them all."""
    if isinstance(inputs, list):
        if initial_state is not None or constants is not None:
            raise AssertionError("initial_state and constants are already in the list of inputs")
        if count:
            inputs, constants = inputs[:-count], inputs[-count:]
        if len(inputs) > 1:
            initial_state = inputs[1:]
        inputs = inputs[0]
    return inputs, _listed(initial_state), _listed(constants)


def _listed(x):
    if x is None or isinstance(x, list):
        return x
    return list(x) if isinstance(x, tuple) else [x]


def takes(function, name):
    """Whether it has a parameter of this name."""
    return name in inspect.getfullargspec(function).args


class RNN(Layer):
    """A cell called at each time of inputs [batch, time, ...] with its states.

    A cell has `state_size`, an integer or several, and `call(inputs, states)`, which returns
    (output, states); a list of cells is a stack of them. The result is the last output or, with
    `return_sequences`, all of them, followed by the last states with `return_state`. A `stateful`
    layer begins a batch with the states that the one before ended with. `time_major` inputs are
    [time, batch, ...].
    """

    _of_known_length = False  # whether the loop over the times is told how many there are

    def __init__(
        self, cell, return_sequences=False, return_state=False, go_backwards=False, stateful=False,
        unroll=False, time_major=False, **kwargs,
    ):  # fmt: skip
        cell = StackedRNNCells(cell) if isinstance(cell, (list, tuple)) else cell
        if not hasattr(cell, "call"):
            raise ValueError("`cell` should have a `call` method. The RNN was passed:", cell)
        if not hasattr(cell, "state_size"):
            raise ValueError("The RNN cell should have an attribute `state_size` (tuple of "
                             "integers, one integer per RNN state).")  # fmt: skip
        self._quietly(zero_output_for_mask=kwargs.pop("zero_output_for_mask", False))
        if "input_shape" not in kwargs and ("input_dim" in kwargs or "input_length" in kwargs):
            shape = kwargs.pop("input_length", None), kwargs.pop("input_dim", None)
            kwargs["input_shape"] = shape
        super().__init__(**kwargs)
        self.cell = cell
        self.return_sequences, self.return_state = return_sequences, return_state
        self.go_backwards, self.stateful = go_backwards, stateful
        self.unroll, self.time_major = unroll, time_major
        self.supports_masking = True
        self._quietly(state_spec=None, constants_spec=None, _states=None, _num_constants=0)

    @property
    def states(self):
        """The states that a stateful layer keeps; None for each before there are any."""
        if self._states is None:
            none = nest.map_structure(lambda _: None, self.cell.state_size)
            return none if is_several(self.cell.state_size) else [none]
        return self._states

    @states.setter
    def states(self, states):
        self._quietly(_states=states)

    # -- shapes ----------------------------------------------------------------------------------

    def compute_output_shape(self, input_shape):
        if isinstance(input_shape, list):
            input_shape = input_shape[0]
        first, second = tf.TensorShape(nest.flatten(input_shape)[0] if isinstance(
            input_shape, tuple) and input_shape and isinstance(input_shape[0], tf.TensorShape)
            else input_shape).as_list()[:2]  # fmt: skip
        batch = second if self.time_major else first
        leading = [first, second] if self.return_sequences else [batch]
        state_sizes = sizes_of(self.cell.state_size)
        output_size = getattr(self.cell, "output_size", None)
        wanted = state_sizes[0] if output_size is None else output_size
        outputs = [
            tf.TensorShape(leading + tf.TensorShape(size).as_list()) for size in flat_sizes(wanted)
        ]
        outputs = outputs[0] if len(outputs) == 1 else outputs
        if not self.return_state:
            return outputs
        states = [
            tf.TensorShape([batch, *tf.TensorShape(size).as_list()])
            for size in flat_sizes(state_sizes)
        ]
        return to_list(outputs) + states

    def compute_mask(self, inputs, mask):
        mask = nest.flatten(mask)[0]
        output_mask = mask if self.return_sequences else None
        return [output_mask, *(None for _ in self.states)] if self.return_state else output_mask

    def build(self, input_shape):
        """Build the cell, and the states of a stateful layer."""
        if isinstance(input_shape, list):
            input_shape = input_shape[0]
        if isinstance(input_shape, tuple) and not isinstance(input_shape[0], tf.TensorShape):
            input_shape = tf.TensorShape(input_shape)  # sizes, not several inputs
        spec = nest.map_structure(self._spec_of, input_shape)
        self.input_spec = [spec, *(self.input_spec or [])[1:]]
        if isinstance(self.cell, tf.layers.Layer) and not self.cell.built:
            self.cell.build(nest.map_structure(self._step_shape, input_shape))
            vars(self.cell)["built"] = True
        sizes = sizes_of(self.cell.state_size)
        if self.state_spec is None:
            specs = [
                InputSpec(shape=(None, *tf.TensorShape(size).as_list()))
                for size in flat_sizes(sizes)
            ]
            self._quietly(state_spec=specs)
        else:
            self._check_states(sizes)
        if self.stateful:
            self.reset_states()
        self.built = True

    def _spec_of(self, shape):
        sizes = tf.TensorShape(shape).as_list()
        batch, time = (1, 0) if self.time_major else (0, 1)
        if not self.stateful:
            sizes[batch] = None
        sizes[time] = None
        return InputSpec(shape=tuple(sizes))

    def _step_shape(self, shape):
        sizes = tf.TensorShape(shape).as_list()
        return tf.TensorShape(sizes[1:] if self.time_major else [sizes[0], *sizes[2:]])

    def _check_states(self, sizes):
        specs, flat = nest.flatten(self.state_spec), flat_sizes(sizes)
        fits = len(specs) == len(flat) and all(
            tf.TensorShape(spec.shape[1:]).is_compatible_with(tf.TensorShape(size))
            for spec, size in zip(specs, flat)
        )
        if not fits:
            raise ValueError(
                "An `initial_state` was passed that is not compatible with `cell.state_size`. "
                f"Received `state_spec`={[spec.shape for spec in specs]}; however "
                f"`cell.state_size` is {sizes}"
            )

    # -- calling it ------------------------------------------------------------------------------

    def __call__(self, inputs, initial_state=None, constants=None, **kwargs):
        """As of any layer; `initial_state` and `constants` of the cell may be passed besides."""
        inputs, initial_state, constants = split_arguments(
            inputs, initial_state, constants, self._num_constants
        )
        if initial_state is None and constants is None:
            return super().__call__(inputs, **kwargs)
        more = nest.flatten([initial_state or [], constants or []])
        if initial_state is not None:
            specs = [InputSpec(shape=K.int_shape(x)) for x in nest.flatten(initial_state)]
            self._quietly(state_spec=specs)
        if constants is not None:
            self._quietly(_num_constants=len(constants))
        return self._call_with(inputs, initial_state, constants, more, kwargs)

    def _call_with(self, inputs, initial_state, constants, more, kwargs):
        if not same_origin(more):
            kwargs |= {"initial_state": initial_state} if initial_state is not None else {}
            kwargs |= {"constants": constants} if constants is not None else {}
            return super().__call__(inputs, **kwargs)
        self.input_spec = [None, *(InputSpec(shape=K.int_shape(x)) for x in more)]
        output = super().__call__([inputs, *more], **kwargs)
        self.input_spec = self.input_spec[: -len(more)]
        return output

    def call(self, inputs, mask=None, training=None, initial_state=None, constants=None):
        if tf.executing_eagerly():
            _forget_masks(self.cell)
        inputs, states, constants = self._parted(inputs, initial_state, constants)
        mask = None if mask is None else nest.flatten(mask)[0]
        sizes = K.int_shape(nest.flatten(inputs)[0])
        if self.unroll and sizes[0 if self.time_major else 1] is None:
            raise ValueError(
                "Cannot unroll a RNN if the time dimension is undefined. \n- If using a "
                "Sequential model, specify the time dimension by passing an `input_shape` or "
                "`batch_input_shape` argument to your first layer. If your first layer is an "
                "Embedding, you can also use the `input_length` argument.\n- If using the "
                "functional API, specify the time dimension by passing a `shape` or "
                "`batch_shape` argument to your Input layer."
            )
        last, outputs, states = self._stepped_over(inputs, states, constants, mask, training)
        if self.stateful:
            pairs = zip(nest.flatten(self.states), nest.flatten(states))
            self.add_update([tf.assign(kept, state) for kept, state in pairs])
        output = outputs if self.return_sequences else last
        return to_list(output) + list(states) if self.return_state else output

    def _stepped_over(self, inputs, states, constants, mask, training):
        """(the last output, all outputs, the last states)."""
        count = K.int_shape(nest.flatten(inputs)[0])[1]
        return K.rnn(
            self._step(training, constants),
            inputs,
            states,
            constants=constants,
            go_backwards=self.go_backwards,
            mask=mask,
            unroll=self.unroll,
            input_length=count if self._of_known_length else None,
            time_major=self.time_major,
            zero_output_for_mask=self.zero_output_for_mask,
        )

    def _step(self, training, constants):
        kwargs = {"training": training} if takes(self.cell.call, "training") else {}
        if constants and not takes(self.cell.call, "constants"):
            raise ValueError("RNN cell does not support constants")
        count = len(constants or ())

        def step(inputs, states):
            if count:
                kwargs["constants"] = list(states[-count:])
                states = states[:-count]
            if len(states) == 1 and hasattr(self.cell, "_is_tf_rnn_cell"):
                states = states[0]
            output, new = self.cell.call(inputs, states, **kwargs)
            return output, new if nest.is_nested(new) else [new]

        return step

    def _parted(self, inputs, initial_state, constants):
        """Inputs, initial states and constants, which may all be in the list of inputs."""
        if isinstance(inputs, list):
            count = self._num_constants
            initial_state = inputs[1 : len(inputs) - count] or None
            constants = inputs[len(inputs) - count :] if count else constants
            inputs = inputs[0]
        if initial_state is None:
            initial_state = self.states if self.stateful else self.get_initial_state(inputs)
        if len(initial_state) != len(self.states):
            raise ValueError(
                f"Layer has {len(self.states)} states but was passed {len(initial_state)} initial "
                "states."
            )
        return inputs, initial_state, constants

    def get_initial_state(self, inputs):
        """The states to begin with: zeros, unless the cell says others."""
        first = nest.flatten(inputs)[0]
        batch = tf.shape(first)[1 if self.time_major else 0]
        own = getattr(self.cell, "get_initial_state", None)
        if own is not None:
            found = own(inputs=None, batch_size=batch, dtype=first.dtype)
        else:
            found = zero_state(batch, self.cell.state_size, first.dtype)
        return list(found) if nest.is_nested(found) else [found]

    def reset_states(self, states=None):
        """Make the kept states zeros, or these arrays. AttributeError if not stateful.

        ValueError for a batch of unknown size, or states that do not fit.
        """
        if not self.stateful:
            raise AttributeError("Layer must be stateful.")
        batch = self._known_batch()
        sizes = self.cell.state_size
        if nest.flatten(self.states)[0] is None:
            made = nest.map_structure(
                lambda size: K.zeros([batch, *tf.TensorShape(size).as_list()]), sizes
            )
            self.states = made if is_several(sizes) else [made]
            return
        kept = nest.flatten(self.states)
        if states is None:
            values = [np.zeros(state.shape.as_list()) for state in kept]
        else:
            values = self._fitting(nest.flatten(states), kept)
        K.batch_set_value(list(zip(kept, values)))

    def _known_batch(self):
        shape = nest.flatten(self.input_spec)[0].shape if self.input_spec else None
        batch = None if shape is None else shape[1 if self.time_major else 0]
        if not batch:
            raise ValueError(
                "If a RNN is stateful, it needs to know its batch size. Specify the batch size of "
                "your input tensors: \n- If using a Sequential model, specify the batch size by "
                "passing a `batch_input_shape` argument to your first layer.\n- If using the "
                "functional API, specify the batch size by passing a `batch_shape` argument to "
                "your Input layer."
            )
        return batch

    def _fitting(self, values, kept):
        if len(values) != len(kept):
            raise ValueError(
                f"Layer {self.name} expects {len(kept)} states, but it received {len(values)} "
                f"state values. Input received: {values}"
            )
        for i, (value, state) in enumerate(zip(values, kept)):
            if tuple(value.shape) != tuple(state.shape.as_list()):
                raise ValueError(
                    f"State {i} is incompatible with layer {self.name}: expected shape="
                    f"{tuple(state.shape.as_list())}, found shape={value.shape}"
                )
        return values

    def get_config(self):
        config = super().get_config() | config_of(
            self, "return_sequences", "return_state", "go_backwards", "stateful", "unroll",
            "time_major",
        )  # fmt: skip
        if self._num_constants:
            config["num_constants"] = self._num_constants
        if self.zero_output_for_mask:
            config["zero_output_for_mask"] = True
        cell = {"class_name": type(self.cell).__name__, "config": self.cell.get_config()}
        return config | {"cell": cell}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        config = dict(config)
        cell = deserialize(config.pop("cell"), custom_objects=custom_objects)
        count = config.pop("num_constants", 0)
        layer = cls(cell, **config)
        layer._quietly(_num_constants=count)
        return layer


def flat_sizes(sizes):
    """The sizes of states or outputs, in any nesting, each an integer or a shape."""
    if isinstance(sizes, (list, tuple)):
        return [flat for size in sizes for flat in flat_sizes(size)]
    return [sizes]


def same_origin(tensors):
    """Whether layers of Keras made them. ValueError when they made but some of them."""
    made = [K.is_keras_tensor(tensor) for tensor in tensors]
    if len(set(made)) > 1:
        raise ValueError(
            "The initial state or constants of an RNN layer cannot be specified with a mix of "
            'Keras tensors and non-Keras tensors (a "Keras tensor" is a tensor that was returned '
            "by a Keras layer, or by `Input`)"
        )
    return made[0]


def _forget_masks(cell):
    """Each call at once drops other inputs, of all cells."""
    for each in getattr(cell, "cells", (cell,)):
        if hasattr(each, "reset_dropout_mask"):
            each.reset_dropout_mask()
            each.reset_recurrent_dropout_mask()
