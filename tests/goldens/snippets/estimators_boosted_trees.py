"""tf.estimator.BoostedTrees*: what is trained, and what it says, with each of its options.

Numbers are quarters and halves where that is possible, so that sums are exact and trees the same;
a split that gains next to nothing is made or not by the last bits.
"""

from goldens.kit import said


def _data(np, count=240):
    rng = np.random.RandomState(0)
    x = np.round(rng.rand(count, 3) * 16).astype(np.float32) / 16
    y = (x[:, 0] > 0.5) * 4 + (x[:, 1] > 0.25) * (x[:, 2] > 0.75) * 2
    return x, y.astype(np.float32)


def _bucketized(tf):
    make = tf.feature_column
    return [make.bucketized_column(make.numeric_column(key), [0.26, 0.51, 0.76]) for key in "abc"]


def _numeric(tf):
    make = tf.feature_column
    return [make.numeric_column("a"), make.numeric_column("bc", shape=(2,))]


def _features(x):
    return {"a": x[:, 0], "b": x[:, 1], "c": x[:, 2], "bc": x[:, 1:], "w": x[:, 0] + 0.5}


def _input(tf, x, y, batch=60, repeat=None):
    def input_fn():
        data = tf.data.Dataset.from_tensor_slices((_features(x), y)).repeat(repeat).batch(batch)
        return data

    return input_fn


def _whole(tf, x, y):
    return lambda: tf.data.Dataset.from_tensors((_features(x), y))


def _config(tf):
    session = tf.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1)
    return tf.estimator.RunConfig(session_config=session, log_step_count_steps=None,
                                  tf_random_seed=1)


def _told(tf, made, x, y):
    found = list(made.predict(_input(tf, x[:40], y[:40], repeat=1)))
    key = "predictions" if "predictions" in found[0] else "probabilities"
    return [made.evaluate(_input(tf, x, y), steps=4), [each[key] for each in found],
            list(made.experimental_feature_importances().items()), made.get_variable_names()]


def _regressor(tf, np, columns=_bucketized, steps=None, **options):
    x, y = _data(np)
    given = {"n_batches_per_layer": 4, "n_trees": 3, "max_depth": 2, "learning_rate": 0.5,
             "config": _config(tf)}
    made = tf.estimator.BoostedTreesRegressor(columns(tf), **dict(given, **options))
    made.train(_input(tf, x, y), max_steps=steps)
    return _told(tf, made, x, y)


def regressor(tf, np):
    return _regressor(tf, np)


def regressor_with_centered_bias(tf, np):
    return _regressor(tf, np, center_bias=True)


def regressor_with_penalties(tf, np):
    return _regressor(tf, np, l1_regularization=0.01, l2_regularization=0.25)


def regressor_with_least_weight(tf, np):
    return _regressor(tf, np, min_node_weight=0.01)


def regressor_of_numbers(tf, np):
    return _regressor(tf, np, _numeric, quantile_sketch_epsilon=0.05)


def regressor_weighted(tf, np):
    return _regressor(tf, np, _numeric, weight_column="w")


