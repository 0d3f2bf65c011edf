"""`tf.keras.preprocessing.sequence`: lists of numbers made ready for a model."""
import json
import random

import numpy as np

from minitf.keras.utils.data_utils import Sequence


def pad_sequences(
    sequences, maxlen=None, dtype="int32", padding="pre", truncating="pre", value=0.0
):
    """An array [sequences, maxlen, ...], shorter ones filled up with `value`, longer ones cut.

    Both at the beginning ("pre") or end ("post"). `maxlen` is the longest one's if it is None.
    Raises ValueError for what is no list of sequences, or when their shapes differ.
    """
    for option, chosen in (("Truncating", truncating), ("Padding", padding)):
        if chosen not in ("pre", "post"):
            raise ValueError(f'{option} type "{chosen}" not understood')
    lengths = _lengths(sequences)
    shape = next((np.asarray(x).shape[1:] for x in sequences if len(x)), ())
    if isinstance(value, str) and dtype is not object and not np.issubdtype(dtype, np.str_):
        raise ValueError(
            f"`dtype` {dtype} is not compatible with `value`'s type: {type(value)}\nYou should set "
            "`dtype=object` for variable length strings."
        )
    maxlen = max(lengths) if maxlen is None else maxlen
    padded = np.full((len(sequences), maxlen, *shape), value, dtype=dtype)
    for index, each in enumerate(sequences):
        if not len(each):
            continue
        kept = np.asarray(each[-maxlen:] if truncating == "pre" else each[:maxlen], dtype=dtype)
        if kept.shape[1:] != shape:
            raise ValueError(
                f"Shape of sample {kept.shape[1:]} of sequence at position {index} is different "
                f"from expected shape {shape}"
            )
        place = slice(None, len(kept)) if padding == "post" else slice(-len(kept), None)
        padded[index, place] = kept
    return padded


def _lengths(sequences):
    if not hasattr(sequences, "__len__"):
        raise ValueError("`sequences` must be iterable.")
    for each in sequences:
        if not hasattr(each, "__len__"):
            raise ValueError(
                f"`sequences` must be a list of iterables. Found non-iterable: {each}"
            )
    return [len(each) for each in sequences]


def make_sampling_table(size, sampling_factor=1e-05):
    """The probability [size] that the i-th commonest word is kept, as word2vec has it.

    How common a word is follows from its rank by Zipf's law.
    """
    rank = np.arange(size)
    rank[0] = 1
    rarity = rank * (np.log(rank) + 0.577) + 0.5 - 1.0 / (12.0 * rank)
    part = sampling_factor * rarity
    return np.minimum(1.0, part / np.sqrt(part))


def skipgrams(
    sequence, vocabulary_size, window_size=4, negative_samples=1.0, shuffle=True,
    categorical=False, sampling_table=None, seed=None,
):  # fmt: skip
    """([[word, word near it or a random one], ...], [1 or 0, ...]), as word2vec learns from.

    `negative_samples` is how many random pairs there are for each of words near each other (at
    most `window_size` apart). Word 0 is nothing. `categorical` gives labels [0, 1] and [1, 0].
    """
    couples = _near(sequence, window_size, sampling_table)
    yes, no = ([0, 1], [1, 0]) if categorical else (1, 0)
    labels = [yes for _ in couples]
    if negative_samples > 0:
        count = int(len(labels) * negative_samples)
        words = [couple[0] for couple in couples]
        random.shuffle(words)
        couples += [
            [words[i % len(words)], random.randint(1, vocabulary_size - 1)] for i in range(count)
        ]
        labels += [no] * count
    if shuffle:
        seed = random.randint(0, 10_000_000) if seed is None else seed
        for values in (couples, labels):
            random.seed(seed)
            random.shuffle(values)
    return couples, labels


def _near(sequence, window_size, sampling_table):
    couples = []
    for i, word in enumerate(sequence):
        if not word or (sampling_table is not None and sampling_table[word] < random.random()):
            continue
        places = range(max(0, i - window_size), min(len(sequence), i + window_size + 1))
        couples += [[word, sequence[j]] for j in places if j != i and sequence[j]]
    return couples


def _remove_long_seq(maxlen, seq, label):
    """(sequences shorter than `maxlen`, their labels)."""
    kept = [(x, y) for x, y in zip(seq, label) if len(x) < maxlen]
    return [x for x, _ in kept], [y for _, y in kept]


class TimeseriesGenerator(Sequence):
    """Batches of (the `length` rows before a row of `data`, that row of `targets`).

    `sampling_rate` is the step within a sample, `stride` that from sample to sample. ValueError
    for data and targets of other lengths, and when no sample is left.
    """

    def __init__(
        self, data, targets, length, sampling_rate=1, stride=1, start_index=0, end_index=None,
        shuffle=False, reverse=False, batch_size=128,
    ):  # fmt: skip
        if len(data) != len(targets):
            raise ValueError(
                f"Data and targets have to be of same length. Data length is {len(data)} while "
                f"target length is {len(targets)}"
            )
        self.data, self.targets, self.length = data, targets, length
        self.sampling_rate, self.stride = sampling_rate, stride
        self.start_index = start_index + length
        self.end_index = len(data) - 1 if end_index is None else end_index
        self.shuffle, self.reverse, self.batch_size = shuffle, reverse, batch_size
        if self.start_index > self.end_index:
            raise ValueError(
                f"`start_index+length={self.start_index} > end_index={self.end_index}` is "
                "disallowed, as no part of the sequence would be left to be used as current step."
            )

    def __len__(self):
        step = self.batch_size * self.stride
        return (self.end_index - self.start_index + step) // step

    def __getitem__(self, index):
        rows = self._rows(index)
        samples = np.array(
            [self.data[row - self.length : row : self.sampling_rate] for row in rows]
        )
        targets = np.array([self.targets[row] for row in rows])
        return (samples[:, ::-1] if self.reverse else samples), targets

    def _rows(self, index):
        last = self.end_index + 1
        if self.shuffle:
            return np.random.randint(self.start_index, last, size=self.batch_size)
        step = self.batch_size * self.stride
        first = self.start_index + step * index
        return np.arange(first, min(first + step, last), self.stride)

    def get_config(self):
        """The arguments, `start_index` being the first row that is a target."""
        return {
            "data": _as_json("Data", self.data),
            "targets": _as_json("Targets", self.targets),
            "length": self.length,
            "sampling_rate": self.sampling_rate,
            "stride": self.stride,
            "start_index": self.start_index,
            "end_index": self.end_index,
            "shuffle": self.shuffle,
            "reverse": self.reverse,
            "batch_size": self.batch_size,
        }

    def to_json(self, **kwargs):
        """The configuration as JSON; `kwargs` are those of json.dumps."""
        described = {"class_name": type(self).__name__, "config": self.get_config()}
        return json.dumps(described, **kwargs)


def _as_json(what, values):
    values = values.tolist() if isinstance(values, np.ndarray) else values
    try:
        return json.dumps(values)
    except TypeError:
        raise TypeError(f"{what} not JSON Serializable:", values) from None
