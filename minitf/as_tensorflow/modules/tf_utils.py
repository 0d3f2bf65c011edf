"""`tensorflow.python.keras.utils.tf_utils`: ways through a graph, types that stand for tensors."""
from __future__ import annotations

from typing import Any

import minitf as tf
from minitf.as_tensorflow.modules.layer_utils import (  # noqa: F401  names of it too
    constant_value,
    smart_cond,
)

_STANDING_FOR: list[type] = []


def get_reachable_from_inputs(inputs: Any, targets: Any = None) -> set[Any]:
    """The operations and tensors that depend on `inputs`, and these; ends when it has all
    `targets`.

    TypeError for what is no Operation, Tensor or Variable.
    """
    waiting = tf.nest.flatten(inputs, expand_composites=True)
    reached = set(waiting)
    missing = set(tf.nest.flatten(targets)) - reached if targets else None
    controlled = _controlled()
    while waiting and (missing is None or missing):
        for follower in _followers(waiting.pop(), controlled):
            if follower not in reached:
                reached.add(follower)
                waiting.append(follower)
                if missing:
                    missing.discard(follower)
    return reached


def _controlled() -> dict[Any, list[Any]]:
    """The operations of the graph that wait for each."""
    found: dict[Any, list[Any]] = {}
    for op in tf.get_default_graph().get_operations():
        for before in op.control_inputs:
            found.setdefault(before, []).append(op)
    return found


def _followers(item: Any, controlled: dict[Any, list[Any]]) -> list[Any]:
    if isinstance(item, tuple(_STANDING_FOR)):
        return []
    if isinstance(item, tf.Operation):
        return [*item.outputs, *controlled.get(item, ())]
    if isinstance(item, tf.Variable):
        return [item.op]
    if isinstance(item, tf.Tensor):
        return item.consumers()
    raise TypeError(f"Expected Operation, Variable, or Tensor, got {item}")


def register_symbolic_tensor_type(cls: type) -> None:
    """Let `is_symbolic_tensor` hold for a type that converts to a tensor."""
    if cls not in _STANDING_FOR:
        _STANDING_FOR.append(cls)


def is_symbolic_tensor(tensor: Any) -> bool:
    """Whether it is a node's output, a variable, or of a registered type."""
    kinds = (tf.Tensor, tf.Variable, tf.SparseTensor, *_STANDING_FOR)
    return isinstance(tensor, kinds)


def is_tensor_or_tensor_list(v: Any) -> bool:
    """Whether it is a tensor, or a list that begins with one."""
    parts = tf.nest.flatten(v)
    return bool(parts) and isinstance(parts[0], (tf.Tensor, tf.SparseTensor))
