"""`tensorflow.python.training.training_ops`: the steps of optimizers, which are one op each there.

    training_ops.apply_adam(var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad)

The first arguments are variables; functions that begin with `resource_` take their handles.
"""
from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Any

import minitf as tf
from minitf.core.proto.signatures import signature
from minitf.graph_util.update_rules import STEPS
from minitf.raw_ops import lower_case


def __getattr__(name: str) -> Any:
    kind = _kinds().get(name)
    if kind is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name, obj=None)
    found = globals()[name] = _step(kind, name)
    return found


def __dir__() -> list[str]:
    return sorted(_kinds())


def _kinds() -> dict[str, str]:
    return {lower_case(kind): kind for step in STEPS for kind in (step, f"Resource{step}")}


def _step(kind: str, name: str) -> Callable[..., Any]:
    declared: Any = signature(kind)
    build, slots = STEPS[kind.removeprefix("Resource")]
    names = [argument.name for argument in declared.inputs]
    place = Parameter.POSITIONAL_OR_KEYWORD
    taken = Signature([
        *(Parameter(each, place) for each in names),
        *(Parameter(attr, place, default=value) for attr, value in declared.defaults().items()),
        Parameter("name", place, default=None),
    ])  # fmt: skip

    def step(*args: Any, **kwargs: Any) -> Any:
        given = taken.bind(*args, **kwargs)
        given.apply_defaults()
        attrs = given.arguments
        inputs = [attrs.pop(each) for each in names]
        with tf.name_scope(attrs.pop("name"), kind, inputs) as scope:
            variables = [_reference(each) for each in inputs[:slots]]
            types = dict.fromkeys(names, variables[0].dtype.base_dtype) | {"indices": None}
            others = [
                tf.convert_to_tensor(value, types[each])
                for each, value in zip(names[slots:], inputs[slots:])
            ]
            made = build(scope.rstrip("/"), attrs, *variables, *others)
        return made.op if kind.startswith("Resource") else made

    step.__name__ = step.__qualname__ = name
    step.__doc__ = build.__doc__
    step.__signature__ = taken  # type: ignore[attr-defined]
    return step


def _reference(variable: Any) -> Any:
    return variable._ref() if isinstance(variable, tf.Variable) else variable
