"""What ops make of sizes of zero, of axes said twice, and of other edges."""

from goldens.kit import attempt, error, run, shape


def axes_said_twice(tf, np):
    x = tf.constant(np.arange(24.0).reshape(2, 3, 4))
    fed, axes = tf.placeholder(tf.float64), tf.placeholder(tf.int32)
    sums = [tf.reduce_sum, tf.reduce_mean, tf.reduce_max, tf.reduce_prod, tf.reduce_logsumexp]
    known = [reduce(x, axis, keepdims=keep) for reduce in sums for axis in ([0, 0], [1, -2, 0])
             for keep in (False, True)]  # fmt: skip
    known += [tf.reduce_all(x > 3, [2, 2]), tf.count_nonzero(x, [0, -3])]
    gradients = [tf.gradients(reduce(x, [1, 1]), x)[0] for reduce in sums[:3]]
    late = [reduce(fed, axes) for reduce in sums]
    with tf.Session() as sess:
        return [
            [shape(t) for t in known], sess.run(known), sess.run(gradients),
            [sess.run(late, {fed: np.ones([2, 3]), axes: said}) for said in ([1, 1], [0, -2])],
            error(lambda: tf.reduce_sum(x, [0, 3])),
        ]  # fmt: skip


def quotients_of_integers(tf, np):
    def divided(dtype):
        x = tf.placeholder(dtype)
        return run(tf, tf.realdiv(x, x - x + 2), {x: np.array([7, 249, 1]).astype(dtype)})

    ragged = tf.ragged.constant([[1.0, 2.0], [3.0]])
    return [
        [divided(dtype) for dtype in ("int8", "uint8", "int32", "int64", "float32")],
        tf.realdiv(3, 2, name="quotient").name, tf.realdiv(3, 2).name,
        run(tf, tf.realdiv(ragged, 2.0).flat_values), error(lambda: tf.realdiv(1, 2.5)),
        attempt(lambda: tf.realdiv(tf.constant(1), tf.constant(2.5))),
        error(lambda: tf.realdiv(True, False)), error(lambda: tf.realdiv([1, 2], [1, 2, 3])),
    ]  # fmt: skip
