"""Strings cut into their parts: `tf.string_split`, `tf.strings.split`, `tf.strings.bytes_split`."""
import functools
import itertools

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.deprecation import renamed
from minitf.core.dtypes import int64, string
from minitf.core.graph import name_scope
from minitf.core.sparse_tensor import SparseTensor
from minitf.ops.array.joining import stack
from minitf.ops.strings import kernels
from minitf.ops.strings.text import BLANKS, filled, on_text, only

# -- the ops --------------------------------------------------------------------------------------


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


# -- TF1's functions ------------------------------------------------------------------------------

RAGGED = "RaggedTensor"


def _check_result(result_type):
    if result_type not in ("SparseTensor", RAGGED):
        raise ValueError("result_type must be 'RaggedTensor' or 'SparseTensor'.")


def _no_ragged(what):
    return NotImplementedError(
        f"{what} would be a RaggedTensor, which minitf does not have; of a vector of strings "
        "tf.strings.split and tf.string_split give a SparseTensor"
    )


def string_split(
    source, sep=None, skip_empty=True, delimiter=None, result_type="SparseTensor", name=None
):
    """The parts of each string of the vector `source`, as a SparseTensor: a row for each string.

    Any of the bytes of `sep` (a space) cuts; with "" each byte is a part. With `skip_empty` there
    are no empty parts. `delimiter` is the older name of `sep`. ValueError for another result type,
    and for `sep` that is no scalar; NotImplementedError for a RaggedTensor.
    """
    with name_scope(name, "StringSplit", [source]):
        sep = renamed("sep", sep, "delimiter", delimiter)
        marks = convert_to_tensor(" " if sep is None else sep, dtype=string)
        marks.shape.assert_has_rank(0)
        source = convert_to_tensor(source, dtype=string)
        _check_result(result_type)
        if result_type == RAGGED:
            raise _no_ragged("The result")
        return SparseTensor(*string_split_op(source, marks, skip_empty=skip_empty))


def strings_split(
    input=None, sep=None, maxsplit=-1, result_type="SparseTensor", source=None, name=None
):
    """The parts of each string of the vector `input`, as a SparseTensor: a row for each string.

    As Python's str.split: `sep` is the whole of what stands between parts, which may be empty;
    without it they are cut at white space. A `maxsplit` of 0 or more is the most cuts. Of a scalar,
    with the `result_type` "RaggedTensor", it is a vector of the parts. `source` is another name of
    `input`. NotImplementedError where TensorFlow gives a RaggedTensor.
    """
    input = renamed("input", input, "source", source)
    with name_scope(name, "StringSplit", [input]):
        _check_result(result_type)
        input = convert_to_tensor(input, dtype=string, name="input")
        rank = input.shape.ndims
        marks = convert_to_tensor("" if sep is None else sep, dtype=string)
        if rank == 0 and result_type == RAGGED:
            return string_split_v2_op(stack([input]), marks, maxsplit=maxsplit)[1]
        if rank not in (1, None) or result_type == RAGGED:
            raise _no_ragged("The result")
        return SparseTensor(*string_split_v2_op(input, marks, maxsplit=maxsplit))


def bytes_split(input, name=None):
    """The bytes of a string, each a string. NotImplementedError for several strings."""
    with name_scope(name, "StringsByteSplit", [input]):
        input = convert_to_tensor(input, dtype=string, name="input")
        if input.shape.ndims is None:
            raise ValueError("input must have a statically-known rank.")
        if input.shape.ndims:
            raise _no_ragged("The bytes of several strings")
        return string_split_op(stack([input]), "", skip_empty=False)[1]
