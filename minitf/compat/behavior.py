"""Which of TensorFlow's behaviors holds: programs that were moved to `tf.compat.v1` turn those of
version 2 off, as the first thing they do; those that were written for it turn them on."""
from __future__ import annotations

from typing import Any

from minitf.core import tensor_shape
from minitf.core.behavior import ON, WHOLE, holds
from minitf.core.eager import disable_eager_execution, enable_eager_execution
from minitf.core.tensor import Tensor
from minitf.core.variable_kind import (
    disable_resource_variables,
    enable_resource_variables,
    resource_variables_enabled,  # noqa: F401  a public name
)
from minitf.ops.math.elementwise import equal, not_equal
from minitf.ops.state.init_scope import executing_eagerly_outside_functions
from minitf.ops.state.variables import Variable

EQUALITY = "tensors are compared element by element"
CONTROL_FLOW = "cond and while_loop are operations"


def enable_v2_behavior() -> None:
    """Operations that run as they are called, variables that are resources, sizes that are numbers,
    tensors that are compared element by element: at the start of a program.

    ValueError where it has built nodes already.
    """
    enable_eager_execution()
    enable_v2_tensorshape()
    enable_resource_variables()
    enable_tensor_equality()
    enable_control_flow_v2()
    ON.add(WHOLE)


def disable_v2_behavior() -> None:
    """Graphs and sessions, as TensorFlow 1 has them."""
    disable_eager_execution()
    disable_v2_tensorshape()
    disable_resource_variables()
    disable_tensor_equality()
    disable_control_flow_v2()
    ON.discard(WHOLE)


# -- control flow ---------------------------------------------------------------------------------


def control_flow_v2_enabled() -> bool:
    """Whether `tf.enable_control_flow_v2` was called."""
    return CONTROL_FLOW in ON


def enable_control_flow_v2() -> None:
    """Let it be known that branches and loops are one operation each: nodes are Switch, Merge and
    their like in any case, values and gradients the same."""
    ON.add(CONTROL_FLOW)


def disable_control_flow_v2() -> None:
    """Let it be known that branches and loops are nodes of Switch, Merge and their like."""
    ON.discard(CONTROL_FLOW)


# -- the sizes of a TensorShape -------------------------------------------------------------------


def enable_v2_tensorshape() -> None:
    """`shape[i]`, and what comes of going through a TensorShape, is a number or None."""
    ON.add(tensor_shape.NUMBERS)


def disable_v2_tensorshape() -> None:
    """The same is a Dimension."""
    ON.discard(tensor_shape.NUMBERS)


# -- equality -------------------------------------------------------------------------------------


def enable_tensor_equality() -> None:
    """`a == b` and `a != b` of tensors and variables compares element by element, where operations
    run as they are called and in the functions of such programs."""
    ON.add(EQUALITY)
    for kind in (Tensor, Variable):
        kind.__eq__, kind.__ne__ = _equal, _differs  # type: ignore[assignment]


def disable_tensor_equality() -> None:
    """`a == b` tells whether two tensors, or variables, are the same one."""
    ON.discard(EQUALITY)
    for kind in (Tensor, Variable):
        kind.__eq__, kind.__ne__ = object.__eq__, object.__ne__  # type: ignore[assignment]


def _equal(x: Any, y: Any) -> Any:
    by_element = holds(EQUALITY) and executing_eagerly_outside_functions()
    return equal(x, y) if by_element else x is y


def _differs(x: Any, y: Any) -> Any:
    by_element = holds(EQUALITY) and executing_eagerly_outside_functions()
    return not_equal(x, y) if by_element else x is not y


