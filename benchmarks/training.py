"""What a peer makes of a row."""
from collections import namedtuple


class Training(namedtuple("Training", ["step", "loss", "wait"])):
    """`step()` trains once, `loss()` is that before the next step, `wait()` until all is done."""

    def __new__(cls, step, loss, wait=lambda: None):
        return super().__new__(cls, step, loss, wait)
