"""Flow.diagram: boxes and circles, values above the edges and gradients below."""
from itertools import pairwise

import numpy as np
import pytest

import minitf as tf
from minitf import explain
from minitf.explain import diagram

pytest.importorskip("matplotlib")


def product():
    """error = (2 * w * x)**2 with w = 3 and x = -1: 36, and by w 8 * w * x**2 = 24."""
    x = tf.placeholder(tf.float32, [], "x")
    w = tf.get_variable("w", initializer=3.0)
    error = tf.square(2.0 * (w * x), name="error")
    return {x: -1.0}, error, tf.train.GradientDescentOptimizer(0.125).minimize(error)


def flow(train=True):
    feed, error, train_op = product()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return explain.flow(error, feed, train_op=train_op if train else None)


def said(figure, colour=None):
    texts = [text for text in figure.axes[0].texts if colour in (None, text.get_color())]
    return [text.get_text() for text in texts][3 if colour is None else 1 :]  # without the head


def test_values_gradients_and_updates_stand_beside_their_nodes():
    figure = flow().diagram()
    assert said(figure, diagram._VALUE) == ["3", "-1", "-3", "-6", "36"]
    assert said(figure, diagram._GRADIENT) == ["24", "-72", "-24", "-12", "1"]
    assert said(figure, diagram._UPDATE) == ["→ 0"]
    boxes = [patch for patch in figure.axes[0].patches if hasattr(patch, "get_boxstyle")]
    assert len(boxes) == 2 and len(figure.axes[0].patches) == 5
    for text in ("w", "x", "×", "× 2", "x²"):  # noqa: RUF001
        assert text in said(figure)


def test_what_is_drawn_stands_where_it_is_computed():
    axes = flow().diagram().axes[0]
    spots = {text.get_text(): text.get_position() for text in axes.texts}
    assert spots["3"][0] == spots["24"][0] < spots["-6"][0] < spots["36"][0]
    assert spots["3"][1] < spots["w"][1] < spots["24"][1]  # above and below; y grows downwards


@pytest.mark.parametrize("show, values, gradients, updates", [
    ("graph", 0, 0, 0), ("values", 5, 0, 0), ("gradients", 5, 5, 0), ("update", 5, 5, 1),
])  # fmt: skip
def test_as_much_is_filled_in_as_is_asked(show, values, gradients, updates):
    figure = flow().diagram(show=show)
    counts = [len(said(figure, colour))
              for colour in (diagram._VALUE, diagram._GRADIENT, diagram._UPDATE)]  # fmt: skip
    assert counts == [values, gradients, updates]


def test_a_gif_goes_through_the_columns_and_back(tmp_path):
    image = pytest.importorskip("PIL.Image")
    flow().diagram(tmp_path / "steps.gif")
    with image.open(tmp_path / "steps.gif") as film:
        # Empty; values in four columns; gradients in four; the update.
        assert film.n_frames == 1 + 4 + 4 + 1
        frames = []
        for frame in range(film.n_frames):
            film.seek(frame)
            frames.append(np.asarray(film.convert("RGB"), int))
    assert all((a != b).any() for a, b in pairwise(frames))


def test_a_picture_is_written(tmp_path):
    flow(train=False).diagram(tmp_path / "whole.png")
    assert (tmp_path / "whole.png").read_bytes()[:4] == b"\x89PNG"


def test_large_tensors_are_said_in_short():
    w = tf.get_variable("w", [30, 20], initializer=tf.ones_initializer())
    loss = tf.reduce_sum(w)
    train_op = tf.train.GradientDescentOptimizer(0.5).minimize(loss)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        texts = said(explain.flow(loss, train_op=train_op).diagram())
    assert "1 ± 0\n30x20" in texts and "rms 1" in texts and "moved by 0.5" in texts


def test_a_flow_with_a_train_op_says_what_it_added_and_without_one_changes_nothing():
    feed, error, train_op = product()
    w = tf.trainable_variables()[0]
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        assert all(node.update is None for node in explain.flow(error, feed).nodes)
        assert sess.run(w) == 3.0
        nodes = explain.flow(error, feed, train_op=train_op).nodes
        assert sess.run(w) == 0.0
    assert {node.name: node.update.few for node in nodes if node.update} == {"w": (-3.0,)}
    assert next(node for node in nodes if node.name == "w").value.few == (3.0,)


def test_too_much_and_unknown_is_refused():
    shown = flow()
    with pytest.raises(ValueError, match="show is 'all', expected one of graph, values"):
        shown.diagram(show="all")
    many = explain.Flow(shown.loss, shown.nodes * 40, 0)
    with pytest.raises(ValueError, match=r"at most 150 nodes, this flow has 200: plot\(\)"):
        many.diagram()
