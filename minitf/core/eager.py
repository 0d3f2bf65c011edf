"""Whether operations run as they are called: here they are nodes of a graph."""
from __future__ import annotations


def executing_eagerly() -> bool:
    """False: minitf is TensorFlow in graph mode."""
    return False
