"""Cells that run along several axes, after Kalchbrenner et al. 2015: `tf.contrib.grid_rnn`."""
from functools import partial
from typing import NamedTuple

from minitf import logging
from minitf.contrib.layers import fully_connected
from minitf.contrib.layers.initializers import xavier_initializer
from minitf.nn.activation import relu
from minitf.ops.array.basics import zeros
from minitf.ops.array.joining import concat, split
from minitf.ops.array.slicing import slice_
from minitf.ops.linalg.products import matmul
from minitf.ops.state.variable_scope import get_variable, variable_scope
from minitf.rnn.basic import BasicRNNCell, GRUCell
from minitf.rnn.cell import RNNCell
from minitf.rnn.lstm import BasicLSTMCell, LSTMCell


class _Axes(NamedTuple):
    """What each of the axes is for."""

    count: int
    inputs: list[int]
    outputs: list[int]
    priority: list[int]  # these run after the others
    non_recurrent: list[int]

    recurrent = property(lambda self: [i for i in range(self.count)
                                       if i not in self.non_recurrent])  # fmt: skip
    first = property(lambda self: [i for i in range(self.count) if i not in self.priority])


def _listed(axes, count):
    """The axes in order. ValueError for one that is not there."""
    axes = [] if axes is None else axes if isinstance(axes, (list, tuple)) else [axes]
    axes = sorted(set(axes))
    if any(not 0 <= axis < count for axis in axes):
        raise ValueError(f"Invalid dims: {axes}. Must be in [0, {count})")
    return axes


class GridRNNCell(RNNCell):
    """A cell for each of `num_dims` axes, each reading the outputs of the others.

    Axes in `input_dims` get the inputs in place of a state, those in `output_dims` give the
    outputs, `priority_dims` run after the others and see what they gave, and
    `non_recurrent_dims` have no state but a layer of `non_recurrent_fn` (relu). A cell is what
    `cell_fn(num_units)` makes, an LSTMCell unless said; `tied` axes share its variables. ValueError
    for axes that are not there, TypeError where `cell_fn` makes no cell.
    """

    def __init__(
        self, num_units, num_dims=1, input_dims=None, output_dims=None, priority_dims=None,
        non_recurrent_dims=None, tied=False, cell_fn=None, non_recurrent_fn=None,
        state_is_tuple=True, output_is_tuple=True,
    ):  # fmt: skip
        super().__init__()
        for is_tuple, what in ((state_is_tuple, "state"), (output_is_tuple, "output")):
            if not is_tuple:
                logging.warning(f"{self}: Using a concatenated {what} is slower and will soon be "
                                f"deprecated.  Use {what}_is_tuple=True.")  # fmt: skip
        if num_dims < 1:
            raise ValueError(f"dims must be >= 1: {num_dims}")
        given = (input_dims, output_dims, priority_dims, non_recurrent_dims)
        self._axes = _Axes(num_dims, *(_listed(each, num_dims) for each in given))
        self._num_units, self._tied = num_units, tied
        self._non_recurrent_fn = non_recurrent_fn or relu
        self._state_is_tuple, self._output_is_tuple = state_is_tuple, output_is_tuple
        if cell_fn is None:
            cell_fn = partial(LSTMCell, state_is_tuple=state_is_tuple)
        self._cells = [cell_fn(num_units) for _ in range(1 if tied else num_dims)]
        self._cells *= num_dims if tied else 1
        if not isinstance(self._cells[0], RNNCell):
            raise TypeError("cell_fn must return an RNNCell instance, saw: "
                            f"{type(self._cells[0])}")  # fmt: skip

    @property
    def output_size(self):
        size, outputs = self._cells[0].output_size, len(self._axes.outputs)
        return (size,) * outputs if self._output_is_tuple else size * outputs

    @property
    def state_size(self):
        recurrent = len(self._axes.recurrent)
        if self._state_is_tuple:
            return (self._cells[0].state_size,) * recurrent
        return self._width() * recurrent

    def _width(self):
        """How many numbers the state of an axis has."""
        size = self._cells[0].state_size
        return sum(size) if isinstance(size, tuple) else size

    def __call__(self, inputs, state, scope=None):
        with variable_scope(scope or type(self).__name__):
            step = _Step(self, state)
            step.take(inputs)
            step.run(self._axes.first, True)
            step.run(self._axes.priority, False)
            outputs = [step.outputs[i] for i in self._axes.outputs]
            states = [step.states[i] for i in self._axes.recurrent]
            if not self._output_is_tuple:
                outputs = concat(outputs, 1) if outputs else zeros([0, 0], inputs.dtype)
            if not self._state_is_tuple:
                parts = [part for each in states for part in each]
                states = concat(parts, 1) if parts else zeros([0, 0], inputs.dtype)
        return (tuple(outputs) if self._output_is_tuple else outputs,
                tuple(states) if self._state_is_tuple else states)  # fmt: skip


