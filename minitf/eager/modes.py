"""Where and how operations run at once: one after the other, on the CPU."""
from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from minitf.core.eager import LISTENERS, executing_eagerly
from minitf.core.operation import Operation

DEVICE_PLACEMENT_EXPLICIT, DEVICE_PLACEMENT_WARN, DEVICE_PLACEMENT_SILENT = 0, 1, 2
SYNC, ASYNC = 0, 1


def num_gpus() -> int:
    """0: what runs at once runs on the CPU."""
    return 0


def list_devices() -> list[str]:
    """The names of the devices on which operations run at once."""
    return ["/job:localhost/replica:0/task:0/device:CPU:0"]


def set_execution_mode(mode: int | None) -> None:
    """SYNC or ASYNC: an operation has run when its call returns in any case. ValueError for
    others."""
    if mode not in (None, SYNC, ASYNC):
        raise ValueError(f"Execution mode should be None/SYNC/ASYNC. Got {mode}")


@contextmanager
def execution_mode(mode: int | None) -> Iterator[None]:
    """The same, for a `with` block."""
    set_execution_mode(mode)
    yield


class _Placed:
    """Hears of each operation of this thread, and says where it runs."""

    persistent = False

    def record(self, operation: Operation) -> bool:
        if operation.type != "Const":  # which is no operation in TensorFlow
            print(f"Executing op {operation.type} in device {list_devices()[0]}", file=sys.stderr)
        return False


_placed = _Placed()


def set_log_device_placement(enabled: bool) -> None:
    """Whether each operation that runs at once is said on standard error, with its device. What a
    session runs is by `ConfigProto(log_device_placement=True)`."""
    if not enabled and get_log_device_placement():
        LISTENERS.items.remove(_placed)
    elif enabled and not get_log_device_placement():
        LISTENERS.items.insert(0, _placed)


def get_log_device_placement() -> bool:
    """What `set_log_device_placement` has said last, False before."""
    return _placed in LISTENERS.items


def async_wait() -> None:
    """Wait for what has been called: it has run."""


def async_clear_error() -> None:
    """Forget an error of what has been called: it was raised then."""


def in_eager_mode() -> bool:
    """Whether operations run as they are called, under a former name."""
    return executing_eagerly()


def get_optimizer_variables(optimizer: Any) -> Any:
    """What an optimizer itself keeps."""
    return optimizer.variables()
