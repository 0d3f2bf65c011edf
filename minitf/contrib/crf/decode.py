"""The best tags: `tf.contrib.crf.viterbi_decode` of arrays, `tf.contrib.crf.crf_decode`."""
import numpy as np

from minitf.contrib.crf.cells import (
    CrfDecodeBackwardRnnCell,
    CrfDecodeForwardRnnCell,
    along,
    by_length,
    less_one,
)
from minitf.core.dtypes import int32
from minitf.core.tensor_shape import dimension_value
from minitf.ops.array.joining import concat
from minitf.ops.array.rearrange import reverse_sequence
from minitf.ops.array.slicing import slice_
from minitf.ops.math.elementwise import cast
from minitf.ops.reduction.axes import expand_dims, squeeze
from minitf.ops.reduction.extremes import argmax
from minitf.ops.reduction.reduce import reduce_max


def viterbi_decode(score, transition_params):
    """(tags, their score): the best sequence of tags, after Viterbi 1967.

    Arrays: `score` [time, tags], `transition_params` [tags, tags]. The tags are a list.
    """
    best = score[0]
    whence = []
    for row in score[1:]:
        scores = best[:, None] + transition_params
        whence.append(np.argmax(scores, 0))
        best = row + np.max(scores, 0)
    tags = [np.argmax(best)]
    for before in reversed(whence):
        tags.append(before[tags[-1]])
    return tags[::-1], np.max(best)


def crf_decode(potentials, transition_params, sequence_length):
    """(tags [batch, time], int32, their scores [batch]): the best sequence of tags of each row.

    After a row's length the tags mean nothing. `potentials` [batch, time, tags] scores each tag at
    each place, `transition_params` [tags, tags] each tag after another.
    """

    def single():
        only = squeeze(potentials, [1])
        tags = expand_dims(argmax(only, axis=1), 1)
        return cast(tags, dtype=int32), reduce_max(only, axis=1)

    def several():
        cell = CrfDecodeForwardRnnCell(transition_params)
        first = squeeze(slice_(potentials, [0, 0, 0], [-1, 1, -1]), axis=[1])
        rest = slice_(potentials, [0, 1, 0], [-1, -1, -1])
        lengths = less_one(sequence_length)
        whence, scores = along(cell, rest, lengths, first, int32)
        whence = reverse_sequence(whence, lengths, seq_axis=1)
        last = expand_dims(cast(argmax(scores, axis=1), dtype=int32), axis=-1)
        back = CrfDecodeBackwardRnnCell(dimension_value(potentials.shape[2]))
        tags, _ = along(back, whence, lengths, last, int32)
        tags = concat([last, squeeze(tags, axis=[2])], axis=1)
        return reverse_sequence(tags, sequence_length, seq_axis=1), reduce_max(scores, axis=1)

    return by_length(potentials, single, several)