def boundaries_of_many(tf, np):
    """How many there are, some of them, their sum. No tree grows: TensorFlow would write beyond its
    arrays, as there may be more than 1 / epsilon."""

    class Stop(tf.train.SessionRunHook):
        def __init__(self, runs):
            self.left = runs

        def after_run(self, run_context, run_values):
            self.left -= 1
            if self.left == 0:
                session = run_context.session
                made = [each for each in session.graph.get_operations()
                        if each.type.endswith("GetBucketBoundaries")]
                self.found = session.run(made[0].outputs[1])
                run_context.request_stop()

    rng, found = np.random.RandomState(5), []
    x, w = rng.randn(6000, 2).astype(np.float32), rng.randint(0, 4, 6000).astype(np.float32)
    columns = [tf.feature_column.numeric_column("x", shape=(2,))]
    for batch, epsilon, weights in ((1500, 0.01, None), (600, 0.1, "w"), (6000, 0.002, None)):
        def input_fn(batch=batch):
            data = tf.data.Dataset.from_tensor_slices(({"x": x, "w": w}, x[:, 0]))
            return data.repeat().batch(batch)

        made = tf.estimator.BoostedTreesRegressor(
            columns, n_batches_per_layer=6000 // batch, n_trees=1, max_depth=1,
            weight_column=weights, quantile_sketch_epsilon=epsilon, config=_config(tf))
        stop = Stop(6000 // batch)
        made.train(input_fn, hooks=[stop])
        found.append([len(stop.found), stop.found[::7],
                      float(stop.found.astype(np.float64).sum())])
    return found


def regressor_pruned_before(tf, np):
    return _regressor(tf, np, pruning_mode="pre", tree_complexity=0.05, max_depth=3)


def regressor_pruned_after(tf, np):
    return _regressor(tf, np, pruning_mode="post", tree_complexity=0.05, max_depth=3)


def regressor_goes_on(tf, np):
    x, y = _data(np)
    made = tf.estimator.BoostedTreesRegressor(_bucketized(tf), n_batches_per_layer=4, n_trees=3,
                                              max_depth=2, config=_config(tf))
    for steps in (6, 9, 30):
        made.train(_input(tf, x, y), max_steps=steps)
    return _told(tf, made, x, y)


def regressor_in_memory(tf, np):
    x, y = _data(np)
    found = []
    for columns, options in ((_numeric, {"center_bias": True}),
                             (_bucketized, {"pruning_mode": "post", "tree_complexity": 0.05})):
        made = tf.estimator.BoostedTreesRegressor(
            columns(tf), n_batches_per_layer=1, n_trees=3, max_depth=3, train_in_memory=True,
            config=_config(tf), **options)
        made.train(lambda: _whole(tf, x, y)().repeat())
        found.append(_told(tf, made, x, y)[:3])
    return found


def contrib_in_memory(tf, np):
    x, y = _data(np)
    trained = tf.contrib.estimator.boosted_trees_regressor_train_in_memory(
        _whole(tf, x, y), _bucketized(tf), n_trees=2, max_depth=2, config=_config(tf))
    classes = (y > 2).astype(np.int32)
    other = tf.contrib.estimator.boosted_trees_classifier_train_in_memory(
        _whole(tf, x, classes), _bucketized(tf), n_trees=2, max_depth=1, config=_config(tf))
    return [_told(tf, trained, x, y)[:3], _told(tf, other, x, classes)[:3]]


def _classifier(tf, np, columns=_bucketized, **options):
    x, y = _data(np)
    y = (y > 2).astype(np.int32)
    given = {"n_batches_per_layer": 4, "n_trees": 3, "max_depth": 1, "config": _config(tf)}
    made = tf.estimator.BoostedTreesClassifier(columns(tf), **dict(given, **options))
    made.train(_input(tf, x, y))
    return _told(tf, made, x, y)


def classifier(tf, np):
    return _classifier(tf, np)


def classifier_weighted(tf, np):
    return _classifier(tf, np, weight_column="w")


def classifier_of_words(tf, np):
    x, y = _data(np)
    words = np.where(y > 2, b"much", b"little").astype(object)
    made = tf.estimator.BoostedTreesClassifier(_bucketized(tf), n_batches_per_layer=2, n_trees=2,
                                               max_depth=1, label_vocabulary=["little", "much"],
                                               config=_config(tf))
    made.train(_input(tf, x, words))
    return [[each["classes"].tolist() for each in made.predict(_input(tf, x[:9], words[:9],
                                                                      repeat=1))]]


def explained(tf, np):
    x, y = _data(np)
    found = []
    for kind, labels in ((tf.estimator.BoostedTreesRegressor, y),
                         (tf.estimator.BoostedTreesClassifier, (y > 2).astype(np.int32))):
        made = kind(_bucketized(tf), n_batches_per_layer=1, n_trees=2, max_depth=1,
                    center_bias=True, config=_config(tf))
        made.train(_input(tf, x, labels, batch=240))
        rows = made.experimental_predict_with_explanations(_input(tf, x[:5], labels[:5], repeat=1),
                                                           predict_keys=["logits", "predictions"])
        found.append([[float(row["bias"]), list(row["dfc"].items()), sorted(row)] for row in rows])
    return found


def indicators(tf, np):
    rng = np.random.RandomState(3)
    colours, sizes = rng.randint(0, 3, 120), rng.rand(120).astype(np.float32)
    y = np.where(colours == 1, 2.0, sizes > 0.5).astype(np.float32)
    make = tf.feature_column
    words = np.array([b"red", b"green", b"blue"], object)[colours]
    columns = [make.indicator_column(make.categorical_column_with_vocabulary_list(
        "colour", ["red", "green", "blue"])), make.bucketized_column(make.numeric_column("size"),
                                                                     [0.5])]

    def input_fn():
        data = tf.data.Dataset.from_tensor_slices(({"colour": words, "size": sizes}, y))
        return data.repeat().batch(40)

    made = tf.estimator.BoostedTreesRegressor(columns, n_batches_per_layer=3, n_trees=2,
                                              max_depth=2, config=_config(tf))
    made.train(input_fn)
    return [made.evaluate(input_fn, steps=3), list(made.experimental_feature_importances().items())]


def own_head(tf, np):
    x, y = _data(np)
    head = tf.contrib.estimator.regression_head()
    made = tf.estimator.BoostedTreesEstimator(_bucketized(tf), 4, head, n_trees=2, max_depth=2,
                                              config=_config(tf))
    made.train(_input(tf, x, y))
    return _told(tf, made, x, y)


def refused(tf, np):
    columns, make = _bucketized(tf), tf.feature_column
    classes, numbers = tf.estimator.BoostedTreesClassifier, tf.estimator.BoostedTreesRegressor
    category = make.categorical_column_with_identity("a", 3)
    x, y = _data(np)
    return [
        said(lambda: classes(columns, 1, n_classes=3), "pruning is not supported with multi class"),
        said(lambda: classes(columns, 1, n_classes=3, pruning_mode=None), "only binary"),
        said(lambda: numbers(columns, 1, label_dimension=2, pruning_mode=None), "only 1 dimension"),
        said(lambda: classes([category], 1), "CategoricalColumn must be wrapped"),
        said(lambda: numbers(columns, 1, tree_complexity=1.0).train(_input(tf, x, y)),
             "Tree complexity have no effect"),
        said(lambda: numbers(columns, 1, pruning_mode="pre").train(_input(tf, x, y)),
             "tree_complexity must be positive"),
        said(lambda: numbers(columns, 1, pruning_mode="no").train(_input(tf, x, y)),
             "pruning_mode mode must be one of: none, post, pre"),
        said(lambda: next(numbers(columns, 1).experimental_predict_with_explanations(None)),
             "center_bias must be enabled"),
        said(lambda: numbers(columns, 2, train_in_memory=True).train(_input(tf, x, y))),
    ]
