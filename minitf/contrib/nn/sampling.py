"""Losses over some of many classes: `tf.contrib.nn.rank_sampled_softmax_loss`,
`sampled_sparse_softmax_loss`."""
from minitf.core.dtypes import int64
from minitf.core.graph import name_scope
from minitf.nn.candidate_sampling import learned_unigram_candidate_sampler
from minitf.nn.embedding import embedding_lookup
from minitf.nn.loss import sparse_softmax_cross_entropy_with_logits
from minitf.nn.sampled_loss import _sampled_logits, sampled_softmax_loss
from minitf.nn.top import top_k
from minitf.ops.array.basics import reshape, shape, stop_gradient, zeros
from minitf.ops.array.indexing import gather
from minitf.ops.linalg.products import matmul
from minitf.ops.math.elementwise import cast
from minitf.ops.reduction.reduce import reduce_logsumexp


def rank_sampled_softmax_loss(
    weights, biases, labels, inputs, num_sampled, num_resampled, num_classes, num_true,
    sampled_values, resampling_temperature, remove_accidental_hits, partition_strategy, name=None,
):  # fmt: skip
    """`tf.nn.sampled_softmax_loss` over `num_resampled` of `num_sampled` classes: those with the
    greatest logsumexp of logits / `resampling_temperature` over the batch.

    Classes are drawn by `learned_unigram_candidate_sampler` unless `sampled_values` are given.
    ValueError for numbers that do not decrease, or another strategy than "div" and "mod".
    """
    if num_sampled > num_classes:
        raise ValueError(f"num_sampled ({num_sampled}) cannot be greater than num_classes "
                         f"({num_classes})")  # fmt: skip
    if num_sampled <= num_resampled:
        raise ValueError(f"num_resampled ({num_resampled}) must be less than num_sampled "
                         f"({num_sampled})")  # fmt: skip
    if partition_strategy not in ("div", "mod"):
        raise ValueError(f"unsupported partition_strategy ({partition_strategy})")
    with name_scope(name, "rank_sampled_softmax_loss") as scope:
        if not sampled_values:
            sampled_values = learned_unigram_candidate_sampler(
                true_classes=labels, num_true=num_true, num_sampled=num_sampled, unique=True,
                range_max=num_classes,
            )  # fmt: skip
        sampled, true_expected, expected = map(stop_gradient, sampled_values)
        sampled = cast(sampled, int64)
        rows = embedding_lookup(weights, sampled, partition_strategy)
        logits = reduce_logsumexp(
            matmul(rows, inputs / resampling_temperature, transpose_b=True), axis=1
        )
        biases_of = reshape(embedding_lookup(biases, sampled, partition_strategy), [-1])
        _, best = top_k(logits + biases_of / resampling_temperature, k=num_resampled, sorted=False)
        return sampled_softmax_loss(
            weights=weights, biases=biases, labels=labels, inputs=inputs,
            num_sampled=num_resampled, num_classes=num_classes, num_true=num_true,
            sampled_values=(gather(sampled, best), true_expected, gather(expected, best)),
            remove_accidental_hits=remove_accidental_hits, partition_strategy=partition_strategy,
            name=scope,
        )  # fmt: skip


def sampled_sparse_softmax_loss(
    weights, biases, labels, inputs, num_sampled, num_classes, sampled_values=None,
    remove_accidental_hits=True, partition_strategy="mod", name="sampled_sparse_softmax_loss",
):  # fmt: skip
    """`tf.nn.sampled_softmax_loss` of one true class for each row, `labels` [batch, 1]: [batch]."""
    logits, _ = _sampled_logits(
        weights, biases, labels, inputs, num_sampled, num_classes, 1, sampled_values,
        remove_accidental_hits, partition_strategy, name,
    )  # fmt: skip
    first = zeros([shape(logits)[0]], dtype=int64)
    return sparse_softmax_cross_entropy_with_logits(labels=first, logits=logits)
