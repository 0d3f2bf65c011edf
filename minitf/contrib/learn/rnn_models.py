"""`tf.contrib.learn.models.get_rnn_model`: recurrent networks of one or two directions."""
import functools

from minitf.contrib.rnn.attention import AttentionCellWrapper
from minitf.core.dtypes import float32
from minitf.ops.array.joining import concat, stack, unstack
from minitf.ops.array.rearrange import reverse_sequence
from minitf.ops.state.variable_scope import variable_scope
from minitf.rnn.basic import BasicRNNCell, GRUCell
from minitf.rnn.cell import RNNCell
from minitf.rnn.lstm import BasicLSTMCell
from minitf.rnn.multi import MultiRNNCell
from minitf.rnn.static import static_rnn

_CELLS = {"rnn": BasicRNNCell, "gru": GRUCell,
          "lstm": functools.partial(BasicLSTMCell, state_is_tuple=False)}  # fmt: skip


def _reversed(steps, lengths):
    """The steps backwards, those of each sequence up to its length."""
    if lengths is None:
        return steps[::-1]
    for each in steps:
        each.set_shape(each.shape.with_rank(2))
    return unstack(reverse_sequence(stack(steps), lengths, 0, 1))


def bidirectional_rnn(cell_fw, cell_bw, inputs, initial_state_fw=None, initial_state_bw=None,
                      dtype=None, sequence_length=None, scope=None):  # fmt: skip
    """(outputs, states) of a list of inputs, those of both directions side by side. TypeError for
    cells that are none and inputs that are no list."""
    for cell, name in ((cell_fw, "cell_fw"), (cell_bw, "cell_bw")):
        if not isinstance(cell, RNNCell):
            raise TypeError(f"{name} must be an instance of RNNCell")
    if not isinstance(inputs, list):
        raise TypeError("inputs must be a list")
    if not inputs:
        raise ValueError("inputs must not be empty")
    name = scope or "BiRNN"
    with variable_scope(f"{name}_FW"):
        forward, state_fw = static_rnn(cell_fw, inputs, initial_state_fw, dtype, sequence_length)
    with variable_scope(f"{name}_BW"):
        backward, state_bw = static_rnn(cell_bw, _reversed(inputs, sequence_length),
                                        initial_state_bw, dtype, sequence_length)  # fmt: skip
    backward = _reversed(backward, sequence_length)
    outputs = [concat(pair, 1) for pair in zip(forward, backward)]
    return outputs, concat([state_fw, state_bw], 1)


def get_rnn_model(rnn_size, cell_type, num_layers, input_op_fn, bidirectional, target_predictor_fn,
                  sequence_length, initial_state, attn_length, attn_size, attn_vec_size,
):  # fmt: skip
    """A function of (x, y): what `target_predictor_fn(state, y)` makes of the last state of a
    recurrent network on `input_op_fn(x)`, a list of steps.

    `cell_type` is "rnn", "gru" or "lstm", else the function raises ValueError; with `attn_length`
    cells attend to as many steps back.
    """

    def cells():
        if cell_type not in _CELLS:
            raise ValueError(f"cell_type {cell_type} is not supported. ")
        made = [_CELLS[cell_type](rnn_size) for _ in range(num_layers)]
        if attn_length is not None:
            made = [AttentionCellWrapper(cell, attn_length=attn_length, attn_size=attn_size,
                                         attn_vec_size=attn_vec_size, state_is_tuple=False)
                    for cell in made]  # fmt: skip
        return MultiRNNCell(made, state_is_tuple=False)

    def rnn_estimator(x, y):
        x, given = input_op_fn(x), {"dtype": float32, "sequence_length": sequence_length}
        if bidirectional:
            _, encoding = bidirectional_rnn(cells(), cells(), x, initial_state_fw=initial_state,
                                            initial_state_bw=initial_state, **given)  # fmt: skip
        else:
            _, encoding = static_rnn(cells(), x, initial_state=initial_state, **given)
        return target_predictor_fn(encoding, y)

    return rnn_estimator
