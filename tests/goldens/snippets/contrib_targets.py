"""tf.contrib.layers: targets with their losses and metrics, embeddings that share parameters."""

from goldens.kit import error, run

KEY = 956888297470


def _run(tf, fetches):
    """After the variables have begun, and then again after their updates."""
    with tf.Session() as session:
        session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        updates = session.run({name: update for name, (_, update) in fetches.items()})
        return [updates, session.run({name: value for name, (value, _) in fetches.items()})]


def _wave(tf, *shape):
    size = 1
    for each in shape:
        size *= each
    return tf.reshape(tf.sin(tf.range(float(size)) * 1.3), shape)


def regression(tf, np):
    of, features = tf.contrib.layers.regression_target, {"w": tf.constant([[1], [2], [0], [3]])}
    x, y = _wave(tf, 4, 1), tf.constant([1.0, 0.5, 0.0, 2.0])
    plain, weighted, wide = of(), of("label", "w"), of(label_dimension=3)
    metrics = {"mean": tf.contrib.metrics.streaming_mean_squared_error}
    losses = [each.loss(x, y, features) for each in (plain, weighted)]
    losses += [each.training_loss(x, y, features) for each in (plain, weighted)]
    losses += [wide.loss(_wave(tf, 2, 3), tf.ones([2, 3]), {}), plain.logits_to_predictions(x),
               wide.logits_to_predictions(_wave(tf, 2, 3))]  # fmt: skip
    found = weighted.get_eval_ops(features, x, y, metrics)
    return [[each.name for each in losses], run(tf, losses), _run(tf, found),
            [weighted.label_name, weighted.weight_column_name, wide.num_label_columns,
             plain.problem_type], plain.get_weight_tensor(features),
            error(lambda: plain.loss(x, tf.ones([3]), {}))]  # fmt: skip


def classes(tf, np):
    of, features = tf.contrib.layers.multi_class_target, {"w": tf.constant([1.0, 2.0, 0.0, 3.0])}
    two, many, weighted = of(2), of(3), of(2, "label", "w")
    x, x3 = _wave(tf, 4, 1), _wave(tf, 4, 3)
    y, y3 = tf.constant([[1], [0], [0], [1]]), tf.constant([1, 2, 0, 0])
    made = [two.loss(x, y, {}), weighted.loss(x, y, features), many.loss(x3, y3, {}),
            weighted.training_loss(x, y, features), two.logits_to_predictions(x),
            two.logits_to_predictions(x, True), many.logits_to_predictions(x3),
            many.logits_to_predictions(x3, True)]  # fmt: skip
    streaming = tf.contrib.metrics
    asked = {("mine", "classes"): streaming.streaming_accuracy,
             "plain": streaming.streaming_accuracy}  # fmt: skip
    found = [two.get_eval_ops({}, x, y[:, 0]), many.get_eval_ops({}, x3, y3, asked),
             weighted.get_eval_ops(features, x, y[:, 0])]  # fmt: skip
    wrong = [{("a", "b", "c"): 1}, {("a", "none"): 1}, {3: 1}]
    return [run(tf, made), [_run(tf, each) for each in found], [two.num_label_columns,
            many.num_label_columns, two.problem_type], error(lambda: of(1)),
            [error(lambda w=w: two.get_eval_ops({}, x, y[:, 0], w)) for w in wrong],
            error(lambda: many.loss(x3, tf.cast(y3, tf.float32), {}))]  # fmt: skip


def margins(tf, np):
    target = tf.contrib.slim.binary_svm_target("label")
    x, y = _wave(tf, 4, 1), tf.constant([1, 0, 0, 1])
    return [run(tf, [target.loss(x, y, {}), target.logits_to_predictions(x)]),
            error(lambda: target.logits_to_predictions(x, True)),
            sorted(tf.contrib.slim.get_default_binary_metrics_for_eval([0.25, 0.5])),
            tf.contrib.slim.ProblemType.LOGISTIC_REGRESSION]  # fmt: skip


def scattered(tf, np):
    slim, params = tf.contrib.slim, _wave(tf, 50)
    words = tf.constant([["a", "b"], ["c", "a"]])
    found = tf.constant(["a", "b", "a", "a"])
    rows = tf.SparseTensor([[0, 0], [0, 1], [2, 0], [2, 1]], found, [4, 2])
    numbers = tf.SparseTensor([[0, 0], [1, 1]], tf.constant([5, 7], tf.int64), [2, 2])
    parts = [params[:17], params[17:34], params[34:]]
    lookup, sparse = slim.scattered_embedding_lookup, slim.scattered_embedding_lookup_sparse
    made = [lookup(params, words, 3), lookup(params, words, 3, hash_key=KEY),
            lookup(parts, words, 3),
            sparse(params, rows, 3, "sum", hash_key=KEY), sparse(params, rows, 3, "mean"),
            sparse(params, rows, 3, "sqrtn"), sparse(params, numbers, 2, default_value=3,
    )]  # fmt: skip
    return [[each.name for each in made], run(tf, made), error(lambda: lookup(params, words, None)),
            error(lambda: lookup(params, words, 0)), error(lambda: lookup(parts[::-1], words, 3)),
            error(lambda: sparse(params, words, 3)), error(lambda: sparse(params, rows, 3, "none",
    ))]  # fmt: skip


def scattered_columns(tf, np):
    of, layers = tf.contrib.layers.scattered_embedding_column, tf.contrib.layers
    draw = lambda shape, dtype=None, partition_info=None: _wave(tf, *shape)  # noqa: E731
    column, other = of("a", 40, 3, KEY, initializer=draw), of("b", 30, 2, KEY, "sum")
    rows = tf.SparseTensor([[0, 0], [0, 1], [2, 0]], tf.constant(["a", "b", "a"]), [3, 2])
    found = layers.input_from_feature_columns({"a": rows}, [column])
    return [found.name, run(tf, found), [v.name for v in tf.trainable_variables()], column.name,
            column.key, sorted(column.config), other.combiner, column.combiner,
            error(lambda: of("a", 0, 3, KEY)), error(lambda: of("a", 3, 3, KEY, "none")),
            error(lambda: of("a", 3, 3, KEY, initializer=3))]  # fmt: skip
