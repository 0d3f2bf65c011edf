"""`tf.contrib.model_pruning`: weights that are small are set to 0 while a network trains."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.model_pruning.layers import (
    masked_conv2d,
    masked_convolution,
    masked_fully_connected,
)
from minitf.contrib.model_pruning.learning import train
from minitf.contrib.model_pruning.pruning import (
    Pruning,
    apply_mask,
    get_masked_weights,
    get_masks,
    get_pruning_hparams,
    get_thresholds,
    get_weight_sparsity,
    get_weights,
)
from minitf.contrib.model_pruning.rnn_cells import MaskedBasicLSTMCell, MaskedLSTMCell
from minitf.contrib.model_pruning.strip_pruning_vars_lib import (
    graph_def_from_checkpoint,
    strip_pruning_vars_fn,
)
