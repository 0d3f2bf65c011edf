"""`tensorflow.contrib.tpu.python.tpu.tpu_function`: what a program asks of the TPU it is on."""
from __future__ import annotations

from typing import NamedTuple


class TpuContext(NamedTuple):
    """How many replicas there are; None on no TPU."""

    number_of_shards: int | None = None


def get_tpu_context() -> TpuContext:
    return TpuContext()
