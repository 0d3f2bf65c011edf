"""Files of examples, read through queues: `tf.contrib.learn.read_batch_features` and its kin."""
from minitf import gfile
from minitf.contrib.input_pipeline import seek_next
from minitf.core.arguments import takes
from minitf.core.constant import constant
from minitf.core.dtypes import float32, string
from minitf.core.errors import CancelledError, OutOfRangeError
from minitf.core.graph import name_scope
from minitf.core.sparse_tensor import SparseTensor
from minitf.core.tensor import Tensor
from minitf.ops.io.examples import parse_example
from minitf.ops.io.readers import TFRecordReader
from minitf.ops.math.elementwise import cast
from minitf.ops.queues.queue import FIFOQueue
from minitf.summary.numeric import scalar
from minitf.train.batching import batch_join, shuffle_batch_join
from minitf.train.input import string_input_producer
from minitf.train.queue_runner import QueueRunner, add_queue_runner

_KEYS = "__key__"  # beside the features that a program's own parser gives


def read_keyed_batch_examples(
    file_pattern, batch_size, reader, randomize_input=True, num_epochs=None, queue_capacity=10000,
    num_threads=1, read_batch_size=1, parse_fn=None, name=None, seed=None,
):  # fmt: skip
    """Keys and serialized examples, `batch_size` at a time, of the files that patterns name.

    `reader` makes what reads them, such as tf.TFRecordReader; `parse_fn` is applied to what it
    read. ValueError for numbers that do not fit, and for patterns that match nothing.
    """
    return _read_batches(
        _listed_files, file_pattern, batch_size, reader, randomize_input, num_epochs,
        queue_capacity, num_threads, read_batch_size, parse_fn, name, seed,
    )  # fmt: skip


@takes(read_keyed_batch_examples)
def read_keyed_batch_examples_shared_queue(**given):
    """`read_keyed_batch_examples`, where variables keep count of the files: so several workers may
    share them."""
    return _read_batches(_counted_files, **given)


def _listed_files(files, **how):
    return string_input_producer(constant(files, name="input"), **how)


def _counted_files(files, shuffle, num_epochs, name, seed):
    queue = FIFOQueue(capacity=1, dtypes=[string], shapes=[[]])
    following = seek_next(files, shuffle=shuffle, num_epochs=num_epochs, seed=seed)
    add_queue_runner(QueueRunner(queue, [queue.enqueue(following)]))
    return queue


def _read_batches(
    files_queue, file_pattern, batch_size, reader, randomize_input, num_epochs, queue_capacity,
    num_threads, read_batch_size, parse_fn, name, seed,
):  # fmt: skip
    files = _files(file_pattern, randomize_input)
    _check(batch_size, queue_capacity, num_threads, read_batch_size, num_epochs)
    with name_scope(name, "read_batch_examples", [file_pattern]) as scope:
        with name_scope("file_name_queue") as files_scope:
            waiting = files_queue(files, shuffle=randomize_input, num_epochs=num_epochs,
                                  name=files_scope, seed=seed)  # fmt: skip
        with name_scope("read"):
            read = [_read(reader(), waiting, read_batch_size, parse_fn) for _ in range(num_threads)]
        how = {"capacity": queue_capacity, "enqueue_many": read_batch_size > 1, "name": scope,
               "allow_smaller_final_batch": num_epochs is not None}  # fmt: skip
        if randomize_input:
            how |= {"min_after_dequeue": _least(queue_capacity, batch_size), "seed": seed}
        found = (shuffle_batch_join if randomize_input else batch_join)(read, batch_size, **how)
    return (found.pop(_KEYS), found) if isinstance(found, dict) else found


def _files(patterns, randomize_input):
    several = patterns if isinstance(patterns, list) else [patterns]
    if not several:
        raise ValueError("No files given to dequeue_examples.")
    files = [path for pattern in several for path in gfile.Glob(pattern)]
    if not files:
        raise ValueError(f"No files match {patterns}.")
    return files if randomize_input else sorted(files)


def _check(batch_size, queue_capacity, num_threads, read_batch_size, num_epochs):
    counts = {"queue_capacity": queue_capacity, "num_threads": num_threads,
              "read_batch_size": read_batch_size, "batch_size": batch_size}  # fmt: skip
    if num_epochs is not None:
        counts["num_epochs"] = num_epochs
    for what, count in counts.items():
        if not isinstance(count, Tensor) and (not count or count <= 0):
            raise ValueError(f"Invalid {what} {count}.")
    if not isinstance(batch_size, Tensor) and batch_size >= queue_capacity:
        raise ValueError(f"Invalid batch_size {batch_size}, with queue_capacity {queue_capacity}.")


def _read(reader, files, read_batch_size, parse_fn):
    several = read_batch_size > 1
    keys, found = reader.read_up_to(files, read_batch_size) if several else reader.read(files)
    found = found if parse_fn is None else parse_fn(found)
    return {**found, _KEYS: keys} if isinstance(found, dict) else (keys, found)


