"""How `multiprocessing` starts processes: on Linux by a fork, as it did before Python 3.14."""
from __future__ import annotations

import multiprocessing.context
import sys


def restore() -> None:
    """From now on functions need no name that a new process could find; a program that calls
    `multiprocessing.set_start_method` may still do so."""
    default = multiprocessing.context._default_context
    if sys.platform == "linux" and hasattr(default, "_default_context"):
        default._default_context = multiprocessing.get_context("fork")
