"""AlexNet, of Krizhevsky 2014, "One weird trick for parallelizing convolutional neural networks".
"""
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
from minitf.ops.state.initializers import Constant


def alexnet_v2_arg_scope(weight_decay=0.0005):
    """What `with slim.arg_scope(...)` enters around `alexnet_v2`."""
    return arguments(weight_decay, Constant(0.1), "VALID")


@takes(classify, scope="alexnet_v2")
def alexnet_v2(inputs, num_classes, is_training, dropout_keep_prob, spatial_squeeze, scope):
    """(logits, end points) of AlexNet for images, of 224 pixels square.

    Without `spatial_squeeze` the logits are [batch, 1, 1, num_classes], or more pixels for larger
    images.
    """
    layers = [conv2d, fully_connected, max_pool2d]
    with network(scope, "alexnet_v2", inputs, True, layers) as (path, collection):
        net = conv2d(inputs, 64, [11, 11], 4, padding="VALID", scope="conv1")
        net = max_pool2d(net, [3, 3], 2, scope="pool1")
        net = conv2d(net, 192, [5, 5], scope="conv2")
        net = max_pool2d(net, [3, 3], 2, scope="pool2")
        net = conv2d(net, 384, [3, 3], scope="conv3")
        net = conv2d(net, 384, [3, 3], scope="conv4")
        net = conv2d(net, 256, [3, 3], scope="conv5")
        net = max_pool2d(net, [3, 3], 2, scope="pool5")
        net = small_head(net, 4096, [5, 5], num_classes, is_training, dropout_keep_prob)
        return ends(net, path, collection, spatial_squeeze)


alexnet_v2.default_image_size = 224
