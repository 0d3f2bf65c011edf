"""`tensorflow.python.debug`: programs import it at their head, and use it when asked to."""
from __future__ import annotations

from typing import Any

import numpy as np


def has_inf_or_nan(datum: Any, tensor: Any) -> bool:
    """Whether a value that a run gave, an array, has infinities or NaN in it."""
    value = np.asarray(tensor)
    return value.dtype.kind in "fc" and not bool(np.isfinite(value).all())
