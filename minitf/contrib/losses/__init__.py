"""`tf.contrib.losses`: names only. They came before `tf.losses`, and take predictions first."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.losses import metric_learning
from minitf.contrib.losses.loss_ops import (
    absolute_difference,
    cosine_distance,
    hinge_loss,
    log_loss,
    mean_pairwise_squared_error,
    mean_squared_error,
    sigmoid_cross_entropy,
    softmax_cross_entropy,
    sparse_softmax_cross_entropy,
)
from minitf.contrib.losses.weighted import (
    add_loss,
    compute_weighted_loss,
    get_losses,
    get_regularization_losses,
    get_total_loss,
)
