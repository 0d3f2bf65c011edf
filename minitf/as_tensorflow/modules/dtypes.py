"""What `tensorflow.python.framework.dtypes` has, and tf has not: the types of references."""
from __future__ import annotations

from typing import Any

import minitf as tf


def __getattr__(name: str) -> Any:
    """`float32_ref`, the type of a variable's reference, and its kind."""
    dtype = getattr(tf, name.removesuffix("_ref"), None) if name.endswith("_ref") else None
    if not isinstance(dtype, tf.DType):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    return dtype._as_ref
