"""`tf.queue`: names only."""
# ruff: noqa: F401  every import here is a public name
from minitf.ops.queues.queue import (
    FIFOQueue,
    PaddingFIFOQueue,
    PriorityQueue,
    QueueBase,
    RandomShuffleQueue,
)
