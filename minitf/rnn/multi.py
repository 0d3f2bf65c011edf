"""MultiRNNCell: cells one upon the other."""
from minitf import logging
from minitf.core import nest
from minitf.core.graph import name_scope
from minitf.core.trackable import note
from minitf.layers.base import Layer
from minitf.ops.array.joining import concat
from minitf.ops.array.slicing import slice_
from minitf.ops.state.variable_scope import variable_scope
from minitf.rnn.cell import RNNCell

_told = set()  # what was said once in this process


class MultiRNNCell(RNNCell):
    """Several cells, the outputs of each being the inputs of the next.

    The state is a tuple of their states, or without `state_is_tuple` one matrix. ValueError without
    cells, or without `state_is_tuple` where a cell has a nested state; TypeError when `cells` is no
    sequence.
    """

    def __init__(self, cells, state_is_tuple=True):
        super().__init__()
        if not cells:
            raise ValueError("Must specify at least one cell for MultiRNNCell.")
        if not nest.is_nested(cells):
            raise TypeError(f"cells must be a list or tuple, but saw: {cells}.")
        if len({id(cell) for cell in cells}) < len(cells) and "shared" not in _told:
            _told.add("shared")
            logging.warn("At least two cells provided to MultiRNNCell are the same object and will "
                         "share weights.")  # fmt: skip
        self._cells, self._state_is_tuple = cells, state_is_tuple
        for number, cell in enumerate(cells):
            note(self, f"cell-{number}", cell)
        if not state_is_tuple and any(nest.is_nested(cell.state_size) for cell in cells):
            sizes = [cell.state_size for cell in cells]
            raise ValueError("Some cells return tuples of states, but the flag state_is_tuple is "
                             f"not set.  State sizes are: {sizes}")  # fmt: skip

    @property
    def state_size(self):
        sizes = tuple(cell.state_size for cell in self._cells)
        return sizes if self._state_is_tuple else sum(sizes)

    output_size = property(lambda self: self._cells[-1].output_size)

    def zero_state(self, batch_size, dtype):
        """The zero states of the cells."""
        with name_scope(type(self).__name__ + "ZeroState", values=[batch_size]):
            if self._state_is_tuple:
                return tuple(cell.zero_state(batch_size, dtype) for cell in self._cells)
            return super().zero_state(batch_size, dtype)

    @property
    def trainable_weights(self):
        if not self.trainable:
            return []
        return self._of_cells("trainable_weights")

    @property
    def non_trainable_weights(self):
        others = self._of_cells("non_trainable_weights")
        return others if self.trainable else self._of_cells("trainable_weights") + others

    trainable_variables = trainable_weights
    non_trainable_variables = non_trainable_weights

    def _of_cells(self, what):
        layers = (cell for cell in self._cells if isinstance(cell, Layer))
        return [weight for layer in layers for weight in getattr(layer, what)]

    def call(self, inputs, state):
        """(the last cell's output, the states of all)."""
        states, start = [], 0
        for number, cell in enumerate(self._cells):
            with variable_scope(f"cell_{number}"):
                before = self._state_of(number, cell, state, start)
                start += 0 if self._state_is_tuple else cell.state_size
                inputs, after = cell(inputs, before)
                states.append(after)
        return inputs, tuple(states) if self._state_is_tuple else concat(states, 1)

    def _state_of(self, number, cell, state, start):
        if not self._state_is_tuple:
            return slice_(state, [0, start], [-1, cell.state_size])
        if not nest.is_nested(state):
            raise ValueError(f"Expected state to be a tuple of length {len(self.state_size)}, but "
                             f"received: {state}")  # fmt: skip
        return state[number]

    def get_config(self):
        cells = [{"class_name": type(cell).__name__, "config": cell.get_config()}
                 for cell in self._cells]  # fmt: skip
        return super().get_config() | {"cells": cells}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """A new cell. NotImplementedError: the classes of its cells are known by name only."""
        raise NotImplementedError(
            "MultiRNNCell.from_config: cells are not found by the names of their classes; make "
            "them, and MultiRNNCell(cells) of them."
        )
