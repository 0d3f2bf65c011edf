"""The ready-made models of tf.estimator, and heads: losses of a seed, names, metrics."""

import os
import tempfile

from goldens.kit import said


def _data(np):
    x = {"a": np.random.RandomState(0).randn(20, 3).astype(np.float32),
         "b": np.arange(20).astype(np.float32), "w": np.arange(20).astype(np.float32) + 1,
         "l": np.array(list("abcde" * 4)).astype(object)}  # fmt: skip
    return x, np.arange(20) % 3


def _columns(tf):
    fc = tf.feature_column
    words = fc.categorical_column_with_vocabulary_list("l", ["a", "b", "c"])
    return [fc.numeric_column("a", [3]),
            fc.bucketized_column(fc.numeric_column("b"), [3.0, 10.0]),
            fc.embedding_column(words, 2),
            fc.indicator_column(fc.categorical_column_with_hash_bucket("l", 4))]  # fmt: skip


def _linear_columns(tf):
    fc = tf.feature_column
    words = fc.categorical_column_with_vocabulary_list("l", ["a", "b", "c"])
    buckets = fc.bucketized_column(fc.numeric_column("b"), [3.0, 10.0])
    return [fc.numeric_column("a", [3]), words, buckets, fc.crossed_column([buckets, "l"], 5)]


def _config(tf):
    return tf.estimator.RunConfig(tf_random_seed=3)


def _inputs(tf, np, labels):
    def input_fn():
        return tf.data.Dataset.from_tensor_slices((_data(np)[0], labels)).batch(10)

    return input_fn


def _rounded(np, value):
    array = np.asarray(value)
    if array.dtype.kind == "f":
        return array.astype(np.float64).round(3).tolist()
    return [each.decode() if isinstance(each, bytes) else int(each) for each in array.ravel()]


def _course(tf, np, model, labels=None):
    """Losses, names of variables, metrics, and the first prediction."""
    losses = []

    class Losses(tf.train.SessionRunHook):
        def begin(self):
            self.loss = tf.get_collection(tf.GraphKeys.LOSSES)[-1]

        def before_run(self, context):
            return tf.train.SessionRunArgs(self.loss)

        def after_run(self, context, values):
            losses.append(round(float(values.results), 3))

    fed = _inputs(tf, np, _data(np)[1] if labels is None else labels)
    model.train(fed, hooks=[Losses()])
    metrics = model.evaluate(fed)
    first = next(model.predict(fed))
    return [
        losses, model.get_variable_names(),
        {name: round(float(value), 3) for name, value in metrics.items()},
        {name: _rounded(np, value) for name, value in first.items()},
    ]  # fmt: skip


# -- models ---------------------------------------------------------------------------------------


def dnn_classifier(tf, np):
    make = tf.estimator.DNNClassifier
    return _course(tf, np, make([4, 3], _columns(tf), n_classes=3, config=_config(tf)))


def dnn_classifier_of_two(tf, np):
    model = tf.estimator.DNNClassifier(
        [4], _columns(tf)[:2], dropout=0.5, batch_norm=True, weight_column="w",
        activation_fn=tf.nn.tanh, optimizer="SGD", config=_config(tf),
    )  # fmt: skip
    return _course(tf, np, model, np.arange(20) % 2)


def dnn_classifier_of_words(tf, np):
    words = np.array(["x", "y", "z", "x"] * 5).astype(object)
    model = tf.estimator.DNNClassifier(
        [4], _columns(tf)[:1], n_classes=3, label_vocabulary=["x", "y", "z"],
        optimizer=lambda: tf.train.AdamOptimizer(0.1), config=_config(tf),
    )  # fmt: skip
    return _course(tf, np, model, words)


def dnn_regressor(tf, np):
    return _course(tf, np, tf.estimator.DNNRegressor([4], _columns(tf)[:2], config=_config(tf)))


def dnn_regressor_of_several(tf, np):
    model = tf.estimator.DNNRegressor([4], _columns(tf)[:1], label_dimension=2, optimizer="RMSProp",
                                      config=_config(tf))  # fmt: skip
    return _course(tf, np, model, np.arange(40.0).astype(np.float32).reshape(20, 2))


def linear_classifier(tf, np):
    make = tf.estimator.LinearClassifier
    return _course(tf, np, make(_linear_columns(tf), n_classes=3, config=_config(tf)))


def linear_regressor(tf, np):
    model = tf.estimator.LinearRegressor(_linear_columns(tf), weight_column="w", optimizer="SGD",
                                         sparse_combiner="mean", config=_config(tf))  # fmt: skip
    return _course(tf, np, model, _data(np)[1] / 10.0)


