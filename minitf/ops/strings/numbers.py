"""Numbers as strings and back: `tf.as_string`, `tf.string_to_number`, `tf.strings.format`."""
import math
import re

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.deprecation import renamed
from minitf.core.dtypes import (
    COMPLEX,
    as_dtype,
    bool_,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    string,
)
from minitf.core.ragged import takes_ragged
from minitf.core.schema import Attr, Each, TypeAttr
from minitf.core.shape_rules import scalar
from minitf.core.tensor import Tensor
from minitf.core.tensor_text import element_text
from minitf.ops.strings import kernels
from minitf.ops.strings.text import BLANKS, each, filled, on_text

Printable = TypeAttr("T", (int8, int16, int32, int64, *COMPLEX, float32, float64, bool_))

# -- as_string ------------------------------------------------------------------------------------


@on_text("AsString")
def as_string_op(
    xp, input: Printable, *, precision=-1, scientific=False, shortest=False, width=-1, fill=""
) -> string:
    """Each number as printf writes it."""
    if input.dtype.kind == "b":
        return each(lambda value: b"true" if value else b"false", input)
    kind = input.dtype.kind
    letter = "d" if kind == "i" else "e" if scientific else "g" if shortest else "f"
    form = (str(width) if width > -1 else "") + (f".{precision}" if precision > -1 else "") + letter
    flag = fill if width > -1 else ""
    if kind != "c" and flag != "0":
        whole = f"%{flag}{form}".encode()
        return filled(input.shape, [whole % value for value in input.reshape(-1).tolist()])

    def written(value):
        # As in C, zeros fill up numbers only.
        return ("%" + ("" if flag == "0" and not math.isfinite(value) else flag) + form) % value

    if kind == "c":
        return each(lambda z: f"({written(z.real)},{written(z.imag)})".encode(), input)
    return each(lambda value: written(value).encode(), input)


@takes_ragged
def as_string(
    input, precision=-1, scientific=False, shortest=False, width=-1, fill="", name=None
):
    """Each number as a string: integers, floats with `precision` (6) digits after the point, in
    `scientific` or the `shortest` notation if wanted, "true" and "false" as they are.

    `width` is the least length; `fill` is what fills up to it: "" (spaces before), "0", "-" (spaces
    behind), "+" or " " (a place for the sign). InvalidArgumentError in TensorFlow's run, here
    ValueError at once, for what does not go together.
    """
    input = convert_to_tensor(input)
    if scientific and shortest:
        raise ValueError("Cannot select both scientific and shortest notation")
    if fill not in ("", "0", "-", "+", " "):
        raise ValueError(f"Fill argument not supported: {fill!r}")
    floats = input.dtype.is_floating or input.dtype.is_complex
    if not floats and (scientific or shortest or precision > -1):
        raise ValueError("scientific and shortest format and precision are for floats, not for "
                         f"{input.dtype.name}")  # fmt: skip
    return as_string_op(input, precision=precision, scientific=scientific, shortest=shortest,
                        width=width, fill=fill, name=name)  # fmt: skip


# -- string_to_number -----------------------------------------------------------------------------

WHOLE = re.compile(rb"-?[0-9]+")
REAL = re.compile(
    rb"[+-]?([0-9]+\.?[0-9]*(e[+-]?[0-9]+)?|\.[0-9]+(e[+-]?[0-9]+)?|inf|nan|0x[0-9a-f]+)", re.I
)


def number(text, dtype):
    """The number that a string writes, as a NumPy scalar. ValueError when it does not."""
    plain = text.strip(BLANKS)
    form = WHOLE if dtype.is_integer else REAL
    if not form.fullmatch(plain):
        raise ValueError(f"not a valid {dtype.name}: {text!r}")
    if dtype.is_integer:
        found = int(plain)
        if not dtype.min <= found <= dtype.max:
            raise ValueError(f"not a valid {dtype.name}: {text!r}")
        return dtype.numpy.type(found)
    with np.errstate(over="ignore"):
        return dtype.numpy.type(int(plain, 16) if b"x" in plain.lower() else float(plain))


