"""Inception V2, of Ioffe and Szegedy 2015, "Batch normalization"."""
from minitf.contrib.framework.arg_scope import arg_scope
from minitf.contrib.layers import (
    avg_pool2d,
    conv2d,
    dropout,
    max_pool2d,
    separable_conv2d,
)
from minitf.contrib.slim.nets.inception_blocks import (
    arguments,
    avg_pool,
    classify,
    conv,
    follow,
    logits_of,
    max_pool,
    mixed,
    network,
    scaled,
    trunc_normal,
    window_within,
)
from minitf.core.arguments import takes
from minitf.ops.state.variable_scope import variable_scope


def _reduce(depth):
    """The convolution before a larger one."""
    return conv("Conv2d_0a_1x1", depth, weights_initializer=trunc_normal(0.09))


def _mixed(scope, one, three, double, pooled, pool="avg"):
    """Windows of 1, 3, 3 twice, and a pooling, with so many channels."""
    pooling = avg_pool("AvgPool_0a_3x3") if pool == "avg" else max_pool("MaxPool_0a_3x3")
    return mixed(
        scope,
        [conv("Conv2d_0a_1x1", one)],
        [_reduce(three[0]), conv("Conv2d_0b_3x3", three[1])],
        [_reduce(double[0]), conv("Conv2d_0b_3x3", double[1]), conv("Conv2d_0c_3x3", double[1])],
        [pooling, conv("Conv2d_0b_1x1", pooled, weights_initializer=trunc_normal(0.1))],
    )


def _smaller(scope, three, double):
    """Half as many pixels a side."""
    return mixed(
        scope,
        [_reduce(three[0]), conv("Conv2d_1a_3x3", three[1], stride=2)],
        [_reduce(double[0]), conv("Conv2d_0b_3x3", double[1]),
         conv("Conv2d_1a_3x3", double[1], stride=2)],
        [max_pool("MaxPool_1a_3x3", stride=2)],
    )  # fmt: skip


def _first(net, channels):
    """Each of the three colours by itself, then a mixture."""
    multiplier = min(int(channels(64) / 3), 8)
    return separable_conv2d(
        net, channels(64), [7, 7], depth_multiplier=multiplier, stride=2,
        weights_initializer=trunc_normal(1.0), scope="Conv2d_1a_7x7",
    )  # fmt: skip


_PLAN = {
    "Conv2d_1a_7x7": _first,
    "MaxPool_2a_3x3": max_pool("MaxPool_2a_3x3", stride=2),
    "Conv2d_2b_1x1": conv("Conv2d_2b_1x1", 64, weights_initializer=trunc_normal(0.1)),
    "Conv2d_2c_3x3": conv("Conv2d_2c_3x3", 192),
    "MaxPool_3a_3x3": max_pool("MaxPool_3a_3x3", stride=2),
    "Mixed_3b": _mixed("Mixed_3b", 64, (64, 64), (64, 96), 32),
    "Mixed_3c": _mixed("Mixed_3c", 64, (64, 96), (64, 96), 64),
    "Mixed_4a": _smaller("Mixed_4a", (128, 160), (64, 96)),
    "Mixed_4b": _mixed("Mixed_4b", 224, (64, 96), (96, 128), 128),
    "Mixed_4c": _mixed("Mixed_4c", 192, (96, 128), (96, 128), 128),
    "Mixed_4d": _mixed("Mixed_4d", 160, (128, 160), (128, 160), 96),
    "Mixed_4e": _mixed("Mixed_4e", 96, (128, 192), (160, 192), 96),
    "Mixed_5a": _smaller("Mixed_5a", (128, 192), (192, 256)),
    "Mixed_5b": _mixed("Mixed_5b", 352, (192, 320), (160, 224), 128),
    "Mixed_5c": _mixed("Mixed_5c", 352, (192, 320), (192, 224), 128, pool="max"),
}


def inception_v2_base(
    inputs, final_endpoint="Mixed_5c", min_depth=16, depth_multiplier=1.0, scope=None
):
    """(net, end points) up to the one named. ValueError for a name that none has.

    With a `depth_multiplier` there are so many times as many channels, `min_depth` at least.
    """
    channels, end_points = scaled(depth_multiplier, min_depth), {}
    with variable_scope(scope, "InceptionV2", [inputs]):
        layers = [conv2d, max_pool2d, avg_pool2d, separable_conv2d]
        with arg_scope(layers, stride=1, padding="SAME"):
            net, ended = follow(inputs, _PLAN, channels, end_points, final_endpoint)
            if ended:
                return net, end_points
        raise ValueError(f"Unknown final endpoint {final_endpoint}")


@takes(classify, scope="InceptionV2")
def inception_v2(
    inputs, num_classes, is_training, dropout_keep_prob, min_depth, depth_multiplier,
    prediction_fn, spatial_squeeze, reuse, scope,
):  # fmt: skip
    """(logits, end points) of Inception V2, for images of 224 pixels square.

    With a `depth_multiplier` there are so many times as many channels, `min_depth` at least.
    Without `spatial_squeeze` the logits are [batch, 1, 1, num_classes], or more pixels for larger
    images. `prediction_fn` makes the end point "Predictions" of them.
    """
    scaled(depth_multiplier, min_depth)
    with network("InceptionV2", inputs, num_classes, is_training, reuse, scope) as path:
        net, end_points = inception_v2_base(
            inputs, min_depth=min_depth, depth_multiplier=depth_multiplier, scope=path
        )
        with variable_scope("Logits"):
            window = window_within(net, [7, 7])
            pooled = "AvgPool_1a_{}x{}".format(*window)
            net = avg_pool2d(net, window, padding="VALID", scope=pooled)
            net = dropout(net, keep_prob=dropout_keep_prob, scope="Dropout_1b")
            logits = logits_of(net, num_classes, "Conv2d_1c_1x1", spatial_squeeze)
        end_points["Logits"] = logits
        end_points["Predictions"] = prediction_fn(logits, scope="Predictions")
    return logits, end_points


inception_v2.default_image_size = 224


def inception_v2_arg_scope(weight_decay=0.00004, batch_norm_var_collection="moving_vars"):
    """What `with slim.arg_scope(...)` enters around `inception_v2`."""
    return arguments(weight_decay, batch_norm_var_collection)
