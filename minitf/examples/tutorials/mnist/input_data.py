"""`input_data.read_data_sets`: MNIST in batches, as TensorFlow 1's tutorials read it.

Semantics and names are those of TensorFlow 1.15's
`tensorflow.contrib.learn.python.learn.datasets.mnist`, the order of shuffled batches included.
"""
from __future__ import annotations

import gzip
import math
from collections import namedtuple
from typing import Any

import numpy as np

from minitf.core.dtypes import as_dtype, float32, uint8
from minitf.core.graph import get_default_graph
from minitf.examples.tutorials.mnist import files
from minitf.examples.tutorials.mnist.files import DEFAULT_SOURCE_URL

Datasets = namedtuple("Datasets", ["train", "validation", "test"])

IMAGES_MAGIC, LABELS_MAGIC = 2051, 2049
_MAX_SEED = 2**31 - 1


def read_data_sets(
    train_dir: Any,
    fake_data: bool = False,
    one_hot: bool = False,
    dtype: Any = float32,
    reshape: bool = True,
    validation_size: int = 5000,
    seed: int | None = None,
    source_url: str | None = DEFAULT_SOURCE_URL,
) -> Datasets:
    """MNIST as `Datasets(train, validation, test)`: 55,000, 5,000 and 10,000 digits.

    images: float32 in [0, 1] or, with `dtype=tf.uint8`, uint8 as stored; shape [n, 784], or
        [n, 28, 28, 1] when not `reshape`.
    labels: uint8 [n], or float64 [n, 10] when `one_hot`.
    seed: of the shuffling, which is NumPy's global generator's; without one the graph's seed
        (`tf.set_random_seed`) serves, and without that every run differs.

    The files are looked for in `train_dir`, `$MINITF_DATA_DIR/mnist`, the user's cache and a
    checkout's `examples/data/mnist`, then downloaded into `train_dir`. Raises FileNotFoundError
    when they are nowhere, ValueError for a damaged file or an impossible `validation_size`,
    TypeError for another dtype.
    """
    options = {"dtype": dtype, "reshape": reshape, "seed": seed}
    if fake_data:
        return Datasets(*(DataSet([], [], True, one_hot, dtype, seed=seed) for _ in range(3)))
    paths = files.locate(train_dir, source_url)
    images, labels = _read_pair(paths, files.TRAIN_IMAGES, files.TRAIN_LABELS, one_hot)
    test = _read_pair(paths, files.TEST_IMAGES, files.TEST_LABELS, one_hot)
    if not 0 <= validation_size <= len(images):
        raise ValueError(
            f"Validation size should be between 0 and {len(images)}. Received: {validation_size}."
        )
    return Datasets(
        train=DataSet(images[validation_size:], labels[validation_size:], **options),
        validation=DataSet(images[:validation_size], labels[:validation_size], **options),
        test=DataSet(*test, **options),
    )


def load_mnist(train_dir: Any = "MNIST-data") -> Datasets:
    """`read_data_sets` with its defaults."""
    return read_data_sets(train_dir)


class DataSet:
    """Images with their labels, handed out in shuffled batches."""

    def __init__(
        self,
        images: Any,
        labels: Any,
        fake_data: bool = False,
        one_hot: bool = False,
        dtype: Any = float32,
        reshape: bool = True,
        seed: int | None = None,
    ) -> None:
        """`images` are uint8 [n, rows, columns, depth], `labels` [n] or [n, classes].

        `dtype` is uint8 (left as stored) or float32 (scaled to [0, 1]), else TypeError; `reshape`
        flattens images of depth 1, else AssertionError. `one_hot` only shapes fake labels.
        """
        np.random.seed(_numpy_seed(seed))
        dtype = as_dtype(dtype).base_dtype
        if dtype not in (uint8, float32):
            raise TypeError(f"Invalid image dtype {dtype!r}, expected uint8 or float32")
        self.one_hot = one_hot
        self._num_examples = 10000 if fake_data else len(images)
        self._images = images if fake_data else _prepared(images, labels, dtype, reshape)
        self._labels = labels
        self._epochs_completed = 0
        self._index_in_epoch = 0

    @property
    def images(self) -> Any:
        return self._images

    @property
    def labels(self) -> Any:
        return self._labels

    @property
    def num_examples(self) -> int:
        return self._num_examples

    @property
    def epochs_completed(self) -> int:
        return self._epochs_completed

    def next_batch(self, batch_size: int, fake_data: bool = False, shuffle: bool = True) -> Any:
        """The next `batch_size` images and labels.

        A batch that reaches over the end of an epoch takes the rest of it and the first of the
        next, which is shuffled anew.
        """
        if fake_data:
            return _fake_batch(batch_size, self.one_hot)
        start = self._index_in_epoch
        if self._epochs_completed == 0 and start == 0 and shuffle:
            self._shuffle()
        if start + batch_size > self._num_examples:
            return self._batch_over_the_end(start, batch_size, shuffle)
        self._index_in_epoch += batch_size
        return self._slice(start, self._index_in_epoch)

    def _batch_over_the_end(self, start: int, batch_size: int, shuffle: bool) -> Any:
        self._epochs_completed += 1
        rest = self._slice(start, self._num_examples)
        if shuffle:
            self._shuffle()
        self._index_in_epoch = batch_size - (self._num_examples - start)
        new = self._slice(0, self._index_in_epoch)
        return tuple(np.concatenate(parts, axis=0) for parts in zip(rest, new))

    def _slice(self, start: int, stop: int) -> Any:
        return self._images[start:stop], self._labels[start:stop]

    def _shuffle(self) -> None:
        order = np.arange(self._num_examples)
        np.random.shuffle(order)
        self._images, self._labels = self._images[order], self._labels[order]


