"""Cells whose step, or all of whose steps, are one op."""
import abc

from minitf import logging
from minitf.core.arguments import takes
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int64
from minitf.layers.base import InputSpec, Layer
from minitf.nn.gru_block import gru_block_cell
from minitf.nn.lstm_block import block_lstm, lstm_block_cell
from minitf.ops.array.basics import shape, zeros
from minitf.ops.array.indexing import gather_nd
from minitf.ops.array.joining import concat, stack, unstack
from minitf.ops.array.masks import sequence_mask
from minitf.ops.array.padding import tile
from minitf.ops.array.sequences import range as range_
from minitf.ops.math.elementwise import cast
from minitf.ops.reduction.axes import expand_dims, transpose
from minitf.ops.reduction.reduce import reduce_max
from minitf.ops.state.initializers import Constant
from minitf.rnn.cell import LayerRNNCell
from minitf.rnn.lstm import LSTMStateTuple


def _set_size(shape_, axis, what):
    size = shape_[axis]
    size = getattr(size, "value", size)
    if not size:
        raise ValueError(f"Expecting {what} to be set: {shape_}")
    return size


class GRUBlockCell(LayerRNNCell):
    """A gated recurrent unit as one op: like GRUCell, in variables w_ru, b_ru, w_c, b_c.

    `cell_size` is the older name of `num_units`. ValueError unless one of them is given.
    """

    NAMES = ("w_ru", "b_ru", "w_c", "b_c")

    def __init__(self, num_units=None, cell_size=None, reuse=None, name="gru_cell"):
        super().__init__(_reuse=reuse, name=name)
        if (cell_size is None) == (num_units is None):
            raise ValueError("Exactly one of num_units or cell_size must be provided.")
        if num_units is None:
            logging.warn("GRUBlockCell: cell_size is deprecated, use num_units instead")
        self._cell_size = cell_size if num_units is None else num_units
        self.input_spec = InputSpec(ndim=2)

    state_size = output_size = property(lambda self: self._cell_size)

    def build(self, input_shape):
        """Make the variables. ValueError for inputs of unknown depth."""
        size = self._cell_size
        rows = _set_size(input_shape, 1, "input_size") + size
        w_ru, b_ru, w_c, b_c = self.NAMES
        self._gate_kernel = self.add_variable(w_ru, [rows, 2 * size])
        self._gate_bias = self.add_variable(b_ru, [2 * size], initializer=Constant(1.0))
        self._candidate_kernel = self.add_variable(w_c, [rows, size])
        self._candidate_bias = self.add_variable(b_c, [size], initializer=Constant(0.0))
        self.built = True

    def call(self, inputs, h_prev):
        size = h_prev.shape.with_rank(2)[1]
        if size != self._cell_size:
            raise ValueError("Shape of h_prev[1] incorrect: cell_size "
                             f"{self._cell_size} vs {size}")  # fmt: skip
        h = gru_block_cell(inputs, h_prev, self._gate_kernel, self._candidate_kernel,
                           self._gate_bias, self._candidate_bias)[3]  # fmt: skip
        return h, h


class GRUBlockCellV2(GRUBlockCell):
    """GRUBlockCell with the variables of GRUCell."""

    NAMES = ("gates/kernel", "gates/bias", "candidate/kernel", "candidate/bias")


class _BlockLSTM:
    """What the LSTMs below share: arguments and variables, for inputs with `rank` axes."""

    rank: int

    def __init__(
        self, num_units, forget_bias=1.0, cell_clip=None, use_peephole=False, dtype=None,
        reuse=None, name="lstm_cell",
    ):  # fmt: skip
        super().__init__(_reuse=reuse, dtype=dtype, name=name)
        self._num_units, self._forget_bias = num_units, forget_bias
        self._use_peephole = use_peephole
        self._cell_clip = -1 if cell_clip is None else cell_clip
        self.input_spec = InputSpec(ndim=self.rank)

    def _make(self, input_size):
        size = self._num_units
        self._kernel = self.add_variable("kernel", [input_size + size, 4 * size])
        self._bias = self.add_variable("bias", [4 * size], initializer=Constant(0.0))
        if self._use_peephole:
            self._diagonals = [self.add_variable(name, [size])
                               for name in ("w_i_diag", "w_f_diag", "w_o_diag")]  # fmt: skip
        self.built = True

    def _peepholes(self, dtype):
        if self._use_peephole:
            return self._diagonals
        return [zeros([self._num_units], dtype=dtype)] * 3


