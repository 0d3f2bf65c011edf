"""OverFeat, of Sermanet et al. 2014."""
from minitf.contrib.layers import conv2d, fully_connected, max_pool2d
from minitf.contrib.slim.nets.classifier import (
    arguments,
    classify,
    ends,
    network,
    small_head,
    trunc_normal,  # noqa: F401  a public name
)
from minitf.core.arguments import takes
from minitf.ops.state.initializers import Zeros


def overfeat_arg_scope(weight_decay=0.0005):
    """What `with slim.arg_scope(...)` enters around `overfeat`."""
    return arguments(weight_decay, Zeros(), "VALID")


@takes(classify, scope="overfeat")
def overfeat(inputs, num_classes, is_training, dropout_keep_prob, spatial_squeeze, scope):
    """(logits, end points) of OverFeat's fast model for images, of 231 pixels square.

    Without `spatial_squeeze` the logits are [batch, 1, 1, num_classes], or more pixels for larger
    images.
    """
    layers = [conv2d, fully_connected, max_pool2d]
    with network(scope, "overfeat", inputs, False, layers) as (path, collection):
        net = conv2d(inputs, 64, [11, 11], 4, padding="VALID", scope="conv1")
        net = max_pool2d(net, [2, 2], scope="pool1")
        net = conv2d(net, 256, [5, 5], padding="VALID", scope="conv2")
        net = max_pool2d(net, [2, 2], scope="pool2")
        net = conv2d(net, 512, [3, 3], scope="conv3")
        net = conv2d(net, 1024, [3, 3], scope="conv4")
        net = conv2d(net, 1024, [3, 3], scope="conv5")
        net = max_pool2d(net, [2, 2], scope="pool5")
        net = small_head(net, 3072, [6, 6], num_classes, is_training, dropout_keep_prob)
        return ends(net, path, collection, spatial_squeeze)
