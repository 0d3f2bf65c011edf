"""Fractional pooling: values of a seed, gradients, names, and what is refused."""

from goldens.kit import error, run


def _image(tf, np):
    return tf.constant(np.sin(np.arange(2 * 7 * 9 * 2) * 1.7).reshape(2, 7, 9, 2), tf.float32)


def _pooled(tf, np, pool, **options):
    x = _image(tf, np)
    found = pool(x, [1.0, 1.44, 1.73, 1.0], deterministic=True, seed=3, seed2=5, **options)
    with tf.Session() as sess:
        return [sess.run(list(found) + tf.gradients(found[0] ** 2, x)) for _ in range(2)]


_OPTIONS = [
    {}, {"pseudo_random": True}, {"overlapping": True},
    {"pseudo_random": True, "overlapping": True},
]  # fmt: skip


def max_pool(tf, np):
    return [_pooled(tf, np, tf.nn.fractional_max_pool, **options) for options in _OPTIONS]


def avg_pool(tf, np):
    return [_pooled(tf, np, tf.nn.fractional_avg_pool, **options) for options in _OPTIONS]


def names_and_shapes(tf, np):
    x = tf.placeholder(tf.float32, [None, 8, 9, 2])
    found = tf.nn.fractional_max_pool(x, [1.0, 1.5, 1.4, 1.0])
    mean = tf.nn.fractional_avg_pool(x, [1.0, 1.5, 1.4, 1.0], name="mine")
    return [[y.name for y in (*found, *mean)], str(found[0].shape), type(found).__name__]


def refused(tf, np):
    x, pool = tf.placeholder(tf.float32, [None, 8, 9, 2]), tf.nn.fractional_max_pool
    return [
        error(lambda: pool(x, 1.5)),
        error(lambda: pool(x[0], [1.0, 1.5, 1.4, 1.0])),
        error(lambda: pool(tf.cast(x, tf.float16), [1.0, 1.5, 1.4, 1.0])),
        error(lambda: run(tf, pool(_image(tf, np), [1.0, 1.5, 1.4])[0])) != "no error",
        error(lambda: run(tf, pool(_image(tf, np), [1.0, 1.5, 1.4, 1.0], seed=1)[0])),
    ]
