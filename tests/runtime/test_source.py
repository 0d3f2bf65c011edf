"""sess.source: the NumPy program that a graph became."""
import re

import numpy as np
import pytest

import minitf as tf

pytestmark = pytest.mark.usefixtures("cpu")


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


def linear_regression():
    X = tf.placeholder(tf.float32, [None, 3])
    Y = tf.placeholder(tf.float32, [None, 1])
    W = tf.get_variable("weights", [3, 1], initializer=tf.ones_initializer())
    b = tf.get_variable("intercept", [1], initializer=tf.constant_initializer(0))
    cost = tf.reduce_mean(tf.square(tf.matmul(X, W) + b - Y))
    train = tf.train.GradientDescentOptimizer(0.05).minimize(cost)
    return train, cost, {X: np.arange(12.0).reshape(4, 3) / 10, Y: np.ones((4, 1))}


LINEAR_REGRESSION = """\
def step(X, Y, weights, intercept):
    np.dot(X, weights, out=b0)  # MatMul (4, 1)
    np.add(b0, intercept, out=b0)  # add (4, 1)
    np.subtract(b0, Y, out=b0)  # sub (4, 1)
    np.multiply(b0, 2.0, out=b0)  # gradients/Square_grad/Mul (4, 1)
    np.multiply(c0, b0, out=b0)  # gradients/Square_grad/Mul_1 (4, 1)
    np.add.reduce(b0, axis=0, out=b1)  # gradients/add_grad/SumTo_1 (1,)
    np.dot(X.T, b0, out=b2)  # gradients/MatMul_grad/MatMul_1 (3, 1)
    np.multiply(0.05, b2, out=b2)  # GradientDescent/update_weights/mul (3, 1)
    np.multiply(0.05, b1, out=b1)  # GradientDescent/update_intercept/mul (1,)
    np.subtract(weights, b2, out=weights)  # GradientDescent/update_weights/ApplyGradientDescent (3, 1)
    np.subtract(intercept, b1, out=intercept)  # GradientDescent/update_intercept/ApplyGradientDescent (1,)
    return ()
"""  # noqa: E501  the program as it is


def test_linear_regression_is_a_program_that_a_listener_of_the_talk_can_follow():
    train, _, feeds = linear_regression()
    with tf.Session() as sess:
        source = sess.source(train, feeds)
    assert len(source.splitlines()) <= 15
    assert re.sub(" +#", "  #", source) == LINEAR_REGRESSION


def test_the_program_is_what_runs():
    """The text, run by itself on buffers made by hand, trains as the session does."""
    train, cost, feeds = linear_regression()
    X, Y = (value.astype(np.float32) for value in feeds.values())
    W, b = np.ones((3, 1), np.float32), np.zeros(1, np.float32)
    buffers = {name: np.empty(shape, np.float32) for name, shape in
               [("b0", (4, 1)), ("b1", (1,)), ("b2", (3, 1))]}  # fmt: skip
    names = {"np": np, "c0": np.full((4, 1), 0.25, np.float32), **buffers}
    with tf.Session() as sess:
        exec(sess.source(train, feeds), names)
        sess.run(tf.global_variables_initializer())
        for _ in range(3):
            names["step"](X, Y, W, b)
            sess.run(train, feeds)
        np.testing.assert_array_equal(sess.run("weights:0"), W)
        np.testing.assert_array_equal(sess.run("intercept:0"), b)
        assert "Square (4, 1)" in sess.source(cost, feeds)


def test_only_what_is_asked_for_is_computed():
    x = tf.placeholder(tf.float32, [2], name="x")
    wanted, _ = x * 2.0, tf.exp(x)
    with tf.Session() as sess:
        assert "exp" not in sess.source(wanted, {x: [1, 2]})


