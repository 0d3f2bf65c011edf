"""Which of TensorFlow's behaviors holds: programs that were moved to `tf.compat.v1` turn those of
version 2 off, as the first thing they do."""
from __future__ import annotations

from typing import NoReturn

from minitf.core.variable_kind import (  # noqa: F401  two of them are public names
    disable_resource_variables,
    enable_resource_variables,
    resource_variables_enabled,
)


def disable_v2_behavior() -> None:
    """Graphs and sessions, as TensorFlow 1 has them: what minitf does in any case."""
    disable_resource_variables()


def enable_v2_behavior() -> NoReturn:
    """NotImplementedError: minitf is TensorFlow 1."""
    _refuse("tf.enable_v2_behavior", "builds graphs and runs them in a session")


def control_flow_v2_enabled() -> bool:
    """False: tf.cond and tf.while_loop build Switch, Merge and their like."""
    return False


def disable_control_flow_v2() -> None:
    """tf.cond and tf.while_loop build Switch, Merge and their like: they do in any case."""


def enable_control_flow_v2() -> NoReturn:
    """NotImplementedError: tf.cond and tf.while_loop build Switch, Merge and their like."""
    _refuse("tf.enable_control_flow_v2", "builds tf.cond and tf.while_loop of Switch and Merge")


def disable_tensor_equality() -> None:
    """`==` tells whether two tensors are the same one: it does in any case."""


def enable_tensor_equality() -> NoReturn:
    """NotImplementedError: `==` tells whether two tensors are the same one."""
    _refuse("tf.enable_tensor_equality", "compares tensors by identity: use tf.equal")


def disable_v2_tensorshape() -> None:
    """The sizes in a TensorShape are of type Dimension: they are in any case."""


def enable_v2_tensorshape() -> NoReturn:
    """NotImplementedError: the sizes in a TensorShape are of type Dimension."""
    _refuse(
        "tf.enable_v2_tensorshape",
        "gives sizes as tf.Dimension: use .value, or tf.compat.dimension_value",
    )


def _refuse(name: str, instead: str) -> NoReturn:
    raise NotImplementedError(f"{name}: minitf has the behavior of TensorFlow 1; it {instead}.")
