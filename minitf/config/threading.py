"""`tf.config.threading`: of how many threads eager execution may make use.

minitf runs eager operations one after the other, with as many threads as NumPy takes: results do
not depend on these numbers. A session goes by its ConfigProto.
"""
from __future__ import annotations

_threads = {"inter_op": 0, "intra_op": 0}


def get_inter_op_parallelism_threads() -> int:
    """For operations that do not wait for each other; 0 leaves it open."""
    return _threads["inter_op"]


def set_inter_op_parallelism_threads(num_threads: int) -> None:
    """What `get_inter_op_parallelism_threads` is to say."""
    _threads["inter_op"] = num_threads


def get_intra_op_parallelism_threads() -> int:
    """Within an operation; 0 leaves it open."""
    return _threads["intra_op"]


def set_intra_op_parallelism_threads(num_threads: int) -> None:
    """What `get_intra_op_parallelism_threads` is to say."""
    _threads["intra_op"] = num_threads
