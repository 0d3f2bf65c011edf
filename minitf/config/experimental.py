"""`tf.config.experimental`: which devices there are."""
from typing import NamedTuple

from minitf.runtime.local_devices import HERE, LocalDevices


class PhysicalDevice(NamedTuple):
    name: str
    device_type: str


class LogicalDevice(NamedTuple):
    name: str
    device_type: str


def list_physical_devices(device_type=None):
    """The CPU and the GPUs of this machine, those of one type ("GPU", say) when it is given."""
    return _listed(PhysicalDevice, "/physical_device:", device_type)


def list_logical_devices(device_type=None):
    """The same devices, by the names that operations are placed with."""
    return _listed(LogicalDevice, HERE + "/device:", device_type)


def _listed(kind, prefix, wanted):
    pairs = [name.split(":")[1:] for name in LocalDevices().names]
    found = [kind(f"{prefix}{type}:{index}", type) for type, index in pairs]
    return [device for device in found if wanted in (None, device.device_type)]


def set_memory_growth(device, enable):
    """Take memory of a GPU as it is needed, which minitf does in any case.

    ValueError for what is no GPU of `list_physical_devices`; NotImplementedError for
    enable=False: nothing takes all memory at the start here.
    """
    _check_gpu(device)
    if not enable:
        raise NotImplementedError(
            "set_memory_growth(..., False): minitf never takes all memory of a GPU at the start; "
            "gpu_options.per_process_gpu_memory_fraction limits what it may take"
        )


def get_memory_growth(device):
    """True for a GPU. ValueError for what is none."""
    _check_gpu(device)
    return True


def _check_gpu(device):
    if device not in list_physical_devices():
        raise ValueError(f"Unrecognized device: {device!r}")
    if device.device_type != "GPU":
        raise ValueError("Cannot set memory growth on non-GPU devices")
