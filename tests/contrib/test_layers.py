"""tf.contrib.layers and framework: properties, messages, warnings; values are in the goldens."""
import logging

import numpy as np
import pytest

import minitf as tf

layers, framework = tf.contrib.layers, tf.contrib.framework


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as made:
        yield made


def run(fetches, feed=None):
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return sess.run(fetches, feed)


def test_messages():
    x = tf.placeholder(tf.float32, [None, 4, 4, 6])
    with pytest.raises(ValueError, match=r"Convolution expects input with rank 3, got 4"):
        layers.conv1d(x, 2, 3)
    with pytest.raises(ValueError, match=r"data_format has to be either NCHW or NHWC"):
        layers.max_pool2d(x, 2, data_format="NCDHW")
    with pytest.raises(ValueError, match=r"6 channels is not commensurate with 4 groups"):
        layers.group_norm(x, groups=4)
    with pytest.raises(ValueError, match=r"number of features\(6\) is not a multiple of num_units"):
        layers.maxout(x, 4)
    with pytest.raises(ValueError, match=r"Got vocab_size=3 and embed_dim=None"):
        layers.embed_sequence([[1]], 3)
    with pytest.raises(ValueError, match="`C` dimension must be known but is None"):
        layers.batch_norm(tf.placeholder(tf.float32, [None, None]))
    with pytest.raises(ValueError, match=r"Invalid shape for tensor .*expected .*2, 2.*got"):
        framework.with_shape([2, 2], tf.ones([3]))


@pytest.mark.parametrize("shape", [(6, 5), (3, 4, 5), (2, 3, 4, 5)])
@pytest.mark.parametrize("fused", [True, False])
@pytest.mark.parametrize("at_once", [True, False])
def test_normalized_batches_have_mean_0_and_variance_1(shape, fused, at_once):
    x = np.random.RandomState(0).normal(3.0, 5.0, shape)
    collections = None if at_once else tf.GraphKeys.UPDATE_OPS
    y = layers.batch_norm(tf.constant(x, tf.float32), fused=fused, epsilon=1e-6,
                          updates_collections=collections)  # fmt: skip
    axes = tuple(range(len(shape) - 1))
    found = run(y)
    np.testing.assert_allclose(found.mean(axes), 0, atol=1e-5)
    np.testing.assert_allclose(found.var(axes), 1, atol=1e-4)


def test_images_of_half_precision_are_normalized_by_one_op():
    x = tf.constant(np.random.RandomState(0).normal(size=(2, 3, 3, 4)), tf.float16)
    y = layers.batch_norm(x)
    assert y.dtype == tf.float16
    assert y.op.type == "FusedBatchNormV3"
    assert abs(run(y).astype(float).mean()) < 1e-2


def test_weights_of_examples_are_as_examples_repeated():
    x = np.float32(np.random.RandomState(0).normal(size=(2, 3, 3, 4)))
    weighted = layers.batch_norm(x, batch_weights=[1.0, 2.0])
    repeated = layers.batch_norm(x[[0, 1, 1]], fused=False)
    weighted, repeated = run([weighted, repeated])
    np.testing.assert_allclose(weighted, repeated[:2], rtol=1e-4, atol=1e-5)


def test_moving_averages_come_to_the_mean():
    x = tf.constant(np.random.RandomState(0).normal(2.0, 3.0, (64, 5)), tf.float32)
    for debias in (False, True):
        layers.batch_norm(x, 0.5, zero_debias_moving_mean=debias, scope=f"n{debias}")
    updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(updates)
        slow, fast = sess.run([framework.get_unique_variable(f"n{debias}/moving_mean")
                               for debias in (False, True)])  # fmt: skip
        mean = sess.run(tf.reduce_mean(x, 0))
    np.testing.assert_allclose(slow, mean / 2, rtol=1e-4)
    np.testing.assert_allclose(fast, mean, rtol=1e-4)


def test_what_is_fed_says_whether_it_trains():
    training = tf.placeholder(tf.bool, [])
    x = tf.constant([[1.0, 2.0], [3.0, 6.0]])
    y = layers.batch_norm(x, is_training=training, updates_collections=None)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        moving = framework.get_variables_by_name("moving_mean")[0]
        sess.run(y, {training: False})
        assert not sess.run(moving).any()
        sess.run(y, {training: True})
        np.testing.assert_allclose(sess.run(moving), [0.002, 0.004], rtol=1e-3)


