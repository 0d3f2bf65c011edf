"""What a test can ask about GPUs."""
from minitf.backend import devices
from minitf.runtime.local_devices import LocalDevices


def is_gpu_available(cuda_only=False, min_cuda_compute_capability=None):
    """Whether a session of this process has a GPU, of at least this (major, minor) capability.

    cuda_only: changes nothing, every GPU here is one of CUDA.
    """
    least = (0, 0) if min_cuda_compute_capability is None else tuple(min_cuda_compute_capability)
    return any(card.capability >= least for card in LocalDevices().cards)


def gpu_device_name():
    """The name of the first GPU, "/device:GPU:0"; "" without one."""
    return next((name for name in LocalDevices().names if "GPU" in name), "")


def is_built_with_rocm():
    """False: minitf computes on GPUs of NVIDIA."""
    return False


def is_built_with_gpu_support():
    """As `is_built_with_cuda`."""
    return is_built_with_cuda()


def is_built_with_cuda():
    """Whether CuPy is installed, which brings CUDA; a GPU may be missing all the same."""
    return bool(devices.cupy())
