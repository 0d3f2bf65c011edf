"""Cells that compute what a layer of CudnnLSTM or CudnnGRU does, with the same weights."""
from minitf.contrib.rnn.block import LSTMBlockCell
from minitf.nn.activation import sigmoid
from minitf.nn.bias import bias_add
from minitf.ops.array.joining import concat, split
from minitf.ops.linalg.products import matmul
from minitf.ops.state.initializers import Constant, Zeros
from minitf.rnn.basic import GRUCell
from minitf.rnn.cell import input_depth


class CudnnCompatibleLSTMCell(LSTMBlockCell):
    """LSTMBlockCell without a forget bias: a checkpoint of CudnnLSTM has its variables."""

    def __init__(self, num_units, reuse=None):
        super().__init__(num_units, forget_bias=0, cell_clip=None, use_peephole=False, reuse=reuse,
                         name="cudnn_compatible_lstm_cell")  # fmt: skip


class CudnnCompatibleGRUCell(GRUCell):
    """A gated recurrent unit whose reset gate comes after the product with the state.

    The candidate is tanh(inputs * input_projection + r * (state * hidden_projection)), each
    projection with a bias of its own: a checkpoint of CudnnGRU has these variables.
    """

    def __init__(self, num_units, reuse=None, kernel_initializer=None):
        super().__init__(num_units, activation=None, reuse=reuse,
                         kernel_initializer=kernel_initializer)  # fmt: skip

    def build(self, inputs_shape):
        """Make the kernels and biases. ValueError for inputs of unknown depth."""
        depth, units = input_depth(inputs_shape), self._num_units
        ones = Constant(1.0, dtype=self.dtype)
        self._gate_kernel, self._gate_bias = self._weights("gates", depth + units, 2 * units, ones)
        names = ("candidate/input_projection", "candidate/hidden_projection")
        kernels = [
            self.add_variable(f"{name}/kernel", [rows, units], initializer=self._kernel_initializer)
            for name, rows in zip(names, (depth, units))
        ]
        bias = self._bias_initializer or Zeros(dtype=self.dtype)
        biases = [self.add_variable(f"{name}/bias", [units], initializer=bias) for name in names]
        self._input_projection, self._hidden_projection = zip(kernels, biases)
        self.built = True

    def call(self, inputs, state):
        gates = bias_add(matmul(concat([inputs, state], 1), self._gate_kernel), self._gate_bias)
        r, u = split(value=sigmoid(gates), num_or_size_splits=2, axis=1)
        candidate = _projected(inputs, *self._input_projection)
        candidate += r * _projected(state, *self._hidden_projection)
        output = (1 - u) * self._activation(candidate) + u * state
        return output, output


def _projected(x, kernel, bias):
    return bias_add(matmul(x, kernel), bias)
