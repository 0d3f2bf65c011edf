"""explain.watch: what sessions ran, how long it took, and what came out."""
import threading
from html.parser import HTMLParser

import numpy as np
import pytest

import minitf as tf
from minitf import explain
from minitf.explain.watch import POINTS, Curve
from minitf.session import Signature


def trained(steps=20, watched=None):
    x = tf.placeholder(tf.float32, [None, 2], "x")
    w = tf.Variable([[1.0], [2.0]], name="w")
    loss = tf.reduce_mean(tf.square(x @ w), name="loss")
    step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    data = np.ones((5, 2), np.float32)
    with watched or explain.watch() as found, tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        losses = [sess.run([step, loss], {x: data})[1] for _ in range(steps)]
    return found, losses


def test_each_kind_of_run_is_counted_and_timed():
    found, _ = trained()
    first, second = found.runs
    assert (first.fetched, first.count) == (["init"], 1)
    assert (second.fetched, second.count) == (["GradientDescent", "loss"], 20)
    assert second.fed == {"x": (5, 2)} and len(second.times) == 19
    assert 0 < second.median < second.first < second.seconds < found.seconds
    assert second.program.startswith("def step(") and found.graphs == [tf.get_default_graph()]


def test_numbers_that_are_fetched_make_curves():
    found, losses = trained()
    ((tensor, curve),) = found.curves
    assert tensor.name == "loss:0" and curve.count == 20
    np.testing.assert_array_equal(np.array(curve.points, np.float32), losses)
    assert f"loss  {curve}" in str(found) and str(curve).startswith("9 █")


def test_long_curves_are_means():
    curve = Curve()
    for i in range(8 * POINTS + 3):
        curve.add(i)
    assert (curve.count, curve.each, len(curve.points)) == (8 * POINTS + 3, 8, POINTS)
    assert curve.points[0] == 3.5 and curve.points[-1] == 8 * POINTS - 4.5


def test_nothing_is_watched_before_and_after():
    run = Signature.run
    found, _ = trained(2)
    assert Signature.run is run
    with tf.Session() as sess:
        sess.run(tf.constant(1))
    assert sum(runs.count for runs in found.runs) == 3


def test_callables_threads_and_functions_that_run_sessions():
    a = tf.constant(2.0, name="a")
    with tf.Session() as sess, explain.watch() as found:
        call = sess.make_callable(a)
        assert call() == 2
        thread = threading.Thread(target=sess.run, args=(a,))
        thread.start()
        thread.join()
        sess.run(tf.py_func(lambda: sess.run(a), [], tf.float32, name="outer"))
    assert {runs.fetched[0]: runs.count for runs in found.runs} == {"a": 2, "outer": 1}


def test_a_failed_run_is_not_counted_and_its_error_is_kept(tmp_path):
    found = explain.watch()
    with pytest.raises(tf.errors.InvalidArgumentError), found, tf.Session() as sess:
        sess.run(tf.placeholder(tf.float32, [2]))
    assert not found.runs and isinstance(found.error, tf.errors.InvalidArgumentError)
    found.save(tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "InvalidArgumentError: You must feed a value for placeholder" in text


class Tags(HTMLParser):
    """The tags that are open, and those that were seen."""

    def __init__(self, text):
        super().__init__()
        self.open, self.seen = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.seen.append(tag)
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_startendtag(self, tag, attributes):
        self.seen.append(tag)


def test_the_page_is_whole_and_shows_all(tmp_path):
    found, _ = trained()
    found.save(tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    tags = Tags(text)
    assert not tags.open and tags.seen.count("svg") == 2 and tags.seen.count("polyline") == 1
    assert tags.seen.count("tr") == 3 and "http" not in text.replace("http://www.w3.org", "")
    for part in ("<title>w (variable)", "def step(", "built at test_watch.py", "x 5x2", "20 runs"):
        assert part in text


def test_curves_with_numbers_that_are_none(tmp_path):
    x = tf.placeholder(tf.float32, [], "x")
    y = x * 1
    with tf.Session() as sess, explain.watch() as found:
        for value in (1.0, np.nan, np.inf, 2.0):
            sess.run(y, {x: value})
    found.save(tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "2 of 4 points are NaN or infinite" in text
    assert text.split("<polyline points='")[1].split("'")[0].count(",") == 2


def test_structures_of_any_kind():
    a = tf.constant(2.0) * 3
    with tf.Session() as sess, explain.watch() as found:
        for _ in range(2):
            assert sess.run({1: a, "one": [a, (a,)]}) == {1: 6, "one": [6, (6,)]}
    ((tensor, curve),) = found.curves
    assert tensor is a and curve.points == [6, 6]


def test_kinds_of_run_beyond_a_hundred_are_only_counted():
    with tf.Session() as sess, explain.watch() as found:
        for i in range(103):
            sess.run(tf.constant(i))
    assert len(found.runs) == 100 and found.others == 3
    assert "3 runs of other kinds are not shown" in str(found)


# -- remarks ---------------------------------------------------------------------------------------


def test_a_graph_that_grows_is_remarked():
    with tf.Session() as sess, explain.watch() as found:
        for i in range(12):
            sess.run(tf.constant(i) + 1)
    (remark,) = found.remarks()
    assert "12 of the kinds of run fetch what was built at test_watch.py:" in remark
    assert "sess.run(tf.constant(i) + 1)" in remark and f"! {remark}" in str(found)
    assert not trained()[0].remarks()
    many = [tf.constant(i) + 1 for i in range(12)]
    with tf.Session() as sess, explain.watch() as found:
        for each in many:
            sess.run(each)
    assert not found.remarks()


def test_where_numbers_end_is_remarked():
    x = tf.placeholder(tf.float32, [], "x")
    root = tf.sqrt(x, name="root")
    with tf.Session() as sess, explain.watch() as found:
        for value in (2.0, 1.0, -1.0, 0.0):
            sess.run(root, {x: value})
    assert found.remarks()[0].startswith("root is NaN or infinite from run 3 on")


def test_time_that_goes_elsewhere_is_remarked():
    found, _ = trained()
    found.seconds = 100.0
    for runs in found.runs:
        runs.seconds, runs.converting = 5.0, 2.0
    outside, converting = found.remarks()
    assert "outside of runs" in outside and "to convert what is fed takes 4.00 s" in converting
    found.seconds = 12.0
    assert found.remarks() == [converting]
