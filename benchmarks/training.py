"""What a peer makes of a row."""
from collections import namedtuple


class Training(namedtuple("Training", ["step", "loss", "wait", "step_and_loss"])):
    """`step()` trains once, `loss()` is that before the next step, `wait()` until all is done.

    `step_and_loss()` trains once and brings the loss back, for peers that tell the two apart.
    """

    def __new__(cls, step, loss, wait=lambda: None, step_and_loss=None):
        return super().__new__(cls, step, loss, wait, step_and_loss)
