"""What Inception networks are written in: steps, each a function of (net, channels), where
`channels` says how many channels a convolution gets of how many it is said to have.
"""
from contextlib import contextmanager

from minitf.contrib.framework.arg_scope import arg_scope
from minitf.contrib.layers import (
    avg_pool2d,
    batch_norm,
    conv2d,
    dropout,
    fully_connected,
    l2_regularizer,
    max_pool2d,
    softmax,
    variance_scaling_initializer,
)
from minitf.core.graph_keys import GraphKeys
from minitf.nn.activation import relu
from minitf.ops.array.joining import concat as joined
from minitf.ops.reduction.axes import squeeze
from minitf.ops.state.initializers import TruncatedNormal
from minitf.ops.state.variable_scope import variable_scope


def trunc_normal(stddev):
    return TruncatedNormal(0.0, stddev)


def classify(
    inputs, num_classes=1000, is_training=True, dropout_keep_prob=0.8, min_depth=16,
    depth_multiplier=1.0, prediction_fn=softmax, spatial_squeeze=True, reuse=None, scope=None,
):  # fmt: skip
    """What the networks take."""


@contextmanager
def network(name, inputs, num_classes, is_training, reuse, scope):
    """The variable scope of a network, whose layers know whether they are trained."""
    with (
        variable_scope(scope, name, [inputs, num_classes], reuse=reuse) as path,
        arg_scope([batch_norm, dropout], is_training=is_training),
    ):
        yield path


# -- steps ----------------------------------------------------------------------------------------


def conv(scope, depth, window=None, **options):
    """A convolution; its window is that which the scope ends with, as Conv2d_0a_3x3, if not given.
    """
    window = window or _window(scope)
    return lambda net, channels: conv2d(net, channels(depth), window, scope=scope, **options)


def _window(scope):
    return [int(size) for size in scope.rpartition("_")[2].split("x")]


def max_pool(scope, **options):
    return lambda net, channels: max_pool2d(net, [3, 3], scope=scope, **options)


def avg_pool(scope, **options):
    return lambda net, channels: avg_pool2d(net, [3, 3], scope=scope, **options)


def both(*steps):
    """Steps side by side, what they give one behind the other."""
    return lambda net, channels: joined([step(net, channels) for step in steps], 3)


def mixed(scope, *branches):
    """Branches side by side, in scopes Branch_0, Branch_1, ...: each a list of steps."""

    def step(net, channels):
        with variable_scope(scope):
            found = []
            for number, steps in enumerate(branches):
                with variable_scope(f"Branch_{number}"):
                    branch = net
                    for each in steps:
                        branch = each(branch, channels)
                found.append(branch)
            return joined(found, 3)

    return step


def follow(net, plan, channels, end_points, final_endpoint):
    """(net, whether it is the final end point): the steps of `plan`, by their end points, which are
    added to `end_points`."""
    for name, step in plan.items():
        end_points[name] = net = step(net, channels)
        if name == final_endpoint:
            return net, True
    return net, False


# -- what the networks share ----------------------------------------------------------------------


def scaled(depth_multiplier, min_depth):
    """`channels` for a network made thinner. ValueError for a multiplier that is not positive."""
    if depth_multiplier <= 0:
        raise ValueError("depth_multiplier is not greater than zero.")
    return lambda depth: max(int(depth * depth_multiplier), min_depth)


def window_within(net, window):
    """The window, no larger than the images."""
    height, width = net.get_shape().as_list()[1:3]
    if height is None or width is None:
        return window
    return [min(height, window[0]), min(width, window[1])]


def logits_of(net, num_classes, scope, spatial_squeeze, **options):
    """A last convolution, [batch, num_classes] if `spatial_squeeze`."""
    logits = conv2d(net, num_classes, [1, 1], activation_fn=None, normalizer_fn=None, scope=scope,
                    **options)  # fmt: skip
    return squeeze(logits, [1, 2], name="SpatialSqueeze") if spatial_squeeze else logits


def arguments(weight_decay, collection, normalizer_fn=batch_norm, decay=0.9997, epsilon=0.001,
              updates_collections=GraphKeys.UPDATE_OPS, **normalization):  # fmt: skip
    """The arg_scope of an Inception network; `collection` is that of the moving averages."""
    params = {
        "decay": decay,
        "epsilon": epsilon,
        "updates_collections": updates_collections,
        **normalization,
        "variables_collections": {
            "beta": None,
            "gamma": None,
            "moving_mean": [collection],
            "moving_variance": [collection],
        },
    }
    penalty = l2_regularizer(weight_decay)
    with arg_scope([conv2d, fully_connected], weights_regularizer=penalty), arg_scope(
        [conv2d],
        weights_initializer=variance_scaling_initializer(),
        activation_fn=relu,
        normalizer_fn=normalizer_fn,
        normalizer_params={} if normalizer_fn is None else params,
    ) as scope:
        return scope
