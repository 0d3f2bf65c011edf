"""tf.contrib.linear_optimizer and tf.estimator.experimental.LinearSDCA: examples are taken in an
order that differs from run to run, so what is compared is where the steps lead."""

from goldens.kit import said

LOSSES = ("logistic_loss", "squared_loss", "hinge_loss", "smooth_hinge_loss", "poisson_loss")


def _examples(tf, np):
    rng = np.random.RandomState(4)
    labels = (rng.rand(6) > 0.5).astype(np.float32)
    make = tf.contrib.linear_optimizer.SparseFeatureColumn
    return {
        "sparse_features": [make([0, 1, 2, 2, 4, 5], [0, 3, 1, 3, 0, 1], [1.0] * 6),
                            make([0, 1, 3, 5], [1, 0, 1, 0], [0.5, -1.0, 2.0, 0.3])],
        "dense_features": [tf.constant(rng.randn(6, 2).astype(np.float32)), tf.ones([6, 1])],
        "example_labels": labels, "example_weights": [1.0, 2.0, 1.0, 0.5, 1.0, 1.0],
        "example_ids": [f"example {i}" for i in range(6)],
    }  # fmt: skip


def _variables(tf, parts=False):
    sizes = {"a": [4], "b": [2], "c": [2], "d": [1]}
    made = {name: tf.Variable(tf.zeros(size), name=name) for name, size in sizes.items()}
    if parts:
        made["a"] = [tf.Variable(tf.zeros([2]), name=f"a{i}") for i in range(2)]
        made["c"] = [tf.Variable(tf.zeros([1]), name=f"c{i}") for i in range(2)]
    return {"sparse_features_weights": [made["a"], made["b"]],
            "dense_features_weights": [made["c"], made["d"]]}  # fmt: skip


def _model(tf, np, loss_type, l1=0.0, l2=1.0, parts=False, **options):
    options.update(loss_type=loss_type, symmetric_l1_regularization=l1,
                   symmetric_l2_regularization=l2)  # fmt: skip
    examples = _examples(tf, np)
    if loss_type == "poisson_loss":
        examples["example_labels"] = examples["example_labels"] * 2 + 1
    make = tf.contrib.linear_optimizer.SdcaModel
    return make(examples, _variables(tf, parts), options), examples


def _trained(tf, np, loss_type, steps=60, **options):
    """Whether it is known to be near the best, how many steps were counted, the weights."""
    model, _ = _model(tf, np, loss_type, **options)
    step = tf.train.get_or_create_global_step()
    update = model.update_weights(model.minimize(step))
    weights = [v for v in tf.global_variables() if len(v.op.name) < 3]
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(steps):
            sess.run(update)
        gap, count, weights = sess.run([model.approximate_duality_gap(), step, weights])
        # Adaptive steps leave some examples out, of which older losses are known.
        near = bool(gap < 0.05) if options.get("adaptive") is False else None
        return [near, count, [np.round(each, 2) + 0.0 for each in weights]]


def _of_each_loss(tf, np, **options):
    found = []
    for loss in LOSSES:
        tf.reset_default_graph()
        found.append(_trained(tf, np, loss, **options))
    return found


def weights_found(tf, np):
    return _of_each_loss(tf, np)


def weights_found_with_regularization(tf, np):
    return _of_each_loss(tf, np, l1=0.3, l2=1.7)


def weights_found_in_parts(tf, np):
    return _of_each_loss(tf, np, parts=True, adaptive=False)


def weights_found_with_tables_of_several_servers(tf, np):
    return _trained(tf, np, "logistic_loss", num_table_shards=3, num_loss_partitions=2)


def losses_and_predictions(tf, np):
    """Of given weights."""
    found = []
    for loss in LOSSES:
        tf.reset_default_graph()
        model, examples = _model(tf, np, loss, l1=0.5, l2=0.25)
        weights = [v for v in tf.global_variables() if len(v.op.name) < 3]
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            for i, each in enumerate(weights):
                each.load(np.arange(each.shape[0].value) * 0.3 - 0.2 * i, sess)
            found.append(sess.run([
                model.regularized_loss(examples), model.unregularized_loss(examples),
                model.predictions(examples)]))  # fmt: skip
    return found


def names_of_variables(tf, np):
    model, _ = _model(tf, np, "squared_loss", parts=True)
    model.minimize(name="mine")
    saved = sorted(each.name for each in tf.get_collection(tf.GraphKeys.SAVEABLE_OBJECTS))
    return [[v.name for v in tf.global_variables()], [v.name for v in tf.trainable_variables()],
            saved, [t.name for t in tf.get_collection(tf.GraphKeys.SUMMARIES)]]  # fmt: skip


def refused(tf, np):
    make, examples = tf.contrib.linear_optimizer.SdcaModel, _examples(tf, np)
    options = {"loss_type": "squared_loss", "symmetric_l1_regularization": 0.0,
               "symmetric_l2_regularization": 1.0}  # fmt: skip
    variables = _variables(tf)

    def given(examples=examples, variables=variables, **more):
        return said(lambda: make(examples, variables, {**options, **more}))

    return [
        given({}), given(variables={}), given(loss_type="no_loss"),
        given({**examples, "sparse_features": ()}), given(symmetric_l1_regularization=-1.0),
        given(symmetric_l2_regularization=-1.0),
        given(variables={**variables, "dense_features_weights": variables}),
        given({name: each for name, each in examples.items() if name != "example_ids"}),
    ]  # fmt: skip


