"""tf.keras models trained on fixed data from fixed weights: losses, metrics, names, weights."""


def _random(np, *shape, **options):
    return np.random.RandomState(options.get("seed", 0)).uniform(-1, 1, shape).astype("float32")


def _fixed(np, model):
    values = [_random(np, *w.shape, seed=i) / 2 for i, w in enumerate(model.get_weights())]
    model.set_weights(values)
    return model


def _history(fitted):
    return {key: [float(x) for x in values] for key, values in fitted.history.items()}


def _numbers(evaluated):
    """Numbers of NumPy as Python's."""
    return [float(x) for x in evaluated] if isinstance(evaluated, list) else float(evaluated)


def _data(np, count=12, features=4, classes=3):
    x = _random(np, count, features, seed=1)
    y = np.arange(count) % classes
    return x, y, np.eye(classes, dtype="float32")[y]


def _classifier(tf, np, activation="softmax", units=3):
    keras = tf.keras
    keras.backend.clear_session()
    model = keras.Sequential([
        keras.layers.Dense(5, activation="tanh", input_shape=(4,)),
        keras.layers.Dense(units, activation=activation),
    ])  # fmt: skip
    return model


def _optimizer(name, make):
    def snippet(tf, np):
        model = _classifier(tf, np)
        model.compile(make(tf), "sparse_categorical_crossentropy", ["accuracy"])
        _fixed(np, model)
        x, y, _ = _data(np)
        fitted = model.fit(x, y, batch_size=4, epochs=3, verbose=0, shuffle=False)
        optimizer = model.optimizer
        config = optimizer.get_config() if hasattr(optimizer, "get_config") else {}
        return {
            "history": _history(fitted),
            "weights": model.get_weights(),
            "config": {k: v for k, v in config.items() if not isinstance(v, dict)},
            "slots": [v.name for v in optimizer.weights],
            "iterations": int(tf.keras.backend.get_value(optimizer.iterations)),
        }

    globals()["optimizer_" + name] = snippet


_optimizer("sgd", lambda tf: tf.keras.optimizers.SGD(0.1))
_optimizer("sgd_momentum", lambda tf: tf.keras.optimizers.SGD(0.1, momentum=0.9, decay=0.01))
_optimizer("sgd_nesterov", lambda tf: tf.keras.optimizers.SGD(lr=0.1, momentum=0.9, nesterov=True))
_optimizer("sgd_clipnorm", lambda tf: tf.keras.optimizers.SGD(0.5, clipnorm=0.1))
_optimizer("sgd_clipvalue", lambda tf: tf.keras.optimizers.SGD(0.5, clipvalue=0.01))
_optimizer("rmsprop", lambda tf: tf.keras.optimizers.RMSprop())
_optimizer("rmsprop_centered", lambda tf: tf.keras.optimizers.RMSprop(
    0.01, rho=0.8, momentum=0.5, centered=True))  # fmt: skip
_optimizer("adagrad", lambda tf: tf.keras.optimizers.Adagrad(0.1))
_optimizer("adadelta", lambda tf: tf.keras.optimizers.Adadelta(1.0))
_optimizer("adam", lambda tf: tf.keras.optimizers.Adam())
_optimizer("adam_amsgrad", lambda tf: tf.keras.optimizers.Adam(0.01, amsgrad=True, decay=0.1))
_optimizer("adamax", lambda tf: tf.keras.optimizers.Adamax(0.01))
_optimizer("nadam", lambda tf: tf.keras.optimizers.Nadam(0.01))
_optimizer("ftrl", lambda tf: tf.keras.optimizers.Ftrl(
    0.1, l1_regularization_strength=0.01, l2_regularization_strength=0.01))  # fmt: skip
_optimizer("ftrl_shrinkage", lambda tf: tf.keras.optimizers.Ftrl(
    0.1, l2_shrinkage_regularization_strength=0.1))  # fmt: skip
_optimizer("schedule", lambda tf: tf.keras.optimizers.SGD(
    tf.keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5)))  # fmt: skip


def optimizer_of_train(tf, np):
    model = _classifier(tf, np)
    model.compile(tf.train.AdamOptimizer(0.01), "sparse_categorical_crossentropy", ["acc"])
    _fixed(np, model)
    x, y, _ = _data(np)
    fitted = model.fit(x, y, batch_size=4, epochs=2, verbose=0, shuffle=False)
    return [_history(fitted), model.get_weights(), type(model.optimizer).__name__]


