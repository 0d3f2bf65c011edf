"""tf.contrib.opt: optimizers with weight decay, against NumPy.

TensorFlow 1.15 raced here: gradients were computed of the weights before, or after, they decayed.
"""
import numpy as np
import pytest

import minitf as tf

X = np.float32([[1.0, -2.0], [3.0, 0.5], [0.1, 0.2]])


@pytest.fixture(autouse=True)
def graph():
    tf.reset_default_graph()


def after(step, variables, runs=1):
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(runs):
            sess.run(step)
        return sess.run(variables)


def test_adam_steps_from_the_decayed_weights():
    x = tf.Variable(X)
    step = tf.contrib.opt.AdamWOptimizer(0.01, 0.1, 0.8, 0.9).minimize(tf.reduce_sum(x**2))
    expected, m, v = X.astype(float), 0.0, 0.0
    for t in range(1, 4):
        grad = 2 * expected
        m, v = 0.8 * m + 0.2 * grad, 0.9 * v + 0.1 * grad**2
        rate = 0.1 * np.sqrt(1 - 0.9**t) / (1 - 0.8**t)
        expected = 0.99 * expected - rate * m / (np.sqrt(v) + 1e-8)
    np.testing.assert_allclose(after(step, x, 3), expected, rtol=1e-5)


def test_only_rows_with_a_gradient_decay():
    x = tf.Variable(X)
    picked = tf.gather(x, [2, 0])
    made = tf.contrib.opt.MomentumWOptimizer(tf.constant(0.1), 0.5, 0.9)
    expected = X.copy()
    expected[[2, 0]] = 0.9 * X[[2, 0]] - 0.5
    found = after(made.minimize(tf.reduce_sum(picked)), x)
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_any_optimizer_can_be_extended_and_decay_some_weights():
    made = tf.contrib.opt.extend_with_decoupled_weight_decay(tf.train.GradientDescentOptimizer)
    x, y = tf.Variable(X), tf.Variable(X)
    optimizer = made(weight_decay=0.1, learning_rate=0.5)
    pairs = optimizer.compute_gradients(tf.reduce_sum(x + y))
    step = optimizer.apply_gradients(pairs, decay_var_list=[y])
    found = after(step, [x, y])
    np.testing.assert_allclose(found, [X - 0.5, 0.9 * X - 0.5], rtol=1e-6)


def test_minimize_takes_the_variables_that_decay():
    """TensorFlow 1.15 forgets them on the way: all decay there."""
    x, y = tf.Variable([1.0, -2.0]), tf.Variable([1.0, -2.0])
    decay = lambda: tf.constant(0.5)  # noqa: E731
    optimizer = tf.contrib.opt.MomentumWOptimizer(decay, 0.0, 0.9)
    step = optimizer.minimize(tf.reduce_sum(x * y), decay_var_list=[y])
    np.testing.assert_array_equal(after(step, [x, y]), [[1.0, -2.0], [0.5, -1.0]])
