"""LayerNormBasicLSTMCell: an LSTM with normalized gates and recurrent dropout."""
from minitf import logging
from minitf.contrib.layers.normalization import layer_norm as normalize
from minitf.core.dtypes import float32
from minitf.nn.activation import sigmoid
from minitf.nn.bias import bias_add
from minitf.nn.dropout import dropout
from minitf.ops.array.joining import concat, split
from minitf.ops.linalg.products import matmul
from minitf.ops.math.elementwise import tanh
from minitf.ops.state.initializers import Constant
from minitf.ops.state.variable_scope import get_variable, variable_scope
from minitf.rnn.cell import RNNCell
from minitf.rnn.lstm import LSTMStateTuple


def normalized(x, scope, gain, shift, dtype=float32):
    """`x` by `tf.contrib.layers.layer_norm` whose gamma begins as `gain` and beta as `shift`."""
    size = x.shape[-1:]
    with variable_scope(scope):
        get_variable("gamma", size, dtype, Constant(gain))
        get_variable("beta", size, dtype, Constant(shift))
    return normalize(x, reuse=True, scope=scope)


class LayerNormBasicLSTMCell(RNNCell):
    """BasicLSTMCell with each gate, and c, normalized over the units of each row.

    Unless `layer_norm` is False there is no bias. Dropout with `dropout_keep_prob` is of the
    candidate alone, after Semeniuta et al. 2016.
    """

    def __init__(
        self, num_units, forget_bias=1.0, input_size=None, activation=tanh, layer_norm=True,
        norm_gain=1.0, norm_shift=0.0, dropout_keep_prob=1.0, dropout_prob_seed=None, reuse=None,
    ):  # fmt: skip
        super().__init__(_reuse=reuse)
        if input_size is not None:
            logging.warn(f"{self}: The input_size parameter is deprecated.")
        self._num_units, self._activation, self._forget_bias = num_units, activation, forget_bias
        self._keep_prob, self._seed = dropout_keep_prob, dropout_prob_seed
        self._layer_norm, self._norm_gain, self._norm_shift = layer_norm, norm_gain, norm_shift

    state_size = property(lambda self: LSTMStateTuple(self._num_units, self._num_units))
    output_size = property(lambda self: self._num_units)

    def call(self, inputs, state):
        c, h = state
        both = concat([inputs, h], 1)
        i, j, f, o = split(self._linear(both), 4, axis=1)
        i, j = self._norm(i, "input"), self._norm(j, "transform")
        f, o = self._norm(f, "forget"), self._norm(o, "output")
        g = self._activation(j)
        if not isinstance(self._keep_prob, float) or self._keep_prob < 1:
            g = dropout(g, self._keep_prob, seed=self._seed)
        c = c * sigmoid(f + self._forget_bias) + sigmoid(i) * g
        c = self._norm(c, "state")
        h = self._activation(c) * sigmoid(o)
        return h, LSTMStateTuple(c, h)

    def _linear(self, both):
        columns, dtype = 4 * self._num_units, both.dtype
        product = matmul(both, get_variable("kernel", [both.shape[-1], columns], dtype))
        if self._layer_norm:
            return product
        return bias_add(product, get_variable("bias", [columns], dtype))

    def _norm(self, x, scope):
        if not self._layer_norm:
            return x
        return normalized(x, scope, self._norm_gain, self._norm_shift, x.dtype)