class LSTMBlockCell(_BlockLSTM, LayerRNNCell):
    """An LSTM as one op: like LSTMCell, with `use_peephole` and `cell_clip`."""

    rank = 2

    state_size = property(lambda self: LSTMStateTuple(self._num_units, self._num_units))
    output_size = property(lambda self: self._num_units)

    def build(self, inputs_shape):
        """Make the variables. ValueError for inputs of unknown depth."""
        self._make(_set_size(inputs_shape, 1, "inputs_shape[1]"))

    def call(self, inputs, state):
        if len(state) != 2:
            raise ValueError("Expecting state to be a tuple with length 2.")
        c_prev, h_prev = state
        peepholes = self._peepholes(self.dtype)
        _, c, *_, h = lstm_block_cell(
            inputs, c_prev, h_prev, self._kernel, *peepholes, self._bias,
            forget_bias=self._forget_bias, cell_clip=self._cell_clip,
            use_peephole=self._use_peephole,
        )  # fmt: skip
        return h, LSTMStateTuple(c, h)


class LSTMBlockWrapper(Layer, abc.ABC):
    """The base of LSTMs that run over whole sequences: `outputs, state = layer(inputs, ...)`."""

    @property
    @abc.abstractmethod
    def num_units(self):
        """The size of the state."""

    @abc.abstractmethod
    def _call_cell(self, inputs, initial_cell_state, initial_output, dtype, sequence_length):
        """(cell states, outputs) of all steps."""

    def call(self, inputs, initial_state=None, dtype=None, sequence_length=None):
        """(outputs, the last LSTMStateTuple) for `inputs` [time, batch, ...] or a list.

        Outputs are zero behind `sequence_length` [batch], and the state is that of the end.
        ValueError without a state or dtype.
        """
        is_list = isinstance(inputs, list)
        inputs = stack(inputs) if is_list else inputs
        sizes = inputs.shape.with_rank(3)
        _set_size(sizes, 2, "inputs_shape[2]")
        batch_size = shape(inputs)[1] if sizes[1].value is None else sizes[1].value
        steps = shape(inputs)[0] if sizes[0].value is None else sizes[0].value
        state, dtype = self._initial(initial_state, dtype, batch_size)
        if sequence_length is not None:
            sequence_length = convert_to_tensor(sequence_length)
        cells, outputs = self._call_cell(inputs, *state, dtype, sequence_length)
        if sequence_length is None:
            last = cells[-1], outputs[-1]
        else:
            outputs *= self._mask(sequence_length, steps, dtype)
            last = [_at_the_end(first, rest, sequence_length, batch_size)
                    for first, rest in zip(state, (cells, outputs))]  # fmt: skip
        return (unstack(outputs) if is_list else outputs), LSTMStateTuple(*last)

    def _initial(self, initial_state, dtype, batch_size):
        if initial_state is None:
            if dtype is None:
                raise ValueError("Either initial_state or dtype needs to be specified")
            return (zeros(stack([batch_size, self.num_units]), dtype=dtype),) * 2, dtype
        if len(initial_state) != 2:
            raise ValueError("Expecting initial_state to be a tuple with length 2 or None")
        return initial_state, initial_state[0].dtype if dtype is None else dtype

    def _mask(self, lengths, steps, dtype):
        inside = transpose(sequence_mask(lengths, steps, dtype=dtype), [1, 0])
        return tile(expand_dims(inside, -1), [1, 1, self.num_units])


def _at_the_end(first, rest, lengths, batch_size):
    """For each row what it is after its length."""
    every = concat([expand_dims(first, 0), rest], 0)
    return gather_nd(every, stack([lengths, range_(batch_size)], axis=1))


class LSTMBlockFusedCell(_BlockLSTM, LSTMBlockWrapper):
    """An LSTM all of whose steps are one op."""

    rank = 3

    @takes(_BlockLSTM, without=["dtype"], before={"name": {"dtype": None}}, name="lstm_fused_cell")
    def __init__(self, **kwargs):
        super().__init__(**kwargs)

    num_units = property(lambda self: self._num_units)

    def build(self, input_shape):
        """Make the variables."""
        self._make(_set_size(input_shape, 2, "input_shape[2]"))

    def _call_cell(self, inputs, initial_cell_state=None, initial_output=None, dtype=None,
                   sequence_length=None):  # fmt: skip
        steps = inputs.shape.with_rank(3)[0].value
        steps = shape(inputs)[0] if steps is None else steps
        peepholes = self._peepholes(dtype)
        longest = steps if sequence_length is None else reduce_max(sequence_length)
        _, cells, *_, outputs = block_lstm(
            cast(longest, int64), inputs, initial_cell_state, initial_output, self._kernel,
            *peepholes, self._bias, forget_bias=self._forget_bias, cell_clip=self._cell_clip,
            use_peephole=self._use_peephole,
        )  # fmt: skip
        return cells, outputs
