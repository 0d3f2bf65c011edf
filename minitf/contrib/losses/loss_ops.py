"""The losses of `tf.contrib.losses`: each is weighted as `compute_weighted_loss` says."""
from contextlib import contextmanager

from minitf.contrib.losses.weighted import (
    add_loss,
    compute_weighted_loss,
    num_present,
    scale_losses,
)
from minitf.core.convert import convert_to_tensor
from minitf.core.deprecation import renamed
from minitf.core.dtypes import float32
from minitf.core.graph import name_scope
from minitf.nn.activation import relu
from minitf.nn.loss import (
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits,
    sparse_softmax_cross_entropy_with_logits,
)
from minitf.ops.array.basics import ones_like, reshape, shape, zeros_like
from minitf.ops.array.masks import where
from minitf.ops.math.elementwise import cast, log, mul, square, squared_difference, sub
from minitf.ops.math.operators import abs as absolute
from minitf.ops.math.operators import div_no_nan
from minitf.ops.reduction.reduce import reduce_sum


@contextmanager
def _scope(scope, default_name, predictions, labels, *weights):
    """The name scope of a loss. ValueError where the two shapes differ."""
    with name_scope(scope, default_name, [predictions, labels, *weights]) as path:
        predictions.get_shape().assert_is_compatible_with(labels.get_shape())
        yield path


def _floats(*tensors):
    return [cast(tensor, float32) for tensor in tensors]


def absolute_difference(predictions, labels=None, weights=1.0, scope=None):
    """|predictions - labels|."""
    with _scope(scope, "absolute_difference", predictions, labels, weights) as scope:
        predictions, labels = _floats(predictions, labels)
        return compute_weighted_loss(absolute(sub(predictions, labels)), weights, scope=scope)


def sigmoid_cross_entropy(logits, multi_class_labels, weights=1.0, label_smoothing=0, scope=None):
    """The cross-entropy of the labels and sigmoid(logits), element by element.

    With `label_smoothing` s, labels move towards 1/2: `labels * (1 - s) + s / 2`.
    """
    name, labels = "sigmoid_cross_entropy_loss", multi_class_labels
    with _scope(scope, name, logits, labels, weights) as scope:
        labels = cast(labels, logits.dtype)
        if label_smoothing > 0:
            labels = labels * (1 - label_smoothing) + 0.5 * label_smoothing
        losses = sigmoid_cross_entropy_with_logits(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope=scope)


def softmax_cross_entropy(logits, onehot_labels, weights=1.0, label_smoothing=0, scope=None):
    """The cross-entropy of the labels and softmax(logits), example by example.

    With `label_smoothing` s, labels move towards 1 / classes: `labels * (1 - s) + s / classes`.
    """
    name = "softmax_cross_entropy_loss"
    with _scope(scope, name, logits, onehot_labels, weights) as scope:
        labels = cast(onehot_labels, logits.dtype)
        if label_smoothing > 0:
            classes = cast(shape(labels)[1], logits.dtype)
            labels = labels * (1.0 - label_smoothing) + label_smoothing / classes
        losses = softmax_cross_entropy_with_logits(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope=scope)


def sparse_softmax_cross_entropy(logits, labels, weights=1.0, scope=None):
    """The cross-entropy of the labels [batch] or [batch, 1], classes, and softmax(logits)."""
    with name_scope(scope, "sparse_softmax_cross_entropy_loss", [logits, labels, weights]) as scope:
        labels = reshape(labels, shape=[shape(labels)[0]])
        losses = sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits,
                                                          name="xentropy")  # fmt: skip
        return compute_weighted_loss(losses, weights, scope=scope)


def log_loss(predictions, labels=None, weights=1.0, epsilon=1e-7, scope=None):
    """-log of what `predictions`, probabilities, give the labels, 0 or 1; `epsilon` is added to
    what logarithms are taken of."""
    with _scope(scope, "log_loss", predictions, labels, weights) as scope:
        predictions, labels = _floats(predictions, labels)
        positive = -mul(labels, log(predictions + epsilon))
        losses = positive - mul(1 - labels, log(1 - predictions + epsilon))
        return compute_weighted_loss(losses, weights, scope=scope)


def hinge_loss(logits, labels=None, scope=None):
    """max(0, 1 - logits) where the label is 1, max(0, 1 + logits) where it is 0: a tensor, in no
    collection."""
    with _scope(scope, "hinge_loss", logits, labels):
        labels = cast(labels, float32)
        ones = ones_like(labels)
        labels = sub(2 * labels, ones)
        return relu(sub(ones, mul(labels, logits)))


def mean_squared_error(predictions, labels=None, weights=1.0, scope=None):
    """(predictions - labels) ** 2."""
    with _scope(scope, "mean_squared_error", predictions, labels, weights) as scope:
        predictions, labels = _floats(predictions, labels)
        losses = squared_difference(predictions, labels)
        return compute_weighted_loss(losses, weights, scope=scope)


def mean_pairwise_squared_error(predictions, labels=None, weights=1.0, scope=None):
    """How the differences between elements of an example differ from those of its labels: the mean
    of the squares over all pairs."""
    name = "mean_pairwise_squared_error"
    with _scope(scope, name, predictions, labels, weights) as scope:
        predictions, labels = _floats(predictions, labels)
        weights = cast(convert_to_tensor(weights), float32)
        diffs = sub(predictions, labels)
        for name, tensor in (("diffs", diffs), ("weights", weights)):
            if tensor.shape.ndims is None:
                raise ValueError(f"{name}.get_shape().ndims cannot be None")
        axes = list(range(1, diffs.shape.ndims))
        squares = reduce_sum(square(diffs), axis=axes)
        count = num_present(diffs, weights, per_batch=True)
        first = 2.0 * div_no_nan(squares, count, name="value")
        sums = reduce_sum(diffs, axis=axes)
        second = 2.0 * div_no_nan(square(sums), square(count), name="value")
        loss = scale_losses(first - second, weights)
        loss = where(reduce_sum(count) > 0, loss, zeros_like(loss), name="value")
        add_loss(loss)
        return loss


def cosine_distance(predictions, labels=None, axis=None, weights=1.0, scope=None, dim=None):
    """1 - the product of unit vectors, which lie along `axis` (formerly `dim`).

    ValueError without one.
    """
    axis = renamed("dim", dim, "axis", axis)
    if axis is None:
        raise ValueError("You must specify 'axis'.")
    with _scope(scope, "cosine_distance_loss", predictions, labels, weights) as scope:
        predictions, labels = _floats(predictions, labels)
        losses = 1 - reduce_sum(mul(predictions, labels), axis=[axis])
        return compute_weighted_loss(losses, weights, scope=scope)
