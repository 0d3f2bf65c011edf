"""Names and arguments that TF1 renamed, and still takes under both names."""
from __future__ import annotations

from typing import Any

from minitf.core.errors import user_line
from minitf.logging import get_logger

_said: set[str] = set()  # what was warned of in this process


def renamed(old_name: str, old: Any, new_name: str, new: Any) -> Any:
    """The argument, by whichever of its two names it was given. ValueError when by both."""
    if old is None:
        return new
    if new is not None:
        raise ValueError(f"Cannot specify both '{old_name}' and '{new_name}'")
    return old


def warn_once(what: str, instead: str) -> None:
    """Log, once in a process and with the user's line, that `what` is no longer the way to say it,
    and what is.
    """
    if what in _said:
        return
    _said.add(what)
    line = user_line()
    get_logger().warning(
        f"From {line.filename}:{line.lineno}: {what} is deprecated.\n"
        f"Instructions for updating:\nUse {instead} instead."
    )
