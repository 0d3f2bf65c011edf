"""tf.metrics: values over batches, weights, names, collections and what is refused."""

from goldens.kit import error, said, shapes, typed

_LABELS = [[[1, 0, 1, 1], [0, 0, 1, 0]], [[1, 1, 0, 0], [0, 1, 1, 0]]]
_SCORES = [
    [[0.9, 0.2, 0.4, 0.6], [0.1, 0.7, 0.55, 0.3]],
    [[0.8, 0.45, 0.5, 0.0], [0.05, 1.0, 0.35, 0.65]],
]
_WEIGHTS = [[1.0, 2.0, 0.5, 0.0], [3.0, 1.0, 1.0, 0.25]]


def _over_batches(tf, np, metric, *batches, **kwargs):
    """What metric(*tensors) gives after each batch of values."""
    feeds = [tf.placeholder(np.asarray(part).dtype.name.replace("float64", "float32"),
                            np.shape(part)) for part in batches[0]]  # fmt: skip
    value, update = metric(*feeds, **kwargs)
    with tf.Session() as sess:
        sess.run(tf.local_variables_initializer())
        found = [sess.run(value)]
        for batch in batches:
            feed = dict(zip(feeds, batch))
            found += [sess.run(update, feed), sess.run(value)]
    kept = [[v.name, str(v.shape), v.dtype.name] for v in tf.local_variables()]
    return found + [kept, value.name, update.name, shapes(value, update)]


def _labelled(np, as_int=False):
    scores = np.rint(_SCORES).astype(np.int64) if as_int else np.float32(_SCORES)
    return [(np.int64(y), p) for y, p in zip(_LABELS, scores)]


def _one(name, as_int=False):
    def snippet(tf, np):
        return _over_batches(tf, np, getattr(tf.metrics, name), *_labelled(np, as_int))

    return snippet


def counts(tf, np):
    found = []
    for name in ("true_positives", "true_negatives", "false_positives", "false_negatives"):
        tf.reset_default_graph()
        found.append(_one(name, as_int=True)(tf, np))
    return found


def shares(tf, np):
    found = []
    for name in ("accuracy", "precision", "recall"):
        tf.reset_default_graph()
        found.append(_one(name, as_int=True)(tf, np))
    return found


def errors(tf, np):
    found = []
    batches = [(np.float32(y), p) for y, p in _labelled(np)]
    for name in ("mean_absolute_error", "mean_squared_error", "root_mean_squared_error"):
        tf.reset_default_graph()
        found.append(_over_batches(tf, np, getattr(tf.metrics, name), *batches))
    return found


def with_weights(tf, np):
    found = []
    for name in ("accuracy", "precision", "recall", "true_positives", "false_negatives",
                 "mean_squared_error", "mean_absolute_error"):  # fmt: skip
        for weights in (2.0, [[1.0], [3.0]], _WEIGHTS, 0.0):
            tf.reset_default_graph()
            floats = name.startswith("mean")
            batches = [(y.astype("float32") if floats else y, p)
                       for y, p in _labelled(np, not floats)]  # fmt: skip

            def metric(y, p, name=name, weights=weights):
                return getattr(tf.metrics, name)(y, p, weights=tf.constant(weights))

            found.append([name, error(lambda m=metric, b=batches: _over_batches(tf, np, m, *b))])
            tf.reset_default_graph()
            if found[-1][1] == "no error":
                found.append(_over_batches(tf, np, metric, *batches)[:5])
    return found


def means(tf, np):
    values = [[np.float32([[1, 2], [3, 4]])], [np.float32([[5, -6], [7, 8]])]]
    weight = np.float32([[1.0], [0.5]])
    found = []
    for name in ("mean", "mean_tensor"):
        for weights in (None, 2.0, weight):
            tf.reset_default_graph()
            metric = getattr(tf.metrics, name)
            found.append(_over_batches(tf, np, metric, *values, weights=weights))
    tf.reset_default_graph()
    below = tf.metrics.percentage_below
    return found + [_over_batches(tf, np, below, *values, threshold=3.0)]


