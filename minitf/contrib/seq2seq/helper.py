"""Helpers: what is sampled of a decoder's outputs, and what its next inputs are."""
import abc

from minitf.contrib.seq2seq.sampling import categorical_sample
from minitf.core import nest
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.graph import name_scope
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import TensorShape
from minitf.nn.embedding import embedding_lookup
from minitf.ops.array.basics import shape, size, zeros_like
from minitf.ops.array.padding import tile
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.tensor_array import TensorArray
from minitf.ops.math.elementwise import cast, equal
from minitf.ops.reduction.extremes import argmax
from minitf.ops.reduction.reduce import reduce_all
from minitf.rnn.step import transpose_batch_time


class Helper(abc.ABC):
    """The base of helpers."""

    @property
    @abc.abstractmethod
    def batch_size(self):
        """The number of rows, a scalar tensor."""

    @property
    @abc.abstractmethod
    def sample_ids_shape(self):
        """The shape of what is sampled, without the batch axis."""

    @property
    @abc.abstractmethod
    def sample_ids_dtype(self):
        """The type of what is sampled."""

    @abc.abstractmethod
    def initialize(self, name=None):
        """(which rows have finished, the first inputs)."""

    @abc.abstractmethod
    def sample(self, time, outputs, state, name=None):
        """What is sampled of the outputs."""

    @abc.abstractmethod
    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        """(which rows have finished, the next inputs, the next state)."""


class CustomHelper(Helper):
    """A helper made of functions: its methods by keyword, `initialize_fn()` without arguments."""

    def __init__(
        self, initialize_fn, sample_fn, next_inputs_fn, sample_ids_shape=None, sample_ids_dtype=None
    ):
        self._initialize_fn, self._sample_fn = initialize_fn, sample_fn
        self._next_inputs_fn, self._batch_size = next_inputs_fn, None
        self._sample_ids_shape = TensorShape(sample_ids_shape or [])
        self._sample_ids_dtype = sample_ids_dtype or int32

    sample_ids_shape = property(lambda self: self._sample_ids_shape)
    sample_ids_dtype = property(lambda self: self._sample_ids_dtype)

    @property
    def batch_size(self):
        """The number of rows. ValueError before `initialize`, which shows it."""
        if self._batch_size is None:
            raise ValueError("batch_size accessed before initialize was called")
        return self._batch_size

    def initialize(self, name=None):
        with name_scope(name, f"{type(self).__name__}Initialize"):
            finished, inputs = self._initialize_fn()
            if self._batch_size is None:
                self._batch_size = size(finished)
        return finished, inputs

    def sample(self, time, outputs, state, name=None):
        with name_scope(name, f"{type(self).__name__}Sample", nest.flatten((time, outputs, state))):
            return self._sample_fn(time=time, outputs=outputs, state=state)

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        given = nest.flatten((time, outputs, state))
        with name_scope(name, f"{type(self).__name__}NextInputs", given):
            return self._next_inputs_fn(time=time, outputs=outputs, state=state,
                                        sample_ids=sample_ids)  # fmt: skip


def unstacked(inputs):
    """A TensorArray of the rows along the first axis."""
    array = TensorArray(inputs.dtype, size=shape(inputs)[0], element_shape=inputs.shape[1:])
    return array.unstack(inputs)


class TrainingHelper(Helper):
    """The inputs are given: [batch, time, ...], or [time, batch, ...] if `time_major`.

    A row finishes after `sequence_length` [batch] steps; what is sampled is the greatest element.
    ValueError unless `sequence_length` is a vector.
    """

    def __init__(self, inputs, sequence_length, time_major=False, name=None):
        with name_scope(name, "TrainingHelper", nest.flatten([inputs, sequence_length])):
            inputs = convert_to_tensor(inputs, name="inputs")
            self._inputs = inputs
            if not time_major:
                inputs = nest.map_structure(transpose_batch_time, inputs)
            self._input_tas = nest.map_structure(unstacked, inputs)
            self._sequence_length = convert_to_tensor(sequence_length, name="sequence_length")
            if self._sequence_length.shape.ndims != 1:
                raise ValueError("Expected sequence_length to be a vector, but received shape: "
                                 f"{self._sequence_length.shape}")  # fmt: skip
            self._zero_inputs = nest.map_structure(lambda each: zeros_like(each[0, :]), inputs)
            self._batch_size = size(sequence_length)

    inputs = property(lambda self: self._inputs, doc="The inputs as they were given.")
    sequence_length = property(lambda self: self._sequence_length)
    batch_size = property(lambda self: self._batch_size)
    sample_ids_shape = property(lambda self: TensorShape([]))
    sample_ids_dtype = property(lambda self: int32)

    def initialize(self, name=None):
        with name_scope(name, "TrainingHelperInitialize"):
            finished = equal(0, self._sequence_length)
            return finished, self._read(finished, 0)

    def sample(self, time, outputs, name=None, **unused_kwargs):
        with name_scope(name, "TrainingHelperSample", [time, outputs]):
            return cast(argmax(outputs, axis=-1), int32)

    def next_inputs(self, time, outputs, state, name=None, **unused_kwargs):
        with name_scope(name, "TrainingHelperNextInputs", nest.flatten([time, outputs, state])):
            later = time + 1
            finished = later >= self._sequence_length
            return finished, self._read(finished, later), state

    def _read(self, finished, time):
        """The inputs at a time, zeros when all rows have finished."""
        over = reduce_all(finished)
        return cond(over, lambda: self._zero_inputs, lambda: nest.map_structure(
            lambda array: array.read(time), self._input_tas))  # fmt: skip


