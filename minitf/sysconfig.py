"""`tf.sysconfig`: how ops in C++ are compiled, which minitf cannot load."""
from __future__ import annotations

from typing import NoReturn

CXX11_ABI_FLAG = 0
MONOLITHIC_BUILD = 0


def get_include() -> NoReturn:
    """NotImplementedError: there are no header files."""
    _refuse("get_include")


def get_lib() -> NoReturn:
    """NotImplementedError: there is no library."""
    _refuse("get_lib")


def get_compile_flags() -> NoReturn:
    """NotImplementedError: there are no header files."""
    _refuse("get_compile_flags")


def get_link_flags() -> NoReturn:
    """NotImplementedError: there is no library."""
    _refuse("get_link_flags")


def _refuse(name: str) -> NoReturn:
    raise NotImplementedError(
        f"tf.sysconfig.{name}: minitf is Python alone and loads no ops in C++; one in Python is a "
        "declaration (docs/reading.md), and tf.py_func calls a function"
    )
