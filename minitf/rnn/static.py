"""`tf.nn.static_rnn` and what is like it: the nodes of all time steps, one after the other."""
from minitf.core import nest
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.graph import control_dependencies
from minitf.core.tensor_shape import TensorShape, merge
from minitf.ops.array.basics import identity, shape, zeros
from minitf.ops.array.joining import concat, stack, unstack
from minitf.ops.array.rearrange import reverse_sequence
from minitf.ops.math.elementwise import cast
from minitf.ops.reduction.reduce import reduce_max, reduce_min
from minitf.ops.state.variable_scope import variable_scope
from minitf.rnn.cell import assert_like_rnncell
from minitf.rnn.sizes import dtype_of, joined, joined_shape
from minitf.rnn.step import Step, cache_variables, wraps_state
from minitf.rnn.step import initial_state as state_of


def static_rnn(
    cell, inputs, initial_state=None, dtype=None, sequence_length=None, scope=None
):
    """([output of each step], the last state) of `cell` run over `inputs`, a list of [batch, ...].

    With `sequence_length` [batch], rows that have ended give zeros and keep their state. The state
    begins as `initial_state`, or else as zeros of `dtype`. Variables are in `scope`, "rnn" unless
    said. TypeError when the inputs are no sequence or the cell is none, ValueError for no inputs,
    for inputs of unknown depth or of different batch sizes, and without a state or dtype.
    """
    assert_like_rnncell("cell", cell)
    _check_sequence(inputs)
    outputs = []
    with variable_scope(scope or "rnn") as entered:
        cache_variables(entered)
        batch_size, known_batch = _batch_size(inputs)
        state = state_of(cell, initial_state, batch_size, dtype,
                         "If no initial_state is provided, dtype must be specified")  # fmt: skip
        step = None
        if sequence_length is not None:
            step = _step(cell, sequence_length, batch_size, known_batch, dtype, state)
        in_list = wraps_state(cell)
        state = [state] if in_list and not nest.is_nested(state) else state
        for time, now in enumerate(inputs):
            if time > 0:
                entered.reuse_variables()
            output, state = _called(cell, step, time, now, state)
            outputs.append(output)
        return outputs, state[0] if in_list and len(state) == 1 else state


def _check_sequence(inputs):
    if not nest.is_nested(inputs):
        raise TypeError(f"inputs must be a sequence, a list of a tensor for each step: {inputs}")
    if not inputs:
        raise ValueError("inputs must not be empty")


def _called(cell, step, time, now, state):
    if step is None:
        return cell(now, state)
    return step(time, state, lambda: cell(now, state))


def _batch_size(inputs):
    """(the batch size, a number or a tensor; what is known of it)."""
    flat = nest.flatten(inputs)
    known = flat[0].shape.with_rank_at_least(1)[:1]._sizes
    if flat[0].shape.ndims != 1:
        for tensor in flat:
            sizes = tensor.shape.with_rank_at_least(2)._sizes
            merged = merge(known, sizes and sizes[:1])
            if merged is False:
                raise ValueError(f"Dimensions {known[0]} and {sizes[0]} are not compatible: the "
                                 "inputs have different batch sizes")  # fmt: skip
            for axis, size in enumerate((sizes or (None, None))[1:]):
                if size is None:
                    raise ValueError(f"Input size (dimension {axis} of inputs) must be accessible "
                                     "via shape inference, but saw value None.")  # fmt: skip
    size = known[0] if known else None
    return size or shape(flat[0])[0], size


def _step(cell, sequence_length, batch_size, known_batch, dtype, state):
    lengths = convert_to_tensor(sequence_length, name="sequence_length")
    if lengths._shape is not None and len(lengths._shape) != 1:
        raise ValueError("sequence_length must be a vector of length batch_size, but saw shape: "
                         f"{lengths.shape}")  # fmt: skip

    def nothing(size):
        made = zeros(stack(joined(batch_size, size)), dtype_of(dtype, state))
        made.set_shape(joined_shape(TensorShape([known_batch]), size))
        return made

    flat = [nothing(size) for size in nest.flatten(cell.output_size)]
    zero_output = nest.pack_sequence_as(cell.output_size, flat)
    lengths = cast(lengths, int32)
    return Step(lengths, reduce_min(lengths), reduce_max(lengths), zero_output)


