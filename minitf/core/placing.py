"""Which device new nodes ask for: `tf.device`, `tf.colocate_with`, references to variables."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from minitf.core import building_threads
from minitf.core import device as devices
from minitf.core.operation import Operation


class _Beside(NamedTuple):
    """What nodes are to stand beside: the names of nodes, and the device these ask for."""

    names: tuple[str, ...]
    device: str


class Placing:
    """The part of Graph that says where its nodes are to run."""

    def __init__(self) -> None:
        self._devices: list[Any] = []
        self._beside: list[_Beside] = []

    def switch_to_thread_local(self) -> None:
        """Let threads build at the same time: scopes of devices and of control dependencies that
        one of them is in do not count for the others."""
        building_threads.switch(self)

    def _as_operation(self, item: Any) -> Operation:
        raise NotImplementedError  # Graph has it.

    @contextmanager
    def device(self, device_name_or_function: Any) -> Iterator[None]:
        """Ask for a device for nodes built inside: a name, a function of the node, or None.

        A name completes what inner scopes name; None lifts all outer scopes. ValueError for a
        name that is none.
        """
        device = device_name_or_function
        if not (device is None or callable(device) or isinstance(device, devices.DeviceSpec)):
            device = devices.DeviceSpec.from_string(device)
        with self._stacks([*self._devices, device], self._beside):
            yield

    @contextmanager
    def colocate_with(self, op: Any, ignore_existing: bool = False) -> Iterator[None]:
        """Nodes built inside run where `op` runs, whatever device scopes are around.

        `ignore_existing` lifts the outer scopes of this kind; with it, None asks for nothing
        more. ValueError for None without it.
        """
        if op is None and not ignore_existing:
            raise ValueError(
                "Trying to reset colocation (op is None) but ignore_existing is not True"
            )
        beside = [] if ignore_existing else self._beside
        if op is not None:
            beside = [*beside, _beside(self._as_operation(op))]
        with self._stacks([], beside):
            yield

    @contextmanager
    def colocate_with_name(self, name: str) -> Iterator[None]:
        """Nodes built inside run where the node of this name will, unless it is said already."""
        with self._stacks([None], self._beside or [_Beside((name,), "")]):
            yield

    @contextmanager
    def _stacks(self, devices: list[Any], beside: list[_Beside]) -> Iterator[None]:
        outer = self._devices, self._beside
        self._devices, self._beside = devices, beside
        try:
            yield
        finally:
            self._devices, self._beside = outer

    def _place(self, operation: Operation) -> None:
        """Say for a new node where it is to run."""
        refs, beside = operation.definition.refs, self._beside
        if refs:  # A variable does not move: what changes it runs where it is.
            beside = [*beside, *(_beside(operation.inputs[i].op) for i in refs)]
        else:
            self._apply_devices(operation)
        for _, device in reversed(beside):
            operation.device = device or operation.device
        operation.beside = tuple(sorted({name for each in beside for name in each.names}))

    def _apply_devices(self, operation: Operation) -> None:
        for device in reversed(self._devices):
            if device is None:
                return
            if callable(device):
                operation.device = _named(device, operation)
            else:
                operation.device = devices.merged(operation.device, device.to_string())

    def _apply_device_functions(self, op: Any) -> None:
        """Tell an object that stands for a node, by its `_set_device_from_string`, the device
        asked for here, if one is: Keras finds it out in this way."""
        device = ""
        for each in reversed(self._devices):
            if each is None:
                break
            if callable(each):
                device = _named(each, op)
            else:
                device = devices.merged(device, each.to_string())
        if device:
            op._set_device_from_string(device)


def _beside(operation: Operation) -> _Beside:
    return _Beside(operation.beside or (operation.name,), operation.device)


def _named(function: Any, operation: Operation) -> str:
    """The device that a function asks for, as it spells it."""
    device = function(operation)
    if not isinstance(device, (str, bytes, devices.DeviceSpec)):
        raise TypeError(
            f"Expected binary or unicode string, got {device!r}: a device function returns the "
            f"name of a device, '' for none ({operation.type} '{operation.name}')"
        )
    return devices.spelled(device)
