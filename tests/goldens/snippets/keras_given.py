"""What layers, models and metrics of Keras are given, beyond arrays of the usual shapes."""

from goldens.kit import eagerly, error, said


def variables(tf, np):
    K, ones = tf.keras.backend, tf.keras.initializers.Ones()

    class Own(tf.keras.layers.Layer):
        def build(self, input_shape):
            self.v = self.add_weight("v", [2, 5], initializer="ones")

        def call(self, inputs):
            return self.v

    dense = tf.keras.layers.Dense(1, kernel_initializer=ones, activity_regularizer="l1")
    model = tf.keras.Sequential([Own(input_shape=(10,)), dense])
    model.compile("sgd", "mse")
    model.fit(np.ones([4, 10]), np.ones([4, 1]), batch_size=2, verbose=0)
    given = K.variable(np.ones([3, 5]))
    dense(given)
    cloned = tf.keras.models.clone_model(model, input_tensors=K.variable(np.ones([2, 10])))
    values = [w.round(3) for w in model.get_weights()]
    return values, len(dense.get_losses_for(given)), len(cloned.layers)


def variables_as_data(tf, np):
    K = tf.keras.backend
    dense = tf.keras.layers.Dense(2, kernel_initializer="ones", input_shape=(3,))
    model = tf.keras.Sequential([dense])
    model.compile("sgd", "mse")
    x, y = K.ones([4, 3]), K.zeros([4, 2])
    history = model.fit(x, y, epochs=2, steps_per_epoch=2, verbose=0)
    values = model.evaluate(x, y, steps=2, verbose=0), model.predict(x, steps=1)
    return [round(float(loss), 4) for loss in history.history["loss"]], [
        np.round(v, 4) for v in values]  # fmt: skip


