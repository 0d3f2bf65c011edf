"""Where the value of one variable is kept."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Slot:
    """The place of a variable's value, an array; None until it is initialised.

    `owner()` is the variable, where it holds its value itself (see ops/state/eager_variable.py).
    """

    __slots__ = ("owner", "value")

    def __init__(self) -> None:
        self.value: Any = None
        self.owner: Callable[[], Any] = lambda: None
