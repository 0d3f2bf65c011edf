"""Where and how operations run at once: one after the other, on the CPU."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from minitf.core.eager import executing_eagerly

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
