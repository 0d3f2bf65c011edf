"""Floats as whole numbers of few bits, and back: `tf.quantize`, `tf.dequantize`."""
from typing import Any, NamedTuple

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import QUANTIZED, as_dtype, float32, int32
from minitf.core.literals import element, integer
from minitf.core.op import op
from minitf.core.schema import Attr, TypeAttr
from minitf.core.shape_rules import axis_index
from minitf.core.tensor_shape import printed

Quantized = TypeAttr("T", QUANTIZED)
Axis = TypeAttr("_", (int32,), static=True)
MODES = ("MIN_COMBINED", "MIN_FIRST", "SCALED")
ROUNDINGS = ("HALF_AWAY_FROM_ZERO", "HALF_TO_EVEN")
single = np.float32

# -- the arithmetic -------------------------------------------------------------------------------


def _ends(dtype):
    """The least and the greatest whole number of a type, as floats."""
    info = np.iinfo(dtype)
    return single(info.min), single(info.max)


def _rounded(x):
    """To the nearest, halves away from zero."""
    return np.trunc(x + np.copysign(single(0.5), x))


def _as_whole(x, dtype):
    with np.errstate(invalid="ignore"):
        return x.astype(np.float64).astype(np.int64).astype(dtype)


def _min_combined(x, low, high, dtype):
    first, last = np.iinfo(dtype).min, np.iinfo(dtype).max
    scale = single((float(last) - float(first)) / (high - low))
    shifted = (np.clip(x, low, high) - low) * scale
    if first < 0:
        return _as_whole(_rounded(shifted - single((last - first + 1) // 2)), dtype)
    return _as_whole(shifted + single(0.5), dtype)


def _steps(low, high, dtype):
    """(how many steps a unit has, the number of the least)."""
    count = 2.0 ** (8 * np.dtype(dtype).itemsize)
    scale = single(count / (float(high - low) * (count / (count - 1))))
    return scale, _rounded(low * scale)


def _min_first(x, low, high, dtype):
    first, last = _ends(dtype)
    if low == high:
        return np.zeros(x.shape, dtype)
    scale, least = _steps(low, high, dtype)
    found = _rounded(x * scale) - (least - first)
    # The greatest float that is no more than the greatest whole number.
    last = min(last, np.nextafter(single(2.0**31), single(0))) if dtype == np.int32 else last
    return _as_whole(np.clip(found, first, last), dtype)


def _side(end, limit):
    return end / limit if end * limit > 0 else np.finfo(single).max


def _scaled(x, low, high, dtype, round_mode):
    """(the whole numbers, and the range that they stand for)."""
    first, last = _ends(dtype)
    scale = single(min(_side(first, low), _side(last, high)))
    low, high = first / scale, last / scale
    times = np.clip(x, low, high) * scale
    rounded = np.rint(times) if round_mode == "HALF_TO_EVEN" else _rounded(times)
    return _as_whole(rounded, dtype), low, high


def _to_floats(x, low, high, mode):
    """Whole numbers as the floats that they stand for."""
    first, last = np.iinfo(x.dtype).min, np.iinfo(x.dtype).max
    if mode == "SCALED":
        sides = [high / single(last)] + ([low / single(first)] if first < 0 else [])
        return x.astype(single) * single(max(sides))
    span = single(float(last) - float(first))
    if mode == "MIN_COMBINED":
        half = single((last - first + 1) // 2 if first < 0 else 0)
        return (x.astype(single) + half) * ((high - low) / span) + low
    scale = (high - low) / span
    start = low if high == low else _rounded(low / scale) * scale
    return start + (x.astype(single) - single(first)) * scale


# -- ops ------------------------------------------------------------------------------------------


def _limits_shape(*limits):
    for limit in limits:
        if limit not in (None, ()):
            raise ValueError(f"Shape must be rank 0 but is rank {len(limit)}: {printed(limit)}")


def _quantized_shape(input, low, high, *, T, mode, round_mode):
    _limits_shape(low, high)
    return [input, (), ()]


@op("QuantizeV2", shape=_quantized_shape, host=True)
def quantize_op(
    xp, input: float32, min_range: float32, max_range: float32, *, T, mode, round_mode
) -> [Attr("T"), float32, float32]:
    """The floats of a range as whole numbers, and the range as it has become."""
    low, high = single(min_range), single(max_range)
    if low > high:
        raise ValueError("input_max_range must be larger than input_min_range.")
    if round_mode == "HALF_TO_EVEN" and mode != "SCALED":
        raise ValueError(f"Round mode 'HALF_TO_EVEN' only supported for mode 'SCALED', but mode is "
                         f"'{mode}'.")  # fmt: skip
    low = min(single(0), low)
    least = max(single(1), abs(low), abs(high)) / single(100)
    high = max(single(0), high, low + least)
    if mode == "SCALED":
        found, low, high = _scaled(input, low, high, T.numpy, round_mode)
    else:
        function = _min_first if mode == "MIN_FIRST" else _min_combined
        found = function(input, low, high, T.numpy)
    return [found, np.asarray(low, single), np.asarray(high, single)]


def _dequantized_shape(input, low, high, *, mode):
    _limits_shape(low, high)
    return input


@op("Dequantize", shape=_dequantized_shape, host=True)
def dequantize_op(
    xp, input: Quantized, min_range: float32, max_range: float32, *, mode
) -> float32:
    """The floats that whole numbers of a range stand for."""
    return _to_floats(input, single(min_range), single(max_range), mode)


def _joined_shape(concat_dim, *parts, N, T):
    _limits_shape(*parts[N:])
    merged = parts[0]
    for part in parts[1:N]:
        if merged is not None and part is not None and len(merged) != len(part):
            raise ValueError(f"ranks differ: {', '.join(map(printed, parts[:N]))}")
    sizes = None if merged is None else (None,) * len(merged)
    axis = element(concat_dim)
    if axis is not None and None not in parts[:N]:
        at = axis_index(axis, len(merged))
        sizes = tuple(_size([part[n] for part in parts[:N]], n == at) for n in range(len(merged)))
    return [sizes, (), ()]


def _size(found, added):
    """That of an axis: the sum, or the one that all share."""
    if added:
        return None if None in found else sum(found)
    known = {n for n in found if n is not None}
    if len(known) > 1:
        raise ValueError(f"Dimensions must be equal, but are {sorted(known)}")
    return known.pop() if known else None


def _joined(xp, concat_dim, *parts, N, T):
    """Quantised tensors one behind the other, all in the widest range."""
    values, lows, highs = parts[:N], parts[N : 2 * N], parts[2 * N :]
    axis = axis_index(integer(concat_dim), values[0].ndim)
    low, high = single(min(0, *map(float, lows))), single(max(map(float, highs)))
    moved = [_in_range(x, single(a), single(b), low, high) for x, a, b in zip(values, lows, highs)]
    return [np.concatenate(moved, axis), np.asarray(low), np.asarray(high)]


def _in_range(x, before_low, before_high, low, high):
    """The whole numbers that stand for the same floats in another range."""
    if (before_low, before_high) == (low, high):
        return x
    return _min_first(_to_floats(x, before_low, before_high, "MIN_FIRST"), low, high, x.dtype)


_joined.__annotations__ = {"concat_dim": Axis, "parts": TypeAttr("_", each=True),
                           "return": [Attr("T"), float32, float32]}  # fmt: skip
quantized_concat_op = op("QuantizedConcat", shape=_joined_shape, host=True)(_joined)

# -- functions ------------------------------------------------------------------------------------


class QuantizeV2(NamedTuple):
    """What `tf.quantize` returns."""

    output: Any
    output_min: Any
    output_max: Any


def quantize(
    input, min_range, max_range, T, mode="MIN_COMBINED", round_mode="HALF_AWAY_FROM_ZERO",
    name=None,
):  # fmt: skip
    """(output, output_min, output_max): floats of [`min_range`, `max_range`] as numbers of type T.

    T is tf.quint8, qint8, quint16, qint16 or qint32, `mode` "MIN_COMBINED", "MIN_FIRST" or
    "SCALED". The range may become wider: it holds zero. TypeError for another type, ValueError for
    another mode.
    """
    dtype = as_dtype(T).base_dtype
    if dtype not in QUANTIZED:
        raise TypeError(f"Value passed to parameter 'T' has DataType {dtype.name} not in list of "
                        f"allowed values: {', '.join(each.name for each in QUANTIZED)}")
    _check_in(mode, MODES, "mode")
    _check_in(round_mode, ROUNDINGS, "round_mode")
    return QuantizeV2(*quantize_op(input, min_range, max_range, T=dtype, mode=mode,
                                   round_mode=round_mode, name=name))  # fmt: skip


def quantize_v2(
    input, min_range, max_range, T, mode="MIN_COMBINED", name=None,
    round_mode="HALF_AWAY_FROM_ZERO",
):  # fmt: skip
    """As `tf.quantize`."""
    return quantize(input, min_range, max_range, T, mode, round_mode, name)


def _check_in(value, allowed, what):
    if value not in allowed:
        raise ValueError(f"{what} must be one of {', '.join(allowed)}, got {value!r}")


def dequantize(input, min_range, max_range, mode="MIN_COMBINED", name=None):
    """The floats that `input`, of a quantised type, stands for in [`min_range`, `max_range`].

    `mode` is the one it was quantised in. TypeError for a type that is not quantised.
    """
    _check_in(mode, MODES, "mode")
    return dequantize_op(input, min_range, max_range, mode=mode, name=name)


class QuantizedConcat(NamedTuple):
    """What `tf.quantized_concat` returns."""

    output: Any
    output_min: Any
    output_max: Any


def quantized_concat(concat_dim, values, input_mins, input_maxes, name=None):
    """(output, output_min, output_max): quantised tensors, of a range each, as one of one range."""
    values = [convert_to_tensor(value) for value in values]
    if not len(values) == len(input_mins) == len(input_maxes):
        raise ValueError("quantized_concat takes as many limits as values")
    limits = [convert_to_tensor(limit, float32) for limit in (*input_mins, *input_maxes)]
    found = quantized_concat_op(concat_dim, *values, *limits, N=len(values),
                                T=values[0].dtype.base_dtype, name=name)  # fmt: skip
    return QuantizedConcat(*found)


