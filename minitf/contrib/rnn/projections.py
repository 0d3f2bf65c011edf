"""Cells around a cell that look up or multiply what goes in and out."""
import math

from minitf import logging
from minitf.contrib.rnn.linear import Linear
from minitf.core.graph import device
from minitf.nn.embedding import embedding_lookup
from minitf.ops.array.basics import reshape
from minitf.ops.state.initializers import RandomUniform
from minitf.ops.state.variable_scope import get_variable, get_variable_scope
from minitf.rnn.cell import assert_like_rnncell
from minitf.rnn.wrappers import Around


class Projecting(Around):
    """The base of cells around the cell `self._cell`, whose variables their calls make."""

    def __init__(self, cell, reuse=None):
        super().__init__(_reuse=reuse)
        assert_like_rnncell("cell", cell)
        self._cell = cell


class EmbeddingWrapper(Projecting):
    """A cell whose inputs are class numbers [batch] or [batch, 1]: the rows of "embedding".

    The variable is [embedding_classes, embedding_size]; unless `initializer` or the scope says
    otherwise it begins uniform, of variance 1. ValueError for sizes that are not positive.
    """

    def __init__(self, cell, embedding_classes, embedding_size, initializer=None, reuse=None):
        super().__init__(cell, reuse)
        if embedding_classes <= 0 or embedding_size <= 0:
            raise ValueError("Both embedding_classes and embedding_size must be > 0: "
                             f"{embedding_classes}, {embedding_size}.")  # fmt: skip
        self._embedding_classes, self._embedding_size = embedding_classes, embedding_size
        self._initializer = initializer

    def call(self, inputs, state):
        bound = math.sqrt(3)
        with device("/cpu:0"):
            initializer = (self._initializer or get_variable_scope().initializer
                           or RandomUniform(-bound, bound))  # fmt: skip
            dtype = (state[0] if isinstance(state, tuple) else state).dtype
            sizes = [self._embedding_classes, self._embedding_size]
            embedding = get_variable("embedding", sizes, dtype, initializer)
            embedded = embedding_lookup(embedding, reshape(inputs, [-1]))
            return self._cell(embedded, state)


class InputProjectionWrapper(Projecting):
    """A cell whose inputs are multiplied by weights first: activation(inputs * kernel + bias)."""

    def __init__(self, cell, num_proj, activation=None, input_size=None, reuse=None):
        super().__init__(cell, reuse)
        if input_size is not None:
            logging.warn(f"{self}: The input_size parameter is deprecated.")
        self._num_proj, self._activation, self._linear = num_proj, activation, None

    def call(self, inputs, state):
        if self._linear is None:
            self._linear = Linear(inputs, self._num_proj, True)
        projected = self._linear(inputs)
        return self._cell(self._activation(projected) if self._activation else projected, state)


class OutputProjectionWrapper(Projecting):
    """A cell whose outputs are multiplied by weights: activation(outputs * kernel + bias).

    A product of all outputs at once, after the loop, is faster. ValueError for an `output_size`
    that is not positive.
    """

    def __init__(self, cell, output_size, activation=None, reuse=None):
        super().__init__(cell, reuse)
        if output_size < 1:
            raise ValueError(f"Parameter output_size must be > 0: {output_size}.")
        self._output_size, self._activation, self._linear = output_size, activation, None

    output_size = property(lambda self: self._output_size)

    def call(self, inputs, state):
        output, state = self._cell(inputs, state)
        if self._linear is None:
            self._linear = Linear(output, self._output_size, True)
        projected = self._linear(output)
        return (self._activation(projected) if self._activation else projected), state
