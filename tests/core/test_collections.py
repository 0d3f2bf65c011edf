"""The names of collections, and how many nodes an op counts as for the seeds of those after it."""
import pytest

import minitf as tf


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


def keys():
    return set(tf.get_default_graph().get_all_collection_keys())


def test_a_collection_that_was_asked_for_has_its_name_though_it_is_empty():
    assert keys() == set()
    tf.get_collection("read")
    tf.get_collection_ref("changed")
    assert keys() == {"changed"}
    assert not tf.train.export_meta_graph().collection_def


def test_layers_ask_for_the_updates():
    tf.layers.dropout(tf.ones([2, 3]))
    assert keys() == {"update_ops"}
    tf.layers.dense(tf.ones([2, 3]), 4)
    assert keys() == {"update_ops", "variables", "trainable_variables"}


def counted(build):
    before = tf.get_default_graph()._counted
    build()
    return tf.get_default_graph()._counted - before


def unknown(*sizes, dtype=tf.float32):
    return tf.placeholder(dtype, sizes)


# What TensorFlow 1.15 makes, the placeholders among it.
NODES = {
    "mean": (lambda: tf.metrics.mean(unknown(None), weights=unknown(None)), 90),
    "loss": (lambda: tf.losses.softmax_cross_entropy(unknown(None, 3), unknown(None, 3),
                                                     weights=unknown(None)), 180),
    "any image": (lambda: tf.image.decode_image(unknown(dtype=tf.string)), 77),
    "any image in floats": (lambda: tf.image.decode_image(
        unknown(dtype=tf.string), channels=3, dtype=tf.float32), 85),
    "first frame": (lambda: tf.image.decode_image(
        unknown(dtype=tf.string), expand_animations=False), 80),
    "similar": (lambda: tf.image.ssim(unknown(2, 18, 19, 3), unknown(2, 18, 19, 3), 255.0), 212),
    "fitted": (lambda: tf.image.resize_image_with_pad(unknown(8, 9, 3), 4, 5), 75),
    "fitted, several": (lambda: tf.image.resize_image_with_pad(unknown(2, 8, 9, 3), 4, 5), 72),
    "turned": (lambda: tf.contrib.image.rotate(unknown(8, 9, 3), 0.4), 112),
    "turned by unknown angles": (lambda: tf.contrib.image.rotate(
        unknown(None, 8, 9, 3), unknown(None)), 100),
    "moved": (lambda: tf.contrib.image.translate(unknown(8, 9, 3), [1.0, 2.0]), 77),
    "moved by unknown sizes": (lambda: tf.contrib.image.translate(
        unknown(2, 8, 9, 3), unknown(2, 2)), 65),
    "into another shape": (lambda: tf.contrib.image.transform(
        unknown(8, 9, 3), [1.0, 0, 0, 0, 1, 0, 0, 0], output_shape=[4, 5]), 16),
    "gathered": (lambda: tf.batch_gather(unknown(3, 4), unknown(3, 2, dtype=tf.int32)), 44),
    "gathered twice": (lambda: tf.batch_gather(
        unknown(3, 4, 5), unknown(3, 4, 2, dtype=tf.int32)), 63),
    "frames": (lambda: tf.signal.frame(unknown(None), 100, 50), 68),
    "frames to the end": (lambda: tf.signal.frame(unknown(2, None), 100, 50, pad_end=True), 102),
    "frames of unknown sizes": (lambda: tf.signal.frame(
        unknown(4, 100), unknown(dtype=tf.int32), unknown(dtype=tf.int32)), 83),
    "spectra": (lambda: tf.signal.stft(unknown(400), 100, 50), 97),
    "spectra to the end": (lambda: tf.signal.stft(unknown(2, None), 100, 50, pad_end=True), 131),
    "window": (lambda: tf.signal.hann_window(20), 24),
    "window of unknown length": (lambda: tf.signal.hann_window(unknown(dtype=tf.int32)), 33),
    "added": (lambda: tf.signal.overlap_and_add(unknown(5, 10), 3), 92),
    "signal again": (lambda: tf.signal.inverse_stft(
        tf.placeholder(tf.complex64, [5, 65]), 100, 50), 124),
    "mel": (tf.signal.linear_to_mel_weight_matrix, 123),
    "confusion": (lambda: tf.confusion_matrix(
        unknown(4, dtype=tf.int32), unknown(4, dtype=tf.int32), 3), 107),
    "confusion of any number": (lambda: tf.confusion_matrix(
        unknown(None, dtype=tf.int32), unknown(None, dtype=tf.int32)), 64),
    "rank": (lambda: tf.assert_rank(unknown(None), 1), 5),
    "rank at least": (lambda: tf.assert_rank_at_least(unknown(3), 1), 5),
    "rank in": (lambda: tf.assert_rank_in(unknown(3), [1, 2]), 7),
    "unknown rank": (lambda: tf.assert_rank(tf.placeholder(tf.float32), 1), 13),
    "unknown rank in": (lambda: tf.assert_rank_in(tf.placeholder(tf.float32), [1, 2]), 17),
    "rank of a tensor": (lambda: tf.assert_rank(unknown(3), unknown(dtype=tf.int32)), 17),
    "rank in tensors": (lambda: tf.assert_rank_in(unknown(3), [unknown(dtype=tf.int32), 2]), 21),
}  # fmt: skip


@pytest.mark.parametrize("name", NODES)
def test_nodes_are_counted_as_in_tensorflow(name):
    build, count = NODES[name]
    assert counted(build) == count