def embedder(embedding):
    """A function of class numbers: `embedding` itself, or a look-up in the tensor that it is."""
    if callable(embedding):
        return embedding
    return lambda ids: embedding_lookup(embedding, ids)


class GreedyEmbeddingHelper(Helper):
    """The next inputs are the embedding of the most probable class.

    `embedding` is a tensor, or a function of class numbers; `start_tokens` [batch] are the first,
    and a row that comes to `end_token` finishes. ValueError for other shapes.
    """

    def __init__(self, embedding, start_tokens, end_token):
        self._embedding_fn = embedder(embedding)
        self._start_tokens = convert_to_tensor(start_tokens, dtype=int32, name="start_tokens")
        self._end_token = convert_to_tensor(end_token, dtype=int32, name="end_token")
        if self._start_tokens.shape.ndims != 1:
            raise ValueError(
                f"start_tokens must be a vector, got shape {self._start_tokens.shape}"
            )
        self._batch_size = size(start_tokens)
        if self._end_token.shape.ndims != 0:
            raise ValueError(f"end_token must be a scalar, got shape {self._end_token.shape}")
        self._start_inputs = self._embedding_fn(self._start_tokens)

    batch_size = property(lambda self: self._batch_size)
    sample_ids_shape = property(lambda self: TensorShape([]))
    sample_ids_dtype = property(lambda self: int32)

    def initialize(self, name=None):
        return tile([False], [self._batch_size]), self._start_inputs

    def sample(self, time, outputs, state, name=None):
        return argmax(_one_tensor(outputs), axis=-1, output_type=int32)

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        finished = equal(sample_ids, self._end_token)
        over = reduce_all(finished)
        inputs = cond(over, lambda: self._start_inputs, lambda: self._embedding_fn(sample_ids))
        return finished, inputs, state


def _one_tensor(outputs):
    if not isinstance(outputs, Tensor):
        raise TypeError(f"Expected outputs to be a single Tensor, got: {type(outputs)}")
    return outputs


class SampleEmbeddingHelper(GreedyEmbeddingHelper):
    """The next inputs are the embedding of a class drawn by the logits / `softmax_temperature`."""

    def __init__(self, embedding, start_tokens, end_token, softmax_temperature=None, seed=None):
        super().__init__(embedding, start_tokens, end_token)
        self._softmax_temperature, self._seed = softmax_temperature, seed

    def sample(self, time, outputs, state, name=None):
        logits = _one_tensor(outputs)
        if self._softmax_temperature is not None:
            logits = logits / self._softmax_temperature
        return categorical_sample(logits=logits, seed=self._seed)


class InferenceHelper(Helper):
    """A helper made of functions of what is sampled.

    `sample_fn(outputs)` samples, of shape `sample_shape` and type `sample_dtype` for each row;
    `end_fn(sampled)` says which rows finish, `next_inputs_fn(sampled)` what the next inputs are:
    what was sampled unless it is given.
    """

    def __init__(
        self, sample_fn, sample_shape, sample_dtype, start_inputs, end_fn, next_inputs_fn=None
    ):
        self._sample_fn, self._end_fn, self._next_inputs_fn = sample_fn, end_fn, next_inputs_fn
        self._sample_shape, self._sample_dtype = TensorShape(sample_shape), sample_dtype
        self._batch_size = shape(start_inputs)[0]
        self._start_inputs = convert_to_tensor(start_inputs, name="start_inputs")

    batch_size = property(lambda self: self._batch_size)
    sample_ids_shape = property(lambda self: self._sample_shape)
    sample_ids_dtype = property(lambda self: self._sample_dtype)

    def initialize(self, name=None):
        return tile([False], [self._batch_size]), self._start_inputs

    def sample(self, time, outputs, state, name=None):
        return self._sample_fn(outputs)

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        inputs = sample_ids if self._next_inputs_fn is None else self._next_inputs_fn(sample_ids)
        return self._end_fn(sample_ids), inputs, state
