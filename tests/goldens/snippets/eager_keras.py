"""Keras where operations run at once: layers, models, training."""

from goldens.kit import eagerly


def _data(np):
    random = np.random.RandomState(0)
    x = random.randn(32, 4).astype(np.float32)
    return x, (x.sum(1) > 0).astype(np.int32)


def _model(tf, **options):
    ones = tf.constant_initializer(0.1)
    return tf.keras.Sequential([
        tf.keras.layers.Dense(3, activation="relu", kernel_initializer=ones, **options),
        tf.keras.layers.Dense(2, activation="softmax", kernel_initializer=ones),
    ])  # fmt: skip


def layers(tf, np):
    with eagerly(tf):
        half = tf.constant_initializer(0.5)
        x = tf.ones([2, 3, 4])
        made = [
            tf.keras.layers.Dense(2, kernel_initializer=half),
            tf.keras.layers.LSTM(2, kernel_initializer=half, recurrent_initializer=half),
            tf.keras.layers.GRU(2, kernel_initializer=half, recurrent_initializer=half),
            tf.keras.layers.SimpleRNN(2, kernel_initializer=half, recurrent_initializer=half),
            tf.keras.layers.Conv1D(2, 2, kernel_initializer=half),
            tf.keras.layers.Flatten(), tf.keras.layers.MaxPooling1D(2),
            tf.keras.layers.BatchNormalization(), tf.keras.layers.Dropout(0.5),
        ]  # fmt: skip
        found = [layer(x).numpy() for layer in made]
        rows = tf.keras.layers.Embedding(5, 2, embeddings_initializer=half)(tf.constant([[1, 2]]))
        return [found, rows.numpy(), [[v.shape.as_list() for v in layer.weights] for layer in made]]


def tf_layers(tf, np):
    with eagerly(tf):
        half = tf.constant_initializer(0.5)
        dense = tf.layers.Dense(2, kernel_initializer=half)
        normalized = tf.layers.BatchNormalization(momentum=0.5)
        x = tf.constant([[1.0, 2.0], [3.0, 5.0]])
        found = [dense(x).numpy(), normalized(x, training=True).numpy(), normalized(x).numpy(),
                 tf.layers.dense(x, 1, kernel_initializer=half).numpy()]  # fmt: skip
        return [found, [v.name for v in dense.variables], [v.numpy() for v in normalized.variables]]


def normalization_moves(tf, np):
    with eagerly(tf):
        layer = tf.keras.layers.BatchNormalization(momentum=0.5)
        x = tf.constant([[1.0, 2.0], [3.0, 5.0]])
        found = [layer(x, training=True).numpy(), layer(x, training=False).numpy()]
        return [found, [v.numpy() for v in layer.weights]]


def a_class(tf, np):
    class Model(tf.keras.Model):
        def __init__(self):
            super().__init__()
            ones = tf.constant_initializer(0.1)
            self.one = tf.keras.layers.Dense(3, activation="tanh", kernel_initializer=ones)
            self.two = tf.keras.layers.Dense(2, kernel_initializer=ones)

        def call(self, inputs):
            return self.two(self.one(inputs))

    with eagerly(tf):
        x, y = _data(np)
        model, optimizer = Model(), tf.train.AdamOptimizer(0.1)
        losses = []
        for _ in range(5):
            with tf.GradientTape() as tape:
                loss = tf.losses.sparse_softmax_cross_entropy(y, model(tf.constant(x)))
            grads = tape.gradient(loss, model.trainable_variables)
            optimizer.apply_gradients(zip(grads, model.trainable_variables))
            losses.append(loss.numpy())
        return [losses, [v.shape.as_list() for v in model.variables],
                [v.numpy() for v in model.trainable_weights]]  # fmt: skip


def functional(tf, np):
    with eagerly(tf):
        ones = tf.constant_initializer(0.1)
        inputs = tf.keras.Input((4,))
        hidden = tf.keras.layers.Dense(3, kernel_initializer=ones)(inputs)
        outputs = tf.keras.layers.Dense(2, kernel_initializer=ones)(hidden * 2.0) + 1.0
        model = tf.keras.Model(inputs, outputs)
        x, _ = _data(np)
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(model(tf.constant(x)))
        grads = tape.gradient(loss, model.trainable_variables)
        return [model(tf.constant(x)).numpy(), model.predict(x), model.count_params(),
                [g.numpy() for g in grads],
                [type(w).__name__ for w in model.get_weights()]]  # fmt: skip


def compiled(tf, np):
    with eagerly(tf):
        x, y = _data(np)
        found = []
        for optimizer in (tf.train.AdamOptimizer(0.1), tf.keras.optimizers.SGD(0.5, momentum=0.9)):
            model = _model(tf, input_shape=(4,))
            model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
            history = model.fit(x, y, epochs=3, batch_size=8, shuffle=False, verbose=0)
            found.append([{key: _floats(each) for key, each in history.history.items()},
                          _floats(model.evaluate(x, y, verbose=0)), model.predict(x[:2]),
                          _floats(model.train_on_batch(x, y)),
                          model(tf.constant(x[:2])).numpy()])  # fmt: skip
        return found


