"""CompiledWrapper: a cell that TensorFlow compiles."""
from minitf.core.graph import name_scope
from minitf.rnn.cell import RNNCell


class CompiledWrapper(RNNCell):
    """The cell itself: what can be compiled is, whether a cell is wrapped or not."""

    def __init__(self, cell, compile_stateful=False):
        self._cell, self._compile_stateful = cell, compile_stateful

    state_size = property(lambda self: self._cell.state_size)
    output_size = property(lambda self: self._cell.output_size)

    def zero_state(self, batch_size, dtype):
        """The zero state of the cell inside."""
        with name_scope(type(self).__name__ + "ZeroState", values=[batch_size]):
            return self._cell.zero_state(batch_size, dtype)

    def __call__(self, inputs, state, scope=None):
        return self._cell(inputs, state, scope=scope)
