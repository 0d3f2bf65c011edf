"""Which device an operation may run on."""
from __future__ import annotations

import sys
from collections.abc import Iterable

from minitf.core import errors
from minitf.core.device import DeviceSpec
from minitf.core.operation import Operation

HERE = "/job:localhost/replica:0/task:0"


def check_devices(operations: Iterable[Operation], available: list[str], soft: bool) -> None:
    """InvalidArgumentError for an operation on a device that is not there, unless `soft`."""
    for operation in operations:
        if operation.device and not _exists(DeviceSpec.from_string(operation.device), available):
            if soft and DeviceSpec.from_string(operation.device).job in (None, "localhost"):
                continue
            raise errors.InvalidArgumentError(
                None,
                operation,
                f"Cannot assign a device for operation {operation.name}: it was explicitly "
                f"assigned to {operation.device} but available devices are "
                f"[ {', '.join(HERE + d for d in available)} ]. Make sure the device specification "
                "refers to a valid device, or let TensorFlow choose: "
                "tf.Session(config=tf.ConfigProto(allow_soft_placement=True))",
            )


def _exists(spec: DeviceSpec, available: list[str]) -> bool:
    if spec.job not in (None, "localhost") or (spec.task or 0) or (spec.replica or 0):
        return False
    if spec.device_type is None:
        return True
    index = 0 if spec.device_index is None else spec.device_index
    return f"/device:{spec.device_type}:{index}" in available


def log_devices(operations: Iterable[Operation], device: str) -> None:
    """Say where each operation runs, as `log_device_placement` asks."""
    for operation in operations:
        print(f"{operation.name}: ({operation.type}): {HERE}{device}", file=sys.stderr)
