"""Where the value of one variable is kept."""
from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from minitf.core.operation import Operation


class Slot:
    """The place of a variable's value, an array; None until it is initialised.

    `owner()` is the variable, where it holds its value itself (see ops/state/eager_variable.py).
    `functions` are those of datasets that read it, compiled for the variables of its session.
    """

    __slots__ = ("functions", "owner", "value")

    def __init__(self) -> None:
        self.value: Any = None
        self.functions: dict[Any, Any] = {}
        self.owner: Callable[[], Any] = lambda: None


def slot_of(operation: Operation) -> Slot | None:
    """The place of a variable that holds its value itself, in the graph of a function."""
    found: Slot | None = vars(operation).get("slot")
    return found


def own(slot: Any) -> None:
    """Let a variable have an array that nothing else refers to: what was read of it stays."""
    if slot.value is not None and sys.getrefcount(slot.value) > 2:
        slot.value = slot.value.copy()
