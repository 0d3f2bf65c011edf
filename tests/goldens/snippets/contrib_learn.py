"""The estimators of tf.contrib.learn: losses, names, metrics, predictions."""

from goldens.kit import said


def _data(np):
    x = np.random.RandomState(0).randn(30, 4)
    return x, (x[:, 0] > 0) + (x[:, 1] > 0).astype(np.int64)


def _course(tf, np, model, y, **options):
    x, _ = _data(np)
    losses = []

    class Losses(tf.train.SessionRunHook):
        def begin(self):
            self.loss = tf.get_collection(tf.GraphKeys.LOSSES)[-1]

        def before_run(self, context):
            return tf.train.SessionRunArgs(self.loss)

        def after_run(self, context, values):
            losses.append(round(float(values.results), 3))

    model.fit(x, y, steps=4, batch_size=8, monitors=[Losses()])
    metrics = model.evaluate(x, y, **options)
    return [losses, sorted(model.get_variable_names()),
            {name: round(float(value), 3) for name, value in metrics.items()},
            [np.asarray(each).round(2).tolist() for each in model.predict(x[:5])]]


def linear_models(tf, np):
    learn, (x, y) = tf.contrib.learn, _data(np)
    columns = learn.infer_real_valued_columns_from_input(x)
    many = learn.LinearClassifier(columns, n_classes=3)
    found = [
        _course(tf, np, many, y), _course(tf, np, learn.LinearClassifier(columns), y % 2),
        _course(tf, np, learn.LinearRegressor(columns), x.sum(axis=1)),
    ]  # fmt: skip
    likely = [each.round(2).tolist() for each in many.predict_proba(x[:2])]
    return found + [likely]


def dnn_models(tf, np):
    learn, (x, y) = tf.contrib.learn, _data(np)
    columns = learn.infer_real_valued_columns_from_input(x)
    many = learn.DNNClassifier([5, 3], columns, n_classes=3)
    many.fit(x, y, steps=3)
    numbers = learn.DNNRegressor([5], columns, optimizer=tf.train.GradientDescentOptimizer(0.1))
    numbers.fit(x, x.sum(axis=1), steps=3, batch_size=7)
    return [sorted(many.get_variable_names()), sorted(many.evaluate(x, y)),
            len(list(many.predict(x))), sorted(numbers.get_variable_names()),
            sorted(numbers.evaluate(x, x[:, 0])), len(list(numbers.predict(x, batch_size=4)))]


def combined_models(tf, np):
    """Wide and deep, as in TensorFlow's tutorial of the time."""
    learn, (x, y) = tf.contrib.learn, _data(np)
    of = tf.contrib.layers
    number = of.real_valued_column("n", dimension=4)
    word = of.sparse_column_with_hash_bucket("w", 10)
    buckets = of.bucketized_column(of.real_valued_column("b"), [-0.5, 0.5])
    crossed = of.crossed_column([word, buckets], 20)

    def input_fn(labels):
        words = tf.constant(["abc"[i % 3] for i in range(30)])
        indices = [[i, 0] for i in range(30)]
        features = {"n": tf.constant(x, tf.float32), "b": tf.constant(x[:, :1], tf.float32),
                    "w": tf.SparseTensor(indices, words, [30, 1])}  # fmt: skip
        return features, tf.constant(labels)

    def course(kind, labels, **given):
        losses = []

        class Losses(tf.train.SessionRunHook):
            def before_run(self, context):
                return tf.train.SessionRunArgs(tf.get_collection(tf.GraphKeys.LOSSES)[-1])

            def after_run(self, context, values):
                losses.append(round(float(values.results), 4))

        model = kind(config=learn.RunConfig(tf_random_seed=1), **given)
        model.fit(input_fn=lambda: input_fn(labels), steps=4, monitors=[Losses()])
        metrics = model.evaluate(input_fn=lambda: input_fn(labels), steps=1)
        names = sorted(model.get_variable_names())
        return [losses, names, {key: round(float(value), 3) for key, value in metrics.items()},
                int(model.get_variable_value("global_step"))]  # fmt: skip

    wide = {"linear_feature_columns": [word, buckets, crossed]}
    deep = {"dnn_feature_columns": [number], "dnn_hidden_units": [5, 3]}
    return [
        course(learn.DNNLinearCombinedClassifier, y % 2, **wide, **deep,
               fix_global_step_increment_bug=True),
        course(learn.DNNLinearCombinedClassifier, y, n_classes=3, **wide),
        course(learn.DNNLinearCombinedRegressor, np.float32(y), **wide, **deep,
               gradient_clip_norm=0.1, 
               linear_optimizer=tf.train.GradientDescentOptimizer(0.1)),
        course(learn.DNNLinearCombinedRegressor, np.float32(y),
               dnn_optimizer=lambda: tf.train.AdamOptimizer(0.1), **deep),
    ]  # fmt: skip


def metrics_and_words(tf, np):
    """Functions as metrics, values without updates, and classes that have names."""
    learn, (x, y) = tf.contrib.learn, _data(np)
    columns = learn.infer_real_valued_columns_from_input(x)
    words = np.array([b"no", b"some", b"all"])[y]
    many = learn.LinearClassifier(columns, n_classes=3, label_keys=["no", "some", "all"])
    many.fit(x, words, steps=3)
    own = {
        ("right", "classes"): lambda found, labels: tf.contrib.metrics.streaming_accuracy(
            tf.to_float(found), labels),
        ("most", "classes"): lambda found, labels: tf.reduce_max(found),
    }  # fmt: skip

    def input_fn():
        return tf.constant(x), tf.constant(y % 2)

    two = learn.LinearClassifier(columns).fit(x, y % 2, steps=3)
    numbers = learn.DNNRegressor([2], columns).fit(x, np.float32(y), steps=1)
    return [
        list(many.predict(x[:4])), sorted(many.evaluate(x, words)),
        {key: round(float(value), 3) for key, value in
         two.evaluate(input_fn=input_fn, steps=1, metrics=own).items()
         if key in ("right", "most")},
        sorted(numbers.evaluate(x, np.float32(y), metrics={
            "error": tf.contrib.metrics.streaming_mean_absolute_error})),
        said(lambda: two.evaluate(x, y % 2, metrics={"error": tf.metrics.accuracy}),
             "Metrics passed provide only name"),
        said(lambda: learn.LinearClassifier(columns, label_keys=["no", "yes"]),
             "label_keys is not supported for n_classes=2."),
    ]  # fmt: skip


def clusters(tf, np):
    points = np.float32([[0, 0], [0, 1], [9, 9], [9, 8], [0.5, 0.5], [8, 9]])
    kinds = tf.contrib.learn.KMeansClustering
    model = kinds(2, initial_clusters=points[[0, 2]], use_mini_batch=False, relative_tolerance=1e-4,
                  config=tf.contrib.learn.RunConfig(tf_random_seed=1))  # fmt: skip

    def input_fn():
        return {"a": tf.constant(points[:, :1]), "b": tf.constant(points[:, 1:])}, None

    def once():
        queue = tf.train.limit_epochs(tf.constant(points), num_epochs=1)
        return queue, None

    model.fit(input_fn=input_fn, steps=20)
    return [
        model.clusters(), list(model.predict_cluster_idx(once)), float(model.score(input_fn, 1)),
        model.transform(once), int(model.get_variable_value("global_step")),
        sorted(model.get_variable_names()), kinds.CLUSTERS, kinds.LOSS_OP_NAME,
    ]  # fmt: skip