def test_what_no_feed_decides_is_computed_once():
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    rows = tf.cast(tf.shape(x)[0] * 2, tf.float32)
    y = x * (tf.sqrt(tf.constant(16.0)) + rows)
    with tf.Session() as sess:
        source = sess.source(y, {x: np.ones((5, 3))})
        assert source.splitlines()[1].split("#")[0].strip() == "t0 = np.multiply(x, 14.0)"


def test_equal_subexpressions_are_computed_once():
    x = tf.placeholder(tf.float32, [2], name="x")
    y = tf.exp(x) + tf.exp(x)
    with tf.Session() as sess:
        assert sess.source(y, {x: [1, 2]}).count("np.exp") == 1


def test_identities_cost_nothing():
    x = tf.placeholder(tf.float32, [2, 3], name="x")
    y = tf.identity(tf.stop_gradient(tf.reshape(tf.identity(x), [2, 3]))) * 2.0
    with tf.Session() as sess:
        assert len(sess.source(y, {x: np.ones((2, 3))}).splitlines()) == 3


def test_buffers_of_values_that_are_not_alive_together_are_shared():
    x = tf.placeholder(tf.float32, [64, 64], name="x")
    y = x
    for _ in range(20):
        y = tf.matmul(tf.transpose(y), x)
    with tf.Session() as sess:
        source = sess.source(tf.reduce_sum(y), {x: np.ones((64, 64))})
    assert set(re.findall(r"out=(b\d+)", source)) == {"b0", "b1"}


def test_names_of_the_program_are_python_names_and_differ():
    with tf.variable_scope("layer-1"):
        v = tf.get_variable("np", [2], initializer=tf.zeros_initializer())
    w = tf.get_variable("lambda", [2], initializer=tf.zeros_initializer())
    x = tf.placeholder(tf.float32, [2], name="1x")
    with tf.Session() as sess:
        source = sess.source(v + w + x, {x: [1, 2]})
        compile(source, "<source>", "exec")
        sess.run(tf.global_variables_initializer())
        assert sess.run(v + w + x, {x: [1, 2]}).tolist() == [1, 2]


def test_the_error_of_a_step_shows_its_line():
    x = tf.placeholder(tf.int32, [2])
    y = tf.floordiv(tf.constant([1, 2]), x)
    with tf.Session() as sess, pytest.raises(tf.errors.InvalidArgumentError) as caught:
        sess.run(y, {x: [1, 0]})
    shown = "".join(__import__("traceback").format_exception(caught.value))
    assert re.search(r'File "<minitf plan \d+>", line 2, in step\n +t0 = floor_div', shown)


@pytest.mark.parametrize("dtype", [tf.int16, tf.int32, tf.int64, tf.uint8])
def test_a_known_vector_keeps_its_type_beside_a_vector_whose_size_the_run_knows(dtype):
    x = tf.placeholder(tf.int32, [2, 3])
    y = tf.constant([0, 1, 2], dtype) + tf.cast(x[0, :1], dtype)
    with tf.Session() as sess:
        got = sess.run(y, {x: np.ones((2, 3), np.int32)})
    assert got.dtype == dtype.as_numpy_dtype and got.tolist() == [1, 2, 3]


def test_sizes_are_known_where_only_the_places_are_not():
    """A slice from an offset that the run draws or is fed has the size that it is asked for."""
    image, at = tf.placeholder(tf.float32, [32, 32, 3]), tf.placeholder(tf.int32, [])
    crop = tf.random_crop(image, [28, 28, 3])
    rest = tf.slice(image, tf.stack([at, 2, 0]), [4, -1, 3])
    with tf.Session() as sess:
        source = sess.source([tf.tanh(crop), tf.tanh(rest)], {image: np.ones((32, 32, 3)), at: 1})
        assert "# random_crop (28, 28, 3)" in source
        assert "# Slice (4, 30, 3)" in source
        assert sess.run(rest, {image: np.ones((32, 32, 3)), at: 1}).shape == (4, 30, 3)
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"Expected begin\[0\] in"):
            sess.run(rest, {image: np.ones((32, 32, 3)), at: 29})
