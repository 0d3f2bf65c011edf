"""On which parameter server a variable goes: strategies for `tf.train.replica_device_setter`."""
import hashlib

import numpy as np

from minitf.core.tensor_shape import TensorShape


class RandomStrategy:
    """One of the tasks at random, but always the same for a name; `seed` makes another choice."""

    def __init__(self, num_ps_tasks, seed=0):
        self._num_tasks, self._seed = num_ps_tasks, seed

    def __call__(self, op):
        digest = hashlib.md5(f"{op.name}_{self._seed}".encode()).hexdigest()
        return int(digest, 16) % self._num_tasks


class GreedyLoadBalancingStrategy:
    """The task with the least load so far, which `load_fn(op)` is added to."""

    def __init__(self, num_tasks, load_fn):
        self._num_tasks, self._load_fn = num_tasks, load_fn
        self._ps_loads = np.zeros(num_tasks)

    def __call__(self, op):
        task = np.argmin(self._ps_loads)
        self._ps_loads[task] += self._load_fn(op)
        return task


def byte_size_load_fn(op):
    """The size in bytes of an operation's output, a variable's: see GreedyLoadBalancingStrategy.

    ValueError for several outputs, and for a shape that is not known.
    """
    if len(op.outputs) != 1:
        raise ValueError(f"Op {op} must have a single output")
    output = op.outputs[0]
    shape = output.get_shape()
    if not shape.is_fully_defined():
        shape = TensorShape(op.attrs["shape"])
    shape.assert_is_fully_defined()
    return shape.num_elements() * output.dtype.size
