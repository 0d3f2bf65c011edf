"""tf.keras models: configurations, summaries, names, masks, and what they print."""


def _random(np, *shape, **options):
    return np.random.RandomState(options.get("seed", 0)).uniform(-1, 1, shape).astype("float32")


def _fixed(np, model):
    values = [_random(np, *w.shape, seed=i) / 2 for i, w in enumerate(model.get_weights())]
    model.set_weights(values)
    return model


def _printed(do):
    import contextlib
    import io

    with contextlib.redirect_stdout(io.StringIO()) as out:
        do()
    return out.getvalue()


def _cnn(tf, np):
    keras = tf.keras
    keras.backend.clear_session()
    layers = keras.layers
    return keras.Sequential([
        layers.Conv2D(4, (3, 3), activation="relu", input_shape=(8, 8, 1)),
        layers.MaxPooling2D((2, 2)), layers.BatchNormalization(), layers.Dropout(0.25),
        layers.Flatten(), layers.Dense(3, activation="softmax"),
    ])  # fmt: skip


def _branches(tf, np):
    keras = tf.keras
    keras.backend.clear_session()
    layers = keras.layers
    a, b = keras.Input((6,), name="words"), keras.Input((3,))
    shared = layers.Dense(4, activation="relu", name="shared")
    x = layers.Embedding(10, 4)(a)
    x = layers.LSTM(3)(x)
    y = layers.Concatenate()([shared(b), shared(layers.Multiply()([b, b]))])
    z = layers.Add()([layers.Dense(2)(x), layers.Dense(2, use_bias=False)(y)])
    return keras.Model(inputs=[a, b], outputs=[z, layers.Activation("softmax", name="p")(z)])


def summary(tf, np):
    model = _cnn(tf, np)
    return _printed(model.summary).splitlines()


def summary_of_branches(tf, np):
    model = _branches(tf, np)
    lines = []
    model.summary(line_length=90, print_fn=lines.append)
    model.layers[3].trainable = False
    model.summary(positions=[0.4, 0.6, 0.8, 1.0], line_length=70, print_fn=lines.append)
    return [line for text in lines for line in text.split("\n")]


def config(tf, np):
    model = _branches(tf, np)
    copy = tf.keras.Model.from_config(model.get_config())
    return [model.get_config(), copy.to_json() == model.to_json(), model.to_json(indent=1),
            [w.name for w in copy.weights], [x.name for x in copy.outputs]]  # fmt: skip


def config_of_sequential(tf, np):
    model = _cnn(tf, np)
    model._name = "cnn"
    again = tf.keras.models.model_from_json(model.to_json())
    return [model.get_config(), model.to_json(), [w.name for w in again.weights]]


def clone(tf, np):
    model = _fixed(np, _branches(tf, np))
    copy = tf.keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    new = tf.keras.models.clone_model(_cnn(tf, np), input_tensors=tf.keras.Input((8, 8, 1)))
    return [[w.name for w in copy.weights], [w.name for w in new.weights], copy.name]


def predictions(tf, np):
    model = _fixed(np, _branches(tf, np))
    x = [np.arange(12).reshape(2, 6) % 10, _random(np, 2, 3, seed=9)]
    inner = tf.keras.Model(model.inputs, model.get_layer("shared").get_output_at(1))
    return [model.predict(x), inner.predict(x), model.predict_on_batch(x)]


def names_and_shapes(tf, np):
    model = _branches(tf, np)
    return {
        "layers": [layer.name for layer in model.layers],
        "weights": [[w.name, str(w.shape)] for w in model.weights],
        "inputs": [x.name for x in model.inputs],
        "outputs": [x.name for x in model.outputs],
        "shapes": [str(model.input_shape), str(model.output_shape)],
        "nodes": [len(layer._inbound_nodes) for layer in model.layers],
        "of_shared": [str(model.get_layer("shared").get_input_shape_at(i)) for i in (0, 1)],
        "one": model.get_layer(index=2).name,
        "params": [layer.count_params() for layer in model.layers],
        "names": [model.input_names, model.output_names],
        "stateful": model.stateful,
        "total": model.count_params(),
        "ops": sorted({op.type for op in tf.get_default_graph().get_operations()} & {
            "MatMul", "Concat", "ConcatV2", "Softmax", "Mul", "Placeholder"}),
    }  # fmt: skip


