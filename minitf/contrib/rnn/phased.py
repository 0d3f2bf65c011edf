"""PhasedLSTMCell: an LSTM that is open at some times only, after Neil et al. 2016."""
from minitf.contrib.rnn.linear import Linear
from minitf.core.dtypes import float32
from minitf.nn.activation import sigmoid
from minitf.ops.array.basics import stop_gradient
from minitf.ops.array.joining import split
from minitf.ops.array.masks import where
from minitf.ops.math.elementwise import cast, exp, log, tanh
from minitf.ops.math.elementwise import floor_mod as mod
from minitf.ops.random.draws import random_uniform
from minitf.ops.state.initializers import Constant, RandomUniform
from minitf.ops.state.variable_scope import get_variable, variable_scope
from minitf.rnn.cell import RNNCell
from minitf.rnn.lstm import LSTMStateTuple


class PhasedLSTMCell(RNNCell):
    """An LSTM each of whose units is open for a part of its period.

    Inputs are (time [batch, 1], x [batch, ...]). A unit is open for `ratio_on` of its period and
    leaks, by `leak`, for the rest; periods begin between `period_init_min` and `period_init_max`.
    """

    def __init__(
        self, num_units, use_peepholes=False, leak=0.001, ratio_on=0.1, trainable_ratio_on=True,
        period_init_min=1.0, period_init_max=1000.0, reuse=None,
    ):  # fmt: skip
        super().__init__(_reuse=reuse)
        self._num_units, self._use_peepholes, self._leak = num_units, use_peepholes, leak
        self._ratio_on, self._trainable_ratio_on = ratio_on, trainable_ratio_on
        self._period_init_min, self._period_init_max = period_init_min, period_init_max
        self._linears = {}

    state_size = property(lambda self: LSTMStateTuple(self._num_units, self._num_units))
    output_size = property(lambda self: self._num_units)

    def call(self, inputs, state):
        (c_before, h_before), (time, x) = state, inputs
        seen = [x, h_before]
        with_c = [*seen, c_before] if self._use_peepholes else seen
        with variable_scope("mask_gates"):
            gates = sigmoid(self._linear("gates", with_c, 2 * self._num_units))
            i, f = split(gates, 2, axis=1)
        with variable_scope("new_input"):
            new = tanh(self._linear("input", seen, self._num_units))
        c = c_before * f + i * new
        with_c = [*seen, c] if self._use_peepholes else seen
        with variable_scope("output_gate"):
            o = sigmoid(self._linear("output", with_c, self._num_units))
        h = tanh(c) * o
        k = self._openness(time)
        c, h = k * c + (1 - k) * c_before, k * h + (1 - k) * h_before
        return h, LSTMStateTuple(c, h)

    def _linear(self, name, args, size):
        if name not in self._linears:
            self._linears[name] = Linear(args, size, True)
        return self._linears[name](args)

    def _openness(self, time):
        size = [self._num_units]
        start = _random_exp_initializer(self._period_init_min, self._period_init_max)
        period = get_variable("period", size, initializer=start)
        phase = get_variable("phase", size, initializer=RandomUniform(0.0, period.initial_value))
        ratio_on = get_variable("ratio_on", size, initializer=Constant(self._ratio_on),
                                trainable=self._trainable_ratio_on)  # fmt: skip
        ratio = _cycle_ratio(time, phase, period)
        rising = 2 * ratio / ratio_on
        k = where(ratio < ratio_on, 2 - rising, self._leak * ratio)
        return where(ratio < 0.5 * ratio_on, rising, k)


def _cycle_ratio(time, phase, period):
    """How far in its period each unit is, in [0, 1)."""
    phase, period = cast(phase, time.dtype), cast(period, time.dtype)
    shifted = time - phase
    # The remainder, with the slope of what is divided.
    within = stop_gradient(mod(shifted, period) - shifted) + shifted
    return cast(within / period, float32)


def _random_exp_initializer(minval, maxval, seed=None):
    def initializer(shape, dtype=float32, partition_info=None):
        return exp(random_uniform(shape, log(minval), log(maxval), dtype, seed=seed))

    return initializer
