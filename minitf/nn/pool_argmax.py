"""Pooling that says where the largest element was: `tf.nn.max_pool_with_argmax`."""
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from minitf.core.deprecation import renamed
from minitf.core.dtypes import as_dtype, int32, int64
from minitf.core.op import op
from minitf.core.schema import Attr, Real, TypeAttr
from minitf.nn.kernels import direct_pooling
from minitf.nn.kernels.pooling import sliding
from minitf.nn.pool import in_c, max_pool_op
from minitf.nn.windows import check_choice, four_numbers, ranked

Places = TypeAttr("Targmax", (int32, int64))


def _shapes(input, *, Targmax, include_batch_in_index, **window):
    return [max_pool_op.shape(input, data_format="NHWC", **window)] * 2


@op("MaxPoolWithArgmax", shape=_shapes)
def max_pool_with_argmax_op(
    xp, input: Real, *, ksize, strides, padding, Targmax=int64, include_batch_in_index=False
) -> [Real, Attr("Targmax")]:
    """(largest, argmax): the largest element of each window, and where it is when the image's
    pixels are counted from its first, the channels of each one after the other."""
    window = {"ksize": ksize, "strides": strides, "padding": padding, "data_format": "NHWC"}
    largest = max_pool_op.kernel(xp, input, **window)
    found = _places(xp, input, largest, sliding(input.shape, **window))
    if include_batch_in_index:
        image = int(np.prod(input.shape[1:], dtype=np.int64))
        found += image * xp.arange(len(input)).reshape(-1, 1, 1, 1)
    return [largest, found.astype(Targmax.numpy)]


def _places(xp, x, largest, slid):
    """For each window, the place in its image of the first element that is its largest."""
    counted = xp.arange(int(np.prod(x.shape[1:], dtype=np.int64))).reshape(1, *x.shape[1:])
    found = xp.full(largest.shape, -1, counted.dtype)
    for position in np.ndindex(*(along.window for _, along in slid)):
        to, from_ = [slice(None)] * 4, [slice(None)] * 4
        for i, (number, along) in zip(position, slid):
            to[number], from_[number] = along.inside(i)
        to, from_ = tuple(to), tuple(from_)
        here = (x[from_] == largest[to]) | (x[from_] != x[from_])
        places = xp.broadcast_to(counted[(slice(None), *from_[1:])], here.shape)
        found[to] = xp.where((found[to] < 0) & here, places, found[to])
    return found


@max_pool_with_argmax_op.gradient
def _(ys, dys, input, *, Targmax, **attributes):
    return (max_pool_grad_with_argmax(input, dys[0], ys[1], **attributes),)


@max_pool_with_argmax_op.trait
def native(inputs, outputs, *, Targmax, include_batch_in_index, **window):
    kernel = partial(direct_pooling.max_pool_places, index=Targmax.name,
                     through_batch=include_batch_in_index)  # fmt: skip
    input, *_ = inputs
    return in_c(kernel, input.shape, input.dtype, data_format="NHWC", **window)


def _gradient_shape(input, grad, argmax, **window):
    return ranked(input, "input")


@op("MaxPoolGradWithArgmax", shape=_gradient_shape)
def max_pool_grad_with_argmax(
    xp, input: Real, grad: Real, argmax: Places, *, ksize, strides, padding,
    include_batch_in_index=False,
):  # fmt: skip
    """The gradient of MaxPoolWithArgmax: each goes to the place that argmax says."""
    places = argmax.astype(np.int64)
    if not include_batch_in_index:
        image = int(np.prod(input.shape[1:], dtype=np.int64))
        places = places + image * xp.arange(len(input)).reshape(-1, 1, 1, 1)
    out = xp.zeros(input.size, grad.dtype)
    xp.add.at(out, places.reshape(-1), grad.reshape(-1))
    return out.reshape(input.shape)


class MaxPoolWithArgmax(NamedTuple):
    """What `tf.nn.max_pool_with_argmax` returns."""

    output: Any
    argmax: Any


def max_pool_with_argmax(
    input, ksize, strides, padding, data_format="NHWC", Targmax=None, name=None, output_dtype=None,
    include_batch_in_index=False,
):  # fmt: skip
    """(output, argmax): the largest element of each window of images [batch, height, width,
    depth], and its place in the image: (row * width + column) * depth + channel.

    Places are counted through all images with `include_batch_in_index`, and are of the type
    `output_dtype` (int64). `ksize` and `strides` are lists of 4. Raises ValueError when sizes do
    not fit.
    """
    if data_format != "NHWC":
        raise ValueError("Data formats other than 'NHWC' are not yet supported")
    dtype = renamed("Targmax", Targmax, "output_dtype", output_dtype)
    ksize = four_numbers(ksize, "ksize", "max_pool_with_argmax")
    strides = four_numbers(strides, "strides", "max_pool_with_argmax")
    check_choice("MaxPoolWithArgmax", "padding", padding, ("SAME", "VALID"))
    return MaxPoolWithArgmax(*max_pool_with_argmax_op(
        input, ksize=ksize, strides=strides, padding=padding, name=name,
        Targmax=int64 if dtype is None else as_dtype(dtype),
        include_batch_in_index=bool(include_batch_in_index),
    ))  # fmt: skip
