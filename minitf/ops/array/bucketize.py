"""Numbers of the ranges that values lie in."""
import numpy as np

from minitf.core.dtypes import float32, float64, int32, int64
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import TypeAttr

Input = TypeAttr("T", (int32, int64, float32, float64))


@op("Bucketize", grad=NOT_DIFFERENTIABLE)
def bucketize_op(xp, input: Input, *, boundaries) -> int32:
    """How many of the boundaries, which must be sorted, are not above each element."""
    bounds = xp.asarray(boundaries, np.float32)
    return xp.searchsorted(bounds, input, side="right").astype(np.int32)


def bucketize(input_tensor, boundaries, name=None):
    """For each element the number of its range: 0 below the first boundary, 1 from there on, ..."""
    bounds = [float(each) for each in boundaries]
    if bounds != sorted(bounds):
        raise ValueError(f"Bucketize: expected sorted boundaries, got {bounds}")
    return bucketize_op(input_tensor, boundaries=bounds, name=name)
