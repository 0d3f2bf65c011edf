"""Scores and likelihoods of a linear-chain CRF: `tf.contrib.crf.crf_log_likelihood`, ..."""
from minitf.contrib.crf.cells import CrfForwardRnnCell, along, by_length, less_one
from minitf.core.dtypes import float32, int64
from minitf.core.tensor_shape import dimension_value
from minitf.ops.array.basics import fill, reshape, shape, zeros_like
from minitf.ops.array.indexing import gather, gather_nd
from minitf.ops.array.joining import concat
from minitf.ops.array.masks import sequence_mask, where
from minitf.ops.array.sequences import range as range_
from minitf.ops.array.slicing import slice_
from minitf.ops.math.elementwise import cast, less_equal
from minitf.ops.reduction.axes import expand_dims, squeeze
from minitf.ops.reduction.reduce import reduce_logsumexp, reduce_sum
from minitf.ops.state.variable_scope import get_variable


def crf_sequence_score(inputs, tag_indices, sequence_lengths, transition_params):
    """The score of each sequence of tags [batch, time]: of its tags and its transitions.

    `inputs` [batch, time, tags] scores each tag at each place, `transition_params` [tags, tags]
    each tag after another.
    """

    def single():
        size = shape(inputs, out_type=tag_indices.dtype)[0]
        rows = reshape(range_(size, dtype=tag_indices.dtype), [-1, 1])
        scores = gather_nd(squeeze(inputs, [1]), concat([rows, tag_indices], axis=1))
        return _zero_if_empty(scores, sequence_lengths)

    def several():
        unary = crf_unary_score(tag_indices, sequence_lengths, inputs)
        return unary + crf_binary_score(tag_indices, sequence_lengths, transition_params)

    return by_length(inputs, single, several)


def _zero_if_empty(scores, lengths):
    return where(less_equal(lengths, 0), zeros_like(scores), scores)


def crf_multitag_sequence_score(inputs, tag_bitmap, sequence_lengths, transition_params):
    """The log of the sum over all sequences of tags that `tag_bitmap` [batch, time, tags] allows,
    of e to their scores."""

    def allowed():
        return where(tag_bitmap, inputs, fill(shape(inputs), float("-inf")))

    return by_length(
        inputs,
        lambda: reduce_logsumexp(allowed(), axis=[1, 2], keepdims=False),
        lambda: crf_log_norm(allowed(), sequence_lengths, transition_params),
    )


def crf_log_norm(inputs, sequence_lengths, transition_params):
    """The log of the sum, over all sequences of tags, of e to their scores; of each row."""
    first = squeeze(slice_(inputs, [0, 0, 0], [-1, 1, -1]), [1])

    def single():
        return _zero_if_empty(reduce_logsumexp(first, [1]), sequence_lengths)

    def several():
        rest = slice_(inputs, [0, 1, 0], [-1, -1, -1])
        cell = CrfForwardRnnCell(transition_params)
        alphas = along(cell, rest, less_one(sequence_lengths), first)
        return _zero_if_empty(reduce_logsumexp(alphas, [1]), sequence_lengths)

    return by_length(inputs, single, several)


def crf_log_likelihood(inputs, tag_indices, sequence_lengths, transition_params=None):
    """(log likelihood of the tags of each row, transition_params).

    Without `transition_params` they are the variable "transitions" [tags, tags].
    """
    tags = dimension_value(inputs.shape[2])
    if transition_params is None:
        transition_params = get_variable("transitions", [tags, tags])
    scores = crf_sequence_score(inputs, tag_indices, sequence_lengths, transition_params)
    return scores - crf_log_norm(inputs, sequence_lengths, transition_params), transition_params


def crf_unary_score(tag_indices, sequence_lengths, inputs):
    """The sum of the scores of the tags of each row."""
    batch, times, tags = (shape(inputs)[axis] for axis in range(3))
    flat = reshape(inputs, [-1])
    places = expand_dims(range_(batch) * times * tags, 1)
    places += expand_dims(range_(times) * tags, 0)
    if tag_indices.dtype == int64:
        places = cast(places, int64)
    places = reshape(places + tag_indices, [-1])
    scores = reshape(gather(flat, places), [batch, times])
    return reduce_sum(scores * _masks(tag_indices, sequence_lengths), 1)


def crf_binary_score(tag_indices, sequence_lengths, transition_params):
    """The sum of the scores of the transitions of each row."""
    tags, count = transition_params.shape[0], shape(tag_indices)[1] - 1
    start = slice_(tag_indices, [0, 0], [-1, count])
    end = slice_(tag_indices, [0, 1], [-1, count])
    scores = gather(reshape(transition_params, [-1]), start * tags + end)
    masks = slice_(_masks(tag_indices, sequence_lengths), [0, 1], [-1, -1])
    return reduce_sum(scores * masks, 1)


def _masks(tag_indices, sequence_lengths):
    return sequence_mask(sequence_lengths, maxlen=shape(tag_indices)[1], dtype=float32)
