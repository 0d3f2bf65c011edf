"""Device names: `/job:worker/replica:0/task:1/device:GPU:0`, and the short `/gpu:0`."""
from __future__ import annotations

from typing import Any

_FIELDS = ("job", "replica", "task", "device_type", "device_index")


class DeviceSpec:
    """A device, as far as it is named; unnamed parts are None."""

    __slots__ = _FIELDS

    def __init__(
        self,
        job: str | None = None,
        replica: int | None = None,
        task: int | None = None,
        device_type: str | None = None,
        device_index: int | None = None,
    ) -> None:
        self.job, self.replica, self.task = job or None, replica, task
        self.device_type = device_type.upper() if device_type else None
        self.device_index = device_index

    @staticmethod
    def from_string(spec: str) -> DeviceSpec:
        """ValueError for a string that names no device."""
        return DeviceSpec().parse_from_string(spec)

    def parse_from_string(self, spec: str) -> DeviceSpec:
        for part in filter(None, spec.split("/")):
            key, *values = part.split(":")
            try:
                self._set(key.lower(), values)
            except (ValueError, IndexError):
                raise ValueError(
                    f"Unknown attribute: '{key}' in the device name '{spec}'; expected something "
                    "like '/cpu:0', '/device:GPU:0' or '/job:worker/task:1'"
                ) from None
        return self

    def _set(self, key: str, values: list[str]) -> None:
        if key == "job":
            self.job = values[0]
        elif key in ("replica", "task"):
            setattr(self, key, int(values[0]))
        elif key in ("cpu", "gpu", "device"):
            *kind, index = [key, *values] if key != "device" else values + ["*"] * (2 - len(values))
            self.device_type = kind[0].upper()
            self.device_index = None if index == "*" else int(index)
        else:
            raise ValueError(key)

    def merge_from(self, other: DeviceSpec) -> None:
        """Take over each part that `other` names."""
        for field in _FIELDS:
            if getattr(other, field) is not None:
                setattr(self, field, getattr(other, field))

    def to_string(self) -> str:
        text = "".join(
            f"/{field}:{getattr(self, field)}"
            for field in ("job", "replica", "task")
            if getattr(self, field) is not None
        )
        if self.device_type is None:
            return text
        return f"{text}/device:{self.device_type}:{_star(self.device_index)}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DeviceSpec) and self.to_string() == other.to_string()

    def __hash__(self) -> int:
        return hash(self.to_string())


def _star(index: int | None) -> Any:
    return "*" if index is None else index


def canonical(device: Any) -> str:
    """TensorFlow's full spelling: `/cpu:0` becomes `/device:CPU:0`."""
    return _parsed(device).to_string()


def merged(inner: Any, outer: str) -> str:
    """`inner` where it names a part, `outer` for the rest."""
    spec = DeviceSpec.from_string(outer)
    spec.merge_from(_parsed(inner))
    return spec.to_string()


def _parsed(device: Any) -> DeviceSpec:
    return device if isinstance(device, DeviceSpec) else DeviceSpec.from_string(device or "")
