"""`tf.compat.v2.nn`: Networks."""
from minitf.compat.v2.later import later, public, rest
from minitf.compat.v2.math import in_top_k, l2_normalize, log_softmax, softmax  # noqa: F401
from minitf.core.dtypes import int64
from minitf.nn.windows import per_axis


@later
def avg_pool2d(input, ksize, strides, padding, data_format="NHWC", name=None): ...


@later
def batch_norm_with_global_normalization(
    input, mean, variance, beta, gamma, variance_epsilon, scale_after_normalization, name=None,
): ...


@later
def conv1d(input, filters, stride, padding, data_format="NWC", dilations=None, name=None): ...


@later
def conv2d(input, filters, strides, padding, data_format="NHWC", dilations=None, name=None): ...


@later
def conv2d_transpose(
    input, filters, output_shape, strides, padding="SAME", data_format="NHWC", dilations=None,
    name=None,
): ...


@later
def conv3d(input, filters, strides, padding, data_format="NDHWC", dilations=None, name=None): ...


@later
def conv3d_transpose(
    input, filters, output_shape, strides, padding="SAME", data_format="NDHWC", dilations=None,
    name=None,
): ...


def convolution(
    input, filters, strides=None, padding="VALID", data_format=None, dilations=None, name=None
):
    """The convolution along one, two or three axes."""
    return public("nn.convolution")(
        input, filters, padding, strides, dilations, name, data_format
    )


@later
def crelu(features, axis=-1, name=None): ...


@later
def depth_to_space(input, block_size, data_format="NHWC", name=None): ...


@later
def depthwise_conv2d(
    input, filter, strides, padding, data_format=None, dilations=None, name=None,
): ...


@later
def dropout(x, rate, noise_shape=None, seed=None, name=None): ...


@later(partition_strategy="div")
def embedding_lookup(params, ids, max_norm=None, name=None): ...


@later(partition_strategy="div")
def embedding_lookup_sparse(
    params, sp_ids, sp_weights, combiner=None, max_norm=None, name=None,
): ...


@later
def fractional_avg_pool(
    value, pooling_ratio, pseudo_random=False, overlapping=False, seed=0, name=None,
): ...


@later
def fractional_max_pool(
    value, pooling_ratio, pseudo_random=False, overlapping=False, seed=0, name=None,
): ...


def max_pool_with_argmax(
    input, ksize, strides, padding, data_format="NHWC", output_dtype=int64,
    include_batch_in_index=False, name=None,
):  # fmt: skip
    """The greatest of each window, and where it is; `data_format` has to be "NHWC"."""
    _check(data_format)
    ksize, strides = per_axis(ksize, "NHWC", "ksize"), per_axis(strides, "NHWC", "strides")
    return public("nn.max_pool_with_argmax")(
        input, ksize, strides, padding, data_format, output_dtype, name=name,
        include_batch_in_index=include_batch_in_index,
    )  # fmt: skip


@later
def moments(x, axes, shift=None, keepdims=False, name=None): ...


@later(partition_strategy="div")
def nce_loss(
    weights, biases, labels, inputs, num_sampled, num_classes, num_true=1, sampled_values=None,
    remove_accidental_hits=False, name="nce_loss",
): ...


@later
def pool(
    input, window_shape, pooling_type, strides=None, padding="VALID", data_format=None,
    dilations=None, name=None,
): ...


@later(partition_strategy="div")
def safe_embedding_lookup_sparse(
    embedding_weights, sparse_ids, sparse_weights=None, combiner="mean", default_id=None,
    max_norm=None, name=None,
): ...


@later(partition_strategy="div")
def sampled_softmax_loss(
    weights, biases, labels, inputs, num_sampled, num_classes, num_true=1, sampled_values=None,
    remove_accidental_hits=True, seed=None, name="sampled_softmax_loss",
): ...


@later
def separable_conv2d(
    input, depthwise_filter, pointwise_filter, strides, padding, data_format=None,
    dilations=None, name=None,
): ...


@later
def sigmoid_cross_entropy_with_logits(labels=None, logits=None, name=None): ...


@later(path="nn.softmax_cross_entropy_with_logits_v2")
def softmax_cross_entropy_with_logits(labels, logits, axis=-1, name=None): ...


@later(path="space_to_batch_nd")
def space_to_batch(input, block_shape, paddings, name=None): ...


@later
def space_to_depth(input, block_size, data_format="NHWC", name=None): ...


@later
def sparse_softmax_cross_entropy_with_logits(labels, logits, name=None): ...


@later
def sufficient_statistics(x, axes, shift=None, keepdims=False, name=None): ...


@later
def weighted_cross_entropy_with_logits(labels, logits, pos_weight, name=None): ...


@later
def weighted_moments(x, axes, frequency_weights, keepdims=False, name=None): ...


def dilation2d(input, filters, strides, padding, data_format, dilations, name=None):
    """The grayscale dilation of images; `data_format` has to be "NHWC"."""
    _check(data_format)
    return public("nn.dilation2d")(input, filters, strides, dilations, padding, name)


def erosion2d(value, filters, strides, padding, data_format, dilations, name=None):
    """The grayscale erosion of images; `data_format` has to be "NHWC"."""
    _check(data_format)
    return public("nn.erosion2d")(value, filters, strides, dilations, padding, name)


def _check(data_format):
    if data_format != "NHWC":
        raise ValueError("Data formats other than NHWC are not yet supported")


@later(path="nn.avg_pool_v2")
def avg_pool(input, ksize, strides, padding, data_format=None, name=None): ...


@later(path="nn.max_pool_v2")
def max_pool(input, ksize, strides, padding, data_format=None, name=None): ...


@later(path="nn.ctc_beam_search_decoder_v2")
def ctc_beam_search_decoder(inputs, sequence_length, beam_width=100, top_paths=1): ...


@later(path="nn.ctc_loss_v2")
def ctc_loss(
    labels, logits, label_length, logit_length, logits_time_major=True, unique=None,
    blank_index=None, name=None,
): ...


__getattr__ = rest(__name__)
