"""Writing a step of a plan as a line of NumPy: what the `source` trait of an op returns.

    @matmul.trait
    def source(out, a, b, *, transpose_a, transpose_b):
        return call("matmul", a + ".T" * transpose_a, b + ".T" * transpose_b, out=out)

Arguments are the names of arrays, or Python literals where values are known; `out` is the name of
the buffer to fill, or None when a fresh array is wanted. None as the result leaves the step to the
kernel.
"""
from __future__ import annotations

from typing import Any


class Name(str):
    """The name of an array in a program, with what is known of the array."""

    shape: Any = None
    dtype: Any = None

    def __new__(cls, name: str, shape: Any = None, dtype: Any = None) -> Name:
        self = super().__new__(cls, name)
        self.shape, self.dtype = shape, dtype
        return self


def call(function: str, *args: Any, **keywords: Any) -> str:
    """`np.function(args, key=value)`, keywords that are None left away."""
    given = [f"{key}={value}" for key, value in keywords.items() if value is not None]
    return f"np.{function}({', '.join([*map(str, args), *given])})"


def shape_of(argument: Any) -> Any:
    """The shape of the array that bears this name, None when it is not known."""
    return getattr(argument, "shape", None)
