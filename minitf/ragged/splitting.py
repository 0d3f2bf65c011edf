"""Strings cut into rows of parts: `tf.strings.split`, `tf.strings.unicode_decode`, ..."""
from minitf.core.convert import convert_to_tensor
from minitf.core.deprecation import renamed
from minitf.core.dtypes import string
from minitf.core.graph import name_scope
from minitf.core.ragged import is_ragged
from minitf.core.sparse_tensor import SparseTensor
from minitf.ops.array.basics import reshape
from minitf.ops.array.joining import stack
from minitf.ops.reduction.axes import expand_dims
from minitf.ops.strings.split import string_split_op, string_split_v2_op
from minitf.ops.strings.unicode import (
    check_modes,
    unicode_decode_op,
    unicode_decode_with_offsets_op,
    unicode_encode,
)
from minitf.ragged.tensor import RaggedTensor, as_ragged_or_tensor

SPARSE, RAGGED = "SparseTensor", "RaggedTensor"

# -- parts ----------------------------------------------------------------------------------------


def string_split(
    source, sep=None, skip_empty=True, delimiter=None, result_type=SPARSE, name=None
):
    """The parts of each string of the vector `source`: a row for each string.

    Any of the bytes of `sep` (a space) cuts; with "" each byte is a part. With `skip_empty` there
    are no empty parts. `delimiter` is the older name of `sep`. The result is a SparseTensor, or by
    its `result_type` "RaggedTensor"; ValueError for another one, and for `sep` that is no scalar.
    """
    with name_scope(name, "StringSplit", [source]):
        sep = renamed("sep", sep, "delimiter", delimiter)
        marks = convert_to_tensor(" " if sep is None else sep, dtype=string)
        marks.shape.assert_has_rank(0)
        source = convert_to_tensor(source, dtype=string)
        _check_result(result_type)
        parts = string_split_op(source, marks, skip_empty=skip_empty)
        return SparseTensor(*parts) if result_type == SPARSE else _rows_of(parts, source)


def strings_split(
    input=None, sep=None, maxsplit=-1, result_type=SPARSE, source=None, name=None
):
    """The parts of each string of `input`, which has any number of axes: a row for each string.

    As Python's str.split: `sep` is the whole of what stands between parts, which may be empty;
    without it they are cut at white space. A `maxsplit` of 0 or more is the most cuts. The result
    is a SparseTensor, or by its `result_type` "RaggedTensor", which is a vector for a scalar.
    `source` is another name of `input`.
    """
    input = renamed("input", input, "source", source)
    with name_scope(name, "StringSplit", [input]):
        _check_result(result_type)
        input = as_ragged_or_tensor(input, dtype=string, name="input")
        marks = convert_to_tensor("" if sep is None else sep, dtype=string)

        def split(texts):
            return string_split_v2_op(texts, marks, maxsplit=maxsplit)

        if result_type == SPARSE and input.shape.ndims == 1:
            return SparseTensor(*split(input))
        found = _of_each(split, input)
        return found.to_sparse() if result_type == SPARSE else found


def bytes_split(input, name=None):
    """The bytes of each string of `input`, each a string: a row for each string.

        tf.strings.bytes_split(["ab", "c"])    # [["a", "b"], ["c"]]

    ValueError for an unknown rank.
    """
    with name_scope(name, "StringsByteSplit", [input]):
        input = as_ragged_or_tensor(input, name="input")
        if input.shape.ndims is None:
            raise ValueError("input must have a statically-known rank.")
        return _of_each(lambda texts: string_split_op(texts, "", skip_empty=False), input)


def _check_result(result_type):
    if result_type not in (SPARSE, RAGGED):
        raise ValueError("result_type must be 'RaggedTensor' or 'SparseTensor', "
                         f"got {result_type!r}.")  # fmt: skip


