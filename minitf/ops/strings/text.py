"""Strings, element by element: `tf.substr`, `tf.strings.lower`, `tf.string_join`, ..."""
import numpy as np

from minitf.core.dtypes import int32, int64, string
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.ragged import takes_ragged
from minitf.core.schema import TypeAttr
from minitf.core.shape_rules import broadcast
from minitf.core.tensor_shape import merge, printed
from minitf.ops.strings import kernels

Index = TypeAttr("T", (int32, int64))
UNITS = ("BYTE", "UTF8_CHAR")


# -- arrays of strings ----------------------------------------------------------------------------


def filled(shape, items):
    """An array of objects of this shape, in row-major order."""
    result = np.empty(shape, object)
    result.reshape(-1)[:] = items if isinstance(items, list) else list(items)
    return result


def each(function, *arrays):
    """function(element of each array, ...) for all elements of arrays of one shape."""
    arrays = [np.asarray(array) for array in arrays]
    lists = (array.reshape(-1).tolist() for array in arrays)
    return filled(arrays[0].shape, [function(*items) for items in zip(*lists)])


def on_text(type, **traits):
    """Declare an op on strings: it runs on the host and has no gradient."""
    return op(type, **{"grad": NOT_DIFFERENTIABLE, "host": True} | traits)


def only(array, name):
    """The element of a scalar. ValueError for another shape."""
    array = np.asarray(array)
    if array.ndim:
        raise ValueError(f"{name} must be a scalar, got shape {list(array.shape)}")
    return array.item()


def as_bytes(text):
    """An attribute that is a string as it is in arrays."""
    return text.encode() if isinstance(text, str) else text


def checked_unit(unit):
    if unit not in UNITS:
        raise ValueError(f"unit must be one of {UNITS}, got {unit!r}")
    return unit


# -- parts and lengths ----------------------------------------------------------------------------


def _part_shape(input, pos, len, **_):
    if merge(pos, len) is False:
        raise ValueError(f"pos and len must have the same shape, got {printed(pos)} and "
                         f"{printed(len)}")  # fmt: skip
    return broadcast(input, pos)


@on_text("Substr", shape=_part_shape)
def substr_op(xp, input: string, pos: Index, len: Index, *, unit="BYTE") -> string:
    """The part of each string that starts at pos and is len long at most."""
    if pos.shape != len.shape:
        raise ValueError(f"pos and len must have the same shape, got {list(pos.shape)} and "
                         f"{list(len.shape)}")  # fmt: skip
    cut = _cut_characters if unit == "UTF8_CHAR" else _cut
    return each(cut, *np.broadcast_arrays(input, pos, len))


@substr_op.trait
def quick(run, input, pos, len, *, unit):
    if unit != "BYTE" or pos.shape != len.shape:
        return None
    return kernels.parts(run, *np.broadcast_arrays(input, pos, len))


def _cut(text, start, length):
    first = start + len(text) if start < 0 else start
    if not 0 <= first <= len(text):
        raise ValueError(f"pos {start} out of range for string {text!r}")
    return text[first : first + length] if length >= 0 else text[first:]


def _cut_characters(text, start, length):  # nothing, where bytes would be all that is left
    starts = character_starts(text)
    first = start + len(starts) if start < 0 else start
    if not 0 <= first <= len(starts):
        raise ValueError(f"pos {start} out of range for string {text!r}, {len(starts)} long")
    ends = [*starts, len(text)]
    return text[ends[first] : ends[min(first + max(length, 0), len(starts))]]


def character_starts(text):
    """Where the characters of UTF-8 begin: at every byte that does not go on with one."""
    return [i for i, byte in enumerate(text) if byte & 0xC0 != 0x80]


@takes_ragged
def substr(input, pos, len, name=None, unit="BYTE"):
    """The part of each string that starts at `pos` and is `len` long, or as long as there is.

    A negative `pos` counts from the end. `pos` and `len` are of one shape and broadcast with
    `input`; `unit` is BYTE or UTF8_CHAR. InvalidArgumentError in the run for a `pos` outside.
    """
    return substr_op(input, pos, len, unit=checked_unit(unit), name=name)


@on_text("StringLength")
def string_length_op(xp, input: string, *, unit="BYTE") -> int32:
    """How long each string is."""
    count = len if unit == "BYTE" else lambda text: len(character_starts(text))
    lengths = map(count, input.reshape(-1).tolist())
    return np.fromiter(lengths, np.int32, input.size).reshape(input.shape)


@string_length_op.trait
def quick(run, input, *, unit):  # noqa: F811
    return kernels.lengths(run, input) if unit == "BYTE" else None


@takes_ragged
def string_length(input, name=None, unit="BYTE"):
    """How long each string is, int32, in bytes or, for the `unit` UTF8_CHAR, in characters."""
    return string_length_op(input, unit=checked_unit(unit), name=name)


# -- cases and blanks -----------------------------------------------------------------------------


def _changed(on_bytes, on_text):
    def change(text, encoding):
        return on_text(text.decode(errors="replace")).encode() if encoding else on_bytes(text)

    return change


_lower, _upper = _changed(bytes.lower, str.lower), _changed(bytes.upper, str.upper)


@on_text("StringLower")
def string_lower_op(xp, input: string, *, encoding="") -> string:
    """Each string in lower case."""
    return each(lambda text: _lower(text, encoding), input)


@on_text("StringUpper")
def string_upper_op(xp, input: string, *, encoding="") -> string:
    """Each string in upper case."""
    return each(lambda text: _upper(text, encoding), input)


def _checked_encoding(encoding):
    if encoding not in ("", "utf-8"):
        raise ValueError(f"only utf8 or '' (no encoding) is supported, received {encoding!r}")
    return encoding


def string_lower(input, encoding="", name=None):
    """Each string in lower case: ASCII's letters, or all with the `encoding` "utf-8"."""
    return string_lower_op(input, encoding=_checked_encoding(encoding), name=name)


def string_upper(input, encoding="", name=None):
    """Each string in upper case: ASCII's letters, or all with the `encoding` "utf-8"."""
    return string_upper_op(input, encoding=_checked_encoding(encoding), name=name)


BLANKS = b" \t\n\v\f\r"


@on_text("StringStrip")
def string_strip(xp, input: string) -> string:
    """Each string without the white space at its ends."""
    return each(lambda text: text.strip(BLANKS), input)


# -- joining --------------------------------------------------------------------------------------


def _joined(*inputs, separator):
    known = [shape for shape in inputs if shape != ()]
    if not known:
        return ()
    found = known[0]
    for shape in known[1:]:
        found = merge(found, shape)
        if found is False:
            raise ValueError(f"Dimensions must be equal: {printed(known[0])} and {printed(shape)}")
    return found


@on_text("StringJoin", shape=_joined)
def string_join_op(xp, *inputs: string, separator="") -> string:
    """The strings in one place, joined."""
    separator = as_bytes(separator)
    shapes = {array.shape for array in inputs if array.ndim}
    if len(shapes) > 1:
        raise ValueError(f"Input shapes do not match: {sorted(shapes)}")
    return each(lambda *parts: separator.join(parts), *np.broadcast_arrays(*inputs))


@takes_ragged
def string_join(inputs, separator="", name=None):
    """The strings of the tensors `inputs` joined place by place; scalars go to every place.

    ValueError for shapes that differ, and for no inputs.
    """
    if isinstance(inputs, (list, tuple)) and not inputs:
        raise ValueError("List argument 'inputs' to 'StringJoin' Op with length 0 shorter than "
                         "minimum length 1.")  # fmt: skip
    return string_join_op(*inputs, separator=separator, name=name)
