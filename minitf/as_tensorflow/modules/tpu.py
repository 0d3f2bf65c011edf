"""Modules below `tensorflow.python.tpu` that programs import and, without a TPU, do not use."""
from __future__ import annotations

from typing import Any


class Topology:
    """How the cores of a TPU are connected. NotImplementedError where one is made."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError("Topology: minitf runs on CPUs and GPUs, not on TPUs.")
