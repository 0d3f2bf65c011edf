"""Elements of classes as often as they are wanted: `tf.data.experimental.rejection_resample`."""

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32, int64
from minitf.data.dataset import Dataset
from minitf.data.experimental.transformations import scan, unbatch
from minitf.data.interleaving import sample_from_datasets
from minitf.ops.array.basics import fill
from minitf.ops.array.basics import shape as shape_of
from minitf.ops.array.indexing import gather
from minitf.ops.array.one_hot import one_hot
from minitf.ops.array.padding import tile
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.control import Print
from minitf.ops.math.elementwise import add_op, cast, less
from minitf.ops.math.operators import truediv
from minitf.ops.random.draws import random_uniform
from minitf.ops.reduction.axes import expand_dims
from minitf.ops.reduction.reduce import reduce_max, reduce_min, reduce_sum

BATCH, SMOOTHING = 32, 10  # elements after which the estimate changes, and what it begins with


def rejection_resample(class_func, target_dist, initial_dist=None, seed=None):
    """A transformation: (class, element) for some of the elements, chosen at random so that classes
    come as often as `target_dist` says.

    `class_func(element)` is a scalar of int32. `initial_dist` says how often they come in the
    dataset; without it that is estimated along the way.
    """

    def apply(dataset):
        target = convert_to_tensor(target_dist, name="target_dist")
        classes = dataset.map(class_func)
        if initial_dist is None:
            initial_ds = _estimates(target, classes)
            both = initial_ds.map(lambda initial: _acceptance(initial, target))
            accepted_ds = both.map(lambda accepted, _: accepted)
            original_ds = both.map(lambda _, original: original)
            always = None
        else:
            initial = convert_to_tensor(initial_dist, name="initial_dist")
            accepted, original = _acceptance(initial, target)
            initial_ds, accepted_ds, original_ds = (
                Dataset.from_tensors(value).repeat() for value in (initial, accepted, original)
            )
            always = _known_share(initial, target)
        chosen = _chosen(dataset, accepted_ds, initial_ds, classes, seed).prefetch(3)
        if always == 1:
            return Dataset.zip((classes, dataset))
        if always == 0:
            return chosen
        weights = original_ds.map(lambda share: [(share, 1.0 - share)])
        return sample_from_datasets([Dataset.zip((classes, dataset)), chosen], weights, seed)

    return apply


def _known_share(initial, target):
    """The share of elements that are taken as they come, where it is known."""
    known = [tensor._value for tensor in (initial, target)]
    return None if any(value is None for value in known) else np.min(known[1] / known[0])


def _acceptance(initial, target):
    """How likely each class is accepted, and the share of elements that are taken as they come."""
    ratio = target / (initial + np.finfo(initial.dtype.as_numpy_dtype).tiny)
    highest, lowest = reduce_max(ratio), reduce_min(ratio)
    return (ratio - lowest) / (highest - lowest), lowest


def _chosen(dataset, accepted_ds, initial_ds, classes, seed):
    accepted_ds = Dataset.zip((accepted_ds, initial_ds)).map(_warned)
    triples = Dataset.zip((classes, accepted_ds, dataset)).map(
        lambda kind, accepted, data: (kind, gather(accepted, kind), data)
    )
    kept = triples.filter(lambda kind, share, data: random_uniform([], seed=seed) < share)
    return kept.map(lambda kind, share, data: (kind, data))


def _warned(accepted, initial):
    rejected = reduce_sum((1 - accepted) * initial)
    return cond(
        less(rejected, 0.5),
        lambda: accepted,
        lambda: Print(
            accepted, [rejected, initial, accepted], summarize=100, first_n=10,
            message="Proportion of examples rejected by sampler is high: ",
        ),
    )


def _estimates(target, classes):
    """How often classes come, as far as that has been seen."""
    count = target.shape[0].value or shape_of(target)[0]
    seen = fill([count], np.int64(SMOOTHING))

    def updated(seen, some):
        hot = one_hot(some, seen.get_shape()[0].value, dtype=int64)
        seen = add_op(seen, reduce_sum(hot, 0))
        share = cast(truediv(seen, reduce_sum(seen)), float32)
        return seen, tile(expand_dims(share, 0), [BATCH, 1])

    return classes.batch(BATCH).apply(scan(seen, updated)).apply(unbatch())
