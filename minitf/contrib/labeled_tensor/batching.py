"""Batches of labeled tensors, by way of queues."""
from minitf.contrib.labeled_tensor.axes import Axes
from minitf.contrib.labeled_tensor.checks import optional
from minitf.contrib.labeled_tensor.tensor import ALL_LABELED, NAME, LabeledTensor, labeled_op
from minitf.train import batching


@labeled_op("batch")
def batch(labeled_tensors: ALL_LABELED, batch_size: int, num_threads: int = 1, capacity: int = 32,
          enqueue_many: bool = False, allow_smaller_final_batch: bool = False,
          name: NAME = None):  # fmt: skip
    """tf.train.batch: a list of tensors with an axis "batch" in front. With `enqueue_many` they
    have one already, ValueError without."""
    found = batching.batch(
        [each.tensor for each in labeled_tensors], batch_size, num_threads=num_threads,
        capacity=capacity, enqueue_many=enqueue_many,
        allow_smaller_final_batch=allow_smaller_final_batch, name=name,
    )  # fmt: skip
    size = None if allow_smaller_final_batch else batch_size
    return _labeled(found, labeled_tensors, size, enqueue_many)


@labeled_op("shuffle_batch")
def shuffle_batch(labeled_tensors: ALL_LABELED, batch_size: int, num_threads: int = 1,
                  capacity: int = 32, enqueue_many: bool = False, min_after_dequeue: int = 0,
                  seed: optional(int) = None, allow_smaller_final_batch: bool = False,
                  name: NAME = None):  # fmt: skip
    """tf.train.shuffle_batch: as `batch`, shuffled."""
    found = batching.shuffle_batch(
        [each.tensor for each in labeled_tensors], batch_size, num_threads=num_threads,
        capacity=capacity, enqueue_many=enqueue_many, min_after_dequeue=min_after_dequeue,
        seed=seed, allow_smaller_final_batch=allow_smaller_final_batch, name=name,
    )  # fmt: skip
    size = None if allow_smaller_final_batch else batch_size
    return _labeled(found, labeled_tensors, size, enqueue_many)


def _labeled(tensors, labeled_tensors, size, enqueue_many):
    tensors = tensors if isinstance(tensors, list) else [tensors]
    return [LabeledTensor(tensor, [("batch", size), *_rest(labeled.axes, enqueue_many)])
            for tensor, labeled in zip(tensors, labeled_tensors)]  # fmt: skip


def _rest(axes: Axes, enqueue_many):
    if not enqueue_many:
        return axes.values()
    if next(iter(axes), None) != "batch":
        raise ValueError("When enqueue_many is True, input tensors must have an axis called "
                         f'"batch" as their first dimension, but axes were {axes}')  # fmt: skip
    return axes.remove("batch").values()