def _of_each(split, input):
    """The rows that `split` makes of a vector, for any number of axes."""
    if is_ragged(input):
        return input.with_flat_values(_of_each(split, input.flat_values))
    rank = input.shape.ndims
    if rank == 0:
        return _of_each(split, stack([input]))[0]
    if rank in (1, None):
        return _rows_of(split(input), input)
    return _of_each(split, RaggedTensor.from_tensor(input, ragged_rank=rank - 1))


def _rows_of(parts, input):
    """The rows of the parts of a SparseTensor, which the strings of a vector were cut into."""
    places, values, shape = parts
    known = None if input.shape.ndims is None else input.shape[0].value
    count = shape[0] if known is None else known
    return RaggedTensor.from_value_rowids(values, places[:, 0], count, validate=False)


# -- characters -----------------------------------------------------------------------------------


def unicode_decode(
    input, input_encoding, errors="replace", replacement_char=0xFFFD,
    replace_control_characters=False, name=None,
):  # fmt: skip
    """The numbers of the characters of each string, int32: a row for each string.

    Of one string it is a vector. Bytes that are no character raise InvalidArgumentError in the run
    (`errors` "strict"), become `replacement_char` ("replace") or nothing ("ignore"). ValueError for
    an unknown rank.
    """
    with name_scope(name, "UnicodeDecode", [input]):
        return _decoded(unicode_decode_op, input, input_encoding, errors, replacement_char,
                        replace_control_characters)[0]  # fmt: skip


def unicode_decode_with_offsets(
    input, input_encoding, errors="replace", replacement_char=0xFFFD,
    replace_control_characters=False, name=None,
):  # fmt: skip
    """As `tf.strings.unicode_decode`, and the byte where each character begins, int64."""
    with name_scope(name, "UnicodeDecodeWithOffsets", [input]):
        return _decoded(unicode_decode_with_offsets_op, input, input_encoding, errors,
                        replacement_char, replace_control_characters)  # fmt: skip


def unicode_split(input, input_encoding, errors="replace", replacement_char=0xFFFD, name=None):
    """The characters of each string, each a string: a row for each, or a vector for one string."""
    with name_scope(name, "UnicodeSplit", [input]):
        numbers = unicode_decode(input, input_encoding, errors, replacement_char)
        return unicode_encode(expand_dims(numbers, -1), input_encoding, errors, replacement_char)


def unicode_split_with_offsets(
    input, input_encoding, errors="replace", replacement_char=0xFFFD, name=None
):
    """As `tf.strings.unicode_split`, and the byte where each character begins, int64."""
    with name_scope(name, "UnicodeSplitWithOffsets", [input]):
        numbers, starts = unicode_decode_with_offsets(input, input_encoding, errors,
                                                      replacement_char)  # fmt: skip
        letters = unicode_encode(expand_dims(numbers, -1), input_encoding, errors, replacement_char)
        return letters, starts


def _decoded(definition, input, input_encoding, errors, replacement_char, control):
    """What the op gives for each character, in rows like the strings."""
    check_modes(errors)
    input = as_ragged_or_tensor(input, name="input")
    rank = input.shape.ndims
    if rank is None:
        raise ValueError("Rank of `input` must be statically known.")
    if rank > 1:
        input = _all_ragged(input, rank)
    texts = input.flat_values if is_ragged(input) else input
    splits, *found = definition(
        reshape(texts, [-1]), input_encoding=input_encoding, errors=errors,
        replacement_char=replacement_char, replace_control_characters=control,
    )  # fmt: skip
    if rank:
        found = [RaggedTensor.from_row_splits(each, splits, validate=False) for each in found]
    return tuple(input.with_flat_values(each) if is_ragged(input) else each for each in found)


def _all_ragged(input, rank):
    """The same with all axes but the first ragged."""
    if not is_ragged(input):
        return RaggedTensor.from_tensor(input, ragged_rank=rank - 1)
    lacking = rank - 1 - input.ragged_rank
    if not lacking:
        return input
    inner = RaggedTensor.from_tensor(
        input.flat_values, ragged_rank=lacking, row_splits_dtype=input.row_splits.dtype
    )
    return input.with_flat_values(inner)
