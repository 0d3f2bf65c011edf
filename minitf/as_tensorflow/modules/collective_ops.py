"""`tensorflow.python.ops.collective_ops`: programs import it, few call it.

Its operations wait for those of other devices that have the same key. All devices run one after
the other here, so that they would wait forever: `nccl_ops` gives the same sums.
"""
from __future__ import annotations

from typing import Any, NoReturn


def all_reduce(
    t: Any, group_size: int, group_key: int, instance_key: int, merge_op: str, final_op: str,
    subdiv_offsets: Any = (0,), communication_hint: str = "auto",
) -> NoReturn:  # fmt: skip
    """NotImplementedError: see the module."""
    _refuse("all_reduce", "nccl_ops.all_sum(tensors)")


def broadcast_send(
    t: Any, shape: Any, dtype: Any, group_size: int, group_key: int, instance_key: int,
    communication_hint: str = "auto",
) -> NoReturn:  # fmt: skip
    """NotImplementedError: see the module."""
    _refuse("broadcast_send", "tf.identity(t)")


def broadcast_recv(
    shape: Any, dtype: Any, group_size: int, group_key: int, instance_key: int,
    communication_hint: str = "auto",
) -> NoReturn:  # fmt: skip
    """NotImplementedError: see the module."""
    _refuse("broadcast_recv", "tf.identity(t)")


def _refuse(name: str, instead: str) -> NoReturn:
    raise NotImplementedError(
        f"collective_ops.{name}: devices run one after the other in minitf, so that "
        f"none can wait for another. {instead} does it in one graph."
    )
