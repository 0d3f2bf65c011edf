"""In which of a row of intervals a number lies: the op Bucketize."""
import numpy as np

from minitf.core.dtypes import float32, float64, int32, int64
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import TypeAttr

_Number = TypeAttr("T", (int32, int64, float32, float64))


@op("Bucketize", grad=NOT_DIFFERENTIABLE)
def bucketize(xp, input: _Number, *, boundaries) -> int32:
    """How many of `boundaries`, which ascend, are not above each number."""
    limits = xp.asarray(np.asarray(boundaries, np.float32))
    return xp.searchsorted(limits, input, side="right").astype(np.int32)
