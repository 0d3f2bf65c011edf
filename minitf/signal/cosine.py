"""Cosine transforms: `tf.signal.dct`, `tf.signal.idct`."""
import math

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32
from minitf.core.graph import name_scope
from minitf.ops.array.basics import fill, reshape, shape
from minitf.ops.array.joining import concat, stack
from minitf.ops.array.padding import pad
from minitf.ops.array.sequences import range as range_
from minitf.ops.math.complex_numbers import complex, real
from minitf.ops.math.elementwise import cast, exp, rsqrt, sqrt
from minitf.ops.math.fourier import irfft, rfft


def _check(x, type, n, axis, norm):
    if axis != -1:
        raise NotImplementedError(f"axis must be -1. Got: {axis}")
    if n is not None and n < 1:
        raise ValueError("n should be a positive integer or None")
    if type not in (1, 2, 3):
        raise ValueError("Only Types I, II and III (I)DCT are supported.")
    if type == 1 and norm == "ortho":
        raise ValueError("Normalization is not supported for the Type-I DCT.")
    if type == 1 and x._shape is not None and x._shape[-1] is not None and x._shape[-1] < 2:
        raise ValueError("Type-I DCT requires the dimension to be greater than one.")
    if norm not in (None, "ortho"):
        raise ValueError(f"Unknown normalization. Expected None or 'ortho', got: {norm}")


def dct(input, type=2, n=None, axis=-1, norm=None, name=None):
    """The cosine transform of `type` 1, 2 or 3 of float32 numbers along the last axis.

    `n` crops the axis, or fills it with zeros; `norm="ortho"` makes types 2 and 3 orthogonal.
    NotImplementedError for another axis than -1, ValueError for other types or norms.
    """
    with name_scope(name, "dct", [input]):
        x = convert_to_tensor(input, float32)
        _check(x, type, n, axis, norm)
        x = x if n is None else _of_length(x, n)
        size = shape(x)[-1] if x._shape is None or x._shape[-1] is None else x._shape[-1]
        return {1: _first, 2: _second, 3: _third}[type](x, size, norm)


def _of_length(x, n):
    size = None if x._shape is None else x._shape[-1]
    if size is None:
        raise ValueError(f"tf.signal.dct needs to know the last axis of its input for n={n}: {x!r}")
    if n <= size:
        return x[..., 0:n]
    return pad(x, [[0, 0]] * (len(x._shape) - 1) + [[0, n - size]])


def _first(x, size, norm):
    return real(rfft(concat([x, x[..., -2:0:-1]], axis=-1)))


def _second(x, size, norm):
    count = cast(size, float32)
    turned = rfft(x, fft_length=[2 * size])[..., :size] * _turns(count, -1)
    result = real(turned)
    if norm == "ortho":
        first = 0.5 * rsqrt(count)
        result *= _weights(first, first * math.sqrt(2.0), size)
    return result


def _third(x, size, norm):
    count = cast(size, float32)
    if norm == "ortho":
        first = sqrt(count)
        x *= _weights(first, first * math.sqrt(0.5), size)
    else:
        x *= count
    spectrum = _turns(count, 1) * complex(x, 0.0)
    return irfft(spectrum, fft_length=[2 * size])[..., :size]


def _turns(count, sign):
    """2 exp(sign i pi k / (2 n)) for k < n."""
    angles = range_(count) * (sign * math.pi * 0.5) / count
    return 2.0 * exp(complex(0.0, angles))


def _weights(first, others, size):
    """[first, others, others, ...]"""
    return concat([reshape(first, [1]), fill(stack([size - 1]), others)], 0)


def idct(input, type=2, n=None, axis=-1, norm=None, name=None):
    """The inverse of `dct`, up to a factor unless `norm="ortho"`."""
    if type not in (1, 2, 3):
        raise ValueError("Only Types I, II and III (I)DCT are supported.")
    return dct(input, type={1: 1, 2: 3, 3: 2}[type], n=n, axis=axis, norm=norm, name=name)
