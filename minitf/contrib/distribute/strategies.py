"""The strategies as tf.contrib had them: devices are given as numbers of GPUs."""
from __future__ import annotations

from typing import Any

from minitf.distribute.strategies import CollectiveCommunication, OnOneDevice, check_alone


def _gpus(number: int | None) -> list[str]:
    """Their names."""
    return [f"/gpu:{index}" for index in range(number or 0)]


class MirroredStrategy(OnOneDevice):
    """As tf.distribute's. ValueError for several ways to give the devices."""

    def __init__(
        self, devices: Any = None, num_gpus: int | None = None,
        num_gpus_per_worker: int | None = None, cross_device_ops: Any = None,
        auto_shard_dataset: bool = False, cross_tower_ops: Any = None,
    ) -> None:  # fmt: skip
        if cross_device_ops and cross_tower_ops:
            raise ValueError("You cannot specify both `cross_device_ops` and `cross_tower_ops`.")
        if num_gpus is not None and num_gpus_per_worker is not None:
            raise ValueError("You cannot specify both `num_gpus` and `num_gpus_per_worker`.")
        number = num_gpus_per_worker if num_gpus is None else num_gpus
        if devices is not None and number is not None:
            raise ValueError("Must only specify one of `devices` and `num_gpus`.")
        super().__init__(devices or _gpus(number))


class ParameterServerStrategy(OnOneDevice):
    """As tf.distribute.experimental's."""

    def __init__(self, num_gpus_per_worker: int = 0) -> None:
        check_alone(type(self))
        super().__init__(_gpus(num_gpus_per_worker))


class CollectiveAllReduceStrategy(OnOneDevice):
    """tf.distribute.experimental.MultiWorkerMirroredStrategy under its former name."""

    def __init__(
        self, num_gpus_per_worker: int = 0, communication: Any = CollectiveCommunication.AUTO
    ) -> None:
        check_alone(type(self))
        super().__init__(_gpus(num_gpus_per_worker))
