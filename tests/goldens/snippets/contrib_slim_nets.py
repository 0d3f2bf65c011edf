"""The networks of tf.contrib.slim: end points, variables, nodes, and what two compute."""

import importlib
import zlib

from goldens.kit import error, run

_FOLDER = {
    "tensorflow": "tensorflow.contrib.slim.python.slim.nets",
    "minitf": "minitf.contrib.slim.nets",
}


def _net(tf, name):
    return importlib.import_module(_FOLDER[tf.__name__.partition(".")[0]] + "." + name)


def _digest(names):
    return zlib.crc32("\n".join(sorted(names)).encode())


def _built(tf, module, function, size, scope=None, listed=True, **options):
    """What there is; without `listed` only digests of long lists."""
    with tf.Graph().as_default() as graph:
        net, slim = _net(tf, module), tf.contrib.slim
        x = tf.placeholder(tf.float32, [2, size, size, 3], name="x")
        with slim.arg_scope(getattr(net, scope)() if scope else {}):
            y, ends = getattr(net, function)(x, **options)
        variables = [v.name + str(v.shape) for v in tf.global_variables()]
        points = [[name, end.name, str(end.shape)] for name, end in ends.items()]
        nodes = [op.name + " " + op.type for op in graph.get_operations()]
        rest = ["trainable_variables", "model_variables", "regularization_losses", "moving_vars"]
        collections = [_digest(each.name for each in tf.get_collection(key)) for key in rest]
        return [
            [y.name, str(y.shape)],
            points if listed else _digest(map(str, points)),
            variables if listed else _digest(variables),
            collections,
            [len(nodes), _digest(nodes)],
        ]


def alexnet(tf, np):
    return _built(tf, "alexnet", "alexnet_v2", 224, "alexnet_v2_arg_scope", num_classes=5)


def overfeat(tf, np):
    return _built(tf, "overfeat", "overfeat", 231, "overfeat_arg_scope", is_training=False)


def vgg(tf, np):
    return [
        _built(tf, "vgg", "vgg_16", 224, "vgg_arg_scope", num_classes=5),
        _built(tf, "vgg", "vgg_a", 224, "vgg_arg_scope", False, spatial_squeeze=False),
        _built(tf, "vgg", "vgg_19", 224, None, False, is_training=False),
    ]


def resnet_v1(tf, np):
    return [
        _built(tf, "resnet_v1", "resnet_v1_50", 64, "resnet_arg_scope", num_classes=5),
        _built(tf, "resnet_v1", "resnet_v1_50", 65, "resnet_arg_scope", False, global_pool=False,
               is_training=False),
    ]  # fmt: skip


def resnet_v2(tf, np):
    return _built(tf, "resnet_v2", "resnet_v2_101", 64, "resnet_arg_scope", False, num_classes=5)


def resnet_with_rates(tf, np):
    """Nodes apart: rates are part of the convolution here, nodes around it in TensorFlow."""
    options = {"num_classes": 5, "output_stride": 8, "reuse": None}
    return _built(tf, "resnet_v2", "resnet_v2_50", 64, "resnet_arg_scope", **options)[:4]


def inception_v1(tf, np):
    return [
        _built(tf, "inception", "inception_v1", 224, "inception_v1_arg_scope", num_classes=5),
        _built(tf, "inception", "inception_v1_base", 64, None, False, final_endpoint="Mixed_4c"),
    ]


def inception_v2(tf, np):
    return _built(tf, "inception", "inception_v2", 64, "inception_v2_arg_scope", num_classes=5,
                  depth_multiplier=0.5)  # fmt: skip


def inception_v3(tf, np):
    return _built(tf, "inception", "inception_v3", 149, "inception_v3_arg_scope", num_classes=5)


def refused(tf, np):
    inception, resnet = _net(tf, "inception"), _net(tf, "resnet_v1")
    x = tf.placeholder(tf.float32, [2, 64, 64, 3])
    return [
        error(lambda: inception.inception_v1_base(x, "Mixed_9z", scope="a")),
        error(lambda: inception.inception_v3_base(x, "Mixed_9z", scope="b")),
        error(lambda: inception.inception_v2(x, depth_multiplier=0.0)),
        error(lambda: resnet.resnet_v1_50(x, output_stride=6, scope="c")),
        error(lambda: resnet.resnet_v1_50(x, output_stride=64, scope="d")),
    ]


def values_of_a_small_resnet(tf, np):
    """Weights drawn by TensorFlow's seeds, in training and not."""
    tf.set_random_seed(3)
    slim, resnet = tf.contrib.slim, _net(tf, "resnet_v1")
    x = tf.constant(np.float32(np.random.RandomState(1).normal(size=(2, 17, 17, 3))))
    blocks = [resnet.resnet_v1_block("b1", 2, 2, 2), resnet.resnet_v1_block("b2", 4, 1, 1)]
    found = []
    with slim.arg_scope(resnet.resnet_arg_scope()):
        for reuse in (None, True):
            _, ends = resnet.resnet_v1(
                x, blocks, 3, is_training=not reuse, reuse=reuse, scope="tiny"
            )
            found.append(ends["predictions"])
    gradients = tf.gradients(found[0][:, :, :, 0], tf.trainable_variables()[:3])
    return run(tf, [found, [tf.reduce_sum(tf.square(each)) for each in gradients]])


def values_of_a_part_of_inception(tf, np):
    tf.set_random_seed(4)
    x = tf.constant(np.float32(np.random.RandomState(1).normal(size=(1, 32, 32, 3))))
    net, _ = _net(tf, "inception").inception_v1_base(x, "Mixed_3b")
    return run(tf, tf.reduce_sum(net, 3))


def steps_of_conv2d_same(tf, np):
    """Its outputs are each second pixel of those without a stride."""
    utils = _net(tf, "resnet_utils")
    x = tf.constant(np.float32(np.random.RandomState(1).normal(size=(1, 7, 8, 2))))
    with tf.contrib.slim.arg_scope([tf.contrib.slim.conv2d], activation_fn=None,
                                   weights_initializer=tf.ones_initializer()):  # fmt: skip
        strided = utils.conv2d_same(x, 1, 3, 2, scope="a")
        whole = utils.subsample(utils.conv2d_same(x, 1, 3, 1, scope="b"), 2)
    return [strided.name, whole.name, run(tf, [strided, whole])]
