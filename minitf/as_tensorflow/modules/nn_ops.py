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
        self.padding, self.name, self.data_format = padding, name, data_format
        self.strides, self.dilation_rate = _each(strides, rank - 2), _each(dilation_rate, rank - 2)
        self._made = self._constants()

    def _constants(self) -> int:
        """How many nodes there are from now on, which TensorFlow has: seeds of later ops count
        them."""
        tf.constant(self.dilation_rate, name="dilation_rate")
        if max(self.dilation_rate) == 1 or self.padding != "SAME":
            return 1
        tf.constant(self.filter_shape[:-2].as_list(), name="filter_shape")
        tf.constant([[0, 0]] * len(self.strides), name="stack")
        return 3

    def __call__(self, inp: Any, filter: Any) -> tf.Tensor:
        how = {"padding": self.padding, "data_format": self.data_format, "name": self.name}
        if max(self.dilation_rate) == 1:
            return self._plain(inp, filter, how)
        found = tf.nn.convolution(
            inp, filter, strides=self.strides, dilation_rate=self.dilation_rate, **how
        )
        tf.get_default_graph()._surplus += self._made  # it counts them, too
        return found

    def _plain(self, inp: Any, filter: Any, how: dict[str, Any]) -> tf.Tensor:
        if len(self.strides) == 1:
            return tf.nn.conv1d(inp, filter, self.strides[0], **how)
        if (self.data_format or "").startswith("NC"):
            strides = [1, 1, *self.strides]
        else:
            strides = [1, *self.strides, 1]
        function = tf.nn.conv2d if len(self.strides) == 2 else tf.nn.conv3d
        how["data_format"] = self.data_format or ("NHWC" if len(self.strides) == 2 else "NDHWC")
        return function(inp, filter, strides=strides, **how)


def _each(value: Any, count: int) -> list[int]:
    """A number for each axis of pixels: 1, unless it is said."""
    if value is None:
        return [1] * count
    return [value] * count if isinstance(value, int) else [int(each) for each in value]


def _check_depth(input_shape: Any, filter_shape: Any, first: bool) -> None:
    if None in (input_shape.ndims, filter_shape.ndims):
        return
    depth = input_shape[1 if first else -1]
    if not depth.is_compatible_with(filter_shape[-2]):
        raise ValueError("number of input channels does not match corresponding dimension of "
                         f"filter, {depth} != {filter_shape[-2]}")  # fmt: skip
