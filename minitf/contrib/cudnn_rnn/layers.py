"""CudnnLSTM, CudnnGRU, CudnnRNNTanh, CudnnRNNRelu: whole recurrent networks as layers.

In TensorFlow they run on a GPU alone; here they run everywhere.
"""
from minitf import logging
from minitf.contrib.cudnn_rnn.saveables import (
    CudnnGRUSaveable,
    CudnnLSTMSaveable,
    CudnnRNNReluSaveable,
    CudnnRNNTanhSaveable,
)
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float16, float32, float64, int32
from minitf.core.graph import add_to_collection
from minitf.core.graph_keys import GraphKeys
from minitf.core.tensor_shape import TensorShape
from minitf.core.trackable import children, noted
from minitf.layers.base import InputSpec, Layer
from minitf.nn.cudnn_rnn import cudnn_rnn, cudnn_rnn_canonical_to_params, cudnn_rnn_v3
from minitf.nn.kernels.recurrent import GATES
from minitf.ops.array.basics import fill, shape, zeros
from minitf.ops.random.draws import seeds
from minitf.ops.state.initializers import Constant, GlorotUniform
from minitf.ops.state.variable_scope import get_variable, get_variable_scope

DIRECTIONS = ("unidirectional", "bidirectional")
INPUT_MODES = ("linear_input", "skip_input", "auto_select")


