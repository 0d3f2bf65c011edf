"""Shape rules that many ops share.

A rule gets, for each input, its static shape (a tuple of `int | None`, or None), or, for a `Static`
parameter, its value (an array whose unknown elements are None, or None), and the attributes by
name. It returns the output's shape, or a list of shapes for several outputs.
"""
from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np

from minitf.core.tensor_shape import Shape, merge, num_elements, printed


class NotBuilt(int):
    """A size that a run takes, and for which building a node raises ValueError, saying why."""

    why: str

    def __new__(cls, size: int, why: str) -> NotBuilt:
        made = super().__new__(cls, size)
        made.why = why
        return made


def same(first: Any, *_: Any, **__: Any) -> Any:
    """The shape of the first input."""
    return first


def scalar(*_: Any, **__: Any) -> Any:
    """No dimensions."""
    return ()


def unknown(*_: Any, **__: Any) -> Any:
    """Known only in the run."""
    return None


def alike(*shapes: Any, **_: Any) -> Any:
    """What is known of the shape that all inputs have. ValueError when they differ."""
    return functools.reduce(merged, shapes)


def merged(a: Shape, b: Shape) -> Shape:
    """What is known of a shape that is both. ValueError, in TensorFlow's words, when none is."""
    found: Any = merge(a, b)
    if found is False:
        raise ValueError(f"{_difference(a, b)}. Shapes are {printed(a)} and {printed(b)}.")
    return found


def _difference(a: Any, b: Any) -> str:
    if len(a) != len(b):
        return f"Shapes must be equal rank, but are {len(a)} and {len(b)}"
    axis = next(i for i, pair in enumerate(zip(a, b)) if None not in pair and pair[0] != pair[1])
    return f"Dimension {axis} in both shapes must be equal, but are {a[axis]} and {b[axis]}"


def broadcast(*shapes: Any, **_: Any) -> Any:
    """NumPy's broadcasting, with unknown sizes. ValueError when sizes do not fit."""
    result = shapes[0]
    for shape in shapes[1:]:
        result = _pair(result, shape)
    return result


def _pair(a: Shape, b: Shape) -> Shape:
    if a is None or b is None:
        return None
    if a == b and None not in a:
        return a
    longer, shorter = (a, b) if len(a) >= len(b) else (b, a)
    lead = len(longer) - len(shorter)
    tail = tuple(_size(m, n, a, b) for m, n in zip(longer[lead:], shorter))
    return longer[:lead] + tail


def _size(m: int | None, n: int | None, a: Shape, b: Shape) -> int | None:
    if m == n or n == 1:
        return m
    if m == 1:
        return n
    if m is None or n is None:
        return n if m is None else m
    raise ValueError(
        f"sizes do not broadcast: {printed(a)} and {printed(b)} "
        f"(Dimensions must be equal, but are {m} and {n})"
    )


def axis_index(axis: Any, rank: int, extra: int = 0) -> int:
    """`axis` counted from the front. ValueError unless -rank <= axis < rank."""
    rank += extra
    if not -rank <= axis < rank:
        raise ValueError(f"axis {axis} is not in [{-rank}, {rank}): Invalid reduction dimension "
                         f"{axis} for input with {rank} dimension(s)")  # fmt: skip
    return int(axis) % rank if rank else 0


def check_rank(shape: Shape, rank: int, what: str) -> None:
    """ValueError for a shape that is known to have another number of dimensions."""
    if shape is not None and len(shape) != rank:
        raise ValueError(
            f"Shape must be rank {rank} but is rank {len(shape)}: {what} is {printed(shape)}"
        )


def sizes(value: Any) -> Shape:
    """A shape given as a value: -1 and unknown elements become None. ValueError for what is no
    vector, and for a size below -1."""
    if value is None:
        return None
    if not isinstance(value, tuple) and np.ndim(value) != 1:
        raise ValueError(f"Shape must be rank 1 but is rank {np.ndim(value)}: a shape is a vector")
    for size in value:
        if size is not None and size < -1:
            raise ValueError(f"Invalid value in tensor used for shape: {size}")
    return tuple(None if n is None or n < 0 else int(n) for n in value)


def reshaped(tensor: Any, shape: Any) -> Shape:
    """What `shape` asks for; -1 is what is left of the elements. ValueError if they do not fit."""
    wanted = sizes(shape)
    if wanted is None:
        return None
    total = num_elements(tensor)
    if wanted.count(None) == 1 and total is not None:
        wanted = _inferred(tensor, total, wanted)
    if None not in wanted and tensor is not None and total is None:
        _check_multiple(tensor, wanted)
    if total is not None and None not in wanted and num_elements(wanted) != total:
        raise ValueError(
            f"Cannot reshape a tensor with {total} elements to shape {_close(wanted)} "
            f"({num_elements(wanted)} elements): its shape is {printed(tensor)}"
        )
    return wanted


def _close(shape: Any) -> str:
    """The shape as TensorFlow prints it here: [2,3]."""
    return printed(shape).replace(" ", "")


def _check_multiple(tensor: Any, wanted: Any) -> None:
    """ValueError unless the unknown sizes can make up for what the known ones give."""
    known = math.prod(n for n in tensor if n is not None)
    if known and math.prod(wanted) % known:
        raise ValueError(
            f"Cannot reshape a tensor of shape {printed(tensor)}, whose number of elements is a "
            f"multiple of {known}, to shape {printed(wanted)} ({num_elements(wanted)} elements)"
        )


def _inferred(tensor: Any, total: int, wanted: Any) -> Any:
    """The one open size, from the number of elements."""
    rest = math.prod(n for n in wanted if n is not None)
    if rest == 0:
        if total:
            raise ValueError(f"Cannot reshape a tensor with {total} elements to shape "
                             f"{_close(wanted)} (0 elements)")  # fmt: skip
        return wanted
    if total % rest:
        raise ValueError(
            f"Cannot reshape a tensor with {total} elements, shape {printed(tensor)}, to shape "
            f"{printed(wanted)}: the known sizes give {rest}, and {total} is no multiple of it"
        )
    return tuple(total // rest if n is None else n for n in wanted)
