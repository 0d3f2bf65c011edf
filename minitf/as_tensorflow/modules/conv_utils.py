"""`tensorflow.python.keras.utils.conv_utils`: sizes and formats of Keras's convolutions, which may
be causal."""
from __future__ import annotations

from typing import Any

import minitf as tf
from minitf.as_tensorflow.modules import layer_utils
from minitf.as_tensorflow.modules.layer_utils import (  # noqa: F401  names of it too
    conv_input_length,
    convert_data_format,
    normalize_tuple,
)


def conv_output_length(
    input_length: int | None, filter_size: int, padding: str, stride: int, dilation: int = 1
) -> int | None:
    """How long a convolution is; None of an unknown length."""
    padding = "same" if padding == "causal" else padding
    return layer_utils.conv_output_length(input_length, filter_size, padding, stride, dilation)


def deconv_output_length(
    input_length: int | None, filter_size: int, padding: str, output_padding: int | None = None,
    stride: int = 0, dilation: int = 1,
) -> int | None:  # fmt: skip
    """How long a transposed convolution is, with so much padding at the end, or as much as the
    `padding` of the convolution lets one infer."""
    if input_length is None:
        return None
    reach = filter_size + (filter_size - 1) * (dilation - 1)
    if output_padding is None:
        return layer_utils.deconv_output_length(input_length, reach, padding, stride)
    pad = {"same": reach // 2, "valid": 0, "full": reach - 1}[padding]
    return (input_length - 1) * stride + reach - 2 * pad + output_padding


def normalize_data_format(value: str | None) -> str:
    """In small letters; the one that Keras is set to for None. ValueError for no data format."""
    value = tf.keras.backend.image_data_format() if value is None else value
    return layer_utils.normalize_data_format(value)


def normalize_padding(value: Any) -> Any:
    """In small letters, or a list as it is. ValueError unless "valid", "same" or "causal"."""
    if isinstance(value, (list, tuple)) or value.lower() == "causal":
        return value if isinstance(value, (list, tuple)) else "causal"
    return layer_utils.normalize_padding(value)
