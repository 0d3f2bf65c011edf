"""The log: `logging.getLogger("minitf")`."""
from __future__ import annotations


def warn(message: str) -> None:
    """Say what goes on differently from what was hoped."""
    import logging  # loaded when there is something to say

    logging.getLogger("minitf").warning(message)
