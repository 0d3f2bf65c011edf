"""The time: `tf.timestamp`."""
import time

import numpy as np

from minitf.core.dtypes import float64
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.shape_rules import scalar


@op("Timestamp", shape=scalar, grad=NOT_DIFFERENTIABLE, stateful=True, host=True)
def timestamp(xp) -> float64:
    """The seconds since 1970 began, as of the run."""
    return np.float64(time.time())
