"""What residual networks are made of: `Block`, `conv2d_same`, `stack_blocks_dense`, ..."""
import collections

from minitf.contrib.framework.arg_scope import add_arg_scope, arg_scope
from minitf.contrib.layers import (
    batch_norm,
    conv2d,
    l2_regularizer,
    max_pool2d,
    softmax,
    variance_scaling_initializer,
)
from minitf.contrib.layers.utils import collect_named_outputs, convert_collection_to_dict
from minitf.core.graph_keys import GraphKeys
from minitf.nn.activation import relu
from minitf.ops.array.padding import pad
from minitf.ops.reduction.reduce import reduce_mean
from minitf.ops.state.variable_scope import variable_scope


class Block(collections.namedtuple("Block", ["scope", "unit_fn", "args"])):
    """Residual units one after the other: the scope, the function of a unit, and its arguments for
    each of them, a list of dictionaries."""


def bottlenecks(unit, scope, base_depth, num_units, stride):
    """A Block of units with bottlenecks, of which the last has the stride."""
    units = [{"depth": base_depth * 4, "depth_bottleneck": base_depth, "stride": 1}] * num_units
    return Block(scope, unit, [*units[1:], {**units[0], "stride": stride}])


def subsample(inputs, factor, scope=None):
    """Each `factor`th pixel of images."""
    if factor == 1:
        return inputs
    return max_pool2d(inputs, [1, 1], stride=factor, scope=scope)


def conv2d_same(inputs, num_outputs, kernel_size, stride, rate=1, scope=None):
    """A convolution with "SAME" padding whose outputs, for every stride, are those of stride 1 at
    each `stride`th pixel: the zeros around do not depend on the size."""
    if stride == 1:
        return conv2d(inputs, num_outputs, kernel_size, stride=1, rate=rate, padding="SAME",
                      scope=scope)  # fmt: skip
    total = kernel_size + (kernel_size - 1) * (rate - 1) - 1
    around = [total // 2, total - total // 2]
    inputs = pad(inputs, [[0, 0], around, around, [0, 0]])
    return conv2d(inputs, num_outputs, kernel_size, stride=stride, rate=rate, padding="VALID",
                  scope=scope)  # fmt: skip


@add_arg_scope
def stack_blocks_dense(net, blocks, output_stride=None, outputs_collections=None):
    """The blocks one after the other.

    Where the strides so far have come to `output_stride`, later ones become rates of the
    convolutions, so that no more pixels are lost. ValueError when that is never so.
    """
    current, rate = 1, 1
    for block in blocks:
        with variable_scope(block.scope, "block", [net]) as scope:
            for number, unit in enumerate(block.args, 1):
                if output_stride is not None and current > output_stride:
                    raise ValueError("The target output_stride cannot be reached.")
                with variable_scope(f"unit_{number}", values=[net]):
                    if output_stride is not None and current == output_stride:
                        net = block.unit_fn(net, rate=rate, **{**unit, "stride": 1})
                        rate *= unit.get("stride", 1)
                    else:
                        net = block.unit_fn(net, rate=1, **unit)
                        current *= unit.get("stride", 1)
            net = collect_named_outputs(outputs_collections, scope.name, net)
    if output_stride is not None and current != output_stride:
        raise ValueError("The target output_stride cannot be reached.")
    return net


PARTS = ("name", "unit", "root", "end")


def residual_network(
    name, unit, root, end, inputs, blocks, num_classes=None, is_training=True, global_pool=True,
    output_stride=None, include_root_block=True, reuse=None, scope=None,
):  # fmt: skip
    """(net, end points) of blocks, between `root(inputs)` and `end(net)`.

    The end points are the outputs of convolutions, units and blocks.
    """
    with variable_scope(scope, name, [inputs], reuse=reuse) as scope:
        collection = f"{scope.original_name_scope}_end_points"
        with (
            arg_scope([conv2d, unit, stack_blocks_dense], outputs_collections=collection),
            arg_scope([batch_norm], is_training=is_training),
        ):
            net = inputs
            if include_root_block:
                if output_stride is not None:
                    if output_stride % 4 != 0:
                        raise ValueError("The output_stride needs to be a multiple of 4.")
                    output_stride /= 4
                net = max_pool2d(root(net), [3, 3], stride=2, scope="pool1")
            net = stack_blocks_dense(net, blocks, output_stride)
            net = net if end is None else end(net)
            if global_pool:
                net = reduce_mean(net, [1, 2], name="pool5", keepdims=True)
            if num_classes is not None:
                net = conv2d(net, num_classes, [1, 1], activation_fn=None, normalizer_fn=None,
                             scope="logits")  # fmt: skip
            end_points = convert_collection_to_dict(collection)
            if num_classes is not None:
                end_points["predictions"] = softmax(net, scope="predictions")
            return net, end_points


# How many units the four blocks have, by the number of layers.
UNITS = {50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3), 200: (3, 24, 36, 3)}


def blocks_of(layers, block):
    """The four blocks of a network with so many layers; `block` makes one."""
    strides = (2, 2, 2, 1)
    return [
        block(f"block{number}", base_depth=32 << number, num_units=units, stride=stride)
        for number, (units, stride) in enumerate(zip(UNITS[layers], strides), 1)
    ]


def resnet_arg_scope(
    weight_decay=0.0001, batch_norm_decay=0.997, batch_norm_epsilon=1e-5, batch_norm_scale=True
):
    """What `with slim.arg_scope(...)` enters around a residual network."""
    normalization = {
        "decay": batch_norm_decay,
        "epsilon": batch_norm_epsilon,
        "scale": batch_norm_scale,
        "updates_collections": GraphKeys.UPDATE_OPS,
    }
    with (
        arg_scope(
            [conv2d],
            weights_regularizer=l2_regularizer(weight_decay),
            weights_initializer=variance_scaling_initializer(),
            activation_fn=relu,
            normalizer_fn=batch_norm,
            normalizer_params=normalization,
        ),
        arg_scope([batch_norm], **normalization),
        arg_scope([max_pool2d], padding="SAME") as scope,
    ):
        return scope
