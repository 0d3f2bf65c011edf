"""How the values of several devices would become one: with one device there is nothing to do."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class CrossDeviceOps:
    """Sums or means over the values of devices, of which there is one."""

    def reduce(self, reduce_op: Any, per_replica_value: Any, destinations: Any) -> Any:
        """The value."""
        return per_replica_value

    def batch_reduce(self, reduce_op: Any, value_destination_pairs: Iterable[Any]) -> list[Any]:
        """The value of each pair of a value and where it goes."""
        return [value for value, _ in value_destination_pairs]

    def broadcast(self, tensor: Any, destinations: Any) -> Any:
        """The same tensor on each device."""
        return tensor


class ReductionToOneDevice(CrossDeviceOps):
    """On one of the devices."""

    def __init__(self, reduce_to_device: Any = None, accumulation_fn: Any = None) -> None:
        self.reduce_to_device, self.accumulation_fn = reduce_to_device, accumulation_fn


class NcclAllReduce(CrossDeviceOps):
    """By NVIDIA's library."""

    def __init__(self, num_packs: int = 1) -> None:
        self._num_packs = num_packs


class HierarchicalCopyAllReduce(CrossDeviceOps):
    """By copies from device to device."""

    def __init__(self, num_packs: int = 1) -> None:
        self._num_packs = num_packs
