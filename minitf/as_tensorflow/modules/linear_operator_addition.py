"""`tensorflow.python.ops.linalg.linear_operator_addition`: sums of LinearOperators."""
from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import minitf as tf

_IDENTITY = tf.linalg.LinearOperatorIdentity, tf.linalg.LinearOperatorScaledIdentity
_DIAGONAL = *_IDENTITY, tf.linalg.LinearOperatorDiag
_TRIANGULAR = *_DIAGONAL, tf.linalg.LinearOperatorLowerTriangular


class _Adder(NamedTuple):
    """What adds two operators of some kinds: `make` returns the class of the sum and what it is
    made of."""

    name: str
    kinds: tuple[Any, ...]
    make: Callable[[Any, Any], Callable[..., Any]]

    def can_add(self, op1: Any, op2: Any) -> bool:
        return isinstance(op1, self.kinds) and isinstance(op2, self.kinds)

    def add(self, op1: Any, op2: Any, operator_name: str | None) -> Any:
        name = operator_name or f"Add/{op1.name}__{op2.name}/"
        definite = op1.is_positive_definite and op2.is_positive_definite
        with tf.name_scope(self.name, values=op1.graph_parents + op2.graph_parents):
            return self.make(op1, op2)(
                is_non_singular=True if definite else None, is_positive_definite=definite,
                is_self_adjoint=op1.is_self_adjoint and op2.is_self_adjoint, name=name,
            )  # fmt: skip


def _scaled_identity(op1: Any, op2: Any) -> Callable[..., Any]:
    scaled = _IDENTITY[1]
    factors = [
        each.multiplier if isinstance(each, scaled)
        else tf.ones(each.batch_shape_tensor(), each.dtype)
        for each in (op1, op2)
    ]
    return functools.partial(scaled, op1.range_dimension_tensor(), factors[0] + factors[1])


def _diagonal(op1: Any, op2: Any) -> Callable[..., Any]:
    return functools.partial(_DIAGONAL[-1], op1.diag_part() + op2.diag_part())


def _triangular(op1: Any, op2: Any) -> Callable[..., Any]:
    return functools.partial(_TRIANGULAR[-1], _dense(op1, op2))


def _full(op1: Any, op2: Any) -> Callable[..., Any]:
    return functools.partial(tf.linalg.LinearOperatorFullMatrix, _dense(op1, op2))


def _dense(op1: Any, op2: Any) -> tf.Tensor:
    """The matrix of the sum; a diagonal is added to a matrix, which takes less than two of them."""
    first, other = (op1, op2) if isinstance(op1, _DIAGONAL) else (op2, op1)
    dense: tf.Tensor = first.add_to_tensor(other.to_dense())
    return dense


_TIERS = [[_Adder("AddAndReturnScaledIdentity", _IDENTITY, _scaled_identity)],
          [_Adder("AddAndReturnDiag", _DIAGONAL, _diagonal)],
          [_Adder("AddAndReturnTriL", _TRIANGULAR, _triangular)],
          [_Adder("AddAndReturnMatrix", (tf.linalg.LinearOperator,), _full)]]  # fmt: skip


def add_operators(
    operators: Iterable[Any], operator_name: str | None = None, addition_tiers: Any = None,
    name: str | None = None,
) -> list[Any]:  # fmt: skip
    """A list of one operator, the sum of all.

    `addition_tiers` are lists of what adds two, each list used up before the next: operators that
    none of them can add stay apart. ValueError for no operator or sizes that do not fit, TypeError
    for what is no operator.
    """
    left = list(operators)[::-1]
    _check(left)
    parents = [parent for each in left for parent in each.graph_parents]
    with tf.name_scope(name or "add_operators", values=parents):
        for tier in _TIERS if addition_tiers is None else addition_tiers:
            left = _added(left, tier, operator_name)
    return left


def _check(operators: list[Any]) -> None:
    if not operators:
        raise ValueError("Argument 'operators' must contain at least one operator.  "
                         f"Found: {operators}")  # fmt: skip
    if not all(isinstance(each, tf.linalg.LinearOperator) for each in operators):
        raise TypeError("Argument 'operators' must contain only LinearOperator instances.  "
                        f"Found: {operators}")  # fmt: skip
    for what in ("domain", "range"):
        sizes = [(each.name, getattr(each, f"{what}_dimension").value) for each in operators]
        if len({size for _, size in sizes if size is not None}) > 1:
            raise ValueError(f"Operators must have the same {what} dimension. Found: {sizes}")
    functools.reduce(tf.broadcast_static_shape, [each.batch_shape for each in operators])


def _added(waiting: list[Any], tier: Any, operator_name: str | None) -> list[Any]:
    """What is left when each, from the last on, has been added to the nearest that it can be
    added to."""
    apart: list[Any] = []
    waiting = waiting[::-1]
    while waiting:
        first = waiting.pop(0)
        match = next(((i, adder) for i, other in enumerate(waiting) for adder in tier
                      if adder.can_add(first, other)), None)  # fmt: skip
        if match is None:
            apart.append(first)
        else:
            waiting.insert(0, match[1].add(first, waiting.pop(match[0]), operator_name))
    return apart
