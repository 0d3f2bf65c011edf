"""`tf.RegisterGradient`: gradients that a program defines, and which gradient a node has."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from minitf.core.op import NOT_DIFFERENTIABLE, REGISTRY
from minitf.core.operation import Operation

_REGISTERED: dict[str, Callable[..., Any]] = {}


class RegisterGradient:
    """Decorator: register `function(op, *grads)` as the gradient of ops of a type.

    op: the Operation, with its inputs and outputs. grads: what flows back into each output.
    Returns a gradient, or None, for each input; a single one may stand by itself. A type may be
    any name, for `graph.gradient_override_map`. Raises TypeError for a name that is no string,
    KeyError for one that has a gradient.
    """

    def __init__(self, op_type: str) -> None:
        _check_name(op_type)
        self._op_type = op_type

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        _register(self._op_type, function)
        return function


def no_gradient(op_type: str) -> None:
    """Say that nothing flows back through ops of this type.

    Raises TypeError for a name that is no string, KeyError for one that has a gradient.
    """
    _check_name(op_type)
    _register(op_type, NOT_DIFFERENTIABLE)


def _check_name(op_type: Any) -> None:
    if not isinstance(op_type, str):
        raise TypeError(f"op_type must be a string, got {op_type!r}")


def _register(op_type: str, function: Callable[..., Any]) -> None:
    built_in = op_type in REGISTRY and REGISTRY[op_type].grad is not None
    if built_in or op_type in _REGISTERED:
        raise KeyError(
            f"Registering two gradient with name '{op_type}'! To replace the gradient of some "
            "nodes, register a new name and build them in graph.gradient_override_map"
        )
    _REGISTERED[op_type] = function


class Rule(NamedTuple):
    """How gradients flow back through one operation."""

    apply: Callable[..., Sequence[Any]]  # (operation, gradients of its outputs) -> of its inputs
    broadcasts: bool = False  # what it gives is to be summed to the shapes of the inputs
    sparse: bool = False  # it takes IndexedSlices as they are


def rule_of(operation: Operation) -> Rule | None:
    """The rule of an operation: what overrides it, else its op's.

    None when it has no rule; NOT_DIFFERENTIABLE as `apply` when nothing flows back.
    """
    override = operation.gradient_override
    if callable(override):
        return _of_program(override)
    name = override or operation.type
    if name in _REGISTERED:
        return _of_program(_REGISTERED[name])
    return built_in_rule(name)


def built_in_rule(name: str) -> Rule | None:
    """The rule that ops of a type have by themselves, whatever a program has registered."""
    definition = REGISTRY.get(name)
    if definition is None or definition.grad is None:
        return None
    if definition.grad is NOT_DIFFERENTIABLE:
        return Rule(NOT_DIFFERENTIABLE)
    rule = definition.grad
    return Rule(
        lambda operation, dys: _apply_own(rule, operation, dys),
        definition.broadcasts,
        definition.alias,
    )


def _apply_own(
    rule: Callable[..., Sequence[Any]], operation: Operation, dys: list[Any]
) -> Sequence[Any]:
    outputs: Any = operation.outputs
    grads: Any = dys
    if not operation.definition.schema.several:
        outputs, grads = outputs[0], dys[0]
    return rule(outputs, grads, *operation.inputs, **operation.attrs)


def _of_program(function: Callable[..., Any]) -> Rule:
    if function is NOT_DIFFERENTIABLE:
        return Rule(NOT_DIFFERENTIABLE)

    def apply(operation: Operation, dys: list[Any]) -> Sequence[Any]:
        found = function(operation, *dys)
        return found if isinstance(found, (list, tuple)) else [found]

    return Rule(apply, sparse=True)