def of_columns(tf, np):
    """SDCAOptimizer with each kind of column."""
    layers, optimizer = tf.contrib.layers, tf.contrib.linear_optimizer.SDCAOptimizer(
        "id", symmetric_l1_regularization=0.1, symmetric_l2_regularization=1.5)
    word = layers.sparse_column_with_keys("word", ["a", "b", "c"])
    size = layers.real_valued_column("size", 2)
    range_ = layers.bucketized_column(layers.real_valued_column("age"), [10.0, 20.0])
    other = layers.sparse_column_with_integerized_feature("other", 4)
    columns = [word, size, range_, layers.weighted_sparse_column(other, "how_much"),
               layers.crossed_column([word, range_], 7)]  # fmt: skip
    words = tf.SparseTensor([[0, 0], [0, 1], [1, 0], [2, 0], [3, 0], [3, 1]],
                            ["a", "b", "c", "a", "none", "b"], [4, 2])  # fmt: skip
    others = tf.SparseTensor([[0, 0], [0, 1], [2, 0], [3, 0]], tf.constant([1, 1, 3, 0], tf.int64),
                             [4, 2])  # fmt: skip
    much = tf.SparseTensor([[0, 0], [0, 1], [2, 0], [3, 0]], [0.5, 1.0, -2.0, 1.0], [4, 2])
    features = {"word": words, "size": tf.constant([[1.0, 0.5], [-1, 2], [0, 1], [3, -1]]),
                "age": tf.constant([[5.0], [15.0], [25.0], [12.0]]), "other": others,
                "how_much": much, "id": tf.constant(["a", "b", "c", "d"]),
                "w": tf.constant([[1.0], [2.0], [1.0], [0.5]])}  # fmt: skip
    features.update(layers.transform_features(features, columns))
    _, variables, bias = layers.weighted_sum_from_feature_columns(features, columns, 1)
    del variables[next(c for c in variables if c is columns[-1])], bias
    step = tf.train.get_or_create_global_step()
    labels = tf.constant([[1], [0], [1], [1]])
    model, train = optimizer.get_train_step(variables, "w", "logistic_loss", features, labels, step)
    update = model.update_weights(train)
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.tables_initializer()])
        for _ in range(60):
            sess.run(update)
        trained = sess.run({c.name: variables[c][0] for c in variables})
        return [{name: np.round(each, 2) + 0.0 for name, each in trained.items()},
                type(model).__name__, optimizer.get_name(), optimizer.example_id_column,
                optimizer.adaptive, optimizer.num_table_shards,
                bool(sess.run(model.approximate_duality_gap()) < 1e-3)]  # fmt: skip


def _data(np):
    rng = np.random.RandomState(0)
    x = {"a": rng.randn(20, 3).astype(np.float32), "b": np.arange(20).astype(np.float32),
         "w": np.arange(20).astype(np.float32) / 10 + 1,
         "l": np.array(list("abcde" * 4)).astype(object),
         "id": np.array([f"{i}" for i in range(20)]).astype(object)}  # fmt: skip
    return x, (x["a"][:, 0] + x["b"] / 20 > 0.5).astype(np.int64)


def _columns(tf):
    fc = tf.feature_column
    words = fc.categorical_column_with_vocabulary_list("l", ["a", "b", "c"])
    buckets = fc.bucketized_column(fc.numeric_column("b"), [3.0, 10.0])
    return [fc.numeric_column("a", [3]), words, buckets, fc.crossed_column([buckets, "l"], 5)]


def _estimated(tf, np, make, labels, **options):
    def input_fn():
        return tf.data.Dataset.from_tensor_slices((_data(np)[0], labels)).repeat(200).batch(20)

    model = make(feature_columns=_columns(tf), weight_column="w", optimizer=(
        tf.estimator.experimental.LinearSDCA("id", symmetric_l2_regularization=2.0, **options)
    ), config=tf.estimator.RunConfig(tf_random_seed=3))  # fmt: skip
    model.train(input_fn, steps=200)
    names = [name for name in model.get_variable_names() if name != "global_step"]
    kept = [name for name in names if "Sharded" not in name and "unshrunk" not in name]
    return [sorted(names), {name: np.round(model.get_variable_value(name), 2) + 0.0
                            for name in kept},
            {name: round(float(each), 2) for name, each in model.evaluate(input_fn, 1).items()
             if "loss" in name or "accuracy" == name}]  # fmt: skip


def estimated_classes(tf, np):
    return _estimated(tf, np, tf.estimator.LinearClassifier, _data(np)[1])


def estimated_numbers(tf, np):
    return _estimated(tf, np, tf.estimator.LinearRegressor, _data(np)[1] * 2.0,
                      symmetric_l1_regularization=0.7)  # fmt: skip


def estimators_refused(tf, np):
    sdca, columns = tf.estimator.experimental.LinearSDCA("id"), _columns(tf)
    classes, numbers = tf.estimator.LinearClassifier, tf.estimator.LinearRegressor
    return [
        said(lambda: classes(columns, n_classes=3, optimizer=sdca), "multi-class"),
        said(lambda: classes(columns, optimizer=sdca, sparse_combiner="mean"), "must be"),
        said(lambda: numbers(columns, label_dimension=2, optimizer=sdca), "one-dimensional"),
        said(lambda: numbers(columns, optimizer=sdca, sparse_combiner="sqrtn"), "must be"),
    ]  # fmt: skip
