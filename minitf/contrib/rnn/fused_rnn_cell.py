"""Cells that run over whole sequences: `outputs, state = cell(inputs, ...)`, time major."""
import abc

from minitf.ops.array.joining import stack, unstack
from minitf.ops.array.rearrange import reverse_sequence
from minitf.ops.reduction.axes import reverse
from minitf.rnn.dynamic import dynamic_rnn
from minitf.rnn.static import static_rnn


class FusedRNNCell(abc.ABC):
    """The base of cells that compute all time steps in one call."""

    @abc.abstractmethod
    def __call__(
        self, inputs, initial_state=None, dtype=None, sequence_length=None, scope=None
    ):
        """(outputs, the last state) for `inputs` [time, batch, ...] or a list of [batch, ...]."""


class FusedRNNCellAdaptor(FusedRNNCell):
    """A cell of one step run over sequences by `dynamic_rnn`, or else by `static_rnn`."""

    def __init__(self, cell, use_dynamic_rnn=False):
        self._cell, self._use_dynamic_rnn = cell, use_dynamic_rnn

    def __call__(
        self, inputs, initial_state=None, dtype=None, sequence_length=None, scope=None
    ):
        is_list = isinstance(inputs, list)
        given = {"sequence_length": sequence_length, "initial_state": initial_state,
                 "dtype": dtype, "scope": scope}  # fmt: skip
        if self._use_dynamic_rnn:
            inputs = stack(inputs) if is_list else inputs
            outputs, state = dynamic_rnn(self._cell, inputs, time_major=True, **given)
            return (unstack(outputs) if is_list else outputs), state
        inputs = inputs if is_list else unstack(inputs)
        outputs, state = static_rnn(self._cell, inputs, **given)
        return (outputs if is_list else stack(outputs)), state


class TimeReversedFusedRNN(FusedRNNCell):
    """A fused cell that reads each sequence from its end; outputs are in the order of time."""

    def __init__(self, cell):
        self._cell = cell

    def __call__(
        self, inputs, initial_state=None, dtype=None, sequence_length=None, scope=None
    ):
        outputs, state = self._cell(
            _reversed(inputs, sequence_length), initial_state=initial_state, dtype=dtype,
            sequence_length=sequence_length, scope=scope,
        )  # fmt: skip
        return _reversed(outputs, sequence_length), state


def _reversed(steps, lengths):
    if isinstance(steps, list):
        return steps[::-1]
    return reverse(steps, [0]) if lengths is None else reverse_sequence(steps, lengths, 0, 1)