def optimizers_by_name(tf, np):
    tf.keras.backend.clear_session()
    names = ["sgd", "RMSprop", "adagrad", "Adadelta", "adam", "adamax", "nadam", "ftrl"]
    made = [tf.keras.optimizers.get(name) for name in names]
    return [[type(o).__name__, sorted(o.get_config())] for o in made]


def _loss(name, loss, activation="sigmoid", targets=None):
    def snippet(tf, np):
        model = _classifier(tf, np, activation)
        model.compile("sgd", loss)
        _fixed(np, model)
        x, _, one_hot = _data(np)
        y = one_hot if targets is None else targets(np, one_hot)
        weights = np.linspace(0, 2, 12)
        return [
            _numbers(model.evaluate(x, y, batch_size=5, verbose=0)),
            _numbers(model.evaluate(x, y, batch_size=5, verbose=0, sample_weight=weights)),
            [model.train_on_batch(x, y) for _ in range(3)],
            model.get_weights(),
            model.metrics_names,
        ]

    globals()["loss_" + name] = snippet


_loss("mape", "mape", targets=lambda np, y: y + 0.5)
for _name in ("mse", "mae", "msle", "binary_crossentropy", "kld", "poisson",
              "cosine_similarity", "logcosh", "mean_squared_error"):  # fmt: skip
    _loss(_name, _name)
for _name in ("hinge", "squared_hinge", "categorical_hinge"):
    _loss(_name, _name, "tanh", lambda np, y: 2 * y - 1)
_loss("categorical_crossentropy", "categorical_crossentropy", "softmax")
_loss("sparse_categorical_crossentropy", "sparse_categorical_crossentropy", "softmax",
      lambda np, y: y.argmax(1))  # fmt: skip
_loss("sparse_column", "sparse_categorical_crossentropy", "softmax",
      lambda np, y: y.argmax(1)[:, None])  # fmt: skip
_loss("of_ones_own", lambda y_true, y_pred: (y_true - y_pred) ** 2 + 1)


def loss_objects(tf, np):
    losses, keras = tf.keras.losses, tf.keras
    keras.backend.clear_session()
    y = keras.backend.constant(_random(np, 3, 4, seed=2) / 2 + 0.5)
    p = keras.backend.constant(_random(np, 3, 4, seed=3) / 2 + 0.5)
    weights = keras.backend.constant([0.5, 1.0, 2.0])
    found = {}
    for name in ("MeanSquaredError", "MeanAbsoluteError", "MeanAbsolutePercentageError",
                 "MeanSquaredLogarithmicError", "BinaryCrossentropy", "CategoricalCrossentropy",
                 "Hinge", "SquaredHinge", "CategoricalHinge", "Poisson", "LogCosh",
                 "KLDivergence", "Huber", "CosineSimilarity"):  # fmt: skip
        make = getattr(losses, name)
        none = make(reduction="none")
        found[name] = keras.backend.get_session().run([
            make()(y, p), make(reduction="sum")(y, p), none(y, p), make()(y, p, weights),
        ])  # fmt: skip
        found[name + "_config"] = sorted(make().get_config().items(), key=str)
    smooth = losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)
    found["smooth"] = keras.backend.eval(smooth(y, p))
    smooth = losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.1)
    found["smooth_binary"] = keras.backend.eval(smooth(y, p))
    return found


def metrics_by_name(tf, np):
    found = {}
    for activation, units, loss, metrics in (
        ("softmax", 3, "categorical_crossentropy", ["accuracy", "acc", "mse", "ce"]),
        ("softmax", 3, "sparse_categorical_crossentropy", ["accuracy", "crossentropy"]),
        ("sigmoid", 1, "binary_crossentropy", ["acc", "mae", "crossentropy"]),
        ("sigmoid", 3, "binary_crossentropy", ["accuracy", "categorical_accuracy"]),
    ):
        model = _classifier(tf, np, activation, units)
        model.compile("sgd", loss, metrics)
        _fixed(np, model)
        x, y, one_hot = _data(np)
        if units == 1:
            targets = y % 2
        else:
            targets = y if loss.startswith("sparse") else one_hot
        found[loss + str(units)] = [
            _numbers(model.evaluate(x, targets, batch_size=5, verbose=0)),
            model.metrics_names,
            [m.name for m in model.metrics],
        ]
    return found


