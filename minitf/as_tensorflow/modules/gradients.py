"""Gradients of operations as functions: `nn_grad._ReluGrad(op, grad)`, `ops._gradient_registry`.

Programs that explain networks call the gradient of an operation from within their own, look up
which gradients are registered, and put others in their place for a while.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterator, MutableMapping
from functools import cache
from typing import Any

import minitf as tf
from minitf.core.gradient_registry import _REGISTERED, Rule, built_in_rule, rule_of
from minitf.core.op import NOT_DIFFERENTIABLE, REGISTRY
from minitf.ops.reduction.reduce import sum_to


def get_gradient_function(op: Any) -> Any:
    """A function of an operation and of the gradients of its outputs: those of its inputs.

    None where nothing flows back, LookupError where no rule is known.
    """
    rule = rule_of(op) if op.inputs else None
    if rule is None and op.inputs:
        raise LookupError(f"No gradient defined for operation '{op.name}' (op type: {op.type})")
    return _function(rule)


def _function(rule: Rule | None) -> Any:
    if rule is None or rule.apply is NOT_DIFFERENTIABLE:
        return None

    def gradients(op: Any, *grads: Any) -> Any:
        found = [each() if callable(each) else each for each in rule.apply(op, list(grads))]
        if rule.broadcasts:
            found = [each if each is None else sum_to(each, tf.shape(x))
                     for each, x in zip(found, op.inputs)]  # fmt: skip
        return found if len(op.inputs) > 1 else found[0]

    return gradients


@cache
def _built_in(type: str) -> Any:
    return _function(built_in_rule(type))


def _has_own(type: str) -> bool:
    return type in REGISTRY and REGISTRY[type].grad is not None


def __getattr__(name: str) -> Any:
    """The gradient of a type of operation, as its module in TensorFlow names it: `_TanhGrad`."""
    known = re.fullmatch("_([A-Z][A-Za-z0-9]*)Grad", name)
    found = _built_in(known[1]) if known and _has_own(known[1]) else None
    if found is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name, obj=None)
    return found


class _Entry(dict[str, Any]):
    """What is registered under a name; another function takes its place in every new gradient."""

    def __init__(self, name: str) -> None:
        own = _REGISTERED.get(name) or _built_in(name)
        super().__init__(type=None if own is NOT_DIFFERENTIABLE else own)
        self._name = name

    def __setitem__(self, key: str, function: Callable[..., Any]) -> None:
        super().__setitem__(key, function)
        if key == "type":
            if function is _built_in(self._name):
                _REGISTERED.pop(self._name, None)
            else:
                _REGISTERED[self._name] = function


class _Entries(MutableMapping[str, _Entry]):
    """{name: entry} of all gradients."""

    def __getitem__(self, name: str) -> _Entry:
        if name not in _REGISTERED and not _has_own(name):
            raise KeyError(name)
        return _Entry(name)

    def __setitem__(self, name: str, entry: Any) -> None:
        _Entry(name)["type"] = entry["type"]

    def __delitem__(self, name: str) -> None:
        del _REGISTERED[name]

    def __iter__(self) -> Iterator[str]:
        yield from {**_REGISTERED, **{name: None for name in REGISTRY if _has_own(name)}}

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Registry:
    """`ops._gradient_registry`."""

    def __init__(self) -> None:
        self._registry = _Entries()

    def lookup(self, name: str) -> Any:
        """The gradient of this name. LookupError for none."""
        if name not in self._registry:
            raise LookupError(f"gradient registry has no entry for: {name}")
        return self._registry[name]["type"]

    def list(self) -> list[str]:
        """The names of all gradients."""
        return list(self._registry)


_gradient_registry = _Registry()
