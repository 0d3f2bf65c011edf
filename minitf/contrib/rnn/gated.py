"""Cells with gates of other kinds than those of an LSTM or a GRU."""
from minitf.contrib.rnn.linear import Linear, sharded
from minitf.contrib.rnn.normal import normalized
from minitf.nn.activation import relu, sigmoid
from minitf.nn.bias import bias_add
from minitf.ops.array.joining import concat, split
from minitf.ops.array.slicing import slice_
from minitf.ops.linalg.products import matmul
from minitf.ops.math.clip import clip_by_value
from minitf.ops.math.elementwise import tanh
from minitf.ops.state.initializers import Zeros
from minitf.ops.state.variable_scope import get_variable, get_variable_scope, variable_scope
from minitf.rnn.cell import LayerRNNCell, RNNCell, input_depth
from minitf.rnn.lstm import LSTMStateTuple, warn_of_concatenated


def known_depth(inputs):
    """The number of columns. ValueError where it is unknown, or for what is no matrix."""
    depth = inputs.shape.with_rank(2)[1].value
    if depth is None:
        raise ValueError("Could not infer input size from inputs.get_shape()[-1]")
    return depth


class CoupledInputForgetGateLSTMCell(RNNCell):
    """An LSTM whose input gate is 1 - its forget gate, after Greff et al. 2015.

    `use_peepholes`, `num_proj` and `proj_clip` are those of LSTMCell; `layer_norm` normalizes the
    gates and the state, with gains and shifts that begin as given, in place of a bias.
    """

    def __init__(
        self, num_units, use_peepholes=False, initializer=None, num_proj=None, proj_clip=None,
        num_unit_shards=1, num_proj_shards=1, forget_bias=1.0, state_is_tuple=True, activation=tanh,
        reuse=None, layer_norm=False, norm_gain=1.0, norm_shift=0.0,
    ):  # fmt: skip
        super().__init__(_reuse=reuse)
        if not state_is_tuple:
            warn_of_concatenated(self)
        self._num_units, self._use_peepholes, self._initializer = (
            num_units, use_peepholes, initializer)
        self._num_proj, self._proj_clip = num_proj, proj_clip
        self._num_unit_shards, self._num_proj_shards = num_unit_shards, num_proj_shards
        self._forget_bias, self._state_is_tuple = forget_bias, state_is_tuple
        self._activation, self._layer_norm = activation, layer_norm
        self._norm_gain, self._norm_shift = norm_gain, norm_shift
        self._output_size = num_proj or num_units
        both = LSTMStateTuple(num_units, self._output_size)
        self._state_size = both if state_is_tuple else sum(both)

    state_size = property(lambda self: self._state_size)
    output_size = property(lambda self: self._output_size)

    def call(self, inputs, state):
        before, h = state if self._state_is_tuple else self._parts_of(state)
        j, f, o = self._gates(inputs, h)
        w_f, w_o = self._peepholes(inputs.dtype)
        f = f + self._forget_bias
        forget = sigmoid(f + w_f * before if self._use_peepholes else f)
        c = forget * before + (1 - forget) * self._activation(j)
        c = self._norm(c, "state")
        h = sigmoid(o + w_o * c if self._use_peepholes else o) * self._activation(c)
        h = self._projected(h, inputs.dtype)
        return h, LSTMStateTuple(c, h) if self._state_is_tuple else concat([c, h], 1)

    def _parts_of(self, state):
        return (slice_(state, [0, 0], [-1, self._num_units]),
                slice_(state, [0, self._num_units], [-1, self._output_size]))  # fmt: skip

    def _gates(self, inputs, h):
        dtype, columns = inputs.dtype, 3 * self._num_units
        rows = known_depth(inputs) + self._output_size
        weights = sharded("W", [rows, columns], dtype, self._num_unit_shards)
        bias = get_variable("B", [columns], dtype, Zeros())
        gates = matmul(concat([inputs, h], 1), weights)
        j, f, o = split(gates if self._layer_norm else bias_add(gates, bias), 3, axis=1)
        return self._norm(j, "transform"), self._norm(f, "forget"), self._norm(o, "output")

    def _norm(self, x, scope):
        if not self._layer_norm:
            return x
        return normalized(x, scope, self._norm_gain, self._norm_shift)

    def _peepholes(self, dtype):
        if not self._use_peepholes:
            return None, None
        return [get_variable(name, [self._num_units], dtype)
                for name in ("W_F_diag", "W_O_diag")]  # fmt: skip

    def _projected(self, h, dtype):
        if self._num_proj is None:
            return h
        sizes = [self._num_units, self._num_proj]
        h = matmul(h, sharded("W_P", sizes, dtype, self._num_proj_shards))
        clip = self._proj_clip
        return h if clip is None else clip_by_value(h, -clip, clip)


