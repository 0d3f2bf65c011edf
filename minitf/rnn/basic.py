"""The cells whose state is one matrix: BasicRNNCell and GRUCell."""
from minitf.layers.base import InputSpec
from minitf.layers.named import activation_named, initializer_named
from minitf.nn.activation import sigmoid
from minitf.nn.bias import bias_add
from minitf.ops.array.joining import concat, split
from minitf.ops.linalg.products import matmul
from minitf.ops.math.elementwise import tanh
from minitf.ops.state.initializers import Constant, Zeros
from minitf.rnn.cell import LayerRNNCell, check_type, check_types, input_depth
from minitf.rnn.config import activation_config, initializer_config


class BasicRNNCell(LayerRNNCell):
    """output = next state = activation([inputs, state] * kernel + bias).

    `inputs` are [batch, inputs], the state [batch, num_units]; the activation is tanh unless said.
    """

    def __init__(self, num_units, activation=None, reuse=None, name=None, dtype=None, **kwargs):
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **kwargs)
        check_type(self.dtype)
        self.input_spec = InputSpec(ndim=2)
        self._num_units = num_units
        self._activation = activation_named(activation) if activation else tanh

    state_size = output_size = property(lambda self: self._num_units)

    def build(self, inputs_shape):
        """Make kernel and bias. ValueError for inputs of unknown depth, or that are not float."""
        depth = input_depth(inputs_shape)
        check_type(self.dtype)
        self._kernel = self.add_variable("kernel", [depth + self._num_units, self._num_units])
        self._bias = self.add_variable("bias", [self._num_units],
                                       initializer=Zeros(dtype=self.dtype))  # fmt: skip
        self.built = True

    def call(self, inputs, state):
        check_types(inputs, state)
        weighted = bias_add(matmul(concat([inputs, state], 1), self._kernel), self._bias)
        output = self._activation(weighted)
        return output, output

    def get_config(self):
        return super().get_config() | {
            "num_units": self._num_units, "activation": activation_config(self._activation),
            "reuse": self._reuse,
        }  # fmt: skip


class GRUCell(LayerRNNCell):
    """A gated recurrent unit: output = next state = u * state + (1 - u) * candidate.

    The gates r and u are sigmoid([inputs, state] * gates/kernel + gates/bias), the candidate is
    activation([inputs, r * state] * candidate/kernel + candidate/bias). Unless said, the activation
    is tanh and the gates' bias begins with 1.
    """

    def __init__(
        self, num_units, activation=None, reuse=None, kernel_initializer=None,
        bias_initializer=None, name=None, dtype=None, **kwargs,
    ):  # fmt: skip
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **kwargs)
        check_type(self.dtype)
        self.input_spec = InputSpec(ndim=2)
        self._num_units = num_units
        self._activation = activation_named(activation) if activation else tanh
        self._kernel_initializer = initializer_named(kernel_initializer)
        self._bias_initializer = initializer_named(bias_initializer)

    state_size = output_size = property(lambda self: self._num_units)

    def build(self, inputs_shape):
        """Make the kernels and biases.

        ValueError for inputs of unknown depth, or that are not float.
        """
        depth = input_depth(inputs_shape)
        check_type(self.dtype)
        rows, ones = depth + self._num_units, Constant(1.0)
        self._gate_kernel, self._gate_bias = self._weights(
            "gates", rows, 2 * self._num_units, ones)
        self._candidate_kernel, self._candidate_bias = self._weights(
            "candidate", rows, self._num_units, Zeros())
        self.built = True

    def _weights(self, part, rows, columns, bias):
        bias = bias if self._bias_initializer is None else self._bias_initializer
        return (
            self.add_variable(f"{part}/kernel", [rows, columns],
                              initializer=self._kernel_initializer),
            self.add_variable(f"{part}/bias", [columns], initializer=bias),
        )  # fmt: skip

    def call(self, inputs, state):
        check_types(inputs, state)
        gates = bias_add(matmul(concat([inputs, state], 1), self._gate_kernel), self._gate_bias)
        r, u = split(value=sigmoid(gates), num_or_size_splits=2, axis=1)
        kept = r * state
        candidate = bias_add(matmul(concat([inputs, kept], 1), self._candidate_kernel),
                             self._candidate_bias)  # fmt: skip
        output = u * state + (1 - u) * self._activation(candidate)
        return output, output

    def get_config(self):
        return super().get_config() | {
            "num_units": self._num_units, "activation": activation_config(self._activation),
            "kernel_initializer": initializer_config(self._kernel_initializer),
            "bias_initializer": initializer_config(self._bias_initializer), "reuse": self._reuse,
        }  # fmt: skip
