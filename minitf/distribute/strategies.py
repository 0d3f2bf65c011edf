"""The strategies of TensorFlow: where a machine has one device, each has one replica."""
from __future__ import annotations

import enum
import json
import os
from collections.abc import Iterable
from typing import Any

from minitf.backend import devices as hardware
from minitf.core.device import DeviceSpec
from minitf.distribute.strategy import Strategy, StrategyExtended


class CollectiveCommunication(enum.Enum):
    """By what collective operations would be done."""

    AUTO = "AUTO"
    RING = "RING"
    NCCL = "NCCL"


class OnOneDevice(Strategy):
    """A strategy of one replica. NotImplementedError for more devices, and for clusters."""

    def __init__(self, devices: Iterable[str]) -> None:
        super().__init__(StrategyExtended(self))
        self.devices = tuple(_full_name(device) for device in devices) or (_own_device(),)
        if len(set(self.devices)) < len(self.devices):
            raise AssertionError(f"No duplicates allowed in `devices` argument: {self.devices}")
        if len(self.devices) > 1:
            raise refusal(type(self), f"devices={list(self.devices)}", "name one device")


class TPUStrategy(Strategy):
    """A name to compare with. NotImplementedError where one is made."""

    def __init__(
        self, tpu_cluster_resolver: Any = None, steps_per_run: Any = None,
        device_assignment: Any = None,
    ) -> None:  # fmt: skip
        raise NotImplementedError("TPUStrategy: minitf runs on CPUs and GPUs, not on TPUs.")


def refusal(kind: type, what: str, mend: str) -> NotImplementedError:
    """What to raise where there would be several replicas."""
    return NotImplementedError(
        f"{kind.__name__}: {what}: a strategy of minitf has one replica, on one device of this "
        f"process: {mend}. Several processes train together by Horovod's functions "
        "(minitf.distributed)."
    )


def _full_name(device: str) -> str:
    known = DeviceSpec(replica=0, task=0, device_type="CPU", device_index=0)
    return known.make_merged_spec(DeviceSpec.from_string(device)).to_string()


def _own_device() -> str:
    """The device that a session computes on."""
    return _full_name("/gpu:0" if hardware.find().cards else "/cpu:0")


def check_alone(kind: type, cluster_resolver: Any = None) -> None:
    """NotImplementedError where a resolver, or the environment variable TF_CONFIG, tells of a
    cluster of several tasks."""
    if cluster_resolver is not None:
        cluster = cluster_resolver.cluster_spec().as_dict()
    else:
        cluster = json.loads(os.environ.get("TF_CONFIG", "{}")).get("cluster", {})
    tasks = sum(map(len, cluster.values()))
    if tasks > 1:
        raise refusal(kind, f"a cluster of {tasks} tasks", "leave the cluster out")


class MirroredStrategy(OnOneDevice):
    """All devices of a machine: by default the one that minitf computes on."""

    def __init__(self, devices: Any = None, cross_device_ops: Any = None) -> None:
        super().__init__(devices or ())


class OneDeviceStrategy(OnOneDevice):
    """The device of this name."""

    def __init__(self, device: str) -> None:
        super().__init__([device])


class MultiWorkerMirroredStrategy(OnOneDevice):
    """The machines of a cluster: here one."""

    def __init__(self, communication: Any = CollectiveCommunication.AUTO) -> None:
        check_alone(type(self))
        super().__init__(())


class ParameterServerStrategy(OnOneDevice):
    """Variables on parameter servers: here in this process."""

    def __init__(self, cluster_resolver: Any = None) -> None:
        check_alone(type(self), cluster_resolver)
        super().__init__(())


class CentralStorageStrategy(OnOneDevice):
    """Variables on one device, and computation on all."""

    def __init__(self, compute_devices: Any = None, parameter_device: str | None = None) -> None:
        super().__init__(compute_devices or ())
