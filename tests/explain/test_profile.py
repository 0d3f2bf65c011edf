"""explain.profile: the time of each line of the program that a run became."""
import numpy as np
import pytest

import minitf as tf
from minitf import explain

pytestmark = pytest.mark.usefixtures("cpu")


def step():
    x = tf.placeholder(tf.float32, [None, 30], "x")
    w = tf.get_variable("w", [30, 20])
    loss = tf.reduce_mean(tf.square(tf.tanh(tf.matmul(x, w)) - 0.5))
    return x, w, loss, tf.train.GradientDescentOptimizer(0.1).minimize(loss)


@pytest.mark.parametrize("jit", ["0", "1"])
def test_the_lines_are_those_of_the_source(jit, monkeypatch):
    monkeypatch.setenv("MINITF_JIT", jit)
    x, _, loss, train = step()
    feed = {x: np.ones((40, 30))}
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        found = explain.profile([train, loss], feed, runs=3)
        assert [text for text, _ in found.lines] == sess.source([train, loss], feed).splitlines()
    timed = [text for text, seconds in found.lines if seconds is not None]
    assert any("MatMul" in text for text in timed)
    assert all(seconds >= 0 for _, seconds in found.lines if seconds is not None)
    assert found.seconds > 0 and found.runs == 3
    assert "us a run (median of 3)" in str(found)


def test_each_step_of_a_region_in_c_has_its_own_time(monkeypatch):
    monkeypatch.setenv("MINITF_JIT", "1")
    x, *_, train = step()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        if "in C" not in sess.source(train, {x: np.ones((40, 30))}):
            pytest.skip("there is no C compiler")
        found = explain.profile(train, {x: np.ones((40, 30))}, runs=2)
    steps = [seconds for text, seconds in found.lines if text.startswith("    # ")]
    assert len(steps) > 3 and all(seconds is not None for seconds in steps)


@pytest.mark.parametrize("jit", ["0", "1"])
def test_the_runs_are_real_and_compute_the_same(jit, monkeypatch):
    monkeypatch.setenv("MINITF_JIT", jit)
    x, w, _, train = step()
    feed = {x: np.random.RandomState(0).randn(8, 30)}
    start = np.random.RandomState(1).randn(30, 20).astype(np.float32)
    with tf.Session() as sess:
        w.load(start, sess)
        explain.profile(train, feed, runs=4)
        profiled = sess.run(w)
        w.load(start, sess)
        for _ in range(9):
            sess.run(train, feed)
        np.testing.assert_array_equal(profiled, sess.run(w))


def test_loops_and_branches():
    n = tf.placeholder(tf.int32, [])
    _, total = tf.while_loop(
        lambda i, s: i < n, lambda i, s: (i + 1, tf.cond(s > 3, lambda: s, lambda: s + 1.0)),
        [0, 0.0],
    )  # fmt: skip
    with tf.Session() as sess:
        found = explain.profile(total, {n: 50}, sess, runs=2)
        assert sess.run(total, {n: 50}) == 4.0
    assert any("while" in text for text, _ in found.lines)


def test_no_runs_are_refused():
    with tf.Session() as sess, pytest.raises(ValueError, match="at least one run"):
        explain.profile(tf.constant(1.0), session=sess, runs=0)


def test_on_a_gpu_a_captured_step_is_one_line(gpu):
    x, w, loss, train = step()
    feed = {x: np.ones((40, 30))}
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        before = sess.run(w)
        found = explain.profile([train, loss], feed, runs=2)
        assert [text for text, _ in found.lines] == sess.source([train, loss], feed).splitlines()
        assert not np.array_equal(before, sess.run(w))
    assert any(seconds is not None for _, seconds in found.lines)
