"""The steps of a linear-chain CRF, and how they go along sequences of different lengths."""
from minitf.core.constant import constant
from minitf.core.dtypes import int32
from minitf.core.tensor_shape import dimension_value
from minitf.ops.array.basics import shape, zeros
from minitf.ops.array.indexing import gather_nd
from minitf.ops.array.joining import stack
from minitf.ops.array.masks import where
from minitf.ops.array.sequences import range as range_
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.tensor_array import TensorArray
from minitf.ops.control_flow.while_loop import while_loop
from minitf.ops.math.elementwise import cast, equal, less, maximum
from minitf.ops.reduction.axes import expand_dims, squeeze, transpose
from minitf.ops.reduction.extremes import argmax
from minitf.ops.reduction.reduce import reduce_logsumexp, reduce_max


class _Cell:
    """A step of a recurrent network: `cell(inputs, state)` gives (output, new state)."""

    def __init__(self, size):
        self._size = size

    @property
    def state_size(self):
        return self._size

    @property
    def output_size(self):
        return self._size

    def zero_state(self, batch_size, dtype):
        """A state of zeros [batch_size, state_size]."""
        return zeros([batch_size, self._size], dtype)


class _Transitions(_Cell):
    def __init__(self, transition_params):
        super().__init__(dimension_value(transition_params.shape[0]))
        self._transition_params = expand_dims(transition_params, 0)


class CrfForwardRnnCell(_Transitions):
    """From the log of the sum over all tags before, to that over all tags here."""

    def __call__(self, inputs, state, scope=None):
        scores = expand_dims(state, 2) + self._transition_params
        alphas = inputs + reduce_logsumexp(scores, [1])
        return alphas, alphas


class CrfDecodeForwardRnnCell(_Transitions):
    """From the best score of each tag before, to that of each tag here; the output says whence."""

    def __call__(self, inputs, state, scope=None):
        scores = expand_dims(state, 2) + self._transition_params
        return cast(argmax(scores, 1), dtype=int32), inputs + reduce_max(scores, [1])


class CrfDecodeBackwardRnnCell(_Cell):
    """From a tag to the one it was best reached from."""

    def __init__(self, num_tags):
        super().__init__(1)
        self._num_tags = num_tags

    def __call__(self, inputs, state, scope=None):
        rows = range_(shape(inputs)[0])
        tags = gather_nd(inputs, stack([rows, squeeze(state, axis=[1])], axis=1))
        tags = expand_dims(tags, axis=-1)
        return tags, tags


def along(cell, inputs, lengths, state, dtype=None):
    """(outputs, last state) of a cell that goes along `inputs` [batch, time, n].

    After a row's length its state stays and its outputs are 0; without `dtype`, of the outputs,
    only the state is returned.
    """
    times = shape(inputs)[1]
    rows = transpose(inputs, [1, 0, 2])
    read = TensorArray(inputs.dtype, times).unstack(rows)
    made = () if dtype is None else (TensorArray(dtype, times),)

    def step(time, state, *made):
        output, new = cell(read.read(time), state)
        going = less(time, cast(lengths, int32))
        state = where(going, new, state)
        if not made:
            return time + 1, state
        return time + 1, state, made[0].write(time, where(going, output, output * 0))

    loop_vars = (constant(0), state, *made)
    _, state, *made = while_loop(lambda time, *_: less(time, times), step, loop_vars)
    if not made:
        return state
    outputs = transpose(made[0].stack(), [1, 0, 2])
    outputs.set_shape([inputs.shape[0], inputs.shape[1], cell.output_size])
    return outputs, state


def less_one(lengths):
    return maximum(constant(0, dtype=lengths.dtype), lengths - 1)


def by_length(inputs, single, several):
    """single() where the sequences are of length 1, else several(): known now or in the run."""
    times = dimension_value(inputs.shape[1])
    if times is not None:
        return single() if times == 1 else several()
    return cond(equal(shape(inputs)[1], 1), single, several)
