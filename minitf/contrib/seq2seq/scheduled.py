"""Scheduled sampling, after Bengio et al. 2015: some inputs are the decoder's own outputs."""
from minitf.contrib.seq2seq.helper import TrainingHelper, embedder, unstacked
from minitf.contrib.seq2seq.sampling import bernoulli_sample, categorical_sample
from minitf.core import nest
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import bool_, int32
from minitf.core.graph import name_scope
from minitf.ops.array.basics import fill, shape
from minitf.ops.array.indexing import gather_nd, scatter_nd
from minitf.ops.array.joining import concat
from minitf.ops.array.masks import where
from minitf.ops.control_flow.branches import cond
from minitf.ops.math.elementwise import cast, logical_not, logical_or
from minitf.ops.reduction.reduce import reduce_all, reduce_any
from minitf.rnn.step import transpose_batch_time


def _probability(value):
    tensor = convert_to_tensor(value, name="sampling_probability")
    if tensor.shape.ndims not in (0, 1):
        raise ValueError("sampling_probability must be either a scalar or a vector. saw shape: "
                         f"{tensor.shape}")  # fmt: skip
    return tensor


def _mixed(places, others, own, given, inputs):
    """Rows `own` at `places`, and `given` at the others, in the shape of `inputs`."""
    whole = shape(inputs)
    return (scatter_nd(indices=places, updates=own, shape=whole)
            + scatter_nd(indices=others, updates=given, shape=whole))  # fmt: skip


class ScheduledEmbeddingTrainingHelper(TrainingHelper):
    """TrainingHelper whose inputs are, with `sampling_probability`, the embedding of a class drawn
    by the outputs.

    What is sampled is that class, or -1 where the input is the given one.
    """

    def __init__(
        self, inputs, sequence_length, embedding, sampling_probability, time_major=False, seed=None,
        scheduling_seed=None, name=None,
    ):  # fmt: skip
        values = [sampling_probability] if callable(embedding) else [embedding,
                                                                     sampling_probability]
        with name_scope(name, "ScheduledEmbeddingSamplingWrapper", values):
            self._embedding_fn = embedder(embedding)
            self._sampling_probability = _probability(sampling_probability)
            self._seed, self._scheduling_seed = seed, scheduling_seed
            super().__init__(inputs, sequence_length, time_major, name)

    def sample(self, time, outputs, state, name=None):
        given = nest.flatten([time, outputs, state])
        with name_scope(name, "ScheduledEmbeddingTrainingHelperSample", given):
            chosen = bernoulli_sample(self._sampling_probability, dtype=bool_,
                                      sample_shape=self.batch_size,
                                      seed=self._scheduling_seed)  # fmt: skip
            drawn = categorical_sample(logits=outputs, seed=self._seed)
            return where(chosen, drawn, fill([self.batch_size], -1))

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        given = nest.flatten([time, outputs, state, sample_ids])
        with name_scope(name, "ScheduledEmbeddingTrainingHelperNextInputs", given):
            finished, inputs, state = super().next_inputs(
                time=time, outputs=outputs, state=state, sample_ids=sample_ids, name=name)

            def sampled():
                places = cast(where(sample_ids > -1), int32)
                others = cast(where(sample_ids <= -1), int32)
                drawn, kept = gather_nd(sample_ids, places), gather_nd(inputs, others)
                return _mixed(places, others, self._embedding_fn(drawn), kept, inputs)

            over = reduce_all(finished)
            return finished, cond(over, lambda: inputs, sampled), state


class ScheduledOutputTrainingHelper(TrainingHelper):
    """TrainingHelper whose inputs are, with `sampling_probability`, the outputs themselves, or
    `next_inputs_fn(outputs)`.

    `auxiliary_inputs`, like the inputs but for their last axis, are put behind either. What is
    sampled is whether a row's input is an output.
    """

    def __init__(
        self, inputs, sequence_length, sampling_probability, time_major=False, seed=None,
        next_inputs_fn=None, auxiliary_inputs=None, name=None,
    ):  # fmt: skip
        values = [each for each in (inputs, auxiliary_inputs, sampling_probability)
                  if each is not None]  # fmt: skip
        with name_scope(name, "ScheduledOutputTrainingHelper", values):
            self._sampling_probability = _probability(sampling_probability)
            self._auxiliary_input_tas = None
            if auxiliary_inputs is not None:
                inputs = convert_to_tensor(inputs, name="inputs")
                auxiliary_inputs = convert_to_tensor(auxiliary_inputs, name="auxiliary_inputs")
                inputs = concat((inputs, auxiliary_inputs), -1)
                if not time_major:
                    auxiliary_inputs = transpose_batch_time(auxiliary_inputs)
                self._auxiliary_input_tas = unstacked(auxiliary_inputs)
            self._seed, self._next_inputs_fn = seed, next_inputs_fn
            super().__init__(inputs, sequence_length, time_major, name)

    def sample(self, time, outputs, state, name=None):
        given = nest.flatten([time, outputs, state])
        with name_scope(name, "ScheduledOutputTrainingHelperSample", given):
            return bernoulli_sample(self._sampling_probability, sample_shape=self.batch_size,
                                    seed=self._seed)  # fmt: skip

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        given = nest.flatten([time, outputs, state, sample_ids])
        with name_scope(name, "ScheduledOutputTrainingHelperNextInputs", given):
            finished, inputs, state = super().next_inputs(
                time=time, outputs=outputs, state=state, sample_ids=sample_ids, name=name)
            chosen = cast(sample_ids, bool_)

            def sampled():
                if self._next_inputs_fn is None:
                    return where(chosen, self._with_auxiliary(outputs, time), inputs)
                places = cast(where(chosen), int32)
                others = cast(where(logical_not(chosen)), int32)
                own, kept = gather_nd(outputs, places), gather_nd(inputs, others)
                own = self._with_auxiliary(self._next_inputs_fn(own), time, places)
                return _mixed(places, others, own, kept, inputs)

            over, none = reduce_all(finished), logical_not(reduce_any(chosen))
            return finished, cond(logical_or(over, none), lambda: inputs, sampled), state

    def _with_auxiliary(self, outputs, time, places=None):
        """The outputs with the auxiliary inputs of the next step, of some rows, behind them."""
        if self._auxiliary_input_tas is None:
            return outputs
        more = self._auxiliary_input_tas.read(time + 1)
        return concat((outputs, more if places is None else gather_nd(more, places)), -1)
