"""Special functions of one element: `special.h`, which C and CUDA share.

It is put before the kernels that call one of its functions, and costs others nothing.
"""
from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterable

NAMES = ("digamma", "zeta", "polygamma", "igamma", "igammac", "igamma_grad_a", "betainc",
         "bessel_i0e", "bessel_i1e")  # fmt: skip
_CALLED = re.compile(rf"\b({'|'.join(NAMES)})f?\(")
_EACH = "/* -- for float and for double"  # what stands below is written for both
_NAME, _NUMBER = re.compile(r"\b([a-z]\w*)_\b"), re.compile(r"(?<![\w.])(\d+\.\d*(?:e-?\d+)?)\b")


def special(sources: Iterable[str]) -> str:
    """The functions, if one of the sources calls one."""
    return _text() if any(map(_CALLED.search, sources)) else ""


@functools.lru_cache(maxsize=1)
def _text() -> str:
    with open(os.path.join(os.path.dirname(__file__), "special.h")) as file:
        shared, each = file.read().split(_EACH)
    each = _EACH + each
    return shared + _of(each, "double", "") + _of(each, "float", "f")


def _of(text: str, real: str, suffix: str) -> str:
    """The functions of one type: their names, and their numbers, end as C wants it."""
    text = _NAME.sub(rf"\g<1>{suffix}", text).replace("REAL", real)
    return _NUMBER.sub(rf"\g<1>{suffix}", text)
