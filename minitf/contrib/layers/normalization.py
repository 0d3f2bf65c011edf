"""`tf.contrib.layers.layer_norm`, `instance_norm`, `group_norm`, `unit_norm`."""
from minitf.contrib.framework.arg_scope import add_arg_scope
from minitf.contrib.layers.scoped import check_format, finished, parameter
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float16, int32
from minitf.nn.normal import (
    batch_normalization,
    moments,
    normalize_moments,
    sufficient_statistics,
)
from minitf.ops.array.basics import ones, reshape
from minitf.ops.array.basics import shape as shape_of
from minitf.ops.array.joining import concat
from minitf.ops.array.padding import tile
from minitf.ops.array.slice_assign import strided_slice
from minitf.ops.math.elementwise import rsqrt, sqrt, square
from minitf.ops.math.operators import div
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.state.initializers import Ones, Zeros
from minitf.ops.state.variable_scope import variable_scope


def _learned(given, sizes, dtype, shape=None):
    """(beta, gamma), None where there is none; of this shape, if given."""
    starts, found = given.get("param_initializers") or {}, []
    for name, wanted, start in (("beta", "center", Zeros()), ("gamma", "scale", Ones())):
        value = None
        if given[wanted]:
            value = parameter(name, sizes, dtype, starts.get(name, start), given)
            value = reshape(value, shape) if shape else value
        found.append(value)
    return found


def _known_rank(inputs):
    if inputs.shape.ndims is None:
        raise ValueError(f"Inputs {inputs.name} has undefined rank.")
    return inputs.shape.ndims


@add_arg_scope
def layer_norm(
    inputs, center=True, scale=True, activation_fn=None, reuse=None, variables_collections=None,
    outputs_collections=None, trainable=True, begin_norm_axis=1, begin_params_axis=-1, scope=None,
):  # fmt: skip
    """activation_fn(gamma * (inputs - mean) / sqrt(variance) + beta), after Ba et al. 2016.

    Mean and variance are those of each example, over the axes from `begin_norm_axis` on. The
    variables beta (with `center`) and gamma (with `scale`) have the shape of the axes from
    `begin_params_axis` on. `variables_collections` may be a dictionary with a list for each of
    them. Raises ValueError for an unknown rank or size of those axes.
    """
    given = locals()
    with variable_scope(scope, "LayerNorm", [inputs], reuse=reuse) as path:
        inputs = convert_to_tensor(inputs)
        rank = _known_rank(inputs)
        first = begin_norm_axis + rank if begin_norm_axis < 0 else begin_norm_axis
        if begin_params_axis >= rank or first >= rank:
            raise ValueError(
                f"begin_params_axis ({begin_params_axis}) and begin_norm_axis ({first}) must be < "
                f"rank(inputs) ({rank})"
            )
        sizes, dtype = inputs.shape[begin_params_axis:], inputs.dtype.base_dtype
        if not sizes.is_fully_defined():
            raise ValueError(
                f"Inputs {inputs.name}: shape(inputs)[{begin_params_axis}:] is not fully defined: "
                f"{inputs.shape}"
            )
        beta, gamma = _learned(given, sizes, dtype)
        mean, variance = moments(inputs, list(range(first, rank)), keep_dims=True)
        epsilon = 1e-3 if dtype == float16 else 1e-12
        outputs = batch_normalization(inputs, mean, variance, beta, gamma, epsilon)
        outputs.set_shape(inputs.shape)
        return finished(outputs, given, path)


@add_arg_scope
def instance_norm(
    inputs, center=True, scale=True, epsilon=1e-6, activation_fn=None, param_initializers=None,
    reuse=None, variables_collections=None, outputs_collections=None, trainable=True,
    data_format="NHWC", scope=None,
):  # fmt: skip
    """activation_fn(gamma * (inputs - mean) / sqrt(variance + epsilon) + beta), after Ulyanov et
    al. 2016: mean and variance are those of each channel of each example.

    Variables: beta (with `center`) and gamma (with `scale`), [channels]. ValueError for another
    data_format, or an unknown rank or number of channels.
    """
    given, inputs = locals(), convert_to_tensor(inputs)
    rank = _known_rank(inputs)
    check_format(data_format)
    with variable_scope(scope, "InstanceNorm", [inputs], reuse=reuse) as path:
        axis = 1 if data_format == "NCHW" else rank - 1
        sizes = inputs.shape[axis : axis + 1]
        if not sizes.is_fully_defined():
            raise ValueError(f"Inputs {inputs.name} has undefined channels dimension {sizes}.")
        spread = [1, sizes[0].value] + [1] * (rank - 2) if axis == 1 else None
        beta, gamma = _learned(given, sizes, inputs.dtype.base_dtype, spread)
        others = [each for each in range(1, rank) if each != axis]
        mean, variance = moments(inputs, others, keep_dims=True)
        outputs = batch_normalization(inputs, mean, variance, beta, gamma, epsilon, "instancenorm")
        return finished(outputs, given, path)