def nested(tf, np):
    keras = tf.keras
    keras.backend.clear_session()
    inner = keras.Sequential([keras.layers.Dense(3, input_shape=(2,)), keras.layers.Dense(2)])
    a = keras.Input((2,))
    model = keras.Model(a, keras.layers.Dense(1)(inner(inner(a))))
    _fixed(np, model)
    outer = keras.Sequential([model, keras.layers.Dense(2)])
    return [
        [w.name for w in outer.weights], [layer.name for layer in outer.layers],
        model.predict(_random(np, 3, 2)), outer.to_json(),
        [w.name for w in keras.Sequential.from_config(outer.get_config()).weights],
        _printed(outer.summary),
    ]  # fmt: skip


def masks(tf, np):
    keras = tf.keras
    keras.backend.clear_session()
    layers = keras.layers
    a = keras.Input((4,), dtype="int32")
    x = layers.Embedding(5, 3, mask_zero=True)(a)
    shapes = [x._keras_mask.shape.as_list()]
    y = layers.Dense(2)(layers.Dropout(0.5)(x))
    z = layers.Concatenate()([y, x])
    flat = layers.GlobalAveragePooling1D()(z)
    rnn = layers.Bidirectional(layers.GRU(2))(z)
    model = _fixed(np, keras.Model(a, [flat, rnn]))
    fed = np.array([[1, 2, 0, 0], [3, 0, 4, 0]])
    return [shapes, model.predict(fed), y._keras_mask is not None, flat._keras_mask is None,
            keras.backend.function([a], [z._keras_mask])([fed])]  # fmt: skip


def progress_of_fit(tf, np):
    import re

    model = _cnn(tf, np)
    model.compile("sgd", "sparse_categorical_crossentropy", ["accuracy"])
    model.set_weights([0 * w for w in model.get_weights()])
    x, y = np.zeros((10, 8, 8, 1)), np.arange(10) % 3
    texts = []
    for options in ({"verbose": 1}, {"verbose": 2}, {"verbose": 0},
                    {"verbose": 1, "validation_data": (x, y)}):  # fmt: skip
        texts.append(_printed(lambda options=options: model.fit(
            x, y, batch_size=4, epochs=2, shuffle=False, **options)))  # fmt: skip
    texts.append(_printed(lambda: model.evaluate(x, y, batch_size=5)))
    texts.append(_printed(lambda: model.predict(x, batch_size=5, verbose=1)))
    changing = r"\d+[mu]?s/\w+|\d+s|ETA: \d+s|[\d.]+e-\d+|\d+\.\d+"
    return [re.sub(changing, "#", text.replace("\b", "<")) for text in texts]


def sequential_step_by_step(tf, np):
    keras = tf.keras
    keras.backend.clear_session()
    model = keras.Sequential(name="steps")
    model.add(keras.layers.InputLayer((3,)))
    model.add(keras.layers.Dense(4))
    model.add(keras.layers.Dense(4))
    built = [model.built, [w.name for w in model.weights]]
    model.pop()
    model.add(keras.layers.Dense(2, name="last"))
    model.add(keras.layers.Dense(1))
    late = keras.Sequential([keras.layers.Dense(4), keras.layers.Dense(2)])
    before = late.built
    late.build((None, 3))
    return [built, [w.name for w in model.weights], before, [w.name for w in late.weights],
            str(model.output_shape), [layer.name for layer in model.layers],
            [layer.name for layer in late.layers]]  # fmt: skip


