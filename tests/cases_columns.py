"""The rows of tests/cases.py for the ops behind feature columns."""
import numpy as np
from cases import raw, row, scene
from domains import ints, real

import minitf as tf
from minitf.contrib.layers.sparse_feature_cross import sparse_feature_cross
from minitf.ops.array.bucketize import bucketize

BOUNDS = [-0.5, 0.0, 1.5]
row("Bucketize", lambda x: bucketize(x, BOUNDS), real(3, 4), grad=False,
    want=lambda x: np.searchsorted(BOUNDS, x, "right"))  # fmt: skip
row("Bucketize", lambda x: raw("Bucketize")(x, boundaries=[0.0, 2.0]), ints(7), grad=False,
    want=lambda x: np.searchsorted([0, 2], x, "right"))  # fmt: skip


def crossed(hash_key):
    """A scene: the crosses of a sparse and a dense column, as TensorFlow 1.15 numbers them."""
    letters = tf.SparseTensor([[0, 0], [0, 1], [2, 0]], ["a", "bb", "c"], [3, 2])
    numbers = tf.constant([[1, -5], [2, 2], [7, 7]])
    return [sparse_feature_cross([letters, numbers], hashed_output, 1000, hash_key=hash_key)
            for hashed_output in (True, False)]  # fmt: skip


PLACES = [[0, 0], [0, 1], [0, 2], [0, 3], [2, 0], [2, 1]]
OLDER, NEWER = [934, 936, 155, 161, 933, 933], [485, 385, 360, 517, 896, 896]
TEXTS = [b"a_X_1", b"a_X_-5", b"bb_X_1", b"bb_X_-5", b"c_X_7", b"c_X_7"]


def checked(run, hash_key, ids):
    hashed, texts = run(crossed(hash_key))
    return [
        (hashed.indices.tolist(), PLACES),
        (hashed.values.tolist(), ids),
        (hashed.dense_shape.tolist(), [3, 4]),
        (texts.values.tolist() == TEXTS, True),
    ]


@scene("SparseFeatureCross")
def cross(run):
    return checked(run, None, OLDER)


@scene("SparseFeatureCrossV2")
def cross_v2(run):
    return checked(run, 956888297470, NEWER)
