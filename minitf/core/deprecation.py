"""Arguments that TF1 renamed and still takes under both names."""
from __future__ import annotations

from typing import Any


def renamed(old_name: str, old: Any, new_name: str, new: Any) -> Any:
    """The argument, by whichever of its two names it was given. ValueError when by both."""
    if old is None:
        return new
    if new is not None:
        raise ValueError(f"Cannot specify both '{old_name}' and '{new_name}'")
    return old
