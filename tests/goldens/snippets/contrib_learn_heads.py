"""The heads of tf.contrib.learn, and the estimators that take them."""

from goldens.kit import said


def _made(tf, np, head, labels, mode="train", width=1, weights=None, **kwargs):
    """(loss, predictions, metrics after one update, exported) of given logits."""
    logits = tf.constant((np.arange(4 * width).reshape(4, width) % 5 - 1.7).astype(np.float32))
    features = {"x": tf.ones([4, 2])}
    if weights is not None:
        features["w"] = tf.constant(weights)
    ops = head.create_model_fn_ops(features, mode, labels, lambda loss: tf.no_op(), logits,
                                   **kwargs)  # fmt: skip
    metrics = ops.eval_metric_ops or {}
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.local_variables_initializer(),
                  tf.tables_initializer()])  # fmt: skip
        sess.run([pair[1] for pair in metrics.values()])
        loss = None if ops.loss is None else sess.run(ops.loss)
        found = {name: sess.run(pair[0]) for name, pair in metrics.items()}
        found = {name: np.round(value, 4) for name, value in found.items()}
        exported = {str(key): [kind, sorted(each)] for key, (kind, each) in
                    (ops.output_alternatives or {}).items()}  # fmt: skip
        return [loss, sess.run(ops.predictions or {}), found, exported, type(ops).__name__,
                [t.name for t in tf.get_collection(tf.GraphKeys.SUMMARIES)]]  # fmt: skip


def numbers(tf, np):
    learn, labels = tf.contrib.learn, tf.constant([1.0, 0.0, -2.0, 0.5])
    double = lambda logits: logits * 2.0  # noqa: E731
    return [
        _made(tf, np, learn.regression_head(), labels),
        _made(tf, np, learn.regression_head(weight_column_name="w", head_name="mine"),
              labels, "eval", weights=[1.0, 2.0, 0.5, 0.0]),
        _made(tf, np, learn.regression_head(label_dimension=3, link_fn=double),
              tf.ones([4, 3]), "eval", 3),
        _made(tf, np, learn.regression_head(label_name="l"), {"l": labels}),
        _made(tf, np, learn.regression_head(), None, "infer"),
        _made(tf, np, learn.poisson_regression_head(), tf.constant([1.0, 0.0, 2.0, 5.0]), "eval"),
    ]  # fmt: skip


def two_classes(tf, np):
    learn, labels = tf.contrib.learn, tf.constant([1, 0, 0, 1])
    return [
        _made(tf, np, learn.multi_class_head(2), labels),
        _made(tf, np, learn.multi_class_head(2, weight_column_name="w", thresholds=[0.2, 0.7]),
              labels[:, None], "eval", weights=[1.0, 2.0, 0.5, 3.0]),
        _made(tf, np, learn.multi_class_head(2, head_name="two"), labels[:, None], "eval"),
        _made(tf, np, learn.multi_class_head(2), None, "infer"),
        _made(tf, np, learn.binary_svm_head(), labels, "eval"),
        _made(tf, np, learn.binary_svm_head(weight_column_name="w"), labels[:, None], "train",
              weights=[1.0, 2.0, 0.5, 3.0]),
        _made(tf, np, learn.binary_svm_head(), None, "infer"),
    ]  # fmt: skip


def many_classes(tf, np):
    learn, labels = tf.contrib.learn, tf.constant([1, 0, 2, 1])
    words = learn.multi_class_head(3, label_keys=["a", "b", "c"])
    return [
        _made(tf, np, learn.multi_class_head(3), labels, width=3),
        _made(tf, np, learn.multi_class_head(3, weight_column_name="w", metric_class_ids=[0, 2]),
              labels[:, None], "eval", 3, weights=[1.0, 2.0, 0.5, 3.0]),
        _made(tf, np, words, tf.constant(["b", "a", "c", "b"]), "eval", 3),
        _made(tf, np, words, None, "infer", 3),
    ]  # fmt: skip


