"""`tf.contrib.losses.metric_learning`: losses that bring embeddings of one class together."""
import numpy as np

from minitf.contrib.losses import clusters
from minitf.core.dtypes import float32, int32
from minitf.core.graph import name_scope
from minitf.core.sparse_tensor import SparseTensor
from minitf.nn.loss import softmax_cross_entropy_with_logits
from minitf.ops.array.basics import ones, ones_like, reshape, shape, size
from minitf.ops.array.indexing import gather
from minitf.ops.array.joining import stack
from minitf.ops.array.masks import where
from minitf.ops.array.padding import tile
from minitf.ops.array.unique import unique
from minitf.ops.control_flow.control import Print, py_func
from minitf.ops.linalg.diagonal import matrix_diag as diag
from minitf.ops.linalg.products import matmul
from minitf.ops.math.elementwise import (
    cast,
    equal,
    exp,
    greater,
    less_equal,
    log,
    logical_and,
    logical_not,
    maximum,
    sqrt,
    square,
    squared_difference,
)
from minitf.ops.math.elementwise import mul as multiply
from minitf.ops.math.operators import truediv
from minitf.ops.reduction.axes import expand_dims, squeeze, transpose
from minitf.ops.reduction.reduce import reduce_max, reduce_mean, reduce_min, reduce_sum
from minitf.ops.reduction.unsorted_segments import unsorted_segment_min
from minitf.ops.sparse.math import sparse_minimum
from minitf.ops.sparse.reduce import sparse_reduce_sum
from minitf.summary.numeric import scalar


def pairwise_distance(feature, squared=False):
    """The distances [n, n] between the rows of `feature` [n, size], zeros on the diagonal."""
    norms = reduce_sum(square(feature), axis=[1], keepdims=True)
    across = reduce_sum(square(transpose(feature)), axis=[0], keepdims=True)
    found = maximum(norms + across - 2.0 * matmul(feature, transpose(feature)), 0.0)
    none = less_equal(found, 0.0)
    if not squared:
        found = sqrt(found + cast(none, float32) * 1e-16)  # the root has no slope at 0
    found *= cast(logical_not(none), float32)
    return found * (ones_like(found) - diag(ones([shape(feature)[0]])))


def contrastive_loss(labels, embeddings_anchor, embeddings_positive, margin=1.0):
    """The mean of the squared distances of pairs that belong together (label 1), and of what the
    others (label 0) are nearer than `margin`, squared.

    `labels` are [n], embeddings [n, size].
    """
    distances = sqrt(reduce_sum(squared_difference(embeddings_anchor, embeddings_positive), 1))
    labels = cast(labels, distances.dtype)
    near = labels * square(distances)
    far = (1.0 - labels) * square(maximum(margin - distances, 0.0))
    return reduce_mean(near + far, name="contrastive_loss")


def _as_column(labels):
    """`labels` [n] as [n, 1]. AssertionError for another rank."""
    sizes = shape(labels)
    assert sizes.shape == 1
    return reshape(labels, [sizes[0], 1])


def _masked_maximum(data, mask, axis=1):
    least = reduce_min(data, axis, keepdims=True)
    return reduce_max((data - least) * mask, axis, keepdims=True) + least


def _masked_minimum(data, mask, axis=1):
    most = reduce_max(data, axis, keepdims=True)
    return reduce_min((data - most) * mask, axis, keepdims=True) + most


def _pairs(adjacency, count):
    """1 for two different rows of one class."""
    return cast(adjacency, float32) - diag(ones([count]))


def triplet_semihard_loss(labels, embeddings, margin=1.0):
    """By how much, on average, a row is not nearer by `margin` to one of its class than to the
    nearest of another class that is farther away; without one, to the farthest (FaceNet).

    `labels` are integers [n], `embeddings` [n, size], each of length 1.
    """
    labels = _as_column(labels)
    distances = pairwise_distance(embeddings, squared=True)
    adjacency = equal(labels, transpose(labels))
    apart, count = logical_not(adjacency), size(labels)
    tiled = tile(distances, [count, 1])
    farther = greater(tiled, reshape(transpose(distances), [-1, 1]))
    mask = logical_and(tile(apart, [count, 1]), farther)
    some = greater(reduce_sum(cast(mask, float32), 1, keepdims=True), 0.0)
    some = transpose(reshape(some, [count, count]))
    outside = transpose(reshape(_masked_minimum(tiled, cast(mask, float32)), [count, count]))
    inside = tile(_masked_maximum(distances, cast(apart, float32)), [1, count])
    losses = margin + (distances - where(some, outside, inside))
    pairs = _pairs(adjacency, count)
    total = reduce_sum(maximum(losses * pairs, 0.0))
    return truediv(total, reduce_sum(pairs), name="triplet_semihard_loss")


def npairs_loss(
    labels, embeddings_anchor, embeddings_positive, reg_lambda=0.002, print_losses=False
):
    """The cross entropy of each anchor's products with all positives, whose classes are to be its
    own, plus `reg_lambda` / 4 times the mean squared lengths (Sohn 2016).

    `labels` are [n], embeddings [n, size], not normalized; `print_losses` prints both parts.
    """
    labels = _as_column(labels)
    same = cast(equal(labels, transpose(labels)), float32)
    return _npairs(same, embeddings_anchor, embeddings_positive, reg_lambda, print_losses)


