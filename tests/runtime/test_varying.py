"""Feeds whose sizes differ from run to run share a plan, and one that comes often gets its own."""
import numpy as np
import pytest

import minitf as tf
from minitf.runtime.varying import OFTEN, OWN


@pytest.fixture
def model():
    """(x, w, fetch): a product, a sum over what is left open, and a variable that is changed."""
    tf.reset_default_graph()
    x = tf.placeholder(tf.float64, [None, None])
    w = tf.placeholder(tf.float64, [None, 3])
    total = tf.Variable(tf.zeros([3], tf.float64))
    return x, w, total.assign_add(tf.reduce_sum(tf.matmul(x, w), 0))


@pytest.fixture
def sess(model, monkeypatch):
    monkeypatch.setenv("MINITF_DEVICE", "cpu")
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        yield sess


def plans(sess, model):
    x, w, fetch = model
    return sess._signature(fetch, {x: 0, w: 0}).plans.items


def run(sess, model, rows, inner):
    """Whether a run gives what NumPy does."""
    x, w, fetch = model
    random = np.random.default_rng(rows)
    feeds = {x: random.normal(size=(rows, inner)), w: random.normal(size=(inner, 3))}
    before = sess.run(fetch.op.inputs[0])
    np.testing.assert_allclose(sess.run(fetch, feeds), before + (feeds[x] @ feeds[w]).sum(0))


def test_shapes_that_are_new_share_a_plan(sess, model):
    for rows in range(1, OWN + 10):
        run(sess, model, rows, 2)
    assert len(plans(sess, model)) == OWN + 1
    assert ((None, 2), (2, 3)) in plans(sess, model)


def test_another_size_that_differs_is_left_open(sess, model):
    for rows in range(1, OWN + 2):
        run(sess, model, rows, 2)
    for inner in range(3, 6):
        run(sess, model, 50, inner)
    assert list(plans(sess, model))[-2:] == [((None, 2), (2, 3)), ((None, None), (None, 3))]


def test_one_that_comes_often_gets_its_own(sess, model):
    for rows in range(1, OWN + 1):
        run(sess, model, rows, 2)
    for n in range(OFTEN + 3):
        run(sess, model, 60, 2)
        assert (((60, 2), (2, 3)) in plans(sess, model)) == (n >= OFTEN - 1)


def test_what_does_not_fit_is_told_and_changes_nothing(sess, model):
    x, w, fetch = model
    for rows in range(1, OWN + 2):
        run(sess, model, rows, 2)
    before = sess.run(fetch.op.inputs[0])
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"shapes \(70,2\) and \(4,3\) not al"):
        sess.run(fetch, {x: np.ones((70, 2)), w: np.ones((4, 3))})
    np.testing.assert_array_equal(sess.run(fetch.op.inputs[0]), before)


def test_another_rank_gets_a_plan_of_its_own():
    tf.reset_default_graph()
    x = tf.placeholder(tf.float64)
    y = tf.reduce_sum(x)
    with tf.Session() as sess:
        for n in range(1, OWN + 3):
            assert sess.run(y, {x: np.ones(n)}) == n
        assert sess.run(y, {x: np.ones((2, 3))}) == 6 and sess.run(y, {x: 4.0}) == 4
        assert sess.run(y, {x: np.ones(90)}) == 90


def test_where_an_op_has_to_know_a_size_each_shape_has_a_plan():
    tf.reset_default_graph()
    x = tf.placeholder(tf.float64, [2, None])
    y = tf.reshape(x, [-1, 2])
    y.set_shape([None, 2])
    with tf.Session() as sess:
        signature = sess._signature(y, {x: 0})
        made = signature.compiled

        def compiled(operations, elements, feeds, in_c):
            if None in feeds[x].shape:
                raise tf.errors.InvalidArgumentError(None, None, "what is the size?")
            return made(operations, elements, feeds, in_c)

        signature.compiled = compiled
        for n in range(2, OWN + 8):
            assert sess.run(y, {x: np.ones((2, n))}).shape == (n, 2)
        assert len(signature.plans.items) == OWN + 6
