"""LSTMs over time and frequency: TimeFreqLSTMCell, GridLSTMCell, BidirectionalGridLSTMCell."""
import collections
from itertools import product

from minitf.contrib.rnn.linear import sharded
from minitf.core.arguments import takes
from minitf.core.constant import constant
from minitf.core.dtypes import int32
from minitf.nn.activation import sigmoid
from minitf.nn.bias import bias_add
from minitf.ops.array.basics import shape, zeros
from minitf.ops.array.joining import concat, split
from minitf.ops.array.padding import pad
from minitf.ops.array.slicing import slice_
from minitf.ops.linalg.products import matmul
from minitf.ops.math.clip import clip_by_value
from minitf.ops.math.elementwise import tanh
from minitf.ops.state.initializers import Zeros
from minitf.ops.state.variable_scope import get_variable, variable_scope
from minitf.rnn.cell import RNNCell
from minitf.rnn.lstm import warn_of_concatenated


def _columns(features):
    size = features.shape.with_rank(2)[-1].value
    if size is None:
        raise ValueError("Cannot infer input_size from static shape inference.")
    return size


def _windows(features, start, count, skip, size):
    return [slice_(features, [0, start + i * skip], [-1, size]) for i in range(count)]


def _clipped(c, bound):
    return c if bound is None else clip_by_value(c, -bound, bound)


class TimeFreqLSTMCell(RNNCell):
    """An LSTM that also runs over windows of the features, after Li et al. 2015.

    Windows are `feature_size` wide and `frequency_skip` apart. The state is one matrix with c and
    h of each window side by side.
    """

    def __init__(
        self, num_units, use_peepholes=False, cell_clip=None, initializer=None, num_unit_shards=1,
        forget_bias=1.0, feature_size=None, frequency_skip=1, reuse=None,
    ):  # fmt: skip
        super().__init__(_reuse=reuse)
        self._num_units, self._use_peepholes, self._cell_clip = num_units, use_peepholes, cell_clip
        self._initializer, self._num_unit_shards = initializer, num_unit_shards
        self._forget_bias, self._feature_size = forget_bias, feature_size
        self._frequency_skip = frequency_skip

    state_size = property(lambda self: 2 * self._num_units)
    output_size = property(lambda self: self._num_units)

    def call(self, inputs, state):
        n, dtype = self._num_units, inputs.dtype
        count = (_columns(inputs) - self._feature_size) // self._frequency_skip + 1
        windows = _windows(inputs, 0, count, self._frequency_skip, self._feature_size)
        weights = sharded("W", [windows[0].shape[1].value + 2 * n, 4 * n], dtype,
                          self._num_unit_shards)  # fmt: skip
        bias = get_variable("B", [4 * n], dtype, Zeros())
        peepholes = self._peepholes(dtype)
        lower = zeros([inputs.shape[0].value or shape(inputs)[0], n], dtype)
        outputs, states = [], []
        for number, window in enumerate(windows):
            before = slice_(state, [0, 2 * number * n], [-1, n])
            h = slice_(state, [0, (2 * number + 1) * n], [-1, n])
            gates = bias_add(matmul(concat([window, h, lower], 1), weights), bias)
            c, lower = self._step(split(gates, 4, axis=1), before, peepholes)
            outputs.append(lower)
            states += [c, lower]
        return concat(outputs, 1) if len(outputs) > 1 else lower, concat(states, 1)

    def _peepholes(self, dtype):
        if not self._use_peepholes:
            return None
        return [get_variable(f"W_{gate}_diag", [self._num_units], dtype) for gate in "FIO"]

    def _step(self, gates, before, peepholes):
        i, j, f, o = gates
        f = f + self._forget_bias
        if peepholes:
            f, i = f + peepholes[0] * before, i + peepholes[1] * before
        c = _clipped(sigmoid(f) * before + sigmoid(i) * tanh(j), self._cell_clip)
        return c, sigmoid(o + peepholes[2] * c if peepholes else o) * tanh(c)


