"""What AutoGraph says of its work."""
from __future__ import annotations

from typing import Any

from minitf import logging

VERBOSITY = {"level": 0, "alsologtostdout": False}


def set_verbosity(level: int, alsologtostdout: bool = False) -> None:
    """How much is logged of conversions: nothing at 0, which functions from 1 on, their converted
    code from 2 on; with `alsologtostdout` it is printed, too."""
    VERBOSITY.update(level=level, alsologtostdout=alsologtostdout)


def say(level: int, message: str, *values: Any) -> None:
    """Log something that is for this verbosity, and those above."""
    if VERBOSITY["level"] < level:
        return
    logging.info(message, *values)
    if VERBOSITY["alsologtostdout"]:
        print(message % values)


def trace(*args: Any) -> None:
    """Print the arguments when the function is traced."""
    print(*args)
