"""`generator_input_fn`: what a generator yields as the input of an estimator."""
from collections.abc import Container
from types import FunctionType, GeneratorType

import numpy as np

from minitf.core import errors
from minitf.core.dtypes import as_dtype
from minitf.core.graph import name_scope
from minitf.estimator.inputs.feeding import filled, warn_of_threads
from minitf.ops.queues.queue import FIFOQueue, PaddingFIFOQueue, RandomShuffleQueue


def generator_input_fn(x, target_key=None, batch_size=128, num_epochs=1, shuffle=True,
                       queue_capacity=1000, num_threads=1, pad_value=None):
    """An input function of batches of what `x()`, a generator of dicts of arrays, yields: features
    by name, and those that `target_key` names, one or several, as labels.

    Shorter arrays are filled up with `pad_value` at their ends, if it is given. TypeError for what
    is no such generator or key, KeyError for a key that it does not yield.
    """
    if not isinstance(x, FunctionType):
        raise TypeError(f"x must be generator function; got {type(x).__name__}")
    if not isinstance(x(), GeneratorType):
        raise TypeError(f"x() must be generator; got {type(x()).__name__}")
    first = next(x())
    if not isinstance(first, dict):
        raise TypeError(f"x() must yield dict; got {type(first).__name__}")
    keys = sorted(first)
    targets = _targets(target_key, keys)

    def input_fn():
        queue = _queue(x, queue_capacity, shuffle, num_threads, batch_size, num_epochs, pad_value)
        taken = (queue.dequeue_many if num_epochs is None else queue.dequeue_up_to)(batch_size)
        features = dict(zip(keys, taken if isinstance(taken, list) else [taken]))
        if targets is None:
            return features
        labels = {key: features.pop(key) for key in targets}
        return features, labels if len(targets) > 1 else labels[targets[0]]

    return input_fn


def _targets(target_key, keys):
    if target_key is None or isinstance(target_key, str):
        return target_key and [target_key]
    if not isinstance(target_key, Container):
        raise TypeError("target_key must be str or Container of str; got "
                        f"{type(target_key).__name__}")  # fmt: skip
    for key in target_key:
        if not isinstance(key, str):
            raise TypeError(f"target_key must be str or Container of str; got {type(key).__name__}")
        if key not in keys:
            raise KeyError(f"target_key not in yielded dict. Expected {keys} keys; got {key}")
    return target_key


def _queue(generator, capacity, shuffle, num_threads, size, num_epochs, pad_value):
    with name_scope("enqueue_input"):
        first = next(generator())
        types = [as_dtype(first[key].dtype) for key in sorted(first)]
        shapes = [first[key].shape for key in sorted(first)]
        if shuffle and pad_value is not None:
            raise NotImplementedError(
                "padding and shuffling data at the same time is not implemented"
            )
        warn_of_threads(shuffle, num_threads, num_epochs)
        least = 0
        if shuffle:
            least = int(capacity / 4)
            queue = RandomShuffleQueue(capacity, least, dtypes=types, shapes=shapes)
        elif pad_value is not None:
            shapes = [(*shape[:-1], None) if shape else shape for shape in shapes]
            queue = PaddingFIFOQueue(capacity, dtypes=types, shapes=shapes)
        else:
            queue = FIFOQueue(capacity, dtypes=types, shapes=shapes)
        return filled(queue, types, capacity, least, num_threads, lambda placeholders: _Dicts(
            placeholders, generator, size, num_epochs, pad_value))  # fmt: skip


class _Dicts:
    """A function that gives the next dicts of a generator each time it is called, as a feed_dict;
    OutOfRangeError once it has come to the end `num_epochs` times."""

    def __init__(self, placeholders, generator, size, num_epochs, pad_value):
        self._placeholders, self._generator, self._found = placeholders, generator, generator()
        self._keys, self._pad_value = sorted(next(generator())), pad_value
        # As in TensorFlow, where each array counts, not each dict.
        self._rows = -(-size // len(self._keys))
        self._num_epochs, self._epoch = num_epochs, 0

    def __call__(self):
        if self._num_epochs and self._epoch >= self._num_epochs:
            raise errors.OutOfRangeError(None, None, f"Already emitted {self._epoch} epochs.")
        columns = [[] for _ in self._keys]
        for _ in range(self._rows):
            row = self._next()
            for column, key in zip(columns, self._keys):
                if key not in row:
                    raise KeyError("key mismatch between dicts emitted by GenFun Expected "
                                   f"{self._keys} keys; got {row.keys()}")  # fmt: skip
                column.append(row[key])
        if self._pad_value is not None:
            columns = [_padded(column, self._pad_value) for column in columns]
        return dict(zip(self._placeholders, map(np.asarray, columns)))

    def _next(self):
        try:
            return next(self._found)
        except StopIteration:
            self._epoch += 1
            self._found = self._generator()
            return next(self._found)


def _padded(arrays, value):
    """Arrays of one shape, but for their last sizes, which are made the same."""
    if len({array.shape[:-1] if array.ndim else -1 for array in arrays}) > 1:
        raise ValueError("Array shapes must match.")
    if not arrays[0].ndim:
        return arrays
    longest = max(array.shape[-1] for array in arrays)
    kept = [(0, 0)] * (arrays[0].ndim - 1)
    return [np.pad(array, [*kept, (0, longest - array.shape[-1])], constant_values=value)
            for array in arrays]  # fmt: skip
