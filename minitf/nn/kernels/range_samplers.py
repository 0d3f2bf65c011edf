"""Drawing classes for losses that look at a few of many: the arithmetic behind
`tf.nn.log_uniform_candidate_sampler` and its kin. The same seeds, TensorFlow's numbers.

A sampler draws from words of 32 random bits, as many as it needs, and knows the probability of
each class. It returns classes in the order in which they are drawn.
"""
import functools
import math

import numpy as np

from minitf.ops.random import philox

RESERVED = 512  # blocks of four words for each class that is drawn


class Words:
    """The words of a state's stream, taken as they are needed."""

    def __init__(self, state):
        self._state, self._taken = state, 0

    def take(self, count):
        """The next `count` words."""
        first, offset = divmod(self._taken, 4)
        blocks = -(-(offset + count) // 4)
        counters = self._state[0] + np.arange(first, first + blocks, dtype=np.uint64)
        self._taken += count
        return philox.blocks(counters, self._state).reshape(-1)[offset : offset + count]

    def integers(self, count, limit, dtype):
        """`count` integers below `limit`, each of a word, or of two; some words are rejected."""
        size = np.dtype(dtype).itemsize
        if not limit & (limit - 1):
            return self.take(count * size // 4).view(dtype) & dtype(limit - 1)
        rejected, found, missing = (256**size - 1) % limit + 1, [], count
        while missing:
            drawn = self.take(missing * size // 4).view(dtype)
            found.append(drawn[drawn >= dtype(rejected)] % dtype(limit))
            missing -= len(found[-1])
        return np.concatenate(found) if found else np.empty(0, dtype)


class Uniform:
    """Each class alike."""

    def __init__(self, range_max):
        self.range_max = range_max

    def draw(self, words, count):
        return words.integers(count, self.range_max, np.uint64).astype(np.int64)

    def probabilities(self, classes):
        return np.full(classes.shape, 1.0 / self.range_max, np.float32)


class LogUniform(Uniform):
    """The first classes more often: as words are in a text, when the most frequent come first."""

    def draw(self, words, count):
        uniform = philox.uniform_double(words.take(2 * count))
        drawn = np.exp(uniform * math.log1p(self.range_max)).astype(np.int64) - 1
        return drawn % self.range_max

    def probabilities(self, classes):
        logs = np.log((classes + 2.0) / (classes + 1.0))
        return (logs / math.log1p(self.range_max)).astype(np.float32)


class Counted(Uniform):
    """Each class as often as it was counted, of whole numbers."""

    def __init__(self, counts):
        super().__init__(len(counts))
        self.counts, self.limits = counts, np.cumsum(counts)

    def draw(self, words, count):
        drawn = words.integers(count, int(self.limits[-1]), np.uint32)
        return np.searchsorted(self.limits, drawn, "right")

    def probabilities(self, classes):
        return self.counts[classes].astype(np.float32) / np.float32(self.limits[-1])


class Weighted(Uniform):
    """Each class with a weight of its own, by the alias method: a class is drawn uniformly and
    then kept, or given up for its one alternative."""

    def __init__(self, weights):
        super().__init__(len(weights))
        self.weights = weights
        self.total = np.float32(np.cumsum(weights, dtype=np.float32)[-1])
        self.kept, self.others = _aliases(weights)

    def draw(self, words, count):
        # Word by word where some may be rejected, which happens once in 2**32 / range_max.
        pairs = Words(words._state)
        pairs._taken = words._taken
        both = pairs.take(2 * count).reshape(-1, 2)
        limit, rejected = self.range_max, (2**32 - 1) % self.range_max + 1
        if limit & (limit - 1) and (both[:, 1] < rejected).any():
            both = np.array([(words.take(1)[0], words.integers(1, limit, np.uint32)[0])
                             for _ in range(count)])  # fmt: skip
        else:
            words.take(2 * count)
        uniform = philox.uniform_float(np.ascontiguousarray(both[:, 0]))
        place = both[:, 1].astype(np.int64) % limit
        return np.where(uniform < self.kept[place], place, self.others[place])

    def probabilities(self, classes):
        inside = (classes >= 0) & (classes < self.range_max)
        return np.where(inside, self.weights[np.where(inside, classes, 0)], 0) / self.total


def _aliases(weights):
    """(how often a class is kept, its alternative): each with the sum of its shares."""
    share = (weights * np.float32(len(weights))).astype(np.float64) / weights.sum(dtype=np.float64)
    share, others = share.tolist(), list(range(len(weights)))
    low = [i for i, p in enumerate(share) if p < 1]
    high = [i for i, p in enumerate(share) if p >= 1]
    while high and low:
        short, long = low.pop(), high.pop()
        others[short] = long
        share[long] -= 1 - share[short]
        (low if share[long] < 1 else high).append(long)
    for i in low + high:
        share[i] = 1.0
    return np.array(share, np.float32), np.array(others)


@functools.lru_cache(maxsize=8)
def weighted(unigrams, vocab_file, distortion, num_reserved_ids, num_shards, shard):
    """The sampler of `weights ** distortion`, those of one of `num_shards` shards. They are
    `unigrams`, or the last columns of a file of lines with commas; reserved ids have weight 0."""
    weights = list(unigrams) if unigrams else _weights_of(vocab_file)
    kept = [0.0] * len(range(shard, num_reserved_ids, num_shards))
    start = len(kept)
    powers = np.power(np.float32(weights), np.float32(distortion))
    kept += [w for i, w in enumerate(powers, start) if i % num_shards == shard]
    return Weighted(np.float32(kept))


def _weights_of(vocab_file):
    with open(vocab_file, encoding="utf-8") as lines:
        columns = [line.rstrip("\n").split(",")[-1] for line in lines]
    try:
        return [float(column) for column in columns]
    except ValueError as error:
        raise ValueError(f"Wrong vocabulary format in {vocab_file}: {error}") from None


def sampled(sampler, state, count, unique, true_classes):
    """(classes, expected counts of the true classes, of those drawn): `count` of them, `unique`
    ones if asked for; then it is seen how many tries it took.

    ValueError when there are not so many.
    """
    if unique and count > sampler.range_max:
        raise ValueError(f"Sampler's range is too small: {count} different classes of "
                         f"{sampler.range_max}")  # fmt: skip
    words = Words(philox.reserve(state, RESERVED * count))
    if unique:
        classes, tries = _different(sampler, words, count)
    else:
        classes, tries = sampler.draw(words, count), count
    expected = [_expected(sampler.probabilities(each), count, tries)
                for each in (true_classes, classes)]  # fmt: skip
    return [classes, *expected]


def _different(sampler, words, count):
    """(classes, tries): the first `count` different ones."""
    drawn = sampler.draw(words, count)
    while True:
        first = np.sort(np.unique(drawn, return_index=True)[1])
        if len(first) >= count:
            first = first[:count]
            return drawn[first], int(first[-1]) + 1 if count else 0
        drawn = np.concatenate([drawn, sampler.draw(words, len(drawn))])


def _expected(probabilities, count, tries):
    """How often a class of this probability is among those drawn: at most once if they differ."""
    if tries == count:
        return (probabilities * np.float32(count)).astype(np.float32)
    with np.errstate(divide="ignore"):
        return (-np.expm1(np.float32(tries) * np.log1p(-probabilities))).astype(np.float32)
