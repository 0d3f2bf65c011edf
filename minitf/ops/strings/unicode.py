"""Strings and the numbers of their characters: `tf.strings.unicode_encode` and its kin."""
import codecs
import itertools

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32, int64, string
from minitf.core.graph import name_scope
from minitf.core.ragged import takes_ragged
from minitf.core.schema import Attr, TypeAttr
from minitf.core.tensor_shape import num_elements
from minitf.ops.array.basics import reshape, shape
from minitf.ops.strings.joins import even_splits
from minitf.ops.strings.text import each, filled, on_text

OUTPUTS = ("UTF-8", "UTF-16-BE", "UTF-32-BE")
ERRORS = ("strict", "replace", "ignore")
# What a text may begin with in an encoding that leaves the order of the bytes open, and the order
# that it says. Without a mark the first byte is the most significant one.
MARKS = {
    "utf-16": ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
               (b"", "utf-16-be")),
    "utf-32": ((codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
               (b"", "utf-32-be")),
}  # fmt: skip
LAST = 0x10FFFF  # the greatest number of a character


def _codec(encoding):
    try:
        return codecs.lookup(encoding.replace("-BE", "be").replace("-LE", "le"))
    except LookupError:
        raise ValueError(f"Could not create converter for input encoding: {encoding}") from None


def _in_order(text, encoding):
    """(the codec of an encoding, with the order of bytes that the text has, length of the mark)."""
    codec = _codec(encoding)
    for mark, ordered in MARKS.get(codec.name, ()):
        if text.startswith(mark):
            return codecs.lookup(ordered), len(mark)
    return codec, 0


def characters(text, encoding, errors, replacement, control):
    """(the numbers of the characters, the byte where each begins) of a string.

    ValueError for bytes that are none when `errors` is strict.
    """
    codec, mark = _in_order(text, encoding)
    at, found = mark, []
    while at < len(text):
        try:
            good, bad, end = codec.decode(text[at:], "strict")[0], None, len(text)
        except UnicodeDecodeError as error:
            if errors == "strict":
                raise ValueError("Invalid formatting on input string") from None
            bad, end = at + error.start, at + error.end
            good = codec.decode(text[at:bad], "strict")[0]
        for letter in good:
            found.append((ord(letter), at if at > mark else 0))  # it belongs to the first one
            at += len(codec.encode(letter)[0])
        if bad is not None and errors == "replace":
            found.append((replacement, bad))
        at = end
    if control:
        found = [(replacement if number < 32 else number, start) for number, start in found]
    return [number for number, _ in found], [start for _, start in found]


def written(numbers, encoding, errors, replacement):
    """The string of characters with these numbers. ValueError for numbers of none, when strict."""
    codec, letters = _codec(encoding), []
    for number in numbers:
        if 0 <= number <= LAST:  # half of a pair is never an error in TensorFlow
            letters.append("\ufffd" if 0xD800 <= number < 0xE000 else chr(number))
        elif errors == "strict":
            raise ValueError(f"Code point is out of range for Unicode, or a noncharacter: {number}")
        elif errors == "replace":
            letters.append(chr(replacement))
    return codec.encode("".join(letters))[0]


# -- the ops --------------------------------------------------------------------------------------


def _decoded(input, input_encoding, errors, replacement_char, replace_control_characters):
    if not 0 <= replacement_char <= LAST:
        raise ValueError(f"replacement_char out of unicode codepoint range: {replacement_char}")
    rows = [characters(text, input_encoding, errors, replacement_char, replace_control_characters)
            for text in input.reshape(-1).tolist()]  # fmt: skip
    splits = np.cumsum([0, *(len(numbers) for numbers, _ in rows)])
    return splits, [n for numbers, _ in rows for n in numbers], [n for _, at in rows for n in at]


def _ragged(input, **_):
    count = None if input is None else num_elements(input)
    return [(None if count is None else count + 1,), (None,)]


@on_text("UnicodeDecode", shape=_ragged)
def unicode_decode_op(
    xp, input: string, *, input_encoding, errors="replace", replacement_char=65533,
    replace_control_characters=False, Tsplits=int64,
) -> [Attr("Tsplits"), int32]:  # fmt: skip
    """The numbers of the characters of all strings, and where each string's begin."""
    splits, numbers, _ = _decoded(input, input_encoding, errors, replacement_char,
                                  replace_control_characters)  # fmt: skip
    return [splits.astype(Tsplits.numpy), np.array(numbers, np.int32)]


