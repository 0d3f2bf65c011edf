"""`tf.compat`: text and bytes, `tf.compat.v1`, which is minitf itself, and `tf.compat.v2`."""
from __future__ import annotations

import importlib
import numbers
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from minitf.core.tensor_shape import dimension_at_index, dimension_value  # noqa: F401  public

bytes_or_text_types = (bytes, str)
integral_types = (numbers.Integral, np.integer)
real_types = (numbers.Real, np.integer, np.floating)
complex_types = (numbers.Complex, np.number)


def as_bytes(bytes_or_text: Any, encoding: str = "utf-8") -> bytes:
    """`bytes_or_text` as bytes. TypeError for anything but bytes, bytearray and str."""
    if isinstance(bytes_or_text, (bytes, bytearray)):
        return bytes(bytes_or_text)
    if isinstance(bytes_or_text, str):
        return bytes_or_text.encode(encoding)
    raise TypeError(f"Expected binary or unicode string, got {bytes_or_text!r}")


def as_text(bytes_or_text: Any, encoding: str = "utf-8") -> str:
    """`bytes_or_text` as str. TypeError for anything but bytes and str."""
    if isinstance(bytes_or_text, str):
        return bytes_or_text
    if isinstance(bytes_or_text, bytes):
        return bytes_or_text.decode(encoding)
    raise TypeError(f"Expected binary or unicode string, got {bytes_or_text!r}")


as_str = as_text  # Python's own string type, which in Python 3 is text.


def as_str_any(value: Any) -> str:
    """`value` as str: bytes are decoded, everything else goes through `str`."""
    return as_text(value) if isinstance(value, bytes) else str(value)


def path_to_str(path: Any) -> Any:
    """A path object as str; everything else unchanged."""
    return as_str_any(os.fspath(path)) if hasattr(path, "__fspath__") else path


_horizon = [(2019, 8, 21)]  # 1.15's own, and what replaces it


def forward_compatible(year: int, month: int, day: int) -> bool:
    """Whether TensorFlow of that day can read graphs written now."""
    return _horizon[-1] > (year, month, day)


@contextmanager
def forward_compatibility_horizon(year: int, month: int, day: int) -> Iterator[None]:
    """Inside the `with` block `forward_compatible` holds for the days before this one."""
    _horizon.append((year, month, day))
    try:
        yield
    finally:
        _horizon.pop()


def __getattr__(name: str) -> Any:
    if name == "v1":  # not an import: minitf is above this folder
        return sys.modules["minitf"]
    if name == "v2":
        return importlib.import_module(f"{__name__}.v2")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
