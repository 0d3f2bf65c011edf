"""tf.contrib.nn."""

from goldens.kit import error, names, run


def alpha_dropout_draws(tf, np):
    tf.set_random_seed(7)
    x = np.random.RandomState(0).randn(5, 4).astype(np.float32)
    a = tf.contrib.nn.alpha_dropout(x, 0.6)
    b = tf.contrib.nn.alpha_dropout(tf.constant(x), tf.constant(0.6), [5, 1], seed=3, name="rows")
    return [run(tf, [a, b]), names(tf)]


def alpha_dropout_that_keeps_all(tf, np):
    x = tf.ones([2, 2])
    return [
        tf.contrib.nn.alpha_dropout(x, 1.0).name,
        tf.contrib.nn.alpha_dropout(x, tf.constant(1.0)).name,
        error(lambda: tf.contrib.nn.alpha_dropout(x, 0.0)),
        error(lambda: tf.contrib.nn.alpha_dropout(x, [0.5])),
    ]


def flipped_cross_entropies(tf, np):
    nn = tf.contrib.nn
    logits, labels = tf.constant([[1.0, 2.0], [0.5, -1.0]]), tf.constant([[0.0, 1.0], [0.3, 0.7]])
    return run(
        tf,
        [
            nn.deprecated_flipped_softmax_cross_entropy_with_logits(logits, labels),
            nn.deprecated_flipped_sparse_softmax_cross_entropy_with_logits(logits, [1, 0]),
            nn.deprecated_flipped_sigmoid_cross_entropy_with_logits(logits, labels, name="s"),
        ],
    )
