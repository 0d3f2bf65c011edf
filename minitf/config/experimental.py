"""`tf.config.experimental`: which devices there are, and which of them are used."""
from typing import NamedTuple

from minitf.backend.devices import find
from minitf.config.execution import (  # noqa: F401  public names
    get_device_policy,
    get_synchronous_execution,
    set_device_policy,
    set_synchronous_execution,
)
from minitf.runtime.chosen_devices import CHOSEN
from minitf.runtime.local_devices import HERE, LocalDevices


class PhysicalDevice(NamedTuple):
    name: str
    device_type: str


class LogicalDevice(NamedTuple):
    name: str
    device_type: str


class VirtualDeviceConfiguration(NamedTuple):
    """How many MiB a virtual device may take, None of a CPU."""

    memory_limit: float | None = None


_virtual: dict[PhysicalDevice, list[VirtualDeviceConfiguration]] = {}


def list_physical_devices(device_type=None):
    """The CPU and the GPUs of this machine, those of one type ("GPU", say) when it is given."""
    names = ["CPU:0", *(f"GPU:{i}" for i in range(len(find().cards)))]
    return _listed(PhysicalDevice, "/physical_device:", names, device_type)


def list_logical_devices(device_type=None):
    """The devices that are used, by the names that operations are placed with."""
    names = [name.removeprefix("/device:") for name in LocalDevices().names]
    return _listed(LogicalDevice, HERE + "/device:", names, device_type)


def _listed(kind, prefix, names, wanted):
    found = [kind(prefix + name, name.partition(":")[0]) for name in names]
    return [device for device in found if wanted in (None, device.device_type)]


def set_visible_devices(devices, device_type=None):
    """Use only these of `list_physical_devices`, or of those of one type: sessions that are made
    later have no others. ValueError for others, and for no CPU."""
    devices = devices if isinstance(devices, list) else [devices]
    for device in devices:
        if device not in list_physical_devices(device_type):
            raise ValueError(f"Unrecognized device: {device!r}")
    if device_type != "GPU" and not any(each.device_type == "CPU" for each in devices):
        raise ValueError("set_visible_devices: minitf needs the CPU, too")
    if device_type != "CPU":
        CHOSEN.gpus = tuple(_number(each) for each in devices
                            if each.device_type == "GPU")  # fmt: skip


def get_visible_devices(device_type=None):
    """Those of `list_physical_devices` that are used."""
    gpus = CHOSEN.gpus
    return [each for each in list_physical_devices(device_type)
            if gpus is None or each.device_type == "CPU"
            or _number(each) in gpus]  # fmt: skip


def set_virtual_device_configuration(device, virtual_devices):
    """Divide a device, for the sessions that are made later: the CPU into several that are the same
    one, of a GPU what its memory_limit lets it take.

    ValueError for what is none of `list_physical_devices`, for a limit of the CPU or none of a GPU;
    NotImplementedError for several of one GPU.
    """
    _check_known(device)
    limits = [each.memory_limit for each in virtual_devices]
    if device.device_type == "CPU":
        if any(limit is not None for limit in limits):
            raise ValueError("Setting memory limit on CPU virtual devices is currently not "
                             "supported")  # fmt: skip
        CHOSEN.cpus = len(limits)
    else:
        if None in limits:
            raise ValueError("Setting memory limit is required for GPU virtual devices is")
        if len(limits) != 1:
            raise NotImplementedError("set_virtual_device_configuration: a GPU is one device in "
                                      f"minitf, not {len(limits)}")  # fmt: skip
        CHOSEN.memory[find().cards[_number(device)].ordinal] = limits[0]
    _virtual[device] = virtual_devices


def get_virtual_device_configuration(device):
    """What `set_virtual_device_configuration` has said, None without. ValueError for what is no
    device."""
    _check_known(device)
    return _virtual.get(device)


def set_memory_growth(device, enable):
    """Take memory of a GPU as it is needed, which minitf does in any case.

    ValueError for what is no GPU of `list_physical_devices`; NotImplementedError for
    enable=False: nothing takes all memory at the start here.
    """
    _check_gpu(device)
    if not enable:
        raise NotImplementedError(
            "set_memory_growth(..., False): minitf never takes all memory of a GPU at the start; "
            "set_virtual_device_configuration limits what it may take"
        )


def get_memory_growth(device):
    """True for a GPU. ValueError for what is none."""
    _check_gpu(device)
    return True


def _number(device):
    return int(device.name.rpartition(":")[2])


def _check_known(device):
    if device not in list_physical_devices():
        raise ValueError(f"Unrecognized device: {device!r}")


def _check_gpu(device):
    _check_known(device)
    if device.device_type != "GPU":
        raise ValueError("Cannot set memory growth on non-GPU devices")