def relative_and_cosine(tf, np):
    pair = [(np.float32([[1.0, 2.0], [3.0, 0.5]]), np.float32([[0.6, 0.8], [1.0, 0.0]]))]
    relative = tf.metrics.mean_relative_error
    normal = tf.constant([[2.0, 0.0], [1.0, 4.0]])
    one = _over_batches(tf, np, lambda y, p: relative(y, p, normal), *pair)
    tf.reset_default_graph()
    return [one, _over_batches(tf, np, tf.metrics.mean_cosine_distance, *pair, dim=1)]


def at_thresholds(tf, np):
    found = []
    for name in ("true_positives", "true_negatives", "false_positives", "false_negatives",
                 "precision", "recall"):  # fmt: skip
        tf.reset_default_graph()
        metric = getattr(tf.metrics, name + "_at_thresholds")
        found.append(_over_batches(tf, np, metric, *_labelled(np), thresholds=[0.1, 0.5, 0.65]))
        tf.reset_default_graph()
        found.append(_over_batches(tf, np, metric, *_labelled(np), thresholds=[0.4, 0.9],
                                   weights=np.float32(_WEIGHTS)))  # fmt: skip
    return found


def auc_roc(tf, np):
    found = []
    for method in ("trapezoidal", "careful_interpolation", "minoring", "majoring"):
        tf.reset_default_graph()
        found.append(_over_batches(tf, np, tf.metrics.auc, *_labelled(np),
                                   summation_method=method, num_thresholds=20))  # fmt: skip
    return found


def auc_pr(tf, np):
    found = []
    for method in ("trapezoidal", "careful_interpolation", "minoring", "majoring"):
        tf.reset_default_graph()
        found.append(_over_batches(tf, np, tf.metrics.auc, *_labelled(np), curve="PR",
                                   summation_method=method))  # fmt: skip
    return found


def auc_of_given_thresholds(tf, np):
    return _over_batches(tf, np, tf.metrics.auc, *_labelled(np), thresholds=[0.6, 0.2, 0.4],
                         weights=np.float32(_WEIGHTS))  # fmt: skip


def sensitivity_and_specificity(tf, np):
    found = []
    for limit in (0.0, 0.5, 0.7, 1.0):
        for name in ("sensitivity_at_specificity", "specificity_at_sensitivity"):
            tf.reset_default_graph()
            metric = getattr(tf.metrics, name)
            found.append(_over_batches(tf, np, lambda y, p, m=metric, v=limit: m(y, p, v),
                                       *_labelled(np)))  # fmt: skip
    return found


def of_classes(tf, np):
    batches = [(np.int64([0, 1, 2, 2]), np.int64([0, 2, 2, 1])),
               (np.int64([0, 0, 1, 3]), np.int64([0, 1, 1, 3]))]  # fmt: skip
    found = []
    for name in ("mean_iou", "mean_per_class_accuracy"):
        for weights in (None, np.float32([1.0, 0.5, 2.0, 0.0])):
            tf.reset_default_graph()
            weighted = None if weights is None else tf.constant(weights)
            metric = getattr(tf.metrics, name)
            found.append(_over_batches(tf, np, metric, *batches, num_classes=5, weights=weighted))
    return found


def of_images(tf, np):
    batches = [(np.int64([[[0, 1], [1, 1]]]), np.int64([[[0, 1], [0, 1]]]))]
    found = []
    for name in ("mean_iou", "mean_per_class_accuracy"):
        tf.reset_default_graph()
        metric = getattr(tf.metrics, name)
        found.append(_over_batches(tf, np, metric, *batches, num_classes=2))
    return found


def _ranked(np):
    scores = np.float32([[0.1, 0.5, 0.2, 0.9, 0.0], [0.3, 0.1, 0.8, 0.6, 0.4]])
    return [(np.int64([[3, 0], [1, 2]]), scores), (np.int64([[4, 1], [0, 7]]), scores[::-1])]


def at_k(tf, np):
    found = []
    for name in ("recall_at_k", "precision_at_k", "average_precision_at_k"):
        for k in (1, 2, 3):
            tf.reset_default_graph()
            found.append(_over_batches(tf, np, getattr(tf.metrics, name), *_ranked(np), k=k))
    return found


def at_k_of_a_class(tf, np):
    found = []
    for name in ("recall_at_k", "precision_at_k"):
        tf.reset_default_graph()
        metric = getattr(tf.metrics, name)
        found.append(_over_batches(tf, np, metric, *_ranked(np), k=2, class_id=3))
    return found


