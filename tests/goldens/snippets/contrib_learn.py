"""The estimators of tf.contrib.learn: losses, names, metrics, predictions."""


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
