"""Cells around a cell: dropout, residual connections, a device."""
import numbers

from minitf.core import nest
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import device, name_scope
from minitf.core.shallow import get_traverse_shallow_structure, map_structure_up_to
from minitf.core.static import constant_value
from minitf.core.tensor_shape import TensorShape
from minitf.nn.dropout import dropout
from minitf.ops.array.joining import concat
from minitf.ops.control_flow.tensor_array import TensorArray
from minitf.ops.math.elementwise import floor
from minitf.ops.math.operators import div
from minitf.ops.random.draws import random_uniform, salted
from minitf.rnn.cell import RNNCell, assert_like_rnncell
from minitf.rnn.lstm import LSTMStateTuple


class Around(RNNCell):
    """What has the sizes and the zero state of the cell inside, `self._cell`."""

    state_size = property(lambda self: self._cell.state_size)
    output_size = property(lambda self: self._cell.output_size)

    def zero_state(self, batch_size, dtype):
        """The zero state of the cell inside."""
        with name_scope(type(self).__name__ + "ZeroState", values=[batch_size]):
            return self._cell.zero_state(batch_size, dtype)


class Wrapper(Around):
    """The base of cells around the cell `self.cell`: sizes and zero state are that one's."""

    def __init__(self, cell, *args, **kwargs):
        super().__init__(*args, **kwargs)
        assert_like_rnncell("cell", cell)
        self.cell = cell

    _cell = property(lambda self: self.cell)

    def __call__(self, inputs, state, scope=None):
        """(outputs, the next state) of the cell inside, and what is made of them."""
        return self._call_wrapped_cell(inputs, state, self.cell.__call__, scope=scope)

    def call(self, inputs, state, **kwargs):
        """The same, by the `call` of the cell inside."""
        return self._call_wrapped_cell(inputs, state, self.cell.call, **kwargs)

    def build(self, inputs_shape):
        """Build the cell inside."""
        self.cell.build(inputs_shape)
        self.built = True

    def get_config(self):
        inside = {"class_name": type(self.cell).__name__, "config": self.cell.get_config()}
        return super().get_config() | {"cell": inside}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """A new wrapper. ValueError unless "cell" is a cell, not only described."""
        config = dict(config)
        try:
            assert_like_rnncell("cell", config["cell"])
        except TypeError:
            raise ValueError(
                "RNNCellWrapper cannot reconstruct the wrapped cell. Please overwrite the cell in "
                "the config with a RNNCell instance."
            ) from None
        return cls(config.pop("cell"), **config)


class DropoutWrapper(Wrapper):
    """A cell with dropout of its inputs, its outputs, and its state from step to step.

    Each `keep_prob` is a number or a scalar tensor. With `variational_recurrent` the same elements
    are dropped in all steps: it needs `dtype`, and `input_size` to drop inputs.
    `dropout_state_filter_visitor` says, as True or False for each part of a state, what of it is
    dropped: all but the c of an LSTMStateTuple unless said. ValueError for a `keep_prob` outside
    [0, 1].
    """

    def __init__(
        self, cell, input_keep_prob=1.0, output_keep_prob=1.0, state_keep_prob=1.0,
        variational_recurrent=False, input_size=None, dtype=None, seed=None,
        dropout_state_filter_visitor=None, **kwargs,
    ):  # fmt: skip
        super().__init__(cell, dtype=dtype, **kwargs)
        if dropout_state_filter_visitor is not None and not callable(dropout_state_filter_visitor):
            raise TypeError("dropout_state_filter_visitor must be callable")
        self._dropout_state_filter = dropout_state_filter_visitor or _dropped_by_default
        with name_scope("DropoutWrapperInit"):
            self._input_keep_prob = _probability("input_keep_prob", input_keep_prob)
            self._state_keep_prob = _probability("state_keep_prob", state_keep_prob)
            self._output_keep_prob = _probability("output_keep_prob", output_keep_prob)
            self._variational_recurrent = variational_recurrent
            self._input_size, self._seed = input_size, seed
            self._noise = {"input": None, "state": None, "output": None}
            if variational_recurrent:
                self._draw(cell, input_size, dtype)

    wrapped_cell = property(lambda self: self.cell, doc="The cell inside.")

    def _draw(self, cell, input_size, dtype):
        """The noise that all steps share."""
        if dtype is None:
            raise ValueError("When variational_recurrent=True, dtype must be provided")
        if _drops(self._input_keep_prob):
            if input_size is None:
                raise ValueError("When variational_recurrent=True and input_keep_prob < 1.0 or is "
                                 "unknown, input_size must be provided")  # fmt: skip
            self._noise["input"] = self._drawn("input", input_size, dtype)
        self._noise["state"] = self._drawn("state", cell.state_size, dtype)
        self._noise["output"] = self._drawn("output", cell.output_size, dtype)

    def _drawn(self, what, sizes, dtype):
        def noise(number, size):
            shape = concat(([1], TensorShape(size).as_list()), 0)
            return random_uniform(shape, seed=self._gen_seed(what, number), dtype=dtype)

        return _numbered(sizes, noise, sizes)

    def _gen_seed(self, salt_prefix, index):
        return salted(self._seed, f"{salt_prefix}_{index}")

    def _call_wrapped_cell(self, inputs, state, cell_call_fn, **kwargs):
        if _drops(self._input_keep_prob):
            inputs = self._dropout(inputs, "input", self._input_keep_prob)
        output, state = cell_call_fn(inputs, state, **kwargs)
        if _drops(self._state_keep_prob):
            chosen = get_traverse_shallow_structure(self._dropout_state_filter, state)
            state = self._dropout(state, "state", self._state_keep_prob, chosen)
        if _drops(self._output_keep_prob):
            output = self._dropout(output, "output", self._output_keep_prob)
        return output, state

    def _dropout(self, values, what, keep_prob, chosen=None):
        """`values` with dropout where `chosen`, a structure no deeper than theirs, says it."""
        chosen = values if chosen is None else chosen

        def dropped(number, choice, value, *noise):
            if choice is False:
                return value
            if noise:
                return _kept(value, noise[0], keep_prob)
            return dropout(value, rate=1.0 - keep_prob, seed=self._gen_seed(what, number))

        noise = [self._noise[what]] if self._variational_recurrent else []
        return _numbered(chosen, dropped, chosen, values, *noise)

    def get_config(self):
        found = super().get_config() | {
            "input_keep_prob": self._input_keep_prob, "output_keep_prob": self._output_keep_prob,
            "state_keep_prob": self._state_keep_prob, "input_size": self._input_size,
            "variational_recurrent": self._variational_recurrent, "seed": self._seed,
        }  # fmt: skip
        if self._dropout_state_filter is not _dropped_by_default:
            found["dropout_state_filter_visitor"] = self._dropout_state_filter
        return found


