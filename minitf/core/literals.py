"""Sizes and axes as kernels and shape rules get them: a number, a tuple, or an array."""
from __future__ import annotations

from typing import Any

import numpy as np


def ints(value: Any) -> tuple[int, ...]:
    """A `Static` argument, or its text, as a tuple of ints. TypeError for an unknown element."""
    if type(value) is tuple:
        return value
    if isinstance(value, int):
        return (value,)
    if isinstance(value, str):
        return tuple(int(number) for number in value.strip("()").split(",") if number.strip())
    return tuple(map(int, np.ravel(value).tolist()))


def distinct(axes: Any, rank: int) -> tuple[int, ...]:
    """A `Static` argument that names axes, each once though it be named again."""
    listed = ints(axes)
    if len(listed) < 2:
        return listed
    found = {axis % max(rank, 1): axis for axis in reversed(listed)}
    return listed if len(found) == len(listed) else tuple(found.values())


def integer(value: Any) -> int:
    """A `Static` scalar. ValueError for another shape, TypeError when it is not known."""
    return value if type(value) is int else int(_scalar(value))


def elements(value: Any) -> tuple[int | None, ...] | None:
    """What a shape rule knows of a `Static` vector: ints, None where unknown; None: nothing. A
    scalar is a vector of one. ValueError for more axes."""
    if value is None:
        return None
    if np.ndim(value) > 1:
        raise ValueError(f"Shape must be rank 1 but is rank {np.ndim(value)}")
    return tuple(np.ravel(value).tolist())


def vector(value: Any) -> tuple[int | None, ...] | None:
    """The same. ValueError for what is no vector."""
    if value is not None and np.ndim(value) != 1:
        raise ValueError(f"Shape must be rank 1 but is rank {np.ndim(value)}: a vector is wanted")
    return elements(value)


def element(value: Any) -> int | None:
    """What a shape rule knows of a `Static` scalar. ValueError for what is none."""
    return None if value is None else _scalar(value)


def _scalar(value: Any) -> Any:
    if np.ndim(value):
        raise ValueError(f"Shape must be rank 0 but is rank {np.ndim(value)}: a number is wanted")
    return np.asarray(value).item()


def length(value: Any) -> int | None:
    """What a shape rule knows of a `Static` scalar that is a size. ValueError for what is none."""
    size = element(value)
    if size is not None and size < 0:
        raise ValueError(f"a size must be non-negative, got {size}")
    return size


def is_literal(argument: Any) -> bool:
    """Whether a source rule got a value, not the name of an array."""
    return not (isinstance(argument, str) and argument.isidentifier())
