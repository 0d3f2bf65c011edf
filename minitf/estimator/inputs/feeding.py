"""Arrays in memory, brought into a queue by threads."""
import random
from collections.abc import Mapping

from minitf import logging
from minitf.core import errors
from minitf.core.dtypes import as_dtype, float32
from minitf.core.graph import name_scope
from minitf.ops.math.elementwise import cast, maximum
from minitf.ops.queues.queue import FIFOQueue, RandomShuffleQueue
from minitf.ops.state.placeholder import placeholder
from minitf.summary.numeric import scalar
from minitf.train.queue_runner import QueueRunner, add_queue_runner


class _Rows:
    """A function that gives the next rows of columns each time it is called, as a feed_dict.

    It begins at a random row if `random_start`, and again at the first after the last;
    OutOfRangeError after `num_epochs` times.
    """

    def __init__(self, placeholders, index, columns, size, random_start, seed, num_epochs):
        self._placeholders, self._index, self._columns = placeholders, index, columns
        self._count, self._size, self._num_epochs = len(index), size, num_epochs
        random.seed(seed)  # as TensorFlow does, for programs that draw of it afterwards
        self._at = random.randrange(self._count) if random_start else 0
        self._first, self._epoch = self._at, 0

    def __call__(self):
        rows = self._next_rows()
        values = [self._index[rows], *(column[rows] for column in self._columns)]
        return dict(zip(self._placeholders, values))

    def _next_rows(self):
        if self._num_epochs is not None and self._epoch >= self._num_epochs:
            raise errors.OutOfRangeError(None, None, f"Already emitted {self._epoch} epochs.")
        rows = []
        while len(rows) < self._size:
            rows.append(self._at)
            self._at = (self._at + 1) % self._count
            self._epoch += self._at == self._first
            if self._epoch == self._num_epochs:
                break
        return rows


class FeedingQueueRunner(QueueRunner):
    """A QueueRunner whose operations are fed, each by a function of its own."""

    def __init__(self, queue, enqueue_ops, feed_fns):
        super().__init__(queue, enqueue_ops, queue_closed_exception_types=(
            errors.OutOfRangeError, errors.CancelledError))  # fmt: skip
        self._feed_fns = dict(zip(enqueue_ops, feed_fns))

    def _enqueuer(self, sess, enqueue_op):
        feed_fn = self._feed_fns[enqueue_op]
        return lambda: sess.run(enqueue_op, feed_dict=feed_fn())

    def to_proto(self, export_scope=None):
        """NotImplementedError: the arrays are in this process."""
        raise NotImplementedError(f"{type(self).__name__} does not support serialization to proto.")


def enqueue_data(index, columns, capacity, shuffle, min_after_dequeue=None, num_threads=1,
                 enqueue_size=1, num_epochs=None):
    """A queue of rows: the number of the row, or what `index` has for it, and a value of each of
    the `columns`, arrays of one length by name."""
    with name_scope("enqueue_input"):
        columns = columns.values() if isinstance(columns, Mapping) else columns
        columns = list(columns)
        types = [as_dtype(array.dtype) for array in [index, *columns]]
        shapes = [array.shape[1:] for array in [index, *columns]]
        warn_of_threads(shuffle, num_threads, num_epochs)
        least = 0
        if shuffle:
            least = int(capacity / 4 if min_after_dequeue is None else min_after_dequeue)
            queue = RandomShuffleQueue(capacity, least, dtypes=types, shapes=shapes)
        else:
            queue = FIFOQueue(capacity, dtypes=types, shapes=shapes)
        return filled(queue, types, capacity, least, num_threads, lambda placeholders: _Rows(
            placeholders, index, columns, enqueue_size, shuffle, None, num_epochs))  # fmt: skip


def filled(queue, types, capacity, least, num_threads, feed_fn):
    """The queue, with threads that bring into it what `feed_fn(placeholders)` gives, a function of
    nothing for each of them, and with a summary of how full it is."""
    enqueue_ops, feed_fns = [], []
    for _ in range(num_threads):
        placeholders = [placeholder(dtype) for dtype in types]
        enqueue_ops.append(queue.enqueue_many(placeholders))
        feed_fns.append(feed_fn(placeholders))
    add_queue_runner(FeedingQueueRunner(queue, enqueue_ops, feed_fns))
    room = capacity - least
    full = cast(maximum(0, queue.size() - least), float32) * (1.0 / room)
    scalar(f"queue/{queue.name}fraction_over_{least}_of_{room}_full", full)
    return queue


def warn_of_threads(shuffle, num_threads, num_epochs):
    if num_threads > 1 and num_epochs is not None:
        logging.warning(
            "enqueue_data was called with num_epochs and num_threads > 1. num_epochs is applied "
            "per thread, so this will produce more epochs than you probably intend. If you want "
            "to limit epochs, use one thread."
        )
    if num_threads > 1 and not shuffle:
        logging.warning(
            "enqueue_data was called with shuffle=False and num_threads > 1. This will create "
            "multiple threads, all reading the array/dataframe in order. If you want examples read "
            "in order, use one thread; if you want multiple threads, enable shuffling."
        )


def check_shuffle(shuffle):
    """ValueError unless it is given, as a bool."""
    if not isinstance(shuffle, bool):
        raise ValueError("shuffle must be provided and explicitly set as boolean (it is "
                         "recommended to set it as True for training); got "
                         f"{shuffle}")  # fmt: skip