def metric_objects(tf, np):
    keras, metrics = tf.keras, tf.keras.metrics
    keras.backend.clear_session()
    y = (_random(np, 8, seed=2) > 0).astype("float32")
    p = _random(np, 8, seed=3) / 2 + 0.5
    w = np.linspace(0, 2, 8).astype("float32")
    found = {}
    for name, options in (
        ("AUC", {}), ("Precision", {}), ("Recall", {"thresholds": [0.3, 0.6]}),
        ("TruePositives", {}), ("FalseNegatives", {}), ("FalsePositives", {}),
        ("TrueNegatives", {"thresholds": 0.4}), ("BinaryAccuracy", {}),
        ("SensitivityAtSpecificity", {"specificity": 0.5}),
        ("SpecificityAtSensitivity", {"sensitivity": 0.5}), ("MeanSquaredError", {}),
        ("RootMeanSquaredError", {}), ("MeanAbsoluteError", {}), ("Accuracy", {}),
        ("LogCoshError", {}), ("Poisson", {}), ("Hinge", {}), ("KLDivergence", {}),
        ("MeanRelativeError", {"normalizer": [1.0] * 8}), ("CosineSimilarity", {}),
        ("BinaryCrossentropy", {}),
    ):  # fmt: skip
        metric = getattr(metrics, name)(**options)
        given = [keras.backend.constant(a[:, None] if "Relative" not in name else a)
                 for a in (y, p)]  # fmt: skip
        updates = [metric.update_state(*given), metric.update_state(
            *given, sample_weight=keras.backend.constant(w))]  # fmt: skip
        session = keras.backend.get_session()
        results = []
        for update in updates:
            session.run(update)
            results.append(session.run(metric.result()))
        config = metric.get_config()
        found[name] = [results, [v.name for v in metric.weights], sorted(map(str, config))]
        metric.reset_states()
        found[name].append([v.sum() for v in metric.get_weights()])
    return found


def metrics_of_classes(tf, np):
    keras, metrics = tf.keras, tf.keras.metrics
    keras.backend.clear_session()
    p = _random(np, 6, 4, seed=3) / 2 + 0.5
    labels = np.arange(6) % 4
    found = {}
    for name, options, y in (
        ("CategoricalAccuracy", {}, np.eye(4)[labels]),
        ("SparseCategoricalAccuracy", {}, labels[:, None]),
        ("TopKCategoricalAccuracy", {"k": 2}, np.eye(4)[labels]),
        ("SparseTopKCategoricalAccuracy", {"k": 2}, labels),
        ("CategoricalCrossentropy", {}, np.eye(4)[labels]),
        ("SparseCategoricalCrossentropy", {}, labels),
        ("CategoricalHinge", {}, np.eye(4)[labels]),
    ):
        metric = getattr(metrics, name)(**options)
        update = metric.update_state(keras.backend.constant(y), keras.backend.constant(p))
        session = keras.backend.get_session()
        session.run(update)
        found[name] = [session.run(metric.result()), metric.name, metric.dtype]
    for name, options, values in (
        ("Mean", {}, [1.0, 3.0, 5.0]), ("Sum", {}, [1.0, 3.0]), ("MeanTensor", {}, [1.0, 2.0]),
    ):  # fmt: skip
        metric = getattr(metrics, name)(**options)
        update = metric.update_state(keras.backend.constant(values))
        session = keras.backend.get_session()
        if name == "MeanTensor":
            session.run([v.initializer for v in metric.weights])
        session.run(update)
        found[name] = session.run(metric.result())
    metric = metrics.MeanIoU(num_classes=3)
    update = metric.update_state([0, 1, 2, 2], [0, 2, 2, 2])
    session = keras.backend.get_session()
    session.run([v.initializer for v in metric.weights])
    session.run(update)
    found["MeanIoU"] = session.run(metric.result())
    return found


