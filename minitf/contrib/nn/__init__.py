"""`tf.contrib.nn`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.nn.alpha_dropout import alpha_dropout
from minitf.contrib.nn.cross_entropy import (
    deprecated_flipped_sigmoid_cross_entropy_with_logits,
    deprecated_flipped_softmax_cross_entropy_with_logits,
    deprecated_flipped_sparse_softmax_cross_entropy_with_logits,
)
from minitf.contrib.nn.sampling import rank_sampled_softmax_loss, sampled_sparse_softmax_loss
from minitf.contrib.nn.scaled_softplus import scaled_softplus
from minitf.nn.conv1d import conv1d_transpose
from minitf.nn.order import nth_element
