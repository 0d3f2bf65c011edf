"""Arithmetic of `tf.keras.backend`."""
import numpy as np

import minitf as tf
from minitf.keras.backend.config import floatx
from minitf.keras.backend.variables import int_shape, is_sparse, ndim


def cast(x, dtype):
    """`x` in another type."""
    return tf.cast(x, tf.as_dtype(dtype))


def cast_to_floatx(x):
    """An array, or a Tensor, in the type of floats."""
    return tf.cast(x, floatx()) if tf.is_tensor(x) else np.asarray(x, dtype=floatx())


# -- element by element ---------------------------------------------------------------------------


def square(x):
    return tf.square(x)


def abs(x):
    return tf.abs(x)


def sqrt(x):
    """The square root; 0 where `x` is negative."""
    zero, infinity = (tf.cast(limit, x.dtype.base_dtype) for limit in (0.0, np.inf))
    return tf.sqrt(tf.clip_by_value(x, zero, infinity))


def exp(x):
    return tf.exp(x)


def log(x):
    return tf.log(x)


def logsumexp(x, axis=None, keepdims=False):
    return tf.reduce_logsumexp(x, axis, keepdims)


def round(x):
    """To the nearest integer, halves to the even one."""
    return tf.round(x)


def sign(x):
    return tf.sign(x)


def pow(x, a):
    return tf.pow(x, a)


def sin(x):
    return tf.sin(x)


def cos(x):
    return tf.cos(x)


def clip(x, min_value, max_value):
    """Values cut to [min_value, max_value]; no upper limit if that is None."""
    if max_value is None:
        max_value = np.inf
    elif isinstance(max_value, (int, float)) and max_value < min_value:
        max_value = min_value
    dtype = x.dtype.base_dtype
    low, high = (tf.convert_to_tensor(limit, dtype=dtype) for limit in (min_value, max_value))
    return tf.clip_by_value(x, low, high)


def maximum(x, y):
    return tf.maximum(x, y)


def minimum(x, y):
    return tf.minimum(x, y)


def equal(x, y):
    return tf.equal(x, y)


def not_equal(x, y):
    return tf.not_equal(x, y)


def greater(x, y):
    return tf.greater(x, y)


def greater_equal(x, y):
    return tf.greater_equal(x, y)


def less(x, y):
    return tf.less(x, y)


def less_equal(x, y):
    return tf.less_equal(x, y)


# -- reductions -----------------------------------------------------------------------------------


def max(x, axis=None, keepdims=False):
    return tf.reduce_max(x, axis, keepdims)


def min(x, axis=None, keepdims=False):
    return tf.reduce_min(x, axis, keepdims)


def sum(x, axis=None, keepdims=False):
    return tf.reduce_sum(x, axis, keepdims)


def prod(x, axis=None, keepdims=False):
    return tf.reduce_prod(x, axis, keepdims)


def cumsum(x, axis=0):
    return tf.cumsum(x, axis=axis)


def cumprod(x, axis=0):
    return tf.cumprod(x, axis=axis)


def mean(x, axis=None, keepdims=False):
    """The mean; of booleans, the part that is true."""
    return tf.reduce_mean(_not_bool(x), axis, keepdims)


def var(x, axis=None, keepdims=False):
    """The variance."""
    return tf.math.reduce_variance(_not_bool(x), axis=axis, keepdims=keepdims)


def std(x, axis=None, keepdims=False):
    """The standard deviation."""
    return tf.math.reduce_std(_not_bool(x), axis=axis, keepdims=keepdims)


def _not_bool(x):
    return tf.cast(x, floatx()) if x.dtype.base_dtype == tf.bool else x


def any(x, axis=None, keepdims=False):
    return tf.reduce_any(tf.cast(x, tf.bool), axis, keepdims)


def all(x, axis=None, keepdims=False):
    return tf.reduce_all(tf.cast(x, tf.bool), axis, keepdims)


def argmax(x, axis=-1):
    return tf.argmax(x, axis)


def argmin(x, axis=-1):
    return tf.argmin(x, axis)


def l2_normalize(x, axis=None):
    """Divided by the root of the sum of squares."""
    return tf.nn.l2_normalize(x, axis=axis)


# -- products -------------------------------------------------------------------------------------


def dot(x, y):
    """The product over the last axis of `x` and the last but one of `y`."""
    if ndim(x) is not None and (ndim(x) > 2 or ndim(y) > 2):
        return _dot_of_many_axes(x, y)
    return tf.sparse_tensor_dense_matmul(x, y) if is_sparse(x) else tf.matmul(x, y)


