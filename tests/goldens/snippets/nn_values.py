"""Activations, normalisation, clipping and the other functions of tf.nn: their values."""

from goldens.kit import accepted, error, run, said


def activations(tf, np):
    x = tf.constant([-30.0, -2.0, -0.5, 0.0, 0.5, 2.0, 7.0, 30.0])
    return run(
        tf,
        [
            f(x)
            for f in (
                tf.nn.relu,
                tf.nn.relu6,
                tf.nn.elu,
                tf.nn.selu,
                tf.nn.leaky_relu,
                tf.nn.softplus,
                tf.nn.softsign,
                tf.nn.tanh,
                tf.nn.sigmoid,
                tf.tanh,
                tf.sigmoid,
                tf.log_sigmoid,
                tf.nn.crelu,
                tf.nn.swish,
            )
        ],
    )


def activations_at_extremes(tf, np):
    x = tf.constant([-1000.0, -88.0, 88.0, 1000.0, np.inf, -np.inf, np.nan])
    return run(
        tf, [f(x) for f in (tf.nn.sigmoid, tf.nn.tanh, tf.nn.softplus, tf.nn.relu, tf.nn.elu)]
    )


def leaky_relu_slopes(tf, np):
    x = tf.constant([-2.0, 3.0])
    return run(
        tf, [tf.nn.leaky_relu(x, 0.1), tf.nn.leaky_relu(x, alpha=0.0), tf.nn.leaky_relu([-2, 3])]
    )


def softmax(tf, np):
    x = tf.constant([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0], [1000.0, 0.0, -1000.0]])
    return run(
        tf,
        [
            tf.nn.softmax(x),
            tf.nn.softmax(x, 0),
            tf.nn.softmax(x, axis=-1),
            tf.nn.softmax(x, dim=0),
            tf.nn.log_softmax(x),
            tf.nn.log_softmax(x, 0),
            tf.nn.softmax([1.0, 2.0]),
        ],
    )


def softmax_of_more_axes(tf, np):
    x = tf.constant(np.arange(12.0, dtype=np.float32).reshape(2, 3, 2))
    return run(tf, [tf.nn.softmax(x, 1), tf.nn.log_softmax(x, axis=0), tf.nn.softmax(x)])


def softmax_refused(tf, np):
    return [
        accepted(tf, lambda: tf.nn.softmax(1.0)),
        error(lambda: tf.nn.softmax([[1.0]], axis=2)),
        error(lambda: tf.nn.softmax([1.0], axis=0, dim=0)),
    ]


def bias_add(tf, np):
    x = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    return run(
        tf, [tf.nn.bias_add(x, [10.0, 20.0]), tf.nn.bias_add([[[1.0, 2.0]]], [10.0, 20.0])]
    ) + [
        error(lambda: tf.nn.bias_add(x, 1.0)),
        error(lambda: tf.nn.bias_add(x, [1.0])),
        error(lambda: tf.nn.bias_add(x, [1, 2])),
    ]


def xw_plus_b(tf, np):
    return run(
        tf,
        [
            tf.nn.xw_plus_b([[1.0, 2.0]], [[1.0], [2.0]], [0.5]),
            tf.nn.relu_layer([[1.0, 2.0]], [[1.0], [-2.0]], [0.5]),
        ],
    )


def l2_loss(tf, np):
    return run(
        tf, [tf.nn.l2_loss([[1.0, 2.0], [3.0, 4.0]]), tf.nn.l2_loss(3.0), tf.nn.l2_loss([0.0])]
    )


def moments(tf, np):
    x = tf.constant([[1.0, 2.0, 6.0], [3.0, 4.0, -1.0]])
    return run(
        tf,
        [
            tf.nn.moments(x, [0]),
            tf.nn.moments(x, [0, 1]),
            tf.nn.moments(x, 1, keep_dims=True),
            tf.nn.moments(x, axes=[-1]),
        ],
    )


def batch_normalization(tf, np):
    x = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    mean, variance = tf.nn.moments(x, [0])
    return run(
        tf,
        [
            tf.nn.batch_normalization(x, mean, variance, None, None, 1e-3),
            tf.nn.batch_normalization(x, mean, variance, [1.0, 2.0], None, 1e-3),
            tf.nn.batch_normalization(x, mean, variance, None, [3.0, 4.0], 1e-3),
            tf.nn.batch_normalization(x, mean, variance, [1.0, 2.0], [3.0, 4.0], 1e-3),
        ],
    )


