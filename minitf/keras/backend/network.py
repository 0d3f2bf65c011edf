"""Layers' arithmetic of `tf.keras.backend`: activations, convolutions, pooling, noise."""
import itertools

import numpy as np

import minitf as tf
from minitf.keras.backend.arrays import concatenate, permute_dimensions, reshape
from minitf.keras.backend.config import checked_layout, floatx
from minitf.keras.backend.math import batch_dot, clip
from minitf.keras.backend.variables import int_shape, ndim

# -- activations ----------------------------------------------------------------------------------


def relu(x, alpha=0.0, max_value=None, threshold=0):
    """`x` where it is above `threshold`, at most `max_value`, else alpha * (x - threshold)."""
    alpha = float(alpha)
    if alpha != 0.0 and max_value is None and threshold == 0:
        return tf.nn.leaky_relu(x, alpha=alpha)
    below = None
    if alpha != 0.0:
        below = tf.nn.relu(-x + threshold) if threshold else tf.nn.relu(-x)
    if threshold:
        x = x * tf.cast(tf.greater(x, threshold), floatx())
    elif max_value == 6:
        x, max_value = tf.nn.relu6(x), None
    else:
        x = tf.nn.relu(x)
    if max_value is not None:
        x = clip(x, 0.0, max_value)
    return x if below is None else x - tf.convert_to_tensor(alpha, x.dtype.base_dtype) * below


def elu(x, alpha=1.0):
    """`x` where it is positive, else alpha * (exp(x) - 1)."""
    unit = tf.nn.elu(x)
    return unit if alpha == 1 else tf.where(x > 0, unit, alpha * unit)


def softmax(x, axis=-1):
    return tf.nn.softmax(x, axis=axis)


def softplus(x):
    return tf.nn.softplus(x)


def softsign(x):
    return tf.nn.softsign(x)


def sigmoid(x):
    return tf.nn.sigmoid(x)


def hard_sigmoid(x):
    """0.2 * x + 0.5, cut to [0, 1]."""
    dtype = x.dtype.base_dtype
    x = x * tf.convert_to_tensor(0.2, dtype) + tf.convert_to_tensor(0.5, dtype)
    return tf.clip_by_value(x, 0.0, 1.0)


def tanh(x):
    return tf.nn.tanh(x)


# -- noise ----------------------------------------------------------------------------------------


def _seed(seed):
    return np.random.randint(10**7) if seed is None else seed


def dropout(x, level, noise_shape=None, seed=None):
    """A part `level` of the elements set to 0, the others scaled up to match."""
    return tf.nn.dropout(x, rate=level, noise_shape=noise_shape, seed=_seed(seed))


def random_normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
    return tf.random_normal(shape, mean, stddev, dtype=dtype or floatx(), seed=_seed(seed))


def random_uniform(shape, minval=0.0, maxval=1.0, dtype=None, seed=None):
    return tf.random_uniform(shape, minval, maxval, dtype=dtype or floatx(), seed=_seed(seed))


def truncated_normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
    """Normal, what is beyond two standard deviations drawn again."""
    return tf.truncated_normal(shape, mean, stddev, dtype=dtype or floatx(), seed=_seed(seed))


def random_binomial(shape, p=0.0, dtype=None, seed=None):
    """1 with probability `p`, else 0."""
    dtype = tf.as_dtype(dtype or floatx())
    drawn = tf.random_uniform(shape, dtype=dtype, seed=_seed(seed))
    return tf.where(drawn <= p, tf.ones(shape, dtype=dtype), tf.zeros(shape, dtype=dtype))


def in_top_k(predictions, targets, k):
    """Whether the target is among the k largest predictions."""
    return tf.nn.in_top_k(predictions, targets, k)


# -- convolutions ---------------------------------------------------------------------------------

_ORDERS = {1: ("NWC", "NCW"), 2: ("NHWC", "NCHW"), 3: ("NDHWC", "NCDHW")}


def layout(data_format, rank):
    """The order of axes as ops name it, for images of `rank` axes."""
    return _ORDERS[rank][checked_layout(data_format) == "channels_first"]


def padding_of_op(padding):
    """"SAME" or "VALID". ValueError for another word."""
    if padding not in ("same", "valid"):
        raise ValueError(f"Invalid padding: {padding}")
    return padding.upper()