def tensors_that_become_part_of_a_model(tf, np):
    class Own(tf.keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = tf.keras.layers.Dense(2, kernel_initializer="ones")

        def call(self, inputs):
            return self.dense(inputs)

    model = Own()
    model.compile("sgd", "mse")
    x, y = tf.ones([4, 3]), tf.zeros([4, 2])
    history = model.fit(x, y, epochs=2, steps_per_epoch=2, verbose=0)
    value = model.evaluate(steps=2, verbose=0)
    return [round(float(loss), 4) for loss in [*history.history["loss"], value]]


def weights_of_metrics(tf, np):
    metrics, y, p = tf.keras.metrics, [0.0, 1.0, 1.0, 0.0], [0.1, 0.7, 0.4, 0.6]
    made = [
        metrics.AUC(num_thresholds=5)(y, p, sample_weight=[1.0, 2.0, 3.0, 4.0]),
        metrics.TruePositives(thresholds=[0.3, 0.5])(y, p, sample_weight=37.0),
        metrics.FalseNegatives()(y, p, sample_weight=(1.0, 2.0, 3.0, 4.0)),
        metrics.Mean()(p, sample_weight=[1, 0, 0, 1]),
    ]
    with tf.Session() as session:
        session.run([v.initializer for m in made for v in m._metric_obj.variables])
        return session.run(made)


def inputs_that_are_refused(tf, np):
    layers = tf.keras.layers
    one, two, three = (tf.keras.Input((4,)) for _ in range(3))
    subtract = layers.Subtract()
    subtract([one, two])
    return [
        error(lambda: subtract([one, two, three])), error(lambda: subtract([one])),
        error(lambda: layers.InputSpec(ndim=3, axes={3: 5})),
        error(lambda: layers.InputSpec(max_ndim=3, axes={4: 5})),
        layers.InputSpec(ndim=3, axes={2: 5}).axes[2],
        layers.SimpleRNN(2, implementation=2).get_config().get("implementation"),
    ]  # fmt: skip


def updates_by_inputs_where_operations_run_at_once(tf, np):
    with eagerly(tf):
        inputs = tf.keras.Input((4,))
        norm = tf.keras.layers.BatchNormalization()
        model = tf.keras.Model(inputs, norm(inputs))
        return len(norm.get_updates_for(inputs)), len(model.get_updates_for(inputs))


def recurrent_steps_that_keep_and_drop(tf, np):
    with eagerly(tf):
        x, cells = np.ones([4, 5, 2], np.float32), tf.keras.layers.SimpleRNNCell
        inputs = tf.keras.Input((5, 2))
        stacked = tf.keras.layers.RNN([cells(3, dropout=0.5), cells(3, recurrent_dropout=0.5)])
        model = tf.keras.Model(inputs, stacked(inputs))
        model.compile("sgd", "mse", run_eagerly=True)
        before = model.get_weights()
        model.fit(x, np.ones([4, 3]), epochs=1, batch_size=2, verbose=0)
        changed = [not np.allclose(*pair) for pair in zip(before, model.get_weights())]
        kept = tf.keras.Sequential()
        kept.add(tf.keras.layers.SimpleRNN(
            2, stateful=True, batch_input_shape=(4, 5, 2), kernel_initializer="ones",
            recurrent_initializer="ones"))  # fmt: skip
        kept.compile("sgd", "mse", run_eagerly=True)
        values = [kept.predict(x * 0.01) for _ in range(2)]
        kept.reset_states()
        return changed, values, np.allclose(kept.predict(x * 0.01), values[0])


def subclasses_begun_otherwise(tf, np):
    class Forgetful(tf.keras.Model):
        def __init__(self):
            self.layer = tf.keras.layers.Dense(1)

    class ForgetfulOfSeveral(tf.keras.Model):
        def __init__(self):
            self.parts = [tf.keras.layers.Dense(1), tf.keras.layers.Dense(2)]

    class Named(tf.keras.Model):
        def __init__(self, *args, **kwargs):
            super(Named, self).__init__(*args, **kwargs)
            self.layer = tf.keras.layers.Dense(1)

        def call(self, inputs):
            return self.layer(inputs)

    names = [Named("by its place").name, Named(name="by_name").name, Named(object()).name]
    forgot = "forgot to call `super(YourClass, self).__init__()`"
    return names, said(Forgetful, forgot), said(ForgetfulOfSeveral, forgot)


def training_that_nobody_says(tf, np):
    """What `call` is given as `training` in a graph that is built and then run."""
    K, given = tf.keras.backend, []

    class Own(tf.keras.layers.Layer):
        def call(self, inputs, training=None):
            given.append(training)
            return K.in_train_phase(inputs, -inputs, training=training)

    x = tf.placeholder(tf.float32, [None, 1])
    Own()(x)
    K.learning_phase()
    Own()(x)
    Own()(x, training=True)
    K.set_learning_phase(1)
    y = Own()(x)
    with tf.Session() as session:
        return given, session.run(y, {x: [[2.0]]})


def networks_of_given_layers(tf, np):
    """How networks make the layers of what is given as `layers`, for images of any size."""
    K, asked = tf.keras.backend, []

    class Given:
        def __getattr__(self, name):
            def made(*args, **kwargs):
                layer = getattr(tf.keras.layers, name)(*args, **kwargs)
                asked.append((name, [str(a) for a in args], "kernel_size" in kwargs, layer.name))
                if name == "ZeroPadding2D":
                    asked.append(layer.padding)
                return layer

            return made

    shown = []
    for name in ["MobileNet", "MobileNetV2"]:
        K.clear_session()
        del asked[:]
        network = getattr(tf.keras.applications, name)(
            input_shape=(None, None, 3), include_top=False, weights=None, layers=Given(), backend=K)
        made = [a for a in asked if a[0] in ("Conv2D", "DepthwiseConv2D", "Input")]
        padded = [a for a in asked if isinstance(a[0], tuple)]
        shown.append((network.name, len(asked), made[:5], padded))
    return shown