class _CudnnRNN(Layer):
    """A network of `num_layers` layers of `num_units` units, whose parameters are one variable,
    `opaque_kernel`.

    `direction` is "unidirectional" or "bidirectional". With `input_mode` "skip_input" the first
    layer takes its inputs as they are, which have to be as many as units; "auto_select" does so
    where they are. `dropout` is the part of what passes between layers that is left out while
    `training`. ValueError for other directions, modes and types.
    """

    _rnn_mode: str
    _saveable_cls: type

    def __init__(
        self, num_layers, num_units, input_mode="linear_input", direction="unidirectional",
        dropout=0.0, seed=None, dtype=float32, kernel_initializer=None, bias_initializer=None,
        name=None,
    ):  # fmt: skip
        super().__init__(dtype=dtype, name=name)
        if direction not in DIRECTIONS:
            raise ValueError(f"Invalid direction: {direction}, expecting unidirectional or "
                             "bidirectional")  # fmt: skip
        if input_mode not in INPUT_MODES:
            raise ValueError(f"Invalid input_mode: {input_mode}, expect one of "
                             f"({', '.join(INPUT_MODES)})")  # fmt: skip
        if dtype not in (float16, float32, float64):
            raise ValueError(f"Only support float16, float32, float64, provided {dtype!r}")
        self._plain_dtype = dtype
        self._num_layers, self._num_units = num_layers, num_units
        self._input_mode, self._direction, self._dropout = input_mode, direction, dropout
        self._seed, self._input_size, self._saveable = seed, None, None
        self._kernel_initializer, self._bias_initializer = kernel_initializer, bias_initializer
        self._num_params_per_layer = 2 * GATES[self._rnn_mode]

    num_layers = property(lambda self: self._num_layers)
    num_units = property(lambda self: self._num_units)
    input_mode = property(lambda self: self._input_mode)
    rnn_mode = property(lambda self: self._rnn_mode)
    direction = property(lambda self: self._direction)
    num_dirs = property(lambda self: 1 if self._direction == "unidirectional" else 2)
    saveable = property(lambda self: self._saveable)

    @property
    def input_size(self):
        """How many numbers the first layer reads at each step. ValueError before it is known."""
        if not self._input_size:
            raise ValueError("'input_size' is unknown since layer has not been built.")
        return self._input_size

    @property
    def canonical_weight_shapes(self):
        """The shapes of the matrices, for each layer and direction those of inputs, then those of
        states. RuntimeError before the size of inputs is known."""
        return [each for layer in range(self._num_layers)
                for each in self._canonical_weight_shape(layer)]  # fmt: skip

    @property
    def canonical_bias_shapes(self):
        """The shapes of the biases."""
        return self._canonical_bias_shape(0) * self._num_layers

    def _canonical_weight_shape(self, layer):
        if not 0 <= layer < self._num_layers:
            raise ValueError(f"'layer' is not valid, got {layer}, expecting "
                             f"[0, {self._num_layers - 1}]")  # fmt: skip
        if not self._input_size:
            raise RuntimeError(f"{type(self).__name__}._canonical_weight_shape invoked before "
                               "input shape is known")  # fmt: skip
        units, gates = self._num_units, self._num_params_per_layer // 2
        width = self.num_dirs * units if layer else self._input_size
        return ([(units, width)] * gates + [(units, units)] * gates) * self.num_dirs

    def _canonical_bias_shape(self, unused_layer):
        return [[self._num_units]] * self.num_dirs * self._num_params_per_layer

    # -- building --------------------------------------------------------------------------------

    def build(self, input_shape):
        """Make the variable. ValueError unless inputs have three axes, the last of a known size."""
        if self.built:
            return
        sizes = TensorShape(input_shape)
        if sizes.ndims != 3:
            raise ValueError(f"Expecting input_shape with 3 dims, got {sizes.ndims}")
        self._input_size = sizes[-1].value
        if self._input_size is None:
            raise ValueError("The last dimension of the inputs to `CudnnRNN` should be defined. "
                             "Found `None`.")  # fmt: skip
        self.input_spec = InputSpec(ndim=3, axes={-1: self._input_size})
        with self._entered(self.built):
            if get_variable_scope().partitioner is not None:
                logging.warn("Partitioner is not supported for Cudnn RNN layer variables, using it "
                             "will create forward-compatibility issues with future CUDA/CuDNN "
                             "generations.")  # fmt: skip
            self.kernel = get_variable("opaque_kernel", dtype=self._plain_dtype,
                                       initializer=self._initial())  # fmt: skip
            self._keep([self.kernel], self.kernel.trainable)
        if get_variable_scope().reuse is not True:
            self._create_saveable()
        self.built = True

    def _initial(self):
        dtype = self._plain_dtype
        kernel = self._kernel_initializer or GlorotUniform(seed=self._seed, dtype=dtype)
        bias = self._bias_initializer or Constant(0.0, dtype=dtype)
        weights = [kernel(each, dtype=dtype) for each in self.canonical_weight_shapes]
        biases = [bias(each, dtype=dtype) for each in self.canonical_bias_shapes]
        return self._canonical_to_opaque(weights, biases)

    def _canonical_to_opaque(self, cu_weights, cu_biases):
        return cudnn_rnn_canonical_to_params(
            self._num_layers, self._num_units, self.input_size, *cu_weights, *cu_biases,
            num_params=len(cu_weights), rnn_mode=self._rnn_mode, input_mode=self._input_mode,
            direction=self._direction, dropout=self._dropout, **seeds(self._seed),
        )  # fmt: skip

    def _create_saveable(self):
        if self._saveable is not None:
            raise RuntimeError("Cudnn saveable already created.")
        self._saveable = self._saveable_cls(
            opaque_params=self.kernel, num_layers=self.num_layers, num_units=self.num_units,
            input_size=self.input_size, input_mode=self.input_mode, direction=self.direction,
            scope=get_variable_scope(), name=f"{self.kernel.op.name}_saveable",
        )  # fmt: skip
        self._saveable._add_trackable_dependencies(trackable=self, dtype=self._plain_dtype)
        add_to_collection(GraphKeys.SAVEABLE_OBJECTS, self._saveable)

    def _gather_saveables_for_checkpoint(self):
        raise NotImplementedError(
            "This cell does not yet support object-based saving. tf.train.Saver saves it."
        )

    # -- running ---------------------------------------------------------------------------------

    def call(
        self, inputs, initial_state=None, sequence_lengths=None, time_major=True, training=True
    ):
        """(outputs [time, batch, directions * units], the last states, as `initial_state` is).

        `inputs` are [time, batch, inputs]; the states are a tuple, (h, c) of an LSTM, else (h,),
        each [layers * directions, batch, units], zeros unless given. Rows end after
        `sequence_lengths` [batch] steps: then outputs are zero, and states stay. Unless
        `time_major`, the batch is the first axis of all of these. Gradients need `training`.
        TypeError for states that are no tuple.
        """
        if initial_state is not None and not isinstance(initial_state, tuple):
            raise TypeError(f"Invalid initial_state type: {initial_state}, expecting tuple.")
        inputs = convert_to_tensor(inputs, dtype=self._plain_dtype)
        if initial_state is None:
            initial_state = self._zero_state(shape(inputs)[1 if time_major else 0], time_major)
        states = [convert_to_tensor(each, dtype=self._plain_dtype) for each in initial_state]
        if self._rnn_mode == "lstm":
            h, c = states
        else:
            (h,), c = states, constant([], dtype=self._plain_dtype)
        outputs, h, c = self._forward(inputs, h, c, sequence_lengths, time_major, training)
        return outputs, ((h, c) if self._rnn_mode == "lstm" else (h,))

    def _zero_state(self, batch_size, time_major=True):
        sizes = self.state_shape(batch_size)
        if not time_major:
            sizes = [(batch, layers, units) for layers, batch, units in sizes]
        return tuple(zeros(each, dtype=self._plain_dtype) for each in sizes)

    def state_shape(self, batch_size):
        """The shapes of the states."""
        each = [self.num_layers * self.num_dirs, batch_size, self.num_units]
        return (each, list(each)) if self._rnn_mode == "lstm" else (each,)

    def _forward(self, inputs, h, c, sequence_lengths, time_major, training):
        network = {"rnn_mode": self._rnn_mode, "input_mode": self._input_mode,
                   "direction": self._direction, "dropout": self._dropout,
                   "is_training": bool(training), **seeds(self._seed)}  # fmt: skip
        if sequence_lengths is None and time_major:
            return cudnn_rnn(inputs, h, c, self.kernel, **network)[:3]
        if sequence_lengths is None:
            batch, steps = shape(inputs)[0], shape(inputs)[1]
            sequence_lengths = fill([batch], steps)
        lengths = convert_to_tensor(sequence_lengths, int32)
        return cudnn_rnn_v3(inputs, h, c, self.kernel, lengths, time_major=time_major,
                            **network)[:3]  # fmt: skip


children.register(_CudnnRNN, noted)  # not its variable: the weights of cells that it has


class CudnnLSTM(_CudnnRNN):
    """Layers of long short-term memory; states are (h, c)."""

    _rnn_mode = "lstm"
    _saveable_cls = CudnnLSTMSaveable

    def _gather_saveables_for_checkpoint(self):
        if self._direction == "bidirectional":
            raise NotImplementedError(
                "Object-based saving does not currently support bidirectional LSTM cells. "
                "tf.train.Saver saves them."
            )
        return {}


class CudnnGRU(_CudnnRNN):
    """Layers of gated recurrent units, the reset gate after the product; the state is (h,)."""

    _rnn_mode = "gru"
    _saveable_cls = CudnnGRUSaveable


class CudnnRNNTanh(_CudnnRNN):
    """Layers of tanh(inputs * w + state * r + b); the state is (h,)."""

    _rnn_mode = "rnn_tanh"
    _saveable_cls = CudnnRNNTanhSaveable


class CudnnRNNRelu(_CudnnRNN):
    """Layers of relu(inputs * w + state * r + b); the state is (h,)."""

    _rnn_mode = "rnn_relu"
    _saveable_cls = CudnnRNNReluSaveable