class GridLSTMCell(RNNCell):
    """LSTMs over time and over windows of the features that see each other, after Kalchbrenner et
    al. 2015 and Sainath and Li 2016.

    Windows are `feature_size` wide and `frequency_skip` apart, in blocks of
    `num_frequency_blocks` of them each, which begin and end at `start_freqindex_list` and
    `end_freqindex_list`, or are all there is. The state is a tuple with c and m of each window of
    each block, or without `state_is_tuple` one matrix. ValueError for blocks that do not fit.
    """

    def __init__(
        self, num_units, use_peepholes=False, share_time_frequency_weights=False, cell_clip=None,
        initializer=None, num_unit_shards=1, forget_bias=1.0, feature_size=None,
        frequency_skip=None, num_frequency_blocks=None, start_freqindex_list=None,
        end_freqindex_list=None, couple_input_forget_gates=False, state_is_tuple=True, reuse=None,
    ):  # fmt: skip
        super().__init__(_reuse=reuse)
        if not state_is_tuple:
            warn_of_concatenated(self)
        if num_frequency_blocks is None:
            raise ValueError("Must specify num_frequency_blocks")
        self._num_units, self._use_peepholes, self._cell_clip = num_units, use_peepholes, cell_clip
        self._share_time_frequency_weights = share_time_frequency_weights
        self._couple_input_forget_gates = couple_input_forget_gates
        self._state_is_tuple, self._initializer = state_is_tuple, initializer
        self._num_unit_shards, self._forget_bias = num_unit_shards, forget_bias
        self._feature_size, self._frequency_skip = feature_size, frequency_skip
        self._start_freqindex_list = start_freqindex_list
        self._end_freqindex_list = end_freqindex_list
        self._num_frequency_blocks = [int(count) for count in num_frequency_blocks]
        self._output_size = 2 * num_units * sum(self._num_frequency_blocks)
        self._state_tuple_type, self._state_size = None, self._output_size
        if state_is_tuple:
            self._name_states("GridLSTMStateTuple", "state")

    def _name_states(self, name, *prefixes):
        """The state as a named tuple of c and m of each window."""
        fields = [f"{prefix}_f{window:02d}_b{block:02d}_{part}" for prefix in prefixes
                  for block, count in enumerate(self._num_frequency_blocks)
                  for window, part in product(range(count), "cm")]  # fmt: skip
        self._state_tuple_type = collections.namedtuple(name, fields)
        self._state_size = self._state_tuple_type(*[self._num_units] * len(fields))

    state_size = property(lambda self: self._state_size)
    output_size = property(lambda self: self._output_size)
    state_tuple_type = property(lambda self: self._state_tuple_type, doc="The type of the state.")

    def call(self, inputs, state):
        blocks = self._make_tf_features(inputs)
        rows = inputs.shape[0].value or shape(inputs)[0]
        outputs, states = self._all_blocks(blocks, state, rows, "state")
        if self._state_is_tuple:
            return concat(outputs, 1), self._state_tuple_type(*states)
        state = concat(states, 1)
        return concat(outputs, 1), state

    def _all_blocks(self, blocks, state, rows, prefix):
        outputs, states = [], []
        for number, windows in enumerate(blocks):
            more = _Block(self, number, windows).run(windows, state, rows, prefix)
            outputs += more[0]
            states += more[1]
        return outputs, states

    def _make_tf_features(self, features, slice_offset=0):
        """The windows of each block; `slice_offset` moves them, over zeros where they end."""
        columns, start = _columns(features), max(slice_offset, 0)
        if slice_offset:
            around = [0, 0, max(-slice_offset, 0), start]
            features = pad(features, constant(around, int32, [2, 2]), "CONSTANT")
        return [_windows(features, start + first, count, self._frequency_skip, self._feature_size)
                for first, count in self._blocks(columns)]  # fmt: skip

    def _blocks(self, columns):
        """For each block its first column and the number of its windows."""
        counts = self._num_frequency_blocks
        starts, ends = self._start_freqindex_list, self._end_freqindex_list
        if not starts:
            if len(counts) != 1:
                raise ValueError("Length of num_frequency_blocks is not 1, but instead is "
                                 f"{len(counts)}")  # fmt: skip
            starts, ends = [0], [columns]
        if len(starts) != len(ends):
            raise ValueError("Length of start and end freqindex_list does not match "
                             f"{len(starts)} {len(ends)}")  # fmt: skip
        if len(counts) != len(starts):
            raise ValueError("Length of num_frequency_blocks is not equal to start_freqindex_list "
                             f"{len(counts)} {len(starts)}")  # fmt: skip
        for start, end, count in zip(starts, ends, counts):
            found = int((end - start - self._feature_size) / self._frequency_skip) + 1
            if found != count:
                raise ValueError(f"Invalid num_frequency_blocks, requires {count} but gets "
                                 f"{found}, please check the input size and filter config are "
                                 "correct.")  # fmt: skip
        return zip(starts, counts)


