"""Batches of examples of about the same length: `tf.contrib.training.bucket_by_sequence_length`."""
import itertools

from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32, int32
from minitf.core.errors import CancelledError, OutOfRangeError
from minitf.core.graph import name_scope
from minitf.core.static import constant_value
from minitf.core.tensor_shape import TensorShape
from minitf.ops.array.masks import where
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.control import group, no_op
from minitf.ops.math.elementwise import cast, equal, less, less_equal, logical_and
from minitf.ops.queues.queue import FIFOQueue, PaddingFIFOQueue
from minitf.ops.reduction.reduce import reduce_min
from minitf.summary.numeric import scalar
from minitf.train.batching import _checked_keep, _converted, _in_order, _like, _shapes, _types
from minitf.train.queue_runner import QueueRunner, add_queue_runner
from minitf.train.sparse_batches import restored, stored

_CLOSED = (OutOfRangeError, CancelledError)


def bucket(tensors, which_bucket, batch_size, num_buckets, num_threads=1, capacity=32,
           bucket_capacities=None, shapes=None, dynamic_pad=False,
           allow_smaller_final_batch=False, keep_input=True, shared_name=None, name=None):
    """Batches of what the tensors, a list or dict, are, each out of one of `num_buckets` queues.

    which_bucket: an int32 scalar, the queue that the tensors of a run go to. batch_size: an int,
    or a list of one for each queue. The rest is as in `tf.train.maybe_batch`. Returns `(an int32
    scalar, the queue that a batch is from; the batch, of the structure of the tensors)`.
    ValueError where shapes are not known, and for lists of another length than `num_buckets`.
    """
    sizes, capacities = _for_each(batch_size, bucket_capacities, num_buckets, capacity)
    (listed,) = _in_order([tensors])
    with name_scope(name, "bucket", listed):
        listed, keep_input = _converted(listed), _checked_keep(keep_input, False)
        listed, sparse = stored(listed, keep_input, False)
        types, shapes = _types([listed]), _shapes([listed], shapes, False)
        which_bucket = convert_to_tensor(which_bucket, int32, name="which_bucket")
        kind = PaddingFIFOQueue if dynamic_pad else FIFOQueue
        queues = [
            kind(room, types, shapes, shared_name=shared_name and f"{shared_name}_{number}",
                 name=f"bucket_queue_{number}") for number, room in enumerate(capacities)
        ]  # fmt: skip
        known = None if allow_smaller_final_batch or isinstance(batch_size, (list, tuple)) else (
            constant_value(convert_to_tensor(batch_size, int32)))  # fmt: skip
        batches = [TensorShape([known]).concatenate(shape) for shape in queues[0].shapes]
        top = PaddingFIFOQueue(capacity, [int32, *types], [TensorShape([]), *batches],
                               shared_name=shared_name, name="top_queue")  # fmt: skip
        full = _full_batches(queues, sizes, allow_smaller_final_batch)
        up = [top.enqueue([constant(number), *each], name=f"enqueue_from_bucket_{number}")
              for number, each in enumerate(full)]  # fmt: skip
        _run(queues, top, _bringing(queues, listed, which_bucket, keep_input), num_threads, up)
        _summarize(queues, top, capacity)
        first, *rest = top.dequeue(name="dequeue_top")
        rest = restored(rest[0] if len(rest) == 1 else rest, sparse)
        return first, _like(tensors, rest)


