"""tf.contrib.metrics: former names, rates, covariance, kappa, accuracy of a batch."""

from goldens.kit import error, said
from goldens.snippets.tf_metrics import (
    _WEIGHTS,
    _labelled,
    _over_batches,
    _ranked,
)


def _swapped(batches):
    return [(p, y) for y, p in batches]


def _all(tf, np, names, batches, **kwargs):
    found = []
    for name in names:
        tf.reset_default_graph()
        metric = getattr(tf.contrib.metrics, name)
        found.append(_over_batches(tf, np, metric, *batches, **kwargs))
    return found


def former_names(tf, np):
    names = ("streaming_accuracy", "streaming_precision", "streaming_recall",
             "streaming_true_positives", "streaming_true_negatives", "streaming_false_positives",
             "streaming_false_negatives", "streaming_false_positive_rate",
             "streaming_false_negative_rate")  # fmt: skip
    batches = _swapped(_labelled(np, as_int=True))
    weights = np.float32(_WEIGHTS)
    return [_all(tf, np, names, batches), _all(tf, np, names, batches, weights=weights)]


def former_errors(tf, np):
    names = ("streaming_mean_absolute_error", "streaming_mean_squared_error",
             "streaming_root_mean_squared_error", "streaming_covariance",
             "streaming_pearson_correlation")  # fmt: skip
    batches = [(p, np.float32(y)) for y, p in _labelled(np)]
    weights = np.float32(_WEIGHTS)
    return [_all(tf, np, names, batches), _all(tf, np, names, batches, weights=weights)]


def former_thresholds(tf, np):
    names = [f"streaming_{each}_at_thresholds" for each in (
        "true_positives", "false_negatives", "precision", "recall", "false_positive_rate",
        "false_negative_rate")]  # fmt: skip
    batches = _swapped(_labelled(np))
    found = _all(tf, np, names, batches, thresholds=[0.3, 0.6])
    return found + _all(tf, np, ["streaming_auc"], batches, num_thresholds=20)


def former_at_k(tf, np):
    names = ("streaming_sparse_recall_at_k", "streaming_sparse_precision_at_k",
             "streaming_sparse_average_precision_at_k")  # fmt: skip
    found = _all(tf, np, names, _swapped(_ranked(np)), k=2)
    single = [(p, y[:, 0]) for y, p in _ranked(np)]
    found += _all(tf, np, ["streaming_recall_at_k"], single, k=2)
    best = [(np.int64([[3, 1], [2, 3]]), y) for y, _ in _ranked(np)]
    names = ("streaming_sparse_precision_at_top_k", "streaming_sparse_average_precision_at_top_k")
    found += _all(tf, np, names, best)
    return found + _all(tf, np, ["sparse_recall_at_top_k"], _swapped(best))


def former_means(tf, np):
    values = [[np.float32([[1, 2], [3, 4]])], [np.float32([[5, -6], [7, 8]])]]
    found = _all(tf, np, ["streaming_mean", "streaming_mean_tensor", "count"], values)
    found += _all(tf, np, ["count"], values, weights=[[1.0], [0.5]])
    return found + _all(tf, np, ["streaming_percentage_less"], values, threshold=3.0)


def at_a_rate(tf, np):
    found = []
    for value in (0.0, 0.6, 0.9):
        batches = _labelled(np)
        found += _all(tf, np, ["recall_at_precision"], batches, precision=value)
        found += _all(tf, np, ["recall_at_precision"], batches, precision=value, strict_mode=True)
        found += _all(tf, np, ["precision_at_recall"], batches, target_recall=value)
    return found + _all(tf, np, ["f1_score"], _labelled(np))


def points_of_curves(tf, np):
    found = []
    for curve in ("ROC", "PR"):
        tf.reset_default_graph()
        y, p = _labelled(np)[0]
        points, update = tf.contrib.metrics.streaming_curve_points(
            tf.constant(y), tf.constant(p), curve=curve, num_thresholds=5
        )
        with tf.Session() as sess:
            sess.run(tf.local_variables_initializer())
            sess.run(update)
            found.append(sess.run(points))
    return found


def kappa(tf, np):
    batches = [(np.int64([0, 1, 2, 2]), np.int64([0, 2, 2, 1])),
               (np.int64([0, 0, 1, 2]), np.int64([0, 1, 1, 2]))]  # fmt: skip
    found = _all(tf, np, ["cohen_kappa"], batches, num_classes=3)
    weights = np.float32([1.0, 0.5, 2.0, 0.0])
    return found + _all(tf, np, ["cohen_kappa"], batches, num_classes=3, weights=weights)


def accuracy_of_a_batch(tf, np):
    accuracy = tf.contrib.metrics.accuracy
    y, p = tf.constant([1, 2, 3, 4]), tf.constant([1, 0, 3, 0])
    words = tf.constant(["a", "b"])
    with tf.Session() as sess:
        return sess.run([
            accuracy(p, y),
            accuracy(p, y, weights=[1.0, 1.0, 0.5, 0.0]),
            accuracy(words, words),
            tf.contrib.metrics.confusion_matrix(y, p),
        ]) + [
            said(lambda: accuracy(tf.zeros([2]), tf.zeros([2])), "Labels should have bool"),
            said(lambda: accuracy(tf.zeros([2]), tf.constant([1, 2])), "should match"),
            accuracy(p, y, name="mine").name,
        ]  # fmt: skip


def aggregated(tf, np):
    m = tf.contrib.metrics
    pairs = [m.streaming_mean(tf.constant([float(i)])) for i in range(3)]
    values, updates = m.aggregate_metrics(*pairs)
    named = m.aggregate_metric_map({"a": pairs[0], "b": pairs[1]})
    return [
        [each.name for each in values],
        [each.name for each in updates],
        [{key: each.name for key, each in part.items()} for part in named],
        error(m.aggregate_metrics),
    ]


