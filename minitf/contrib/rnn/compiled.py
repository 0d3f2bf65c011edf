"""CompiledWrapper: a cell that TensorFlow compiles."""
from minitf.rnn.wrappers import Around


class CompiledWrapper(Around):
    """The cell itself: what can be compiled is, whether a cell is wrapped or not."""

    def __init__(self, cell, compile_stateful=False):
        self._cell, self._compile_stateful = cell, compile_stateful

    def __call__(self, inputs, state, scope=None):
        return self._cell(inputs, state, scope=scope)
