"""Models whose layers are called with values: `run_eagerly=True` and `dynamic=True`."""

from goldens.kit import attempt, eagerly, error


def _data(np, outputs=3):
    x = np.linspace(-1.0, 1.0, 40).reshape(10, 4).astype(np.float32)
    return x, np.arange(10) % outputs


def _rounded(history, digits=4):
    return {
        key: [round(float(v), digits) for v in values] for key, values in history.history.items()
    }


def _dense(tf, units, **options):
    start = tf.keras.initializers.Constant(0.1)
    return tf.keras.layers.Dense(units, kernel_initializer=start, **options)


def _scaling(tf, **options):
    """A layer that looks at values where it can, and must if it is dynamic."""

    class Scaling(tf.keras.layers.Layer):
        def build(self, input_shape):
            self.scale = self.add_weight("scale", [3], initializer="ones")

        def call(self, inputs, training=None):
            if self.dynamic and float(tf.reduce_sum(inputs)) > 1000.0:
                return inputs
            return inputs * self.scale * (2.0 if self.dynamic and training else 1.0)

        def compute_output_shape(self, input_shape):
            return tf.TensorShape(input_shape)

    return Scaling(**options)


def _sequential(tf, scaling, **options):
    penalty = tf.keras.regularizers.l2(0.01)
    soft = tf.keras.layers.Activation("softmax")
    first = _dense(tf, 3, kernel_regularizer=penalty, activity_regularizer=penalty, **options)
    return tf.keras.Sequential([first, scaling, soft])


def fitted_with_all_that_compile_takes(tf, np):
    with eagerly(tf):
        (x, y), weights = _data(np), np.arange(10.0)
        found = []
        for dynamic in (False, True):
            model = _sequential(tf, _scaling(tf, dynamic=dynamic))
            model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"],
                          weighted_metrics=["accuracy"], run_eagerly=True)  # fmt: skip
            history = model.fit(x, y, 4, 2, 0, shuffle=False, validation_data=(x, y, weights),
                                sample_weight=weights)  # fmt: skip
            values = model.test_on_batch(x, y), model.train_on_batch(x, y, class_weight={
                0: 1.0, 1: 2.0, 2: 3.0})  # fmt: skip
            found += [
                _rounded(history, 3), [*map(float, model.evaluate(x, y, verbose=0))], values,
                model.predict(x[:2]), model.dynamic, model.run_eagerly,
                [w.round(4) for w in model.get_weights()],
            ]  # fmt: skip
        return found


def of_a_dataset_by_an_optimizer_of_tf_train(tf, np):
    with eagerly(tf):
        x, _ = _data(np)
        inputs = tf.keras.Input((4,))
        model = tf.keras.Model(inputs, _scaling(tf, dynamic=True)(_dense(tf, 3)(inputs)))
        model.compile(tf.train.AdamOptimizer(0.1), "mse", run_eagerly=True)
        data = tf.data.Dataset.from_tensor_slices((x, np.ones([10, 3], np.float32))).batch(5)
        history = model.fit(data, epochs=2, verbose=0)
        results = float(model.evaluate(data, verbose=0)), model.predict(x[:3])
        return _rounded(history), results, [v.shape.as_list() for v in model.weights]


def several_outputs(tf, np):
    with eagerly(tf):
        (x, y), inputs = _data(np), tf.keras.Input((4,))
        first, second = _dense(tf, 3, name="a")(inputs), _dense(tf, 1, name="b")(inputs)
        model = tf.keras.Model(inputs, [first, second])
        model.compile("sgd", {"a": "mae", "b": "mse"}, {"a": ["mse"], "b": ["mae"]}, {
            "a": 0.5, "b": 2.0}, run_eagerly=True)  # fmt: skip
        history = model.fit(x, {"a": np.ones([10, 3]), "b": y}, epochs=2, verbose=0)
        return _rounded(history), model.metrics_names, model.train_on_batch(x, [x[:, :3], y])


def a_model_with_a_call_of_its_own(tf, np):
    class Own(tf.keras.Model):
        def __init__(self):
            super().__init__()
            self.first, self.seen = _dense(tf, 2), []

        def call(self, inputs, training=None):
            x = self.first(inputs["a"]) + inputs["b"]
            if tf.executing_eagerly():
                self.seen.append((bool(training), x.numpy().shape))
            return x

    with eagerly(tf):
        (x, _), model = _data(np), Own()
        model.compile("sgd", "mse", run_eagerly=True)
        given = {"a": x, "b": np.ones([10, 1], np.float32)}
        model.fit(given, np.zeros([10, 2]), batch_size=8, shuffle=False, verbose=0)
        value = model.evaluate(given, np.zeros([10, 2]), verbose=0)
        return round(float(value), 5), [tuple(each) for each in model.seen]


