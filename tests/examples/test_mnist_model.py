"""The tutorial's network, and the names under which programs import the data sets."""
import subprocess
import sys

import numpy as np
import pytest

import minitf as tf
from minitf.examples.tutorials.mnist import input_data, mnist


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


def built():
    images, labels = tf.placeholder(tf.float32, [8, 784]), tf.placeholder(tf.int32, [8])
    logits = mnist.inference(images, 16, 12)
    return images, labels, logits, mnist.loss(logits, labels), mnist.evaluation(logits, labels)


def test_variables_are_the_tutorials():
    built()
    layers = [("hidden1", 784, 16), ("hidden2", 16, 12), ("softmax_linear", 12, 10)]
    wanted = [
        (f"{scope}/{name}", shape)
        for scope, inputs, units in layers
        for name, shape in (("weights", [inputs, units]), ("biases", [units]))
    ]
    assert [(v.op.name, v.shape.as_list()) for v in tf.trainable_variables()] == wanted


def test_weights_start_with_deviation_one_over_the_root_of_the_inputs():
    built()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        weights = sess.run("hidden1/weights:0")
    assert abs(weights).max() <= 2 / 28
    np.testing.assert_allclose(weights.std(), 0.88 / 28, rtol=0.03)  # 0.88: cut at two deviations


def test_training_learns_its_batch_and_counts_steps():
    tf.set_random_seed(1)
    images, labels, _, loss, correct = built()
    train = mnist.training(loss, 0.1)
    feed = {images: np.random.RandomState(0).rand(8, 784), labels: np.arange(8)}
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        before = sess.run(loss, feed)
        for _ in range(200):
            sess.run(train, feed)
        after, right, step = sess.run([loss, correct, "global_step:0"], feed)
    assert before > 2 and after < 0.5
    assert (right, step) == (8, 200)
    assert correct.dtype == tf.int32


def test_evaluation_counts_the_labels_that_score_highest():
    logits = tf.constant(np.eye(3, 10, dtype=np.float32))
    with tf.Session() as sess:
        assert sess.run(mnist.evaluation(logits, tf.constant([0, 1, 5]))) == 2


def test_contrib_learn_names_the_same_module():
    assert tf.contrib.learn.datasets.mnist is input_data
    assert tf.contrib.learn.datasets.DATASETS["mnist"] is input_data.load_mnist
    with pytest.raises(ValueError, match="Name of dataset is not found: ires"):
        tf.contrib.learn.datasets.load_dataset("ires")
    with pytest.raises(AttributeError, match="no attribute 'lern'"):
        tf.contrib.lern  # noqa: B018


IMPORTS = """
from tensorflow.contrib.learn.python.learn.datasets.mnist import read_data_sets
from tensorflow.contrib.learn.python.learn.datasets import mnist
from tensorflow.contrib.learn.datasets.mnist import DataSet
from tensorflow.examples.tutorials.mnist import input_data
from tensorflow.examples.tutorials.mnist import mnist as model
assert mnist.read_data_sets is read_data_sets is input_data.read_data_sets
assert DataSet is input_data.DataSet
print(model.IMAGE_PIXELS)
"""


def test_programs_find_the_old_names():
    command = [sys.executable, "-m", "minitf", "-c", IMPORTS]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("784\n", "")