def _numpy_seed(seed: int | None) -> int | None:
    # tf.get_seed(seed), of which the graph's half is taken when there is no seed of one's own.
    graph_seed = get_default_graph().seed
    if seed is None:
        return None if graph_seed is None else graph_seed % _MAX_SEED
    seed %= _MAX_SEED
    # TensorFlow keeps the pair (0, 0) for "not deterministic" and moves off it.
    both_zero = seed == 0 and graph_seed is not None and graph_seed % _MAX_SEED == 0
    return _MAX_SEED if both_zero else seed


def _prepared(images: Any, labels: Any, dtype: Any, reshape: bool) -> Any:
    assert images.shape[0] == labels.shape[0], (
        f"images.shape: {images.shape} labels.shape: {labels.shape}"
    )
    if reshape:
        assert images.shape[3] == 1, f"reshape needs images of depth 1, got {images.shape}"
        images = images.reshape(images.shape[0], images.shape[1] * images.shape[2])
    if dtype == float32:
        images = np.multiply(images.astype(np.float32), 1.0 / 255.0)
    return images


def _fake_batch(batch_size: int, one_hot: bool) -> Any:
    image, label = [1] * 784, [1] + [0] * 9 if one_hot else 0
    return [image for _ in range(batch_size)], [label for _ in range(batch_size)]


def _read_pair(paths: Any, images_name: str, labels_name: str, one_hot: bool) -> Any:
    with paths[images_name].open("rb") as f:
        images = extract_images(f)
    with paths[labels_name].open("rb") as f:
        labels = extract_labels(f, one_hot=one_hot)
    if len(images) != len(labels):
        raise ValueError(
            f"{paths[images_name]} holds {len(images)} images but {paths[labels_name]} "
            f"{len(labels)} labels: they are not of one data set. {_MEND}"
        )
    return images, labels


def extract_images(f: Any) -> Any:
    """The images of a gzipped idx file as uint8 [index, y, x, depth]. ValueError if damaged."""
    return _read_idx(f, "image", IMAGES_MAGIC, rank=3)[..., np.newaxis]


def extract_labels(f: Any, one_hot: bool = False, num_classes: int = 10) -> Any:
    """The labels of a gzipped idx file as uint8 [index], or one-hot. ValueError if damaged."""
    labels = _read_idx(f, "label", LABELS_MAGIC, rank=1)
    return dense_to_one_hot(labels, num_classes) if one_hot else labels


def dense_to_one_hot(labels_dense: Any, num_classes: int) -> Any:
    """Labels [n] as float64 [n, num_classes] of zeros and ones. ValueError for a label beyond."""
    if labels_dense.size and labels_dense.max() >= num_classes:
        raise ValueError(
            f"dense_to_one_hot: label {labels_dense.max()} needs at least "
            f"{labels_dense.max() + 1} classes, got num_classes={num_classes}."
        )
    labels_one_hot = np.zeros((labels_dense.shape[0], num_classes))
    labels_one_hot[np.arange(labels_dense.shape[0]), labels_dense.ravel()] = 1
    return labels_one_hot


_MEND = "Put a good copy in its place; or delete it, and the next run finds or downloads another."


def _read_idx(f: Any, kind: str, magic: int, rank: int) -> Any:
    """An idx file: a magic number, `rank` sizes (all big-endian), then that many bytes."""
    print("Extracting", f.name)
    data = _unpacked(f)
    start = 4 * (1 + rank)
    if len(data) < start:
        raise ValueError(f"{f.name} is too short: {len(data)} bytes of {start} of header. {_MEND}")
    found, *shape = (int(number) for number in np.frombuffer(data[:start], dtype=">u4"))
    if found != magic:
        raise ValueError(
            f"Invalid magic number {found} in MNIST {kind} file: {f.name}, expected {magic}. "
            f"{_MEND}"
        )
    if len(data) - start != math.prod(shape):
        raise ValueError(
            f"{f.name} does not hold what its header says: expected {math.prod(shape)} bytes for "
            f"{kind}s of shape {shape}, got {len(data) - start}. {_MEND}"
        )
    return np.frombuffer(data, dtype=np.uint8, offset=start).reshape(shape)


def _unpacked(f: Any) -> bytes:
    try:
        with gzip.GzipFile(fileobj=f) as stream:
            return stream.read()
    except files.UNREADABLE as error:
        raise ValueError(f"{f.name} is no whole gzip file: {error} {_MEND}") from error
