"""`tensorflow.python.layers.utils`: sizes and formats of convolutions, conditions that may be
known."""
from __future__ import annotations

from typing import Any

import minitf as tf
from minitf.core.static import constant_value as _constant_value


def convert_data_format(data_format: str, ndim: int) -> str:
    """`NHWC` for "channels_last" of four dimensions; ValueError for what is neither."""
    spatial = {3: "W", 4: "HW", 5: "DHW"}
    if data_format not in ("channels_last", "channels_first"):
        raise ValueError("Invalid data_format:", data_format)
    if ndim not in spatial:
        raise ValueError("Input rank not supported:", ndim)
    last = data_format == "channels_last"
    return f"N{spatial[ndim]}C" if last else f"NC{spatial[ndim]}"


def normalize_tuple(value: Any, n: int, name: str) -> tuple[int, ...]:
    """`n` integers: a number is all of them. ValueError for anything else."""
    if isinstance(value, int):
        return (value,) * n
    message = f"The `{name}` argument must be a tuple of {n} integers. Received: {value}"
    try:
        found = tuple(value)
        numbers = [int(each) for each in found]
    except (TypeError, ValueError):
        raise ValueError(message) from None
    if len(numbers) != n:
        raise ValueError(message)
    return found


def normalize_data_format(value: str) -> str:
    """In small letters; ValueError unless "channels_first" or "channels_last"."""
    return _one_of(value, ("channels_first", "channels_last"), "data_format")


def normalize_padding(value: str) -> str:
    """In small letters; ValueError unless "valid" or "same"."""
    return _one_of(value, ("valid", "same"), "padding")


def _one_of(value: str, allowed: tuple[str, ...], what: str) -> str:
    if value.lower() not in allowed:
        names = ", ".join(f'"{each}"' for each in allowed)
        raise ValueError(f"The `{what}` argument must be one of {names}. Received: {value}")
    return value.lower()


def conv_output_length(
    input_length: int | None, filter_size: int, padding: str, stride: int, dilation: int = 1
) -> int | None:
    """How long a convolution ("same", "valid" or "full") is; None of an unknown length."""
    if input_length is None:
        return None
    reach = (filter_size - 1) * dilation
    longer = {"same": 0, "valid": -reach, "full": reach}[padding]
    return (input_length + longer + stride - 1) // stride


def conv_input_length(
    output_length: int | None, filter_size: int, padding: str, stride: int
) -> int | None:
    """How long what is convolved must be."""
    if output_length is None:
        return None
    pad = {"same": filter_size // 2, "valid": 0, "full": filter_size - 1}[padding]
    return (output_length - 1) * stride - 2 * pad + filter_size


def deconv_output_length(
    input_length: int | None, filter_size: int, padding: str, stride: int
) -> int | None:
    """How long a transposed convolution is."""
    if input_length is None:
        return None
    length = input_length * stride
    if padding == "valid":
        return length + max(filter_size - stride, 0)
    return length - (stride + filter_size - 2) if padding == "full" else length


def smart_cond(pred: Any, true_fn: Any = None, false_fn: Any = None, name: Any = None) -> Any:
    """`tf.cond`, without nodes of its own where the predicate is known."""
    known = constant_value(pred)
    if known is None:
        return tf.cond(pred, true_fn=true_fn, false_fn=false_fn, name=name)
    return true_fn() if known else false_fn()


def constant_value(pred: Any) -> Any:
    """The bool that a predicate is known to be, or None. TypeError for what is no predicate."""
    if isinstance(pred, (bool, int)) and pred in (0, 1):
        return bool(pred)
    if isinstance(pred, tf.Variable):
        return None
    if isinstance(pred, tf.Tensor):
        value = _constant_value(pred)
        return None if value is None else bool(value)
    raise TypeError("`pred` must be a Tensor, a Variable, or a Python bool.")
