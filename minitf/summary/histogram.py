"""Numbers counted in buckets that grow by a tenth, as TensorFlow's histograms have them."""
import functools
import sys

import numpy as np

from minitf.summary.messages import HistogramProto


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
    values = np.asarray(values, np.float64).reshape(-1)
    bounds = limits()
    counts = np.bincount(np.searchsorted(bounds, values, "right"), minlength=len(bounds))
    told = (counts > 0) | np.append(counts[1:] > 0, True)
    greatest = sys.float_info.max
    return HistogramProto(
        min=values.min(initial=greatest),
        max=values.max(initial=-greatest),
        num=values.size,
        sum=_sum(values),
        sum_squares=_sum(values * values),
        bucket_limit=bounds[told].tolist(),
        bucket=counts[told].astype(np.float64).tolist(),
    )


def _sum(values):
    """Added one after the other, as TensorFlow does."""
    return float(np.add.accumulate(values)[-1]) if values.size else 0.0