def _probability(what, value):
    """As a number when it is known before the run, else as a tensor."""
    tensor = convert_to_tensor(value)
    known = constant_value(tensor)
    if known is None:
        return tensor
    if not 0 <= known <= 1:
        raise ValueError(f"Parameter {what} must be between 0 and 1: {known:g}")
    return float(known)


def _drops(probability):
    return not isinstance(probability, numbers.Real) or probability < 1


def _kept(value, noise, keep_prob):
    result = div(value, keep_prob) * floor(keep_prob + noise)
    result.set_shape(value._shape)
    return result


def _dropped_by_default(substate):
    if isinstance(substate, LSTMStateTuple):
        return LSTMStateTuple(c=False, h=True)
    return not isinstance(substate, TensorArray)


def _numbered(shallow, function, *structures):
    """`map_structure_up_to` of a function that also gets the number of each leaf."""
    count = iter(range(len(nest.flatten(shallow))))
    return map_structure_up_to(shallow, lambda *parts: function(next(count), *parts), *structures)


class ResidualWrapper(Wrapper):
    """A cell whose inputs are added to its outputs, or given with them to `residual_fn`."""

    def __init__(self, cell, residual_fn=None, **kwargs):
        super().__init__(cell, **kwargs)
        self._residual_fn = residual_fn

    def _call_wrapped_cell(self, inputs, state, cell_call_fn, **kwargs):
        outputs, state = cell_call_fn(inputs, state, **kwargs)
        return (self._residual_fn or _sums)(inputs, outputs), state

    def get_config(self):
        given = {} if self._residual_fn is None else {"residual_fn": self._residual_fn}
        return super().get_config() | given


def _sums(inputs, outputs):
    nest.assert_same_structure(inputs, outputs)
    for one, other in zip(nest.flatten(inputs), nest.flatten(outputs)):
        one.shape.assert_is_compatible_with(other.shape)
    return nest.map_structure(lambda one, other: one + other, inputs, outputs)


class DeviceWrapper(Wrapper):
    """A cell on a device."""

    def __init__(self, cell, device, **kwargs):
        super().__init__(cell, **kwargs)
        self._device = device

    def zero_state(self, batch_size, dtype):
        """The zero state of the cell inside, on the device."""
        with device(self._device):
            return super().zero_state(batch_size, dtype)

    def _call_wrapped_cell(self, inputs, state, cell_call_fn, **kwargs):
        with device(self._device):
            return cell_call_fn(inputs, state, **kwargs)

    def get_config(self):
        return super().get_config() | {"device": self._device}
