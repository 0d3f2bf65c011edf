"""Residual networks, of He et al. 2016: normalization and ReLU stand before the convolutions."""
from minitf.contrib.framework.arg_scope import add_arg_scope, arg_scope
from minitf.contrib.layers import batch_norm, conv2d
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
    """A unit: inputs + three convolutions of them, that between having fewer channels."""
    linear = {"normalizer_fn": None, "activation_fn": None}
    with variable_scope(scope, "bottleneck_v2", [inputs]) as path:
        depth_in = last_dimension(inputs.get_shape(), min_rank=4)
        active = batch_norm(inputs, activation_fn=relu, scope="preact")
        if depth == depth_in:
            shortcut = resnet_utils.subsample(inputs, stride, "shortcut")
        else:
            shortcut = conv2d(active, depth, [1, 1], stride=stride, scope="shortcut", **linear)
        residual = conv2d(active, depth_bottleneck, [1, 1], stride=1, scope="conv1")
        residual = resnet_utils.conv2d_same(
            residual, depth_bottleneck, 3, stride, rate=rate, scope="conv2"
        )
        residual = conv2d(residual, depth, [1, 1], stride=1, scope="conv3", **linear)
        return collect_named_outputs(outputs_collections, path.name, shortcut + residual)


@takes(resnet_utils.residual_network, without=resnet_utils.PARTS)
def resnet_v2(**given):
    """(net, end points) of a residual network with these Blocks, for images.

    With `num_classes` the net is the logits [batch, 1, 1, num_classes], else the features, with
    `global_pool` [batch, 1, 1, channels]. `output_stride` is how much smaller than the images the
    last features are (32 by default): ValueError where it cannot be.
    """
    return resnet_utils.residual_network("resnet_v2", bottleneck, _root, _normalized, **given)


def _root(net):
    with arg_scope([conv2d], activation_fn=None, normalizer_fn=None):
        return resnet_utils.conv2d_same(net, 64, 7, stride=2, scope="conv1")


def _normalized(net):
    return batch_norm(net, activation_fn=relu, scope="postnorm")


resnet_v2.default_image_size = 224


def resnet_v2_block(scope, base_depth, num_units, stride):
    """A Block of so many units, of which the last has the stride."""
    return resnet_utils.bottlenecks(bottleneck, scope, base_depth, num_units, stride)


_BLOCKS = ("blocks", "include_root_block")


def _resnet(layers, given):
    blocks = resnet_utils.blocks_of(layers, resnet_v2_block)
    return resnet_v2(blocks=blocks, **given)


@takes(resnet_v2, without=_BLOCKS, scope="resnet_v2_50")
def resnet_v2_50(**given):
    """`resnet_v2` with 50 layers."""
    return _resnet(50, given)


@takes(resnet_v2, without=_BLOCKS, scope="resnet_v2_101")
def resnet_v2_101(**given):
    """`resnet_v2` with 101 layers."""
    return _resnet(101, given)


@takes(resnet_v2, without=_BLOCKS, scope="resnet_v2_152")
def resnet_v2_152(**given):
    """`resnet_v2` with 152 layers."""
    return _resnet(152, given)


@takes(resnet_v2, without=_BLOCKS, scope="resnet_v2_200")
def resnet_v2_200(**given):
    """`resnet_v2` with 200 layers."""
    return _resnet(200, given)
