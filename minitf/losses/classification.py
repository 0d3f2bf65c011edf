"""Losses of classifiers: `tf.losses.softmax_cross_entropy`, `tf.losses.log_loss`, ..."""
from minitf.core.convert import convert_to_tensor
from minitf.core.graph_keys import GraphKeys
from minitf.losses.weighted import Reduction, as_floats, compute_weighted_loss, loss_scope
from minitf.nn.activation import relu
from minitf.nn.loss import (
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits_v2,
    sparse_softmax_cross_entropy_with_logits,
)
from minitf.ops.array.basics import ones_like, shape, stop_gradient
from minitf.ops.math.elementwise import cast, log, mul, sub
from minitf.ops.reduction.axes import squeeze
from minitf.ops.reduction.confusion import remove_squeezable_dimensions, without_last_axis


def hinge_loss(
    labels, logits, weights=1.0, scope=None, loss_collection=GraphKeys.LOSSES,
    reduction=Reduction.SUM_BY_NONZERO_WEIGHTS,
):  # fmt: skip
    """max(0, 1 - logits) where the label is 1, max(0, 1 + logits) where it is 0.

    Weighted and reduced as `compute_weighted_loss` does. ValueError when one is None or the
    shapes differ.
    """
    with loss_scope(scope, "hinge_loss", weights, labels=labels, logits=logits) as scope:
        labels, logits = as_floats(labels, logits)
        ones = ones_like(labels)
        labels = sub(2 * labels, ones)
        losses = relu(sub(ones, mul(labels, logits)))
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def log_loss(
    labels, predictions, weights=1.0, epsilon=1e-7, scope=None, loss_collection=GraphKeys.LOSSES,
    reduction=Reduction.SUM_BY_NONZERO_WEIGHTS,
):  # fmt: skip
    """-log of what `predictions`, probabilities, give the labels, 0 or 1; `epsilon` is added to
    what logarithms are taken of.

    Weighted and reduced as `compute_weighted_loss` does. ValueError when one is None or the
    shapes differ.
    """
    tensors = {"labels": labels, "predictions": predictions}
    with loss_scope(scope, "log_loss", weights, **tensors) as scope:
        labels, predictions = as_floats(labels, predictions)
        positive = -mul(labels, log(predictions + epsilon))
        losses = positive - mul(1 - labels, log(1 - predictions + epsilon))
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def sigmoid_cross_entropy(
    multi_class_labels, logits, weights=1.0, label_smoothing=0, scope=None,
    loss_collection=GraphKeys.LOSSES, reduction=Reduction.SUM_BY_NONZERO_WEIGHTS,
):  # fmt: skip
    """The cross-entropy of the labels and sigmoid(logits), element by element.

    With `label_smoothing` s, labels move towards 1/2: `labels * (1 - s) + s / 2`. Weighted and
    reduced as `compute_weighted_loss` does. ValueError when one is None or the shapes differ.
    """
    tensors = {"multi_class_labels": multi_class_labels, "logits": logits}
    with loss_scope(scope, "sigmoid_cross_entropy_loss", weights, **tensors) as scope:
        labels, logits = _as_logits(multi_class_labels, logits)
        if label_smoothing > 0:
            labels = labels * (1 - label_smoothing) + 0.5 * label_smoothing
        losses = sigmoid_cross_entropy_with_logits(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def softmax_cross_entropy(
    onehot_labels, logits, weights=1.0, label_smoothing=0, scope=None,
    loss_collection=GraphKeys.LOSSES, reduction=Reduction.SUM_BY_NONZERO_WEIGHTS,
):  # fmt: skip
    """The cross-entropy of the labels, probabilities of classes, and softmax(logits).

    With `label_smoothing` s, labels move towards equal ones: `labels * (1 - s) + s / classes`.
    The labels are held constant by tf.gradients. Weighted and reduced as `compute_weighted_loss`
    does. ValueError when one is None or the shapes differ.
    """
    tensors = {"onehot_labels": onehot_labels, "logits": logits}
    with loss_scope(scope, "softmax_cross_entropy_loss", weights, **tensors) as scope:
        labels, logits = _as_logits(onehot_labels, logits)
        if label_smoothing > 0:
            classes = cast(shape(labels)[-1], logits.dtype)
            kept, spread = 1.0 - label_smoothing, label_smoothing / classes
            labels = labels * kept + spread
        labels = stop_gradient(labels, name="labels_stop_gradient")
        losses = softmax_cross_entropy_with_logits_v2(labels, logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def _as_logits(labels, logits):
    """(labels, logits) in the logits' type. ValueError when the shapes differ."""
    logits = convert_to_tensor(logits)
    labels = cast(labels, logits.dtype)
    logits.shape.assert_is_compatible_with(labels.shape)
    return labels, logits


def sparse_softmax_cross_entropy(
    labels, logits, weights=1.0, scope=None, loss_collection=GraphKeys.LOSSES,
    reduction=Reduction.SUM_BY_NONZERO_WEIGHTS,
):  # fmt: skip
    """The cross-entropy of softmax(logits) and the classes numbered by `labels`.

    Labels, and weights, may have one axis of size 1 more than they need. Weighted and reduced as
    `compute_weighted_loss` does. ValueError when one is None or the shapes do not fit.
    """
    tensors = {"labels": labels, "logits": logits}
    with loss_scope(scope, "sparse_softmax_cross_entropy_loss", weights, **tensors) as scope:
        labels, logits = remove_squeezable_dimensions(labels, logits, expected_rank_diff=1)
        weights = _like_labels(convert_to_tensor(weights), labels)
        losses = sparse_softmax_cross_entropy_with_logits(
            labels=labels, logits=logits, name="xentropy"
        )
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def _like_labels(weights, labels):
    """The weights without the last axis when they have one more than the labels."""
    if weights._shape is None or labels._shape is None:
        return without_last_axis(weights, labels, excess=1)
    return squeeze(weights, [-1]) if len(weights._shape) == len(labels._shape) + 1 else weights
