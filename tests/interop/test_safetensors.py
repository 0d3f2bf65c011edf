"""Variables through a safetensors file."""
import numpy as np
import pytest

import minitf as tf
from minitf.interop import safetensors

numpy = pytest.importorskip("safetensors.numpy")


def variables():
    with tf.variable_scope("layer"):
        w = tf.get_variable("w", [3, 2], initializer=tf.random_normal_initializer())
    n = tf.get_variable("n", [], tf.int64, initializer=tf.zeros_initializer(), trainable=False)
    return w, n


def test_what_is_saved_is_loaded(tmp_path):
    w, n = variables()
    path = tmp_path / "model.safetensors"
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        before = sess.run([w, n])
        safetensors.save(path, metadata={"step": "7"})
    with tf.Session() as sess:
        safetensors.load(path)
        for old, new in zip(before, sess.run([w, n])):
            np.testing.assert_array_equal(old, new)
    found = numpy.load_file(path)
    assert sorted(found) == ["layer/w", "n"] and found["n"].shape == ()
    assert [each.name for each in tmp_path.iterdir()] == ["model.safetensors"]


def test_names_of_ones_own(tmp_path):
    w, _ = variables()
    path = tmp_path / "model.safetensors"
    numpy.save_file({"fc.weight": np.ones((3, 2), np.float32), "other": np.ones(1)}, path)
    with tf.Session() as sess:
        safetensors.load(path, {"fc.weight": w})
        assert sess.run(w).sum() == 6
        safetensors.save(path, {"a": w})
    assert list(numpy.load_file(path)) == ["a"]


@pytest.mark.parametrize(
    ("tensors", "error", "says"),
    [
        ({"layer/w": np.ones((3, 2), np.float32)}, KeyError, "has no tensor 'n'; it has 1"),
        ({"layer/w": np.ones((2, 3), np.float32), "n": np.int64(1)}, ValueError,
         r"float32\[2, 3\]"),
        ({"layer/w": np.ones((3, 2)), "n": np.int64(1)}, ValueError, "the variable is float32"),
    ],
)
def test_what_does_not_fit_changes_nothing(tmp_path, tensors, error, says):
    w, n = variables()
    path = tmp_path / "model.safetensors"
    numpy.save_file({name: np.asarray(value) for name, value in tensors.items()}, path)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        before = sess.run(w)
        with pytest.raises(error, match=says):
            safetensors.load(path, [n, w] if error is ValueError else [w, n])
        np.testing.assert_array_equal(sess.run(w), before)


def test_strings_are_refused(tmp_path):
    words = tf.get_variable("words", [1], tf.string, initializer=tf.constant_initializer(b"a"))
    with tf.Session() as sess:
        sess.run(words.initializer)
        with pytest.raises(TypeError, match="'words' holds them"):
            safetensors.save(tmp_path / "x.safetensors")
