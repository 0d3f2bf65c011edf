"""`tf.contrib.seq2seq.dynamic_decode`: a loop of a Decoder's steps until all rows have finished."""
import abc
import contextlib

from minitf.core import nest
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.static import constant_value
from minitf.core.tensor_shape import TensorShape
from minitf.ops.array.basics import fill, shape, zeros_like
from minitf.ops.array.masks import where
from minitf.ops.control_flow.tensor_array import TensorArray
from minitf.ops.control_flow.while_loop import while_loop
from minitf.ops.math.elementwise import logical_not, logical_or
from minitf.ops.reduction.reduce import reduce_all
from minitf.ops.state.variable_scope import variable_scope
from minitf.rnn.sizes import zero_states
from minitf.rnn.step import cache_variables, chosen
from minitf.rnn.step import transpose_batch_time as _transpose_batch_time


class Decoder(abc.ABC):
    """The base of decoders: what the first inputs are, and what a step makes of inputs."""

    @property
    def batch_size(self):
        """The number of rows, a number or a tensor."""
        raise NotImplementedError

    @property
    def output_size(self):
        """The sizes of what a step puts out, without the batch axis: a nesting of them."""
        raise NotImplementedError

    @property
    def output_dtype(self):
        """The types of what a step puts out, a nesting like `output_size`."""
        raise NotImplementedError

    @abc.abstractmethod
    def initialize(self, name=None):
        """(which rows have finished [batch], the first inputs, the first state)."""
        raise NotImplementedError

    @abc.abstractmethod
    def step(self, time, inputs, state, name=None):
        """(outputs, the next state, the next inputs, which rows have finished)."""
        raise NotImplementedError

    def finalize(self, outputs, final_state, sequence_lengths):
        """(outputs, state) of all steps, time major, made what `dynamic_decode` is to return."""
        raise NotImplementedError

    @property
    def tracks_own_finished(self):
        """Whether rows may go on again: else those that have finished have for good."""
        return False


def dynamic_decode(
    decoder,
    output_time_major=False,
    impute_finished=False,
    maximum_iterations=None,
    parallel_iterations=32,
    swap_memory=False,
    scope=None,
    **kwargs,
):
    """(outputs, the last state, lengths [batch]) of steps until all rows have finished.

    Outputs are [batch, time, ...], or [time, batch, ...] if `output_time_major`. With
    `impute_finished` rows that have finished put out zeros and keep their state. TypeError for
    what is no Decoder, ValueError unless `maximum_iterations` is a scalar.
    """
    if not isinstance(decoder, Decoder):
        raise TypeError(f"Expected decoder to be type Decoder, but saw: {type(decoder)}")
    with variable_scope(scope, "decoder") as entered:
        cache_variables(entered)
        limit = _limit(maximum_iterations)
        loop = _Loop(decoder, limit, impute_finished)
        _, arrays, state, _, _, lengths = while_loop(
            lambda time, arrays, state, inputs, finished, lengths: logical_not(
                reduce_all(finished)),
            loop.body, loop.first, parallel_iterations=parallel_iterations,
            maximum_iterations=limit, swap_memory=swap_memory,
        )  # fmt: skip
        outputs = nest.map_structure(lambda array: array.stack(), arrays)
        with contextlib.suppress(NotImplementedError):  # a decoder that has nothing to add
            outputs, state = decoder.finalize(outputs, state, lengths)
        if not output_time_major:
            outputs = nest.map_structure(_transpose_batch_time, outputs)
    return outputs, state, lengths


def _limit(maximum_iterations):
    if maximum_iterations is None:
        return None
    limit = convert_to_tensor(maximum_iterations, dtype=int32, name="maximum_iterations")
    if limit._shape != ():
        raise ValueError(f"maximum_iterations must be a scalar, got shape {limit.shape}")
    return limit


class _Loop:
    """The body of the loop, and what its variables are at `first`."""

    def __init__(self, decoder, limit, impute_finished):
        self.decoder, self.impute_finished = decoder, impute_finished
        finished, inputs, state = decoder.initialize()
        self.nothing = nest.map_structure(
            lambda size, dtype: zero_states(size, decoder.batch_size, dtype),
            decoder.output_size, decoder.output_dtype)
        if limit is not None:
            finished = logical_or(finished, limit <= 0)
        lengths = zeros_like(finished, dtype=int32)
        time = constant(0, int32)
        arrays = nest.map_structure(self._array, decoder.output_size, decoder.output_dtype)
        self.first = time, arrays, state, inputs, finished, lengths

    def _array(self, size, dtype):
        element = None
        if isinstance(size, TensorShape) and size.ndims != 0:
            batch_size = convert_to_tensor(self.decoder.batch_size, name="batch_size")
            element = TensorShape([constant_value(batch_size)]).concatenate(size)
        return TensorArray(dtype, size=0, dynamic_size=True, element_shape=element)

    def body(self, time, arrays, state, inputs, finished, lengths):
        outputs, next_state, next_inputs, ends = self.decoder.step(time, inputs, state)
        next_finished = ends if self.decoder.tracks_own_finished else logical_or(ends, finished)
        going_on = logical_not(finished)
        next_lengths = where(going_on, fill(shape(lengths), time + 1), lengths)
        nest.assert_same_structure(state, next_state)
        nest.assert_same_structure(arrays, outputs)
        nest.assert_same_structure(inputs, next_inputs)
        if self.impute_finished:
            outputs = nest.map_structure(lambda out, nothing: where(finished, nothing, out),
                                         outputs, self.nothing)  # fmt: skip
            next_state = nest.map_structure(
                lambda new, old: self._kept(finished, old, new), next_state, state)
        arrays = nest.map_structure(lambda array, out: array.write(time, out), arrays, outputs)
        return time + 1, arrays, next_state, next_inputs, next_finished, next_lengths

    @staticmethod
    def _kept(finished, old, new):
        if not isinstance(old, TensorArray):
            new.set_shape(old.shape)
        return chosen(finished, old, new)