def l2_normalize(tf, np):
    x = tf.constant([[3.0, 4.0], [0.0, 0.0]])
    return run(
        tf,
        [
            tf.nn.l2_normalize(x, 1),
            tf.nn.l2_normalize(x, axis=0),
            tf.nn.l2_normalize(x, dim=1),
            tf.nn.l2_normalize(x, [0, 1]),
            tf.nn.l2_normalize(x, 1, epsilon=1.0),
        ],
    )


def norms(tf, np):
    x = tf.constant([[3.0, -4.0], [0.0, 12.0]])
    return run(
        tf,
        [
            tf.norm(x),
            tf.norm(x, axis=1),
            tf.norm(x, 1),
            tf.norm(x, np.inf),
            tf.norm(x, 1, axis=0),
            tf.norm(x, axis=1, keepdims=True),
            tf.norm(x, 3),
        ],
    )


def clip_by_value(tf, np):
    x = tf.constant([-5.0, 0.5, 5.0])
    return run(
        tf,
        [
            tf.clip_by_value(x, -1.0, 1.0),
            tf.clip_by_value(x, 0.0, [1.0, 2.0, 3.0]),
            tf.clip_by_value([1, 7], 2, 5),
            tf.clip_by_value(x, 2.0, 1.0),
        ],
    )


def clip_by_norm(tf, np):
    x = tf.constant([[3.0, 4.0], [0.3, 0.4]])
    return run(
        tf,
        [
            tf.clip_by_norm(x, 1.0),
            tf.clip_by_norm(x, 10.0),
            tf.clip_by_norm(x, 1.0, axes=[1]),
            tf.clip_by_norm([0.0, 0.0], 1.0),
        ],
    )


def clip_by_global_norm(tf, np):
    a, b = tf.constant([3.0]), tf.constant([4.0])
    small, norm = tf.clip_by_global_norm([a, None, b], 1.0)
    large, _ = tf.clip_by_global_norm([a, b], 10.0)
    given, _ = tf.clip_by_global_norm([a, b], 1.0, use_norm=tf.constant(10.0))
    return run(
        tf, [[x for x in small if x is not None], norm, large, given, tf.global_norm([a, b])]
    ) + [[x is None for x in small]]


def clip_by_global_norm_of_infinities(tf, np):
    clipped, norm = tf.clip_by_global_norm([tf.constant([1.0]), tf.constant([np.inf])], 1.0)
    return run(tf, [clipped, norm])


def clip_by_average_norm(tf, np):
    return run(
        tf, [tf.clip_by_average_norm([3.0, 4.0], 1.0), tf.clip_by_average_norm([3.0, 4.0], 9.0)]
    )


def dropout_that_keeps_all(tf, np):
    x = tf.constant([1.0, 2.0])
    return [
        run(tf, tf.nn.dropout(x, 1.0)),
        run(tf, tf.nn.dropout(x, rate=0.0)),
        tf.nn.dropout(x, 1.0) is x,
        tf.nn.dropout(x, keep_prob=1) is x,
        tf.nn.dropout(x, rate=0) is x,
    ]


def dropout_refused(tf, np):
    x = tf.constant([1.0, 2.0])
    return [
        said(
            lambda: tf.nn.dropout(x, 0.0),
            "must be a scalar tensor or a float in the range",
            "[0, 1)",
        ),
        error(lambda: tf.nn.dropout(x, 1.5)),
        error(lambda: tf.nn.dropout(x, rate=1.0)),
        error(lambda: tf.nn.dropout(x)),
        error(lambda: tf.nn.dropout(x, 0.5, rate=0.3)),
        error(lambda: tf.nn.dropout(tf.constant([1, 2]), 0.5)),
        error(lambda: tf.nn.dropout(x, rate=-0.1)),
    ]


def dropout_noise_shape(tf, np):
    found = run(tf, tf.nn.dropout(tf.ones([50, 4]), 0.5, noise_shape=[50, 1]))
    return [bool((found == found[:, :1]).all()), sorted(set(found.ravel().tolist()))]


def dropout_fed_with_one(tf, np):
    keep = tf.placeholder(tf.float32)
    return run(tf, tf.nn.dropout(tf.constant([1.0, 2.0]), keep), {keep: 1.0})


def zero_fraction(tf, np):
    return run(tf, [tf.nn.zero_fraction([0.0, 1.0, 0.0, 3.0]), tf.nn.zero_fraction([1.0])])


def accuracy_of_the_tutorials(tf, np):
    logits = tf.constant([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7]])
    labels = tf.constant([[0.0, 1.0], [0.0, 1.0], [0.0, 1.0]])
    correct = tf.equal(tf.argmax(logits, 1), tf.argmax(labels, 1))
    return run(
        tf,
        [
            correct,
            tf.reduce_mean(tf.cast(correct, tf.float32)),
            tf.reduce_mean(tf.cast(correct, "float")),
        ],
    )