def _dot_of_many_axes(x, y):
    x_sizes, y_sizes = _sizes(x), _sizes(y)
    last = list(range(ndim(y)))
    order = [last.pop(-2), *last]
    rows = tf.reshape(x, [-1, x_sizes[-1]])
    columns = tf.reshape(tf.transpose(y, perm=order), [y_sizes[-2], -1])
    return tf.reshape(tf.matmul(rows, columns), x_sizes[:-1] + y_sizes[:-2] + y_sizes[-1:])


def _sizes(x):
    """The sizes, as numbers where they are known."""
    found = tf.unstack(tf.shape(x))
    return [in_run if known is None else known for known, in_run in zip(int_shape(x), found)]


def batch_dot(x, y, axes=None):
    """For each element of the batch, the product over an axis of `x` and one of `y`.

    At least two axes are left: [batch, 1] where the product has one number for each element.
    """
    axes = (axes, axes) if isinstance(axes, int) else axes
    x_rank, y_rank = ndim(x), ndim(y)
    axes = [x_rank - 1, y_rank - 2] if axes is None else axes
    more = x_rank - y_rank
    if more > 0:
        y = tf.reshape(y, tf.concat([tf.shape(y), [1] * more], axis=0))
    elif more < 0:
        x = tf.reshape(x, tf.concat([tf.shape(x), [1] * -more], axis=0))
    product = _batch_product(x, y, axes)
    if more:
        first = x_rank + y_rank - 3 if more > 0 else x_rank - 1
        extra = more if more > 0 else -more
        product = tf.squeeze(product, list(range(first, first + extra)))
    return tf.expand_dims(product, 1) if ndim(product) == 1 else product


def _batch_product(x, y, axes):
    if ndim(x) == 2 and ndim(y) == 2:
        if axes[0] == axes[1]:
            return tf.reduce_sum(tf.multiply(x, y), axes[0])
        return tf.reduce_sum(tf.multiply(tf.transpose(x, [1, 0]), y), axes[1])
    return tf.matmul(
        x, y, adjoint_a=axes[0] != ndim(x) - 1, adjoint_b=axes[1] == ndim(y) - 1
    )


# -- normalization --------------------------------------------------------------------------------


def normalize_batch_in_training(x, gamma, beta, reduction_axes, epsilon=1e-3):
    """`x` normalized by its own mean and variance over some axes; then these two."""
    axes, rank = list(reduction_axes), ndim(x)
    if rank == 4 and axes == [0, 1, 2]:
        gamma, beta = _of_channels(x, gamma, 1.0), _of_channels(x, beta, 0.0)
        return tf.nn.fused_batch_norm(x, gamma, beta, epsilon=epsilon)
    mean, variance = tf.nn.moments(x, axes, None, None, False)
    spread = [mean, variance, beta, gamma]
    if sorted(axes) != list(range(rank))[:-1]:
        shape = tf.stack([1 if axis in axes else tf.shape(x)[axis] for axis in range(rank)])
        spread = [None if each is None else tf.reshape(each, shape) for each in spread]
    return tf.nn.batch_normalization(x, *spread, epsilon), mean, variance


def _of_channels(x, values, default):
    """`values` as a vector; `default` for each channel when there are none."""
    if values is None:
        return tf.constant(default, dtype=x.dtype, shape=[x.shape[-1].value])
    return values if ndim(values) == 1 else tf.reshape(values, [-1])


def batch_normalization(x, mean, var, beta, gamma, axis=-1, epsilon=1e-3):
    """gamma * (x - mean) / sqrt(var + epsilon) + beta; for images along `axis`."""
    if ndim(x) != 4:
        return tf.nn.batch_normalization(x, mean, var, beta, gamma, epsilon)
    if axis not in (1, -3):
        values = [_of_channels(x, each, default) for each, default in (
            (gamma, 1.0), (beta, 0.0), (mean, 0.0), (var, 1.0))]  # fmt: skip
        gamma, beta, mean, var = values
        return tf.nn.fused_batch_norm(
            x, gamma, beta, mean=mean, variance=var, epsilon=epsilon, is_training=False
        )[0]
    spread = [
        None if each is None else tf.reshape(each, [1, -1, 1, 1])
        for each in (mean, var, beta, gamma)
    ]
    return tf.nn.batch_normalization(x, *spread, epsilon)
