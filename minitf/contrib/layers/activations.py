"""`tf.contrib.layers.softmax`, `spatial_softmax`, `dropout`, `bias_add`, `poincare_normalize`."""
from minitf.contrib.framework.arg_scope import add_arg_scope
from minitf.contrib.framework.variables import model_variable
from minitf.contrib.layers.scoped import check_format, finished, model_variables, parameter
from minitf.contrib.layers.utils import (
    collect_named_outputs,
    get_variable_collections,
    last_dimension,
)
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32
from minitf.core.graph import name_scope
from minitf.layers.core import Dropout
from minitf.nn.activation import softmax as nn_softmax
from minitf.nn.bias import bias_add as nn_bias_add
from minitf.ops.array.basics import reshape, shape
from minitf.ops.array.joining import concat
from minitf.ops.array.sequences import linspace, meshgrid
from minitf.ops.math.elementwise import minimum, mul, rsqrt, square
from minitf.ops.reduction.axes import transpose
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.state.initializers import Constant, Ones, Zeros
from minitf.ops.state.variable_scope import variable_scope


@add_arg_scope
def bias_add(
    inputs, activation_fn=None, initializer=Zeros(), regularizer=None, reuse=None,
    variables_collections=None, outputs_collections=None, trainable=True, data_format="NHWC",
    scope=None,
):  # fmt: skip
    """activation_fn(inputs + the variable biases [channels]).

    ValueError for an unknown rank or number of channels, and for "NCHW" with another rank than 4.
    """
    given = locals()
    check_format(data_format)
    with variable_scope(scope, "BiasAdd", [inputs], reuse=reuse) as path:
        inputs = convert_to_tensor(inputs)
        rank, first = inputs.shape.ndims, data_format == "NCHW"
        if rank is None:
            raise ValueError("Dims of shape must be known but is None")
        if rank != 4 and first:
            raise ValueError("Data format NCHW only supports 4D Tensor")
        channels = inputs.shape[1 if first else -1].value
        if channels is None:
            raise ValueError("`C` dimension must be known but is None")
        dtype = inputs.dtype.base_dtype
        biases = parameter("biases", [channels], dtype, initializer, given, regularizer)
        return finished(nn_bias_add(inputs, biases, data_format=data_format), given, path)


@add_arg_scope
def dropout(
    inputs,
    keep_prob=0.5,
    noise_shape=None,
    is_training=True,
    outputs_collections=None,
    scope=None,
    seed=None,
):
    """When `is_training`, a fraction `1 - keep_prob` of the inputs set to 0 and the rest scaled up
    to match."""
    with variable_scope(scope, "Dropout", [inputs], custom_getter=model_variables()) as path:
        inputs = convert_to_tensor(inputs)
        layer = Dropout(1 - keep_prob, noise_shape, seed, name=path.name, _scope=path)
        outputs = layer(inputs, training=is_training)
        return collect_named_outputs(outputs_collections, path.name, outputs)


@add_arg_scope
def softmax(logits, scope=None):
    """exp(logits) / its sum along the last axis. ValueError where that is not known, or the rank
    less than 2."""
    with variable_scope(scope, "softmax", [logits]):
        count = last_dimension(logits.get_shape(), min_rank=2)
        predictions = nn_softmax(reshape(logits, [-1, count]))
        predictions = reshape(predictions, shape(logits))
        predictions.set_shape(logits.get_shape())
        return predictions


@add_arg_scope
def spatial_softmax(
    features,
    temperature=None,
    name=None,
    variables_collections=None,
    trainable=True,
    data_format="NHWC",
):
    """Where each channel is strongest: the mean place (x, y), from -1 to 1, under its softmax over
    the pixels, [batch, 2 * channels], after Finn et al. 2015.

    The logits are divided by the variable temperature, which begins with 1 or what is given.
    ValueError for another data_format, or an unknown number of channels.
    """
    with variable_scope(name, "spatial_softmax"):
        features = convert_to_tensor(features)
        sizes, known = shape(features), features.shape
        first = check_format(data_format) == "channels_first"
        height, width = (sizes[2], sizes[3]) if first else (sizes[1], sizes[2])
        channels = known[1 if first else 3].value
        if channels is None:
            raise ValueError(
                "The num_channels dimension of the inputs to `spatial_softmax` should be defined. "
                "Found `None`."
            )
        with name_scope("spatial_softmax_op", "spatial_softmax_op", [features]):
            x, y = meshgrid(
                linspace(-1.0, 1.0, num=height), linspace(-1.0, 1.0, num=width), indexing="ij"
            )
            x, y = reshape(x, [height * width]), reshape(y, [height * width])
            temperature = model_variable(
                "temperature",
                shape=(),
                dtype=float32,
                initializer=Ones() if temperature is None else Constant(temperature),
                collections=get_variable_collections(variables_collections, "temperature")
                if trainable else None,
                trainable=trainable,
            )  # fmt: skip
            if not first:
                features = transpose(features, [0, 3, 1, 2])
            attention = nn_softmax(reshape(features, [-1, height * width]) / temperature)
            places = [reduce_sum(each * attention, [1], keepdims=True) for each in (x, y)]
            keypoints = reshape(concat(places, 1), [-1, channels * 2])
            keypoints.set_shape([None, channels * 2])
    return keypoints


def poincare_normalize(x, axis=1, epsilon=1e-5, name=None):
    """`x`, shortened where needed so that it lies within the unit ball, after Nickel and Kiela
    2017."""
    with name_scope(name, "poincare_normalize", [x]) as path:
        x = convert_to_tensor(x, name="x")
        inverse = rsqrt(reduce_sum(square(x), axis, keepdims=True))
        return mul(x, minimum((1.0 - epsilon) * inverse, 1.0), name=path)