@add_arg_scope
def group_norm(
    inputs, groups=32, channels_axis=-1, reduction_axes=(-3, -2), center=True, scale=True,
    epsilon=1e-6, activation_fn=None, param_initializers=None, reuse=None,
    variables_collections=None, outputs_collections=None, trainable=True, scope=None,
    mean_close_to_zero=False,
):  # fmt: skip
    """activation_fn(gamma * (inputs - mean) / sqrt(variance + epsilon) + beta), after Wu and He
    2018: mean and variance are those of each group of channels of each example, over
    `reduction_axes`.

    Variables: beta (with `center`) and gamma (with `scale`), [channels]. With `mean_close_to_zero`
    the squares are summed up without the mean taken off before. ValueError for an unknown rank or
    size, and for groups that do not divide the channels.
    """
    given, inputs = locals(), convert_to_tensor(inputs)
    rank = _known_rank(inputs)
    if channels_axis > rank - 1:
        raise ValueError("Axis is out of bounds.")
    known, run = inputs.shape.as_list(), shape_of(inputs)
    sizes = [run[i] if size is None else size for i, size in enumerate(known)]
    channel = channels_axis + rank if channels_axis < 0 else channels_axis
    reduced = [axis + rank if axis < 0 else axis for axis in reduction_axes]
    _check_groups(inputs, groups, channel, reduced)
    parts = [groups, known[channel] // groups]
    inputs = reshape(inputs, [*sizes[:channel], *parts, *sizes[channel + 1 :]])
    spread = [1] * channel + parts + [1] * (rank - channel - 1)
    axes = [channel + 1, *(axis + 1 if axis > channel else axis for axis in reduced)]
    with variable_scope(scope, "GroupNorm", [inputs], reuse=reuse) as path:
        beta, gamma = _learned(given, known[channel : channel + 1], inputs.dtype.base_dtype, spread)
        if mean_close_to_zero:
            count, mean, squares, _ = sufficient_statistics(inputs, axes, keep_dims=True)
            mean, variance = normalize_moments(count, mean, squares, shift=None)
        else:
            mean, variance = moments(inputs, axes, keep_dims=True)
        gain = rsqrt(variance + epsilon)
        offset = -mean * gain
        if gamma is not None:
            gain, offset = gain * gamma, offset * gamma
        if beta is not None:
            offset = offset + beta
        outputs = reshape(inputs * gain + offset, sizes)
        return finished(outputs, given, path)


def _check_groups(inputs, groups, channel, reduced):
    sizes = inputs.shape.as_list()
    if sizes[channel] is None:
        raise ValueError(f"Inputs {inputs.name} has undefined channel dimension: {channel}.")
    for axis in reduced:
        if axis >= len(sizes):
            raise ValueError("Axis is out of bounds.")
        if sizes[axis] is None:
            raise ValueError(f"Inputs {inputs.name} has undefined dimensions {axis}.")
        if axis == channel:
            raise ValueError("reduction_axis must be mutually exclusive with channels_axis")
    if groups > sizes[channel]:
        raise ValueError(f"Invalid groups {groups} for {sizes[channel]} channels.")
    if sizes[channel] % groups != 0:
        raise ValueError(
            f"{sizes[channel]} channels is not commensurate with {groups} groups."
        )


@add_arg_scope
def unit_norm(inputs, dim, epsilon=1e-7, scope=None):
    """`inputs` / sqrt(epsilon + the sum of their squares along the axis `dim`).

    ValueError for an unknown rank, or a `dim` that is negative or too large.
    """
    with variable_scope(scope, "UnitNorm", [inputs]):
        rank = inputs.shape.ndims
        if not rank:
            raise ValueError("The input rank must be known.")
        if not 0 <= dim < rank:
            raise ValueError("dim must be positive but smaller than the input rank.")
        lengths = sqrt(epsilon + reduce_sum(square(inputs), dim, True))
        before, after = [dim] * (dim > 0), [rank - 1 - dim] * (dim < rank - 1)
        multiples = [
            *(ones(count, int32) for count in [before] if count),
            strided_slice(shape_of(inputs), [dim], [dim + 1]),
            *(ones(count, int32) for count in [after] if count),
        ]
        return div(inputs, tile(lengths, concat(multiples, 0)))