class UGRNNCell(RNNCell):
    """An update gate alone, after Collins et al. 2017: state = g * state + (1 - g) * candidate.

    g = sigmoid(first + forget_bias) and candidate = activation(second), the two halves of
    [inputs, state] * kernel + bias; the output is the state.
    """

    def __init__(
        self, num_units, initializer=None, forget_bias=1.0, activation=tanh, reuse=None
    ):
        super().__init__(_reuse=reuse)
        self._num_units, self._initializer = num_units, initializer
        self._forget_bias, self._activation, self._linear = forget_bias, activation, None

    state_size = output_size = property(lambda self: self._num_units)

    def call(self, inputs, state):
        known_depth(inputs)
        with variable_scope(get_variable_scope(), initializer=self._initializer):
            both = concat([inputs, state], 1)
            if self._linear is None:
                self._linear = Linear(both, 2 * self._num_units, True)
            gate, candidate = split(self._linear(both), 2, axis=1)
            c, g = self._activation(candidate), sigmoid(gate + self._forget_bias)
            state = g * state + (1.0 - g) * c
        return state, state


class IntersectionRNNCell(RNNCell):
    """Gates through time and through depth, after Collins et al. 2017.

    The output is gated with the inputs, which so have to be `num_units` wide: ValueError for
    others, unless `num_in_proj` says that they are to be projected.
    """

    def __init__(
        self,
        num_units,
        num_in_proj=None,
        initializer=None,
        forget_bias=1.0,
        y_activation=relu,
        reuse=None,
    ):
        super().__init__(_reuse=reuse)
        self._num_units, self._num_input_proj = num_units, num_in_proj
        self._initializer, self._forget_bias = initializer, forget_bias
        self._y_activation, self._linear1, self._linear2 = y_activation, None, None

    state_size = output_size = property(lambda self: self._num_units)

    def call(self, inputs, state):
        depth, n = known_depth(inputs), self._num_units
        with variable_scope(get_variable_scope(), initializer=self._initializer):
            inputs = inputs if depth == n else self._projected(inputs)
            both = concat([inputs, state], 1)
            if self._linear2 is None:
                self._linear2 = Linear(both, 4 * n, True)
            parts = self._linear2(both)
            gh, h, gy, y = (parts[:, i * n : (i + 1) * n] for i in range(4))
            h, y = tanh(h), self._y_activation(y)
            gh, gy = sigmoid(gh + self._forget_bias), sigmoid(gy + self._forget_bias)
            state = gh * state + (1.0 - gh) * h
            return gy * inputs + (1.0 - gy) * y, state

    def _projected(self, inputs):
        if not self._num_input_proj:
            raise ValueError("Must have input size == output size for Intersection RNN. To fix, "
                             "num_in_proj should be set to num_units at cell init.")  # fmt: skip
        with variable_scope("in_projection"):
            if self._linear1 is None:
                self._linear1 = Linear(inputs, self._num_units, True)
            return self._linear1(inputs)


class NASCell(LayerRNNCell):
    """The cell that a search found, after Zoph and Le 2016; its state is an LSTMStateTuple.

    `num_proj` makes the output a projection of that size; `use_bias` adds one.
    """

    def __init__(self, num_units, num_proj=None, use_bias=False, reuse=None, **kwargs):
        super().__init__(_reuse=reuse, **kwargs)
        self._num_units, self._num_proj, self._use_bias = num_units, num_proj, use_bias
        self._output_size = num_units if num_proj is None else num_proj

    state_size = property(lambda self: LSTMStateTuple(self._num_units, self._output_size))
    output_size = property(lambda self: self._output_size)

    def build(self, inputs_shape):
        """Make the variables. ValueError for inputs of unknown depth."""
        columns = 8 * self._num_units
        depth = input_depth(inputs_shape)
        self.recurrent_kernel = self.add_variable("recurrent_kernel", [self._output_size, columns])
        self.kernel = self.add_variable("kernel", [depth, columns])
        if self._use_bias:
            self.bias = self.add_variable("bias", [columns], initializer=Zeros)
        if self._num_proj is not None:
            sizes = [self._num_units, self._num_proj]
            self.projection_weights = self.add_variable("projection_weights", sizes)
        self.built = True

    def call(self, inputs, state):
        c, h = state
        by_state = matmul(h, self.recurrent_kernel)
        by_inputs = matmul(inputs, self.kernel)
        by_state = bias_add(by_state, self.bias) if self._use_bias else by_state
        m, i = split(by_state, 8, axis=1), split(by_inputs, 8, axis=1)
        first = (sigmoid, relu, sigmoid, relu, tanh, sigmoid, tanh, sigmoid)
        a = [f(x * y if k == 3 else x + y) for k, (f, x, y) in enumerate(zip(first, i, m))]
        b = [tanh(a[0] * a[1]), tanh(a[2] + a[3]), tanh(a[4] * a[5]), sigmoid(a[6] + a[7])]
        c = tanh(b[0] + c) * b[1]
        h = tanh(c * tanh(b[2] + b[3]))
        h = h if self._num_proj is None else matmul(h, self.projection_weights)
        return h, LSTMStateTuple(c, h)
