"""Shapes, axes and parts of Tensors, of `tf.keras.backend`."""
import sys

import numpy as np

import minitf as tf
from minitf.keras.backend.config import checked_layout
from minitf.keras.backend.variables import int_shape, is_sparse, ndim, to_dense


def transpose(x):
    return tf.transpose(x)


def gather(reference, indices):
    """The rows of `reference` at `indices`."""
    return tf.gather(reference, indices)


def concatenate(tensors, axis=-1):
    """One after the other along an axis."""
    rank = ndim(tensors[0])
    axis = axis % rank if axis < 0 and rank else max(axis, 0)
    if all(map(is_sparse, tensors)):
        return tf.sparse_concat(axis, tensors)
    return tf.concat([to_dense(x) for x in tensors], axis)


def reshape(x, shape):
    return tf.reshape(x, shape)


def permute_dimensions(x, pattern):
    """The axes in another order."""
    return tf.transpose(x, perm=pattern)


def repeat_elements(x, rep, axis):
    """Each element along an axis `rep` times, as np.repeat does."""
    sizes = x.shape.as_list()
    if sizes[axis] is not None:
        parts = tf.split(x, sizes[axis], axis)
        return concatenate([part for part in parts for _ in range(rep)], axis)
    repeats = np.ones(len(sizes) + 1, np.int32)
    repeats[axis + 1] = rep
    longer = np.delete(repeats, axis + 1)
    longer[axis] = rep
    repeated = tf.tile(tf.expand_dims(x, axis + 1), repeats)
    repeated = tf.reshape(repeated, tf.shape(x) * longer)
    repeated.set_shape(sizes)
    return repeated


def repeat(x, n):
    """[samples, n, size] of [samples, size]."""
    if ndim(x) != 2:
        raise AssertionError(f"K.repeat takes a matrix, and got {x}")
    return tf.tile(tf.expand_dims(x, 1), tf.stack([1, n, 1]))


def arange(start, stop=None, step=1, dtype="int32"):
    """start, start + step, ... before `stop`; from 0 to `start` when that is alone."""
    if stop is None and start < 0:
        start = 0
    found = tf.range(start, limit=stop, delta=step, name="arange")
    return found if dtype == "int32" else tf.cast(found, dtype)


def tile(x, n):
    """Repeated n[axis] times along each axis."""
    return tf.tile(x, [n] if isinstance(n, int) else n)


def flatten(x):
    """As one axis."""
    return tf.reshape(x, [-1])


def batch_flatten(x):
    """All axes but the first as one."""
    return tf.reshape(x, tf.stack([-1, tf.reduce_prod(tf.shape(x)[1:])]))


def expand_dims(x, axis=-1):
    return tf.expand_dims(x, axis)


def squeeze(x, axis):
    return tf.squeeze(x, [axis])


def stack(x, axis=0):
    return tf.stack(x, axis=axis)


def one_hot(indices, num_classes):
    """[..., num_classes] with a one at each index."""
    return tf.one_hot(indices, depth=num_classes, axis=-1)


def reverse(x, axes):
    return tf.reverse(x, [axes] if isinstance(axes, int) else axes)


def slice(x, start, size):
    """The part of `size` that begins at `start`."""
    return tf.slice(x, start, size)


# -- padding and resizing -------------------------------------------------------------------------


def temporal_padding(x, padding=(1, 1)):
    """Sequences with zeros before and after them."""
    return _padded(x, [padding], "channels_last", 1)


def spatial_2d_padding(x, padding=((1, 1), (1, 1)), data_format=None):
    """Images with zeros around them."""
    return _padded(x, padding, data_format, 2)


def spatial_3d_padding(x, padding=((1, 1), (1, 1), (1, 1)), data_format=None):
    """Volumes with zeros around them."""
    return _padded(x, padding, data_format, 3)


def _padded(x, padding, data_format, axes):
    if len(padding) != axes or any(len(pair) != 2 for pair in padding):
        raise AssertionError(f"padding must be {axes} pairs, and is {padding}")
    pattern = [list(pair) for pair in padding]
    first = checked_layout(data_format) == "channels_first"
    return tf.pad(x, [[0, 0], [0, 0], *pattern] if first else [[0, 0], *pattern, [0, 0]])


def resize_images(x, height_factor, width_factor, data_format, interpolation="nearest"):
    """Images so many times as high and wide; `interpolation` is "nearest" or "bilinear".

    Pixel centres are at half integers, as tf.image.resize of TensorFlow 2 has them.
    """
    first = checked_layout(data_format) == "channels_first"
    if interpolation not in ("nearest", "bilinear"):
        raise ValueError('interpolation should be one of "nearest" or "bilinear".')
    if first:
        x = permute_dimensions(x, [0, 2, 3, 1])
    sizes = x.shape.as_list()
    new = tf.shape(x)[1:3] * np.array([height_factor, width_factor], np.int32)
    method = "resize_nearest_neighbor" if interpolation == "nearest" else "resize_bilinear"
    with tf.name_scope("resize"):
        x = getattr(tf.image, method)(x, new, half_pixel_centers=True)
    x.set_shape([None, _times(sizes[1], height_factor), _times(sizes[2], width_factor), None])
    return tf.transpose(x, [0, 3, 1, 2]) if first else x


def _times(size, factor):
    return None if size is None else size * factor


def resize_volumes(x, depth_factor, height_factor, width_factor, data_format):
    """Volumes so many times as deep, high and wide: elements repeated."""
    axis = 2 if checked_layout(data_format) == "channels_first" else 1
    for i, factor in enumerate((depth_factor, height_factor, width_factor)):
        x = repeat_elements(x, factor, axis + i)
    return x


# -- loops and printing ---------------------------------------------------------------------------


def map_fn(fn, elems, name=None, dtype=None):
    """fn of each row."""
    return tf.map_fn(fn, elems, name=name, dtype=dtype)


def foldl(fn, elems, initializer=None, name=None):
    """The rows combined by fn(so far, row), from the first."""
    return tf.foldl(fn, elems, initializer=initializer, name=name)


def foldr(fn, elems, initializer=None, name=None):
    """The rows combined by fn(so far, row), from the last."""
    return tf.foldr(fn, elems, initializer=initializer, name=name)


def print_tensor(x, message=""):
    """`x`, which is printed to stdout in each run that computes the result."""

    def show(value):
        print(message, np.array2string(np.asarray(value), separator=" "), file=sys.stdout)
        return value

    shown = tf.py_func(show, [x], x.dtype.base_dtype)
    shown.set_shape(int_shape(x))
    with tf.control_dependencies([shown]):
        return tf.identity(x)
