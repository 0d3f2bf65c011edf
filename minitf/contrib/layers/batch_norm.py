"""`tf.contrib.layers.batch_norm`."""
from minitf.contrib.framework.arg_scope import add_arg_scope
from minitf.contrib.layers.scoped import check_format, collect, finished, model_variables, parameter
from minitf.contrib.layers.utils import constant_value, smart_cond
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32
from minitf.core.graph import add_to_collections, control_dependencies
from minitf.core.graph_keys import GraphKeys
from minitf.layers.normalization import BatchNormalization
from minitf.nn.fused_batch_norm import fused_batch_norm
from minitf.nn.normal import batch_normalization, moments, weighted_moments
from minitf.ops.array.basics import identity, reshape, shape
from minitf.ops.state.initializers import Ones, Zeros
from minitf.ops.state.variable_scope import get_variable_scope, variable_scope
from minitf.train.moving_averages import assign_moving_average


@add_arg_scope
def batch_norm(
    inputs, decay=0.999, center=True, scale=False, epsilon=0.001, activation_fn=None,
    param_initializers=None, param_regularizers=None, updates_collections=GraphKeys.UPDATE_OPS,
    is_training=True, reuse=None, variables_collections=None, outputs_collections=None,
    trainable=True, batch_weights=None, fused=None, data_format="NHWC",
    zero_debias_moving_mean=False, scope=None, renorm=False, renorm_clipping=None,
    renorm_decay=0.99, adjustment=None,
):  # fmt: skip
    """gamma * (inputs - mean) / sqrt(variance + epsilon) + beta, after Ioffe and Szegedy 2015.

    When `is_training`, a bool or a tensor, mean and variance are the batch's for each channel; the
    operations that move moving_mean and moving_variance towards them, by 1 - `decay`, go to
    `updates_collections` and must be run with each step. With None for these they run with the
    outputs. Else mean and variance are the moving ones. `batch_weights` [batch] say how much each
    example counts. Variables: beta (with `center`), gamma (with `scale`), moving_mean and
    moving_variance; `param_initializers` and `param_regularizers` are dictionaries by these names.
    With `zero_debias_moving_mean` also moving_mean/biased and moving_mean/local_step. The rest is
    as in `tf.layers.batch_normalization`.

    ValueError for another data_format, an unknown rank or number of channels, or what does not go
    together.
    """
    given = {**locals(), "fused": fused is None or fused,
             "param_initializers": param_initializers or {},
             "param_regularizers": param_regularizers or {}}  # fmt: skip
    inputs = given["inputs"] = convert_to_tensor(inputs)
    usual = updates_collections is GraphKeys.UPDATE_OPS and not zero_debias_moving_mean
    fusible = batch_weights is None and not renorm and adjustment is None
    rank = inputs.shape.ndims
    if given["fused"] and fusible and (rank == 2 or (rank == 4 and not usual)):
        return _fused(given)
    check_format(data_format)
    with variable_scope(scope, "BatchNorm", [inputs], reuse=reuse,
                        custom_getter=model_variables()) as path:  # fmt: skip
        by_layer = batch_weights is None and usual
        outputs = (_by_layer if by_layer else _by_moments)(given, path)
        return finished(outputs, given, path)


# -- by the layer of tf.layers --------------------------------------------------------------------


def _by_layer(given, scope):
    initializers, regularizers = given["param_initializers"], given["param_regularizers"]
    layer = BatchNormalization(
        axis=1 if given["data_format"] == "NCHW" else -1,
        momentum=given["decay"],
        epsilon=given["epsilon"],
        center=given["center"],
        scale=given["scale"],
        beta_initializer=initializers.get("beta", Zeros()),
        gamma_initializer=initializers.get("gamma", Ones()),
        moving_mean_initializer=initializers.get("moving_mean", Zeros()),
        moving_variance_initializer=initializers.get("moving_variance", Ones()),
        beta_regularizer=regularizers.get("beta"),
        gamma_regularizer=regularizers.get("gamma"),
        trainable=given["trainable"],
        renorm=given["renorm"],
        renorm_clipping=given["renorm_clipping"],
        renorm_momentum=given["renorm_decay"],
        adjustment=given["adjustment"],
        name=scope.name,
        _scope=scope,
        _reuse=given["reuse"],
        fused=given["fused"],
    )
    outputs = layer(given["inputs"], training=given["is_training"])
    for name in ("moving_mean", "moving_variance", "beta", "gamma"):
        if getattr(layer, name) is not None:
            collect(getattr(layer, name), given["variables_collections"], name)
    return outputs


# -- by one op, with moving averages of its own ---------------------------------------------------


def _fused(given):
    """What FusedBatchNormV3 makes of images, or of vectors as images of one pixel."""
    inputs, data_format = given["inputs"], given["data_format"]
    check_format(data_format)
    with variable_scope(given["scope"], "BatchNorm", [inputs], reuse=given["reuse"]) as scope:
        flat, images = inputs.shape.ndims == 2, convert_to_tensor(inputs)
        if flat:
            channels = inputs.shape[-1].value
            if channels is None:
                raise ValueError("`C` dimension must be known but is None")
            pixel = [1, 1, channels] if data_format == "NHWC" else [channels, 1, 1]
            images = reshape(inputs, [-1, *pixel])
        channels = _channels(images, data_format)
        beta, gamma = _learned(given, channels, float32, regularized=True)
        beta = constant(0.0, float32, channels) if beta is None else beta
        gamma = constant(1.0, float32, channels) if gamma is None else gamma
        moving = _moving(given, channels, float32)
        parameters, training = (images, gamma, beta), given["is_training"]
        outputs, *batch = smart_cond(
            training,
            lambda: fused_batch_norm(
                *parameters, epsilon=given["epsilon"], data_format=data_format
            ),
            lambda: fused_batch_norm(
                *parameters, *moving, given["epsilon"], data_format, is_training=False
            ),
        )
        if constant_value(training) in (None, True):
            outputs = _moved(given, moving, batch, outputs)
        outputs.set_shape(images.shape)
        if flat:
            outputs = reshape(outputs, shape(inputs))
        return finished(outputs, given, scope)


