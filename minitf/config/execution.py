"""How operations run at once, and functions of `tf.function`."""
from __future__ import annotations

from minitf.runtime.local_devices import HERE, LocalDevices

POLICIES = ("silent", "silent_for_int32", "warn", "explicit")
_said = {"policy": "silent", "synchronous": True, "functions as Python": False}


def experimental_list_devices() -> list[str]:
    """The names of the devices that operations can be placed on."""
    return [HERE + name for name in LocalDevices().names]


def experimental_run_functions_eagerly(run_eagerly: bool) -> None:
    """Whether functions of `tf.function` run as the Python functions that they are made of."""
    _said["functions as Python"] = bool(run_eagerly)


def functions_run_as_python() -> bool:
    """What `experimental_run_functions_eagerly` has said last, False before."""
    return bool(_said["functions as Python"])


def get_device_policy() -> str:
    """What `set_device_policy` has said last, "silent" before."""
    return str(_said["policy"])


def set_device_policy(device_policy: str | None) -> None:
    """What happens to a tensor that lies on another device than the operation: operations that run
    at once, and what they give, are on the CPU in any case. ValueError for what is no policy."""
    if device_policy not in (None, *POLICIES):
        raise ValueError(f'Invalid argument to set_device_policy "{device_policy}", expected one '
                         f"of {', '.join(POLICIES)} or None")  # fmt: skip
    _said["policy"] = device_policy or "silent"


def get_synchronous_execution() -> bool:
    """What `set_synchronous_execution` has said last, True before."""
    return bool(_said["synchronous"])


def set_synchronous_execution(enable: bool | None) -> None:
    """Whether a call returns when its operation has run, which it does in any case."""
    _said["synchronous"] = enable is not False
