"""Shuffling: the same order as TensorFlow's for the same seeds.

A buffer of some elements is kept full, and each time one of them, chosen at random, is given. In a
pass over several epochs those of one are all given before those of the next.
"""
from collections import deque

from minitf.core.dtypes import int64, variant
from minitf.core.errors import InvalidArgumentError
from minitf.data.kernels.declare import dataset_op
from minitf.data.kernels.moves import Repeat
from minitf.data.kernels.sources import philox_seeds
from minitf.data.kernels.stream import Chosen, Words, many

EPOCHS = 3  # of which elements are held: where there are more, one comes for each that is given
MANY = 1 << 16  # tokens that cost nothing: so many are held in any case


class Shuffle(Chosen):
    """The elements in another order; with `reshuffle` in another one in each pass."""

    def __init__(self, input, size, seeds, reshuffle, types, shapes):
        super().__init__(input, types, shapes)
        self.size, self.seeds, self.reshuffle = size, seeds, reshuffle

    def stream(self, run, path):
        seeds = self.seeds
        if self.reshuffle:
            seeds = run.keep((path, "seeds"), lambda: Words(*self.seeds)).pair()
        return Shuffled(self, run, path, Words(*seeds), 1)


class ShuffleAndRepeat(Chosen):
    """The elements `count` times, each time in another order."""

    def __init__(self, input, size, seeds, count, types, shapes):
        super().__init__(input, types, shapes)
        self.size, self.seeds, self.count = size, seeds, count

    def stream(self, run, path):
        return Shuffled(self, run, path, Words(*self.seeds), self.count)

    def cardinality(self):
        return Repeat.cardinality(self)


class Shuffled:
    """A pass over `count` epochs, without end where it is negative."""

    def __init__(self, source, run, path, words, count):
        self.source, self.run, self.path = source, run, path
        self.words, self.left, self.quiet = words, count, source.quiet
        self.buffer, self.size = [None] * min(source.size, 1024), source.size
        self.held = 0
        self.slices = deque([[0, 0]])  # of each epoch in the buffer: which places it has
        self.inner = source.inner(run, path) if count else None
        self.fresh = True  # whether this epoch has given nothing yet

    def __iter__(self):
        return self

    def __next__(self):
        if self.inner is not None and self.held < self.size:
            self._fill()
        if not self.held:
            raise StopIteration
        return self._chosen()

    def many(self, count):
        """The same tokens as one by one; as many are taken in at once as are given."""
        found = []
        while len(found) < count:
            if self.inner is not None and self.held < self.size:
                self._fill()
            if not self.held:
                break
            wanted = count - len(found)
            exchanges = self.inner is not None and self.held == self.size
            coming = many(self.inner, wanted) if exchanges else ()
            if len(coming):
                self._exchange(coming, found)
            else:
                left = 1 if self.inner is not None else min(wanted, self.held)
                found += [self._chosen() for _ in range(left)]
        return found

    def _exchange(self, coming, found):
        """Of a full buffer give one token for each that comes, which gets its place."""
        slices, buffer, size = self.slices, self.buffer, self.size
        first, last = slices[0], slices[-1]
        for token, word in zip(coming, self.words.take(len(coming))):
            while first[0] == first[1]:
                slices.popleft()
                first = slices[0]
            start, end = first
            place, free = (start + word % (end - start)) % size, start % size
            found.append(buffer[place])
            buffer[place] = buffer[free]
            buffer[free] = token
            first[0] = start + 1
            last[1] += 1
        self.fresh = False

    def _fill(self):
        while self.inner is not None and self.held < self.size:
            limit = self.size if len(self.slices) <= EPOCHS else min(self.size, MANY)
            room = max(limit - self.held, 1) if self.source.quiet else 1
            found = many(self.inner, room) if room > 1 else self._one()
            for token in found:
                self._put(token)
            if len(found) < room:
                self._next_epoch()
            elif len(self.slices) > EPOCHS and (not self.source.quiet or self.held >= MANY):
                break

    def _one(self):
        fresh, self.fresh = self.fresh, False  # also where it raises
        for token in self.inner:
            return (token,)
        self.fresh = fresh
        return ()

    def _put(self, token):
        last = self.slices[-1]
        place = last[1] % self.size
        if place >= len(self.buffer):
            self.buffer += [None] * min(len(self.buffer), self.size - len(self.buffer))
        self.buffer[place] = token
        last[1] += 1
        self.held += 1
        self.fresh = False

    def _next_epoch(self):
        """Begin the next one. Where there is none, or one gave nothing at all, there are no more.
        """
        empty, self.inner = self.fresh and self.left < 0, None
        self.left = 0 if empty else self.left - (self.left > 0)
        if self.left:
            self.inner, self.fresh = self.source.inner(self.run, self.path), True
            end = self.slices[-1][1]
            self.slices.append([end, end])

    def _chosen(self):
        slices, buffer, size = self.slices, self.buffer, self.size
        while slices[0][0] == slices[0][1]:
            slices.popleft()
        first = slices[0]
        start, end = first
        place = (start + self.words() % (end - start)) % size
        token = buffer[place]
        start %= size
        buffer[place] = buffer[start]
        buffer[start] = None
        first[0] += 1
        self.held -= 1
        return token


def _size(buffer_size):
    if buffer_size <= 0:
        raise InvalidArgumentError(None, None, "buffer_size must be greater than zero.")
    return int(buffer_size)


@dataset_op("ShuffleDataset")
def shuffle_dataset(
    xp, input_dataset: variant, buffer_size: int64, seed: int64, seed2: int64, *, output_types,
    output_shapes, reshuffle_each_iteration=True,
) -> variant:  # fmt: skip
    """The elements in an order drawn from the seeds."""
    return Shuffle(input_dataset, _size(buffer_size), philox_seeds(seed, seed2),
                   reshuffle_each_iteration, output_types, output_shapes)  # fmt: skip


@dataset_op("ShuffleAndRepeatDataset")
def shuffle_and_repeat_dataset(
    xp, input_dataset: variant, buffer_size: int64, seed: int64, seed2: int64, count: int64, *,
    output_types, output_shapes,
) -> variant:  # fmt: skip
    """The elements count times, each time in another order."""
    return ShuffleAndRepeat(input_dataset, _size(buffer_size), philox_seeds(seed, seed2),
                            times(count), output_types, output_shapes)  # fmt: skip


def times(count):
    """How often elements come. InvalidArgumentError unless it is positive, or -1 for ever."""
    if count <= 0 and count != -1:
        raise InvalidArgumentError(None, None, "count must be greater than zero or equal to -1.")
    return int(count)