def several_labels(tf, np):
    learn, labels = tf.contrib.learn, tf.constant([[1, 0, 1], [0, 0, 0], [0, 1, 1], [1, 1, 0]])
    sparse = tf.SparseTensor([[0, 0], [0, 1], [2, 0], [3, 0]], tf.constant([0, 2, 1, 2]), [4, 2])
    return [
        _made(tf, np, learn.multi_label_head(3), labels, width=3),
        _made(tf, np, learn.multi_label_head(3, metric_class_ids=[1]), labels, "eval", 3),
        _made(tf, np, learn.multi_label_head(3, weight_column_name="w"), labels, "eval", 3,
              weights=[[1.0], [2.0], [0.5], [3.0]]),
        _made(tf, np, learn.multi_label_head(3), sparse, "eval", 3),
        _made(tf, np, learn.multi_label_head(3), None, "infer", 3),
    ]  # fmt: skip


def losses_of_ones_own(tf, np):
    learn, labels = tf.contrib.learn, tf.constant([1, 0, 2, 1])

    def loss(labels, logits, weights=1.0):
        return tf.reduce_mean(tf.abs(tf.cast(labels, tf.float32) - logits[:, 0]) * weights)

    return [
        _made(tf, np, learn.multi_class_head(3, loss_fn=loss), labels, "eval", 3),
        _made(tf, np, learn.multi_class_head(2, weight_column_name="w", loss_fn=loss),
              labels[:, None] // 2, "eval", weights=[1.0, 2.0, 0.5, 3.0]),
        said(lambda: learn.multi_class_head(2, loss_fn=lambda labels, logits: 0), "weights"),
    ]  # fmt: skip


def several_heads(tf, np):
    learn = tf.contrib.learn

    def heads():
        return [learn.regression_head("a", head_name="numbers"),
                learn.multi_class_head(3, "b", head_name="classes")]  # fmt: skip

    labels = {"a": tf.constant([1.0, 0.0, -2.0, 0.5]), "b": tf.constant([1, 0, 2, 1])}
    made = learn.multi_head(heads(), [1.0, 0.5])
    parts = [_made(tf, np, learn.multi_head(heads()), labels, "train", 4),
             _made(tf, np, made, labels, "eval", 4), _made(tf, np, made, None, "infer", 4)]
    for part in parts:  # keys are pairs
        part[1] = {"/".join(key): value for key, value in part[1].items()}
    return [*parts, made.logits_dimension]


def steps_with_a_centered_bias(tf, np):
    """The bias learns beside the model."""
    learn = tf.contrib.learn
    found = []
    for head, labels, width in [
        (learn.multi_class_head(2, enable_centered_bias=True), [1, 1, 0, 1], 1),
        (learn.regression_head(enable_centered_bias=True, label_dimension=2), np.ones((4, 2)), 2),
        (learn.multi_class_head(3, enable_centered_bias=True, head_name="h"), [1, 2, 0, 1], 3),
    ]:  # fmt: skip
        tf.reset_default_graph()
        logits = tf.constant(np.arange(4.0 * width).reshape(4, width) / 9, tf.float32)
        ops = head.create_model_fn_ops({"x": tf.ones([4, 1])}, "train", tf.constant(labels),
                                       tf.identity, logits)  # fmt: skip
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            for _ in range(3):
                sess.run(ops.train_op)
            values = sess.run(tf.global_variables())
        found.append([[v.name for v in tf.global_variables()], values,
                      [t.name for t in tf.get_collection(tf.GraphKeys.SUMMARIES)]])  # fmt: skip
    return found


def logits_of_an_input(tf, np):
    head = tf.contrib.learn.multi_class_head(3)
    head.create_model_fn_ops({"x": tf.ones([4, 2])}, "infer", logits_input=tf.ones([4, 5]))
    return [v.name for v in tf.global_variables()]


def refused(tf, np):
    learn, features = tf.contrib.learn, {"x": tf.ones([4, 2])}
    head, logits = learn.multi_class_head(3), tf.ones([4, 3])

    def made(**kwargs):
        given = {"features": features, "mode": "train", "labels": tf.constant([1, 0, 2, 1]),
                 "train_op_fn": tf.no_op, "logits": logits}  # fmt: skip
        given.update(kwargs)
        return said(lambda: head.create_model_fn_ops(**given))

    return [
        made(train_op_fn=None), made(mode="no_mode"), made(logits=None),
        made(logits_input=logits), made(logits=tf.ones([4, 2])), made(labels=tf.ones([4])),
        said(lambda: learn.multi_class_head(1), "must be > 1"),
        said(lambda: learn.multi_class_head(2, metric_class_ids=[0]), "invalid for n_classes==2"),
        said(lambda: learn.multi_class_head(2, label_keys=["a", "b"]), "not supported for"),
        said(lambda: learn.multi_class_head(3, label_keys=["a", "b"]), "Length of label_keys"),
        said(lambda: learn.multi_class_head(3, metric_class_ids=[5]), "not in [0, 3)"),
        said(lambda: learn.multi_label_head(1), "must be > 1"),
        said(lambda: learn.multi_head([learn.regression_head()]), "must have names"),
        said(lambda: learn.multi_head([learn.regression_head(head_name="a")], [1.0, 2.0]), "size"),
        said(learn.Head), said(learn.Evaluable), said(learn.Trainable),
        learn.PredictionKey.CLASSES, learn.ProblemType.LOGISTIC_REGRESSION,
        issubclass(learn.NotFittedError, (ValueError, AttributeError)),
    ]  # fmt: skip


# -- estimators -----------------------------------------------------------------------------------


def _data(np):
    x = np.random.RandomState(0).randn(24, 3).astype(np.float32)
    return x, (x[:, 0] > 0) + (x[:, 1] > 0).astype(np.int64)


def _course(tf, np, make, y, names="", steps=5):
    learn, (x, _) = tf.contrib.learn, _data(np)
    columns = learn.infer_real_valued_columns_from_input(x)
    model = make(columns, learn.RunConfig(tf_random_seed=3))
    early = said(lambda: model.evaluate(x, y)), said(lambda: model.predict(x))
    model.fit(x, y, steps=steps)
    metrics = model.evaluate(x, y)
    return [early, sorted(model.get_variable_names()),
            {name: round(float(value), 3) for name, value in metrics.items()},
            {name: np.round(value, 3) for name, value in next(iter(model.predict(x[:2]))).items()}]


def estimators_of_heads(tf, np):
    learn, (_x, y) = tf.contrib.learn, _data(np)
    head, columns = learn.multi_class_head(3), "linear_feature_columns"
    return [
        _course(tf, np, lambda c, config: learn.LinearEstimator(c, head, config=config), y),
        _course(tf, np, lambda c, config: learn.DNNEstimator(
            learn.poisson_regression_head(), [4], c, config=config), y.astype(np.float32)),
        _course(tf, np, lambda c, config: learn.DNNLinearCombinedEstimator(
            learn.multi_class_head(2), dnn_feature_columns=c, dnn_hidden_units=[4, 3],
            config=config, fix_global_step_increment_bug=True, **{columns: c}), y % 2),
        _course(tf, np, lambda c, config: learn.DNNEstimator(
            learn.multi_label_head(2), [4], c, config=config), np.stack([y % 2, y // 2], 1)),
    ]  # fmt: skip


def estimators_with_a_centered_bias(tf, np):
    learn, (_x, y) = tf.contrib.learn, _data(np)
    return [
        _course(tf, np, lambda c, config: _all(tf, learn.LinearClassifier(
            c, enable_centered_bias=True, config=config)), y % 2),
        _course(tf, np, lambda c, config: _all(tf, learn.DNNRegressor(
            [4], c, enable_centered_bias=True, config=config)), y.astype(np.float32)),
    ]  # fmt: skip


def _all(tf, model):
    """Its predictions by name."""
    model.predict = lambda x: tf.contrib.learn.Estimator.predict(model, x)
    return model


def weighted_evaluation(tf, np):
    """The loss of an evaluation is divided by the sum of weights."""
    learn, (x, y) = tf.contrib.learn, _data(np)
    column = tf.contrib.layers.real_valued_column("x", 3)
    model = learn.LinearClassifier([column], weight_column_name="w",
                                   config=learn.RunConfig(tf_random_seed=3))  # fmt: skip

    def input_fn():
        weights = tf.constant(np.arange(24).astype(np.float32) / 10)
        return {"x": tf.constant(x), "w": weights}, tf.constant(y[:, None] % 2)

    model.fit(input_fn=input_fn, steps=3)
    metrics = model.evaluate(input_fn=input_fn, steps=1)
    return {name: round(float(value), 4) for name, value in metrics.items()}


def logistic_regressor(tf, np):
    learn, (x, y) = tf.contrib.learn, _data(np)

    def model_fn(features, labels, mode):
        weights = tf.get_variable("w", [3, 1], initializer=tf.zeros_initializer())
        predictions = tf.sigmoid(tf.matmul(features, weights)[:, 0])
        if labels is None:
            return predictions, None, None
        loss = tf.losses.log_loss(labels, predictions)
        optimizer = tf.train.GradientDescentOptimizer(0.5)
        return predictions, loss, optimizer.minimize(loss, tf.train.get_global_step())

    model = learn.LogisticRegressor(model_fn, thresholds=[0.3, 0.5])
    labels = (y % 2).astype(np.float32)
    model.fit(x, labels, steps=4)
    metrics = model.evaluate(x, labels)
    return [{name: round(float(value), 4) for name, value in metrics.items()},
            np.round(list(model.predict(x[:3])), 4)]  # fmt: skip


def predictions_of_what_no_queue_brings(tf, np):
    """They are of the first batch."""
    x, y = _data(np)

    def input_fn():
        batches = tf.data.Dataset.from_tensor_slices(({"x": x}, y % 2)).batch(7)
        return batches.make_one_shot_iterator().get_next()

    column = tf.contrib.layers.real_valued_column("x", 3)
    model = tf.contrib.learn.LinearClassifier([column])
    model.fit(input_fn=input_fn, steps=2)
    return len(list(model.predict(input_fn=input_fn)))


def _by_sdca(tf, np, make, labels, steps=120):
    x, _ = _data(np)
    word = tf.contrib.layers.sparse_column_with_keys("word", ["a", "b"])
    columns = [tf.contrib.layers.real_valued_column("x", 3), word]

    def input_fn():
        words = tf.SparseTensor([[i, 0] for i in range(24)], ["a", "b", "c"] * 8, [24, 1])
        return ({"x": tf.constant(x), "word": words, "id": tf.constant([str(i) for i in range(24)]),
                 "w": tf.constant(np.arange(24).astype(np.float32) / 12)}, tf.constant(labels))

    model = make(columns)
    model.fit(input_fn=input_fn, steps=steps)
    names = [n for n in model.get_variable_names() if "global_step" not in n]
    kept = [n for n in names if "SDCAOptimizer" not in n and "Sharded" not in n]
    metrics = model.evaluate(input_fn=input_fn, steps=1)
    classes = list(model.predict(input_fn=input_fn, outputs=["classes"])) \
        if "accuracy" in metrics else []  # fmt: skip
    return [sorted(names), {n: np.round(model.get_variable_value(n), 1) + 0.0 for n in kept},
            {n: round(float(v), 2) for n, v in metrics.items() if n in ("loss", "accuracy")},
            [int(each["classes"]) for each in classes]]  # fmt: skip


def support_vectors(tf, np):
    _x, y = _data(np)
    make = tf.contrib.learn.SVM
    return [
        _by_sdca(tf, np, lambda columns: make("id", columns, l2_regularization=3.0), y % 2),
        _by_sdca(tf, np, lambda columns: make("id", columns, "w", l1_regularization=0.5,
                                              l2_regularization=2.0), y // 2),
        said(lambda: make("id", [tf.contrib.layers.real_valued_column("x")], kernels=["rbf"]),
             "Kernel SVMs"),
    ]  # fmt: skip


def linear_models_by_sdca(tf, np):
    _x, y = _data(np)
    learn = tf.contrib.learn
    sdca = tf.contrib.linear_optimizer.SDCAOptimizer("id", symmetric_l2_regularization=2.0,
                                                     adaptive=False)  # fmt: skip
    columns = [tf.contrib.layers.real_valued_column("x", 3)]
    return [
        _by_sdca(tf, np, lambda c: learn.LinearClassifier(c, optimizer=sdca), y % 2),
        _by_sdca(tf, np, lambda c: learn.LinearRegressor(c, optimizer=sdca,
                                                         weight_column_name="w"),
                 y.astype(np.float32)),
        said(lambda: learn.LinearClassifier(columns, optimizer=sdca, n_classes=3)),
        said(lambda: learn.LinearClassifier(columns, optimizer=sdca, enable_centered_bias=True)),
        said(lambda: learn.LinearEstimator(columns, learn.regression_head(), optimizer=sdca)),
    ]  # fmt: skip