class _Step:
    """One step: what each axis begins with, c and m, and what came out until now."""

    def __init__(self, cell, state):
        self.cell, self.axes = cell, cell._axes
        none = [None] * self.axes.count
        self.c, self.m, self.outputs, self.states = (list(none) for _ in range(4))
        self.has_c = cell._width() > cell._num_units
        parts = state if cell._state_is_tuple else self._cut(state)
        if len(parts) != len(self.axes.recurrent):
            raise ValueError(f"Expected state as a tuple of {len(self.axes.recurrent)} element")
        for axis, part in zip(self.axes.recurrent, parts):
            self.c[axis], self.m[axis] = part if self.has_c else (None, part)

    def _cut(self, state):
        width, units = self.cell._width(), self.cell._num_units
        starts = range(0, self.cell.state_size, width)
        if not self.has_c:
            return [slice_(state, [0, start], [-1, units]) for start in starts]
        sizes = [units, width - units]
        return [split(slice_(state, [0, start], [-1, width]), sizes, axis=1) for start in starts]

    def take(self, inputs):
        """Put the inputs, projected, where the axes that read them begin."""
        axes = self.axes.inputs
        if inputs is None or not axes:
            return
        if isinstance(inputs, tuple):
            if len(axes) != len(inputs):
                raise ValueError(f"Expect inputs as a tuple of {len(axes)} tensors")
            parts = inputs
        elif not inputs.shape.with_rank(2)[1].value:
            return
        else:
            parts = split(value=inputs, num_or_size_splits=len(axes), axis=1)
        for part, axis in zip(parts, axes):
            self.m[axis] = self._projected(part, f"project_m_{axis}")
            if self.has_c:
                self.c[axis] = self._projected(part, f"project_c_{axis}")

    def _projected(self, part, name):
        sizes = [part.shape.with_rank(2)[1].value, self.cell._num_units]
        return matmul(part, get_variable(name, sizes, dtype=part.dtype))

    def run(self, axes, is_first):
        """Run the cells of these axes; all read what was there before."""
        if not axes:
            return
        *others, last = [
            m if output is None else output for m, output in zip(self.m, self.outputs)
        ]
        inputs = concat(others, 1) if others else zeros([last.shape[0].value, 0], last.dtype)
        for axis in axes:
            again = self.cell._tied and not (is_first and axis == axes[0])
            if axis in self.axes.non_recurrent:
                self._layer(axis, concat([inputs, last], 1) if others else last, again)
            else:
                self._recur(axis, inputs, last, again)

    def _scope(self, kind, axis, again):
        name = kind if self.cell._tied else f"{kind}/cell_{axis}"
        return variable_scope(name, reuse=True if again else None)

    def _layer(self, axis, inputs, again):
        with self._scope("non_recurrent", axis, again) as scope:
            self.outputs[axis] = fully_connected(
                inputs, num_outputs=self.cell._num_units,
                activation_fn=self.cell._non_recurrent_fn,
                weights_initializer=scope.initializer or xavier_initializer(),
                weights_regularizer=scope.regularizer,
            )  # fmt: skip

    def _recur(self, axis, inputs, last, again):
        state = last if self.c[axis] is None else (self.c[axis], last)
        with self._scope("recurrent", axis, again):
            self.outputs[axis], self.states[axis] = self.cell._cells[axis](inputs, state)


def _one(cell_fn, num_units, **kwargs):
    return {"num_units": num_units, "num_dims": 1, "input_dims": 0, "output_dims": 0,
            "priority_dims": 0, "tied": False, "cell_fn": cell_fn, **kwargs}  # fmt: skip


