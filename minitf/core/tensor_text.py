"""Array values as TensorFlow writes them in messages: the first few elements."""
from __future__ import annotations

from typing import Any

import numpy as np


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
    """One element: floats with as many digits as tell it from its neighbours."""
    if isinstance(item, bytes):
        return item.decode(errors="replace")
    if dtype.kind == "b":
        return str(int(item))
    if dtype.kind != "f":
        return str(item)
    short, long = ("6", "9") if dtype.itemsize <= 4 else ("15", "17")
    text = f"{item:.{short}g}"
    return text if dtype.type(text) == item else f"{item:.{long}g}"
