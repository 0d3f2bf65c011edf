"""Array values as TensorFlow writes them in messages: the first few elements."""
from __future__ import annotations

from typing import Any

import numpy as np

_ESCAPES = {"\t": "\\t", "\n": "\\n", "\r": "\\r", '"': '\\"', "'": "\\'", "\\": "\\\\"}
# How each byte of a string is written.
_BYTES = [_ESCAPES.get(chr(i), chr(i) if 32 <= i < 127 else f"\\{i:03o}") for i in range(256)]


def summary(value: np.ndarray, limit: int) -> str:
    """The first `limit` elements (all for -1), rows in brackets: `[1 2][3...]...`."""
    limit = value.size if limit < 0 else limit
    if value.ndim == 0:
        return element_text(value.item(), value.dtype) if limit else "..."
    parts: list[str] = []
    _add_axis(value, limit, 0, parts)
    return "".join(parts) + ("..." if value.size > limit else "")


def _add_axis(value: np.ndarray, left: int, depth: int, parts: list[str]) -> int:
    """Write one axis; returns how many elements may still be written."""
    for i, row in enumerate(value):
        if value.ndim > 1:
            if left > 0:
                parts.append("[")
                left = _add_axis(row, left, depth + 1, parts)
                parts.append("]")
        elif left <= 0:
            parts.append("..." if depth else "")
            return 0
        else:
            parts.append((" " if i else "") + element_text(row, value.dtype))
            left -= 1
    return left


def element_text(item: Any, dtype: np.dtype) -> str:
    """One element: floats with as many digits as tell it from its neighbours in single precision
    or double, strings as in a program in C."""
    if isinstance(item, bytes):
        return "".join(map(_BYTES.__getitem__, item))
    if dtype.kind == "b":
        return str(int(item))
    if dtype.kind != "f":
        return str(item)
    type, short, long = (np.float32, 6, 9) if dtype.itemsize <= 4 else (np.float64, 15, 17)
    text = f"{item:.{short}g}"
    return text if type(text) == type(item) else f"{item:.{long}g}"
