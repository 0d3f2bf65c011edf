"""tf.contrib.kernel_methods.KernelLinearClassifier."""

from goldens.kit import said


def _data(np):
    x = np.random.RandomState(0).randn(40, 2).astype(np.float32)
    return x, (np.square(x).sum(1) > 1.4).astype(np.int64)


def _course(tf, np, labels=None, weights=False, plain=True, **options):
    x, y = _data(np)
    methods, column = tf.contrib.kernel_methods, tf.contrib.layers.real_valued_column("x", 2)
    mappers = [methods.RandomFourierFeatureMapper(2, 9, 1.5, seed=3, name="one"),
               methods.RandomFourierFeatureMapper(2, 7, 0.7, seed=4, name="two")]  # fmt: skip

    def input_fn():
        features = {"x": tf.constant(x), "w": tf.constant(np.arange(40.0)[:, None] / 40)}
        return features, tf.constant((y if labels is None else labels)[:, None])

    model = methods.KernelLinearClassifier(
        [column] if plain else None, kernel_mappers={column: mappers},
        weight_column_name="w" if weights else None,
        config=tf.contrib.learn.RunConfig(tf_random_seed=3), **options)  # fmt: skip
    model.fit(input_fn=input_fn, steps=8)
    found = model.evaluate(input_fn=input_fn, steps=1)
    return [{name: round(float(value), 3) for name, value in found.items()},
            [int(each) for each in model.predict_classes(input_fn)][:8],
            np.round(list(model.predict_proba(input_fn))[:3], 3),
            sorted(model.get_variable_names())]  # fmt: skip


def two_classes(tf, np):
    return [_course(tf, np), _course(tf, np, weights=True, plain=False)]


def many_classes(tf, np):
    labels = _data(np)[1] + (_data(np)[0][:, 0] > 0)
    optimizer = tf.train.GradientDescentOptimizer(0.3)
    return _course(tf, np, labels, n_classes=3, optimizer=optimizer)


def refused(tf, np):
    make, column = tf.contrib.kernel_methods.KernelLinearClassifier, \
        tf.contrib.layers.real_valued_column("x", 2)  # fmt: skip
    return [said(make, "at least one of"),
            said(lambda: make(kernel_mappers={column: ["mapper"]}), "Invalid kernel mappers"),
            said(lambda: make([column], n_classes=1), "n_classes must be")]  # fmt: skip
