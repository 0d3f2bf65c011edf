"""The devices that a session has, as its ConfigProto asks for them."""
from __future__ import annotations

import os
from typing import Any

from minitf.backend.devices import Card, Found, find
from minitf.core import errors
from minitf.core.config import ConfigProto
from minitf.core.proto.message import Message
from minitf.runtime.chosen_devices import CHOSEN

HERE = "/job:localhost/replica:0/task:0"
CPU_MEMORY = 256 << 20  # what TensorFlow says of every CPU


class LocalDevices:
    """`names` are short, "/device:CPU:0" first; `cards` are the GPUs, and `missing` says why there
    is none. `memory_fraction` is what may be taken of each GPU, 0 for no limit.

    NotFoundError without a CPU, InvalidArgumentError for GPU options that ask for what is not
    there, UnimplementedError for those that minitf has not; without a GPU, or with a `device_count`
    of none, GPU options do not matter.
    """

    def __init__(self, config: Any = None, found: Found | None = None) -> None:
        config = ConfigProto() if config is None else config
        cpus = config.device_count.get("CPU", CHOSEN.cpus)
        if cpus < 1:
            raise errors.NotFoundError(
                None, None, "No CPU devices are available in this process: "
                f"ConfigProto.device_count={{'CPU': {cpus}}}"
            )  # fmt: skip
        found = CHOSEN.among(find()) if found is None else found
        self.cards, self.missing = self._gpus(config, found)
        asked = config.gpu_options.per_process_gpu_memory_fraction
        self.memory_fraction = asked or CHOSEN.fraction(self.cards)
        self.names = (
            *(f"/device:CPU:{i}" for i in range(cpus)),
            *(f"/device:GPU:{i}" for i in range(len(self.cards))),
        )
        self._card_of = dict(zip(self.names[cpus:], self.cards))
        self._incarnations = {name: _incarnation() for name in self.names}

    def _gpus(self, config: Any, found: Found) -> tuple[tuple[Card, ...], str]:
        count = config.device_count.get("GPU", len(found.cards))
        if not found.cards:
            return (), found.missing
        if not count:
            return (), "ConfigProto.device_count={'GPU': 0} hides the GPUs from this session"
        _check_options(config.gpu_options)
        visible = _visible(config.gpu_options.visible_device_list, found.cards)
        return visible if count < 0 else visible[:count], ""

    @property
    def default(self) -> str:
        """Where an operation runs that asks for nothing, and can run there."""
        return "/device:GPU:0" if self.cards else "/device:CPU:0"

    def card(self, name: str) -> Card | None:
        """The GPU of this name; None for a CPU."""
        return self._card_of.get(name)

    def mapping(self) -> str:
        """Which device is which card, as TensorFlow prints it."""
        if not self.cards:
            return "Device mapping: no known devices.\n"
        pairs = self._card_of.items()
        lines = [f"{HERE}{name} -> {card.description}\n" for name, card in pairs]
        return "Device mapping:\n" + "".join(lines)

    def attributes(self) -> list[_DeviceAttributes]:
        """What `session.list_devices()` tells."""
        return [
            _DeviceAttributes(HERE + name, _kind(name), self._memory(name), number)
            for name, number in self._incarnations.items()
        ]

    def protos(self) -> list[DeviceAttributes]:
        """What `device_lib.list_local_devices()` tells."""
        return [
            DeviceAttributes(
                name=name,
                device_type=_kind(name),
                memory_limit=self._memory(name),
                locality=DeviceLocality(bus_id=1 if self.card(name) else 0),
                incarnation=number,
                physical_device_desc=getattr(self.card(name), "description", ""),
            )
            for name, number in self._incarnations.items()
        ]

    def _memory(self, name: str) -> int:
        card = self.card(name)
        if card is None:
            return CPU_MEMORY
        if self.memory_fraction:
            return int(card.memory * self.memory_fraction)
        return card.memory - _reserve(card.memory)


class _DeviceAttributes:
    """A device of a session: its full name, type, memory in bytes, and a number of its own."""

    def __init__(self, name: str, device_type: str, memory: int, incarnation: int) -> None:
        self._name, self._device_type = name, device_type
        self._memory_limit_bytes, self._incarnation = memory, incarnation

    name = property(lambda self: self._name)
    device_type = property(lambda self: self._device_type)
    memory_limit_bytes = property(lambda self: self._memory_limit_bytes)
    incarnation = property(lambda self: self._incarnation)

    def __repr__(self) -> str:
        return (
            f"_DeviceAttributes({self.name}, {self.device_type}, {self.memory_limit_bytes}, "
            f"{self.incarnation})"
        )


class DeviceLocality(Message):
    PROTO = "int32 bus_id = 1; int32 numa_node = 2;"


class DeviceAttributes(Message):
    PROTO = """
        string name = 1;
        string device_type = 2;
        int64 memory_limit = 4;
        DeviceLocality locality = 5;
        fixed64 incarnation = 6;
        string physical_device_desc = 7;
    """


def list_local_devices(session_config: Any = None) -> list[DeviceAttributes]:
    """The devices that a session with this ConfigProto has, CPUs first.

    The errors of a Session for options that cannot be met.
    """
    return LocalDevices(session_config).protos()


def _kind(name: str) -> str:
    return name.split(":")[1]


def _incarnation() -> int:
    return int.from_bytes(os.urandom(8), "little") | 1


def _reserve(memory: int) -> int:
    """What TensorFlow leaves to the system of a card's memory."""
    return 225 << 20 if memory < 2 << 30 else max(300 << 20, memory // 20)


def _check_options(options: Any) -> None:
    fraction = options.per_process_gpu_memory_fraction
    if fraction < 0:
        raise errors.InvalidArgumentError(
            None, None, f"per_process_gpu_memory_fraction is {fraction}: it is a part of the GPU's "
            "memory, more than 0 and up to 1; 0 sets no limit"
        )  # fmt: skip
    if fraction > 1 or options.experimental.use_unified_memory:
        raise errors.UnimplementedError(
            None, None, f"per_process_gpu_memory_fraction={fraction}, use_unified_memory="
            f"{options.experimental.use_unified_memory}: minitf takes no more memory than the GPU "
            "has; ask for a fraction of at most 1"
        )  # fmt: skip
    if options.experimental.virtual_devices:
        raise errors.UnimplementedError(
            None, None, "gpu_options.experimental.virtual_devices: a GPU is one device in minitf"
        )


def _visible(listed: str, cards: tuple[Card, ...]) -> tuple[Card, ...]:
    """The cards that `visible_device_list` names, in its order; all of them for ""."""
    if not listed:
        return cards
    chosen = [_entry(entry, listed, len(cards)) for entry in listed.split(",")]
    if len(set(chosen)) < len(chosen):
        raise errors.InvalidArgumentError(
            None, None, f"visible_device_list contained a duplicate entry: {listed}"
        )
    return tuple(cards[index] for index in chosen)


def _entry(entry: str, listed: str, count: int) -> int:
    try:
        index = int(entry)
    except ValueError:
        raise errors.InvalidArgumentError(
            None, None, f"Could not parse entry in 'visible_device_list': '{entry}'. "
            f"visible_device_list = {listed}"
        ) from None  # fmt: skip
    if not 0 <= index < count:
        raise errors.InvalidArgumentError(
            None, None, f"'visible_device_list' listed an invalid GPU id '{index}' but visible "
            f"device count is {count}"
        )  # fmt: skip
    return index
