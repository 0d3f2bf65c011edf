"""Statistics of samples: `auto_correlation` and `percentile`."""
import math

import numpy as np

from minitf.contrib.distributions.util import rotate_transpose
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float64, int32
from minitf.core.graph import name_scope
from minitf.core.static import constant_value
from minitf.nn.top import top_k
from minitf.ops.array.basics import ones, rank, reshape, shape, zeros, zeros_like
from minitf.ops.array.joining import concat
from minitf.ops.array.sequences import range as numbers
from minitf.ops.control_flow.check import assert_greater_equal, assert_less_equal
from minitf.ops.control_flow.check_static import assert_rank
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.math.clip import clip_by_value
from minitf.ops.math.complex_numbers import complex as complex_op
from minitf.ops.math.elementwise import cast, ceil, conj, floor, log, minimum
from minitf.ops.math.fourier import fft, ifft
from minitf.ops.math.operators import round as rounded
from minitf.ops.reduction.axes import expand_dims, transpose
from minitf.ops.reduction.reduce import reduce_mean


def auto_correlation(
    x, axis=-1, max_lags=None, center=True, normalize=True, name="auto_correlation"
):
    """How much the values along an axis tell of those some steps later, of 0 to `max_lags` steps.

    `center` takes the mean off before, and `normalize` lets that of no steps be 1.
    """
    with name_scope(name, values=[x]):
        x = convert_to_tensor(x, name="x")
        if not (x.dtype.is_floating or x.dtype.is_complex):
            raise TypeError(f"Argument x must have either float or complex dtype found: {x.dtype}")
        last = rank(x) - 1
        turn = last - (axis if axis >= 0 else last + 1 + axis)
        values = rotate_transpose(x, turn)
        if center:
            values -= reduce_mean(values, axis=-1, keepdims=True)
        length = shape(values)[-1]
        lags = length - 1 if max_lags is None else minimum(length - 1, max_lags)
        found = _products(values, length, x.dtype)[..., : lags + 1]
        counts = cast(length - numbers(0, lags + 1), x.dtype.real_dtype)
        found /= cast(counts, x.dtype)
        if normalize:
            found /= found[..., :1]
        return rotate_transpose(found, -turn)


def _products(values, length, dtype):
    """The sum of the products of values so many steps apart: by Fourier transforms of a power of
    two of elements, zeros behind them."""
    whole = 2.0 ** ceil(log(cast(2 * length, float64)) / math.log(2.0))
    more = cast(whole, int32) - length
    nothing = zeros(concat([shape(values)[:-1], [more]], 0), dtype)
    padded = concat([values, nothing], -1)
    if not dtype.is_complex:
        padded = complex_op(padded, zeros_like(padded))
    transformed = fft(padded)
    return cast(ifft(transformed * conj(transformed)), dtype)


def percentile(
    x, q, axis=None, interpolation=None, keep_dims=False, validate_args=False, name=None
):
    """The value that `q` percent of those along the axes, all when it is None, are not above.

    Where it is between two, `interpolation` says which: "lower", "higher", or "nearest".
    ValueError for another.
    """
    roundings = {"lower": ceil, "higher": floor, "nearest": rounded, None: rounded}
    if interpolation not in roundings:
        allowed = {name for name in roundings if name}
        raise ValueError(f"Argument 'interpolation' must be in {allowed}.  Found {interpolation}")
    with name_scope(name or "percentile", values=[x, q]):
        x, q = convert_to_tensor(x, name="x"), cast(q, float64, name="q")
        if q.shape.ndims not in (None, 0):
            raise ValueError(f"Expected argument 'q' to have ndims 0.  Found tensor {q}")
        if validate_args:
            checks = [assert_rank(q, 0), assert_greater_equal(q, cast(0.0, float64)),
                      assert_less_equal(q, cast(100.0, float64))]  # fmt: skip
            q = with_dependencies(checks, q)
        axes = None if axis is None else _axes(axis, x)
        rows = reshape(x, [-1]) if axes is None else _with_axes_last(x, axes)
        last = shape(rows)[-1] - 1
        place = roundings[interpolation](cast(last, float64) * (1.0 - q / 100.0))
        found = top_k(rows, k=last + 1)[0][..., clip_by_value(cast(place, int32), 0, last)]
        found.set_shape(rows.shape[:-1])
        return _kept(found, x, axes) if keep_dims else found


def _axes(axis, x):
    """The axes as numbers from 0 on. ValueError for those that are not known."""
    known = constant_value(convert_to_tensor(axis, name="axis"))
    if known is None or known.ndim > 1:
        raise ValueError(f"Expected argument 'axis' to be statically available.  Found: {axis}")
    if not np.issubdtype(known.dtype, np.integer):
        raise TypeError(f"Expected argument 'axis' to be integers.  Found: {axis}")
    if not x.shape.ndims:
        raise ValueError("Expected argument 'x' to have statically defined 'ndims', at least 1.  "
                         f"Found: {x}")  # fmt: skip
    for each in np.atleast_1d(known):
        if not -x.shape.ndims <= each < x.shape.ndims:
            raise ValueError(f"dim {each} not in the interval [-{x.shape.ndims}, "
                             f"{x.shape.ndims - 1}].")  # fmt: skip
    return [int(each) % x.shape.ndims for each in np.atleast_1d(known)]


def _with_axes_last(x, axes):
    """x with these axes together as the last one."""
    others = [each for each in range(x.shape.ndims) if each not in axes]
    turned = transpose(x, others + axes)
    return reshape(turned, concat([shape(turned)[: len(others)], [-1]], axis=0))


def _kept(found, x, axes):
    """With axes of size 1 in place of those that are gone."""
    if axes is None:
        return reshape(found, ones([rank(x)], dtype=int32))
    for each in sorted(axes):
        found = expand_dims(found, axis=each)
    return found
