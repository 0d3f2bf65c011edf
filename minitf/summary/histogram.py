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


class Histogram:
    """Finite numbers, counted as they come."""

    def __init__(self):
        self._least, self._greatest = sys.float_info.max, -sys.float_info.max
        self._total = self._squares = 0.0
        self._number, self._counts = 0, np.zeros(len(limits()), np.int64)

    def add(self, values):
        """Count some more."""
        values = np.asarray(values).reshape(-1)
        for start in range(0, values.size, CACHEFUL):
            some = values[start : start + CACHEFUL].astype(np.float64)
            self._least = some.min(initial=self._least)
            self._greatest = some.max(initial=self._greatest)
            self._counts += np.bincount(_buckets(some), minlength=len(self._counts))
            self._total = _add(self._total, some)
            self._squares = _add(self._squares, np.square(some))
        self._number += values.size
        return self

    def proto(self):
        """A HistogramProto of them. Of empty buckets in a row only the last is told."""
        told = (self._counts > 0) | np.append(self._counts[1:] > 0, True)
        return HistogramProto(
            min=self._least,
            max=self._greatest,
            num=self._number,
            sum=self._total,
            sum_squares=self._squares,
            bucket_limit=limits()[told].tolist(),
            bucket=self._counts[told].astype(np.float64).tolist(),
        )


def histogram_proto(values):
    """A HistogramProto of finite numbers."""
    return Histogram().add(values).proto()


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
