"""Cells whose units see of the state only themselves, or only their group."""
from minitf.contrib.rnn.linear import Linear
from minitf.core.arguments import inherited_init, takes
from minitf.core.constant import constant
from minitf.core.dtypes import int32
from minitf.layers.base import InputSpec
from minitf.nn.activation import sigmoid
from minitf.nn.bias import bias_add
from minitf.ops.array.basics import shape
from minitf.ops.array.joining import concat, split
from minitf.ops.array.padding import tile
from minitf.ops.array.slicing import slice_
from minitf.ops.linalg.products import matmul
from minitf.ops.math.elementwise import add_op as add
from minitf.ops.math.elementwise import mul as multiply
from minitf.ops.math.elementwise import tanh
from minitf.ops.state.initializers import Constant, RandomUniform, Zeros
from minitf.ops.state.variable_scope import get_variable, get_variable_scope, variable_scope
from minitf.rnn.cell import LayerRNNCell, RNNCell, input_depth
from minitf.rnn.lstm import LSTMStateTuple


class SRUCell(LayerRNNCell):
    """The simple recurrent unit of Lei and Zhang 2017: all its products are of inputs alone."""

    def __init__(self, num_units, activation=None, reuse=None, name=None, **kwargs):
        super().__init__(_reuse=reuse, name=name, **kwargs)
        self._num_units, self._activation = num_units, activation or tanh
        self.input_spec = InputSpec(ndim=2)

    state_size = output_size = property(lambda self: self._num_units)

    def build(self, inputs_shape):
        """Make kernel and bias. ValueError for inputs of unknown depth."""
        depth, size = input_depth(inputs_shape), self._num_units
        self._kernel = self.add_variable("kernel", [depth, 4 * size])
        self._bias = self.add_variable("bias", [2 * size], initializer=Zeros)
        self.built = True

    def call(self, inputs, state):
        x, f, r, kept = split(matmul(inputs, self._kernel), 4, axis=1)
        f, r = split(sigmoid(bias_add(concat([f, r], 1), self._bias)), 2, axis=1)
        c = f * state + (1.0 - f) * x
        return r * self._activation(c) + (1.0 - r) * kept, c


class _Independent(LayerRNNCell):
    """What the cells have in common that weigh the state unit by unit."""

    def __init__(
        self, num_units, activation=None, reuse=None, kernel_initializer=None,
        bias_initializer=None, name=None, dtype=None,
    ):  # fmt: skip
        super().__init__(_reuse=reuse, name=name, dtype=dtype)
        self.input_spec = InputSpec(ndim=2)
        self._num_units, self._activation = num_units, activation or tanh
        self._kernel_initializer = kernel_initializer
        self._bias_initializer = bias_initializer

    state_size = output_size = property(lambda self: self._num_units)

    def _inner(self, name, depth, columns):
        return self.add_variable(name, [depth, columns], initializer=self._kernel_initializer)

    def _unit(self, name, columns):
        start = RandomUniform(-1, 1, dtype=self.dtype)
        return self.add_variable(name, [1, columns], initializer=start)

    def _shift(self, name, columns, default):
        start = default if self._bias_initializer is None else self._bias_initializer
        return self.add_variable(name, [columns], initializer=start)


@inherited_init(without=["kernel_initializer", "bias_initializer"])
class IndRNNCell(_Independent):
    """activation(inputs * kernel_w + state * kernel_u + bias), after Li et al. 2018."""

    def build(self, inputs_shape):
        """Make the variables. ValueError for inputs of unknown depth."""
        self._kernel_w = self._inner("kernel_w", input_depth(inputs_shape), self._num_units)
        self._kernel_u = self._unit("kernel_u", self._num_units)
        self._bias = self._shift("bias", self._num_units, Zeros(dtype=self.dtype))
        self.built = True

    def call(self, inputs, state):
        weighted = matmul(inputs, self._kernel_w) + (state * self._kernel_u)
        output = self._activation(bias_add(weighted, self._bias))
        return output, output


class IndyGRUCell(_Independent):
    """GRUCell with weights of the state for each unit alone."""

    def build(self, inputs_shape):
        """Make the variables. ValueError for inputs of unknown depth."""
        depth, size = input_depth(inputs_shape), self._num_units
        self._gate_kernel_w = self._inner("gates/kernel_w", depth, 2 * size)
        self._gate_kernel_u = self._unit("gates/kernel_u", 2 * size)
        self._gate_bias = self._shift("gates/bias", 2 * size, Constant(1.0, dtype=self.dtype))
        self._candidate_kernel_w = self._inner("candidate/kernel", depth, size)
        self._candidate_kernel_u = self._unit("candidate/kernel_u", size)
        self._candidate_bias = self._shift("candidate/bias", size, Zeros(dtype=self.dtype))
        self.built = True

    def call(self, inputs, state):
        gates = matmul(inputs, self._gate_kernel_w) + (tile(state, [1, 2]) * self._gate_kernel_u)
        r, u = split(sigmoid(bias_add(gates, self._gate_bias)), 2, axis=1)
        kept = r * state
        candidate = matmul(inputs, self._candidate_kernel_w) + (kept * self._candidate_kernel_u)
        c = self._activation(bias_add(candidate, self._candidate_bias))
        output = u * state + (1 - u) * c
        return output, output


