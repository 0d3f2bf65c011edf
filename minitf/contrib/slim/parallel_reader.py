"""Files read by several threads into one queue: `slim.parallel_reader.parallel_read`."""
from minitf import gfile, summary
from minitf.core.dtypes import float32, string
from minitf.core.graph import name_scope
from minitf.ops.io.readers import ReaderBase
from minitf.ops.math.elementwise import cast
from minitf.ops.queues.queue import FIFOQueue, RandomShuffleQueue
from minitf.ops.reduction.scan import add_n
from minitf.train.input import string_input_producer
from minitf.train.queue_runner import QueueRunner, add_queue_runner


class ParallelReader(ReaderBase):
    """Several readers of a class, whose records go to a common queue of two strings each.

    TypeError for a queue of anything else.
    """

    def __init__(self, reader_class, common_queue, num_readers=4, reader_kwargs=None):
        if list(common_queue.dtypes) != [string, string]:
            raise TypeError("common_queue.dtypes must be [tf.string, tf.string]")
        self._readers = [reader_class(**reader_kwargs or {}) for _ in range(num_readers)]
        self._common_queue = common_queue

    num_readers = property(lambda self: len(self._readers))
    common_queue = property(lambda self: self._common_queue)

    def read(self, queue, name=None):
        """(key, record) of the common queue, which the files of `queue` are read into."""
        self._fill_from(queue)
        return self._common_queue.dequeue(name=name)

    def read_up_to(self, queue, num_records, name=None):
        """(keys, records): at most so many."""
        self._fill_from(queue)
        return self._common_queue.dequeue_up_to(num_records, name)

    def _fill_from(self, queue):
        enqueue = [self._common_queue.enqueue(reader.read(queue)) for reader in self._readers]
        add_queue_runner(QueueRunner(self._common_queue, enqueue))

    def num_records_produced(self, name=None):
        """How many records all readers have read."""
        return add_n([reader.num_records_produced() for reader in self._readers], name=name)

    def num_work_units_completed(self, name=None):
        """How many files all readers have finished."""
        return add_n([reader.num_work_units_completed() for reader in self._readers], name=name)


def parallel_read(
    data_sources, reader_class, num_epochs=None, num_readers=4, reader_kwargs=None, shuffle=True,
    dtypes=None, capacity=256, min_after_dequeue=128, seed=None, scope=None,
):  # fmt: skip
    """(key, record) of files (names, patterns, or lists of them), read by `num_readers` threads.

    If `shuffle`, of files and records in random order, at least `min_after_dequeue` being kept to
    choose from. It ends after `num_epochs`.
    """
    files = get_data_files(data_sources)
    with name_scope(scope, "parallel_read"):
        names = string_input_producer(files, num_epochs=num_epochs, shuffle=shuffle, seed=seed,
                                      name="filenames")  # fmt: skip
        dtypes = dtypes or [string, string]
        if shuffle:
            queue = RandomShuffleQueue(capacity=capacity, min_after_dequeue=min_after_dequeue,
                                       dtypes=dtypes, seed=seed, name="common_queue")  # fmt: skip
        else:
            queue = FIFOQueue(capacity=capacity, dtypes=dtypes, name="common_queue")
        summarize_fullness(queue, capacity)
        return ParallelReader(reader_class, queue, num_readers, reader_kwargs).read(names)


def summarize_fullness(queue, capacity):
    part = cast(queue.size(), float32) * (1.0 / capacity)
    summary.scalar(f"fraction_of_{capacity}_full", part)


def single_pass_read(data_sources, reader_class, reader_kwargs=None, scope=None):
    """(key, record) of files, in order and once, by one reader."""
    files = get_data_files(data_sources)
    with name_scope(scope, "single_pass_read"):
        names = string_input_producer(files, num_epochs=1, shuffle=False, capacity=1,
                                      name="filenames")  # fmt: skip
        return reader_class(**reader_kwargs or {}).read(names)


def get_data_files(data_sources):
    """The files of a name, a pattern, or a list of them. ValueError where there are none."""
    if isinstance(data_sources, (list, tuple)):
        files = [file for source in data_sources for file in get_data_files(source)]
    elif any(sign in data_sources for sign in "*?["):
        files = gfile.Glob(data_sources)
    else:
        files = [data_sources]
    if not files:
        raise ValueError(f"No data files found in {data_sources}")
    return files