def sets(tf, np):
    a, b = tf.constant([[1, 2], [3, 4]]), tf.constant([[2, 5], [4, 3]])
    m = tf.contrib.metrics
    with tf.Session() as sess:
        return [
            sess.run(m.set_size(m.set_intersection(a, b))),
            sess.run(tf.sparse_tensor_to_dense(m.set_union(a, b))),
            sess.run(tf.sparse_tensor_to_dense(m.set_difference(a, b))),
        ]


def _fed(tf, made, feeds):
    """The value before any batch, then for each batch what the update gives, and the value."""
    value, update = made
    with tf.Session() as sess:
        sess.run(tf.local_variables_initializer())
        found = [sess.run(value, feeds[0])]
        for feed in feeds:
            found += [sess.run(update, feed), sess.run(value, feed)]
    return [found, sorted([v.name, v.dtype.name] for v in tf.local_variables())]


def values_one_behind_the_other(tf, np):
    concat, found = tf.contrib.metrics.streaming_concat, []
    for axis, most in ((0, None), (1, None), (-1, 3)):
        tf.reset_default_graph()
        x = tf.placeholder(tf.float32, [None, 2] if axis == 0 else [2, None])
        made = concat(x, axis, most)
        batches = [np.arange(2.0 * n).reshape([n, 2] if axis == 0 else [2, n]) for n in (2, 0, 3)]
        found.append([str(made[0].shape), made[0].name,
                      _fed(tf, made, [{x: batch} for batch in batches])])  # fmt: skip
    return found + [error(lambda: concat(x, 2)), error(lambda: concat(tf.placeholder("float32"))),
                    error(lambda: concat(x, 0))]  # fmt: skip


def area_of_all_thresholds(tf, np):
    scores = np.float32([[0.1, 0.4, 0.4, 0.8], [0.35, 0.8, 0.05, 0.9]])
    truth = [[0, 0, 1, 1], [1, 1, 0, 0]]
    kinds, found = ({}, {"curve": "PR"}, {"weights": True}, {"curve": "PR", "weights": True}), []
    for kind in kinds:
        tf.reset_default_graph()
        x, y, w = (tf.placeholder(dtype, [4]) for dtype in ("float32", "int64", "float32"))
        made = tf.contrib.metrics.streaming_dynamic_auc(
            y, x, kind.get("curve", "ROC"), weights=w if "weights" in kind else None
        )
        feeds = [{x: scores[i], y: truth[i], w: [1.0, 2.0, 0.5, 0.0]} for i in (0, 1)]
        found.append(_fed(tf, made, feeds))
    return found + [error(lambda: tf.contrib.metrics.streaming_dynamic_auc(y, x, "ROD")),
                    error(lambda: _fed(tf, made, [{x: scores[0], y: [0, 2, 1, 0], w: [1.0] * 4}]))]


def at_equal_thresholds(tf, np):
    made, found = tf.contrib.metrics.precision_recall_at_equal_thresholds, []
    x = tf.placeholder(tf.float32, [3])
    y = tf.constant([True, False, True])
    for options in ({"num_thresholds": 5}, {"num_thresholds": 3, "weights": [0.5, 1.0, 2.0]}):
        tf.reset_default_graph()
        x, y = tf.placeholder(tf.float32, [3]), tf.constant([True, False, True])
        found.append(_fed(tf, made(y, x, **options), [{x: [0.1, 0.5, 1.0]}, {x: [0.6, 0.7, 0.0]}]))
    return [found, error(lambda: _fed(tf, made(y, x), [{x: [0.1, 0.2, 1.1]}])),
            error(lambda: made(tf.constant([1, 0, 1]), x))]  # fmt: skip


def areas_kept_and_counted(tf, np):
    """auc_with_confidence_intervals, auc_using_histogram."""
    metrics, rng = tf.contrib.metrics, np.random.RandomState(3)
    labels, scores = tf.placeholder(tf.int64, [None]), tf.placeholder(tf.float32, [None])
    weights = tf.placeholder(tf.float32, [None])
    kept = [metrics.auc_with_confidence_intervals(labels, scores, **given) for given in (
        {}, {"alpha": 0.8, "logit_transformation": False}, {"weights": weights})]  # fmt: skip
    counted = metrics.auc_using_histogram(labels > 0, scores, [0.0, 1.0], nbins=20)
    values = [value for value, _ in kept] + [counted[0]]
    updates = [update for _, update in (*kept, counted)]
    batches = [(rng.randint(2, size=20), rng.rand(20)) for _ in range(3)]
    batches = [(y, 0.7 * x + 0.3 * y * rng.rand(20)) for y, x in batches]
    found = []
    with tf.Session() as sess:
        sess.run(tf.local_variables_initializer())
        for y, x in batches:
            feed = {labels: y, scores: x, weights: 0.5 + rng.rand(20)}
            sess.run(updates, feed)
            found.append([list(each) if isinstance(each, tuple) else each
                          for each in sess.run(values, feed)])  # fmt: skip
        none = sess.run(list(kept[0][0]), {labels: [1, 1], scores: [0.2, 0.3], weights: [1.0, 1.0]})
    return [
        found, none, [v.name for v in tf.local_variables()], [t.dtype.name for t in kept[0][0]],
        said(lambda: metrics.auc_with_confidence_intervals(labels, scores, alpha=1.5), "alpha"),
        said(lambda: metrics.auc_using_histogram(labels, scores, [0.0, 1.0]), "should have dtype"),
    ]  # fmt: skip
