"""`tf.contrib.layers.separable_conv2d`."""
from minitf.contrib.framework.arg_scope import add_arg_scope
from minitf.contrib.framework.variables import model_variable
from minitf.contrib.layers.initializers import xavier_initializer
from minitf.contrib.layers.scoped import (
    BIAS,
    by_layer,
    check_format,
    finished,
    model_variables,
    order_of,
)
from minitf.contrib.layers.scoped import parameter as made
from minitf.contrib.layers.utils import (
    channel_dimension,
    get_variable_collections,
    two_element_tuple,
)
from minitf.core.convert import convert_to_tensor
from minitf.layers.separable import SeparableConv2D
from minitf.nn.activation import relu
from minitf.nn.bias import bias_add
from minitf.nn.depthwise import depthwise_conv2d
from minitf.ops.state.initializers import Zeros
from minitf.ops.state.variable_scope import variable_scope

_NAMES = (
    ("depthwise_kernel", "depthwise_weights", "weights"),
    ("pointwise_kernel", "pointwise_weights", "weights"),
    BIAS,
)


@add_arg_scope
def separable_convolution2d(
    inputs,
    num_outputs,
    kernel_size,
    depth_multiplier=1,
    stride=1,
    padding="SAME",
    data_format="NHWC",
    rate=1,
    activation_fn=relu,
    normalizer_fn=None,
    normalizer_params=None,
    weights_initializer=xavier_initializer(),
    pointwise_initializer=None,
    weights_regularizer=None,
    biases_initializer=Zeros(),
    biases_regularizer=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    scope=None,
):
    """activation_fn(each channel of images convolved by itself, then mixed, + biases).

    Without mixing when `num_outputs` is None. With a `normalizer_fn`, called with
    `normalizer_params`, there are no biases. Variables: depthwise_weights [height, width, channels,
    depth_multiplier], pointwise_weights [1, 1, channels * depth_multiplier, num_outputs] and biases
    [num_outputs]. ValueError for another data_format, or where the number of channels is not known.
    """
    given = locals()
    order = check_format(data_format)
    if num_outputs is None:
        return _depthwise(given)

    def layer(_, **options):
        return SeparableConv2D(
            num_outputs,
            kernel_size,
            stride,
            padding,
            order,
            two_element_tuple(rate),
            depth_multiplier,
            pointwise_initializer=pointwise_initializer or weights_initializer,
            pointwise_regularizer=weights_regularizer,
            **options,
        )

    return by_layer(layer, given, "SeparableConv2d", _NAMES, "depthwise_initializer",
                    "depthwise_regularizer")  # fmt: skip


def _depthwise(given):
    """The convolution of each channel alone."""
    renamed = {own: name for own, name, *_ in _NAMES}
    inputs, data_format, normalizer = (
        given[key] for key in ("inputs", "data_format", "normalizer_fn")
    )
    with variable_scope(given["scope"], "SeparableConv2d", [inputs], reuse=given["reuse"],
                        custom_getter=model_variables(renamed)) as scope:  # fmt: skip
        inputs = convert_to_tensor(inputs)
        dtype, window = inputs.dtype.base_dtype, two_element_tuple(given["kernel_size"])
        channels = channel_dimension(inputs.shape, order_of(data_format), min_rank=4)
        weights = model_variable(
            "depthwise_weights",
            shape=[*window, channels, given["depth_multiplier"]],
            dtype=dtype,
            initializer=given["weights_initializer"],
            regularizer=given["weights_regularizer"],
            trainable=given["trainable"],
            collections=get_variable_collections(given["variables_collections"], "weights"),
        )
        steps = two_element_tuple(given["stride"])
        strides = [1, 1, *steps] if data_format.startswith("NC") else [1, *steps, 1]
        outputs = depthwise_conv2d(
            inputs, weights, strides, given["padding"], two_element_tuple(given["rate"]),
            data_format=data_format,
        )  # fmt: skip
        if normalizer is not None:
            outputs = normalizer(outputs, **given["normalizer_params"] or {})
        elif given["biases_initializer"] is not None:
            count, start = given["depth_multiplier"] * channels, given["biases_initializer"]
            biases = made("biases", [count], dtype, start, given, given["biases_regularizer"])
            outputs = bias_add(outputs, biases, data_format=data_format)
        return finished(outputs, given, scope)


separable_conv2d = separable_convolution2d
