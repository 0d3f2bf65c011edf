"""AttentionCellWrapper and HighwayWrapper: what is learned around a cell."""
from minitf.contrib.rnn.linear import Linear
from minitf.contrib.rnn.projections import Projecting
from minitf.core import nest
from minitf.nn.activation import sigmoid, softmax
from minitf.nn.bias import xw_plus_b
from minitf.nn.conv import conv2d
from minitf.ops.array.basics import reshape
from minitf.ops.array.joining import concat
from minitf.ops.array.slicing import slice_
from minitf.ops.math.elementwise import tanh
from minitf.ops.reduction.axes import expand_dims
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.state.initializers import Constant
from minitf.ops.state.variable_scope import get_variable, variable_scope
from minitf.rnn.cell import RNNCell
from minitf.rnn.lstm import warn_of_concatenated
from minitf.rnn.wrappers import Around


class AttentionCellWrapper(Projecting):
    """A cell that attends to its own last `attn_length` outputs.

    The state is (the cell's, the attention [batch, attn_size], the outputs as one matrix), or
    without `state_is_tuple` one matrix. ValueError for an `attn_length` that is not positive, and
    for a cell with a nested state without `state_is_tuple`.
    """

    def __init__(
        self, cell, attn_length, attn_size=None, attn_vec_size=None, input_size=None,
        state_is_tuple=True, reuse=None,
    ):  # fmt: skip
        super().__init__(cell, reuse)
        if nest.is_nested(cell.state_size) and not state_is_tuple:
            raise ValueError("Cell returns tuple of states, but the flag state_is_tuple is not "
                             f"set. State size is: {cell.state_size}")  # fmt: skip
        if attn_length <= 0:
            raise ValueError(f"attn_length should be greater than zero, got {attn_length}")
        if not state_is_tuple:
            warn_of_concatenated(self)
        self._state_is_tuple, self._input_size = state_is_tuple, input_size
        self._attn_length = attn_length
        self._attn_size = cell.output_size if attn_size is None else attn_size
        self._attn_vec_size = self._attn_size if attn_vec_size is None else attn_vec_size
        self._linear1 = self._linear2 = self._linear3 = None

    @property
    def state_size(self):
        size = self._cell.state_size, self._attn_size, self._attn_size * self._attn_length
        return size if self._state_is_tuple else sum(size)

    output_size = property(lambda self: self._attn_size)

    zero_state = RNNCell.zero_state

    def call(self, inputs, state):
        state, attention, past = state if self._state_is_tuple else self._parts_of(state)
        past = reshape(past, [-1, self._attn_length, self._attn_size])
        depth = self._input_size or inputs.shape.as_list()[1]
        if self._linear1 is None:
            self._linear1 = Linear([inputs, attention], depth, True)
        inputs = self._linear1([inputs, attention])
        output, state = self._cell(inputs, state)
        query = concat(nest.flatten(state), 1) if self._state_is_tuple else state
        attention, past = self._attention(query, past)
        with variable_scope("attn_output_projection"):
            if self._linear2 is None:
                self._linear2 = Linear([output, attention], self._attn_size, True)
            output = self._linear2([output, attention])
        past = concat([past, expand_dims(output, 1)], 1)
        past = reshape(past, [-1, self._attn_length * self._attn_size])
        state = state, attention, past
        return output, state if self._state_is_tuple else concat(list(state), 1)

    def _parts_of(self, states):
        inside, size = self._cell.state_size, self._attn_size
        return (slice_(states, [0, 0], [-1, inside]), slice_(states, [0, inside], [-1, size]),
                slice_(states, [0, inside + size], [-1, size * self._attn_length]))  # fmt: skip

    def _attention(self, query, past):
        """(what is attended to, the past without its first output)."""
        length, size, width = self._attn_length, self._attn_size, self._attn_vec_size
        with variable_scope("attention"):
            k = get_variable("attn_w", [1, 1, size, width])
            v = get_variable("attn_v", [width])
            hidden = reshape(past, [-1, length, 1, size])
            features = conv2d(hidden, k, [1, 1, 1, 1], "SAME")
            if self._linear3 is None:
                self._linear3 = Linear(query, width, True)
            y = reshape(self._linear3(query), [-1, 1, 1, width])
            a = softmax(reduce_sum(v * tanh(features + y), [2, 3]))
            d = reduce_sum(reshape(a, [-1, length, 1, 1]) * hidden, [1, 2])
            return reshape(d, [-1, size]), slice_(past, [0, 1, 0], [-1, -1, -1])


class HighwayWrapper(Around):
    """A cell with outputs carry * inputs + transform * outputs, after Srivastava et al. 2015.

    carry = sigmoid(inputs * carry_w + carry_b); transform is 1 - carry, unless
    `couple_carry_transform_gates` is False: then it has weights of its own.
    """

    def __init__(self, cell, couple_carry_transform_gates=True, carry_bias_init=1.0):
        self._cell, self._carry_bias_init = cell, carry_bias_init
        self._couple_carry_transform_gates = couple_carry_transform_gates

    def __call__(self, inputs, state, scope=None):
        outputs, state = self._cell(inputs, state, scope=scope)
        nest.assert_same_structure(inputs, outputs)
        for one, other in zip(nest.flatten(inputs), nest.flatten(outputs)):
            one.shape.assert_is_compatible_with(other.shape)
        return nest.map_structure(self._highway, inputs, outputs), state

    def _highway(self, inputs, outputs):
        carry = self._gate("carry", inputs, self._carry_bias_init)
        if self._couple_carry_transform_gates:
            transform = 1 - carry
        else:
            transform = self._gate("transform", inputs, -self._carry_bias_init)
        return inputs * carry + outputs * transform

    def _gate(self, name, inputs, bias):
        size = inputs.shape.with_rank(2)[1].value
        weights = get_variable(f"{name}_w", [size, size])
        biases = get_variable(f"{name}_b", [size], initializer=Constant(bias))
        return sigmoid(xw_plus_b(inputs, weights, biases))