def conv1d(x, kernel, strides=1, padding="valid", data_format=None, dilation_rate=1):
    """Convolution of sequences; `padding` may be "causal": zeros before the sequence only."""
    order = layout(data_format, 1)
    if padding == "causal":
        zeros = [dilation_rate * (int_shape(kernel)[0] - 1), 0]
        x = tf.pad(x, [[0, 0], zeros, [0, 0]] if order == "NWC" else [[0, 0], [0, 0], zeros])
        padding = "valid"
    return tf.nn.convolution(
        x, kernel, padding_of_op(padding), [strides], [dilation_rate], data_format=order
    )


def conv2d(
    x, kernel, strides=(1, 1), padding="valid", data_format=None, dilation_rate=(1, 1)
):
    """Convolution of images."""
    return _convolution(x, kernel, strides, padding, data_format, dilation_rate, 2)


def conv3d(
    x, kernel, strides=(1, 1, 1), padding="valid", data_format=None, dilation_rate=(1, 1, 1)
):
    """Convolution of volumes."""
    return _convolution(x, kernel, strides, padding, data_format, dilation_rate, 3)


def _convolution(x, kernel, strides, padding, data_format, dilation_rate, rank):
    return tf.nn.convolution(
        x, kernel, padding_of_op(padding), strides, dilation_rate,
        data_format=layout(data_format, rank),
    )  # fmt: skip


def conv2d_transpose(
    x, kernel, output_shape, strides=(1, 1), padding="valid", data_format=None,
    dilation_rate=(1, 1),
):  # fmt: skip
    """What a convolution does to gradients, done to images: strides make them larger."""
    order = layout(data_format, 2)
    if isinstance(output_shape, (tuple, list)):
        batch = tf.shape(x)[0] if output_shape[0] is None else output_shape[0]
        output_shape = tf.stack([batch, *output_shape[1:]])
    if tuple(dilation_rate) != (1, 1):
        return _atrous_transpose(x, kernel, output_shape, padding, order, dilation_rate)
    steps = (1, *strides, 1) if order == "NHWC" else (1, 1, *strides)
    return tf.nn.conv2d_transpose(
        x, kernel, output_shape, steps, padding=padding_of_op(padding), data_format=order
    )


def _atrous_transpose(x, kernel, output_shape, padding, order, dilation_rate):
    if dilation_rate[0] != dilation_rate[1]:
        raise AssertionError(f"both dilation rates must be the same: {dilation_rate}")
    if order == "NCHW":
        x = tf.transpose(x, (0, 2, 3, 1))
        output_shape = tf.gather(output_shape, [0, 2, 3, 1])
    x = tf.nn.atrous_conv2d_transpose(
        x, kernel, output_shape, rate=dilation_rate[0], padding=padding_of_op(padding)
    )
    return tf.transpose(x, (0, 3, 1, 2)) if order == "NCHW" else x


def conv3d_transpose(
    x, kernel, output_shape, strides=(1, 1, 1), padding="valid", data_format=None
):
    """As `conv2d_transpose`, of volumes."""
    order = layout(data_format, 3)
    if isinstance(output_shape, (tuple, list)):
        output_shape = tf.stack(list(output_shape))
    steps = (1, *strides, 1) if order == "NDHWC" else (1, 1, *strides)
    return tf.nn.conv3d_transpose(
        x, kernel, output_shape, steps, padding=padding_of_op(padding), data_format=order
    )


def separable_conv2d(
    x, depthwise_kernel, pointwise_kernel, strides=(1, 1), padding="valid", data_format=None,
    dilation_rate=(1, 1),
):  # fmt: skip
    """A convolution of each channel, then a mixture of the channels in each pixel."""
    order = layout(data_format, 2)
    steps = (1, *strides, 1) if order == "NHWC" else (1, 1, *strides)
    return tf.nn.separable_conv2d(
        x, depthwise_kernel, pointwise_kernel, strides=steps, padding=padding_of_op(padding),
        rate=dilation_rate, data_format=order,
    )  # fmt: skip


def separable_conv1d(
    x, depthwise_kernel, pointwise_kernel, strides=1, padding="valid", data_format=None,
    dilation_rate=1,
):  # fmt: skip
    """As `separable_conv2d`, of sequences."""
    strides, dilation = _pair(strides), _pair(dilation_rate)
    axis = 1 if layout(data_format, 1) == "NWC" else 2
    outputs = separable_conv2d(
        tf.expand_dims(x, axis), tf.expand_dims(depthwise_kernel, 0),
        tf.expand_dims(pointwise_kernel, 0), strides * 2, padding, data_format, (1, *dilation),
    )  # fmt: skip
    return tf.squeeze(outputs, [axis])


