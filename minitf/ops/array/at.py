"""Updates at places that may stand twice, one after the other: `ufunc.at`, at its best speed.

NumPy's own is fast for numbers at a vector of indices, and for nothing else; CuPy has it for few
types only. Rows are updated in rounds: in round r come those that are the r-th of their place.
"""
import math

import numpy as np

ADDED = {"add": 1, "subtract": -1}
ATOMIC = ("int32", "float32", "float64")  # of these CuPy adds up
# Nanoseconds: of a round, of an element one by one instead; of a group, and to begin its columns.
ROUND, ELEMENT, GROUP, BEGIN = 8000, 18, 4000, 14
SORT = 50_000  # and to bring equal numbers together


def first_place(xp, wrong):
    """The first place where the array is true, and how it is written: `[0,1]`."""
    at = tuple(numbers[0].item() for numbers in xp.nonzero(wrong)) if wrong.ndim else ()
    return at, f"[{','.join(map(str, at))}]" if at else ""


def are_outside(xp, indices, limit):
    """Whether any is not in [0, limit)."""
    if not indices.size:
        return False
    plain = type(indices) is np.ndarray and indices.dtype.kind == "i" and indices.ndim
    if plain and indices.view(f"u{indices.itemsize}").max().item() < limit:
        return False  # as numbers without a sign, negative ones are great
    return xp.min(indices).item() < 0 or xp.max(indices).item() >= limit


def check_places(xp, indices, sizes, what="shape"):
    """IndexError unless each row of the indices is a place, or a part, of an array so large."""
    limits = sizes[: indices.shape[-1]]
    if any(are_outside(xp, indices[..., axis], limit) for axis, limit in enumerate(limits)):
        at, place = first_place(xp, ((indices < 0) | (indices >= xp.asarray(limits))).any(-1))
        whole = ",".join(map(str, sizes))
        raise IndexError(
            f"indices{place} = {indices[at].tolist()} does not index into {what} [{whole}]"
        )


def apply_at(xp, ufunc, array, places, updates):
    """`array[places] = ufunc(array[places], updates)`, in order where a place stands twice.

    `places` are arrays of indices for the first axes, not negative; updates broadcast.
    """
    if not array.size:
        return
    if not places:  # each of the updates is for everything
        updates = updates.reshape(-1, *array.shape)
        places, array = (xp.zeros(len(updates), np.int64),), array[None]
    if xp is not np and ufunc in ADDED and array.dtype.name in ATOMIC:
        xp.add.at(array, places, updates * array.dtype.type(ADDED[ufunc]))
        return
    outer, inner = array.shape[: len(places)], array.shape[len(places) :]
    numbers = numbered(xp, places, outer)
    if not numbers.size:
        return
    rows = xp.broadcast_to(updates, places[0].shape + inner).reshape(numbers.size, -1)
    target = array.reshape(math.prod(outer), -1)
    apply_rows(xp, getattr(xp, ufunc), target, numbers, rows)
    if not xp.shares_memory(target, array):
        array[...] = target.reshape(array.shape)


def numbered(xp, places, outer):
    """Each place as one number."""
    numbers = places[0]
    for place, size in zip(places[1:], outer[1:]):
        numbers = numbers.astype(np.int64) * size + place
    return numbers.reshape(-1)


def apply_rows(xp, ufunc, target, numbers, rows):
    """The same of a matrix: row k of `rows` is for row `numbers[k]` of `target`."""
    width = rows.shape[1]
    if xp is np and width == 1:
        return ufunc.at(target[:, 0], numbers, rows[:, 0])
    flat = xp is np and target.flags.c_contiguous
    if flat and rows.size * ELEMENT < SORT:
        return _one_by_one(ufunc, target, numbers, rows)
    order, starts = groups(xp, numbers)
    sizes = xp.diff(starts, append=numbers.size)
    if flat and xp.max(sizes) * ROUND > rows.size * ELEMENT:
        return _one_by_one(ufunc, target, numbers, rows)
    falling = xp.argsort(-sizes, kind="stable")
    begins = starts[falling]
    places = numbers[order[begins]]
    found = target[places]
    _in_rounds(xp, ufunc, found, rows, begins, sizes[falling], order)
    target[places] = found


def _one_by_one(ufunc, target, numbers, rows):
    width = rows.shape[1]
    places = numbers.astype(np.int64)[:, None] * width + np.arange(width)
    ufunc.at(target.reshape(-1), places.reshape(-1), rows.reshape(-1))


def groups(xp, numbers):
    """(the order that brings equal numbers together, where in it each group starts)."""
    if numbers.size and xp.max(numbers).item() < 1 << 16:
        numbers = numbers.astype(np.uint16)  # of these the sort takes linear time
    order = xp.argsort(numbers, kind="stable")
    ordered = numbers[order]
    first = xp.concatenate([xp.ones(1, bool), ordered[1:] != ordered[:-1]])
    return order, xp.flatnonzero(first)


def grouped(xp, ufunc, rows, starts):
    """`ufunc.reduceat(rows, starts)`: what each group of neighbouring rows makes.

    NumPy's own takes its time to begin each column of each group.
    """
    width = math.prod(rows.shape[1:])
    if xp is not np or rows.size * BEGIN < SORT:
        return ufunc.reduceat(rows, starts, axis=0, dtype=rows.dtype)
    sizes = xp.diff(starts, append=len(rows))
    if width * len(starts) * BEGIN <= np.max(sizes) * ROUND + rows.size:
        return ufunc.reduceat(rows, starts, axis=0, dtype=rows.dtype)
    found = np.empty((len(starts), width), rows.dtype)
    if np.max(sizes) * ROUND > len(starts) * GROUP:
        for one, start, size in zip(found, starts.tolist(), sizes.tolist()):
            part = rows[start : start + size].reshape(size, width)
            ufunc.reduce(part, 0, rows.dtype, one)
    else:
        falling, matrix = np.argsort(-sizes, kind="stable"), rows.reshape(len(rows), width)
        begins = starts[falling]
        made = matrix[begins]
        _in_rounds(np, ufunc, made, matrix, begins + 1, sizes[falling] - 1)
        found[falling] = made
    return found.reshape(len(starts), *rows.shape[1:])


def _in_rounds(xp, ufunc, found, rows, begins, sizes, order=None):
    """Combine each of `found` with the rows of its group, one a round. The largest groups are
    first: those that still have a row come first in each round."""
    for turn in range(sizes[0].item()):
        count = xp.sum(sizes > turn).item()
        chosen = begins[:count] + turn
        part = found[:count]
        ufunc(part, rows[chosen if order is None else order[chosen]], out=part)
