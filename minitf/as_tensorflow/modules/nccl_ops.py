"""What `tensorflow.python.ops.nccl_ops` has, for copies of a model that all run on one device."""
from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import minitf as tf


def all_sum(tensors: Any) -> list[Any]:
    """The sum of the tensors, once for each of them, on its device.

    ValueError for none, and for one that `tf.device` has given none; so the next four.
    """
    return _for_each(tensors, tf.add_n)


def all_prod(tensors: Any) -> list[Any]:
    """As `all_sum`, the product."""
    return _for_each(tensors, functools.partial(functools.reduce, tf.multiply))


def all_min(tensors: Any) -> list[Any]:
    """As `all_sum`, the minimum."""
    return _for_each(tensors, functools.partial(functools.reduce, tf.minimum))


def all_max(tensors: Any) -> list[Any]:
    """As `all_sum`, the maximum."""
    return _for_each(tensors, functools.partial(functools.reduce, tf.maximum))


def reduce_sum(tensors: Any) -> Any:
    """The sum of the tensors, once."""
    return tf.add_n(_checked(tensors, "reduce"))


def broadcast(tensor: Any) -> Any:
    """The tensor, for ops on other devices."""
    return tf.identity(*_checked([tensor], "broadcast"))


def _for_each(tensors: Any, combined: Callable[[list[Any]], Any]) -> list[Any]:
    tensors = _checked(tensors, "all reduce")
    found = combined(tensors)
    made = []
    for tensor in tensors:
        with tf.device(tensor.device):
            made.append(tf.identity(found))
    return made


def _checked(tensors: Any, what: str) -> list[Any]:
    if not tensors:
        raise ValueError(f"Must pass >0 tensors to {what} operations")
    for tensor in tensors:
        if not tensor.device:
            raise ValueError("Device assignment required for nccl collective ops")
    return list(tensors)
