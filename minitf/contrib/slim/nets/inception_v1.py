"""GoogLeNet, of Szegedy et al. 2014, "Going deeper with convolutions", with normalization."""
from minitf.contrib.framework.arg_scope import arg_scope
from minitf.contrib.layers import (
    avg_pool2d,
    batch_norm,
    conv2d,
    dropout,
    fully_connected,
    max_pool2d,
)
from minitf.contrib.slim.nets.inception_blocks import (
    arguments,
    classify,
    conv,
    follow,
    logits_of,
    max_pool,
    mixed,
    network,
    trunc_normal,
)
from minitf.core.arguments import takes
from minitf.ops.state.variable_scope import variable_scope


def _mixed(scope, one, three, five, pooled, last="Conv2d_0b_3x3"):
    """Windows of 1, 3 (twice: the second was 5 once), and a pooling, with so many channels."""
    return mixed(
        scope,
        [conv("Conv2d_0a_1x1", one)],
        [conv("Conv2d_0a_1x1", three[0]), conv("Conv2d_0b_3x3", three[1])],
        [conv("Conv2d_0a_1x1", five[0]), conv(last, five[1])],
        [max_pool("MaxPool_0a_3x3"), conv("Conv2d_0b_1x1", pooled)],
    )


_PLAN = {
    "Conv2d_1a_7x7": conv("Conv2d_1a_7x7", 64, stride=2),
    "MaxPool_2a_3x3": max_pool("MaxPool_2a_3x3", stride=2),
    "Conv2d_2b_1x1": conv("Conv2d_2b_1x1", 64),
    "Conv2d_2c_3x3": conv("Conv2d_2c_3x3", 192),
    "MaxPool_3a_3x3": max_pool("MaxPool_3a_3x3", stride=2),
    "Mixed_3b": _mixed("Mixed_3b", 64, (96, 128), (16, 32), 32),
    "Mixed_3c": _mixed("Mixed_3c", 128, (128, 192), (32, 96), 64),
    "MaxPool_4a_3x3": max_pool("MaxPool_4a_3x3", stride=2),
    "Mixed_4b": _mixed("Mixed_4b", 192, (96, 208), (16, 48), 64),
    "Mixed_4c": _mixed("Mixed_4c", 160, (112, 224), (24, 64), 64),
    "Mixed_4d": _mixed("Mixed_4d", 128, (128, 256), (24, 64), 64),
    "Mixed_4e": _mixed("Mixed_4e", 112, (144, 288), (32, 64), 64),
    "Mixed_4f": _mixed("Mixed_4f", 256, (160, 320), (32, 128), 128),
    "MaxPool_5a_2x2": lambda net, _: max_pool2d(net, [2, 2], stride=2, scope="MaxPool_5a_2x2"),
    # The scope is a slip of the original, which checkpoints keep.
    "Mixed_5b": _mixed("Mixed_5b", 256, (160, 320), (32, 128), 128, last="Conv2d_0a_3x3"),
    "Mixed_5c": _mixed("Mixed_5c", 384, (192, 384), (48, 128), 128),
}


def inception_v1_base(inputs, final_endpoint="Mixed_5c", scope="InceptionV1"):
    """(net, end points) up to the one named. ValueError for a name that none has."""
    end_points = {}
    with variable_scope(scope, "InceptionV1", [inputs]):
        with (
            arg_scope([conv2d, fully_connected], weights_initializer=trunc_normal(0.01)),
            arg_scope([conv2d, max_pool2d], stride=1, padding="SAME"),
        ):
            net, ended = follow(inputs, _PLAN, int, end_points, final_endpoint)
            if ended:
                return net, end_points
        raise ValueError(f"Unknown final endpoint {final_endpoint}")


@takes(classify, without=["min_depth", "depth_multiplier"], scope="InceptionV1")
def inception_v1(
    inputs, num_classes, is_training, dropout_keep_prob, prediction_fn, spatial_squeeze, reuse,
    scope,
):  # fmt: skip
    """(logits, end points) of Inception V1, for images of 224 pixels square.

    Without `spatial_squeeze` the logits are [batch, 1, 1, num_classes], or more pixels for larger
    images. `prediction_fn` makes the end point "Predictions" of them.
    """
    with network("InceptionV1", inputs, num_classes, is_training, reuse, scope) as path:
        net, end_points = inception_v1_base(inputs, scope=path)
        with variable_scope("Logits"):
            net = avg_pool2d(net, [7, 7], stride=1, scope="MaxPool_0a_7x7")
            net = dropout(net, dropout_keep_prob, scope="Dropout_0b")
            logits = logits_of(net, num_classes, "Conv2d_0c_1x1", spatial_squeeze)
            end_points["Logits"] = logits
            end_points["Predictions"] = prediction_fn(logits, scope="Predictions")
    return logits, end_points


inception_v1.default_image_size = 224


def inception_v1_arg_scope(
    weight_decay=0.00004, use_batch_norm=True, batch_norm_var_collection="moving_vars"
):
    """What `with slim.arg_scope(...)` enters around `inception_v1`."""
    normalizer = batch_norm if use_batch_norm else None
    return arguments(weight_decay, batch_norm_var_collection, normalizer)
