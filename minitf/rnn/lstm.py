"""The cells with a long and a short memory: BasicLSTMCell and LSTMCell."""
import collections

from minitf import logging
from minitf.core.constant import constant
from minitf.core.dtypes import int32
from minitf.layers.base import InputSpec
from minitf.layers.named import activation_named, initializer_named
from minitf.nn.activation import sigmoid
from minitf.nn.bias import bias_add
from minitf.ops.array.joining import concat, split
from minitf.ops.array.slicing import slice_
from minitf.ops.linalg.products import matmul
from minitf.ops.math.clip import clip_by_value
from minitf.ops.math.elementwise import add_op as add
from minitf.ops.math.elementwise import mul as multiply
from minitf.ops.math.elementwise import tanh
from minitf.ops.state.initializers import Zeros
from minitf.rnn.cell import LayerRNNCell, check_type, check_types, input_depth
from minitf.rnn.config import activation_config, initializer_config


class LSTMStateTuple(collections.namedtuple("LSTMStateTuple", ("c", "h"))):
    """The state of an LSTM: `c`, what the cell remembers, and `h`, its output."""

    __slots__ = ()

    @property
    def dtype(self):
        """The type of both. TypeError when they differ."""
        c, h = self
        if c.dtype != h.dtype:
            raise TypeError(f"Inconsistent internal state: {c.dtype} vs {h.dtype}")
        return c.dtype


def warn_of_concatenated(cell):
    logging.warn(f"{cell}: Using a concatenated state is slower and will soon be deprecated.  "
                 "Use state_is_tuple=True.")  # fmt: skip


class _WithGates(LayerRNNCell):
    """What both cells begin with: [inputs, h] * kernel + bias."""

    def _gates(self, inputs, h):
        weights = self._weights_of_gates()
        return bias_add(matmul(concat([inputs, h], 1), weights), self._bias)

    def _weights_of_gates(self):
        return self._kernel


class BasicLSTMCell(_WithGates):
    """An LSTM without peepholes, projection or clipping.

    c = sigmoid(f + forget_bias) * c + sigmoid(i) * activation(j), output = h = sigmoid(o) *
    activation(c), where i, j, f, o are the four parts of [inputs, h] * kernel + bias. The state is
    an LSTMStateTuple of c and h, each [batch, num_units], or without `state_is_tuple` one matrix.
    The activation is tanh unless said.
    """

    def __init__(
        self, num_units, forget_bias=1.0, state_is_tuple=True, activation=None, reuse=None,
        name=None, dtype=None, **kwargs,
    ):  # fmt: skip
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **kwargs)
        check_type(self.dtype)
        if not state_is_tuple:
            warn_of_concatenated(self)
        self.input_spec = InputSpec(ndim=2)
        self._num_units, self._forget_bias = num_units, forget_bias
        self._state_is_tuple = state_is_tuple
        self._activation = activation_named(activation) if activation else tanh

    @property
    def state_size(self):
        if not self._state_is_tuple:
            return 2 * self._num_units
        return LSTMStateTuple(self._num_units, self._num_units)

    output_size = property(lambda self: self._num_units)

    def build(self, inputs_shape):
        """Make kernel and bias. ValueError for inputs of unknown depth, or that are not float."""
        depth = input_depth(inputs_shape)
        check_type(self.dtype)
        columns = 4 * self._num_units
        self._kernel = self.add_variable("kernel", [depth + self._num_units, columns])
        self._bias = self.add_variable("bias", [columns], initializer=Zeros(dtype=self.dtype))
        self.built = True

    def call(self, inputs, state):
        check_types(inputs, state)
        one = constant(1, int32)
        c, h = state if self._state_is_tuple else split(state, 2, axis=one)
        i, j, f, o = split(self._gates(inputs, h), 4, axis=one)
        forget_bias = constant(self._forget_bias, f.dtype)
        new_c = add(multiply(c, sigmoid(add(f, forget_bias))),
                    multiply(sigmoid(i), self._activation(j)))  # fmt: skip
        new_h = multiply(self._activation(new_c), sigmoid(o))
        if self._state_is_tuple:
            return new_h, LSTMStateTuple(new_c, new_h)
        return new_h, concat([new_c, new_h], 1)

    def get_config(self):
        return super().get_config() | {
            "num_units": self._num_units, "forget_bias": self._forget_bias,
            "state_is_tuple": self._state_is_tuple,
            "activation": activation_config(self._activation), "reuse": self._reuse,
        }  # fmt: skip