def _floats(values):
    return [float(value) for value in values]


def compiled_late(tf, np):
    with eagerly(tf):
        x, y = _data(np)
        model = _model(tf)
        model.compile("sgd", "sparse_categorical_crossentropy")
        dataset = tf.data.Dataset.from_tensor_slices((x, y)).batch(8)
        history = model.fit(dataset, epochs=2, verbose=0)
        return [_floats(history.history["loss"]), model.predict(x[:2])]


def metrics(tf, np):
    with eagerly(tf):
        mean, accuracy = tf.keras.metrics.Mean(), tf.keras.metrics.Accuracy()
        called = [mean(3.0).numpy(), mean(5.0).numpy()]
        accuracy.update_state([1, 2], [1, 3])
        found = [called, mean.result().numpy(), accuracy.result().numpy()]
        mean.reset_states()
        return [*found, mean.result().numpy(),
                tf.keras.losses.MSE([1.0, 2.0], [2.0, 2.0]).numpy()]  # fmt: skip


def optimizers(tf, np):
    with eagerly(tf):
        found = []
        for optimizer in (tf.keras.optimizers.SGD(0.1, momentum=0.5), tf.keras.optimizers.Adam(0.1),
                          tf.keras.optimizers.RMSprop(0.1)):  # fmt: skip
            w = tf.Variable([1.0, 2.0])
            for _ in range(3):
                with tf.GradientTape() as tape:
                    loss = tf.reduce_sum(w**2)
                optimizer.apply_gradients(zip(tape.gradient(loss, [w]), [w]))
            optimizer.minimize(lambda w=w: tf.reduce_sum(w), [w])
            found.append([w.numpy(), int(optimizer.iterations.numpy())])
        return found


def the_backend(tf, np):
    with eagerly(tf):
        backend = tf.keras.backend
        v = backend.variable([1.0, 2.0])
        backend.set_value(v, [3.0, 4.0])
        return [backend.get_value(v), backend.mean(v).numpy(), backend.learning_phase(),
                backend.eval(v * 2.0), backend.int_shape(v)]  # fmt: skip


def losses_of_layers(tf, np):
    with eagerly(tf):
        penalty = tf.keras.regularizers.l2(0.5)
        layer = tf.keras.layers.Dense(
            2, kernel_initializer=tf.ones_initializer(), kernel_regularizer=penalty
        )
        layer(tf.ones([1, 2]))
        layer(tf.ones([1, 2]))
        return [[loss.numpy() for loss in layer.losses], len(layer.updates)]


def recurrent_cells(tf, np):
    with eagerly(tf):
        half = tf.constant_initializer(0.5)
        with tf.variable_scope("r", initializer=half):
            cell = tf.nn.rnn_cell.BasicLSTMCell(2)
            outputs, state = cell(tf.ones([1, 3]), cell.zero_state(1, tf.float32))
            unrolled, _ = tf.nn.dynamic_rnn(
                cell, tf.ones([2, 4, 3]), sequence_length=[4, 2], dtype=tf.float32
            )
        return [outputs.numpy(), state.c.numpy(), unrolled.numpy(), len(cell.variables)]


def called_before_it_is_compiled(tf, np):
    class Reader(tf.keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.found = float(tf.reduce_sum(tf.constant([1.0, 2.0])))

    with eagerly(tf):
        x, y = _data(np)
        model, reader = _model(tf), Reader()
        first = model(tf.constant(x[:2])).numpy()
        model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
        history = model.fit(x, y, epochs=2, shuffle=False, verbose=0, callbacks=[reader])
        return [first, _floats(history.history["loss"]), model(tf.constant(x[:2])).numpy(),
                model.predict(x[:2]), reader.found]  # fmt: skip


def penalties_of_tf_layers(tf, np):
    with eagerly(tf):
        penalty = tf.contrib.layers.l2_regularizer(0.5)
        layer = tf.layers.Dense(
            2, kernel_initializer=tf.ones_initializer(), kernel_regularizer=penalty,
            activity_regularizer=penalty,
        )  # fmt: skip
        for _ in range(2):
            with tf.GradientTape() as tape:
                layer(tf.ones([1, 2]))
                total = tf.add_n(layer.losses)
        grads = tape.gradient(total, layer.trainable_variables)
        layer.kernel.assign([[2.0, 2.0], [2.0, 2.0]])
        return [total.numpy(), len(layer.losses), [None if g is None else g.numpy() for g in grads],
                len(tf.get_collection("regularization_losses")), len(layer.updates)]  # fmt: skip
