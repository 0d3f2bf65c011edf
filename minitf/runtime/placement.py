"""Which device an operation runs on."""
from __future__ import annotations

import functools
import sys
from collections.abc import Iterable, Sequence

from minitf.core import dtypes, errors
from minitf.core.device import DeviceSpec
from minitf.core.operation import Operation
from minitf.runtime.local_devices import HERE
from minitf.runtime.target import jobs


def place(
    operations: Iterable[Operation], available: Sequence[str], soft: bool, missing: str = ""
) -> dict[Operation, str]:
    """Where each operation runs, by `device_of`; constants that one device alone uses are on it."""
    operations = list(operations)
    places = {op: device_of(op, available, soft, missing) for op in _sources_last(operations)}
    users: dict[Operation, set[str]] = {}
    for operation in operations:
        for tensor in operation.inputs:
            users.setdefault(tensor.op, set()).add(places[operation])
    for operation in operations:
        where = users.get(operation, ())
        if len(where) == 1 and _is_free(operation):
            (places[operation],) = where
    return places


def _is_free(operation: Operation) -> bool:
    """Whether it asks for nothing, and can be anywhere."""
    asks = operation.device or operation.beside or operation.definition.on_host
    return _is_source(operation) and not asks


def device_of(
    operation: Operation, available: Sequence[str], soft: bool, missing: str = ""
) -> str:
    """Where an operation runs: one of the short names `available`, such as "/device:GPU:0".

    What changes a variable runs where the variable is, and nodes of `tf.colocate_with` where that
    one is. Else it is the device asked for, or the first GPU, or the first CPU; ops for the host,
    and those of strings, run on a CPU. `soft` takes another device for one that is not there, or
    that has no kernel for the op; without it that raises InvalidArgumentError, as does a name of no
    device, which a function of the node may have given. `missing` says why there is no GPU.
    """
    owner = _owner(operation)
    strings = _has_strings(owner)
    on_gpu = not (strings or owner.definition.on_host)
    if not _is_well_formed(owner.device):
        raise errors.InvalidArgumentError(
            None, operation, f"Malformed device specification '{owner.device}' in node "
            f"{owner.name}: names of devices begin as in '/cpu:0' or '/job:worker'.",
        )  # fmt: skip
    here = _is_here(owner.device)
    found = here and _choice(owner.device, tuple(available), soft or not strings, on_gpu, soft)
    if not found:
        raise errors.InvalidArgumentError(
            None, operation, _refusal(operation, owner, available, missing)
        )
    return found


def _owner(operation: Operation) -> Operation:
    """The operation whose device is this one's too."""
    if not operation.beside:
        return operation
    seen = {operation}
    while operation.beside:
        other = operation.graph._operations.get(operation.beside[0])
        if other is None or other in seen:
            break
        seen.add(other)
        operation = other
    return operation


def _has_strings(operation: Operation) -> bool:
    tensors = (*operation.inputs, *operation.outputs)
    return any(tensor.dtype.base_dtype is dtypes.string for tensor in tensors)


@functools.lru_cache(1024)
def _choice(
    device: str, available: tuple[str, ...], to_cpu: bool, on_gpu: bool, soft: bool
) -> str | None:
    """The device for what asks for `device`; None when it cannot be had."""
    spec = _spec(device)
    found = [name for name in available if _matches(name, spec)]
    if not found and soft:
        found = list(available)
    if found and not on_gpu:
        found = [name for name in found if "GPU" not in name] or list(available[:1]) * to_cpu
    return next((name for name in found if "GPU" in name), found[0] if found else None)


_spec = functools.lru_cache(1024)(DeviceSpec.from_string)


@functools.lru_cache(1024)
def _is_well_formed(device: str) -> bool:
    try:
        _spec(device)
    except ValueError:
        return False
    return not device or device.startswith("/")


def _is_here(device: str) -> bool:
    spec = _spec(device)
    return (spec.job is None or spec.job in jobs) and not (spec.task or spec.replica)


def _matches(name: str, spec: DeviceSpec) -> bool:
    _, kind, index = name.split(":")
    same_index = spec.device_index in (None, int(index))
    return spec.device_type in (None, kind) and same_index


def _refusal(
    operation: Operation, owner: Operation, available: Sequence[str], missing: str
) -> str:
    text = f"Cannot assign a device for operation {operation.name}: "
    spec = _spec(owner.device)
    if _is_here(owner.device) and any(_matches(name, spec) for name in available):
        return (
            f"{text}Could not satisfy explicit device specification '{owner.device}' because no "
            f"supported kernel for {spec.device_type} devices is available: strings are on the "
            f"CPU. {_MEND}"
        )
    listed = ", ".join(HERE + name for name in available)
    text += (
        f"node {operation.name} was explicitly assigned to {owner.device} but available devices "
        f"are [ {listed} ]. Make sure the device specification refers to a valid device."
    )
    if not _is_here(owner.device):
        return f"{text} This session has the devices of one process, and no other job or task."
    if spec.device_type == "GPU" and missing:
        text += f" The requested device appears to be a GPU, but there is none: {missing}."
    return f"{text} {_MEND}"


_MEND = (
    "To let minitf choose where that cannot be met: "
    "tf.Session(config=tf.ConfigProto(allow_soft_placement=True))."
)


def log_placement(places: dict[Operation, str]) -> None:
    """Say where each operation runs, as `log_device_placement` asks."""
    for operation in _sources_last(places):
        line = f"{operation.name}: ({operation.type}): {HERE}{places[operation]}"
        print(line, file=sys.stderr)


def _sources_last(operations: Iterable[Operation]) -> list[Operation]:
    """In TensorFlow's order: constants and their like after all others."""
    return sorted(operations, key=_is_source)


def _is_source(operation: Operation) -> bool:
    if operation.inputs or len(operation.outputs) != 1:
        return False
    return not operation.outputs[0].dtype._is_ref_dtype