class LSTMCell(_WithGates):
    """An LSTM with everything that can be added to one.

    `use_peepholes` lets the gates see c, by vectors of weights; `cell_clip` keeps c within
    [-cell_clip, cell_clip]; `num_proj` makes the output h a projection of that size, which
    `proj_clip` keeps within bounds. `initializer` is that of all weights but the bias. More than
    one of `num_unit_shards` or `num_proj_shards` raises NotImplementedError when the variables are
    made.
    """

    def __init__(
        self, num_units, use_peepholes=False, cell_clip=None, initializer=None, num_proj=None,
        proj_clip=None, num_unit_shards=None, num_proj_shards=None, forget_bias=1.0,
        state_is_tuple=True, activation=None, reuse=None, name=None, dtype=None, **kwargs,
    ):  # fmt: skip
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **kwargs)
        check_type(self.dtype)
        if not state_is_tuple:
            warn_of_concatenated(self)
        if num_unit_shards is not None or num_proj_shards is not None:
            logging.warn(f"{self}: The num_unit_shards and proj_unit_shards parameters are "
                         "deprecated and will be removed in Jan 2017.  "
                         "Use a variable scope with a partitioner instead.")  # fmt: skip
        self.input_spec = InputSpec(ndim=2)
        self._num_units, self._use_peepholes = num_units, use_peepholes
        self._cell_clip, self._initializer = cell_clip, initializer_named(initializer)
        self._num_proj, self._proj_clip = num_proj, proj_clip
        self._num_unit_shards, self._num_proj_shards = num_unit_shards, num_proj_shards
        self._forget_bias, self._state_is_tuple = forget_bias, state_is_tuple
        self._activation = activation_named(activation) if activation else tanh
        self._output_size = num_proj or num_units
        both = LSTMStateTuple(num_units, self._output_size)
        self._state_size = both if state_is_tuple else sum(both)

    state_size = property(lambda self: self._state_size)
    output_size = property(lambda self: self._output_size)

    def build(self, inputs_shape):
        """Make the variables. ValueError for inputs of unknown depth, or that are not float."""
        depth = input_depth(inputs_shape)
        check_type(self.dtype)
        columns = 4 * self._num_units
        projected = self._num_units if self._num_proj is None else self._num_proj
        self._kernel = self._weights("kernel", [depth + projected, columns],
                                     _parts(self._num_unit_shards))  # fmt: skip
        self._bias = self.add_variable("bias", [columns], initializer=Zeros(dtype=self.dtype))
        if self._use_peepholes:
            self._w_f_diag = self._weights("w_f_diag", [self._num_units])
            self._w_i_diag = self._weights("w_i_diag", [self._num_units])
            self._w_o_diag = self._weights("w_o_diag", [self._num_units])
        if self._num_proj is not None:
            self._proj_kernel = self._weights("projection/kernel",
                                              [self._num_units, self._num_proj],
                                              _parts(self._num_proj_shards))  # fmt: skip
        self.built = True

    def _weights(self, name, shape, partitioner=None):
        return self.add_variable(name, shape, initializer=self._initializer,
                                 partitioner=partitioner)  # fmt: skip

    def call(self, inputs, state):
        check_types(inputs, state)
        c_before, h_before = state if self._state_is_tuple else self._parts_of(state)
        if inputs.shape.with_rank(2)[1].value is None:
            raise ValueError("Could not infer input size from inputs.get_shape()[-1]")
        i, j, f, o = split(self._gates(inputs, h_before), 4, axis=1)
        c = self._remembered(i, j, f, c_before)
        h = self._projected(self._output(o, c))
        return h, LSTMStateTuple(c, h) if self._state_is_tuple else concat([c, h], 1)

    def _parts_of(self, state):
        return (slice_(state, [0, 0], [-1, self._num_units]),
                slice_(state, [0, self._num_units], [-1, self._output_size]))  # fmt: skip

    def _remembered(self, i, j, f, before):
        if self._use_peepholes:
            c = (sigmoid(f + self._forget_bias + self._w_f_diag * before) * before
                 + sigmoid(i + self._w_i_diag * before) * self._activation(j))  # fmt: skip
        else:
            c = sigmoid(f + self._forget_bias) * before + sigmoid(i) * self._activation(j)
        return c if self._cell_clip is None else _clipped(c, self._cell_clip)

    def _output(self, o, c):
        if self._use_peepholes:
            return sigmoid(o + self._w_o_diag * c) * self._activation(c)
        return sigmoid(o) * self._activation(c)

    def _projected(self, h):
        if self._num_proj is None:
            return h
        h = matmul(h, self._proj_kernel)
        return h if self._proj_clip is None else _clipped(h, self._proj_clip)

    def get_config(self):
        return super().get_config() | {
            "num_units": self._num_units, "use_peepholes": self._use_peepholes,
            "cell_clip": self._cell_clip, "initializer": initializer_config(self._initializer),
            "num_proj": self._num_proj, "proj_clip": self._proj_clip,
            "num_unit_shards": self._num_unit_shards, "num_proj_shards": self._num_proj_shards,
            "forget_bias": self._forget_bias, "state_is_tuple": self._state_is_tuple,
            "activation": activation_config(self._activation), "reuse": self._reuse,
        }  # fmt: skip


def _clipped(x, bound):
    return clip_by_value(x, -bound, bound)


def _parts(count):
    """The partitioner that `count` shards along the first axis ask for."""
    if count is None:
        return None

    def partitioner(shape, dtype):
        return [count] + [1] * (len(shape) - 1)

    return partitioner
