"""Device names: `/job:worker/replica:0/task:1/device:GPU:0`, and the short `/gpu:0`."""
from __future__ import annotations

import functools
from typing import Any

_FIELDS = ("job", "replica", "task", "device_type", "device_index")
_KINDS = {"cpu": "CPU", "gpu": "GPU"}


class DeviceSpec:
    """A device, as far as it is named; unnamed parts are None."""

    __slots__ = _FIELDS
    job: str | None
    replica: int | None
    task: int | None
    device_type: str | None
    device_index: int | None

    def __init__(
        self,
        job: Any = None,
        replica: Any = None,
        task: Any = None,
        device_type: Any = None,
        device_index: Any = None,
    ) -> None:
        self.job, self.replica, self.task = job, replica, task
        self.device_type, self.device_index = device_type, device_index

    def __setattr__(self, name: str, value: Any) -> None:
        """ValueError for a number that is none."""
        if value is not None:
            value = str(value) if name in ("job", "device_type") else int(value)
        object.__setattr__(self, name, _KINDS.get(value, value))

    @classmethod
    def from_string(cls, spec: str) -> DeviceSpec:
        """ValueError for a string that names no device."""
        return cls(*_parts(spec))

    def parse_from_string(self, spec: str) -> DeviceSpec:
        """Name this device anew, and return it. ValueError for a string that names no device."""
        for field, value in zip(_FIELDS, _parts(spec)):
            setattr(self, field, value)
        return self

    def merge_from(self, dev: DeviceSpec) -> None:
        """Take over each part that `dev` names."""
        for field in _FIELDS:
            if getattr(dev, field) is not None:
                setattr(self, field, getattr(dev, field))

    def make_merged_spec(self, dev: DeviceSpec) -> DeviceSpec:
        """A new one, with each part that `dev` names, and the others from this one."""
        merged = self.replace()
        merged.merge_from(dev)
        return merged

    def replace(self, **parts: Any) -> DeviceSpec:
        """A new one, with these parts in place of its own."""
        return type(self)(**{field: getattr(self, field) for field in _FIELDS} | parts)

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


@functools.lru_cache(1024)
def _parts(spec: str) -> tuple[Any, ...]:
    """The parts that a string names, in the order of the fields."""
    found: dict[str, Any] = {}
    for part in (spec or "").split("/"):
        key, *values = part.split(":")
        if len(values) == 1 and key in ("job", "replica", "task"):
            found[key] = values[0] if key == "job" else _number(values[0], spec)
        elif len(values) < 2 and key.lower() in _KINDS:
            _set_device(found, _KINDS[key.lower()], *values, spec=spec)
        elif len(values) == 2 and key == "device":
            _set_device(found, *values, spec=spec)
        elif key:
            raise ValueError(
                f"Unknown attribute: '{key}' in '{spec}': the name of a device is something like "
                "'/cpu:0', '/device:GPU:0' or '/job:worker/task:1'"
            )
    return tuple(found.get(field) for field in _FIELDS)


def _set_device(found: dict[str, Any], kind: str, index: str = "*", *, spec: str) -> None:
    if "device_type" in found:
        raise ValueError(f"Cannot specify multiple device types: {spec}")
    found["device_type"] = kind
    found["device_index"] = None if index == "*" else _number(index, spec)


def _number(text: str, spec: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError(
            f"invalid literal for int() with base 10: '{text}' in the device name '{spec}'"
        ) from None


def canonical(device: Any) -> str:
    """TensorFlow's full spelling: `/cpu:0` becomes `/device:CPU:0`."""
    return DeviceSpec.from_string(spelled(device)).to_string()


def spelled(device: Any) -> str:
    """The name of a device as it was given, whether it names one or not; a DeviceSpec's in full."""
    if isinstance(device, DeviceSpec):
        return device.to_string()
    return device.decode() if isinstance(device, bytes) else device or ""


@functools.lru_cache(1024)
def merged(inner: str, outer: str) -> str:
    """`inner` where it names a part, `outer` for the rest."""
    return DeviceSpec.from_string(outer).make_merged_spec(DeviceSpec.from_string(inner)).to_string()
