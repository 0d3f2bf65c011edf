"""Cross-entropies: values, extremes and refused arguments."""

from goldens.kit import error, run, said


def _logits(tf):
    return tf.constant([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0], [100.0, -100.0, 0.0]])


def softmax(tf, np):
    labels = tf.constant([[0.0, 0.0, 1.0], [0.2, 0.3, 0.5], [0.0, 1.0, 0.0]])
    return run(
        tf,
        [
            tf.nn.softmax_cross_entropy_with_logits(logits=_logits(tf), labels=labels),
            tf.nn.softmax_cross_entropy_with_logits_v2(labels=labels, logits=_logits(tf)),
        ],
    )


def softmax_of_labels_that_do_not_sum_to_one(tf, np):
    labels = tf.constant([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0], [2.0, 0.0, -1.0]])
    return run(tf, tf.nn.softmax_cross_entropy_with_logits(logits=_logits(tf), labels=labels))


def softmax_along_another_axis(tf, np):
    labels = tf.constant([[1.0, 0.0, 1.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
    return run(
        tf,
        [
            tf.nn.softmax_cross_entropy_with_logits(logits=_logits(tf), labels=labels, dim=0),
            tf.nn.softmax_cross_entropy_with_logits_v2(logits=_logits(tf), labels=labels, axis=0),
        ],
    )


def softmax_of_three_axes(tf, np):
    logits = tf.constant(np.arange(12.0, dtype=np.float32).reshape(2, 3, 2))
    labels = tf.ones([2, 3, 2]) * 0.5
    return run(tf, tf.nn.softmax_cross_entropy_with_logits(logits=logits, labels=labels))


def softmax_of_infinite_logits(tf, np):
    logits = tf.constant([[1e30, 0.0], [-1e30, 0.0], [1000.0, 0.0]])
    labels = tf.constant([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    return run(tf, tf.nn.softmax_cross_entropy_with_logits(logits=logits, labels=labels))


def softmax_refused(tf, np):
    x = tf.constant([[1.0, 2.0]])
    return [
        said(
            lambda: tf.nn.softmax_cross_entropy_with_logits(x, x),
            "Only call `softmax_cross_entropy_with_logits`",
            "with named arguments (labels=..., logits=..., ...)",
        ),
        error(lambda: tf.nn.softmax_cross_entropy_with_logits(logits=x)),
        error(lambda: tf.nn.softmax_cross_entropy_with_logits(labels=x)),
        error(
            lambda: tf.nn.softmax_cross_entropy_with_logits(logits=x, labels=tf.constant([[0, 1]]))
        ),
        error(
            lambda: tf.nn.softmax_cross_entropy_with_logits(logits=tf.constant([[1, 2]]), labels=x)
        ),
    ]


def softmax_v2_takes_positions(tf, np):
    x, y = tf.constant([[1.0, 2.0]]), tf.constant([[0.0, 1.0]])
    return run(tf, tf.nn.softmax_cross_entropy_with_logits_v2(y, x))


def sparse(tf, np):
    return run(
        tf,
        [
            tf.nn.sparse_softmax_cross_entropy_with_logits(logits=_logits(tf), labels=[2, 0, 1]),
            tf.nn.sparse_softmax_cross_entropy_with_logits(
                logits=_logits(tf), labels=tf.constant([0, 1, 2], tf.int64)
            ),
        ],
    )


def sparse_of_more_axes(tf, np):
    logits = tf.constant(np.arange(12.0, dtype=np.float32).reshape(2, 3, 2))
    return run(
        tf,
        [
            tf.nn.sparse_softmax_cross_entropy_with_logits(
                logits=logits, labels=[[0, 1, 0], [1, 1, 0]]
            ),
            tf.nn.sparse_softmax_cross_entropy_with_logits(logits=[1.0, 2.0], labels=0),
        ],
    )


def sparse_refused(tf, np):
    x = tf.constant([[1.0, 2.0]])
    cost = tf.nn.sparse_softmax_cross_entropy_with_logits
    return [
        said(lambda: cost(x, [1]), "Only call `sparse_softmax_cross_entropy_with_logits`"),
        said(lambda: cost(logits=x, labels=[[1]]), "Rank mismatch"),
        error(lambda: cost(logits=x, labels=[0, 1])),
        error(lambda: cost(logits=x, labels=[1.0])),
        error(lambda: cost(logits=1.0, labels=0)),
        error(lambda: cost(logits=x)),
    ]


def sparse_label_out_of_range(tf, np):
    labels = tf.placeholder(tf.int32, [None])
    cost = tf.nn.sparse_softmax_cross_entropy_with_logits(logits=[[1.0, 2.0]], labels=labels)
    with tf.Session() as sess:
        return error(lambda: sess.run(cost, {labels: [2]}))


def sigmoid(tf, np):
    logits = tf.constant([-1000.0, -2.0, 0.0, 2.0, 1000.0])
    labels = tf.constant([0.0, 1.0, 0.5, 0.0, 1.0])
    return run(
        tf,
        [
            tf.nn.sigmoid_cross_entropy_with_logits(logits=logits, labels=labels),
            tf.nn.sigmoid_cross_entropy_with_logits(logits=logits, labels=1.0 - labels),
        ],
    )


def sigmoid_refused(tf, np):
    x = tf.constant([1.0, 2.0])
    cost = tf.nn.sigmoid_cross_entropy_with_logits
    return [
        said(lambda: cost(x, x), "Only call `sigmoid_cross_entropy_with_logits`"),
        said(lambda: cost(logits=x, labels=tf.constant([1.0])), "must have the same shape"),
        error(lambda: cost(logits=x, labels=tf.constant([1, 0]))),
    ]


def weighted(tf, np):
    logits, targets = tf.constant([-2.0, 0.0, 2.0]), tf.constant([1.0, 0.0, 1.0])
    return run(
        tf,
        [
            tf.nn.weighted_cross_entropy_with_logits(targets, logits, 2.0),
            tf.nn.weighted_cross_entropy_with_logits(
                targets=targets, logits=logits, pos_weight=0.5
            ),
        ],
    )


def by_hand(tf, np):
    y = tf.nn.softmax(tf.constant([[1.0, 2.0, 3.0]]))
    labels = tf.constant([[0.0, 0.0, 1.0]])
    return run(
        tf,
        [
            -tf.reduce_sum(labels * tf.log(y)),
            tf.reduce_mean(-tf.reduce_sum(labels * tf.log(y), reduction_indices=[1])),
            tf.reduce_mean(-tf.reduce_sum(labels * tf.log(tf.clip_by_value(y, 1e-10, 1.0)), 1)),
        ],
    )


def by_hand_of_zero_is_nan(tf, np):
    y, labels = tf.constant([[0.0, 1.0]]), tf.constant([[0.0, 1.0]])
    return run(tf, [labels * tf.log(y), tf.reduce_sum(labels * tf.log(y))])


def squared_errors(tf, np):
    a, b = tf.constant([1.0, 2.0, 4.0]), tf.constant([0.0, 4.0, 1.0])
    return run(
        tf,
        [
            tf.reduce_mean(tf.square(a - b)),
            tf.reduce_mean(tf.squared_difference(a, b)),
            tf.reduce_sum(tf.pow(a - b, 2)) / (2 * 3),
            tf.nn.l2_loss(a - b),
            tf.reduce_mean((a - b) ** 2),
        ],
    )


def regularization(tf, np):
    w = tf.get_variable(
        "w",
        initializer=tf.constant([3.0, 4.0]),
        regularizer=tf.contrib.layers.l2_regularizer(scale=0.01),
    )
    losses = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
    return run(
        tf,
        [
            losses,
            tf.add_n(losses),
            tf.nn.l2_loss(w) * 0.01,
            sum(losses),
            tf.losses.get_regularization_loss(),
            tf.reduce_sum(losses),
        ],
    )


def regularizers(tf, np):
    x = tf.constant([3.0, -4.0])
    layers = tf.contrib.layers
    return run(
        tf,
        [
            layers.l2_regularizer(0.1)(x),
            layers.l1_regularizer(0.1)(x),
            layers.l1_l2_regularizer(0.1, 0.2)(x),
        ],
    ) + [
        layers.l2_regularizer(0.0)(x) is None,
        error(lambda: layers.l2_regularizer(-1.0)),
        error(lambda: layers.l2_regularizer(1)),
    ]


def get_losses(tf, np):
    a, b = tf.constant([1.0, 2.0]), tf.constant([2.0, 4.0])
    made = [
        tf.losses.mean_squared_error(a, b),
        tf.losses.absolute_difference(a, b),
        tf.losses.softmax_cross_entropy([[0.0, 1.0]], [[1.0, 2.0]]),
        tf.losses.sparse_softmax_cross_entropy([1], [[1.0, 2.0]]),
        tf.losses.sigmoid_cross_entropy(a, b),
        tf.losses.log_loss([1.0, 0.0], [0.9, 0.2]),
        tf.losses.huber_loss(a, b),
    ]
    return run(tf, [made, tf.losses.get_total_loss()]) + [[x.name for x in tf.losses.get_losses()]]
