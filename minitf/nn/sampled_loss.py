"""Losses over a few of many classes: `tf.nn.nce_loss`, `tf.nn.sampled_softmax_loss`."""
import numpy as np

from minitf.core.dtypes import int32, int64
from minitf.core.graph import get_default_graph, name_scope
from minitf.nn.candidate_sampling import compute_accidental_hits, log_uniform_candidate_sampler
from minitf.nn.embedding import embedding_lookup
from minitf.nn.loss import (
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits_v2,
)
from minitf.ops.array.basics import ones, ones_like, reshape, shape, stop_gradient, zeros_like
from minitf.ops.array.indexing import scatter_nd
from minitf.ops.array.joining import concat, stack
from minitf.ops.array.slicing import slice_
from minitf.ops.linalg.products import matmul
from minitf.ops.math.elementwise import cast, log, mul
from minitf.ops.reduction.axes import expand_dims
from minitf.ops.state.partitioned import PartitionedVariable


def _sum_rows(x):
    """The sum of each row, as a product with ones."""
    columns = ones(stack([shape(x)[1], 1]), x.dtype)
    return reshape(matmul(x, columns), [-1])


def _sampled_logits(
    weights, biases, labels, inputs, num_sampled, num_classes, num_true, sampled_values,
    remove_accidental_hits, partition_strategy, name, seed=None,
):  # fmt: skip
    """(logits, labels) of the true classes and of those that are sampled: [batch, both]."""
    lists = (list, tuple, PartitionedVariable)
    weights = list(weights) if isinstance(weights, lists) else [weights]
    scope = name_scope(name, "compute_sampled_logits", [*weights, biases, inputs, labels])
    with scope:
        labels = cast(labels, int64)
        flat = reshape(labels, [-1])
        if sampled_values is None:
            sampled_values = log_uniform_candidate_sampler(
                labels, num_true, num_sampled, True, num_classes, seed
            )
        sampled, true_expected, sampled_expected = map(stop_gradient, sampled_values)
        sampled = cast(sampled, int64)
        true_logits, sampled_logits = _products(
            weights, biases, flat, sampled, inputs, num_true, partition_strategy
        )
        if remove_accidental_hits:
            sampled_logits += _lowest_at_hits(labels, sampled, num_true, num_sampled,
                                              sampled_logits.dtype)  # fmt: skip
        # Seeds count the nodes of TensorFlow, whose products are cut another way.
        get_default_graph()._surplus -= 1 if remove_accidental_hits else 3
        true_logits -= cast(log(true_expected), true_logits.dtype)
        sampled_logits -= cast(log(sampled_expected), sampled_logits.dtype)
        targets = concat([ones_like(true_logits) / num_true, zeros_like(sampled_logits)], 1)
        return concat([true_logits, sampled_logits], 1), targets


def _products(weights, biases, flat, sampled, inputs, num_true, strategy):
    """The logits of the true classes [batch, num_true] and of the sampled [batch, num_sampled]."""
    ids, count = concat([flat, sampled], 0), shape(flat)
    rows = cast(embedding_lookup(weights, ids, strategy), inputs.dtype)
    shifts = cast(embedding_lookup(biases, ids, strategy), inputs.dtype)
    true_rows = slice_(rows, [0, 0], stack([count[0], -1]))
    sampled_rows = slice_(rows, stack([count[0], 0]), [-1, -1])
    sampled_logits = matmul(inputs, sampled_rows, transpose_b=True)
    width = shape(true_rows)[1:2]
    true_rows = reshape(true_rows, concat([[-1, num_true], width], 0))
    products = reshape(mul(expand_dims(inputs, 1), true_rows), concat([[-1], width], 0))
    true_logits = reshape(_sum_rows(products), [-1, num_true])
    true_shift = reshape(slice_(shifts, [0], count), [-1, num_true])
    return true_logits + true_shift, sampled_logits + slice_(shifts, count, [-1])


def _lowest_at_hits(labels, sampled, num_true, num_sampled, dtype):
    """[batch, num_sampled]: the lowest number where a sampled class is a true one, else 0."""
    rows, places, weights = compute_accidental_hits(labels, sampled, num_true)
    sizes = concat([shape(labels)[:1], expand_dims(num_sampled, 0)], 0)
    where = stack([rows, cast(places, int32)], 1)
    hits = scatter_nd(where, ones_like(weights, dtype), sizes)
    return cast(hits > 0, dtype) * np.finfo(np.float32).min


def nce_loss(
    weights, biases, labels, inputs, num_sampled, num_classes, num_true=1, sampled_values=None,
    remove_accidental_hits=False, partition_strategy="mod", name="nce_loss",
):  # fmt: skip
    """The noise-contrastive loss of each row of `inputs`: can its true classes be told from
    `num_sampled` others?

    `weights` are [classes, width] (or a list of parts), `biases` [classes], `labels` [batch,
    num_true]. The others are `sampled_values`, what a candidate sampler returns, by default
    different ones of `log_uniform_candidate_sampler`. With `remove_accidental_hits`, those that are
    true classes do not count.
    """
    logits, targets = _sampled_logits(
        weights, biases, labels, inputs, num_sampled, num_classes, num_true, sampled_values,
        remove_accidental_hits, partition_strategy, name,
    )  # fmt: skip
    losses = sigmoid_cross_entropy_with_logits(
        labels=targets, logits=logits, name="sampled_losses"
    )
    return _sum_rows(losses)


def sampled_softmax_loss(
    weights, biases, labels, inputs, num_sampled, num_classes, num_true=1, sampled_values=None,
    remove_accidental_hits=True, partition_strategy="mod", name="sampled_softmax_loss", seed=None,
):  # fmt: skip
    """The cross-entropy of each row of `inputs`, the softmax going over its true classes and
    `num_sampled` others alone. The arguments are those of `nce_loss`."""
    logits, targets = _sampled_logits(
        weights, biases, labels, inputs, num_sampled, num_classes, num_true, sampled_values,
        remove_accidental_hits, partition_strategy, name, seed,
    )  # fmt: skip
    targets = stop_gradient(targets, name="labels_stop_gradient")
    return softmax_cross_entropy_with_logits_v2(labels=targets, logits=logits)
