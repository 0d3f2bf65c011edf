"""`tf.nn.dynamic_rnn` and `tf.nn.bidirectional_dynamic_rnn`: a loop over the time steps."""
from minitf.core import nest
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.graph import control_dependencies, name_scope
from minitf.core.tensor_shape import TensorShape
from minitf.ops.array.basics import identity, shape, zeros
from minitf.ops.array.joining import stack
from minitf.ops.array.rearrange import reverse_sequence
from minitf.ops.control_flow.control import Assert
from minitf.ops.control_flow.tensor_array import TensorArray
from minitf.ops.control_flow.while_loop import while_loop
from minitf.ops.math.elementwise import cast, equal, maximum, minimum
from minitf.ops.reduction.axes import reverse
from minitf.ops.reduction.reduce import reduce_all, reduce_max, reduce_min
from minitf.ops.state.variable_scope import variable_scope
from minitf.rnn.cell import assert_like_rnncell
from minitf.rnn.sizes import batch_size_of, dtype_of, joined, joined_shape, known_shape
from minitf.rnn.step import Step, cache_variables, transpose_batch_time, wraps_state
from minitf.rnn.step import initial_state as state_of


def dynamic_rnn(
    cell, inputs, sequence_length=None, initial_state=None, dtype=None, parallel_iterations=None,
    swap_memory=False, time_major=False, scope=None,
):  # fmt: skip
    """(outputs, the last state) of `cell` run over the time axis of `inputs`.

    `inputs` are [batch, time, ...], or [time, batch, ...] if `time_major`, or a nesting of such;
    the outputs are alike. Rows end after `sequence_length` [batch] steps: then outputs are zero and
    the state stays. The state begins as `initial_state`, or else as zeros of `dtype`. Variables are
    in `scope`, "rnn" unless said. Steps run one after the other and values stay in memory:
    `parallel_iterations` and `swap_memory` change nothing. TypeError for what is no cell,
    ValueError without a state or dtype, or for inputs of unknown depth or of different sizes.
    """
    assert_like_rnncell("cell", cell)
    with variable_scope(scope or "rnn") as entered:
        cache_variables(entered)
        flat = nest.flatten(inputs)
        if not time_major:
            flat = [transpose_batch_time(each) for each in map(convert_to_tensor, flat)]
        lengths = None if sequence_length is None else _lengths(sequence_length)
        batch_size = batch_size_of(flat)
        state = state_of(cell, initial_state, batch_size, dtype,
                         "If there is no initial_state, you must give a dtype.")  # fmt: skip
        if lengths is not None:
            lengths = _checked(lengths, batch_size)
        inputs = nest.pack_sequence_as(inputs, flat)
        loop = _Loop(cell, inputs, state, lengths, dtype)
        outputs, state = loop.run(parallel_iterations or 32, swap_memory)
        if not time_major:
            outputs = nest.map_structure(transpose_batch_time, outputs)
        return outputs, state


def _lengths(sequence_length):
    lengths = cast(sequence_length, int32)
    if lengths._shape is not None and len(lengths._shape) != 1:
        raise ValueError("sequence_length must be a vector of length batch_size, but saw shape: "
                         f"{lengths.shape}")  # fmt: skip
    return identity(lengths, name="sequence_length")


def _checked(lengths, batch_size):
    """The lengths, after a check that there is one for each row."""
    found, wanted = shape(lengths), stack([batch_size])
    said = [f"Expected shape for Tensor {lengths.name} is ", wanted, " but saw shape: ", found]
    with control_dependencies([Assert(reduce_all(equal(found, wanted)), said)]):
        return identity(lengths, name="CheckSeqLen")


