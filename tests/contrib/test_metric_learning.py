"""cluster_loss: with the values of TensorFlow 1.15, which needs scikit-learn for it."""
import numpy as np
import pytest

import minitf as tf

LABELS = [1, 0, 1, 2, 0, 1, 2, 2, 3, 3, 0, 1, 2, 3, 0, 1]


@pytest.mark.parametrize(("kind", "betters", "loss", "slope"), [
    ("nmi", True, 7.77297, 30.47406), ("nmi", False, 7.44067, 26.39857),
    ("ami", True, 8.12549, 30.47406), ("ari", False, 7.78250, 26.39857),
    ("vmeasure", True, 7.77297, 30.47406),
])  # fmt: skip
def test_cluster_loss(kind, betters, loss, slope):
    with tf.Graph().as_default(), tf.Session() as sess:
        rows = tf.constant(np.sin(np.arange(48) * 1.7).reshape(16, 3), tf.float32)
        found = tf.contrib.losses.metric_learning.cluster_loss(LABELS, rows, 1.3, betters, kind)
        assert found.name == "clustering_loss:0"
        value, gradient = sess.run([found, tf.gradients(found, rows)[0]])
    np.testing.assert_allclose([value, np.abs(gradient).sum()], [loss, slope], rtol=1e-5)


def test_how_clusters_compare():
    from minitf.contrib.losses import clusters

    same, split, one = [0, 0, 1, 1], [0, 0, 1, 2], [0, 0, 0, 0]
    for name, score in clusters.SCORES.items():
        assert score(same, same) == pytest.approx(1)
        assert score(same, one) == pytest.approx(0, abs=1e-12)
        if name != "const":
            assert 0 < score(same, split) < 1
    with pytest.raises(ValueError, match="margin_type: mine"):
        tf.contrib.losses.metric_learning.cluster_loss(same, tf.zeros([4, 2]), 1, True, "mine")
