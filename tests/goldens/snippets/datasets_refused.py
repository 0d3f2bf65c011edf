"""tf.data: what is refused of shapes."""

from goldens.kit import error, said


def refused_shapes(tf, np):
    rows = tf.data.Dataset.from_tensor_slices([[1, 2], [3, 4]])
    sizes = tf.constant([5], tf.int64) * -1
    padded = rows.padded_batch(2, sizes).make_one_shot_iterator().get_next()
    csv = tf.data.experimental.CsvDataset
    with tf.Session() as sess:
        return [
            error(lambda: sess.run(padded)),
            said(lambda: csv("f", [tf.constant([[0]])]), "must be at most rank 1 but is rank 2"),
        ]
