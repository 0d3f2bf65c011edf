"""`tf.nn.raw_rnn`: a loop over time whose inputs, outputs and end a function decides."""
from minitf.core import nest
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.tensor_shape import TensorShape, is_static, merge
from minitf.ops.array.basics import shape, zeros
from minitf.ops.control_flow.tensor_array import TensorArray
from minitf.ops.control_flow.while_loop import while_loop
from minitf.ops.math.elementwise import logical_not, logical_or
from minitf.ops.reduction.reduce import reduce_all
from minitf.ops.state.variable_scope import variable_scope
from minitf.rnn.cell import assert_like_rnncell
from minitf.rnn.sizes import joined, known_shape
from minitf.rnn.step import cache_variables, chosen


def raw_rnn(cell, loop_fn, parallel_iterations=None, swap_memory=False, scope=None):
    """(TensorArrays of what is emitted, the last state, the last loop state).

    `loop_fn(time, output, state, loop_state)` returns (which rows have finished [batch], the next
    input, the next state, what to emit, the next loop state). It is called first with time 0 and
    None for the rest: then it gives the first input and state, and tensors like what is to be
    emitted, or None for what the cell puts out. Rows that have finished emit zeros and keep their
    state; a loop state of None stays as it was. TypeError for what is no cell or no function.
    """
    assert_like_rnncell("cell", cell)
    if not callable(loop_fn):
        raise TypeError("loop_fn must be a callable")
    with variable_scope(scope or "rnn") as entered:
        cache_variables(entered)
        loop = _Loop(cell, loop_fn)
        *_, emitted, state, loop_state = while_loop(
            lambda time, finished, *_: logical_not(reduce_all(finished)), loop.body, loop.first,
            parallel_iterations=parallel_iterations or 32, swap_memory=swap_memory,
        )  # fmt: skip
        return emitted, state, None if loop.stateless else loop_state


class _Loop:
    def __init__(self, cell, loop_fn):
        self.cell, self.loop_fn = cell, loop_fn
        time = constant(0, int32)
        finished, inputs, state, emit, loop_state = loop_fn(time, None, None, None)
        self.stateless = loop_state is None
        loop_state = constant(0, int32) if self.stateless else loop_state
        batch_size, known = _batch_size(nest.flatten(inputs))
        nest.assert_same_structure(state, cell.state_size)
        state = nest.map_structure(convert_to_tensor, state)
        arrays = self._prepare(emit, nest.flatten(state)[0].dtype, batch_size, known)
        self.first = [time, finished, inputs, arrays, state, loop_state]

    def _prepare(self, emit, dtype, batch_size, known):
        """The arrays for what is emitted; what is emitted in a row that has finished."""
        structure = self.cell.output_size if emit is None else emit
        flat = nest.flatten(structure)
        if emit is None:
            pairs = [(size, dtype) for size in flat]
        else:
            sizes = [t.shape if is_static(t._shape) else shape(t) for t in flat]
            pairs = [(size, tensor.dtype) for size, tensor in zip(sizes, flat)]
        arrays = [
            TensorArray(dtype, size=0, dynamic_size=True, name=f"rnn_output_{i}",
                        element_shape=TensorShape([known]).concatenate(known_shape(size)))
            for i, (size, dtype) in enumerate(pairs)
        ]  # fmt: skip
        nothing = [zeros(joined(batch_size, size), dtype) for size, dtype in pairs]
        self.nothing = nest.pack_sequence_as(structure, nothing)
        return nest.pack_sequence_as(structure, arrays)

    def body(self, time, finished, inputs, emitted, state, loop_state):
        output, after = self.cell(inputs, state)
        nest.assert_same_structure(state, after)
        nest.assert_same_structure(self.cell.output_size, output)
        later = time + 1
        ends, next_inputs, after, emit, next_loop_state = self.loop_fn(
            later, output, after, loop_state)
        nest.assert_same_structure(state, after)
        nest.assert_same_structure(inputs, next_inputs)
        nest.assert_same_structure(emitted, emit)
        emit = nest.map_structure(lambda *pair: chosen(finished, *pair), self.nothing, emit)
        after = nest.map_structure(lambda *pair: chosen(finished, *pair), state, after)
        emitted = nest.map_structure(lambda array, each: array.write(time, each), emitted, emit)
        finished = logical_or(finished, ends)
        loop_state = loop_state if next_loop_state is None else next_loop_state
        return later, finished, next_inputs, emitted, after, loop_state


def _batch_size(inputs):
    """(the batch size, a number or a tensor; the number or None)."""
    known = (None,)
    for tensor in inputs:
        merged = merge(known, None if tensor._shape is None else tensor._shape[:1])
        if merged is False:
            raise ValueError(f"The inputs have different batch sizes: {inputs}")
        known = merged
    return known[0] if known[0] is not None else shape(inputs[0])[0], known[0]