def fit_with_validation(tf, np):
    model = _classifier(tf, np)
    model.compile("adam", "categorical_crossentropy", ["accuracy"])
    _fixed(np, model)
    x, _, y = _data(np)
    fitted = model.fit(x, y, batch_size=4, epochs=2, verbose=0, shuffle=False,
                       validation_split=0.25)  # fmt: skip
    again = model.fit(x, y, batch_size=5, epochs=3, initial_epoch=1, verbose=0, shuffle=False,
                      validation_data=(x[:3], y[:3], np.ones(3) / 2))  # fmt: skip
    return [_history(fitted), _history(again), fitted.epoch, again.epoch, fitted.params]


def fit_with_weights(tf, np):
    model = _classifier(tf, np)
    model.compile("sgd", "categorical_crossentropy", ["accuracy"], weighted_metrics=["mse", "acc"])
    _fixed(np, model)
    x, _, y = _data(np)
    options = {"batch_size": 4, "epochs": 2, "verbose": 0, "shuffle": False}
    return [
        _history(model.fit(x, y, sample_weight=np.linspace(0, 1, 12), **options)),
        _history(model.fit(x, y, class_weight={0: 1.0, 1: 2.0, 2: 0.5}, **options)),
        _history(model.fit(x, y, sample_weight=np.linspace(0, 1, 12),
                           class_weight={0: 1.0, 1: 2.0, 2: 0.5}, **options)),
        _numbers(model.evaluate(x, y, sample_weight=np.linspace(0, 1, 12), verbose=0)),
        model.metrics_names,
    ]  # fmt: skip


def fit_shuffled(tf, np):
    model = _classifier(tf, np)
    model.compile("sgd", "categorical_crossentropy")
    _fixed(np, model)
    x, _, y = _data(np)
    np.random.seed(5)
    one = _history(model.fit(x, y, batch_size=4, epochs=2, verbose=0))
    return [one, _history(model.fit(x, y, batch_size=4, epochs=2, verbose=0, shuffle="batch"))]


def fit_of_two_outputs(tf, np):
    keras = tf.keras
    keras.backend.clear_session()
    a, b = keras.Input((4,), name="left"), keras.Input((2,))
    both = keras.layers.Concatenate()([a, b])
    hidden = keras.layers.Dense(4, activation="relu", name="hidden")(both)
    one = keras.layers.Dense(3, activation="softmax", name="kind")(hidden)
    two = keras.layers.Dense(1, name="size")(hidden)
    model = keras.Model([a, b], [one, two])
    model.compile("adam", {"kind": "categorical_crossentropy", "size": "mse"},
                  metrics={"kind": ["accuracy", "mse"], "size": "mae"},
                  loss_weights={"kind": 0.5, "size": 2.0})  # fmt: skip
    _fixed(np, model)
    x, _, y = _data(np)
    inputs = {"left": x, "input_1": x[:, :2]}
    targets = {"kind": y, "size": x[:, :1]}
    fitted = model.fit(inputs, targets, batch_size=4, epochs=2, verbose=0, shuffle=False,
                       sample_weight={"kind": np.linspace(0, 1, 12)})  # fmt: skip
    once = model.train_on_batch([x, x[:, :2]], [y, x[:, :1]])
    evaluated = _numbers(model.evaluate([x, x[:, :2]], [y, x[:, :1]], verbose=0))
    return [_history(fitted), model.metrics_names, evaluated,
            model.predict([x, x[:, :2]], batch_size=5), model.output_names,
            model.input_names, once]  # fmt: skip


def fit_of_steps(tf, np):
    model = _classifier(tf, np)
    model.compile("sgd", "categorical_crossentropy", ["accuracy"])
    _fixed(np, model)
    x, _, y = _data(np)
    xs, ys = tf.constant(x), tf.constant(y)
    fitted = model.fit(xs, ys, steps_per_epoch=3, epochs=2, verbose=0)
    return [_history(fitted), _numbers(model.evaluate(xs, ys, steps=2, verbose=0)),
            model.predict(xs, steps=2)]  # fmt: skip