def wide_and_deep(tf, np):
    make = tf.estimator.DNNLinearCombinedClassifier
    both = make(
        linear_feature_columns=_linear_columns(tf), dnn_feature_columns=_columns(tf),
        dnn_hidden_units=[4], n_classes=3, config=_config(tf),
    )  # fmt: skip
    wide = make(linear_feature_columns=_linear_columns(tf), config=_config(tf))
    regressor = tf.estimator.DNNLinearCombinedRegressor(
        dnn_feature_columns=_columns(tf)[:1], dnn_hidden_units=[3], config=_config(tf)
    )
    return [_course(tf, np, both), _course(tf, np, wide, np.arange(20) % 2),
            _course(tf, np, regressor)]  # fmt: skip


def baselines(tf, np):
    return [
        _course(tf, np, tf.estimator.BaselineClassifier(n_classes=3, config=_config(tf))),
        _course(tf, np, tf.estimator.BaselineClassifier(config=_config(tf), optimizer="SGD"),
                np.arange(20) % 2),
        _course(tf, np, tf.estimator.BaselineRegressor(config=_config(tf))),
    ]  # fmt: skip


def of_a_head(tf, np):
    heads = tf.contrib.estimator
    many = np.stack([np.arange(20) % 2, np.arange(20) % 3 // 2, np.ones(20)], 1).astype(np.int64)
    dnn, linear = tf.estimator.DNNEstimator, tf.estimator.LinearEstimator
    columns, config = _columns(tf)[:1], _config(tf)
    return [
        _course(tf, np, dnn(heads.binary_classification_head(thresholds=[0.3, 0.75], name="h"),
                            [3], columns, config=config), np.arange(20) % 2),
        _course(tf, np, dnn(heads.multi_label_head(3, classes_for_class_based_metrics=[1]), [3],
                            columns, config=config), many),
        _course(tf, np, linear(heads.poisson_regression_head(), columns, config=config)),
        _course(tf, np, linear(heads.logistic_regression_head(), columns, config=config),
                np.arange(20) % 2),
        _course(tf, np, linear(heads.multi_class_head(3), columns, config=config)),
        _course(tf, np, linear(heads.regression_head(weight_column="w"), columns, config=config)),
    ]  # fmt: skip


def labels_and_weights_refused(tf, np):
    model = tf.estimator.DNNClassifier([2], _columns(tf)[:1], n_classes=3)

    def train(model, labels):
        return said(lambda: model.train(_inputs(tf, np, labels)),
                    "Labels dtype should be integer", "Expected labels dimension=1.  Received 2",
                    "Labels must <= n_classes - 1")

    return [
        train(model, np.ones(20)), train(model, np.ones([20, 2], np.int64)),
        train(model, np.full([20], 3)),
        said(lambda: model.train(lambda: _data(np)[0]), "You must provide a labels Tensor"),
        said(lambda: model.train(lambda: (tf.ones([2, 3]), tf.ones([2]))), "dictionary of"),
    ]  # fmt: skip


def models_refused(tf, np):
    make, heads = tf.estimator, tf.contrib.estimator
    columns = _columns(tf)
    return [
        said(lambda: make.DNNClassifier([2], columns, n_classes=1), "n_classes must be > 2: 1"),
        said(lambda: make.DNNClassifier([2], columns, label_vocabulary="ab"), "list or tuple"),
        said(lambda: make.DNNClassifier([2], columns, loss_reduction="none"), "loss_reduction"),
        said(lambda: make.DNNRegressor([2], columns, label_dimension=0), "Invalid label_dimension"),
        said(lambda: make.DNNClassifier([2], columns, optimizer="X").train(
            _inputs(tf, np, np.zeros(20, int))), "Unsupported optimizer name: X"),
        said(lambda: make.DNNLinearCombinedClassifier(), "must be defined"),
        said(lambda: heads.binary_classification_head(thresholds=[2]), "not in (0, 1)"),
        said(lambda: heads.multi_class_head(3, loss_fn=lambda a: 0), "must contain argument"),
        said(lambda: heads.multi_class_head(3, loss_fn=lambda labels, logits, b: 0), "unexpected"),
        said(lambda: heads.multi_label_head(1), "n_classes must be > 1"),
    ]  # fmt: skip


def exported_models(tf, np):
    columns, found = _columns(tf)[:1], []
    spec = tf.feature_column.make_parse_example_spec(columns)
    receiver = tf.estimator.export.build_parsing_serving_input_receiver_fn(spec)
    values = tf.train.Feature(float_list=tf.train.FloatList(value=[1.0, 2.0, 3.0]))
    example = tf.train.Example(features=tf.train.Features(feature={"a": values}))
    for model in (tf.estimator.DNNClassifier([3], columns, n_classes=3, config=_config(tf)),
                  tf.estimator.LinearClassifier(columns, config=_config(tf)),
                  tf.estimator.DNNRegressor([3], columns, config=_config(tf))):  # fmt: skip
        model.train(_inputs(tf, np, np.arange(20) % 2))
        path = model.export_savedmodel(tempfile.mkdtemp(), receiver)
        with tf.Session(graph=tf.Graph()) as sess:
            loaded = tf.saved_model.loader.load(sess, ["serve"], path)
            for key, signature in sorted(loaded.signature_def.items()):
                (fed,) = signature.inputs.values()
                values = sess.run({name: info.name for name, info in signature.outputs.items()},
                                  {fed.name: [example.SerializeToString()]})  # fmt: skip
                values = {name: _rounded(np, value) for name, value in values.items()}
                found.append([key, signature.method_name, sorted(signature.inputs), values])
    return found


# -- what changes an estimator --------------------------------------------------------------------


def more_metrics_and_features(tf, np):
    def metric_fn(labels, predictions):
        error = tf.metrics.mean_absolute_error(
            tf.cast(labels, tf.float32), predictions["predictions"][:, 0]
        )
        return {"mean_error": error}

    model = tf.estimator.LinearRegressor(_columns(tf)[:1], config=_config(tf))
    fed = _inputs(tf, np, _data(np)[1])
    model.train(fed)
    more = tf.estimator.add_metrics(model, metric_fn)
    told = tf.contrib.estimator.forward_features(model, ["b"])
    return [
        {name: round(float(value), 3) for name, value in more.evaluate(fed).items()},
        sorted(next(told.predict(fed))),
        said(lambda: tf.estimator.add_metrics(model, lambda a: 0), "not expected args"),
        said(lambda: tf.contrib.estimator.forward_features(model, 1), "list of strings"),
        said(lambda: next(tf.contrib.estimator.forward_features(model, "z").predict(fed)),
             '"z" is not in features'),
    ]  # fmt: skip


def clipped_gradients(tf, np):
    clip = tf.contrib.estimator.clip_gradients_by_norm
    model = tf.estimator.DNNRegressor(
        [3], _columns(tf)[:1], config=_config(tf),
        optimizer=lambda: clip(tf.train.GradientDescentOptimizer(0.1), 0.5),
    )  # fmt: skip
    return _course(tf, np, model)


def early_stops(tf, np):
    ask = tf.estimator.experimental
    model = tf.estimator.LinearRegressor(_columns(tf)[:1], config=_config(tf))
    fed, steps = _inputs(tf, np, _data(np)[1]), []
    model.train(fed)
    model.evaluate(fed)
    for hook in (
        ask.stop_if_lower_hook(model, "loss", 100.0, run_every_secs=None, run_every_steps=1),
        ask.stop_if_higher_hook(model, "loss", 1e9, run_every_secs=None, run_every_steps=1),
        ask.stop_if_no_decrease_hook(model, "loss", 1, run_every_secs=None, run_every_steps=1),
        ask.stop_if_no_increase_hook(model, "loss", 0, run_every_secs=None, run_every_steps=1),
        ask.make_early_stopping_hook(model, lambda: True, run_every_secs=None, run_every_steps=1),
    ):  # fmt: skip
        other = tf.estimator.LinearRegressor(_columns(tf)[:1], config=_config(tf))
        other.train(fed, hooks=[hook])
        steps.append(int(other.get_variable_value("global_step")))
    return [steps, said(lambda: ask.make_early_stopping_hook(1, lambda: True), "`estimator` must"),
            said(lambda: ask.make_early_stopping_hook(model, 1), "must be callable")]


def parsing_specs(tf, np):
    columns = _columns(tf)[:1]
    classes, numbers = (
        tf.estimator.classifier_parse_example_spec, tf.estimator.regressor_parse_example_spec
    )  # fmt: skip
    return [
        {key: [list(value.shape), value.dtype.name]
         for key, value in classes(columns, "y", weight_column="w").items()},
        {key: [list(value.shape), value.dtype.name]
         for key, value in numbers(columns, "y", label_dimension=2).items()},
        said(lambda: classes(columns, "a"), "label should not be used as feature"),
        said(lambda: classes(columns, "y", weight_column="a"), "weight_column should not"),
    ]  # fmt: skip


def warm_started_model(tf, np):
    columns, fed = _columns(tf), _inputs(tf, np, _data(np)[1])
    first = tf.estimator.DNNClassifier([3], columns, n_classes=3, config=_config(tf))
    first.train(fed)
    second = tf.estimator.DNNClassifier(
        [3], columns, n_classes=3, warm_start_from=first.model_dir,
        optimizer=tf.train.GradientDescentOptimizer(0.0),
    )  # fmt: skip
    second.train(fed, steps=1)
    names = [name for name in second.get_variable_names() if name != "global_step"]
    same = [first.get_variable_value(name).tolist() == second.get_variable_value(name).tolist()
            for name in names]  # fmt: skip
    return [names, same, os.path.basename(second.latest_checkpoint())]
