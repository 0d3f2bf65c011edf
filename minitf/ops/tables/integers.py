"""The rows of many integers at once."""
import numpy as np

_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2**64 over the golden ratio


def indexed(places):
    """A function from an array of integers to their rows in {integer: row}, -1 for others."""
    keys = np.fromiter(places, np.int64, len(places))
    rows = np.fromiter(places.values(), np.int64, len(places))
    span = int(keys.max(initial=0)) - int(keys.min(initial=0)) + 1
    return (_Near if span <= 4 * len(keys) + 1000 else _Far)(keys, rows)


class _Near:
    """Integers that are close together: a row for each between the least and the greatest."""

    def __init__(self, keys, rows):
        self.least = int(keys.min(initial=0))
        self.rows = np.full(int(keys.max(initial=0)) - self.least + 1, -1)
        self.rows[keys - self.least] = rows

    def __call__(self, keys):
        inside = (keys >= self.least) & (keys < self.least + len(self.rows))
        if inside.all():
            return self.rows[keys - self.least]
        found = np.full(len(keys), -1)
        found[inside] = self.rows[keys[inside] - self.least]
        return found


class _Far:
    """A hash table: who finds its place taken takes the next. All move on in step."""

    def __init__(self, keys, rows):
        self.bits = max(int(2 * len(keys)).bit_length(), 1)
        self.keys = np.zeros(1 << self.bits, np.int64)
        self.rows = np.full(1 << self.bits, -1)
        left, places = np.arange(len(keys)), self._first(keys)
        while len(left):
            free = self.rows[places] < 0
            self.keys[places[free]] = keys[left[free]]
            self.rows[places[free]] = rows[left[free]]  # of several at one place the last stays
            waiting = self.keys[places] != keys[left]
            left, places = left[waiting], self._next(places[waiting])

    def __call__(self, keys):
        places = self._first(keys)
        rows = self.rows[places]
        same = self.keys[places] == keys
        found = np.where(same, rows, -1)
        left = np.flatnonzero(~same & (rows >= 0))
        places = places[left]
        while len(left):
            places = self._next(places)
            rows, same = self.rows[places], self.keys[places] == keys[left]
            found[left[same]] = rows[same]
            on = ~same & (rows >= 0)
            left, places = left[on], places[on]
        return found

    def _first(self, keys):
        hashed = keys.astype(np.int64).astype(np.uint64) * _SPREAD
        return (hashed >> np.uint64(64 - self.bits)).astype(np.int64)

    def _next(self, places):
        return (places + 1) & (len(self.keys) - 1)
