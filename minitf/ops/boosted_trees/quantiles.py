"""Quantiles of streams of weighted numbers, in little memory: after Zhang and Wang 2007, as the
boundaries of buckets.

A summary is an array [entries, 4] of values in order, each with its weight, and the least and the
greatest sum of weights that may be before it, and up to it.
"""
from bisect import bisect_right
from math import ceil

import numpy as np

VALUE, WEIGHT, LEAST, MOST = range(4)
EMPTY = np.zeros((0, 4), np.float32)


def summary_of(values, weights):
    """That of numbers, each with its weight."""
    found, places = np.unique(values, return_inverse=True)
    added = np.zeros(len(found), np.float32)
    np.add.at(added, places.reshape(-1), weights)
    upto = np.cumsum(added, dtype=np.float32)
    return np.stack([found, added, np.append(np.float32(0), upto[:-1]), upto], 1)


def merged(one, other):
    """That of the numbers of both."""
    if not len(one) or not len(other):
        return one if len(one) else other
    left, right = _beside(one, other), _beside(other, one)
    twice = np.isin(one[:, VALUE], other[:, VALUE])
    again = np.isin(other[:, VALUE], one[:, VALUE])
    left[twice, WEIGHT:] = one[twice, WEIGHT:] + other[again, WEIGHT:]
    both = np.concatenate([left, right[~again]])
    return both[np.argsort(both[:, VALUE], kind="stable")]


def _beside(one, other):
    """The entries of one, with those of the other that are less, or may be, before them."""
    found = one.copy()
    before = np.searchsorted(other[:, VALUE], one[:, VALUE])  # those of the other that are less
    least = np.append(np.float32(0), other[:, LEAST] + other[:, WEIGHT])
    most = np.append(other[:, MOST] - other[:, WEIGHT], other[-1, MOST])
    found[:, LEAST] += least[before]
    found[:, MOST] += most[before]
    return found


def compressed(summary, size, least_error=0.0):
    """About `size` entries of it, the first and the last among them; the error grows by no more
    than 1 / size or `least_error`."""
    size, count = max(size, 2), len(summary)
    if count <= size:
        return summary
    allowed = float(summary[-1, MOST]) * max(1.0 / size, least_error)
    before = (summary[:, MOST] - summary[:, WEIGHT]).tolist()
    behind = (summary[:, LEAST] + summary[:, WEIGHT]).tolist()
    kept, last, read, credit = [0], 1, 0, 0
    while read + 1 < count:
        steps = max(0, -(-(count - credit) // size))
        further = bisect_right(before, behind[read] + allowed, read + 1, count)
        moved = min(steps, further - read - 1)
        credit += moved * size - count
        read = max(read + moved, read + 1)
        kept.append(read)
        last = read
    if last + 1 != count:
        kept.append(count - 1)
    return summary[kept]


def error_of(summary):
    """How far off a rank may be, as a part of all weight."""
    if not len(summary):
        return 0.0
    inside = (summary[1:, MOST] - summary[1:, LEAST] - summary[1:, WEIGHT]).max(initial=0)
    between = (summary[1:, MOST] - summary[1:, WEIGHT]
               - (summary[:-1, LEAST] + summary[:-1, WEIGHT])).max(initial=0)  # fmt: skip
    return float(max(inside, between)) / float(summary[-1, MOST])


def boundaries(summary, count):
    """About `count` of its values, each once."""
    if not len(summary):
        return summary[:, VALUE]
    error = float(np.float32(error_of(summary) + 1.0 / count))
    found = compressed(summary, count, error)[:, VALUE]
    return found[np.append(True, found[1:] != found[:-1])]


def quantiles(summary, count):
    """Exactly `count` of its values, at equal distances by weight; none of an empty one."""
    if not len(summary):
        return summary[:, VALUE]
    parts, found, here = max(count - 1, 2), [], 0
    middle = summary[:, LEAST] + summary[:, MOST]
    for rank in range(parts + 1):
        wanted = 2 * np.float32(np.float32(rank) * summary[-1, MOST] / np.float32(parts))
        following = here + 1
        while following < len(summary) and wanted >= middle[following]:
            following += 1
        here = following - 1
        nearer = following == len(summary) or wanted < (
            summary[here, LEAST] + summary[here, WEIGHT]
            + (summary[following, MOST] - summary[following, WEIGHT])
        )  # fmt: skip
        found.append(summary[here if nearer else following, VALUE])
    return np.array(found, np.float32)


class Stream:
    """Numbers come, and a summary of all is there in the end.

    Summaries of parts stand at levels: two of a level that are too large together become one of the
    next. `error` is that of ranks in the end, `most` how many numbers may come.
    """

    def __init__(self, error, most):
        self.error = error
        self.block = _block_size(error, most)
        self.room = min(2 * self.block, most)
        self.levels = []

    def push(self, values, weights):
        """Take numbers with weights; those without weight do not count."""
        there = weights > 0
        values, weights = values[there], weights[there]
        for start in range(0, len(values), self.room):
            part = slice(start, start + self.room)
            self.push_summary(summary_of(values[part], weights[part]))

    def push_summary(self, summary):
        """Take the summary of some numbers."""
        local = compressed(summary, self.block, self.error)
        level = 0
        while len(local):
            if level == len(self.levels):
                self.levels.append(EMPTY)
            above = self.levels[level]
            local = merged(local, above)
            if not len(above) or len(local) <= self.block + 1:
                self.levels[level] = local
                return
            local, self.levels[level] = compressed(local, self.block, self.error), EMPTY
            level += 1

    def summary(self):
        """That of all that came."""
        found = EMPTY
        for level in self.levels:
            found = merged(found, level)
        return found


def _block_size(error, most):
    """How many entries a summary of a level has, so that the levels do not add up to more error."""
    if error <= np.finfo(np.float64).eps:
        return max(most, 2)
    level, size = 1, 2
    while (1 << level) * size < most:
        size = ceil(level / error) + 1
        level += 1
    return max(size, 2)