def _least(queue_capacity, batch_size):
    """How many examples the queue keeps, to draw from."""
    if isinstance(batch_size, Tensor):
        return int(0.4 * queue_capacity)
    return max(queue_capacity - 3 * batch_size, batch_size)


@takes(read_keyed_batch_examples)
def read_batch_examples(**given):
    """`read_keyed_batch_examples` without the keys."""
    return read_keyed_batch_examples(**given)[1]


def read_keyed_batch_features(
    file_pattern, batch_size, features, reader, randomize_input=True, num_epochs=None,
    queue_capacity=10000, reader_num_threads=1, feature_queue_capacity=100, num_enqueue_threads=2,
    parse_fn=None, name=None, read_batch_size=None,
):  # fmt: skip
    """Keys and parsed `features` of batches of examples: a tensor, and a dict of tensors."""
    return _read_features(
        read_keyed_batch_examples, file_pattern, batch_size, features, reader, randomize_input,
        num_epochs, queue_capacity, reader_num_threads, feature_queue_capacity,
        num_enqueue_threads, parse_fn, name, read_batch_size,
    )  # fmt: skip


def read_keyed_batch_features_shared_queue(
    file_pattern, batch_size, features, reader, randomize_input=True, num_epochs=None,
    queue_capacity=10000, reader_num_threads=1, feature_queue_capacity=100, num_queue_runners=2,
    parse_fn=None, name=None,
):  # fmt: skip
    """`read_keyed_batch_features` by way of `read_keyed_batch_examples_shared_queue`."""
    return _read_features(
        read_keyed_batch_examples_shared_queue, file_pattern, batch_size, features, reader,
        randomize_input, num_epochs, queue_capacity, reader_num_threads, feature_queue_capacity,
        num_queue_runners, parse_fn, name, None,
    )  # fmt: skip


def _read_features(
    read, file_pattern, batch_size, features, reader, randomize_input, num_epochs, queue_capacity,
    reader_num_threads, feature_queue_capacity, num_enqueue_threads, parse_fn, name,
    read_batch_size,
):  # fmt: skip
    with name_scope(name, "read_batch_features", [file_pattern]) as scope:
        keys, examples = read(
            file_pattern, batch_size, reader, randomize_input, num_epochs, queue_capacity,
            reader_num_threads, batch_size if read_batch_size is None else read_batch_size,
            parse_fn, scope,
        )  # fmt: skip
        return queue_parsed_features(
            parse_example(examples, features), keys, feature_queue_capacity, num_enqueue_threads,
            scope,
        )  # fmt: skip


@takes(
    read_keyed_batch_features, without=["feature_queue_capacity"],
    before={"reader_num_threads": {"feature_queue_capacity": 100}},
)  # fmt: skip
def read_batch_features(**given):
    """`read_keyed_batch_features` without the keys."""
    return read_keyed_batch_features(**given)[1]


def read_batch_record_features(
    file_pattern, batch_size, features, randomize_input=True, num_epochs=None,
    queue_capacity=10000, reader_num_threads=1, name="dequeue_record_examples",
):  # fmt: skip
    """`read_batch_features` of TFRecord files."""
    return read_batch_features(
        file_pattern, batch_size, features, TFRecordReader, randomize_input, num_epochs,
        queue_capacity, reader_num_threads=reader_num_threads, name=name,
    )  # fmt: skip


def queue_parsed_features(
    parsed_features, keys=None, feature_queue_capacity=100, num_enqueue_threads=2, name=None
):
    """`keys`, or None, and the dict of features, through a queue that threads fill."""
    given = {key: parsed_features[key] for key in sorted(parsed_features)}
    flat = [part for value in given.values() for part in _parts(value)]
    flat += [] if keys is None else [keys]
    with name_scope(name, "queue_parsed_features", flat):
        queue = FIFOQueue(feature_queue_capacity, [tensor.dtype for tensor in flat])
        filled = cast(queue.size(), float32) * (1.0 / feature_queue_capacity)
        scalar(f"queue/parsed_features/{queue.name}/fraction_of_{feature_queue_capacity}_full",
               filled)  # fmt: skip
        bring = [queue.enqueue(flat) for _ in range(num_enqueue_threads)]
        add_queue_runner(QueueRunner(
            queue, bring, queue_closed_exception_types=(OutOfRangeError, CancelledError)
        ))  # fmt: skip
        taken = queue.dequeue()
    taken = taken if isinstance(taken, list) else [taken]
    for tensor, brought in zip(taken, flat):
        tensor.set_shape(brought.shape)
    rest = iter(taken)
    features = {
        key: SparseTensor(next(rest), next(rest), next(rest))
        if isinstance(value, SparseTensor) else next(rest)
        for key, value in given.items()
    }  # fmt: skip
    return next(rest, None), features


def _parts(value):
    if isinstance(value, SparseTensor):
        return [value.indices, value.values, value.dense_shape]
    return [value]
