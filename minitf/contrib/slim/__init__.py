"""`tf.contrib.slim`: names only. Most are those of tf.contrib.layers and tf.contrib.framework."""
# ruff: noqa: F401  every import here is a public name

import importlib
from typing import Any

from minitf.contrib import framework, layers, losses, metrics
from minitf.contrib.framework import (
    VariableDeviceChooser,
    add_arg_scope,
    add_model_variable,
    arg_scope,
    arg_scope_func_key,
    arg_scoped_arguments,
    assert_global_step,
    assert_or_get_global_step,
    assign_from_values,
    assign_from_values_fn,
    create_global_step,
    current_arg_scope,
    filter_variables,
    get_global_step,
    get_local_variables,
    get_model_variables,
    get_or_create_global_step,
    get_trainable_variables,
    get_unique_variable,
    get_variable_full_name,
    get_variables,
    get_variables_by_name,
    get_variables_by_suffix,
    get_variables_to_restore,
    global_variable,
    has_arg_scope,
    local_variable,
    model_variable,
    variable,
)
from minitf.contrib.framework.deprecation import experimental
from minitf.contrib.framework.zero_initializer import zero_initializer
from minitf.contrib.layers import (
    GDN,
    RevBlock,
    adaptive_clipping_fn,
    apply_regularization,
    avg_pool2d,
    avg_pool3d,
    batch_norm,
    bias_add,
    bow_encoder,
    bucketized_column,
    check_feature_columns,
    conv1d,
    conv2d,
    conv2d_in_plane,
    conv2d_transpose,
    conv3d,
    conv3d_transpose,
    convolution,
    convolution1d,
    convolution2d,
    convolution2d_in_plane,
    convolution2d_transpose,
    convolution3d,
    convolution3d_transpose,
    create_feature_spec_for_parsing,
    crossed_column,
    dense_to_sparse,
    dropout,
    elu,
    embed_sequence,
    embedding_column,
    embedding_lookup_unique,
    feature_column,
    flatten,
    fully_connected,
    gdn,
    group_norm,
    images_to_sequence,
    infer_real_valued_columns,
    initializers,
    input_from_feature_columns,
    instance_norm,
    joint_weighted_sum_from_feature_columns,
    l1_l2_regularizer,
    l1_regularizer,
    l2_regularizer,
    layer_norm,
    legacy_fully_connected,
    legacy_linear,
    legacy_relu,
    linear,
    make_place_holder_tensors_for_base_features,
    max_pool2d,
    max_pool3d,
    maxout,
    multi_class_target,
    one_hot_column,
    one_hot_encoding,
    optimize_loss,
    optimizers,
    parse_feature_columns_from_examples,
    parse_feature_columns_from_sequence_examples,
    pool,
    real_valued_column,
    recompute_grad,
    regression_target,
    regularizers,
    relu,
    relu6,
    repeat,
    rev_block,
    safe_embedding_lookup_sparse,
    scattered_embedding_column,
    separable_conv2d,
    separable_convolution2d,
    sequence_input_from_feature_columns,
    sequence_to_images,
    shared_embedding_columns,
    softmax,
    sparse_column_with_hash_bucket,
    sparse_column_with_integerized_feature,
    sparse_column_with_keys,
    sparse_column_with_vocabulary_file,
    spatial_softmax,
    stack,
    sum_regularizer,
    summarize_activation,
    summarize_activations,
    summarize_collection,
    summarize_tensor,
    summarize_tensors,
    transform_features,
    unit_norm,
    utils,
    variance_scaling_initializer,
    weighted_sparse_column,
    weighted_sum_from_feature_columns,
    xavier_initializer,
    xavier_initializer_conv2d,
)
from minitf.contrib.layers.embedding_ops import (
    embedding_lookup_sparse_with_distributed_aggregation,
)
from minitf.contrib.layers.scattered_embeddings import (
    scattered_embedding_lookup,
    scattered_embedding_lookup_sparse,
)
from minitf.contrib.layers.sparse_feature_cross import sparse_feature_cross
from minitf.contrib.layers.target_column import (
    ProblemType,
    binary_svm_target,
    get_default_binary_metrics_for_eval,
)
from minitf.contrib.slim import (
    data_decoder,
    data_provider,
    dataset,
    dataset_data_provider,
    evaluation,
    learning,
    model_analyzer,
    parallel_reader,
    prefetch_queue,
    queues,
    summaries,
    tfexample_decoder,
)
from minitf.ops.array.bucketize import bucketize

_ON_DEMAND = ("nets",)
# Modules of TensorFlow's ops that it has imported: programs ask it for their names.
_OF_OPS = {"init_ops": "minitf.ops.state.initializers"}
_OF_FRAMEWORK = ("assign_from_checkpoint", "assign_from_checkpoint_fn", "zero_initializer")


def __getattr__(name: str) -> Any:
    if name in _ON_DEMAND:
        return importlib.import_module(f"{__name__}.{name}")
    if name in _OF_OPS:
        return importlib.import_module(_OF_OPS[name])
    if name in _OF_FRAMEWORK:
        return getattr(framework, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
