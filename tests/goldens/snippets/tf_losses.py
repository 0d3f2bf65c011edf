"""tf.losses: values, gradients, names, reductions, collections and what is refused."""

from goldens.kit import error, run, said, typed

_TWO = (
    "absolute_difference",
    "hinge_loss",
    "huber_loss",
    "log_loss",
    "mean_pairwise_squared_error",
    "mean_squared_error",
    "sigmoid_cross_entropy",
    "softmax_cross_entropy",
)
_LABELS = [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
_PREDICTIONS = [[0.7, 0.2, 0.1], [0.5, 0.1, 0.4]]


def _weights(np):
    return (1.0, 2, 0.0, [[2.0], [0.0]], np.float32([[1, 0, 3], [0, 0, 0.5]]))


def values(tf, np):
    made = [getattr(tf.losses, name)(_LABELS, _PREDICTIONS) for name in _TWO]
    return run(tf, made) + [[x.dtype.name for x in made]]


def values_with_weights(tf, np):
    names = ("absolute_difference", "huber_loss", "mean_squared_error", "hinge_loss")
    functions = [getattr(tf.losses, name) for name in names]
    return run(tf, [[f(_LABELS, _PREDICTIONS, w) for w in _weights(np)] for f in functions])


def pairwise_with_weights(tf, np):
    cost = tf.losses.mean_pairwise_squared_error
    return run(tf, [cost(_LABELS, _PREDICTIONS, w) for w in (1.0, 0.5, 0.0, [[2.0], [0.0]])])


def reductions(tf, np):
    cost = tf.losses.mean_squared_error
    return [
        run(tf, [cost(_LABELS, _PREDICTIONS, w, reduction=how) for w in _weights(np)])
        for how in tf.losses.Reduction.all()
    ] + [list(tf.losses.Reduction.all())]


def row_weights(tf, np):
    labels, logits = np.float32(_LABELS), np.float32(_PREDICTIONS)
    return run(
        tf,
        [
            tf.losses.softmax_cross_entropy(labels, logits, [1.0, 3.0]),
            tf.losses.softmax_cross_entropy(labels, logits, label_smoothing=0.1),
            tf.losses.sigmoid_cross_entropy(labels, logits, label_smoothing=0.1),
            tf.losses.sparse_softmax_cross_entropy([0, 2], logits, [0.0, 3.0]),
            tf.losses.sparse_softmax_cross_entropy([[0], [2]], logits, [[0.5], [3.0]]),
            tf.losses.sparse_softmax_cross_entropy([0, 2], logits, reduction="none"),
        ],
    )


def cosine_distance(tf, np):
    labels, predictions = tf.nn.l2_normalize(_LABELS, 1), tf.nn.l2_normalize(_PREDICTIONS, 1)
    cost = tf.losses.cosine_distance
    return run(
        tf,
        [
            cost(labels, predictions, axis=1),
            cost(labels, predictions, dim=0),
            cost(labels, predictions, 1, weights=[[2.0], [1.0]]),
        ],
    ) + [error(lambda: cost(labels, predictions))]


def parameters(tf, np):
    labels, predictions = [[1.0, 5.0]], [[0.5, 2.0]]
    return run(
        tf,
        [
            tf.losses.huber_loss(labels, predictions, delta=0.25),
            tf.losses.huber_loss(labels, predictions, delta=10.0),
            tf.losses.log_loss([1.0, 0.0], [0.0, 1.0]),
            tf.losses.log_loss([1.0, 0.0], [0.0, 1.0], epsilon=1e-3),
        ],
    )


def types(tf, np):
    half = tf.constant([1.0, 3.0], tf.float16)
    made = [
        tf.losses.mean_squared_error(np.float64([1, 2]), np.float64([1, 4])),
        tf.losses.mean_squared_error([1, 2], [1, 4]),
        tf.losses.sigmoid_cross_entropy([1, 0], half),
        tf.losses.compute_weighted_loss(half),
        tf.losses.compute_weighted_loss(np.float64([1, 4]), 2.0),
        tf.losses.compute_weighted_loss([1, 4]),
    ]
    return run(tf, made)


def gradients(tf, np):
    x = tf.constant(_PREDICTIONS)
    found = []
    for name in _TWO:
        loss = getattr(tf.losses, name)(_LABELS, x)
        found.append(tf.gradients(loss, x)[0])
    return run(tf, found)


def gradients_of_weights_and_labels(tf, np):
    x, labels, w = tf.constant(_PREDICTIONS), tf.constant(_LABELS), tf.constant([[2.0], [1.0]])
    loss = tf.losses.mean_squared_error(labels, x, w)
    soft = tf.losses.softmax_cross_entropy(labels, x)
    return run(tf, tf.gradients(loss, [labels, w])) + [tf.gradients(soft, labels)[0] is None]


def _of_placeholders(tf, name, shape):
    x, y = tf.placeholder(tf.float32, shape, "x"), tf.placeholder(tf.float32, shape, "y")
    getattr(tf.losses, name)(x, y)
    return typed(tf)


def names_squared(tf, np):
    return _of_placeholders(tf, "mean_squared_error", [None, 3])


def names_squared_of_known_shape(tf, np):
    return _of_placeholders(tf, "mean_squared_error", [2, 3])


def names_absolute(tf, np):
    return _of_placeholders(tf, "absolute_difference", [None, 3])


def names_huber(tf, np):
    return _of_placeholders(tf, "huber_loss", [None, 3])


def names_log(tf, np):
    return _of_placeholders(tf, "log_loss", [None, 3])


def names_hinge(tf, np):
    return _of_placeholders(tf, "hinge_loss", [None, 3])


def names_pairwise(tf, np):
    return _of_placeholders(tf, "mean_pairwise_squared_error", [None, 3])


def names_sigmoid(tf, np):
    return _of_placeholders(tf, "sigmoid_cross_entropy", [None, 3])


def names_softmax(tf, np):
    return _of_placeholders(tf, "softmax_cross_entropy", [None, 3])


def names_softmax_smoothed(tf, np):
    x, y = tf.placeholder(tf.float32, [None, 3], "x"), tf.placeholder(tf.float32, [None, 3], "y")
    tf.losses.softmax_cross_entropy(x, y, label_smoothing=0.1)
    return typed(tf)


def names_sparse(tf, np):
    y, x = tf.placeholder(tf.int64, [None], "y"), tf.placeholder(tf.float32, [None, 3], "x")
    tf.losses.sparse_softmax_cross_entropy(y, x)
    return typed(tf)


def names_cosine(tf, np):
    x, y = tf.placeholder(tf.float32, [None, 3], "x"), tf.placeholder(tf.float32, [None, 3], "y")
    tf.losses.cosine_distance(x, y, 1)
    return typed(tf)


def names_of_weights(tf, np):
    x, w = tf.placeholder(tf.float32, [2, 3], "x"), tf.placeholder(tf.float32, [2, 1], "w")
    tf.losses.mean_squared_error(x, x, w)
    return typed(tf)


def names_of_reductions(tf, np):
    x = tf.placeholder(tf.float32, [2, 3], "x")
    for how in ("none", "weighted_sum", "weighted_mean", "weighted_sum_over_batch_size"):
        tf.losses.mean_squared_error(x, x, 2.0, reduction=how)
    return typed(tf)


def names_of_scopes(tf, np):
    x = tf.placeholder(tf.float32, [2, 3], "x")
    return [
        tf.losses.mean_squared_error(x, x, scope="mine").name,
        tf.losses.mean_squared_error(x, x, scope="mine").name,
        tf.losses.compute_weighted_loss(x).name,
        tf.losses.get_total_loss(name="all").name,
        [x.name for x in tf.losses.get_losses("mine")],
    ]


def weights_of_unknown_shape(tf, np):
    x, w = tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.float32)
    loss = tf.losses.mean_squared_error(x, 2 * x, w)
    value = np.float32([[1, 2, 3], [4, 5, 6]])
    with tf.Session() as sess:
        good = [sess.run(loss, {x: value, w: each}) for each in _weights(np)]
        return good + [
            error(lambda: sess.run(loss, {x: value, w: [1.0, 2.0]})),
            error(lambda: sess.run(loss, {x: value, w: [[1.0, 2.0]]})),
        ]


