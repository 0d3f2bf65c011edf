"""`tensorflow.python.autograph.pyct.transformer`, as far as importing programs need it."""
from __future__ import annotations

from typing import Any


class Base:
    """What transformers of a program's own derive from, to be imported; it makes none."""

    def __init__(self, ctx: Any) -> None:
        raise NotImplementedError(
            "autograph.pyct.transformer.Base: minitf's autograph has other parts than "
            "TensorFlow's, which programs cannot derive from; tf.function and tf.autograph work."
        )
