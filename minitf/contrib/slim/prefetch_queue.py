"""`slim.prefetch_queue.prefetch_queue`: tensors computed ahead, in threads."""
from minitf.contrib.slim.parallel_reader import summarize_fullness
from minitf.core.graph import name_scope
from minitf.ops.queues.queue import FIFOQueue, PaddingFIFOQueue
from minitf.train.queue_runner import QueueRunner, add_queue_runner


def prefetch_queue(tensors, capacity=8, num_threads=1, dynamic_pad=False, shared_name=None,
                   name=None):  # fmt: skip
    """A queue of `capacity` elements, each what the tensors (a list, or a dictionary) have been.

    With `dynamic_pad` their shapes need not be known, and `dequeue_many` makes them equal.
    """
    names = sorted(tensors) if isinstance(tensors, dict) else None
    listed = tensors if names is None else [tensors[each] for each in names]
    with name_scope(name, "prefetch_queue", listed):
        kind = PaddingFIFOQueue if dynamic_pad else FIFOQueue
        queue = kind(
            capacity=capacity,
            dtypes=[tensor.dtype for tensor in listed],
            shapes=[tensor.get_shape() for tensor in listed],
            names=names,
            shared_name=shared_name,
        )
        add_queue_runner(QueueRunner(queue, [queue.enqueue(tensors)] * num_threads))
        summarize_fullness(queue, capacity)
        return queue
