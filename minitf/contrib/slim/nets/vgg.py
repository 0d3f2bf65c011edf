"""VGG, of Simonyan and Zisserman 2014: 11, 16 and 19 layers."""
from minitf.contrib.layers import conv2d, fully_connected, max_pool2d, repeat
from minitf.contrib.slim.nets.classifier import arguments, classify, ends, head, network
from minitf.core.arguments import takes
from minitf.ops.state.initializers import Zeros


def vgg_arg_scope(weight_decay=0.0005):
    """What `with slim.arg_scope(...)` enters around a VGG network."""
    return arguments(weight_decay, Zeros())


def _vgg(name, counts, given, by_name_scope=True, collected=(conv2d, fully_connected, max_pool2d)):
    """(logits, end points): five times so many convolutions and a pooling, then the head."""
    with network(given["scope"], name, given["inputs"], by_name_scope, list(collected)) as (
        path, collection,
    ):  # fmt: skip
        net = given["inputs"]
        for number, count in enumerate(counts, 1):
            depth = min(32 << number, 512)
            net = repeat(net, count, conv2d, depth, [3, 3], scope=f"conv{number}")
            net = max_pool2d(net, [2, 2], scope=f"pool{number}")
        net = head(net, 4096, [7, 7], given["num_classes"], given["is_training"],
                   given["dropout_keep_prob"])  # fmt: skip
        return ends(net, path, collection, given["spatial_squeeze"])


@takes(classify, scope="vgg_a")
def vgg_a(**given):
    """(logits, end points) of VGG with 11 layers, version A, for images of 224 pixels square.

    Without `spatial_squeeze` the logits are [batch, 1, 1, num_classes], or more pixels for larger
    images.
    """
    return _vgg("vgg_a", (1, 1, 2, 2, 2), given, collected=(conv2d, max_pool2d))


@takes(vgg_a, scope="vgg_16")
def vgg_16(**given):
    """As `vgg_a`, with 16 layers: version D."""
    return _vgg("vgg_16", (2, 2, 3, 3, 3), given)


@takes(vgg_a, scope="vgg_19")
def vgg_19(**given):
    """As `vgg_a`, with 19 layers: version E."""
    return _vgg("vgg_19", (2, 2, 4, 4, 4), given, by_name_scope=False)


vgg_a.default_image_size = vgg_16.default_image_size = vgg_19.default_image_size = 224
vgg_d, vgg_e = vgg_16, vgg_19