def bucket_by_sequence_length(
    input_length, tensors, batch_size, bucket_boundaries, num_threads=1, capacity=32,
    bucket_capacities=None, shapes=None, dynamic_pad=False, allow_smaller_final_batch=False,
    keep_input=True, shared_name=None, name=None
):  # fmt: skip
    """As `bucket`, by `input_length`, an int32 scalar: below the first of the boundaries, from one
    to below the next, ..., from the last on.

    Returns `(the lengths, an int32 vector; the batch, of the structure of the tensors)`. TypeError
    unless `bucket_boundaries` is a list of ints, ValueError unless they increase.
    """
    _check_boundaries(bucket_boundaries)
    (listed,) = _in_order([tensors])
    with name_scope(name, "bucket_by_sequence_length", [input_length, *listed]):
        input_length = convert_to_tensor(input_length, int32, name="input_length")
        least, beyond = [int32.min, *bucket_boundaries], [*bucket_boundaries, int32.max]
        within = logical_and(less_equal(least, input_length), less(input_length, beyond))
        _, (lengths, *rest) = bucket(
            [input_length, *listed], cast(reduce_min(where(within)), int32), batch_size,
            len(bucket_boundaries) + 1, num_threads, capacity, bucket_capacities,
            shapes and [TensorShape([]), *shapes], dynamic_pad, allow_smaller_final_batch,
            keep_input, shared_name,
        )  # fmt: skip
        return lengths, _like(tensors, rest)


def _for_each(batch_size, capacities, count, capacity):
    """The sizes of batches and the capacities, one of each for every queue."""
    if isinstance(batch_size, (list, tuple)) and len(batch_size) != count:
        raise ValueError("If batch_size is a list it must have num_buckets elements: got "
                         f"{len(batch_size)} of {count}")  # fmt: skip
    if capacities is not None and len(capacities) != count:
        raise ValueError(f"The list bucket_capacities ({capacities}) must have exactly num_buckets "
                         f"({count}) elements.")  # fmt: skip
    sizes = batch_size if isinstance(batch_size, (list, tuple)) else [batch_size] * count
    return sizes, [capacity] * count if capacities is None else capacities


def _check_boundaries(boundaries):
    if not isinstance(boundaries, (list, tuple)):
        raise TypeError(f"bucket_boundaries must be a list or tuple, but received: {boundaries}")
    if not boundaries:
        raise ValueError("bucket_boundaries must not be empty")
    for one, other in itertools.pairwise(boundaries):
        if not isinstance(one, int) or not isinstance(other, int):
            raise TypeError(f"bucket boundaries must be integers, but saw: {one} and {other}")
        if one >= other:
            raise ValueError("Buckets must contain sequential increasing lengths, but saw: "
                             f"{one} before {other}")  # fmt: skip


def _bringing(queues, tensors, which, keep_input):
    """The operation that brings the tensors into the queue that is theirs, if they are kept."""

    def bring():
        into = [cond(equal(which, number), lambda queue=queue: queue.enqueue(tensors), no_op)
                for number, queue in enumerate(queues)]  # fmt: skip
        return group(*into, name="group_enqueues")

    known = constant_value(keep_input)
    if known is None:
        return cond(keep_input, bring, no_op)
    return bring() if known else no_op()


def _full_batches(queues, sizes, smaller):
    """A batch out of each of the queues, as a list."""
    taken = [
        (queue.dequeue_up_to if smaller else queue.dequeue_many)(size, name=f"read_bucket_{number}")
        for number, (queue, size) in enumerate(zip(queues, sizes))
    ]
    return [each if isinstance(each, list) else [each] for each in taken]


def _run(queues, top, bring, threads, up):
    """Has runners bring tensors into the queues, and batches of these up into `top`."""
    add_queue_runner(QueueRunner(
        queues[0], up, close_op=top.close(), cancel_op=top.close(cancel_pending_enqueues=True),
        queue_closed_exception_types=_CLOSED,
    ))  # fmt: skip
    add_queue_runner(QueueRunner(
        top, [bring] * threads, close_op=group(*[queue.close() for queue in queues]),
        cancel_op=group(*[queue.close(cancel_pending_enqueues=True) for queue in queues]),
        queue_closed_exception_types=_CLOSED,
    ))  # fmt: skip


def _summarize(queues, top, capacity):
    for queue in queues:
        scalar(f"bucket/{queue.name}/size", cast(top.size(), float32))
    scalar(f"bucket/{top.name}/fraction_of_{capacity}_full",
           cast(top.size(), float32) * (1.0 / capacity))  # fmt: skip
