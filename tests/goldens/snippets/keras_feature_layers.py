"""tf.keras.layers.DenseFeatures, tf.keras.experimental.SequenceFeatures, LinearModel,
WideDeepModel."""

from goldens.kit import run, said


def _columns(tf):
    column = tf.feature_column
    of_words = column.categorical_column_with_vocabulary_list("v", ["a", "b"])
    return [
        column.embedding_column(column.categorical_column_with_identity("c", 4), 3,
                                initializer=tf.ones_initializer()),
        column.numeric_column("n", (2,)), column.indicator_column(of_words),
        column.bucketized_column(column.numeric_column("b"), [1.0, 2.0]),
    ]  # fmt: skip


def _features(tf):
    return {"c": tf.constant([[1], [2]]), "n": tf.constant([[1.0, 2.0], [3.0, 4.0]]),
            "v": tf.constant([["a"], ["b"]]), "b": tf.constant([[0.0], [1.5]])}  # fmt: skip


def dense_features(tf, np):
    layer, parts = tf.keras.layers.DenseFeatures(_columns(tf)), {}
    found = layer(_features(tf), cols_to_output_tensors=parts)
    again = tf.keras.layers.DenseFeatures.from_config(
        {**layer.get_config(), "name": "again"}
    )
    weights = again(_features(tf))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(tf.tables_initializer())
        values = sess.run([found, weights])
    return [values, found.op.name, [w.name for w in layer.weights],
            [w.name for w in again.weights], layer.get_config(),
            [column.name for column in parts], list(layer.compute_output_shape((None,))),
            said(lambda: tf.keras.layers.DenseFeatures(
                tf.feature_column.categorical_column_with_identity("c", 4)), "You can wrap a"),
            said(lambda: layer(tf.constant([1.0])), "We expected a dictionary here")]  # fmt: skip


def features_of_a_model(tf, np):
    column = tf.feature_column
    n = column.numeric_column("n", (2,))
    c = column.embedding_column(column.categorical_column_with_identity("c", 4), 3,
                                initializer=tf.ones_initializer())  # fmt: skip
    x = {"n": np.ones((4, 2), np.float32), "c": np.ones((4, 1), np.int64)}
    y = np.ones((4, 1), np.float32)
    dense = tf.keras.layers.Dense
    model = tf.keras.Sequential([tf.keras.layers.DenseFeatures([n, c], name="first"),
                                 dense(1, kernel_initializer="ones")])  # fmt: skip
    model.compile("sgd", "mse")
    data = tf.data.Dataset.from_tensor_slices((x, y)).batch(2).repeat()
    loss = float(model.fit(data, steps_per_epoch=2, verbose=0).history["loss"][-1])
    found = [loss, model.predict(x), model.get_weights(), [w.name for w in model.weights]]
    inputs = {"n": tf.keras.Input((2,), name="n"),
              "c": tf.keras.Input((1,), name="c", dtype=tf.int64)}  # fmt: skip
    z = dense(1, kernel_initializer="ones")(tf.keras.layers.DenseFeatures([n, c])(inputs))
    given = tf.keras.Model(inputs, z)
    given.compile("sgd", "mse")
    plain = tf.keras.Sequential([dense(1)])
    plain.compile("sgd", "mse")
    return [*found, float(given.fit(x, y, verbose=0).history["loss"][-1]), given.predict(x),
            said(lambda: plain.fit(x, y, verbose=0), "doesn't have FeatureLayer")]  # fmt: skip


def sequence_features(tf, np):
    column = tf.feature_column
    numbers = column.sequence_numeric_column("n")
    words = column.indicator_column(column.sequence_categorical_column_with_identity("c", 3))
    layer = tf.keras.experimental.SequenceFeatures([numbers, words])
    n = tf.SparseTensor([[0, 0], [0, 1], [1, 0]], [1.0, 2.0, 3.0], [2, 2])
    c = tf.SparseTensor([[0, 0], [0, 1], [1, 0]], [0, 2, 1], [2, 2])
    parts, lengths = layer({"n": n, "c": c})
    return [run(tf, [parts, lengths]), parts.op.name, layer.get_config(),
            said(lambda: tf.keras.experimental.SequenceFeatures([column.numeric_column("n")]),
                 "You can wrap a")]  # fmt: skip


def linear_and_wide(tf, np):
    from_config = tf.keras.experimental.LinearModel.from_config
    linear = tf.keras.experimental.LinearModel(2, "relu", kernel_initializer="ones")
    linear.compile("sgd", "mse")
    x, y = np.arange(6.0).reshape(3, 2), np.ones((3, 2))
    loss = linear.fit(x, y, verbose=0).history["loss"]
    found = [float(loss[-1]), linear.predict(x), linear.get_weights(), linear.get_config(),
             from_config({"units": 3}).units]  # fmt: skip
    several = tf.keras.experimental.LinearModel(1, kernel_initializer="ones", use_bias=False)
    several.compile("sgd", "mse")
    loss = several.fit([x, x * 2], y[:, :1], verbose=0).history["loss"][-1]
    found.append(float(loss))
    one = tf.keras.experimental.LinearModel(1, kernel_initializer="ones")
    deep = tf.keras.Sequential([tf.keras.layers.Dense(1, kernel_initializer="ones")])
    both = tf.keras.experimental.WideDeepModel(one, deep, activation="tanh")
    both.compile(["sgd", "adam"], "mse")
    loss = both.fit([x * 0.1, x * 0.2], y[:, :1], epochs=2, verbose=0).history["loss"]
    found.append(float(loss[-1]))
    return [*found, both.get_weights(), both.predict([x, x])]
