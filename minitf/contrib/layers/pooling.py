"""`tf.contrib.layers.max_pool2d`, `avg_pool2d`, the same of volumes, and `pool`."""
from minitf.contrib.framework.arg_scope import add_arg_scope
from minitf.contrib.layers.scoped import FORMATS, FORMATS_3D, check_format
from minitf.contrib.layers.utils import collect_named_outputs, n_positive_integers
from minitf.core.arguments import takes
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.layers.pooling import (
    AveragePooling2D,
    AveragePooling3D,
    MaxPooling2D,
    MaxPooling3D,
)
from minitf.nn.pool_ranks import pool as nn_pool


@add_arg_scope
def avg_pool2d(inputs, kernel_size, stride=2, padding="VALID", data_format="NHWC",
               outputs_collections=None, scope=None):  # fmt: skip
    """The mean of each window of `kernel_size`, moved by `stride`, of each channel of images.

    Both are (height, width) or one number for both. ValueError for another data_format.
    """
    return _pooled(AveragePooling2D, "AvgPool2D", FORMATS, locals())


@add_arg_scope
@takes(avg_pool2d, data_format="NDHWC")
def avg_pool3d(**given):
    """The mean of each window of `kernel_size`, moved by `stride`, of each channel of volumes."""
    return _pooled(AveragePooling3D, "AvgPool3D", FORMATS_3D, given)


@add_arg_scope
@takes(avg_pool2d)
def max_pool2d(**given):
    """The largest of each window of `kernel_size`, moved by `stride`, of each channel of images.

    Both are (height, width) or one number for both. ValueError for another data_format.
    """
    return _pooled(MaxPooling2D, "MaxPool2D", FORMATS, given)


@add_arg_scope
@takes(avg_pool2d, data_format="NDHWC")
def max_pool3d(**given):
    """The largest of each window of `kernel_size`, moved by `stride`, of each channel of volumes.
    """
    return _pooled(MaxPooling3D, "MaxPool3D", FORMATS_3D, given)


def _pooled(kind, default_name, formats, given):
    order = check_format(given["data_format"], formats)
    with name_scope(given["scope"], default_name, [given["inputs"]]) as scope:
        inputs = convert_to_tensor(given["inputs"])
        window = given["kernel_size"], given["stride"], given["padding"]
        outputs = kind(*window, order, _scope=scope)(inputs)
        return collect_named_outputs(given["outputs_collections"], scope, outputs)


@add_arg_scope
def pool(inputs, kernel_size, pooling_type, padding="VALID", data_format=None, dilation_rate=1,
         stride=1, outputs_collections=None, scope=None):  # fmt: skip
    """The largest ("MAX") or the mean ("AVG") of each window of sequences, images or volumes.

    `kernel_size`, `dilation_rate` and `stride` have a number for each axis of pixels, or are one
    for all. ValueError for a rank that is unknown or less than 3.
    """
    with name_scope(scope, f"{pooling_type.lower()}_pool", [inputs]) as path:
        inputs = convert_to_tensor(inputs)
        rank = inputs.shape.ndims
        if rank is None:
            raise ValueError("Rank of inputs must be known")
        if rank < 3:
            raise ValueError("Rank of inputs must be >= 3")
        window, rate, strides = (
            n_positive_integers(rank - 2, each) for each in (kernel_size, dilation_rate, stride)
        )
        output = nn_pool(inputs, window, pooling_type, padding, rate, strides, path, data_format)
        return collect_named_outputs(outputs_collections, path, output)
