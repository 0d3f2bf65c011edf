"""Numbers counted in buckets that grow by a tenth, as TensorFlow's histograms have them."""
import functools
import sys

import numpy as np

from minitf.summary.messages import HistogramProto

CACHEFUL = 1 << 14  # numbers


@functools.cache
def limits():
    """The upper ends of the buckets: from 1e-12 to 1e20 and the same below zero."""
    positive, limit = [], 1.0e-12
    while limit < 1.0e20:
        positive.append(limit)
        limit *= 1.1
    positive.append(sys.float_info.max)
    return np.array([-limit for limit in reversed(positive)] + [0.0] + positive)


def histogram_proto(values):
    """A HistogramProto of finite numbers. Of empty buckets in a row only the last is told."""
    values = np.asarray(values).reshape(-1)
    least, greatest = sys.float_info.max, -sys.float_info.max
    total = squares = 0.0
    counts = np.zeros(len(limits()), np.int64)
    for start in range(0, values.size, CACHEFUL):
        some = values[start : start + CACHEFUL].astype(np.float64)
        least, greatest = some.min(initial=least), some.max(initial=greatest)
        counts += np.bincount(_buckets(some), minlength=len(counts))
        total, squares = _add(total, some), _add(squares, np.square(some))
    told = (counts > 0) | np.append(counts[1:] > 0, True)
    return HistogramProto(
        min=least,
        max=greatest,
        num=values.size,
        sum=total,
        sum_squares=squares,
        bucket_limit=limits()[told].tolist(),
        bucket=counts[told].astype(np.float64).tolist(),
    )


def _buckets(values):
    """`np.searchsorted(limits(), values, "right")` without a search: between numbers that begin
    with the same 16 bits there is one limit at most."""
    firsts, ends = _buckets_by_first_bits()
    found = firsts[values.view(np.uint64) >> np.uint64(48)]
    found += values >= ends[found]
    return found


@functools.cache
def _buckets_by_first_bits():
    """The bucket of the least number that begins with these bits, a sign, an exponent and 1/16 of
    an octave; and the ends of the buckets, of which the last is open."""
    starts = np.arange(1 << 16, dtype=np.uint64) << np.uint64(48)
    starts[1 << 15 :] |= np.uint64((1 << 48) - 1)  # below zero more bits are less
    ends = np.append(limits()[:-1], np.inf)
    firsts = np.searchsorted(ends, starts.view(np.float64), "right")
    return np.minimum(firsts, len(ends) - 1), ends  # no one asks for what is not finite


def _add(total, values):
    """`total` and the values, added one after the other, as TensorFlow does."""
    return float(np.add.accumulate(np.append(total, values))[-1])
