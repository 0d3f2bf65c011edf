"""`tf.contrib.layers`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.layers import feature_column, summaries
from minitf.contrib.layers.activations import (
    bias_add,
    dropout,
    poincare_normalize,
    softmax,
    spatial_softmax,
)
from minitf.contrib.layers.batch_norm import batch_norm
from minitf.contrib.layers.composing import repeat, stack
from minitf.contrib.layers.convolution import (
    conv1d,
    conv2d,
    conv2d_in_plane,
    conv3d,
    convolution,
    convolution1d,
    convolution2d,
    convolution2d_in_plane,
    convolution3d,
)
from minitf.contrib.layers.dense import (
    elu,
    fully_connected,
    legacy_fully_connected,
    legacy_linear,
    legacy_relu,
    linear,
    relu,
    relu6,
)
from minitf.contrib.layers.embedding_ops import (
    embedding_lookup_unique,
    safe_embedding_lookup_sparse,
)
from minitf.contrib.layers.encoders import bow_encoder, embed_sequence
from minitf.contrib.layers.feature_column import (
    bucketized_column,
    create_feature_spec_for_parsing,
    crossed_column,
    embedding_column,
    make_place_holder_tensors_for_base_features,
    one_hot_column,
    real_valued_column,
    scattered_embedding_column,
    shared_embedding_columns,
    sparse_column_with_hash_bucket,
    sparse_column_with_integerized_feature,
    sparse_column_with_keys,
    sparse_column_with_vocabulary_file,
    weighted_sparse_column,
)
from minitf.contrib.layers.feature_column_ops import (
    check_feature_columns,
    infer_real_valued_columns,
    input_from_feature_columns,
    joint_weighted_sum_from_feature_columns,
    parse_feature_columns_from_examples,
    parse_feature_columns_from_sequence_examples,
    sequence_input_from_feature_columns,
    transform_features,
    weighted_sum_from_feature_columns,
)
from minitf.contrib.layers.gdn import GDN, gdn
from minitf.contrib.layers.gradients import recompute_grad, scale_gradient
from minitf.contrib.layers.initializers import (
    variance_scaling_initializer,
    xavier_initializer,
    xavier_initializer_conv2d,
)
from minitf.contrib.layers.normalization import group_norm, instance_norm, layer_norm, unit_norm
from minitf.contrib.layers.optimizers import (
    OPTIMIZER_CLS_NAMES,
    OPTIMIZER_SUMMARIES,
    adaptive_clipping_fn,
    optimize_loss,
)
from minitf.contrib.layers.pooling import avg_pool2d, avg_pool3d, max_pool2d, max_pool3d, pool
from minitf.contrib.layers.regularizers import (
    apply_regularization,
    l1_l2_regularizer,
    l1_regularizer,
    l2_regularizer,
    sum_regularizer,
)
from minitf.contrib.layers.reversible import RevBlock, rev_block
from minitf.contrib.layers.separable import separable_conv2d, separable_convolution2d
from minitf.contrib.layers.shaping import (
    dense_to_sparse,
    flatten,
    images_to_sequence,
    maxout,
    one_hot_encoding,
    sequence_to_images,
)
from minitf.contrib.layers.sparse_feature_cross import SPARSE_FEATURE_CROSS_DEFAULT_HASH_KEY
from minitf.contrib.layers.summaries import (
    summarize_activation,
    summarize_activations,
    summarize_collection,
    summarize_tensor,
    summarize_tensors,
)
from minitf.contrib.layers.target_column import multi_class_target, regression_target
from minitf.contrib.layers.transposed import (
    conv2d_transpose,
    conv3d_transpose,
    convolution2d_transpose,
    convolution3d_transpose,
)
