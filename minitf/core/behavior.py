"""The behaviors of TensorFlow 2 that a program has turned on.

They hold in the program's own code, and in that of its libraries. Within minitf sizes stay
Dimensions, and tensors are compared by identity.
"""
from __future__ import annotations

import sys

from minitf.core.errors import is_ours

ON: set[str] = set()
WHOLE = "all of version 2"
OF_WEAK_REFERENCES = ("weakref", "_weakrefset")  # which look for the object itself


def version_2() -> bool:
    """Whether `tf.enable_v2_behavior` was called."""
    return WHOLE in ON


def holds(behavior: str) -> bool:
    """Whether it is turned on, and the caller was called by the program: for special methods."""
    caller = sys._getframe(2).f_globals.get("__name__", "")
    return behavior in ON and not is_ours(caller) and caller not in OF_WEAK_REFERENCES