def _npairs(same, anchor, positive, reg_lambda, print_losses):
    lengths = [reduce_mean(reduce_sum(square(each), 1)) for each in (anchor, positive)]
    l2loss = multiply(0.25 * reg_lambda, lengths[0] + lengths[1], name="l2loss")
    products = matmul(anchor, positive, transpose_a=False, transpose_b=True)
    targets = same / reduce_sum(same, 1, keepdims=True)
    entropy = softmax_cross_entropy_with_logits(logits=products, labels=targets)
    entropy = reduce_mean(entropy, name="xentropy")
    if print_losses:
        entropy = Print(entropy, ["cross entropy:", entropy, "l2loss:", l2loss])
    return l2loss + entropy


def npairs_loss_multilabel(
    sparse_labels, embeddings_anchor, embeddings_positive, reg_lambda=0.002, print_losses=False
):
    """`npairs_loss` of rows with several labels: two rows belong together by how many they share.

    `sparse_labels` is a list of a SparseTensor [1, classes] for each row. TypeError for others.
    """
    if not all(isinstance(each, SparseTensor) for each in sparse_labels):
        raise TypeError(
            f"sparse_labels must be a list of SparseTensors, but got {sparse_labels}"
        )
    with name_scope("NpairsLossMultiLabel"):
        shared = stack([stack([_shared(one, other) for other in sparse_labels])
                        for one in sparse_labels])  # fmt: skip
        return _npairs(shared, embeddings_anchor, embeddings_positive, reg_lambda, print_losses)


def _shared(one, other):
    """How many labels two rows share."""
    return cast(sparse_reduce_sum(sparse_minimum(one, other)), float32)


def lifted_struct_loss(labels, embeddings, margin=1.0):
    """A loss over all pairs of a batch: each pair of one class against all rows of others that
    either is near to (Song et al. 2016).

    `labels` are integers [n], `embeddings` [n, size], not normalized.
    """
    labels = _as_column(labels)
    distances = pairwise_distance(embeddings)
    adjacency = equal(labels, transpose(labels))
    mask, count, diff = cast(logical_not(adjacency), float32), size(labels), margin - distances
    greatest = _masked_maximum(diff, mask)
    greatest = maximum(greatest, transpose(greatest))
    column = reshape(transpose(greatest), [-1, 1])
    powers = exp(tile(diff, [count, 1]) - column) * tile(mask, [count, 1])
    left = reshape(reduce_sum(powers, 1, keepdims=True), [count, count])
    losses = greatest + log(left + transpose(left)) + distances
    pairs = _pairs(adjacency, count)
    total = 0.25 * reduce_sum(square(maximum(losses * pairs, 0.0)))
    return truediv(total, reduce_sum(pairs) / 2.0, name="liftedstruct_loss")


def cluster_loss(labels, embeddings, margin_multiplier, enable_pam_finetuning=True,
                 margin_type="nmi", print_losses=False):  # fmt: skip
    """By how much a clustering that is wrong beats that by the labels (Song et al. 2017).

    As many rows as there are classes are chosen as middles, the ones that are near all rows and
    whose clusters differ from the labels, weighted by `margin_multiplier`;
    `enable_pam_finetuning` then betters them. `margin_type` says how clusters are compared with
    labels: "nmi" or "vmeasure" (normalized mutual information), "ami" (adjusted for chance),
    "ari" (adjusted Rand index) or "const" (1 where all are right). `labels` are [n], `embeddings`
    [n, size]. ValueError for another type.
    """
    if margin_type not in clusters.SCORES:
        raise ValueError(f"Unrecognized margin_type: {margin_type}")
    distances, labels = pairwise_distance(embeddings), squeeze(labels)

    def choose(distances, labels):
        chosen = clusters.Choice(distances, labels, margin_multiplier, margin_type)
        middles = chosen.better(chosen.found()) if enable_pam_finetuning else chosen.found()
        predicted = clusters.assigned(distances, middles)
        return middles, np.float32(clusters.SCORES[margin_type](labels, predicted))

    middles, score = py_func(choose, [distances, labels], [int32, float32])
    middles.set_shape([None])
    score.set_shape([])
    found = -1.0 * reduce_sum(reduce_min(gather(distances, middles), axis=0))
    truth = _score_of_labels(distances, labels)
    loss = maximum(found + margin_multiplier * (1.0 - score) - truth, 0.0, name="clustering_loss")
    loss.set_shape([])
    if print_losses:
        loss = Print(loss, ["clustering_loss: ", loss, shape(loss)])
    scalar("losses/score_pred", found)
    scalar(f"losses/{margin_type}", score)
    scalar("losses/score_gt", truth)
    return loss


def _score_of_labels(distances, labels):
    """Minus the distances of all rows to the best middle of their class."""
    same = cast(equal(expand_dims(labels, 1), expand_dims(labels, 0)), float32)
    within = reduce_sum(distances * same, 0)  # of each row to all of its class
    _, classes = unique(labels)
    best = unsorted_segment_min(within, classes, reduce_max(classes) + 1)
    return -1.0 * reduce_sum(best)
