"""Functions of labeled tensors, called with each along their first axis."""
from collections.abc import Callable

from minitf.contrib.labeled_tensor.joining import pack, unpack
from minitf.contrib.labeled_tensor.moving import identity
from minitf.contrib.labeled_tensor.tensor import LABELED, NAME, LabeledTensor, labeled_op
from minitf.core.dtypes import string
from minitf.ops.control_flow import functional


@labeled_op("map_fn")
def map_fn(fn: Callable, labeled_tensor: LABELED, name: NAME = None):
    """`fn` of each tensor along the first axis, in one tensor. What it makes of the first says
    which axes all have."""
    first, *rest = labeled_tensor.axes.values()
    parts = unpack(labeled_tensor)
    if labeled_tensor.dtype == string:
        return pack([fn(part) for part in parts], first, name=name)
    example = fn(parts[0])
    found = functional.map_fn(lambda part: fn(LabeledTensor(part, rest)).tensor,
                              labeled_tensor.tensor, dtype=example.dtype)  # fmt: skip
    return identity(LabeledTensor(found, [first, *example.axes.values()]), name=name)


@labeled_op("foldl")
def foldl(fn: Callable, labeled_tensor: LABELED, initial_value: LABELED, name: NAME = None):
    """What `fn(found so far, next)` makes of the tensors along the first axis, one after another.
    """
    _, *rest = labeled_tensor.axes.values()
    axes = initial_value.axes

    def step(found, part):
        return fn(LabeledTensor(found, axes), LabeledTensor(part, rest)).tensor

    found = functional.foldl(step, labeled_tensor.tensor, initializer=initial_value.tensor)
    return identity(LabeledTensor(found, axes), name=name)
