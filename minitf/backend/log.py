"""The log: `logging.getLogger("minitf")`."""
from __future__ import annotations

import threading

_said: set[str] = set()
_lock = threading.Lock()


def warn(message: str) -> None:
    """Say, once, what goes on differently from what was hoped."""
    import logging  # loaded when there is something to say

    with _lock:
        new = message not in _said
        _said.add(message)
    if new:
        logging.getLogger("minitf").warning(message)
