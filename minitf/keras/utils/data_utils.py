"""`tf.keras.utils.Sequence`, and queues that are filled in the background."""
import inspect
import itertools
import queue
import random
import threading
import time

import numpy as np

from minitf.keras.utils.files import get_file  # noqa: F401  it was here


class Sequence:
    """The base of data by batches: `self[i]` is batch number i, `len(self)` their number."""

    def __getitem__(self, index):
        raise NotImplementedError

    def __len__(self):
        raise NotImplementedError

    def on_epoch_end(self):
        """Called after each epoch."""

    def __iter__(self):
        for i in range(len(self)):
            yield self[i]


def is_generator_or_sequence(x):
    """Whether it yields batches: a generator or a Sequence."""
    return inspect.isgenerator(x) or isinstance(x, Sequence)


def iter_sequence_infinite(sequence):
    """The batches of a Sequence, again and again."""
    while True:
        yield from sequence
        sequence.on_epoch_end()


def enqueued(data, workers=1, max_queue_size=10, use_multiprocessing=False, shuffle=False):
    """(iterator of batches, what fills it in the background or None without workers)."""
    is_sequence = isinstance(data, Sequence)
    if not workers:
        return (iter_sequence_infinite(data) if is_sequence else data), None
    if is_sequence:
        filler = OrderedEnqueuer(data, use_multiprocessing, shuffle=bool(shuffle))
    else:
        filler = GeneratorEnqueuer(data, use_multiprocessing)
    filler.start(workers=workers, max_queue_size=max_queue_size)
    return filler.get(), filler


_numbers = itertools.count()
_shared = {}  # what workers of other processes are given


def _pool(processes, workers, number, data, seed):
    """Threads, or processes that have their own copy of the data."""
    if not processes:
        from multiprocessing.pool import ThreadPool

        return ThreadPool(workers)
    import multiprocessing

    return multiprocessing.Pool(workers, _begin, (number, data, seed))


def _begin(number, data, seed):
    _shared[number] = data
    if seed is not None:
        import os

        np.random.seed(seed + os.getpid() % 1000)


def _item(number, index):
    return _shared[number][index]


def _next(number):
    return next(_shared[number])


class SequenceEnqueuer:
    """Fills a queue of batches in the background, by threads or processes."""

    def __init__(self, sequence, use_multiprocessing=False):
        self.sequence, self.use_multiprocessing = sequence, use_multiprocessing
        self.uid = next(_numbers)
        self.queue = self.run_thread = self.stop_signal = None
        self.workers = 0

    def is_running(self):
        """Whether it has been started, and not been stopped."""
        return self.stop_signal is not None and not self.stop_signal.is_set()

    def start(self, workers=1, max_queue_size=10):
        """Begin to fill the queue."""
        self.workers, self.queue = workers, queue.Queue(max_queue_size)
        self.stop_signal = threading.Event()
        _shared[self.uid] = self.sequence
        self.run_thread = threading.Thread(target=self._run, daemon=True)
        self.run_thread.start()

    def stop(self, timeout=None):
        """Stop filling it."""
        self.stop_signal.set()
        with self.queue.mutex:
            self.queue.queue.clear()
            self.queue.unfinished_tasks = 0
            self.queue.not_full.notify()
        self.run_thread.join(timeout)
        _shared.pop(self.uid, None)

    def __del__(self):
        if self.is_running():
            self.stop()

    def _executor(self, seed=None):
        return _pool(self.use_multiprocessing, self.workers, self.uid, self.sequence, seed)

    def _run(self):
        raise NotImplementedError

    def get(self):
        """The batches, one after the other."""
        raise NotImplementedError

    def _taken(self):
        result = self.queue.get(block=True).get()
        self.queue.task_done()
        return result


class OrderedEnqueuer(SequenceEnqueuer):
    """The batches of a Sequence in order, or in another one each epoch with `shuffle`."""

    def __init__(self, sequence, use_multiprocessing=False, shuffle=False):
        super().__init__(sequence, use_multiprocessing)
        self.shuffle = shuffle

    def _run(self):
        order = list(range(len(self.sequence)))
        while not self.stop_signal.is_set():
            if self.shuffle:
                random.shuffle(order)
            with self._executor() as executor:
                for i in order:
                    if self.stop_signal.is_set():
                        return
                    self.queue.put(executor.apply_async(_item, (self.uid, i)), block=True)
                self._wait_until_taken()
            if not self.stop_signal.is_set():
                self.sequence.on_epoch_end()

    def _wait_until_taken(self):
        while self.queue.unfinished_tasks and not self.stop_signal.is_set():
            time.sleep(0.001)

    def get(self):
        """The batches, one after the other; what a batch raises is raised here."""
        try:
            while self.is_running():
                batch = self._taken()
                if batch is not None:
                    yield batch
        except Exception:
            self.stop()
            raise


class GeneratorEnqueuer(SequenceEnqueuer):
    """What a generator yields. RuntimeError for one that several threads cannot share."""

    def __init__(self, sequence, use_multiprocessing=False, random_seed=None):
        super().__init__(sequence, use_multiprocessing)
        self.random_seed = random_seed

    def _run(self):
        with self._executor(self.random_seed) as executor:
            while not self.stop_signal.is_set():
                self.queue.put(executor.apply_async(_next, (self.uid,)), block=True)

    def get(self):
        """The batches, one after the other; what the generator raises is raised here."""
        try:
            while self.is_running():
                try:
                    batch = self._taken()
                except StopIteration:
                    yield from self._last()
                    return
                if batch is not None:
                    yield batch
        except Exception as error:
            self.stop()
            if "generator already executing" in str(error):
                raise RuntimeError(
                    "Your generator is NOT thread-safe. Keras requires a thread-safe generator "
                    "when `use_multiprocessing=False, workers > 1`. "
                ) from error
            raise

    def _last(self):
        """What other workers had got when the generator came to its end."""
        waiting = []
        while self.queue.qsize():
            waiting.append(self.queue.get(block=True))
        for each in waiting:
            each.wait()
        for each in waiting:
            if each.successful():
                yield each.get()
