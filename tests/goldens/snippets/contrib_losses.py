"""tf.contrib.losses: values, names, collections, and what is refused."""

from goldens.kit import error, run, typed

_LOGITS = [[1.0, -2.0, 0.5], [0.3, 2.0, -1.0]]
_LABELS = [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
_CHANCES = [[0.7, 0.2, 0.1], [0.3, 0.3, 0.4]]


def _pairs(tf):
    return tf.constant(_LOGITS), tf.constant(_LABELS), tf.constant(_CHANCES)


def _all(tf, weights):
    losses = tf.contrib.losses
    logits, labels, chances = _pairs(tf)
    return [
        losses.absolute_difference(logits, labels, weights),
        losses.sigmoid_cross_entropy(logits, labels, weights),
        losses.softmax_cross_entropy(logits, labels, weights),
        losses.sparse_softmax_cross_entropy(logits, tf.constant([0, 2]), weights),
        losses.log_loss(chances, labels, weights),
        losses.mean_squared_error(logits, labels, weights),
        losses.mean_pairwise_squared_error(logits, labels, weights),
        losses.cosine_distance(logits, labels, 1, weights),
    ]


def values(tf, np):
    weightings = [1.0, 0.0, [2.0, 0.0], [[2.0], [0.5]]]
    return run(tf, [_all(tf, tf.constant(weights)) for weights in weightings])


def others(tf, np):
    losses = tf.contrib.losses
    logits, labels, _ = _pairs(tf)
    return run(tf, [
        losses.hinge_loss(logits, labels),
        losses.sigmoid_cross_entropy(logits, labels, label_smoothing=0.1),
        losses.softmax_cross_entropy(logits, labels, label_smoothing=0.1),
        losses.cosine_distance(logits, labels, dim=0),
        losses.compute_weighted_loss(tf.constant([1.0, 2.0]), [0.0, 3.0]),
        losses.sparse_softmax_cross_entropy(logits, tf.constant([[0], [2]])),
    ])  # fmt: skip


def names(tf, np):
    losses = tf.contrib.losses
    made = _all(tf, 1.0)
    losses.add_loss(tf.constant(1.0, name="mine"))
    tf.add_to_collection("regularization_losses", tf.constant(2.0, name="penalty"))
    total = losses.get_total_loss()
    rest = losses.get_total_loss(add_regularization_losses=False, name="rest")
    return [
        [each.name for each in made],
        [each.name for each in losses.get_losses()],
        [each.name for each in losses.get_losses("log_loss")],
        [each.name for each in losses.get_regularization_losses()],
        [total.name, rest.name],
        typed(tf),
    ]


def refused(tf, np):
    losses = tf.contrib.losses
    logits, labels, _ = _pairs(tf)
    wide = tf.ones([2, 4])
    return [
        error(lambda: losses.absolute_difference(logits, wide)),
        error(lambda: losses.softmax_cross_entropy(logits, wide)),
        error(lambda: losses.cosine_distance(logits, labels)),
        error(lambda: losses.compute_weighted_loss(tf.placeholder(tf.float32))),
    ]


def as_slim_has_them(tf, np):
    slim = tf.contrib.slim
    slim.losses.softmax_cross_entropy(tf.constant(_LOGITS), tf.constant(_LABELS))
    slim.fully_connected(tf.ones([1, 2]), 2, weights_regularizer=slim.l2_regularizer(1.0),
                         weights_initializer=tf.ones_initializer())  # fmt: skip
    return run(tf, slim.losses.get_total_loss())