@on_text("UnicodeDecodeWithOffsets", shape=lambda input, **_: [*_ragged(input), (None,)])
def unicode_decode_with_offsets_op(
    xp, input: string, *, input_encoding, errors="replace", replacement_char=65533,
    replace_control_characters=False, Tsplits=int64,
) -> [Attr("Tsplits"), int32, int64]:  # fmt: skip
    """The same, and the byte where each character begins."""
    splits, numbers, starts = _decoded(input, input_encoding, errors, replacement_char,
                                       replace_control_characters)  # fmt: skip
    return [splits.astype(Tsplits.numpy), np.array(numbers, np.int32), np.array(starts, np.int64)]


def _encoded_shape(input_values, input_splits, **_):
    known = None if input_splits is None else input_splits[0]
    return (None if known is None else known - 1,)


@on_text("UnicodeEncode", shape=_encoded_shape)
def unicode_encode_op(
    xp, input_values: int32, input_splits: TypeAttr("Tsplits", (int32, int64)), *, output_encoding,
    errors="replace", replacement_char=65533,
) -> string:  # fmt: skip
    """A string for each row of numbers."""
    numbers, splits = input_values.tolist(), input_splits.tolist()
    rows = [numbers[start:end] for start, end in itertools.pairwise(splits)]
    return filled((len(rows),), [written(row, output_encoding, errors, replacement_char)
                                 for row in rows])  # fmt: skip


@on_text("UnicodeTranscode")
def unicode_transcode_op(
    xp, input: string, *, input_encoding, output_encoding, errors="replace",
    replacement_char=65533, replace_control_characters=False,
) -> string:  # fmt: skip
    """Each string in another encoding."""

    def change(text):
        numbers, _ = characters(text, input_encoding, errors, replacement_char,
                                replace_control_characters)  # fmt: skip
        return written(numbers, output_encoding, errors, replacement_char)

    return each(change, input)


# -- TF1's functions ------------------------------------------------------------------------------


def check_modes(errors, output_encoding="UTF-8"):
    """ValueError for what neither `errors` nor an encoding of results can be."""
    if errors not in ERRORS:
        raise ValueError(f"errors must be one of {ERRORS}, got {errors!r}")
    if output_encoding not in OUTPUTS:
        raise ValueError(f"output_encoding must be one of {OUTPUTS}, got {output_encoding!r}")


@takes_ragged
def unicode_encode(input, output_encoding, errors="replace", replacement_char=65533, name=None):
    """The strings of characters with these numbers, int32; the last axis is a string.

    `output_encoding` is UTF-8, UTF-16-BE or UTF-32-BE. Numbers of no character are treated as by
    `tf.strings.unicode_decode`. ValueError for a scalar or an unknown rank.
    """
    with name_scope(name, "UnicodeEncode", [input]):
        check_modes(errors, output_encoding)
        input = convert_to_tensor(input)
        if input.shape.ndims is None:
            raise ValueError("Rank of input_tensor must be statically known.")
        if not input.shape.ndims:
            raise ValueError("input_tensor's rank must be at least 1.")
        found = unicode_encode_op(
            reshape(input, [-1]), even_splits(input), output_encoding=output_encoding,
            errors=errors, replacement_char=replacement_char,
        )  # fmt: skip
        found = reshape(found, shape(input)[:-1])
        found.set_shape(input.shape[:-1])
        return found


def unicode_transcode(
    input, input_encoding, output_encoding, errors="replace", replacement_char=65533,
    replace_control_characters=False, name=None,
):  # fmt: skip
    """Each string, in `input_encoding`, in `output_encoding`: UTF-8, UTF-16-BE or UTF-32-BE.

    `errors` and `replacement_char` are as for `tf.strings.unicode_decode`.
    """
    check_modes(errors, output_encoding)
    return unicode_transcode_op(
        input, input_encoding=input_encoding, output_encoding=output_encoding, errors=errors,
        replacement_char=replacement_char, replace_control_characters=replace_control_characters,
        name=name,
    )  # fmt: skip