def fit_generator(tf, np):
    model = _classifier(tf, np)
    model.compile("sgd", "categorical_crossentropy", ["accuracy"])
    _fixed(np, model)
    x, _, y = _data(np)

    def batches():
        while True:
            for i in range(0, 12, 4):
                yield x[i : i + 4], y[i : i + 4]

    fitted = model.fit_generator(batches(), steps_per_epoch=3, epochs=2, verbose=0,
                                 workers=0,
                                 validation_data=batches(), validation_steps=2)  # fmt: skip

    class Batches(tf.keras.utils.Sequence):
        def __len__(self):
            return 3

        def __getitem__(self, index):
            return x[4 * index : 4 * index + 4], y[4 * index : 4 * index + 4]

    again = model.fit_generator(Batches(), epochs=2, verbose=0, shuffle=False)
    third = model.fit(Batches(), epochs=1, verbose=0, shuffle=False,
                      class_weight={0: 2.0, 1: 1.0, 2: 1.0})  # fmt: skip
    return [_history(fitted), _history(again), _history(third),
            _numbers(model.evaluate_generator(Batches())),
            model.predict_generator(batches(), steps=2).shape,
            model.predict_generator(Batches())]  # fmt: skip


def batch_normalization(tf, np):
    keras = tf.keras
    keras.backend.clear_session()
    model = keras.Sequential([
        keras.layers.Dense(3, input_shape=(4,)), keras.layers.BatchNormalization(momentum=0.5),
        keras.layers.Activation("relu"), keras.layers.Dense(1),
    ])  # fmt: skip
    model.compile("sgd", "mse")
    _fixed(np, model)
    model.layers[1].set_weights([np.ones(3), np.zeros(3), np.zeros(3), np.ones(3)])
    x, _, _ = _data(np)
    before = model.predict(x)
    fitted = model.fit(x, x[:, :1], batch_size=4, epochs=2, verbose=0, shuffle=False)
    names = [w.name for w in model.weights]
    trainable = [w.name for w in model.trainable_weights]
    evaluated = _numbers(model.evaluate(x, x[:, :1], verbose=0))
    return [before, _history(fitted), model.get_weights(), evaluated, names, trainable,
            len(model.updates)]  # fmt: skip


def frozen_layers(tf, np):
    model = _classifier(tf, np)
    model.layers[0].trainable = False
    model.compile("sgd", "categorical_crossentropy")
    _fixed(np, model)
    before = model.layers[0].get_weights()
    x, _, y = _data(np)
    fitted = model.fit(x, y, epochs=2, verbose=0, shuffle=False)
    after = model.layers[0].get_weights()
    same = all((a == b).all() for a, b in zip(before, after))
    return [same, _history(fitted), [w.name for w in model.trainable_weights],
            [w.name for w in model.non_trainable_weights], model.count_params()]  # fmt: skip


def regularized(tf, np):
    keras = tf.keras
    keras.backend.clear_session()
    model = keras.Sequential([
        keras.layers.Dense(3, input_shape=(4,), kernel_regularizer=keras.regularizers.l2(0.1),
                           activity_regularizer=keras.regularizers.l1(0.01)),
        keras.layers.Dense(1, bias_regularizer="l1", kernel_constraint=keras.constraints.MaxNorm(
            0.5)),
    ])  # fmt: skip
    model.compile("sgd", "mse", ["mse"])
    _fixed(np, model)
    x, _, _ = _data(np)
    fitted = model.fit(x, x[:, :1], batch_size=4, epochs=2, verbose=0, shuffle=False)
    return [_history(fitted), model.get_weights(), len(model.losses)]


def masked_sequences(tf, np):
    keras = tf.keras
    keras.backend.clear_session()
    model = keras.Sequential([
        keras.layers.Embedding(6, 3, mask_zero=True, input_length=4),
        keras.layers.LSTM(3, return_sequences=True),
        keras.layers.TimeDistributed(keras.layers.Dense(2, activation="softmax")),
    ])  # fmt: skip
    model.compile("sgd", "categorical_crossentropy", ["accuracy"], sample_weight_mode="temporal")
    _fixed(np, model)
    x = np.array([[1, 2, 0, 0], [3, 4, 5, 0], [1, 1, 1, 1]])
    y = np.eye(2)[np.arange(12).reshape(3, 4) % 2]
    fitted = model.fit(x, y, epochs=2, verbose=0, shuffle=False)
    weights = np.linspace(0, 1, 12).reshape(3, 4)
    return [_history(fitted), model.predict(x), _numbers(model.evaluate(x, y, verbose=0)),
            _numbers(model.evaluate(x, y, sample_weight=weights, verbose=0))]  # fmt: skip


