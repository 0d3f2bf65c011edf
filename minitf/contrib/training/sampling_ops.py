"""Batches of some of the examples: `tf.contrib.training.rejection_sample`, `stratified_sample`."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32, int64
from minitf.core.graph import name_scope
from minitf.core.indexed_slices import convert_to_tensor_or_indexed_slices
from minitf.ops.array.basics import identity, shape, zeros_like
from minitf.ops.array.indexing import gather
from minitf.ops.array.one_hot import one_hot
from minitf.ops.array.rearrange import where_v2
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.check import (
    assert_equal,
    assert_less,
    assert_less_equal,
    assert_non_negative,
    assert_positive,
)
from minitf.ops.control_flow.check_static import assert_integer
from minitf.ops.control_flow.control import Assert, Print, with_dependencies
from minitf.ops.math.elementwise import cast, equal, is_nan, less, logical_or, not_equal
from minitf.ops.math.operators import truediv
from minitf.ops.random.draws import random_uniform
from minitf.ops.reduction.axes import expand_dims, squeeze
from minitf.ops.reduction.reduce import reduce_all, reduce_max, reduce_sum
from minitf.ops.state.variable_scope import variable_scope
from minitf.ops.state.variables import Variable
from minitf.train.batching import batch, maybe_batch


def rejection_sample(tensors, accept_prob_fn, batch_size, queue_threads=1, enqueue_many=False,
                     prebatch_capacity=16, prebatch_threads=1, runtime_checks=False, name=None):
    """Batches of the examples that are kept with the probability `accept_prob_fn(tensors)`.

    `tensors` are those of one example, or with `enqueue_many` of several. `runtime_checks` looks
    whether it is a probability. A list of tensors with `batch_size` rows.
    """
    with variable_scope(name, "rejection_sample", tensors):
        listed = [convert_to_tensor_or_indexed_slices(tensor) for tensor in tensors]
        if enqueue_many:
            listed = _singly(_checked_batch(listed), prebatch_threads, prebatch_capacity)
        keep = accept_prob_fn(listed)
        if runtime_checks:
            checks = [assert_less_equal(0.0, keep), assert_less_equal(keep, 1.0)]
            keep = identity(with_dependencies(checks, keep), name="prob_with_checks")
        found = maybe_batch(listed, random_uniform([]) < keep, batch_size, queue_threads)
        return found if isinstance(found, list) else [found]


def _singly(tensors, threads, capacity):
    """One example after another, out of batches of them."""
    found = batch(tensors, 1, threads, capacity, enqueue_many=True)
    return [squeeze(each, [0]) for each in (found if isinstance(found, list) else [found])]


def _checked_batch(tensors):
    for tensor in tensors:
        rows = tensor.get_shape().with_rank_at_least(1)[0]
        rows.assert_is_compatible_with(tensors[0].get_shape()[0])
    return tensors


def stratified_sample(tensors, labels, target_probs, batch_size, init_probs=None,
                      enqueue_many=False, queue_capacity=16, threads_per_queue=1, name=None):
    """(batches of tensors, their labels), in which classes have the parts `target_probs`.

    Examples are dropped for it, according to `init_probs`, the parts that classes have in the data,
    which are counted where that is None. ValueError for shapes that do not fit; in the run
    InvalidArgumentError for what are no probabilities, or labels that are no classes.
    """
    with name_scope(name, "stratified_sample", [*tensors, labels]):
        listed = [convert_to_tensor_or_indexed_slices(tensor) for tensor in tensors]
        labels = convert_to_tensor(labels)
        target = convert_to_tensor(target_probs, float32)
        if not enqueue_many:
            listed, labels = [expand_dims(t, 0) for t in listed], expand_dims(labels, 0)
        if init_probs is None:
            target.get_shape().assert_is_fully_defined()
            initial = _estimated(labels, target.get_shape().num_elements())
        else:
            initial = convert_to_tensor(init_probs, float32)
        initial, target = _checked_probabilities(initial), _checked_probabilities(target)
        classes = _common_length(initial, target)
        listed, labels = _checked_rows(listed, labels, classes)
        accept = _warned(_accepted(_possible(initial, target), target), initial)
        *values, label = _singly([*listed, labels], threads_per_queue, queue_capacity)
        keep = random_uniform([]) < gather(accept, label)
        found = maybe_batch([*values, label], keep, batch_size, threads_per_queue)
        return found[:-1], found[-1]


def _estimated(labels, num_classes, smoothing_constant=10):
    """The part of each class in the labels of all runs, counted in a variable."""
    seen = Variable([smoothing_constant] * num_classes, trainable=False, name="class_count",
                    dtype=int64)  # fmt: skip
    seen = seen.assign_add(reduce_sum(one_hot(labels, num_classes, dtype=int64), 0))
    return cast(truediv(seen, reduce_sum(seen)), float32)


def _checked_probabilities(probs):
    probs.get_shape().assert_is_fully_defined()
    probs.get_shape().assert_has_rank(1)
    total, tolerance = reduce_sum(probs), 1e-6
    return with_dependencies([assert_non_negative(probs), assert_less(total, 1.0 + tolerance),
                              assert_less(1.0 - tolerance, total)], probs)  # fmt: skip


def _common_length(initial, target):
    if initial.shape[0].value != target.shape[0].value:
        raise ValueError("Probability parameters must have the same length.")
    return initial.shape[0].value


def _checked_rows(tensors, labels, classes):
    labels.get_shape().assert_has_rank(1)
    for tensor in tensors:
        rows = tensor.get_shape().with_rank_at_least(1)[0]
        rows.assert_is_compatible_with(labels.get_shape()[0])
    count = shape(labels)[0]
    some = assert_positive(count)
    tensors = [with_dependencies([some, assert_equal(shape(t)[0], count)], t) for t in tensors]
    of_classes = [some, assert_integer(labels), assert_non_negative(labels),
                  assert_less(labels, cast(classes, labels.dtype))]  # fmt: skip
    return tensors, with_dependencies([c for c in of_classes if c is not None], labels)


def _possible(initial, target):
    """The parts in the data, where no class is asked for that is not there."""
    fits = reduce_all(logical_or(not_equal(initial, 0), equal(target, 0)))
    check = Assert(fits, ["All classes with zero initial probability must also have zero target "
                          "probability: ", initial, target])  # fmt: skip
    return with_dependencies([check], initial)


def _accepted(initial, target):
    """How probably an example of each class is kept: 1 for the class that is wanted the most."""
    ratio = target / initial
    ratio = where_v2(is_nan(ratio), zeros_like(ratio), ratio)
    return ratio / reduce_max(ratio)


def _warned(accept, initial):
    rejected = reduce_sum((1 - accept) * initial)
    said = "Proportion of examples rejected by sampler is high."
    return cond(less(rejected, 0.5), lambda: accept,
                lambda: Print(accept, [accept], message=said, first_n=10))  # fmt: skip
