"""tf.contrib.estimator.SavedModelEstimator: a model that was exported, trained again."""

import tempfile

from goldens.kit import said


def _model_fn(tf):
    def model_fn(features, labels, mode):
        w = tf.get_variable("w", [2, 1], initializer=tf.ones_initializer())
        predictions = tf.matmul(features["x"], w)
        if mode == "infer":
            return tf.estimator.EstimatorSpec(mode, {"y": predictions})
        loss = tf.losses.mean_squared_error(labels, predictions)
        optimizer = tf.train.GradientDescentOptimizer(0.1)
        train = optimizer.minimize(loss, tf.train.get_or_create_global_step())
        metrics = {"off": tf.metrics.mean_absolute_error(labels, predictions)}
        return tf.estimator.EstimatorSpec(mode, {"y": predictions}, loss, train, metrics)

    return model_fn


def _input_fn(tf, np):
    x = np.float32([[1, 2], [0, 1], [2, -1]])
    return lambda: ({"x": tf.constant(x)}, tf.constant(x.sum(1, keepdims=True) * 2))


def _exported(tf, np, modes=("train", "eval", "infer")):
    model = tf.estimator.Estimator(_model_fn(tf), tempfile.mkdtemp())
    model.train(_input_fn(tf, np), steps=3)
    made = tf.contrib.estimator.build_raw_supervised_input_receiver_fn

    def supervised():
        x = tf.placeholder(tf.float32, [None, 2], name="x")
        y = tf.placeholder(tf.float32, [None, 1], name="y")
        return made({"x": x}, y)()

    def serving():
        x = tf.placeholder(tf.float32, [None, 2])
        return tf.estimator.export.ServingInputReceiver({"x": x}, {"x": x})

    receivers = {"train": supervised, "eval": supervised, "infer": serving}
    path = tf.contrib.estimator.export_all_saved_models(
        model, tempfile.mkdtemp(), {mode: receivers[mode] for mode in modes})
    return model, path.decode()


def trained_again(tf, np):
    model, path = _exported(tf, np)
    again = tf.contrib.estimator.SavedModelEstimator(path, tempfile.mkdtemp())
    given = _input_fn(tf, np)
    first = again.evaluate(given, steps=1)
    again.train(given, steps=4)
    model.train(given, steps=4)
    found = [again.get_variable_names(), again.get_variable_value("w"), model.get_variable_value(
        "w"), again.get_variable_value("global_step")]  # fmt: skip
    metrics = [{k: round(float(v), 4) for k, v in each.items()}
               for each in (first, again.evaluate(given, steps=1))]  # fmt: skip
    answers = [each["y"] for _, each in zip(range(3), again.predict(given))]
    return [*found, metrics, answers, again._available_modes]


def refused(tf, np):
    _, path = _exported(tf, np, ["eval", "infer"])
    make = tf.contrib.estimator.SavedModelEstimator
    model = make(path, tempfile.mkdtemp())
    x, y = tf.zeros, tf.zeros

    def given(features, labels):
        return lambda: (features(), labels())

    column = lambda: {"x": x([3, 2])}  # noqa: E731
    return [
        said(lambda: model.train(_input_fn(tf, np), steps=1), "not available in the SavedModel"),
        said(lambda: model.evaluate(given(column, lambda: y([3])), 1), "validation failed"),
        said(lambda: model.evaluate(given(lambda: {"z": x([3, 2])}, lambda: y([3, 1])), 1),
             "not found in features or labels"),
        said(lambda: make(path + "/no"), "invalid SavedModel format"),
    ]  # fmt: skip
