"""What `tensorflow.python.ops.nn_ops` has, and tf.nn has not."""
from __future__ import annotations

from typing import Any

import minitf as tf


class Convolution:
    """`tf.nn.convolution` of inputs and filters of given shapes: called with an input and a filter.

    ValueError when their ranks, or the depth of the input and that of the filter, do not fit.
    """

    def __init__(
        self, input_shape: Any, filter_shape: Any, padding: Any, strides: Any = None,
        dilation_rate: Any = None, name: str | None = None, data_format: str | None = None,
    ) -> None:  # fmt: skip
        rank = input_shape.ndims if filter_shape.ndims is None else filter_shape.ndims
        if rank is None:
            raise ValueError("rank of input or filter must be known")
        for what, shape in (("input", input_shape), ("filter", filter_shape)):
            if shape.ndims not in (None, rank):
                raise ValueError(f"{what} tensor must have rank {rank}")
        _check_depth(input_shape, filter_shape, (data_format or "").startswith("NC"))
        self.input_shape, self.filter_shape = input_shape, filter_shape
        self.padding, self.strides, self.dilation_rate = padding, strides, dilation_rate
        self.name, self.data_format = name, data_format

    def __call__(self, inp: Any, filter: Any) -> tf.Tensor:
        return tf.nn.convolution(
            inp, filter, self.padding, strides=self.strides, dilation_rate=self.dilation_rate,
            name=self.name, data_format=self.data_format,
        )  # fmt: skip


def _check_depth(input_shape: Any, filter_shape: Any, first: bool) -> None:
    if None in (input_shape.ndims, filter_shape.ndims):
        return
    depth = input_shape[1 if first else -1]
    if not depth.is_compatible_with(filter_shape[-2]):
        raise ValueError("number of input channels does not match corresponding dimension of "
                         f"filter, {depth} != {filter_shape[-2]}")  # fmt: skip