def _moved(given, moving, batch, outputs):
    """The outputs, once the moving averages follow the batch's: at once, or by a collection."""
    training = given["is_training"]
    if given["updates_collections"] is None:
        return smart_cond(
            training, lambda: _after(_updates(given, moving, batch), outputs), lambda: outputs
        )
    updates = smart_cond(training, lambda: _updates(given, moving, batch), lambda: tuple(moving))
    for update in updates:
        add_to_collections(given["updates_collections"], update)
    return outputs


def _updates(given, moving, batch):
    """The operations that move the moving mean and variance towards the batch's."""
    debias = given["zero_debias_moving_mean"], False
    return tuple(
        assign_moving_average(variable, value, given["decay"], zero_debias=each)
        for variable, value, each in zip(moving, batch, debias)
    )


def _after(updates, value):
    with control_dependencies(updates):
        return identity(value)


# -- by moments -----------------------------------------------------------------------------------


def _by_moments(given, scope):
    """With weights of the examples, or moving averages of its own where the op is not to be used.
    """
    if given["renorm"]:
        raise ValueError("renorm is not supported with batch_weights, updates_collections or "
                         "zero_debias_moving_mean")  # fmt: skip
    inputs, rank = convert_to_tensor(given["inputs"]), given["inputs"].shape.ndims
    if rank is None:
        raise ValueError(f"Inputs {inputs.name} has undefined rank.")
    weights, first = given["batch_weights"], given["data_format"] == "NCHW"
    if weights is not None:
        weights = convert_to_tensor(weights)
        inputs.shape[0:1].assert_is_compatible_with(weights.shape)
        weights = reshape(weights, [-1] + [1] * (rank - 1))
    channels, dtype = _channels(inputs, given["data_format"]), inputs.dtype.base_dtype
    beta, gamma = _learned(given, channels, dtype, regularized=False)
    moving = _moving(given, channels, dtype)
    mean, variance = moving
    if constant_value(given["is_training"]) in (None, True):
        batch = _moments(inputs, first, weights)
        mean, variance = _tracked(given, moving, batch)
    values = mean, variance, beta, gamma
    if first:
        spread = [1, inputs.shape[1].value] + [1] * (rank - 2)
        values = [None if each is None else reshape(each, spread) for each in values]
    outputs = batch_normalization(inputs, *values, given["epsilon"])
    outputs.set_shape(inputs.shape)
    return outputs


def _moments(inputs, first, weights):
    """Mean and variance for each channel."""
    rank = inputs.shape.ndims
    axes = [0, *range(2, rank)] if first else list(range(rank - 1))
    if weights is None:
        found = moments(inputs, axes, keep_dims=first)
    else:
        found = weighted_moments(inputs, axes, weights, keepdims=first)
    return [reshape(each, [-1]) for each in found] if first else list(found)


def _tracked(given, moving, batch):
    """Mean and variance to normalize by: the batch's, which the moving ones follow, or those."""
    training = given["is_training"]
    if given["updates_collections"] is None:

        def at_once():
            updates = _updates(given, moving, batch)
            with control_dependencies(updates):
                return identity(batch[0]), identity(batch[1])

        return smart_cond(training, at_once, lambda: tuple(moving))
    updates = smart_cond(training, lambda: _updates(given, moving, batch), lambda: tuple(moving))
    for update in updates:
        add_to_collections(given["updates_collections"], update)
    return smart_cond(training, lambda: tuple(batch), lambda: tuple(moving))


# -- variables ------------------------------------------------------------------------------------


def _channels(inputs, data_format):
    sizes = inputs.shape[1:2] if data_format == "NCHW" else inputs.shape[-1:]
    if not sizes.is_fully_defined():
        raise ValueError(f"Inputs {inputs.name} has undefined channels dimension {sizes}.")
    return sizes


def _learned(given, channels, dtype, regularized):
    """(beta, gamma), None where there is none."""
    found = []
    for name, wanted, start in (("beta", "center", Zeros()), ("gamma", "scale", Ones())):
        start = given["param_initializers"].get(name, start)
        penalty = given["param_regularizers"].get(name) if regularized else None
        found.append(
            parameter(name, channels, dtype, start, given, penalty) if given[wanted] else None
        )
    return found


def _moving(given, channels, dtype):
    """(moving_mean, moving_variance), in one piece whatever partitioner the scope has."""
    with variable_scope(get_variable_scope()) as scope:
        scope.set_partitioner(None)
        return [
            parameter(name, channels, dtype, given["param_initializers"].get(name, start),
                      {**given, "trainable": False})
            for name, start in (("moving_mean", Zeros()), ("moving_variance", Ones()))
        ]