def _pair(value):
    return (value,) if isinstance(value, int) else tuple(value)


def depthwise_conv2d(
    x, depthwise_kernel, strides=(1, 1), padding="valid", data_format=None, dilation_rate=(1, 1)
):
    """A convolution of each channel by itself."""
    order = layout(data_format, 2)
    steps = (1, *strides, 1) if order == "NHWC" else (1, 1, *strides)
    return tf.nn.depthwise_conv2d(
        x, depthwise_kernel, strides=steps, padding=padding_of_op(padding), rate=dilation_rate,
        data_format=order,
    )  # fmt: skip


# -- pooling --------------------------------------------------------------------------------------


def pool2d(
    x, pool_size, strides=(1, 1), padding="valid", data_format=None, pool_mode="max"
):
    """The largest ("max") or the mean ("avg") of each window of images."""
    return _pool(x, pool_size, strides, padding, data_format, pool_mode, 2)


def pool3d(
    x, pool_size, strides=(1, 1, 1), padding="valid", data_format=None, pool_mode="max"
):
    """The largest ("max") or the mean ("avg") of each window of volumes."""
    return _pool(x, pool_size, strides, padding, data_format, pool_mode, 3)


def _pool(x, pool_size, strides, padding, data_format, pool_mode, rank):
    for name, value in (("pool_size", pool_size), ("strides", strides)):
        if len(value) != rank:
            raise ValueError(f"`{name}` must be a tuple of {rank} integers.")
    functions = {"max": ("max_pool", "max_pool3d"), "avg": ("avg_pool", "avg_pool3d")}
    if pool_mode not in functions:
        raise ValueError(f"Invalid pooling mode: {pool_mode}")
    order = layout(data_format, rank)
    first = order[1] == "C"
    window, steps = ((1, 1, *n) if first else (1, *n, 1) for n in (pool_size, strides))
    function = getattr(tf.nn, functions[pool_mode][rank - 2])
    return function(x, window, steps, padding=padding_of_op(padding), data_format=order)


# -- layers that are connected locally ------------------------------------------------------------


def local_conv1d(inputs, kernel, kernel_size, strides, data_format=None):
    """A convolution of sequences whose kernel differs from place to place."""
    return local_conv(
        inputs, kernel, kernel_size, strides, (int_shape(kernel)[0],), data_format
    )


def local_conv2d(inputs, kernel, kernel_size, strides, output_shape, data_format=None):
    """A convolution of images whose kernel differs from place to place."""
    return local_conv(inputs, kernel, kernel_size, strides, output_shape, data_format)


def local_conv(inputs, kernel, kernel_size, strides, output_shape, data_format=None):
    """The same for any number of axes; kernel [places, inputs of one, filters]."""
    first, rank = checked_layout(data_format) == "channels_first", len(output_shape)
    _, feature_dim, filters = int_shape(kernel)

    def window(place):
        cuts = [
            slice(at * step, at * step + size)
            for at, step, size in zip(place, strides, kernel_size)
        ]
        everything = slice(None)
        cut = [everything, everything, *cuts] if first else [everything, *cuts, everything]
        return reshape(inputs[tuple(cut)], (1, -1, feature_dim))

    places = itertools.product(*map(range, output_shape))
    output = batch_dot(concatenate([window(place) for place in places], axis=0), kernel)
    output = reshape(output, (*output_shape, -1, filters))
    pixels = list(range(rank))
    order = [rank, rank + 1, *pixels] if first else [rank, *pixels, rank + 1]
    return permute_dimensions(output, order)


def bias_add(x, bias, data_format=None):
    """`x` plus a bias for each channel, or for each place and channel.

    ValueError for a bias of another rank.
    """
    first = checked_layout(data_format) == "channels_first"
    sizes, rank = int_shape(bias), ndim(x)
    if len(sizes) not in (1, rank - 1):
        raise ValueError(
            f"Unexpected bias dimensions {len(sizes)}, expect to be 1 or {rank} dimensions"
        )
    if len(sizes) == 1 and rank != 3 and not (first and rank == 5):
        return tf.nn.bias_add(x, bias, "NCHW" if first and rank == 4 else None)
    if len(sizes) == 1:
        return x + reshape(bias, (1, sizes[0], *[1] * (rank - 2)) if first else (1, 1, sizes[0]))
    return x + reshape(bias, (1, sizes[-1], *sizes[:-1]) if first else (1, *sizes))