def errors(tf, np):
    keras = tf.keras
    keras.backend.clear_session()
    L = keras.layers
    found = []

    def of(do):
        try:
            do()
        except Exception as error:
            found.append([type(error).__name__, str(error).split("\n")[0][:90]])
        else:
            found.append("nothing")

    model = keras.Sequential([L.Dense(2, input_shape=(3,))])
    of(lambda: model.fit(np.zeros((4, 3)), np.zeros((4, 2))))
    model.compile("sgd", "mse")
    of(lambda: model.fit(np.zeros((4, 5)), np.zeros((4, 2)), verbose=0))
    of(lambda: model.fit(np.zeros((4, 3)), np.zeros((4, 7)), verbose=0))
    of(lambda: model.fit(np.zeros((4, 3)), np.zeros((5, 2)), verbose=0))
    of(lambda: model.fit([np.zeros((4, 3)), np.zeros((4, 3))], np.zeros((4, 2)), verbose=0))
    of(lambda: model.compile("nothing", "mse"))
    of(lambda: model.compile("sgd", "nothing"))
    of(lambda: model.compile("sgd", "mse", ["nothing"]))
    of(lambda: L.Dense(2, activation="nothing"))
    of(lambda: L.Dense(2, kernel_initializer="nothing"))
    of(lambda: L.Dense(2, nothing=1))
    of(lambda: L.Conv2D(2, 3)(keras.Input((4,))))
    of(lambda: L.Concatenate()([keras.Input((4,)), keras.Input((4, 2))]))
    of(lambda: L.Add()([keras.Input((4,))]))
    of(lambda: L.Reshape((5,))(keras.Input((4,))))
    of(lambda: keras.Model(keras.Input((2,)), L.Dense(1)(keras.Input((2,)))))
    of(lambda: keras.Sequential([1]))
    of(lambda: model.get_layer("nothing"))
    of(lambda: model.set_weights([np.zeros((3, 2))]))
    of(lambda: model.layers[0].set_weights([np.zeros((3, 3)), np.zeros(2)]))
    of(lambda: keras.Sequential([L.Dense(2)]).summary())
    of(lambda: keras.Sequential([L.Dense(2, name="a", input_shape=(2,)), L.Dense(2, name="a")]))
    of(lambda: L.LSTM(3)(keras.Input((4,))))
    of(lambda: model(keras.Input((7,))))
    of(lambda: model.evaluate(np.zeros((4, 3)), np.zeros((4, 2)), steps=0, verbose=0))
    of(lambda: keras.utils.to_categorical([0, 3], 2))
    of(lambda: keras.models.model_from_json(
        '{"class_name": "Sequential", "config": {"name": "s", "layers": [{"class_name": "No", '
        '"config": {}}]}}'))
    of(lambda: keras.backend.function([1], [model.output]))
    of(lambda: model.output.nothing)
    of(lambda: L.Dense(2, name="x").output)
    of(lambda: L.Dense(2).get_weights())
    of(lambda: model.layers[0].get_output_at(3))
    return found


def utilities(tf, np):
    utils = tf.keras.utils
    return {
        "one_hot": utils.to_categorical([0, 2, 1]),
        "of_column": utils.to_categorical(np.array([[1], [0]]), num_classes=3, dtype="int32"),
        "normalized": utils.normalize(np.array([[3.0, 4.0], [6.0, 8.0]])),
        "along": utils.normalize(np.array([[3.0, 4.0], [6.0, 8.0]]), axis=0, order=1),
    }


def progress_bar(tf, np):
    import re

    texts = []
    for options in ({}, {"width": 10, "stateful_metrics": ["b"]}, {"verbose": 2}):
        def show(options=options):
            bar = tf.keras.utils.Progbar(12, interval=0, **options)
            for i in range(1, 13, 3):
                bar.update(i, [("a", i), ("b", 0.0001 * i)])
            bar.add(2, [("a", 5.5)])

        texts.append(_printed(show))
    texts.append(_printed(lambda: tf.keras.utils.Progbar(None, interval=0).update(3)))
    return [re.sub(r"\d+[mu]?s/\w+|\d+s|ETA: \d+s", "#", text.replace("\b", "<")) for text in texts]