class IndyLSTMCell(_Independent):
    """BasicLSTMCell with weights of the state for each unit alone, after Gonnet and Deselaers 2019.
    """

    @takes(_Independent, before={"activation": {"forget_bias": 1.0}})
    def __init__(self, forget_bias, **kwargs):
        super().__init__(**kwargs)
        self._forget_bias = forget_bias

    state_size = property(lambda self: LSTMStateTuple(self._num_units, self._num_units))

    def build(self, inputs_shape):
        """Make the variables. ValueError for inputs of unknown depth."""
        columns = 4 * self._num_units
        self._kernel_w = self._inner("kernel_w", input_depth(inputs_shape), columns)
        self._kernel_u = self._unit("kernel_u", columns)
        self._bias = self._shift("bias", columns, Zeros(dtype=self.dtype))
        self.built = True

    def call(self, inputs, state):
        one, (c, h) = constant(1, int32), state
        gates = matmul(inputs, self._kernel_w)
        gates += tile(h, [1, 4]) * self._kernel_u
        i, j, f, o = split(bias_add(gates, self._bias), 4, axis=one)
        forget_bias = constant(self._forget_bias, f.dtype)
        c = add(multiply(c, sigmoid(add(f, forget_bias))),
                multiply(sigmoid(i), self._activation(j)))  # fmt: skip
        h = multiply(self._activation(c), sigmoid(o))
        return h, LSTMStateTuple(c, h)


class GLSTMCell(RNNCell):
    """An LSTM whose units are in groups that see only themselves, after Kuchaiev et al. 2017.

    ValueError when sizes are not divisible by `number_of_groups`.
    """

    def __init__(
        self, num_units, initializer=None, num_proj=None, number_of_groups=1, forget_bias=1.0,
        activation=tanh, reuse=None,
    ):  # fmt: skip
        super().__init__(_reuse=reuse)
        self._num_units, self._num_proj, self._groups = num_units, num_proj, number_of_groups
        self._initializer, self._forget_bias = initializer, forget_bias
        self._activation, self._output_size = activation, num_proj or num_units
        if num_units % number_of_groups:
            raise ValueError("num_units must be divisible by number_of_groups")
        if self._output_size % number_of_groups:
            raise ValueError("num_proj must be divisible by number_of_groups")
        self._linear1, self._linear2 = [None] * number_of_groups, None

    state_size = property(lambda self: LSTMStateTuple(self._num_units, self._output_size))
    output_size = property(lambda self: self._output_size)

    def call(self, inputs, state):
        c_before, h_before = state
        depth = inputs.shape[1].value
        if depth is None:
            raise ValueError("input size must be statically known")
        if depth % self._groups:
            raise ValueError(f"input size ({depth}) must be divisible by number_of_groups "
                             f"({self._groups})")  # fmt: skip
        rows = inputs.shape[0].value or shape(inputs)[0]
        with variable_scope(get_variable_scope(), initializer=self._initializer):
            parts = [self._of_group(number, rows, inputs, h_before)
                     for number in range(self._groups)]  # fmt: skip
            i, j, f, o = self._shifted(zip(*parts), inputs.dtype)
        c = sigmoid(f + self._forget_bias) * c_before + sigmoid(i) * tanh(j)
        h = sigmoid(o) * self._activation(c)
        if self._num_proj is not None:
            with variable_scope("projection"):
                if self._linear2 is None:
                    self._linear2 = Linear(h, self._num_proj, False)
                h = self._linear2(h)
        return h, LSTMStateTuple(c, h)

    def _of_group(self, number, rows, inputs, h):
        """The group's part of i, j, f, o."""
        sizes = inputs.shape[1].value // self._groups, self._output_size // self._groups
        with variable_scope(f"group{number}"):
            both = concat([slice_(each, [0, number * size], [rows, size],
                                  name=f"GLSTM_group{number}_input_generation")
                           for each, size in zip((inputs, h), sizes)], axis=1)  # fmt: skip
            if self._linear1[number] is None:
                columns = 4 * (self._num_units // self._groups)
                self._linear1[number] = Linear(both, columns, False)
            return split(self._linear1[number](both), 4, 1)

    def _shifted(self, gates, dtype):
        biases = [get_variable(f"bias_{gate}", [self._num_units], dtype,
                               Constant(0.0, dtype=dtype)) for gate in "ijfo"]  # fmt: skip
        return [bias_add(concat(list(parts), axis=1), bias)
                for parts, bias in zip(gates, biases)]  # fmt: skip
