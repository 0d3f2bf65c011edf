"""`tf.edit_distance` of many pairs at once, beside the definition."""
import hypothesis.strategies as st
import numpy as np
from hypothesis import given

import minitf as tf


def distance(a, b):
    if not a or not b:
        return len(a) + len(b)
    kept = distance(a[:-1], b[:-1]) + (a[-1] != b[-1])
    return min(kept, distance(a[:-1], b) + 1, distance(a, b[:-1]) + 1)


def sparse(rows, width):
    places = [(i, j) for i, row in enumerate(rows) for j in range(len(row))]
    return tf.SparseTensorValue(
        np.array(places, np.int64).reshape(-1, 2),
        np.array([each for row in rows for each in row], np.int32),
        (len(rows), width),
    )


ROW = st.lists(st.integers(0, 2), max_size=5)


@given(st.lists(st.tuples(ROW, ROW), min_size=1, max_size=6))
def test_distances_are_those_of_the_definition(pairs):
    tf.reset_default_graph()
    ours, theirs = (sparse(rows, 5) for rows in zip(*pairs))
    counted = tf.edit_distance(ours, theirs, normalize=False)
    shares = tf.edit_distance(ours, theirs)
    with tf.Session() as session:
        counts, parts = session.run([counted, shares])
    wanted = np.array([distance(a, b) for a, b in pairs], np.float32)
    np.testing.assert_array_equal(counts, wanted)
    lengths = np.array([len(b) for _, b in pairs])
    with np.errstate(divide="ignore", invalid="ignore"):
        wanted = np.where((wanted == 0) & (lengths == 0), 0, wanted / lengths).astype(np.float32)
    np.testing.assert_array_equal(parts, wanted)