def where_they_cannot_be(tf, np):
    def compiled(**options):
        model = _sequential(tf, _scaling(tf, dynamic=options.pop("dynamic")), input_shape=(4,))
        model.compile("sgd", "mse", **options)

    found = [error(lambda: compiled(dynamic=False, run_eagerly=True)),
             error(lambda: compiled(dynamic=True))]  # fmt: skip
    with eagerly(tf):
        x = np.zeros([2, 4], np.float32)
        plain = _sequential(tf, _scaling(tf), input_shape=(4,))
        config = _scaling(tf, dynamic=True, name="s").get_config()
        return [
            *found, error(lambda: compiled(dynamic=True, run_eagerly=False)),
            error(lambda: compiled(dynamic=False, run_eagerly=True, target_tensors=[x])),
            plain.run_eagerly, plain.dynamic, config,
        ]  # fmt: skip


def shapes_by_a_call(tf, np):
    class Doubled(tf.keras.layers.Layer):
        def call(self, inputs):
            return tf.concat([inputs, inputs], axis=1)

    class Asking(tf.keras.layers.Layer):
        def call(self, inputs, more):
            return inputs + more

    summed = tf.keras.layers.Lambda(lambda x: [tf.reduce_sum(x, 1), x[:, 0]])
    found = [error(lambda: Doubled().compute_output_shape((None, 3))),
             error(lambda: summed.compute_output_shape((None, 3)))]  # fmt: skip
    with eagerly(tf):
        summed = tf.keras.layers.Lambda(lambda x: [tf.reduce_sum(x, 1), x[:, 0]])
        shapes = [
            Doubled().compute_output_shape((None, 3)),
            Doubled().compute_output_shape(tf.TensorShape([2, 5])),
            *summed.compute_output_shape((None, 3, 4)),
        ]
        failed = error(lambda: Asking().compute_output_shape((2, 3)))
        return found, [shape.as_list() for shape in shapes], failed


def losses_of_the_last_call(tf, np):
    class Penalised(tf.keras.layers.Layer):
        def call(self, inputs):
            self.add_loss(tf.reduce_sum(inputs))
            return inputs

    with eagerly(tf):
        last = _dense(tf, 1, kernel_regularizer="l2")
        model = tf.keras.Sequential([Penalised(), Penalised(), last])
        found = []
        for _ in range(2):
            model(tf.ones([1, 2]))
            found.append([float(loss) for loss in model.losses])
        traced = tf.function(lambda x: tf.add_n([model(x)[0, 0], *model.losses]))
        values = [float(traced(tf.ones([1, 2]))) for _ in range(2)]
        outside = error(lambda: model.layers[0].add_loss(tf.constant(1.0)))
        return found, values, outside


def what_is_not_trained_is_not_updated(tf, np):
    with eagerly(tf):
        x, found = tf.constant([[1.0, 2.0], [3.0, 5.0]]), []
        for make in (tf.keras.layers.BatchNormalization, tf.layers.BatchNormalization):
            for fused in (False, None):
                layer = make(trainable=False, fused=fused)
                layer(x, training=True)
                layer.trainable = True
                found.append(layer.moving_mean.numpy())
                layer(x, training=True)
                found.append(layer.moving_mean.numpy().round(4))
        return found


def data_that_have_values(tf, np):
    with eagerly(tf):
        x, y = _data(np)
        model = _sequential(tf, _scaling(tf), input_shape=(4,))
        uncompiled = type(model.predict_on_batch(x)) is np.ndarray
        model.compile("sgd", "sparse_categorical_crossentropy")
        history = model.fit(tf.constant(x), tf.constant(y), 5, verbose=0, shuffle=False)
        batch = model.predict_on_batch(tf.constant(x[:2]))
        return _rounded(history), uncompiled, hasattr(batch, "numpy"), np.array(batch)


def built_for_a_shape(tf, np):
    class Own(tf.keras.Model):
        def __init__(self):
            super().__init__()
            self.first = _dense(tf, 2)

        def call(self, inputs):
            return self.first(inputs)

    with eagerly(tf):
        model, deferred = Own(), tf.keras.Sequential([_dense(tf, 2)])
        model.build((None, 3))
        deferred.build((None, 3))
        return [m.get_weights() for m in (model, deferred)], attempt(lambda: Own().build(None))