def numbers(texts, dtype):
    """The numbers that a list of strings writes, as an array; None where one of them is not of the
    plain kind that Python reads as TensorFlow does."""
    whole = dtype.is_integer
    if b"".join(texts).translate(None, b"0123456789-" if whole else b"0123456789+-.eE"):
        return None
    try:
        with np.errstate(over="ignore"):
            return np.array([*map(int if whole else float, texts)], dtype.numpy)
    except (ValueError, OverflowError):
        return None


@on_text("StringToNumber")
def string_to_number_op(xp, string_tensor: string, *, out_type=float32) -> Attr("out_type"):
    """The number that each string writes."""
    texts = string_tensor.reshape(-1).tolist()
    found = numbers(texts, out_type)
    if found is None:
        found = np.array([_converted(text, out_type) for text in texts], out_type.numpy)
    return found.reshape(string_tensor.shape)


@string_to_number_op.trait
def quick(run, string_tensor, *, out_type):
    return kernels.numbers(run, string_tensor, out_type.numpy)


def _converted(text, dtype):
    try:
        return number(text, dtype)
    except ValueError:
        raise ValueError(
            f"StringToNumberOp could not correctly convert string: {text.decode(errors='replace')}"
        ) from None


@takes_ragged
def string_to_number(string_tensor=None, out_type=float32, name=None, input=None):
    """The number that each string writes, as `out_type`: float32, float64, int32 or int64.

    `input` is another name for `string_tensor`. InvalidArgumentError in the run for a string that
    is no number; TypeError for another type.
    """
    text = renamed("string_tensor", string_tensor, "input", input)
    out_type = as_dtype(out_type)
    if out_type not in (float32, float64, int32, int64):
        raise TypeError(f"Value passed to parameter 'out_type' has DataType {out_type.name} not in "
                        "list of allowed values: float32, float64, int32, int64")  # fmt: skip
    return string_to_number_op(text, out_type=out_type, name=name)


# -- format ---------------------------------------------------------------------------------------


def shown(value, limit, depth=0):
    """An array as tf.strings.format and tf.print write it: of each axis the first and the last
    `limit` elements, all for -1."""
    if value.ndim == 0:
        text = element_text(value.item(), value.dtype)
        return f'"{text}"' if value.dtype == object else text
    rows = [shown(row, limit, depth + 1) for row in _ends(value, limit)]
    if limit >= 0 and len(value) > 2 * limit:
        rows.insert(limit, "...")
    between = "\n" * (value.ndim - 1) + " " * (depth + 1) if value.ndim > 1 else " "
    return "[" + between.join(rows) + "]"


def _ends(value, limit):
    if limit < 0 or len(value) <= 2 * limit:
        places = range(len(value))
    else:
        places = [*range(limit), *range(len(value) - limit, len(value))]
    return [value[i, ...] for i in places]


@on_text("StringFormat", shape=scalar)
def string_format_op(
    xp, *inputs: Each, template="%s", placeholder="%s", summarize=3
) -> string:
    """The template, with tensors in the places of the placeholders."""
    parts = template.split(placeholder)
    texts = [shown(np.asarray(value), summarize) for value in inputs]
    text = parts[0] + "".join(map("".join, zip(texts, parts[1:])))
    return filled((), [text.encode()])


def string_format(template, inputs, placeholder="{}", summarize=3, name=None):
    """`template` with the tensors `inputs` (a list, or one) in the places of `placeholder`.

    Of each axis the first and the last `summarize` elements are shown, all for -1. ValueError when
    there are not as many placeholders as tensors.
    """
    inputs = [inputs] if isinstance(inputs, Tensor) or hasattr(inputs, "_ref") else list(inputs)
    count = template.count(placeholder)
    if count != len(inputs):
        raise ValueError(f"{count} placeholder(s) in template does not match {len(inputs)} "
                         "tensor(s) provided as input")  # fmt: skip
    return string_format_op(*inputs, template=template, placeholder=placeholder,
                            summarize=summarize, name=name)  # fmt: skip
