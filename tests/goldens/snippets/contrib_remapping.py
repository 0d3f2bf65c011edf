"""tf.contrib.framework.load_embedding_initializer and its kin."""

import os
import tempfile

from goldens.kit import error


def _file(folder, name, words):
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.write("".join(word + "\n" for word in words))
    return path


def remapped(tf, np):
    kinds, found = tf.contrib.framework, []
    with tempfile.TemporaryDirectory() as folder:
        old, new = _file(folder, "old", "abcd"), _file(folder, "new", "dxbae")
        sides = _file(folder, "sides", "pqr"), _file(folder, "others", "rpz")
        tf.get_variable("m", initializer=np.arange(12, dtype=np.float32).reshape(4, 3))
        tf.get_variable("b", initializer=np.arange(4, dtype=np.float32).reshape(4, 1) * 10)
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            path = tf.train.Saver().save(sess, os.path.join(folder, "model"))
        tf.reset_default_graph()
        fresh = tf.ones_initializer()
        words = {"old_row_vocab_file": old, "new_row_vocab_file": new}
        columns = {"old_col_vocab_file": sides[0], "new_col_vocab_file": sides[1]}
        both = kinds.load_and_remap_matrix_initializer(
            path, "m", 5, 3, num_row_oov_buckets=1, num_col_oov_buckets=1, initializer=fresh,
            **words, **columns)  # fmt: skip
        made = [
            both([6, 4]),
            kinds.load_and_remap_matrix_initializer(path, "m", 4, 3, **columns)([4, 3]),
            kinds.load_embedding_initializer(path, "m", 5, 3, old, new, 2, 1, fresh)([6, 3]),
            kinds.load_linear_multiclass_bias_initializer(path, "b", 5, old, new)([5, 1]),
            kinds.load_variable_slot_initializer(path, "m", None, 5, 3, **words)([5, 3]),
        ]
        with tf.Session() as sess:
            found = sess.run(made)
        none = kinds.load_and_remap_matrix_initializer(path, "m", 4, 3)
        return [*found, error(lambda: both([6, 3])), error(lambda: both([7, 4])),
                error(lambda: both([4])), error(lambda: both([6, 4], tf.float64)),
                error(lambda: none([4, 3]))]  # fmt: skip
