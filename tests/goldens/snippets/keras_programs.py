"""What programs of layers drawn at random have found."""

import tempfile

from goldens.kit import eagerly, said


def losses_behind_loops(tf, np):
    inputs = tf.keras.Input((2, 2))
    output, _ = tf.keras.layers.GRU(
        1, return_state=True, kernel_initializer="ones", recurrent_initializer="ones",
        activity_regularizer=tf.keras.regularizers.l1(0.1),
    )(inputs)  # fmt: skip
    flat = tf.keras.layers.Flatten()(inputs)
    dense = tf.keras.layers.Dense(1, kernel_initializer="ones")
    model = tf.keras.Model(inputs, [output, dense(flat)])
    model.compile("sgd", "mse")
    x, y = np.ones((3, 2, 2)), np.zeros((3, 1))
    found = len(model.get_losses_for(inputs)), len(model.get_losses_for(flat))
    return [found, model.train_on_batch(x, [y, y])]


def counts_of_predictions_below_zero(tf, np):
    metrics = [tf.keras.metrics.TruePositives(), tf.keras.metrics.AUC(num_thresholds=5)]
    model = tf.keras.Sequential([tf.keras.layers.Activation("tanh", input_shape=(2,))])
    model.compile("sgd", "mse", metrics=metrics)
    rows = np.array([[-1.0, 2.0], [0.3, -0.5]])
    found = model.evaluate(rows, np.array([[0, 1], [1, 1]]), verbose=0)
    with eagerly(tf):
        update = tf.keras.metrics.TruePositives().update_state
        refused = said(lambda: update([1.0, 0.0], [0.7, -0.1]), "predictions must be >= 0")
    return [np.array(found), refused]


def layers_at_each_time(tf, np):
    class Centered(tf.keras.layers.Layer):
        def call(self, inputs):
            return inputs - tf.reduce_mean(inputs, 0, keepdims=True)

        def compute_output_shape(self, input_shape):
            return input_shape

    x = np.arange(12.0).reshape(2, 3, 2) ** 2
    found = []
    for batch in (None, 2):
        inputs = tf.keras.Input((3, 2), batch_size=batch)
        at_each = tf.keras.layers.TimeDistributed(Centered())(inputs)
        found.append(tf.keras.Model(inputs, at_each).predict(x))
        masked = tf.keras.layers.TimeDistributed(tf.keras.layers.Masking())(
            tf.keras.layers.Reshape((3, 1, 2))(inputs)
        )
        found.append(masked._keras_mask is None)
    images = tf.keras.Input((2, None, 4, 1))
    narrow = tf.keras.layers.TimeDistributed(tf.keras.layers.Conv1D(3, 2), input_shape=(2, 4, 1))
    made = [tf.keras.layers.TimeDistributed(tf.keras.layers.MaxPooling2D((1, 2)))(images),
            narrow(tf.keras.layers.AveragePooling1D(1)(tf.keras.Input((2, 4)))
                   [:, :, :, tf.newaxis])]  # fmt: skip
    return [*found, *[each.shape.as_list() for each in made]]


def batches_of_a_validation(tf, np):
    x, y = np.arange(20.0).reshape(10, 2) / 10, np.ones((10, 1))
    model = tf.keras.Sequential(
        [tf.keras.layers.Dense(1, kernel_initializer="ones", input_shape=(2,))]
    )
    model.compile("sgd", "mse", metrics=["mae"])
    np.random.seed(3)
    history = model.fit(
        x, y, batch_size=4, epochs=3, verbose=0, validation_data=(x, y)
    ).history  # fmt: skip
    return [np.array([history[key] for key in sorted(history)]), np.random.rand()]


def weights_that_do_not_fit(tf, np):
    x, y = np.ones((4, 2, 4, 3)), np.ones((4, 2))

    def trained(x, weights, **kwargs):
        layer = tf.keras.layers.Dense(2, kernel_initializer="ones", input_shape=x.shape[1:])
        model = tf.keras.Sequential([layer])
        model.compile("sgd", "mse", **kwargs)
        return model.train_on_batch(x, model.predict(x) + 1, weights)

    return [
        said(lambda: trained(x, np.arange(4.0)), "weights can not be broadcast to values"),
        trained(x[:, :, 0], np.arange(8.0).reshape(4, 2), sample_weight_mode="temporal"),
        said(lambda: trained(y, None, sample_weight_mode="temporal"), "at least 3D"),
    ]