def static_state_saving_rnn(
    cell, inputs, state_saver, state_name, sequence_length=None, scope=None
):
    """`static_rnn` whose state comes from `state_saver` and is handed back to it.

    `state_saver` has `state(name)`, which returns a tensor, and `save_state(name, tensor)`, which
    returns an operation; outputs and state wait for it. `state_name` is a name, or a nesting of
    names like the cell's state. ValueError when they do not match.
    """
    names, sizes = nest.flatten(state_name), nest.flatten(cell.state_size)
    nested = nest.is_nested(cell.state_size)
    if nested != nest.is_nested(state_name):
        raise ValueError("state_name should be the same type as cell.state_size.  state_name: "
                         f"{state_name}, cell.state_size: {cell.state_size}")  # fmt: skip
    if len(names) != len(sizes):
        raise ValueError("#elems(state_name) != #elems(state_size): "
                         f"{len(names)} vs. {len(sizes)}")  # fmt: skip
    found = [state_saver.state(name) for name in names]
    state = nest.pack_sequence_as(cell.state_size, found)
    outputs, state = static_rnn(cell, inputs, initial_state=state,
                                sequence_length=sequence_length, scope=scope)  # fmt: skip
    saved = [state_saver.save_state(*pair) for pair in zip(names, nest.flatten(state))]
    with control_dependencies(saved):
        outputs[-1] = nest.map_structure(identity, outputs[-1])
        return outputs, nest.map_structure(identity, state)


def static_bidirectional_rnn(
    cell_fw, cell_bw, inputs, initial_state_fw=None, initial_state_bw=None, dtype=None,
    sequence_length=None, scope=None,
):  # fmt: skip
    """([outputs of each step], state, state) of a cell run forward and another run backward.

    Each is `static_rnn`; an output [batch, both sizes] is the forward cell's and the backward
    cell's side by side. Variables are in "fw" and "bw" within `scope`, "bidirectional_rnn" unless
    said.
    """
    assert_like_rnncell("cell_fw", cell_fw)
    assert_like_rnncell("cell_bw", cell_bw)
    _check_sequence(inputs)
    with variable_scope(scope or "bidirectional_rnn"):
        with variable_scope("fw") as inner:
            forward, state_fw = static_rnn(cell_fw, inputs, initial_state_fw, dtype,
                                           sequence_length, scope=inner)  # fmt: skip
        with variable_scope("bw") as inner:
            backward, state_bw = static_rnn(cell_bw, _reversed(inputs, sequence_length),
                                            initial_state_bw, dtype, sequence_length,
                                            scope=inner)  # fmt: skip
    pairs = zip(nest.flatten(forward), nest.flatten(_reversed(backward, sequence_length)))
    joined_ = [concat(list(pair), 1) for pair in pairs]
    return nest.pack_sequence_as(forward, joined_), state_fw, state_bw


def _reversed(steps, lengths):
    """A list of tensors, or of nestings of them, in the other order, each row up to its length."""
    if lengths is None:
        return list(reversed(steps))
    flat = [_rows_reversed(each, lengths) for each in zip(*map(nest.flatten, steps))]
    return [nest.pack_sequence_as(step, list(now)) for step, now in zip(steps, zip(*flat))]


def _rows_reversed(tensors, lengths):
    known = tensors[0].shape if tensors[0]._shape is not None else None
    result = unstack(reverse_sequence(stack(list(tensors)), lengths, 0, 1))
    for tensor in result:
        tensor.set_shape(known)
    return result