def mixed_with_sessions(tf, np):
    keras = tf.keras
    keras.backend.clear_session()
    with tf.Graph().as_default(), tf.Session() as session:
        keras.backend.set_session(session)
        x = tf.placeholder(tf.float32, [None, 4], name="x")
        hidden = keras.layers.Dense(3, activation="relu", kernel_initializer="ones")(x)
        out = tf.layers.dense(hidden, 2, kernel_initializer=tf.ones_initializer())
        loss = tf.reduce_mean(tf.square(out))
        train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
        session.run(tf.global_variables_initializer())
        fed = {x: _random(np, 5, 4)}
        values = [session.run([loss, train], fed)[0] for _ in range(3)]
        names = [v.name for v in tf.global_variables()]
        trainable = [v.name for v in tf.trainable_variables()]
        same = keras.backend.get_session() is session
    keras.backend.clear_session()
    return [values, names, trainable, same]


def learning_phases(tf, np):
    keras, K = tf.keras, tf.keras.backend
    K.clear_session()
    a = keras.Input((4,))
    b = keras.layers.Dropout(0.5, seed=1)(a)
    phase = K.learning_phase()
    found = [phase.name, str(phase.dtype), str(phase.shape)]
    ones = np.ones((2, 4), "float32")
    run = K.function([a, phase], [b])
    found += [run([ones, 0])[0], sorted(set(run([ones, 1])[0].ravel().tolist()) - {0.0})]
    K.set_learning_phase(1)
    found.append(K.learning_phase())
    c = keras.layers.Dropout(0.5)(a)
    found.append([op.type for op in (c.op,)])
    K.clear_session()
    return found


def lambdas(tf, np):
    keras, K = tf.keras, tf.keras.backend
    K.clear_session()
    a = keras.Input((3,))
    b = keras.layers.Lambda(lambda x, power: x ** power, arguments={"power": 2}, name="square")(a)
    c = keras.layers.Lambda(lambda t: t[0] + K.sum(t[1], axis=-1, keepdims=True))([a, b])
    model = keras.Model(a, c)
    d = tf.reduce_mean(c * 2 + 1, axis=-1)
    with_ops = keras.Model(a, d)
    return [model.predict(_random(np, 2, 3)), [x.name for x in (b, c, d)],
            with_ops.predict(_random(np, 2, 3)),
            [layer.name for layer in with_ops.layers]]  # fmt: skip


def seeds_behind_layers(tf, np):
    """What is drawn by its place in the graph, behind layers of several nodes."""
    layers = tf.keras.layers
    tf.keras.backend.clear_session()
    tf.set_random_seed(3)

    class Looked(layers.Layer):
        def build(self, input_shape):
            self.table = self.add_weight("table", (6, 3), initializer="ones")
            self.built = True

        def call(self, x):
            return tf.nn.embedding_lookup(self.table, tf.cast(x, tf.int32))

    a = tf.keras.Input((4,))
    x, masked = layers.Embedding(6, 3)(a), layers.Embedding(6, 3, mask_zero=True)(a)
    made = [
        Looked()(a), x, masked, *(layer(2)(y) for layer in (layers.LSTM, layers.GRU)
                                  for y in (x, masked)),
        layers.SimpleRNN(2, unroll=True)(x), layers.Bidirectional(layers.SimpleRNN(2))(x),
    ]  # fmt: skip
    drawn = [tf.random_uniform([])]
    for each in made:
        drawn.append(layers.Dense(1, use_bias=False))
        drawn[-1](each)
    with tf.keras.backend.get_session() as session:
        session.run(tf.global_variables_initializer())
        return [session.run(drawn[0]), [layer.get_weights()[0] for layer in drawn[1:]]]