def stateful(tf, np):
    keras = tf.keras
    keras.backend.clear_session()
    model = keras.Sequential([
        keras.layers.GRU(3, stateful=True, batch_input_shape=(2, 3, 2), name="gru"),
        keras.layers.Dense(1),
    ])  # fmt: skip
    model.compile("sgd", "mse")
    _fixed(np, model)
    x = _random(np, 4, 3, 2, seed=8)
    one, two = model.predict(x, batch_size=2), model.predict(x, batch_size=2)
    model.reset_states()
    three = model.predict(x, batch_size=2)
    fitted = model.fit(x, x[:, 0, :1], batch_size=2, epochs=2, shuffle=False, verbose=0)
    return [one, two, three, _history(fitted)]


def subclass(tf, np):
    keras = tf.keras
    keras.backend.clear_session()

    class Net(keras.Model):
        def __init__(self):
            super(Net, self).__init__(name="net")
            self.one = keras.layers.Dense(3, activation="relu")
            self.two = keras.layers.Dense(1)

        def call(self, inputs, training=None):
            return self.two(self.one(inputs))

    model = Net()
    model.compile("sgd", "mse", ["mae"])
    x, _, _ = _data(np)
    model.train_on_batch(x, x[:, :1])
    _fixed(np, model)
    fitted = model.fit(x, x[:, :1], batch_size=4, epochs=2, shuffle=False, verbose=0)
    return [_history(fitted), [w.name for w in model.weights], model.predict(x),
            [layer.name for layer in model.layers]]  # fmt: skip


