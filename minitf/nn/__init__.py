"""`tf.nn`: names only."""
# ruff: noqa: F401  every import here is a public name

import importlib
from typing import Any

from minitf.nn.activation import (
    crelu,
    elu,
    leaky_relu,
    log_softmax,
    relu,
    relu6,
    selu,
    sigmoid,
    softmax,
    softplus,
    softsign,
    swish,
)
from minitf.nn.average import compute_average_loss, scale_regularization_loss
from minitf.nn.bias import bias_add, relu_layer, xw_plus_b
from minitf.nn.candidate_sampling import (
    all_candidate_sampler,
    compute_accidental_hits,
    fixed_unigram_candidate_sampler,
    learned_unigram_candidate_sampler,
    log_uniform_candidate_sampler,
    uniform_candidate_sampler,
)
from minitf.nn.conv import (
    conv2d,
    conv2d_backprop_filter,
    conv2d_backprop_input,
    conv2d_transpose,
)
from minitf.nn.conv1d import conv1d, conv1d_transpose
from minitf.nn.conv3d import (
    conv3d,
    conv3d_backprop_filter,
    conv3d_backprop_filter_v2,
    conv3d_transpose,
)
from minitf.nn.convolution import (
    atrous_conv2d,
    atrous_conv2d_transpose,
    conv_transpose,
    convolution,
)
from minitf.nn.ctc import (
    collapse_repeated,
    ctc_beam_search_decoder,
    ctc_beam_search_decoder_v2,
    ctc_greedy_decoder,
    ctc_loss,
    ctc_loss_v2,
    ctc_unique_labels,
)
from minitf.nn.cudnn_rnn import cudnn_rnn as _cudnn_rnn
from minitf.nn.depthwise import (
    depthwise_conv2d,
    depthwise_conv2d_backprop_filter,
    depthwise_conv2d_backprop_input,
    depthwise_conv2d_native,
    depthwise_conv2d_native_backprop_filter,
    depthwise_conv2d_native_backprop_input,
    separable_conv2d,
)
from minitf.nn.dilating import with_space_to_batch
from minitf.nn.dropout import dropout
from minitf.nn.embedding import (
    embedding_lookup,
    embedding_lookup_sparse,
    safe_embedding_lookup_sparse,
)
from minitf.nn.fractional import fractional_avg_pool, fractional_max_pool
from minitf.nn.fused_batch_norm import batch_norm_with_global_normalization, fused_batch_norm
from minitf.nn.gather_tree import gather_tree as _gather_tree
from minitf.nn.gru_block import gru_block_cell as _gru_block_cell
from minitf.nn.loss import (
    log_poisson_loss,
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits_v2,
    sparse_softmax_cross_entropy_with_logits,
    weighted_cross_entropy_with_logits,
)
from minitf.nn.lrn import local_response_normalization, lrn
from minitf.nn.lstm_block import lstm_block_cell as _lstm_block_cell
from minitf.nn.morphology import dilation2d, erosion2d
from minitf.nn.normal import (
    batch_normalization,
    l2_normalize,
    moments,
    normalize_moments,
    sufficient_statistics,
    weighted_moments,
    zero_fraction,
)
from minitf.nn.order import nth_element as _nth_element
from minitf.nn.pool import avg_pool, avg_pool2d, max_pool, max_pool2d
from minitf.nn.pool3d import avg_pool3d, max_pool3d
from minitf.nn.pool_argmax import max_pool_with_argmax
from minitf.nn.pool_ranks import avg_pool1d, avg_pool_v2, max_pool1d, max_pool_v2, pool
from minitf.nn.sampled_loss import nce_loss, sampled_softmax_loss
from minitf.nn.top import in_top_k, top_k
from minitf.ops.array.space import depth_to_space, space_to_batch, space_to_depth
from minitf.ops.math.elementwise import tanh
from minitf.ops.reduction.norms import l2_loss

# In minitf.rnn, above this folder, and loaded when they are asked for.
_RECURRENT = ("bidirectional_dynamic_rnn", "dynamic_rnn", "raw_rnn", "rnn_cell",
              "static_bidirectional_rnn", "static_rnn", "static_state_saving_rnn")  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _RECURRENT:
        return getattr(importlib.import_module("minitf.rnn"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_RECURRENT})
