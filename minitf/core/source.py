"""Writing a step of a plan as a line of NumPy: what the `source` trait of an op returns.

    @matmul.trait
    def source(out, a, b, *, transpose_a, transpose_b):
        return call("matmul", a + ".T" * transpose_a, b + ".T" * transpose_b, out=out)

Arguments are the names of arrays, or Python literals where values are known; `out` is the name of
the buffer to fill, or None when a fresh array is wanted. None as the result leaves it to the kernel.
"""
from __future__ import annotations

from typing import Any


def call(function: str, *args: Any, **keywords: Any) -> str:
    """`np.function(args, key=value)`, keywords that are None left away."""
    given = [f"{key}={value}" for key, value in keywords.items() if value is not None]
    return f"np.{function}({', '.join([*map(str, args), *given])})"
