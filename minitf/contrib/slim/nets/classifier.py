"""What AlexNet, OverFeat and VGG share: scopes, end points, and the three layers at the end."""
from contextlib import contextmanager

from minitf.contrib.framework.arg_scope import arg_scope
from minitf.contrib.layers import conv2d, dropout, fully_connected, l2_regularizer, max_pool2d
from minitf.contrib.layers.utils import convert_collection_to_dict
from minitf.nn.activation import relu
from minitf.ops.reduction.axes import squeeze
from minitf.ops.state.initializers import Constant, TruncatedNormal, Zeros
from minitf.ops.state.variable_scope import variable_scope


def trunc_normal(stddev):
    return TruncatedNormal(0.0, stddev)


def classify(
    inputs, num_classes=1000, is_training=True, dropout_keep_prob=0.5, spatial_squeeze=True,
    scope=None,
):  # fmt: skip
    """What the networks take."""


def arguments(weight_decay, biases_initializer, pool_padding=None):
    """The arg_scope of a network: ReLUs, penalties on the weights, convolutions that keep sizes."""
    with arg_scope(
        [conv2d, fully_connected],
        activation_fn=relu,
        weights_regularizer=l2_regularizer(weight_decay),
        biases_initializer=biases_initializer,
    ), arg_scope([conv2d], padding="SAME") as scope:
        if pool_padding is None:
            return scope
        with arg_scope([max_pool2d], padding=pool_padding) as scope:
            return scope


@contextmanager
def network(scope, default_name, inputs, by_name_scope, collected):
    """(scope, collection): the scope of a network, whose `collected` layers add what they return to
    the collection of end points."""
    with variable_scope(scope, default_name, [inputs]) as path:
        # Some networks take the name scope, others that of the variables.
        collection = (path.original_name_scope if by_name_scope else path.name) + "_end_points"
        with arg_scope(collected, outputs_collections=collection):
            yield path, collection


def head(net, units, window, num_classes, is_training, keep_prob, **last):
    """fc6, fc7 and fc8, as convolutions, with dropout between them."""
    net = conv2d(net, units, window, padding="VALID", scope="fc6")
    net = dropout(net, keep_prob, is_training=is_training, scope="dropout6")
    net = conv2d(net, 4096, [1, 1], scope="fc7")
    net = dropout(net, keep_prob, is_training=is_training, scope="dropout7")
    return conv2d(net, num_classes, [1, 1], activation_fn=None, normalizer_fn=None, scope="fc8",
                  **last)  # fmt: skip


def small_head(net, units, window, num_classes, is_training, keep_prob):
    """The same with small weights and biases of 0.1 at first, but for fc8's, 0."""
    with arg_scope([conv2d], weights_initializer=trunc_normal(0.005),
                   biases_initializer=Constant(0.1)):  # fmt: skip
        return head(net, units, window, num_classes, is_training, keep_prob,
                    biases_initializer=Zeros())  # fmt: skip


def ends(net, scope, collection, spatial_squeeze):
    """(logits, end points): the logits [batch, classes] if `spatial_squeeze`."""
    end_points = convert_collection_to_dict(collection)
    if spatial_squeeze:
        net = squeeze(net, [1, 2], name="fc8/squeezed")
        end_points[f"{scope.name}/fc8"] = net
    return net, end_points