def shapes_of_operations_as_layers(tf, np):
    inputs = tf.keras.Input((3, 2), name="rows")
    model = tf.keras.Model(inputs, tf.keras.layers.Dense(2)(tf.reduce_sum(inputs * 2.0, 1)))
    lines = []
    model.summary(print_fn=lines.append)
    shapes = [[str(each.input_shape), str(each.output_shape)] for each in model.layers]
    return [shapes, lines]


def seeds_after_layers(tf, np):
    tf.set_random_seed(5)
    inputs = tf.keras.Input((4, 4, 3))
    layers = [
        lambda x: tf.keras.layers.MaxPooling2D(1)(tf.reduce_max(x * 2.0 + 1.0, 3, keepdims=True)),
        tf.keras.layers.Conv2DTranspose(2, 2, strides=2, padding="same"),
        tf.keras.layers.Conv2DTranspose(2, 2, strides=2),
        tf.keras.layers.AlphaDropout(0.2),
    ]
    found = []
    for layer in layers:
        inputs = layer(inputs)
        found.append(tf.compat.v1.get_seed(None))
    return found


def models_loaded_where_operations_run_at_once(tf, np):
    x, y = np.ones((4, 3)), np.zeros((4, 2))
    with eagerly(tf), tempfile.TemporaryDirectory() as folder:
        layer = tf.keras.layers.Dense(2, input_shape=(3,), kernel_initializer="ones")
        model = tf.keras.Sequential([layer])
        model.compile(tf.keras.optimizers.Adam(0.1), "mse")
        model.train_on_batch(x, y)
        model.save(f"{folder}/model.h5")
        loaded = tf.keras.models.load_model(f"{folder}/model.h5")
        loaded.train_on_batch(x, y)
        return [loaded.get_weights(), loaded.optimizer.get_weights()[1:]]


def cells_of_nn_in_keras(tf, np):
    cells = tf.nn.rnn_cell

    def trained(cell):
        tf.keras.backend.clear_session()
        layer = tf.keras.layers.RNN(cell(), return_sequences=True, input_shape=(4, 3))
        model = tf.keras.Sequential([layer, tf.keras.layers.Dense(1)])
        model.compile("sgd", "mse")
        model.set_weights([
            np.linspace(-1, 1, w.size).reshape(w.shape) for w in model.get_weights()
        ])  # fmt: skip
        x = np.arange(24.0).reshape(2, 4, 3) / 10
        history = model.fit(x, np.ones((2, 4, 1)), verbose=0, epochs=2).history["loss"]
        names = [variable.name for variable in model.weights]
        return [np.array(history), names, model.get_weights()]

    return [
        trained(lambda: cells.GRUCell(2)),
        trained(lambda: cells.LSTMCell(2)),
        trained(lambda: [cells.GRUCell(2), tf.keras.layers.GRUCell(3)]),
    ]


def variables_of_layers_in_keras_sessions(tf, np):
    class Around(tf.keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.dense = tf.layers.Dense(2)

        def call(self, inputs):
            return self.dense(inputs)

    outside = tf.layers.dense(tf.ones((2, 3)), 2)
    model = tf.keras.Sequential([Around(), tf.keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(np.ones((2, 3)), np.ones((2, 1)), verbose=0)
    cell = tf.nn.rnn_cell.GRUCell(2)
    states, _ = tf.nn.dynamic_rnn(cell, tf.ones((2, 3, 2)), dtype=tf.float32)
    return [
        [tf.keras.backend.eval(outside).shape, tf.keras.backend.eval(states).shape],
        [variable.name for variable in model.weights],
        [layer(2).name for layer in (tf.layers.Dense, tf.keras.layers.Dense) * 2],
    ]
