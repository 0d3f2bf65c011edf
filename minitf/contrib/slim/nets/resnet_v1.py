"""Residual networks, of He et al. 2015: the ReLU stands after the sum."""
from minitf.contrib.framework.arg_scope import add_arg_scope
from minitf.contrib.layers import conv2d
from minitf.contrib.layers.utils import collect_named_outputs, last_dimension
from minitf.contrib.slim.nets import resnet_utils
from minitf.core.arguments import takes
from minitf.nn.activation import relu
from minitf.ops.state.variable_scope import variable_scope

resnet_arg_scope = resnet_utils.resnet_arg_scope


@add_arg_scope
def bottleneck(
    inputs, depth, depth_bottleneck, stride, rate=1, outputs_collections=None, scope=None
):
    """A unit: relu(inputs + three convolutions of them, that between having fewer channels)."""
    with variable_scope(scope, "bottleneck_v1", [inputs]) as path:
        if depth == last_dimension(inputs.get_shape(), min_rank=4):
            shortcut = resnet_utils.subsample(inputs, stride, "shortcut")
        else:
            shortcut = conv2d(inputs, depth, [1, 1], stride=stride, activation_fn=None,
                              scope="shortcut")  # fmt: skip
        residual = conv2d(inputs, depth_bottleneck, [1, 1], stride=1, scope="conv1")
        residual = resnet_utils.conv2d_same(
            residual, depth_bottleneck, 3, stride, rate=rate, scope="conv2"
        )
        residual = conv2d(residual, depth, [1, 1], stride=1, activation_fn=None, scope="conv3")
        return collect_named_outputs(outputs_collections, path.name, relu(shortcut + residual))


@takes(resnet_utils.residual_network, without=resnet_utils.PARTS)
def resnet_v1(**given):
    """(net, end points) of a residual network with these Blocks, for images.

    With `num_classes` the net is the logits [batch, 1, 1, num_classes], else the features, with
    `global_pool` [batch, 1, 1, channels]. `output_stride` is how much smaller than the images the
    last features are (32 by default): ValueError where it cannot be.
    """
    return resnet_utils.residual_network("resnet_v1", bottleneck, _root, None, **given)


def _root(net):
    return resnet_utils.conv2d_same(net, 64, 7, stride=2, scope="conv1")


resnet_v1.default_image_size = 224


def resnet_v1_block(scope, base_depth, num_units, stride):
    """A Block of so many units, of which the last has the stride."""
    return resnet_utils.bottlenecks(bottleneck, scope, base_depth, num_units, stride)


_BLOCKS = ("blocks", "include_root_block")


def _resnet(layers, given):
    blocks = resnet_utils.blocks_of(layers, resnet_v1_block)
    return resnet_v1(blocks=blocks, **given)


@takes(resnet_v1, without=_BLOCKS, scope="resnet_v1_50")
def resnet_v1_50(**given):
    """`resnet_v1` with 50 layers."""
    return _resnet(50, given)


@takes(resnet_v1, without=_BLOCKS, scope="resnet_v1_101")
def resnet_v1_101(**given):
    """`resnet_v1` with 101 layers."""
    return _resnet(101, given)


@takes(resnet_v1, without=_BLOCKS, scope="resnet_v1_152")
def resnet_v1_152(**given):
    """`resnet_v1` with 152 layers."""
    return _resnet(152, given)


@takes(resnet_v1, without=_BLOCKS, scope="resnet_v1_200")
def resnet_v1_200(**given):
    """`resnet_v1` with 200 layers."""
    return _resnet(200, given)