def _several(num_dims, cell_fn, num_units, tied, non_recurrent_fn, **kwargs):
    return {"num_units": num_units, "num_dims": num_dims, "input_dims": 0, "output_dims": 0,
            "priority_dims": 0, "tied": tied, "cell_fn": cell_fn,
            "non_recurrent_dims": None if non_recurrent_fn is None else 0,
            "non_recurrent_fn": non_recurrent_fn, **kwargs}  # fmt: skip


class Grid1BasicRNNCell(GridRNNCell):
    """One axis of BasicRNNCells."""

    def __init__(self, num_units, state_is_tuple=True, output_is_tuple=True):
        super().__init__(**_one(BasicRNNCell, num_units, state_is_tuple=state_is_tuple,
                                output_is_tuple=output_is_tuple))  # fmt: skip


class Grid2BasicRNNCell(GridRNNCell):
    """Two axes of BasicRNNCells; the first one reads and gives."""

    def __init__(self, num_units, tied=False, non_recurrent_fn=None, state_is_tuple=True,
                 output_is_tuple=True):  # fmt: skip
        super().__init__(**_several(2, BasicRNNCell, num_units, tied, non_recurrent_fn,
                                    state_is_tuple=state_is_tuple,
                                    output_is_tuple=output_is_tuple))  # fmt: skip


class Grid1BasicLSTMCell(GridRNNCell):
    """One axis of BasicLSTMCells."""

    def __init__(self, num_units, forget_bias=1, state_is_tuple=True, output_is_tuple=True):
        super().__init__(**_one(partial(BasicLSTMCell, forget_bias=forget_bias), num_units,
                                state_is_tuple=state_is_tuple,
                                output_is_tuple=output_is_tuple))  # fmt: skip


class Grid2BasicLSTMCell(GridRNNCell):
    """Two axes of BasicLSTMCells; the first one reads and gives."""

    def __init__(self, num_units, tied=False, non_recurrent_fn=None, forget_bias=1,
                 state_is_tuple=True, output_is_tuple=True):  # fmt: skip
        cell_fn = partial(BasicLSTMCell, forget_bias=forget_bias)
        super().__init__(**_several(2, cell_fn, num_units, tied, non_recurrent_fn,
                                    state_is_tuple=state_is_tuple,
                                    output_is_tuple=output_is_tuple))  # fmt: skip


def _lstm(forget_bias, use_peepholes):
    return partial(LSTMCell, forget_bias=forget_bias, use_peepholes=use_peepholes)


class Grid1LSTMCell(GridRNNCell):
    """One axis of LSTMCells."""

    def __init__(self, num_units, use_peepholes=False, forget_bias=1.0, state_is_tuple=True,
                 output_is_tuple=True):  # fmt: skip
        super().__init__(**_one(_lstm(forget_bias, use_peepholes), num_units,
                                state_is_tuple=state_is_tuple,
                                output_is_tuple=output_is_tuple))  # fmt: skip


class _Several(GridRNNCell):
    num_dims: int

    def __init__(self, num_units, tied=False, non_recurrent_fn=None, use_peepholes=False,
                 forget_bias=1.0, state_is_tuple=True, output_is_tuple=True):  # fmt: skip
        super().__init__(**_several(self.num_dims, _lstm(forget_bias, use_peepholes), num_units,
                                    tied, non_recurrent_fn, state_is_tuple=state_is_tuple,
                                    output_is_tuple=output_is_tuple))  # fmt: skip


class Grid2LSTMCell(_Several):
    """Two axes of LSTMCells; the first one reads and gives."""

    num_dims = 2


class Grid3LSTMCell(_Several):
    """Three axes of LSTMCells; the first one reads and gives."""

    num_dims = 3


class Grid2GRUCell(GridRNNCell):
    """Two axes of GRUCells; the first one reads and gives."""

    def __init__(self, num_units, tied=False, non_recurrent_fn=None, state_is_tuple=True,
                 output_is_tuple=True):  # fmt: skip
        super().__init__(**_several(2, GRUCell, num_units, tied, non_recurrent_fn,
                                    state_is_tuple=state_is_tuple,
                                    output_is_tuple=output_is_tuple))  # fmt: skip
