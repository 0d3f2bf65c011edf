"""What AutoGraph says of its work."""
from __future__ import annotations

from typing import Any

VERBOSITY = {"level": 0, "alsologtostdout": False}


def set_verbosity(level: int, alsologtostdout: bool = False) -> None:
    """How much is said of conversions: nothing at 0, the converted code from 2 on; at standard
    output, too, with `alsologtostdout`."""
    VERBOSITY.update(level=level, alsologtostdout=alsologtostdout)


def trace(*args: Any) -> None:
    """Print the arguments when the function is traced."""
    print(*args)