def at_k_with_weights(tf, np):
    found = []
    for name in ("recall_at_k", "precision_at_k", "average_precision_at_k"):
        for weights in (2.0, np.float32([1.0, 0.25])):
            tf.reset_default_graph()
            metric = getattr(tf.metrics, name)
            found.append(_over_batches(tf, np, metric, *_ranked(np), k=2, weights=weights))
    return found


def at_k_of_single_labels(tf, np):
    batches = [(labels[:, 0], scores) for labels, scores in _ranked(np)]
    found = []
    for name in ("recall_at_k", "precision_at_k", "average_precision_at_k"):
        tf.reset_default_graph()
        found.append(_over_batches(tf, np, getattr(tf.metrics, name), *batches, k=2))
    return found


def at_k_of_sparse_labels(tf, np):
    found = []
    for name in ("recall_at_k", "precision_at_k", "average_precision_at_k"):
        for class_id in (None, 2):
            tf.reset_default_graph()
            labels = tf.SparseTensor([[0, 0], [1, 0], [1, 1]], np.int64([3, 2, 9]), [2, 2])
            keys = {} if class_id is None else {"class_id": class_id}
            if class_id is not None and name.startswith("average"):
                continue

            def metric(p, name=name, y=labels, keys=keys):
                return getattr(tf.metrics, name)(y, p, k=2, **keys)

            batches = [(scores,) for _, scores in _ranked(np)]
            found.append(_over_batches(tf, np, metric, *batches))
    return found


def at_top_k(tf, np):
    batches = [(labels, np.int64([[3, 1], [2, 3]])) for labels, _ in _ranked(np)]
    found = []
    for name in ("recall_at_top_k", "precision_at_top_k"):
        for k in (None, 2):
            tf.reset_default_graph()
            found.append(_over_batches(tf, np, getattr(tf.metrics, name), *batches, k=k))
    return found


def sparse_names(tf, np):
    found = []
    for name in ("sparse_precision_at_k", "sparse_average_precision_at_k"):
        tf.reset_default_graph()
        found.append(_over_batches(tf, np, getattr(tf.metrics, name), *_ranked(np), k=2))
    return found


def _nodes(tf):
    """[name, type] of all nodes but those of assertions, which minitf builds without a guard."""
    return [each for each in typed(tf) if "assert" not in each[0].lower()]


def _of_placeholders(tf, name, shape=(None, 3), dtype="float32", **kwargs):
    y, p = tf.placeholder(dtype, shape, "y"), tf.placeholder(dtype, shape, "p")
    getattr(tf.metrics, name)(y, p, **kwargs)
    return _nodes(tf)


def names_accuracy(tf, np):
    return _of_placeholders(tf, "accuracy", [None], "int64")


def names_weighted_accuracy(tf, np):
    return _of_placeholders(tf, "accuracy", [None], "int64", weights=[1.0])


def names_precision(tf, np):
    return _of_placeholders(tf, "precision", [None], "int64")


def names_recall_weighted(tf, np):
    return _of_placeholders(tf, "recall", [4], "int64", weights=[1.0, 0.0, 1.0, 1.0])


def names_auc(tf, np):
    return _of_placeholders(tf, "auc", [None])


def names_auc_interpolated(tf, np):
    return _of_placeholders(tf, "auc", [4], curve="PR", summation_method="careful_interpolation")


def names_errors(tf, np):
    _of_placeholders(tf, "root_mean_squared_error")
    _of_placeholders(tf, "mean_absolute_error", weights=2.0)
    return _of_placeholders(tf, "mean_cosine_distance", dim=1)


def names_mean_tensor(tf, np):
    tf.metrics.mean_tensor(tf.placeholder(tf.float32, [2, 3], "x"))
    tf.metrics.percentage_below(tf.placeholder(tf.float32, [2, 3], "y"), 2.0)
    return _nodes(tf)


def names_thresholds(tf, np):
    _of_placeholders(tf, "precision_at_thresholds", [None], thresholds=[0.5])
    return _of_placeholders(tf, "true_negatives_at_thresholds", [None], thresholds=[0.5])


def names_sensitivity(tf, np):
    _of_placeholders(tf, "sensitivity_at_specificity", [None], specificity=0.5)
    return _of_placeholders(tf, "specificity_at_sensitivity", [None], sensitivity=0.5)


