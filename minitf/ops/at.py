"""`ufunc.at` as CuPy has it for few types only: one update after the other at the same place."""
import math

import numpy as np

ADDED = {"add": 1, "subtract": -1}
ATOMIC = ("int32", "float32", "float64")  # of these CuPy adds up


def apply_at(xp, ufunc, array, places, updates):
    """`array[places] = ufunc(array[places], updates)`, in order where a place stands twice.

    `places` are arrays of indices for the first axes; updates broadcast.
    """
    if not places:  # each of the updates is for everything
        updates = updates.reshape(-1, *array.shape)
        places, array = (xp.zeros(len(updates), np.int64),), array[None]
    if xp is np:
        getattr(np, ufunc).at(array, places, updates)
    elif ufunc in ADDED and array.dtype.name in ATOMIC:
        xp.add.at(array, places, updates * array.dtype.type(ADDED[ufunc]))
    else:
        _in_rounds(xp, getattr(xp, ufunc), array, places, updates)


def _in_rounds(xp, ufunc, array, places, updates):
    """In round r come the updates that are the r-th of their place."""
    outer, inner = array.shape[: len(places)], array.shape[len(places) :]
    numbers = _numbers(xp, places, outer)
    if not numbers.size or not array.size:
        return
    rows = xp.broadcast_to(updates, places[0].shape + inner).reshape(numbers.size, *inner)
    target = array.reshape(math.prod(outer), *inner)
    order = xp.argsort(numbers, kind="stable")
    turns = _turns(xp, numbers[order])
    for turn in range(xp.max(turns).item() + 1):
        chosen = order[turns == turn]
        target[numbers[chosen]] = ufunc(target[numbers[chosen]], rows[chosen])
    array[...] = target.reshape(array.shape)


def _numbers(xp, places, outer):
    """Each place as one number."""
    numbers = xp.zeros(places[0].shape, np.int64)
    for place, size in zip(places, outer):
        numbers = numbers * size + place
    return numbers.reshape(-1)


def _turns(xp, ordered):
    """For each of the sorted numbers how many like it stand before it."""
    first = xp.concatenate([xp.ones(1, bool), ordered[1:] != ordered[:-1]])
    starts = xp.flatnonzero(first)
    return xp.arange(ordered.size) - starts[xp.cumsum(first) - 1]
