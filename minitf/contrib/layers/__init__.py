"""`tf.contrib.layers`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.layers.embedding_ops import safe_embedding_lookup_sparse
from minitf.contrib.layers.initializers import (
    variance_scaling_initializer,
    xavier_initializer,
    xavier_initializer_conv2d,
)
from minitf.contrib.layers.layers import flatten
from minitf.contrib.layers.normalization import layer_norm
from minitf.contrib.layers.regularizers import (
    apply_regularization,
    l1_l2_regularizer,
    l1_regularizer,
    l2_regularizer,
    sum_regularizer,
)
