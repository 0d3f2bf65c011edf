"""Batches of examples, by way of a queue that threads fill: `tf.train.batch` and its kin."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32, int32
from minitf.core.graph import name_scope
from minitf.core.indexed_slices import convert_to_tensor_or_indexed_slices
from minitf.core.static import constant_value
from minitf.core.tensor_shape import TensorShape
from minitf.ops.array.partition import dynamic_partition
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.control import no_op
from minitf.ops.math.elementwise import cast, maximum
from minitf.ops.queues.queue import FIFOQueue, PaddingFIFOQueue, RandomShuffleQueue
from minitf.summary.numeric import scalar
from minitf.train.queue_runner import QueueRunner, add_queue_runner
from minitf.train.sparse_batches import check_alike, restored, stored

# -- one set of tensors, or several ---------------------------------------------------------------


def batch(tensors, batch_size, num_threads=1, capacity=32, enqueue_many=False, shapes=None,
          dynamic_pad=False, allow_smaller_final_batch=False, shared_name=None, name=None):
    """Batches of `batch_size` of what the tensors, a list or dict, are in run after run.

    `num_threads` threads bring them into a queue of `capacity` elements; with `enqueue_many` each
    tensor is a batch already, taken apart. `dynamic_pad` fills up with zeros along axes of unknown
    size. `allow_smaller_final_batch` gives what is left at the end, instead of OutOfRangeError. The
    same structure is returned, with one axis more. ValueError where shapes are not known.
    """
    return _batched([tensors], num_threads, batch_size, True, _fifo(capacity, dynamic_pad),
                    "batch", enqueue_many, shapes, allow_smaller_final_batch, shared_name,
                    name)  # fmt: skip


def maybe_batch(tensors, keep_input, batch_size, num_threads=1, capacity=32, enqueue_many=False,
                shapes=None, dynamic_pad=False, allow_smaller_final_batch=False, shared_name=None,
                name=None):
    """As `tf.train.batch` of those for which `keep_input`, a bool tensor, is true.

    It is a scalar, or with `enqueue_many` a vector, too: one for each row.
    """
    return _batched([tensors], num_threads, batch_size, keep_input, _fifo(capacity, dynamic_pad),
                    "batch", enqueue_many, shapes, allow_smaller_final_batch, shared_name,
                    name)  # fmt: skip


def batch_join(tensors_list, batch_size, capacity=32, enqueue_many=False, shapes=None,
               dynamic_pad=False, allow_smaller_final_batch=False, shared_name=None, name=None):
    """As `tf.train.batch`, with a thread for each set of tensors in a list."""
    return _batched(tensors_list, 1, batch_size, True, _fifo(capacity, dynamic_pad), "batch_join",
                    enqueue_many, shapes, allow_smaller_final_batch, shared_name,
                    name)  # fmt: skip


def maybe_batch_join(tensors_list, keep_input, batch_size, capacity=32, enqueue_many=False,
                     shapes=None, dynamic_pad=False, allow_smaller_final_batch=False,
                     shared_name=None, name=None):
    """As `tf.train.maybe_batch`, with a thread for each set of tensors in a list."""
    return _batched(tensors_list, 1, batch_size, keep_input, _fifo(capacity, dynamic_pad),
                    "batch_join", enqueue_many, shapes, allow_smaller_final_batch, shared_name,
                    name)  # fmt: skip


def shuffle_batch(tensors, batch_size, capacity, min_after_dequeue, num_threads=1, seed=None,
                  enqueue_many=False, shapes=None, allow_smaller_final_batch=False,
                  shared_name=None, name=None):
    """As `tf.train.batch` in random order, out of `min_after_dequeue` elements at least.

    ValueError unless the `capacity` is greater than that.
    """
    return _batched([tensors], num_threads, batch_size, True,
                    _Shuffled(capacity, min_after_dequeue, seed), "shuffle_batch", enqueue_many,
                    shapes, allow_smaller_final_batch, shared_name, name)  # fmt: skip


def maybe_shuffle_batch(tensors, batch_size, capacity, min_after_dequeue, keep_input,
                        num_threads=1, seed=None, enqueue_many=False, shapes=None,
                        allow_smaller_final_batch=False, shared_name=None, name=None):
    """As `tf.train.shuffle_batch` of those for which `keep_input`, a bool tensor, is true."""
    return _batched([tensors], num_threads, batch_size, keep_input,
                    _Shuffled(capacity, min_after_dequeue, seed), "shuffle_batch", enqueue_many,
                    shapes, allow_smaller_final_batch, shared_name, name)  # fmt: skip


def shuffle_batch_join(tensors_list, batch_size, capacity, min_after_dequeue, seed=None,
                       enqueue_many=False, shapes=None, allow_smaller_final_batch=False,
                       shared_name=None, name=None):
    """As `tf.train.shuffle_batch`, with a thread for each set of tensors in a list."""
    return _batched(tensors_list, 1, batch_size, True,
                    _Shuffled(capacity, min_after_dequeue, seed, False), "shuffle_batch_join",
                    enqueue_many, shapes, allow_smaller_final_batch, shared_name,
                    name)  # fmt: skip


def maybe_shuffle_batch_join(tensors_list, batch_size, capacity, min_after_dequeue, keep_input,
                             seed=None, enqueue_many=False, shapes=None,
                             allow_smaller_final_batch=False, shared_name=None, name=None):
    """As `tf.train.maybe_shuffle_batch`, with a thread for each set of tensors in a list."""
    return _batched(tensors_list, 1, batch_size, keep_input,
                    _Shuffled(capacity, min_after_dequeue, seed, False), "shuffle_batch_join",
                    enqueue_many, shapes, allow_smaller_final_batch, shared_name,
                    name)  # fmt: skip


# -- the queues -----------------------------------------------------------------------------------


class _Fifo:
    """How `tf.train.batch` makes its queue, and says how full it is."""

    def __init__(self, capacity, kind=FIFOQueue):
        self.capacity, self.kind = capacity, kind

    def check(self):
        """ValueError for a capacity that is too small."""

    def made(self, dtypes, shapes, shared_name):
        return self.kind(self.capacity, dtypes, shapes, shared_name=shared_name)

    def summarize(self, queue):
        scalar(f"fraction_of_{self.capacity}_full",
               cast(queue.size(), float32) * (1.0 / self.capacity))  # fmt: skip


def _fifo(capacity, dynamic_pad):
    return _Fifo(capacity, PaddingFIFOQueue if dynamic_pad else FIFOQueue)


class _Shuffled(_Fifo):
    """The same for `tf.train.shuffle_batch`."""

    def __init__(self, capacity, least, seed, checks=True):
        super().__init__(capacity)
        self.least, self.seed, self.checks = least, seed, checks

    def check(self):
        if self.checks and self.capacity <= self.least:
            raise ValueError(f"capacity {self.capacity} must be bigger than min_after_dequeue "
                             f"{self.least}.")  # fmt: skip

    def made(self, dtypes, shapes, shared_name):
        return RandomShuffleQueue(self.capacity, self.least, dtypes, shapes, seed=self.seed,
                                  shared_name=shared_name)  # fmt: skip

    def summarize(self, queue):
        room = self.capacity - self.least
        over = cast(maximum(0, queue.size() - self.least), float32) * (1.0 / room)
        scalar(f"fraction_over_{self.least}_of_{room}_full", over)


# -- what they have in common ---------------------------------------------------------------------


def _batched(sets, threads, batch_size, keep_input, kind, default_name, enqueue_many, shapes,
             smaller, shared_name, name):  # fmt: skip
    """Each of the `sets` of tensors is brought by so many `threads`."""
    if not sets:
        raise ValueError("Expected at least one set of tensors")
    lists = _in_order(sets)
    values = [tensor for listed in lists for tensor in listed]
    with name_scope(name, default_name, [*values, keep_input]) as scope:
        kind.check()
        lists = [_converted(listed) for listed in lists]
        keep_input = _checked_keep(keep_input, enqueue_many)
        lists, sparse = _without_sparse(lists, keep_input, enqueue_many)
        queue = kind.made(_types(lists), _shapes(lists, shapes, enqueue_many), shared_name)
        bring = [_bringing(queue, listed, enqueue_many, keep_input) for listed in lists]
        add_queue_runner(QueueRunner(queue, bring * threads))
        kind.summarize(queue)
        take = queue.dequeue_up_to if smaller else queue.dequeue_many
        return _like(sets[0], restored(take(batch_size, name=scope), sparse))


def _without_sparse(lists, keep_input, enqueue_many):
    """The tensors with numbers in place of SparseTensors, and how those of a set are stored."""
    first, sparse = stored(lists[0], keep_input, enqueue_many)
    found = [first]
    for listed in lists[1:]:
        more, others = stored(listed, keep_input, enqueue_many, sparse)
        check_alike(sparse, others, (lists[0], listed))
        found.append(more)
    return found, sparse


def _in_order(sets):
    """Each set of tensors as a list."""
    if not isinstance(sets[0], dict):
        return [list(each) if isinstance(each, (list, tuple)) else each for each in sets]
    if any(set(each) != set(sets[0]) for each in sets):
        raise ValueError("All dictionaries in tensors_list must have the same keys")
    return [[each[key] for key in sorted(each, key=str)] for each in sets]


def _like(original, dequeued):
    """What came out of the queue, in the structure of what was to go in."""
    if not isinstance(original, dict):
        return dequeued
    listed = [dequeued] if len(original) == 1 else dequeued
    return dict(zip(sorted(original, key=str), listed))


def _converted(values):
    tensors = [convert_to_tensor_or_indexed_slices(value) for value in values]
    if not tensors:
        raise ValueError("Expected at least one tensor in batch().")
    return tensors


def _checked_keep(keep_input, enqueue_many):
    keep_input = convert_to_tensor(keep_input)
    rank = keep_input.shape.ndims
    if rank is None:
        raise ValueError("`keep_input` dimensions must be known at graph construction.")
    if rank == 1 and not enqueue_many:
        raise ValueError("`keep_input` cannot be a vector when `enqueue_many=False`.")
    if rank > 1:
        raise ValueError("`keep_input` must be 0 or 1 dimensions.")
    return keep_input


def _types(lists):
    every = [[tensor.dtype for tensor in listed] for listed in lists]
    for types in every[1:]:
        if types != every[0]:
            one, other = (", ".join(t.name for t in each) for each in (every[0], types))
            raise TypeError(f"Expected types to be consistent: {one} vs. {other}.")
    return every[0]


def _shapes(lists, shapes, enqueue_many):
    """The shapes of the components: as given, or what is common to those of the tensors."""
    if shapes is not None:
        return shapes
    for tensor in (tensor for listed in lists for tensor in listed):
        if tensor.shape.ndims is None:
            raise ValueError(f"Cannot infer Tensor's rank: {tensor}")
    return [_merged([tensor.shape for tensor in column], enqueue_many) for column in zip(*lists)]


def _merged(shapes, enqueue_many):
    if enqueue_many:
        shapes = [shape.with_rank_at_least(1)[1:] for shape in shapes]
    for shape in shapes[1:]:
        TensorShape(shapes[0]).merge_with(shape)
    return shapes[0].as_list()


def _bringing(queue, tensors, enqueue_many, keep_input):
    """The operation that brings them, if they are to be kept."""
    bring = queue.enqueue_many if enqueue_many else queue.enqueue
    if keep_input.shape.ndims == 1:
        rows = cast(keep_input, int32)
        return bring([dynamic_partition(tensor, rows, 2)[1] for tensor in tensors])
    known = constant_value(keep_input)
    if known is None:
        return cond(keep_input, lambda: bring(tensors), no_op)
    return bring(tensors) if known else no_op()
