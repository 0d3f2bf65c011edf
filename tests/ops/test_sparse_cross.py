"""`tf.sparse.cross` of many rows."""
import numpy as np

import minitf as tf
from minitf.ops.sparse import cross


def test_each_column_is_read_once(monkeypatch):
    """Not once for each combination."""
    read, texts = [], cross._Column.texts
    monkeypatch.setattr(cross._Column, "texts", lambda self: read.append(self) or texts(self))
    left, right = np.arange(12).reshape(6, 2), np.arange(18).reshape(6, 3)
    crossed = tf.sparse.cross([tf.placeholder_with_default(side, None) for side in (left, right)])
    with tf.Session() as sess:
        found = sess.run(crossed.values)
    assert len(found) == 36 and found[-1] == b"11_X_17"
    assert len(read) == 2