def labels_of_unknown_shape(tf, np):
    labels, logits = tf.placeholder(tf.int32), tf.placeholder(tf.float32, [None, 3])
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    value = np.float32(_PREDICTIONS)
    with tf.Session() as sess:
        return [
            sess.run(loss, {labels: [0, 2], logits: value}),
            sess.run(loss, {labels: [[0], [2]], logits: value}),
            error(lambda: sess.run(loss, {labels: [[0, 1], [2, 1]], logits: value})),
        ]


def refused(tf, np):
    x, losses = tf.zeros([2, 3]), tf.losses
    return [
        said(lambda: losses.mean_squared_error(None, x), "labels must not be None."),
        said(lambda: losses.mean_squared_error(x, None), "predictions must not be None."),
        said(lambda: losses.softmax_cross_entropy(None, x), "onehot_labels must not be None."),
        said(lambda: losses.sigmoid_cross_entropy(x, None), "logits must not be None."),
        error(lambda: losses.mean_squared_error(x, tf.zeros([3, 2]))),
        error(lambda: losses.mean_squared_error(x, tf.zeros([3]))),
        said(lambda: losses.mean_squared_error(x, x, [1.0, 2.0]), "weights can not be broadcast"),
        said(lambda: losses.mean_squared_error(x, x, [[1.0, 2.0]]), "Mismatch at dim 1."),
        said(lambda: losses.mean_squared_error(x, x, reduction="sum"), "Invalid Reduction Key sum"),
        error(lambda: losses.mean_squared_error(x, x, None)),
        error(lambda: losses.sparse_softmax_cross_entropy([[1, 2]], x)),
        error(lambda: losses.get_total_loss()),
    ]


def collections(tf, np):
    x = tf.ones([2, 3])
    first = tf.losses.mean_squared_error(x, x)
    other = tf.losses.huber_loss(x, x, loss_collection="mine")
    tf.losses.absolute_difference(x, x, loss_collection=None)
    added = tf.constant(3.0)
    tf.losses.add_loss(added)
    tf.add_to_collection(tf.GraphKeys.REGULARIZATION_LOSSES, tf.constant(10.0))
    return [
        tf.losses.get_losses() == [first, added],
        tf.losses.get_losses(loss_collection="mine") == [other],
        len(tf.losses.get_losses()),
    ] + run(
        tf,
        [
            tf.losses.get_total_loss(),
            tf.losses.get_total_loss(add_regularization_losses=False),
            tf.losses.get_regularization_loss(),
        ],
    )


def no_regularization(tf, np):
    return [tf.losses.get_regularization_losses(), run(tf, tf.losses.get_regularization_loss())]
