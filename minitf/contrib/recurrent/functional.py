"""Cells run over sequences by Recurrent: `tf.contrib.recurrent.functional_rnn`."""
from minitf.contrib.recurrent.recurrent import Recurrent
from minitf.core import nest
from minitf.core.convert import convert_to_tensor
from minitf.ops.array.basics import shape, zeros
from minitf.ops.array.masks import sequence_mask
from minitf.ops.array.one_hot import one_hot
from minitf.ops.array.rearrange import reverse_sequence
from minitf.ops.reduction.axes import expand_dims, transpose
from minitf.ops.reduction.axes import reverse as reversed_
from minitf.ops.reduction.reduce import reduce_max, reduce_sum
from minitf.ops.state.variable_scope import variable_scope


def functional_rnn(cell, inputs, sequence_length=None, initial_state=None, dtype=None,
                   time_major=False, scope=None, use_tpu=False, reverse=False):  # fmt: skip
    """(outputs, the last state) of `cell` run over `inputs` [batch, time, size], or, `time_major`,
    [time, batch, size].

    It is `tf.nn.dynamic_rnn`, but that a row with a `sequence_length` of 0 ends in a state of
    zeros. With `reverse` it runs from the last step to the first.
    """
    with variable_scope(scope or "rnn"):
        if not time_major:
            inputs = nest.map_structure(_turned, inputs)
        first = nest.flatten(inputs)[0]
        if initial_state is None:
            initial_state = cell.zero_state(shape(first)[1], dtype)
        if sequence_length is not None:
            sequence_length = convert_to_tensor(sequence_length)
        longest = None if sequence_length is None else reduce_max(sequence_length)
        if reverse:
            inputs = nest.map_structure(lambda each: reversed_(each, [0]), inputs)
        kind = nest.flatten(initial_state)[0].dtype
        output = zeros([shape(first)[1], cell.output_size], kind)

        def step(theta, extended, now):
            return list(cell(now, extended[1])), []

        (outputs, states), (_, last) = Recurrent(
            [], [output, initial_state], inputs, step, max_input_length=longest,
            use_tpu=use_tpu, aligned_end=reverse,
        )  # fmt: skip
    if sequence_length is not None and not reverse:
        last = nest.map_structure(lambda each: _at_the_end(each, sequence_length), states)
    outputs = reversed_(outputs, [0]) if reverse else outputs
    if sequence_length is not None:
        inside = sequence_mask(sequence_length, shape(outputs)[0], dtype=outputs.dtype)
        outputs *= expand_dims(transpose(inside), 2)
    outputs.set_shape([*first.shape.as_list()[:2], cell.output_size])
    return outputs if time_major else _turned(outputs), last


def _turned(each):
    return transpose(each, [1, 0, 2])


def _at_the_end(states, lengths):
    """Of each row the state after its last step; zeros where there is none."""
    last = one_hot(lengths - 1, shape(states)[0], axis=0, dtype=states.dtype)
    found = reduce_sum(expand_dims(last, -1) * states, 0)
    found.set_shape(states.shape[1:])
    return found


def bidirectional_functional_rnn(
    cell_fw, cell_bw, inputs, initial_state_fw=None, initial_state_bw=None, dtype=None,
    sequence_length=None, time_major=False, use_tpu=False, fast_reverse=False, scope=None,
):  # fmt: skip
    """((outputs, outputs), (state, state)) of a cell run forward and another run backward in time.

    The backward cell reads each row from its end, `sequence_length`; with `fast_reverse` all of
    them from the end of the longest.
    """
    same = {"sequence_length": sequence_length, "dtype": dtype, "time_major": time_major,
            "use_tpu": use_tpu}  # fmt: skip
    axes = {"seq_axis": 0, "batch_axis": 1} if time_major else {"seq_axis": 1, "batch_axis": 0}

    def turned(each):
        if sequence_length is None:
            return reversed_(each, axis=[axes["seq_axis"]])
        return reverse_sequence(each, sequence_length, **axes)

    with variable_scope(scope or "bidirectional_rnn"):
        with variable_scope("fw") as inner:
            forward, state_fw = functional_rnn(cell_fw, inputs, initial_state=initial_state_fw,
                                               scope=inner, **same)  # fmt: skip
        with variable_scope("bw") as inner:
            backward, state_bw = functional_rnn(
                cell_bw, inputs if fast_reverse else turned(inputs),
                initial_state=initial_state_bw, scope=inner, reverse=fast_reverse, **same,
            )  # fmt: skip
    backward = backward if fast_reverse else turned(backward)
    return (forward, backward), (state_fw, state_bw)
