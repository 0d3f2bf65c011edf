"""What `tensorflow.contrib.all_reduce.python.all_reduce` has: sums of tensors on several devices.

    sums = all_reduce.build_ring_all_reduce(tensors, 1, 1, [0, 1, 2], tf.add)

Each function returns the reduced value once for every tensor, on the device of that. All devices
are in one process here, so the values are handed on by identities.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import minitf as tf
from minitf.as_tensorflow.modules import nccl_ops

Tensors = list[Any]
Binary = Callable[[Any, Any], Any]
Unary = Callable[[Any], Any]


# -- one level ------------------------------------------------------------------------------------


def build_ring_all_reduce(
    input_tensors: Tensors, num_workers: int, num_subchunks: int, gpu_perm: Sequence[int],
    red_op: Binary, un_op: Unary | None = None,
) -> Tensors:  # fmt: skip
    """Each chunk travels around a ring of devices, of which each adds its own to it.

    `num_subchunks` rings, in the order of `gpu_perm` turned, work at once. `un_op` is applied to
    what has been reduced. ValueError for less than two tensors or unlike shapes.
    """
    if len(input_tensors) < 2:
        raise ValueError("input_tensors must be length 2 or longer")
    flat, shape = _flatten(input_tensors)
    devices, count = [tensor.device for tensor in flat], len(flat)
    rings = _rings(num_workers, num_subchunks, gpu_perm)
    parts = [_equal_parts(tensor, count * num_subchunks) for tensor in flat]
    reduced: list[Tensors] = [[] for _ in flat]
    for chunk in range(count * num_subchunks):
        ring = rings[chunk % num_subchunks]
        first = chunk // num_subchunks + 1  # whose chunk sets out
        stations = [ring[(first + k) % count] for k in range(count)]
        value = parts[stations[0]][chunk]
        for station in stations[1:]:
            with tf.device(devices[station]):
                value = red_op(value, parts[station][chunk])
        value = _applied(un_op, value, devices[stations[-1]])
        for station in (stations[-1], *stations[:-1]):  # once more around
            with tf.device(devices[station]):
                value = tf.identity(value)
            reduced[station].append(value)
    return _joined(reduced, devices, shape)


def build_recursive_hd_all_reduce(
    input_tensors: Tensors, red_op: Binary, un_op: Unary | None = None
) -> Tensors:
    """Pairs of devices reduce a half each, then pairs of these, and so on.

    ValueError unless the number of tensors is a power of two that divides their size.
    """
    flat, shape = _flatten(input_tensors)
    devices, count = [tensor.device for tensor in flat], len(flat)
    hops = count.bit_length() - 1
    if count != 1 << hops:
        raise ValueError("num_devices must be a power of 2")
    parts = flat
    pairs = [[(d, d + (1 << hop)) for d in range(count) if not d >> hop & 1]
             for hop in range(hops)]  # fmt: skip
    for hop in pairs:
        halves = [_halves(part, device) for part, device in zip(parts, devices)]
        parts = list(parts)
        for left, right in hop:
            for half, owner in enumerate((left, right)):
                with tf.device(devices[owner]):
                    parts[owner] = red_op(halves[left][half], halves[right][half])
    parts = [_applied(un_op, part, device) for part, device in zip(parts, devices)]
    for hop in reversed(pairs):
        before = list(parts)
        for left, right in hop:
            for owner in (left, right):
                with tf.device(devices[owner]):
                    parts[owner] = tf.concat([before[left], before[right]], 0)
    return _shaped(parts, shape)


def build_shuffle_all_reduce(
    input_tensors: Tensors, gather_devices: Sequence[str], red_op: Callable[[Tensors], Any],
    un_op: Unary | None = None,
) -> Tensors:  # fmt: skip
    """Each of `gather_devices` reduces a part of all tensors; `red_op` takes their list."""
    flat, shape = _flatten(input_tensors)
    parts = _gathered(flat, gather_devices, red_op, un_op)
    return _shaped([_concat(parts, tensor.device) for tensor in flat], shape)


def build_nccl_all_reduce(
    input_tensors: Tensors, red_op: Binary, un_op: Unary | None = None
) -> Tensors:
    """The sum, by `nccl_ops`. ValueError unless `red_op` is tf.add."""
    if red_op not in (tf.add, tf.math.add):
        raise ValueError("red_op not supported by NCCL all-reduce: ", red_op)
    return [_applied(un_op, each, each.device) for each in nccl_ops.all_sum(input_tensors)]


# -- within tasks, then between them --------------------------------------------------------------


def build_nccl_then_ring(
    input_tensors: Tensors, subdiv: int, red_op: Binary, un_op: Unary | None = None
) -> Tensors:
    """Each task reduces its tensors; the results go around a ring of the tasks."""
    return _of_tasks(input_tensors, red_op, _ring_of_tasks(subdiv, red_op, un_op))


def build_nccl_then_recursive_hd(
    input_tensors: Tensors, red_op: Binary, un_op: Unary | None = None
) -> Tensors:
    """Each task reduces its tensors; the results are reduced in pairs of tasks."""
    return _of_tasks(input_tensors, red_op,
                     lambda each: build_recursive_hd_all_reduce(each, red_op, un_op))  # fmt: skip


def build_nccl_then_shuffle(
    input_tensors: Tensors, gather_devices: Sequence[str], nccl_red_op: Binary,
    shuffle_red_op: Callable[[Tensors], Any], un_op: Unary | None = None,
) -> Tensors:  # fmt: skip
    """Each task reduces its tensors; `gather_devices` reduce parts of the results."""
    return _of_tasks(
        input_tensors, nccl_red_op,
        lambda each: build_shuffle_all_reduce(each, gather_devices, shuffle_red_op, un_op),
    )  # fmt: skip


def build_shuffle_then_ring(
    input_tensors: Tensors, gather_devices: Sequence[str], subdiv: int,
    red_n_op: Callable[[Tensors], Any], red_op: Binary, un_op: Unary | None = None,
) -> Tensors:  # fmt: skip
    """One of `gather_devices` reduces the tensors of each task; the results go around a ring."""
    between = _ring_of_tasks(subdiv, red_op, un_op)
    return _shuffled_tasks(input_tensors, gather_devices, red_n_op, between)


def build_shuffle_then_shuffle(
    input_tensors: Tensors, first_gather_devices: Sequence[str],
    second_gather_devices: Sequence[str], red_op: Callable[[Tensors], Any],
    un_op: Unary | None = None,
) -> Tensors:  # fmt: skip
    """One of the first devices reduces the tensors of each task, the second ones the results."""

    def between(tensors: Tensors) -> Tensors:
        if len(tensors) > 1:
            return build_shuffle_all_reduce(tensors, second_gather_devices, red_op, un_op)
        return [_applied(un_op, each, each.device) for each in tensors]

    return _shuffled_tasks(input_tensors, first_gather_devices, red_op, between)


def _ring_of_tasks(subdiv: int, red_op: Binary, un_op: Unary | None) -> Any:
    def between(tensors: Tensors) -> Tensors:
        if len(tensors) > 1:
            return build_ring_all_reduce(tensors, len(tensors), subdiv, [0], red_op, un_op)
        return [_applied(un_op, each, each.device) for each in tensors]

    return between


def _of_tasks(input_tensors: Tensors, red_op: Binary, between: Any) -> Tensors:
    flat, shape = _flatten(input_tensors)
    tasks, ups = _by_task(flat), []
    for tensors in tasks:
        sums = build_nccl_all_reduce(tensors, red_op)
        with tf.control_dependencies(sums), tf.device(sums[0].device):
            ups.append(tf.identity(sums[0]))
    downs = []
    for tensors, found in zip(tasks, between(ups)):
        with tf.device(tensors[0].device):
            found = nccl_ops.broadcast(tf.identity(found))
        for tensor in tensors:
            with tf.device(tensor.device):
                downs.append(tf.identity(found))
    return _shaped(downs, shape)


def _shuffled_tasks(
    input_tensors: Tensors, gather_devices: Sequence[str], red_op: Any, between: Any
) -> Tensors:
    flat, shape = _flatten(input_tensors)
    tasks = _by_task(flat)
    if len(gather_devices) != len(tasks):
        raise ValueError(
            "For shuffle hybrid, gather_devices must contain one device per worker. "
        )
    ups = [_gathered(tensors, [device], red_op, None)[0]
           for tensors, device in zip(tasks, gather_devices)]  # fmt: skip
    downs = [_concat([found], tensor.device)
             for tensors, found in zip(tasks, between(ups)) for tensor in tensors]  # fmt: skip
    return _shaped(downs, shape)


def _by_task(tensors: Tensors) -> list[Tensors]:
    tasks: dict[Any, Tensors] = {}
    for tensor in tensors:
        spec = tf.DeviceSpec.from_string(tensor.device)
        if spec.task is None:
            raise AssertionError(f"failed to parse device {tensor.device}")
        key = spec.job or "localhost", spec.replica or 0, spec.task
        tasks.setdefault(key, []).append(tensor)
    return list(tasks.values())


# -- parts ----------------------------------------------------------------------------------------


def _flatten(tensors: Tensors) -> tuple[Tensors, Any]:
    if not tensors:
        raise ValueError("tensors cannot be empty")
    shape = tensors[0].shape
    for tensor in tensors:
        shape = shape.merge_with(tensor.shape)
    if not shape.is_fully_defined():
        raise ValueError("Tensors must have statically known shape.")
    if len(shape) != 1:
        tensors = [_on_its_device(tf.reshape, tensor, [-1]) for tensor in tensors]
    return tensors, shape


def _on_its_device(function: Callable[..., Any], tensor: Any, *arguments: Any) -> Any:
    with tf.colocate_with(tensor):
        return function(tensor, *arguments)


def _shaped(tensors: Tensors, shape: Any) -> Tensors:
    if len(shape) == 1:
        return tensors
    return [_on_its_device(tf.reshape, tensor, shape) for tensor in tensors]


def _joined(parts: list[Tensors], devices: Sequence[str], shape: Any) -> Tensors:
    """The parts of each, without what filled them up."""
    size = shape.num_elements()
    whole = [_concat(each, device) for each, device in zip(parts, devices)]
    if sum(part.shape[0].value for part in parts[0]) > size:
        whole = [_on_its_device(tf.slice, each, [0], [size]) for each in whole]
    return _shaped(whole, shape)


def _concat(parts: Tensors, device: str) -> Any:
    with tf.device(device):
        return tf.concat(parts, 0)


def _applied(function: Unary | None, tensor: Any, device: str) -> Any:
    if function is None:
        return tensor
    with tf.device(device):
        return function(tensor)


def _rings(workers: int, count: int, order: Sequence[int]) -> list[list[int]]:
    """Of each ring its devices, one worker's after the other's; each begins further on."""
    if count > len(order):
        raise ValueError(f"num_subchunks {count} must be <= num_gpus {len(order)}")
    step = max(1, len(order) // count)
    turned = [[*order[k * step :], *order[: k * step]] for k in range(count)]
    return [[worker * len(order) + each for worker in range(workers) for each in ring]
            for ring in turned]  # fmt: skip


def _equal_parts(tensor: Any, count: int) -> Tensors:
    """`count` parts of one size, with zeros after the last."""
    fill = -tensor.shape[0].value % count
    with tf.colocate_with(tensor):
        if fill:
            tensor = tf.concat([tensor, tf.zeros([fill], tensor.dtype)], 0)
        return tf.split(tensor, count)


def _halves(tensor: Any, device: str) -> Tensors:
    if tensor.shape[0].value % 2:
        raise ValueError("tensor must have even length at each hop")
    with tf.device(device):
        return tf.split(tensor, 2)


def _gathered(
    tensors: Tensors, devices: Sequence[str], red_op: Any, un_op: Unary | None
) -> Tensors:
    """What each device makes of its part of all tensors; the last part may be longer."""
    size, count = tensors[0].shape[0].value, len(devices)
    sizes = [size // count] * (count - 1)
    sizes.append(size - sum(sizes))
    parts = [_on_its_device(tf.split, tensor, sizes) for tensor in tensors]
    reduced = []
    for each, device in zip(zip(*parts), devices):
        with tf.device(device):
            value = red_op(list(each))
            reduced.append(value if un_op is None else un_op(value))
    return reduced