class _Block:
    """A block's variables, and its steps from window to window."""

    def __init__(self, cell, number, windows):
        self.cell, self.number, self.dtype = cell, number, windows[0].dtype
        self.gates = "ijo" if cell._couple_input_forget_gates else "ijfo"
        n, columns = cell._num_units, len(self.gates) * cell._num_units
        shared = cell._share_time_frequency_weights
        rows = windows[0].shape[1].value + 2 * n
        self.products = [self._product(axis, rows, columns) for axis in ("f" if shared else "ft")]
        self.diagonals = self._diagonals(["freq"] if shared else ["freq", "time"])

    def _product(self, axis, rows, columns):
        weights = sharded(f"W_{axis}_{self.number}", [rows, columns], self.dtype,
                          self.cell._num_unit_shards)  # fmt: skip
        return weights, get_variable(f"B_{axis}_{self.number}", [columns], self.dtype, Zeros())

    def _diagonals(self, axes):
        """{(axis, gate): the peepholes to c over frequency, and to c over time}."""
        if not self.cell._use_peepholes:
            return {}
        gates = "IO" if self.cell._couple_input_forget_gates else "FIO"
        return {
            (axis, gate.lower()): [
                get_variable(f"W_{gate}_diag_{axis}{to}_{self.number}", [self.cell._num_units],
                             self.dtype) for to in "ft"
            ] for axis in axes for gate in gates
        }  # fmt: skip

    def run(self, windows, state, rows, prefix):
        """([m over time, m over frequency of each window], [c, m over time of each window])."""
        n, outputs, states = self.cell._num_units, [], []
        m_freq = zeros([rows, n], self.dtype)
        c_freq = zeros([rows, n], self.dtype)
        for number, window in enumerate(windows):
            c_time, m_time = self._before(state, prefix, number)
            both = concat([window, m_time, m_freq], 1)
            gates = [self._split(both, *each) for each in self.products]
            freq, time = gates[0], gates[-1]
            c_next = self._remembered(freq, "freq", c_freq, c_freq, c_time)
            c_time = self._remembered(time, "time", c_time, c_freq, c_time)
            c_freq = c_next
            m_freq = self._output(freq, "freq", c_freq, c_freq, c_time)
            m_time = self._output(time, "time", c_time, c_freq, c_time)
            outputs += [m_time, m_freq]
            states += [c_time, m_time]
        return outputs, states

    def _before(self, state, prefix, number):
        if self.cell._state_is_tuple:
            name = f"{prefix}_f{number:02d}_b{self.number:02d}"
            return getattr(state, f"{name}_c"), getattr(state, f"{name}_m")
        n = self.cell._num_units
        return [slice_(state, [0, (2 * number + i) * n], [-1, n]) for i in range(2)]

    def _split(self, both, weights, bias):
        product = bias_add(matmul(both, weights), bias)
        return dict(zip(self.gates, split(product, len(self.gates), axis=1)))

    def _seen(self, gate, axis, value, c_freq, c_time):
        """The gate with its peepholes."""
        if not self.diagonals:
            return value
        weights = self.diagonals.get((axis, gate)) or self.diagonals["freq", gate]
        return value + weights[0] * c_freq + weights[1] * c_time

    def _remembered(self, gates, axis, before, c_freq, c_time):
        i = sigmoid(self._seen("i", axis, gates["i"], c_freq, c_time))
        if "f" in gates:
            f = gates["f"] + self.cell._forget_bias
            f = sigmoid(self._seen("f", axis, f, c_freq, c_time))
        else:
            f = 1.0 - i
        return _clipped(f * before + i * tanh(gates["j"]), self.cell._cell_clip)

    def _output(self, gates, axis, c, c_freq, c_time):
        return sigmoid(self._seen("o", axis, gates["o"], c_freq, c_time)) * tanh(c)


class BidirectionalGridLSTMCell(GridLSTMCell):
    """Two GridLSTMCells, one of which reads the windows of each block from the last.

    `backward_slice_offset` moves the windows of that one. The state is a tuple of both.
    """

    @takes(
        GridLSTMCell, without=["state_is_tuple"], before={"reuse": {"backward_slice_offset": 0}}
    )
    def __init__(self, backward_slice_offset, **kwargs):
        super().__init__(**kwargs)
        self._backward_slice_offset = int(backward_slice_offset)
        self._name_states("BidirectionalGridLSTMStateTuple", "fwd_state", "bwd_state")
        self._output_size *= 2

    def call(self, inputs, state):
        rows = inputs.shape[0].value or shape(inputs)[0]
        forward = backward = self._make_tf_features(inputs)
        if self._backward_slice_offset:
            backward = self._make_tf_features(inputs, self._backward_slice_offset)
        with variable_scope("fwd"):
            outputs, states = self._all_blocks(forward, state, rows, "fwd_state")
        with variable_scope("bwd"):
            reverse = [windows[::-1] for windows in backward]
            more = self._all_blocks(reverse, state, rows, "bwd_state")
        return concat(outputs + more[0], 1), self._state_tuple_type(*states, *more[1])