def test_sequences_and_images_are_each_other_undone():
    x = np.random.RandomState(0).normal(size=(2, 4, 6, 3))
    sequence = layers.images_to_sequence(tf.constant(x))
    np.testing.assert_array_equal(run(layers.sequence_to_images(sequence, 4)), x)


@pytest.mark.parametrize("size", [3, 7, 8])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_conv2d_same_does_not_depend_on_the_size(size, stride):
    from_utils = tf.contrib.slim.nets.resnet_utils
    x = np.float32(np.random.RandomState(0).normal(size=(1, size, size, 2)))
    with framework.arg_scope([layers.conv2d], activation_fn=None,
                             weights_initializer=tf.ones_initializer()):  # fmt: skip
        strided = from_utils.conv2d_same(tf.constant(x), 1, 3, stride, scope="a")
        whole = from_utils.conv2d_same(tf.constant(x), 1, 3, 1, scope="b")
    strided, whole = run([strided, whole])
    np.testing.assert_allclose(strided, whole[:, ::stride, ::stride], rtol=1e-5, atol=1e-6)


def test_gradients_pass_the_bounds_of_gdn_upward_only():
    x = tf.constant(np.random.RandomState(0).normal(size=(1, 2, 2, 3)), tf.float32)
    layers.gdn(x)
    beta = tf.trainable_variables()[0]
    lower = beta.op.graph.get_tensor_by_name("gdn/GDNLowerBound:0")
    up, down = tf.gradients(-tf.reduce_sum(lower), beta), tf.gradients(tf.reduce_sum(lower), beta)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        beta.load(np.zeros(3, np.float32), sess)
        assert sess.run(up)[0].tolist() == [-1] * 3
        assert sess.run(down)[0].tolist() == [0] * 3


def test_a_gradient_that_is_clipped_and_noisy():
    v = tf.get_variable("v", initializer=[3.0, 4.0])
    step = tf.train.create_global_step()
    train = layers.optimize_loss(tf.reduce_sum(v * v) / 2, step, 1.0, "SGD", clip_gradients=1.0,
                                 gradient_noise_scale=1e-6)  # fmt: skip
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        assert sess.run(train) == 12.5
        np.testing.assert_allclose(sess.run(v), [2.4, 3.2], rtol=1e-4)
        assert sess.run(step) == 1


def test_deprecated_things_are_said_once(caplog):
    @framework.deprecated("2017-01-01", "Use another.")
    def old():
        return 1

    @framework.deprecated_args(None, "Leave it.", ("b", 0))
    def some(a, b=0):
        return a + b

    with caplog.at_level(logging.WARNING, "tensorflow"):
        assert [old(), old(), some(1), some(1, 2), some(1, b=3)] == [1, 1, 1, 3, 4]
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2
    assert "is deprecated and will be removed after 2017-01-01." in said[0]
    assert "calling " in said[1]
    assert "with b is deprecated and will be removed in a future version." in said[1]


def test_tensors_take_attributes_of_programs():
    x = tf.constant(1.0)
    x.mine = [1]
    assert x.mine == [1]
    assert not hasattr(tf.constant(1.0), "mine")


def test_a_layer_that_is_not_trainable_has_no_updates():
    layer = tf.layers.BatchNormalization(trainable=False)
    layer(tf.ones([2, 3]), training=True)
    assert layer.updates == []
    assert not tf.get_collection(tf.GraphKeys.UPDATE_OPS)


def test_importing_a_module_that_bears_a_functions_name():
    code = """
from tensorflow.contrib.framework.python.ops.arg_scope import arg_scope as first
from tensorflow.contrib.framework.python.ops import arg_scope as second
import tensorflow.contrib.framework.python.ops.arg_scope
from tensorflow.contrib.framework.python.ops import arg_scope as third
from tensorflow.contrib.layers.python.layers import batch_norm, utils
from tensorflow.contrib.slim.python.slim.nets.resnet_v1 import resnet_v1_50
from tensorflow.contrib.slim.nets import vgg
assert first is second is third
"""
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-c", f"import minitf.as_tensorflow as t; t.install()\n{code}"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_layers_take_variables():
    """What a layer asks of its input can be told of a variable, too."""
    sequence = tf.Variable(np.zeros((5, 4, 3), np.float32))
    outputs, _ = tf.contrib.rnn.LSTMBlockFusedCell(2)(sequence, dtype=tf.float32)
    assert outputs.shape == (5, 4, 2)
