"""Inception V3, of Szegedy et al. 2015, "Rethinking the Inception architecture"."""
from minitf.contrib.framework.arg_scope import arg_scope
from minitf.contrib.layers import avg_pool2d, batch_norm, conv2d, dropout, max_pool2d
from minitf.contrib.slim.nets.inception_blocks import (
    arguments,
    avg_pool,
    both,
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
from minitf.core.graph_keys import GraphKeys
from minitf.ops.state.variable_scope import variable_scope

# Scopes are as they were published, slips included: checkpoints keep them.


def _pooled(depth):
    return [avg_pool("AvgPool_0a_3x3"), conv("Conv2d_0b_1x1", depth)]


def _mixed_5(scope, pooled, first="Conv2d_0a_1x1", second="Conv2d_0b_5x5"):
    """Windows of 1, 5 and 3 twice, and a pooling."""
    return mixed(
        scope,
        [conv("Conv2d_0a_1x1", 64)],
        [conv(first, 48), conv(second, 64)],
        [conv("Conv2d_0a_1x1", 64), conv("Conv2d_0b_3x3", 96), conv("Conv2d_0c_3x3", 96)],
        _pooled(pooled),
    )


def _mixed_6(scope, depth):
    """Windows of 1, 7 and 7 twice, in rows and columns, and a pooling."""
    return mixed(
        scope,
        [conv("Conv2d_0a_1x1", 192)],
        [conv("Conv2d_0a_1x1", depth), conv("Conv2d_0b_1x7", depth), conv("Conv2d_0c_7x1", 192)],
        [conv("Conv2d_0a_1x1", depth), conv("Conv2d_0b_7x1", depth), conv("Conv2d_0c_1x7", depth),
         conv("Conv2d_0d_7x1", depth), conv("Conv2d_0e_1x7", 192)],
        _pooled(192),
    )  # fmt: skip


def _mixed_7(scope, column):
    """Windows of 1, 3 and 3 twice, in rows beside columns, and a pooling."""
    return mixed(
        scope,
        [conv("Conv2d_0a_1x1", 320)],
        [conv("Conv2d_0a_1x1", 384), both(conv("Conv2d_0b_1x3", 384), conv(column, 384))],
        [conv("Conv2d_0a_1x1", 448), conv("Conv2d_0b_3x3", 384),
         both(conv("Conv2d_0c_1x3", 384), conv("Conv2d_0d_3x1", 384))],
        _pooled(192),
    )  # fmt: skip


_HALVED = {"stride": 2, "padding": "VALID"}
_STEM = {
    "Conv2d_1a_3x3": conv("Conv2d_1a_3x3", 32, stride=2),
    "Conv2d_2a_3x3": conv("Conv2d_2a_3x3", 32),
    "Conv2d_2b_3x3": conv("Conv2d_2b_3x3", 64, padding="SAME"),
    "MaxPool_3a_3x3": max_pool("MaxPool_3a_3x3", stride=2),
    "Conv2d_3b_1x1": conv("Conv2d_3b_1x1", 80),
    "Conv2d_4a_3x3": conv("Conv2d_4a_3x3", 192),
    "MaxPool_5a_3x3": max_pool("MaxPool_5a_3x3", stride=2),
}
_BLOCKS = {
    "Mixed_5b": _mixed_5("Mixed_5b", 32),
    "Mixed_5c": _mixed_5("Mixed_5c", 64, "Conv2d_0b_1x1", "Conv_1_0c_5x5"),
    "Mixed_5d": _mixed_5("Mixed_5d", 64),
    "Mixed_6a": mixed(
        "Mixed_6a",
        [conv("Conv2d_1a_1x1", 384, [3, 3], **_HALVED)],
        [conv("Conv2d_0a_1x1", 64), conv("Conv2d_0b_3x3", 96),
         conv("Conv2d_1a_1x1", 96, [3, 3], **_HALVED)],
        [max_pool("MaxPool_1a_3x3", **_HALVED)],
    ),
    "Mixed_6b": _mixed_6("Mixed_6b", 128),
    "Mixed_6c": _mixed_6("Mixed_6c", 160),
    "Mixed_6d": _mixed_6("Mixed_6d", 160),
    "Mixed_6e": _mixed_6("Mixed_6e", 192),
    "Mixed_7a": mixed(
        "Mixed_7a",
        [conv("Conv2d_0a_1x1", 192), conv("Conv2d_1a_3x3", 320, **_HALVED)],
        [conv("Conv2d_0a_1x1", 192), conv("Conv2d_0b_1x7", 192), conv("Conv2d_0c_7x1", 192),
         conv("Conv2d_1a_3x3", 192, **_HALVED)],
        [max_pool("MaxPool_1a_3x3", **_HALVED)],
    ),
    "Mixed_7b": _mixed_7("Mixed_7b", "Conv2d_0b_3x1"),
    "Mixed_7c": _mixed_7("Mixed_7c", "Conv2d_0c_3x1"),
}  # fmt: skip
_LAYERS = [conv2d, max_pool2d, avg_pool2d]


def inception_v3_base(
    inputs, final_endpoint="Mixed_7c", min_depth=16, depth_multiplier=1.0, scope=None
):
    """(net, end points) up to the one named. ValueError for a name that none has.

    With a `depth_multiplier` there are so many times as many channels, `min_depth` at least.
    """
    channels, end_points = scaled(depth_multiplier, min_depth), {}
    with variable_scope(scope, "InceptionV3", [inputs]):
        net = inputs
        for plan, padding in ((_STEM, "VALID"), (_BLOCKS, "SAME")):
            with arg_scope(_LAYERS, stride=1, padding=padding):
                net, ended = follow(net, plan, channels, end_points, final_endpoint)
                if ended:
                    return net, end_points
        raise ValueError(f"Unknown final endpoint {final_endpoint}")


@takes(classify, scope="InceptionV3")
def inception_v3(
    inputs, num_classes, is_training, dropout_keep_prob, min_depth, depth_multiplier,
    prediction_fn, spatial_squeeze, reuse, scope,
):  # fmt: skip
    """(logits, end points) of Inception V3, for images of 299 pixels square.

    The end point "AuxLogits" is a second classifier, of what comes before the last blocks. With a
    `depth_multiplier` there are so many times as many channels, `min_depth` at least. Without
    `spatial_squeeze` the logits are [batch, 1, 1, num_classes], or more pixels for larger images.
    `prediction_fn` makes the end point "Predictions" of them.
    """
    channels = scaled(depth_multiplier, min_depth)
    with network("InceptionV3", inputs, num_classes, is_training, reuse, scope) as path:
        net, end_points = inception_v3_base(
            inputs, min_depth=min_depth, depth_multiplier=depth_multiplier, scope=path
        )
        with arg_scope(_LAYERS, stride=1, padding="SAME"):
            end_points["AuxLogits"] = _auxiliary(
                end_points["Mixed_6e"], num_classes, channels, spatial_squeeze
            )
        with variable_scope("Logits"):
            window = window_within(net, [8, 8])
            pooled = "AvgPool_1a_{}x{}".format(*window)
            net = avg_pool2d(net, window, padding="VALID", scope=pooled)
            net = dropout(net, keep_prob=dropout_keep_prob, scope="Dropout_1b")
            end_points["PreLogits"] = net
            logits = logits_of(net, num_classes, "Conv2d_1c_1x1", spatial_squeeze)
        end_points["Logits"] = logits
        end_points["Predictions"] = prediction_fn(logits, scope="Predictions")
    return logits, end_points


def _auxiliary(net, num_classes, channels, spatial_squeeze):
    """The logits of the second classifier."""
    with variable_scope("AuxLogits"):
        net = avg_pool2d(net, [5, 5], stride=3, padding="VALID", scope="AvgPool_1a_5x5")
        net = conv2d(net, channels(128), [1, 1], scope="Conv2d_1b_1x1")
        window = window_within(net, [5, 5])
        net = conv2d(net, channels(768), window, weights_initializer=trunc_normal(0.01),
                     padding="VALID", scope="Conv2d_2a_{}x{}".format(*window))  # fmt: skip
        return logits_of(net, num_classes, "Conv2d_2b_1x1", spatial_squeeze,
                         weights_initializer=trunc_normal(0.001))  # fmt: skip


inception_v3.default_image_size = 299


def inception_v3_arg_scope(
    weight_decay=0.00004,
    batch_norm_var_collection="moving_vars",
    batch_norm_decay=0.9997,
    batch_norm_epsilon=0.001,
    updates_collections=GraphKeys.UPDATE_OPS,
    use_fused_batchnorm=True,
):
    """What `with slim.arg_scope(...)` enters around `inception_v3`."""
    return arguments(
        weight_decay, batch_norm_var_collection, batch_norm, batch_norm_decay, batch_norm_epsilon,
        updates_collections, fused=use_fused_batchnorm,
    )  # fmt: skip
