"""Pooling of sequences, and of whatever has one to three axes of pixels: `tf.nn.max_pool1d`,
`tf.nn.max_pool_v2`, `tf.nn.pool`.

A sequence is an image of one row.
"""
from minitf.core.convert import convert_to_tensor
from minitf.core.deprecation import renamed
from minitf.core.graph import name_scope
from minitf.nn.conv1d import one_row, per_axis_of_row
from minitf.nn.dilating import with_space_to_batch
from minitf.nn.pool import avg_pool, avg_pool_op, max_pool, max_pool_op
from minitf.nn.pool3d import avg_pool3d, avg_pool3d_op, max_pool3d, max_pool3d_op, window_3d
from minitf.nn.windows import LAYOUTS, check_choice, per_axis
from minitf.ops.reduction.axes import expand_dims, squeeze


def _pooled_row(operation, input, ksize, strides, padding, data_format, name, default_name):
    with name_scope(name, default_name, [input]) as scope:
        axis, layout = one_row(data_format)
        check_choice(operation.type, "padding", padding, ("SAME", "VALID"))
        outputs = operation(
            expand_dims(input, axis),
            ksize=per_axis_of_row(ksize, layout, "ksize"),
            strides=per_axis_of_row(strides, layout, "strides"),
            padding=padding,
            data_format=layout,
            name=scope,
        )
        return squeeze(outputs, axis)


def max_pool1d(input, ksize, strides, padding, data_format="NWC", name=None):
    """The largest element of each window of `ksize` that slides over `input` by `strides`.

    `input` is [batch, width, depth], for "NCW" with the depth second. `ksize` and `strides` are a
    number or a list of 1 or 3. `padding` is "SAME" or "VALID". Raises ValueError when the sizes do
    not fit.
    """
    return _pooled_row(max_pool_op, input, ksize, strides, padding, data_format, name, "MaxPool1d")


def avg_pool1d(input, ksize, strides, padding, data_format="NWC", name=None):
    """The mean of each window of `ksize` that slides over `input` by `strides`.

    As `max_pool1d`, with the mean of what is in the window: padding does not count.
    """
    return _pooled_row(avg_pool_op, input, ksize, strides, padding, data_format, name, "AvgPool1D")


def _of_rank(row, images, volumes, input, ksize, strides, padding, data_format, name):
    """The op that the rank of `input`, else the length of `data_format`, says."""
    input = convert_to_tensor(input, name="input")
    if input._shape is None and data_format is None:
        raise ValueError("The input must have a rank or a data format must be given.")
    rank = len(data_format if input._shape is None else input._shape)
    if rank == 3:
        return row(input, ksize, strides, padding, data_format, name)
    if rank == 4:
        layout = data_format or "NHWC"
        check_choice(images.type, "padding", padding, ("SAME", "VALID"))
        check_choice(images.type, "data_format", layout, LAYOUTS)
        ksize, strides = per_axis(ksize, layout, "ksize"), per_axis(strides, layout, "strides")
        return images(input, ksize=ksize, strides=strides, padding=padding, data_format=layout,
                      name=name)  # fmt: skip
    if rank == 5:
        window = window_3d(volumes.type, ksize, strides, padding, data_format)
        return volumes(input, name=name, **window)
    raise ValueError(f"Input tensor must be of rank 3, 4 or 5 but was {rank}.")


def max_pool_v2(input, ksize, strides, padding, data_format=None, name=None):
    """`max_pool1d`, `max_pool` or `max_pool3d`, by the rank of `input`. ValueError for another."""
    return _of_rank(max_pool1d, max_pool_op, max_pool3d_op,
                    input, ksize, strides, padding, data_format, name)  # fmt: skip


def avg_pool_v2(input, ksize, strides, padding, data_format=None, name=None):
    """`avg_pool1d`, `avg_pool` or `avg_pool3d`, by the rank of `input`. ValueError for another."""
    return _of_rank(avg_pool1d, avg_pool_op, avg_pool3d_op,
                    input, ksize, strides, padding, data_format, name)  # fmt: skip


_FUNCTIONS = {
    ("MAX", 1): max_pool1d,
    ("MAX", 2): max_pool,
    ("MAX", 3): max_pool3d,
    ("AVG", 1): avg_pool1d,
    ("AVG", 2): avg_pool,
    ("AVG", 3): avg_pool3d,
}


def pool(
    input, window_shape, pooling_type, padding, dilation_rate=None, strides=None, name=None,
    data_format=None, dilations=None,
):  # fmt: skip
    """The largest ("MAX") or the mean ("AVG") of each window of `window_shape`, which has a number
    for each axis of pixels, of which there are one to three.

    `strides` are 1 where not given, and no greater than the window. With a `dilation_rate` of more
    than 1, whose pixels are taken, strides must be 1 and the padding "VALID". ValueError for what
    does not fit.
    """
    rate = renamed("dilation_rate", dilation_rate, "dilations", dilations)
    with name_scope(name, f"{pooling_type.lower()}_pool", [input]) as scope:
        input = convert_to_tensor(input, name="input")
        count = len(window_shape)
        if not 1 <= count <= 3:
            raise ValueError("It is required that 1 <= num_spatial_dims <= 3.")
        input.shape.with_rank(count + 2)
        strides, rate = _numbers(strides, count, "strides"), _numbers(rate, count, "dilation_rate")
        _check(window_shape, strides, rate, padding)
        if (pooling_type, count) not in _FUNCTIONS:
            raise ValueError(f"{count}-D {pooling_type} pooling is not supported.")
        layout = data_format or ("NWC", "NHWC", "NDHWC")[count - 1]
        function = _FUNCTIONS[pooling_type, count]

        def pooled(images, _, padding):
            return function(images, list(window_shape), strides, padding, layout, name=scope)

        return with_space_to_batch(input, rate, padding, pooled, data_format=layout)


def _numbers(value, count, name):
    """One number for each axis of pixels, 1 by default."""
    numbers = [1] * count if value is None else [int(n) for n in value]
    if len(numbers) != count:
        raise ValueError(f"len({name})={len(numbers)} but should be {count}")
    if min(numbers) < 1:
        raise ValueError(f"all values of {name} must be positive, got {numbers}")
    return numbers


def _check(window, strides, rate, padding):
    if max(strides) > 1 and max(rate) > 1:
        raise ValueError("strides > 1 not supported in conjunction with dilation_rate > 1")
    if padding == "SAME" and max(rate) > 1:
        raise ValueError("pooling with SAME padding is not implemented for dilation_rate > 1")
    if any(stride > size for stride, size in zip(strides, window)):
        raise ValueError(
            "strides > window_shape not supported due to inconsistency between CPU and GPU "
            "implementations"
        )
