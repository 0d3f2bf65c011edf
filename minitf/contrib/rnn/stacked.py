"""Layers of bidirectional networks, each reading both directions of the one below."""
from minitf.ops.array.joining import concat
from minitf.ops.state.variable_scope import variable_scope
from minitf.rnn.dynamic import bidirectional_dynamic_rnn
from minitf.rnn.static import static_bidirectional_rnn


def stack_bidirectional_rnn(
    cells_fw, cells_bw, inputs, initial_states_fw=None, initial_states_bw=None, dtype=None,
    sequence_length=None, scope=None,
):  # fmt: skip
    """([outputs of each step], states, states) of `static_bidirectional_rnn`s one upon the other.

    `cells_fw` and `cells_bw` are lists of a cell for each layer, and so are initial states; the
    states returned are tuples. ValueError for lists of different lengths.
    """

    def layer(forward, backward, inputs, state_fw, state_bw, scope):
        return static_bidirectional_rnn(
            forward, backward, inputs, state_fw, state_bw, dtype, sequence_length, scope
        )

    return _stacked(layer, cells_fw, cells_bw, inputs, initial_states_fw, initial_states_bw, scope)


def stack_bidirectional_dynamic_rnn(
    cells_fw, cells_bw, inputs, initial_states_fw=None, initial_states_bw=None, dtype=None,
    sequence_length=None, parallel_iterations=None, time_major=False, scope=None, swap_memory=False,
):  # fmt: skip
    """(outputs, states, states) of `bidirectional_dynamic_rnn`s one upon the other.

    Both directions' outputs are put side by side, for the next layer and as the result.
    """

    def layer(forward, backward, inputs, state_fw, state_bw, _):
        outputs, states = bidirectional_dynamic_rnn(
            forward, backward, inputs, initial_state_fw=state_fw, initial_state_bw=state_bw,
            sequence_length=sequence_length, dtype=dtype, parallel_iterations=parallel_iterations,
            swap_memory=swap_memory, time_major=time_major,
        )  # fmt: skip
        return concat(outputs, 2), *states

    return _stacked(layer, cells_fw, cells_bw, inputs, initial_states_fw, initial_states_bw, scope)


def _stacked(layer, cells_fw, cells_bw, inputs, states_fw, states_bw, scope):
    """(outputs, states, states): `layer` makes them of two cells, inputs and two states."""
    layers = _layers(cells_fw, cells_bw, states_fw, states_bw)
    ends_fw, ends_bw = [], []
    with variable_scope(scope or "stack_bidirectional_rnn"):
        for number, (forward, backward, state_fw, state_bw) in enumerate(layers):
            with variable_scope(f"cell_{number}") as inner:
                inputs, state_fw, state_bw = layer(
                    forward, backward, inputs, state_fw, state_bw, inner
                )
            ends_fw.append(state_fw)
            ends_bw.append(state_bw)
    return inputs, tuple(ends_fw), tuple(ends_bw)


def _layers(cells_fw, cells_bw, states_fw, states_bw):
    """For each layer its two cells and their initial states."""
    for cells, what in ((cells_fw, "fw"), (cells_bw, "bw")):
        if not cells:
            raise ValueError(f"Must specify at least one {what} cell for BidirectionalRNN.")
        if not isinstance(cells, list):
            raise ValueError(f"cells_{what} must be a list of RNNCells (one per layer).")
    if len(cells_fw) != len(cells_bw):
        raise ValueError("Forward and Backward cells must have the same depth.")
    for states, what in ((states_fw, "fw"), (states_bw, "bw")):
        if states is not None and (not isinstance(states, list) or len(states) != len(cells_fw)):
            raise ValueError(
                f"initial_states_{what} must be a list of state tensors (one per layer)."
            )
    none = [None] * len(cells_fw)
    return zip(cells_fw, cells_bw, states_fw or none, states_bw or none)