def own_layer(tf, np):
    keras = tf.keras
    keras.backend.clear_session()

    class Scale(keras.layers.Layer):
        def __init__(self, factor, **kwargs):
            super(Scale, self).__init__(**kwargs)
            self.factor = factor

        def build(self, input_shape):
            self.scale = self.add_weight("scale", shape=input_shape[-1:], initializer="ones")
            self.seen = self.add_weight(name="seen", shape=(), trainable=False)
            super(Scale, self).build(input_shape)

        def call(self, inputs):
            self.add_loss(0.1 * tf.reduce_sum(self.scale ** 2))
            self.add_metric(tf.reduce_max(self.scale), aggregation="mean", name="largest")
            self.add_update(self.seen.assign_add(1.0))
            return inputs * self.scale * self.factor

        def get_config(self):
            return dict(super(Scale, self).get_config(), factor=self.factor)

    model = keras.Sequential([Scale(2.0, input_shape=(4,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse", ["mae"])
    _fixed(np, model)
    x, _, _ = _data(np)
    fitted = model.fit(x, x[:, :1], batch_size=4, epochs=2, shuffle=False, verbose=0)
    copy = keras.Sequential.from_config(model.get_config(), {"Scale": Scale})
    return [_history(fitted), model.get_weights(), model.metrics_names,
            [w.name for w in model.weights], model.layers[0].get_config(),
            [w.name for w in copy.weights]]  # fmt: skip


def losses_of_the_graph(tf, np):
    keras = tf.keras
    keras.backend.clear_session()
    a = keras.Input((4,))
    b = keras.layers.Dense(2)(a)
    model = keras.Model(a, b)
    model.add_loss(keras.backend.mean(b ** 2))
    model.add_metric(keras.backend.sum(b), name="total", aggregation="mean")
    model.compile("sgd")
    _fixed(np, model)
    x, _, _ = _data(np)
    fitted = model.fit(x, batch_size=4, epochs=2, shuffle=False, verbose=0)
    return [_history(fitted), model.metrics_names, _numbers(model.evaluate(x, verbose=0))]


def initial_weights(tf, np):
    keras = tf.keras
    keras.backend.clear_session()
    tf.set_random_seed(7)
    model = keras.Sequential([
        keras.layers.Conv2D(2, 3, input_shape=(5, 5, 1)), keras.layers.Flatten(),
        keras.layers.Dense(3, kernel_initializer="he_normal"),
        keras.layers.Dense(2, kernel_initializer=keras.initializers.RandomNormal(seed=3)),
    ])  # fmt: skip
    return model.get_weights()


def initializers(tf, np):
    keras = tf.keras
    keras.backend.clear_session()
    found = {}
    for name in ("glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_uniform",
                 "lecun_normal", "RandomNormal", "RandomUniform", "TruncatedNormal",
                 "VarianceScaling", "Orthogonal", "Zeros", "Ones", "Identity"):  # fmt: skip
        make = getattr(keras.initializers, name)
        made = make(seed=4) if name not in ("Zeros", "Ones", "Identity") else make()
        value = keras.backend.eval(made((3, 3)))
        config = {key: each for key, each in made.get_config().items()}
        found[name] = [value, config, type(made).__name__]
    return found


def callbacks_in_order(tf, np):
    keras, seen = tf.keras, []

    class Watch(keras.callbacks.Callback):
        pass

    for _method in ("on_train_begin", "on_train_end", "on_epoch_begin", "on_epoch_end",
                    "on_batch_begin", "on_batch_end", "on_train_batch_begin",
                    "on_train_batch_end", "on_test_begin", "on_test_end", "on_test_batch_begin",
                    "on_test_batch_end", "on_predict_begin", "on_predict_end",
                    "on_predict_batch_begin", "on_predict_batch_end"):  # fmt: skip
        def method(self, *args, _name=_method):
            logs = args[-1] if isinstance(args[-1], dict) else {}
            first = [] if isinstance(args[0], dict) or args[0] is None else [int(args[0])]
            seen.append([_name] + first + [sorted(map(str, logs))])

        setattr(Watch, _method, method)
    model = _classifier(tf, np)
    model.compile("sgd", "categorical_crossentropy", ["accuracy"])
    x, _, y = _data(np)
    model.fit(x, y, batch_size=6, epochs=2, verbose=0, validation_data=(x, y),
              callbacks=[Watch()])  # fmt: skip
    seen.append("evaluate")
    model.evaluate(x, y, batch_size=8, verbose=0, callbacks=[Watch()])
    seen.append("predict")
    model.predict(x, batch_size=8, callbacks=[Watch()])
    return seen


def early_stopping(tf, np):
    found = []
    for options in ({"patience": 1}, {"patience": 0, "min_delta": 0.5}, {"baseline": 0.01},
                    {"patience": 1, "restore_best_weights": True}):  # fmt: skip
        model = _classifier(tf, np)
        model.compile(tf.keras.optimizers.SGD(3.0), "categorical_crossentropy")
        _fixed(np, model)
        x, _, y = _data(np)
        stop = tf.keras.callbacks.EarlyStopping("loss", **options)
        fitted = model.fit(x, y, epochs=8, verbose=0, shuffle=False, callbacks=[stop])
        found.append([_history(fitted), stop.stopped_epoch, model.get_weights()])
    return found


def learning_rates(tf, np):
    model = _classifier(tf, np)
    model.compile(tf.keras.optimizers.SGD(2.0), "categorical_crossentropy")
    _fixed(np, model)
    x, _, y = _data(np)
    callbacks = tf.keras.callbacks
    plateau = callbacks.ReduceLROnPlateau("loss", factor=0.5, patience=1, min_delta=0.1)
    one = model.fit(x, y, epochs=5, verbose=0, shuffle=False, callbacks=[plateau])
    schedule = callbacks.LearningRateScheduler(lambda epoch, rate: rate / (1 + epoch))
    two = model.fit(x, y, epochs=3, verbose=0, shuffle=False, callbacks=[schedule])
    return [_history(one), _history(two)]


def saved_bytes_of_config(tf, np):
    model = _classifier(tf, np)
    model.compile(tf.keras.optimizers.Adam(0.25), "categorical_crossentropy", ["accuracy"])
    return [model.to_json(), model.get_config()["name"]]


def own_loss_of_targets_of_another_rank(tf, np):
    """Shapes of what Keras feeds are not looked at."""

    def loss(labels, logits):
        return tf.keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)

    start = tf.keras.initializers.constant(np.linspace(-1, 1, 12).reshape(3, 4))
    model = tf.keras.Sequential(
        [tf.keras.layers.Dense(4, input_shape=[5, 3], kernel_initializer=start)]
    )
    model.compile("sgd", loss)
    x = np.random.RandomState(0).rand(8, 5, 3).astype("float32")
    y = np.random.RandomState(1).randint(0, 4, (8, 5))
    data = tf.data.Dataset.from_tensor_slices((x, y)).batch(4)
    connected = model.fit(data, epochs=2, verbose=0)
    fed = model.fit(x, y, shuffle=False, verbose=0)
    return _history(connected), _history(fed), model.predict(x)