def names_twice(tf, np):
    x = tf.constant([1.0])
    made = [tf.metrics.mean(x), tf.metrics.mean(x), tf.metrics.mean(x, name="mine")]
    made += [tf.metrics.accuracy(x, x), tf.metrics.accuracy(x, x)]
    with tf.variable_scope("scope"):
        made.append(tf.metrics.accuracy(x, x))
        made.append(tf.metrics.auc(x, x, name="area"))
    return [[v.name for v in tf.local_variables()], [[a.name, b.name] for a, b in made]]


def collections(tf, np):
    x = tf.constant([1.0])
    values, updates = [], []
    for name in ("accuracy", "mean_absolute_error", "auc", "precision", "true_positives",
                 "root_mean_squared_error", "mean_relative_error", "mean_cosine_distance"):
        keys = {"mean_relative_error": {"normalizer": x}, "mean_cosine_distance": {"dim": 0}}
        value, update = getattr(tf.metrics, name)(
            x, x, metrics_collections=["m"], updates_collections=["u"], **keys.get(name, {})
        )
        values.append(value)
        updates.append(update)
    return [
        tf.get_collection("m") == values,
        tf.get_collection("u") == updates,
        tf.get_collection(tf.GraphKeys.METRIC_VARIABLES) == tf.local_variables(),
        tf.global_variables(),
        tf.trainable_variables(),
        error(lambda: tf.metrics.mean(x, metrics_collections="abc")),
    ]


def unknown_shapes(tf, np):
    y, p, w = (tf.placeholder(tf.float32, name=name) for name in "ypw")
    value, update = tf.metrics.mean_squared_error(y, p, w)
    feeds = (
        {y: [[1.0], [2.0]], p: [[2.0], [4.0]], w: 1.0},
        {y: [[1.0], [2.0]], p: [[2.0], [4.0]], w: [1.0, 0.5]},
        {y: [1.0, 2.0], p: [2.0, 4.0], w: [[1.0], [0.5]]},
        {y: [[1.0], [2.0]], p: [[2.0], [4.0]], w: [[1.0], [2.0]]},
    )
    with tf.Session() as sess:
        sess.run(tf.local_variables_initializer())
        return [sess.run(update, feed) for feed in feeds] + [sess.run(value)]


def refused(tf, np):
    x, y = tf.zeros([2, 3]), tf.zeros([3, 2])
    m = tf.metrics
    return [
        error(lambda: m.accuracy(x, y)),
        error(lambda: m.mean_squared_error(x, y)),
        said(lambda: m.mean(x, [1.0, 2.0]), "weights can not be broadcast"),
        error(lambda: m.precision(x, y)),
        said(lambda: m.auc(x, x, curve="XY"), "curve must be either ROC or PR, XY unknown"),
        said(lambda: m.auc(x, x, summation_method="XY"), "Invalid summation_method: XY"),
        said(lambda: m.sensitivity_at_specificity(x, x, 2.0), "`specificity` must be in the range"),
        said(lambda: m.specificity_at_sensitivity(x, x, -1), "`sensitivity` must be in the range"),
        said(lambda: m.average_precision_at_k([[1]], x, 0), "Invalid k=0."),
        said(lambda: m.recall_at_k(np.int64([1]), tf.zeros([2, 3, 4]), 1), "Unexpected labels"),
        error(lambda: m.mean_iou(tf.zeros([2], tf.int64), tf.zeros([3], tf.int64), 2)),
    ]


def refused_in_the_run(tf, np):
    p = tf.placeholder(tf.float32, [2])
    _, update = tf.metrics.auc([1, 0], p)
    classes = tf.placeholder(tf.int64, [2])
    _, iou = tf.metrics.mean_iou(classes, classes, 2)
    value, mean = tf.metrics.mean(p)
    with tf.Session() as sess:
        before = error(lambda: sess.run(value))
        sess.run(tf.local_variables_initializer())
        return [
            before,
            said(lambda: sess.run(update, {p: [0.5, 1.5]}), "predictions must be in [0, 1]"),
            said(lambda: sess.run(update, {p: [-0.5, 0.5]}), "predictions must be in [0, 1]"),
            error(lambda: sess.run(iou, {classes: [0, 2]})),
            sess.run(mean, {p: [1.0, 2.0]}),
        ]
