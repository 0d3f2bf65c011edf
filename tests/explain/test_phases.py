"""explain.phases: how the steps of a run become its program."""
import numpy as np
import pytest

import minitf as tf
from minitf import explain

pytestmark = pytest.mark.usefixtures("cpu")


@pytest.fixture
def regression():
    x = tf.placeholder(tf.float32, [None, 3], "x")
    w = tf.get_variable("w", [3, 1])
    cost = tf.reduce_mean(tf.square(tf.matmul(x, w) - 1.0))
    train_op = tf.train.GradientDescentOptimizer(0.1).minimize(cost)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        yield sess, train_op, w, {x: np.ones((8, 3))}


def test_it_tells_how_a_training_step_becomes_its_program(regression):
    sess, train_op, _, feed = regression
    found = explain.phases(train_op, feed)
    assert found.source == sess.source(train_op, feed)
    assert found.operations == len(sess.graph.get_operations()) > found.needed
    steps = {phase.name: phase.steps for phase in found.phases}
    assert [name for name in steps if name in ("specialise", "fold", "simplify", "fuse")] == [
        "specialise", "fold", "simplify", "fuse"]  # fmt: skip
    assert "MatMul = MatMul(x, w/read)  # 8x1" in steps["specialise"]
    assert "MatMul = MatMul(x, w)  # 8x1" in steps["simplify"]
    assert not any(" = Shape(" in step for step in steps["fold"])
    assert any(" = Fused(" in step for step in steps["fuse"])
    assert len(steps["specialise"]) > len(steps["fold"]) > len(steps["drop_dead"])


def test_the_text_shows_what_went_and_what_came(regression):
    _, train_op, _, feed = regression
    text = str(explain.phases(train_op, feed))
    assert "  - MatMul = MatMul(x, w/read)  # 8x1\n  + MatMul = MatMul(x, w)  # 8x1" in text
    assert "simplify: " in text and "Drop steps whose output is an input" in text
    assert "Nothing to do here for " in text and "share" in text.split("Nothing to do")[1]
    assert text.rstrip().endswith("return ()")


def test_nothing_is_run(regression):
    sess, train_op, w, feed = regression
    before = sess.run(w)
    explain.phases([train_op, tf.random_normal([2])], feed)
    np.testing.assert_array_equal(sess.run(w), before)


def test_loops_branches_strings_and_sizes_that_only_the_run_knows():
    x = tf.placeholder(tf.float32, [None], "x")
    _, total = tf.while_loop(lambda i, t: i < 5, lambda i, t: (i + 1, t * x + 1.0), [0, x])
    rows = tf.boolean_mask(total, x > 0.0)
    words = tf.string_join(["a", "b"])
    either = tf.cond(tf.reduce_sum(x) > 0.0, lambda: rows * 2.0, lambda: rows)
    with tf.Session():
        text = str(explain.phases([either, words], {x: [1.0, -2.0]}))
    assert "While of " in text and "# ?" in text


def test_a_session_is_needed_and_feeds_are_checked(regression):
    sess, train_op, _, feed = regression
    with pytest.raises(ValueError, match="shape"):
        explain.phases(train_op, {next(iter(feed)): np.ones((8, 4))}, sess)
    with tf.Graph().as_default(), pytest.raises(ValueError, match=r"session to `explain\.phases"):
        explain.phases(tf.constant(1.0))