class _Loop:
    """The loop over time: `inputs` are time major."""

    def __init__(self, cell, inputs, state, lengths, dtype):
        self.cell, self.inputs, self.state, self.dtype = cell, inputs, state, dtype
        flat = nest.flatten(inputs)
        self.steps = shape(flat[0])[0]
        batch_size = batch_size_of(flat)
        self.shapes = [tensor.shape.with_rank_at_least(3) for tensor in flat]
        self.known_steps, self.known_batch = self.shapes[0].as_list()[:2]
        _check_alike(self.shapes)
        zero_output = self._zero_output(batch_size)
        self.step, self.longest = None, self.steps
        if lengths is not None:
            shortest, self.longest = reduce_min(lengths), reduce_max(lengths)
            self.step = Step(lengths, shortest, self.longest, zero_output)

    def _zero_output(self, batch_size):
        made = [zeros(stack(joined(batch_size, size)), dtype_of(self.dtype, self.state))
                for size in nest.flatten(self.cell.output_size)]  # fmt: skip
        return nest.pack_sequence_as(self.cell.output_size, made)

    def run(self, parallel_iterations, swap_memory):
        """(outputs, state), time major."""
        time = constant(0, int32, name="time")
        with name_scope("dynamic_rnn") as self.scope:
            pass
        outputs = tuple(self._output_array(i, size)
                        for i, size in enumerate(nest.flatten(self.cell.output_size)))  # fmt: skip
        self.rows = self._input_arrays()
        bound = minimum(self.steps, maximum(1, self.longest))
        _, outputs, state = while_loop(
            lambda time, *_: time < bound, self._body, (time, outputs, self.state),
            parallel_iterations=parallel_iterations, maximum_iterations=self.steps,
            swap_memory=swap_memory,
        )  # fmt: skip
        return self._stacked(outputs), state

    def _output_array(self, number, size):
        element = TensorShape([self.known_batch]).concatenate(known_shape(size))
        return self._array(f"output_{number}", element, dtype_of(self.dtype, self.state))

    def _input_arrays(self):
        flat = nest.flatten(self.inputs)
        arrays = [self._array(f"input_{i}", tensor.shape[1:], tensor.dtype)
                  for i, tensor in enumerate(flat)]  # fmt: skip
        return [array.unstack(tensor) for array, tensor in zip(arrays, flat)]

    def _array(self, name, element_shape, dtype):
        return TensorArray(dtype, self.steps, element_shape=element_shape,
                           tensor_array_name=self.scope + name)  # fmt: skip

    def _body(self, time, outputs, state):
        read = [array.read(time) for array in self.rows]
        for tensor, known in zip(read, self.shapes):
            tensor.set_shape(known[1:])
        now = nest.pack_sequence_as(self.inputs, read)
        output, state = self._called(time, now, state)
        outputs = tuple(array.write(time, each)
                        for array, each in zip(outputs, nest.flatten(output)))  # fmt: skip
        return time + 1, outputs, state

    def _called(self, time, now, state):
        in_list = wraps_state(self.cell)
        state = [state] if in_list and not nest.is_nested(state) else state
        if self.step is None:
            output, state = self.cell(now, state)
        else:
            output, state = self.step(time, state, lambda: self.cell(now, state),
                                      skip_conditionals=True)  # fmt: skip
        return output, state[0] if in_list and len(state) == 1 else state

    def _stacked(self, outputs):
        sizes = nest.flatten(self.cell.output_size)
        stacked = [array.stack() for array in outputs]
        for tensor, size in zip(stacked, sizes):
            tensor.set_shape(joined_shape([self.known_steps, self.known_batch], size))
        return nest.pack_sequence_as(self.cell.output_size, stacked)


def _check_alike(shapes):
    for each in shapes:
        if not each[2:].is_fully_defined():
            raise ValueError("Input size (depth of inputs) must be accessible via shape inference, "
                             "but saw value None.")  # fmt: skip
        for axis, what in enumerate(("Time steps is", "Batch_size is")):
            if each[axis].value != shapes[0][axis].value:
                raise ValueError(f"{what} not the same for all the elements in the input: "
                                 f"{shapes[0]} and {each}.")  # fmt: skip


def bidirectional_dynamic_rnn(
    cell_fw, cell_bw, inputs, sequence_length=None, initial_state_fw=None, initial_state_bw=None,
    dtype=None, parallel_iterations=None, swap_memory=False, time_major=False, scope=None,
):  # fmt: skip
    """((outputs, outputs), (state, state)) of a cell run forward and another run backward in time.

    Each is `dynamic_rnn`; the backward cell reads each row from its end, `sequence_length`, and its
    outputs are put back in the order of time. Variables are in "fw" and "bw" within `scope`,
    "bidirectional_rnn" unless said.
    """
    assert_like_rnncell("cell_fw", cell_fw)
    assert_like_rnncell("cell_bw", cell_bw)
    axes = {"seq_axis": 0, "batch_axis": 1} if time_major else {"seq_axis": 1, "batch_axis": 0}
    same = {"sequence_length": sequence_length, "dtype": dtype, "swap_memory": swap_memory,
            "parallel_iterations": parallel_iterations, "time_major": time_major}  # fmt: skip

    def reversed_(tensor):
        if sequence_length is None:
            return reverse(tensor, axis=[axes["seq_axis"]])
        return reverse_sequence(tensor, sequence_length, **axes)

    with variable_scope(scope or "bidirectional_rnn"):
        with variable_scope("fw") as inner:
            forward, state_fw = dynamic_rnn(cell_fw, inputs, initial_state=initial_state_fw,
                                            scope=inner, **same)  # fmt: skip
        with variable_scope("bw") as inner:
            backward, state_bw = dynamic_rnn(cell_bw, nest.map_structure(reversed_, inputs),
                                             initial_state=initial_state_bw, scope=inner,
                                             **same)  # fmt: skip
    return (forward, nest.map_structure(reversed_, backward)), (state_fw, state_bw)
