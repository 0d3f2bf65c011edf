"""Strings cut into their parts: the ops of `tf.string_split` and `tf.strings.split`."""
import functools
import itertools

import numpy as np

from minitf.core.dtypes import int64, string
from minitf.ops.strings import kernels
from minitf.ops.strings.text import BLANKS, filled, on_text, only


def sparse_parts(rows):
    """(indices, values, shape) of a list of lists of strings."""
    lengths = np.array([*map(len, rows)], np.int64)
    texts = list(itertools.chain.from_iterable(rows))
    places = np.empty((len(texts), 2), np.int64)
    places[:, 0] = np.repeat(np.arange(len(rows)), lengths)
    places[:, 1] = np.arange(len(texts)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    longest = np.max(lengths, initial=0)
    return [places, filled((len(texts),), texts), np.array([len(rows), longest], np.int64)]


def _sparse_shapes(input, *_, **__):
    if input is not None and len(input) != 1:
        raise ValueError(f"Shape must be rank 1 but is rank {len(input)}: input")
    return [(None, 2), (None,), (2,)]


@on_text("StringSplit", shape=_sparse_shapes)
def string_split_op(
    xp, input: string, delimiter: string, *, skip_empty=True
) -> [int64, string, int64]:
    """Each string cut at any of the bytes of delimiter; without these, into bytes."""
    marks = only(delimiter, "delimiter")
    return sparse_parts([_cut(text, marks, skip_empty) for text in input.tolist()])


def _cut(text, marks, skip_empty):
    if not marks:
        return [text[i : i + 1] for i in range(len(text))]
    if not text:
        return []
    # Every mark as the first one; what is cut away does not matter.
    parts = (text if len(marks) == 1 else text.translate(_table(marks))).split(marks[:1])
    return [part for part in parts if part] if skip_empty else parts


@string_split_op.trait
def quick(run, input, delimiter, *, skip_empty):
    return kernels.cut(run, input, only(delimiter, "delimiter"), skip_empty)


@functools.lru_cache(64)
def _table(marks):
    return bytes(marks[0] if byte in marks else byte for byte in range(256))


@on_text("StringSplitV2", shape=_sparse_shapes)
def string_split_v2_op(
    xp, input: string, sep: string, *, maxsplit=-1
) -> [int64, string, int64]:
    """Each string cut at a separator, or, where that is empty, at white space."""
    mark = only(sep, "sep")
    return sparse_parts([_pieces(text, mark, maxsplit) for text in input.tolist()])


def _pieces(text, mark, most):
    if not most:
        return [text]
    if mark:
        return text.split(mark, most)
    if most < 0:
        return text.split()
    # Unlike Python's, TensorFlow's last part keeps its white space, and may be empty.
    pieces, rest = [], text.lstrip(BLANKS)
    while rest and len(pieces) < most:
        word = rest.split(None, 1)[0]
        rest = rest[len(word) :].lstrip(BLANKS)
        pieces.append(word)
    return [*pieces, rest] if len(pieces) == most else pieces
