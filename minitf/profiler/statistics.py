"""Numbers told of nodes by the type of their operation, to which programs add their own."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.core.tensor_shape import is_static
from minitf.profiler.flops import RULES, float_operations

FLOPS = "flops"

_registered: dict[tuple[str, str], Callable[[Any, Any], Any]] = {}


class OpStats:
    """A number told of a node: which one, and how much. None where it is not told."""

    def __init__(self, statistic_type: str, value: Any = None) -> None:
        self.statistic_type = statistic_type
        self.value = value

    def __iadd__(self, other: OpStats) -> OpStats:
        if other.statistic_type != self.statistic_type:
            raise ValueError(f"Can't add an OpStat of type {self.statistic_type} to one of "
                             f"{other.statistic_type}.")  # fmt: skip
        values = [each for each in (self.value, other.value) if each is not None]
        self.value = sum(values[1:], values[0]) if values else None
        return self


class RegisterStatistics:
    """`@RegisterStatistics("MyOp", "flops")`: what computes a statistic of nodes of a type.

    It takes the graph and the NodeDef and returns OpStats. KeyError for one that there is.
    """

    def __init__(self, op_type: str, statistic_type: str) -> None:
        for argument in (op_type, statistic_type):
            if not isinstance(argument, str):
                raise TypeError("op_type and statistic_type must be strings, "
                                f"not {type(argument).__name__}.")  # fmt: skip
            if "," in argument:
                raise TypeError(f"op_type and statistic_type must not contain a comma: {argument}")
        self._key = op_type, statistic_type

    def __call__(self, function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
        type, statistic = self._key
        if self._key in _registered or (statistic == FLOPS and type in RULES):
            raise KeyError(f"The statistic {statistic!r} of {type} is registered already.")
        _registered[self._key] = function
        return function


def get_stats_for_node_def(graph: Any, node: Any, statistic_type: str) -> OpStats:
    """The statistic of a node that `graph` has; without a value when nobody tells it of its type.

    ValueError when sizes have to be known that are not.
    """
    function = _registered.get((node.op, statistic_type))
    if function is not None:
        return function(graph, node)
    if statistic_type != FLOPS or node.op not in RULES:
        return OpStats(statistic_type)
    operation = graph.get_operation_by_name(node.name)
    found = float_operations(operation, lambda x: x._shape if is_static(x._shape) else None)
    tensors = (*operation.inputs, *operation.outputs)
    if not found and not all(is_static(tensor._shape) for tensor in tensors):
        shapes = ", ".join(str(tensor.shape) for tensor in tensors)
        raise ValueError(f"{statistic_type} of {operation.type} '{operation.name}' need sizes that "
                         f"are fully defined, not {shapes}")  # fmt: skip
    return OpStats(FLOPS, found)


def counted(operation: Any, shape_of: Callable[[Any], Any]) -> int:
    """Float operations of a node, as a program or TensorFlow counts them; 0 where neither does."""
    function = _registered.get((operation.type, FLOPS))
    if function is None:
        return float_operations(operation, shape_of)
    try:
        return int(function(operation.graph, operation.node_def).value or 0)
    except ValueError:  # sizes that are not known
        return 0
