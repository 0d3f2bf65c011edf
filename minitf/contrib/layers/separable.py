"""`tf.contrib.layers.separable_conv2d`."""
from minitf.contrib.framework.arg_scope import add_arg_scope
from minitf.contrib.framework.variables import model_variable
from minitf.contrib.layers.scoped import (
    BIAS,
    by_layer,
    check_format,
    finished,
    model_variables,
    normalized_or_biased,
    order_of,
    weighted,
)
from minitf.contrib.layers.utils import (
    channel_dimension,
    get_variable_collections,
    two_element_tuple,
)
from minitf.core.arguments import takes
from minitf.core.convert import convert_to_tensor
from minitf.layers.separable import SeparableConv2D
from minitf.nn.depthwise import depthwise_conv2d
from minitf.ops.state.variable_scope import variable_scope

_NAMES = (
    ("depthwise_kernel", "depthwise_weights", "weights"),
    ("pointwise_kernel", "pointwise_weights", "weights"),
    BIAS,
)


@add_arg_scope
@takes(weighted, before={"weights_regularizer": {"pointwise_initializer": None}})
def separable_convolution2d(
    inputs, num_outputs, kernel_size, depth_multiplier=1, stride=1, padding="SAME",
    data_format="NHWC", rate=1, *, pointwise_initializer, **given,
):  # fmt: skip
    """activation_fn(each channel of images convolved by itself, then mixed, + biases).

    Without mixing when `num_outputs` is None. With a `normalizer_fn`, called with
    `normalizer_params`, there are no biases. Variables: depthwise_weights [height, width, channels,
    depth_multiplier], pointwise_weights [1, 1, channels * depth_multiplier, num_outputs] and biases
    [num_outputs]. ValueError for another data_format, or where the number of channels is not known.
    """
    order, rate = check_format(data_format), two_element_tuple(rate)
    if num_outputs is None:
        return _depthwise(
            inputs, kernel_size, depth_multiplier, stride, padding, data_format, rate, given
        )

    def layer(_, **options):
        return SeparableConv2D(
            num_outputs,
            kernel_size,
            stride,
            padding,
            order,
            rate,
            depth_multiplier,
            pointwise_initializer=pointwise_initializer or given["weights_initializer"],
            pointwise_regularizer=given["weights_regularizer"],
            **options,
        )

    return by_layer(layer, inputs, given, "SeparableConv2d", _NAMES, "depthwise_initializer",
                    "depthwise_regularizer")  # fmt: skip


def _depthwise(inputs, kernel_size, multiplier, stride, padding, data_format, rate, given):
    """The convolution of each channel alone."""
    renamed = {own: name for own, name, *_ in _NAMES}
    with variable_scope(given["scope"], "SeparableConv2d", [inputs], reuse=given["reuse"],
                        custom_getter=model_variables(renamed)) as scope:  # fmt: skip
        inputs = convert_to_tensor(inputs)
        channels = channel_dimension(inputs.shape, order_of(data_format), min_rank=4)
        weights = model_variable(
            "depthwise_weights",
            shape=[*two_element_tuple(kernel_size), channels, multiplier],
            dtype=inputs.dtype.base_dtype,
            initializer=given["weights_initializer"],
            regularizer=given["weights_regularizer"],
            trainable=given["trainable"],
            collections=get_variable_collections(given["variables_collections"], "weights"),
        )
        steps = two_element_tuple(stride)
        strides = [1, 1, *steps] if data_format.startswith("NC") else [1, *steps, 1]
        outputs = depthwise_conv2d(inputs, weights, strides, padding, rate, data_format=data_format)
        outputs = normalized_or_biased(outputs, multiplier * channels, given, data_format)
        return finished(outputs, given, scope)


separable_conv2d = separable_convolution2d
