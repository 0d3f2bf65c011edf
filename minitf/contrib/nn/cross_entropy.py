"""Cross entropies of `tf.nn` with their arguments in the order of before TensorFlow 1.0."""
from __future__ import annotations

from typing import Any

from minitf.nn import loss


def deprecated_flipped_softmax_cross_entropy_with_logits(
    logits: Any, labels: Any, dim: int = -1, name: Any = None
) -> Any:
    """See `tf.nn.softmax_cross_entropy_with_logits`."""
    return loss.softmax_cross_entropy_with_logits(
        labels=labels, logits=logits, dim=dim, name=name
    )


def deprecated_flipped_sparse_softmax_cross_entropy_with_logits(
    logits: Any, labels: Any, name: Any = None
) -> Any:
    """See `tf.nn.sparse_softmax_cross_entropy_with_logits`."""
    return loss.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits, name=name)


def deprecated_flipped_sigmoid_cross_entropy_with_logits(
    logits: Any, targets: Any, name: Any = None
) -> Any:
    """See `tf.nn.sigmoid_cross_entropy_with_logits`."""
    return loss.sigmoid_cross_entropy_with_logits(labels=targets, logits=logits, name=name)
