"""Arithmetic that changes nothing costs nothing, and what changes a bit of the result stays."""
import numpy as np
import pytest

import minitf as tf

pytestmark = pytest.mark.usefixtures("cpu")

ODD = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1e-40, 3.5], np.float32)


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


def steps(y, feeds):
    """The ops that are left, the copy that hands the value out not counted."""
    with tf.Session() as sess:
        body = sess.source(y, feeds).splitlines()[1:-1]
    return [line for line in body if ".copy()" not in line]


@pytest.mark.parametrize("build", [
    lambda x: x * 1.0,
    lambda x: 1.0 * x,
    lambda x: x / 1.0,
    lambda x: x - 0.0,
    lambda x: x + -0.0,
    lambda x: tf.negative(-x),
    lambda x: 1.0 * (tf.negative(-x) / 1.0),
    lambda x: x * tf.ones([7]),
])  # fmt: skip
def test_nothing_is_computed(build):
    x = tf.placeholder(tf.float32, [7], name="x")
    y = build(x)
    assert steps(y, {x: ODD}) == []
    got = tf.Session().run(y, {x: ODD})
    np.testing.assert_array_equal(got.view(np.int32), ODD.view(np.int32))


@pytest.mark.parametrize("build", [
    lambda x: x + 0.0,  # -0 becomes 0
    lambda x: 0.0 - x,
    lambda x: 1.0 / x,
    lambda x: x * 0.0,  # NaN and infinity become NaN
    lambda x: x - -0.0,
    lambda x: x * tf.ones([3, 1]),  # another shape
    lambda x: tf.cast(x, tf.float64),
    lambda x: -x,
])  # fmt: skip
def test_what_changes_something_is_computed(build):
    x = tf.placeholder(tf.float32, [7], name="x")
    assert len(steps(build(x), {x: ODD})) == 1


def test_integers():
    x = tf.placeholder(tf.int32, [2], name="x")
    assert steps(x * 1 + 0, {x: [1, 2]}) == []


def test_a_reshape_of_a_reshape_is_one():
    x = tf.placeholder(tf.float32, [2, 3, 4], name="x")
    y = tf.exp(tf.reshape(tf.reshape(tf.reshape(x, [6, 4]), [-1]), [3, 8]))
    assert [line.count("reshape(") for line in steps(y, {x: np.zeros((2, 3, 4))})] == [1, 0]


def test_a_factor_of_one_keeps_the_old_value_of_a_variable():
    v = tf.Variable(1.0)
    old = v * 1.0
    with tf.control_dependencies([old]), tf.control_dependencies([v.assign(5.0)]):
        late = old * 3.0
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        assert sess.run(late) == 3.0
