"""tf.keras.layers.DenseFeatures: models of columns of features."""

from goldens.kit import eagerly, said


def _columns(tf):
    fc = tf.feature_column
    words = fc.categorical_column_with_vocabulary_list("word", ["a", "b", "c"])
    age = fc.numeric_column("age")
    return [
        fc.embedding_column(fc.categorical_column_with_hash_bucket("town", 5), 3),
        fc.bucketized_column(age, [20.0, 40.0]), fc.indicator_column(words), age,
    ]  # fmt: skip


def _features(np):
    return {
        "age": np.array([[10.0], [30.0], [50.0], [30.0]], np.float32),
        "town": np.array([["x"], ["y"], ["z"], ["x"]]),
        "word": np.array([["b"], ["a"], ["c"], ["b"]]),
    }  # fmt: skip


def a_layer_alone(tf, np):
    tf.set_random_seed(3)
    layer = tf.keras.layers.DenseFeatures(_columns(tf), name="features")
    parts = {}
    found = layer({k: tf.constant(v) for k, v in _features(np).items()}, parts)
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.tables_initializer()])
        values = sess.run(found)
    names = sorted(column.name for column in parts)
    return (
        values, [v.name for v in layer.weights], names, found.shape.as_list(),
        layer.compute_output_shape((4,)),
    )  # fmt: skip


def _trained(tf, np, columns):
    tf.set_random_seed(3)
    k = tf.keras.layers
    model = tf.keras.Sequential([k.DenseFeatures(columns), k.Dense(4, "tanh"), k.Dense(1)])
    model.compile("sgd", "mse")
    x, y = _features(np), np.array([[1.0], [2.0], [3.0], [4.0]])
    losses = model.fit(x, y, batch_size=2, epochs=2, shuffle=False, verbose=0).history["loss"]
    return len(losses), [w.shape for w in model.get_weights()], model.predict(x).shape


def models_of_dictionaries(tf, np):
    with eagerly(tf):
        at_once = _trained(tf, np, _columns(tf))
    return at_once, _trained(tf, np, _columns(tf)[:2])


def features_that_do_not_fit(tf, np):
    fc, k = tf.feature_column, tf.keras.layers
    hashed = fc.categorical_column_with_hash_bucket("town", 5)
    dense = tf.keras.Sequential([k.Dense(1)])
    dense.compile("sgd", "mse")
    layer = k.DenseFeatures([fc.numeric_column("age")])
    return (
        said(lambda: k.DenseFeatures([hashed]), "Items of feature_columns must be a"),
        said(lambda: layer(tf.ones([2, 1])), "We expected a dictionary here"),
        said(lambda: layer({"other": tf.ones([2, 1])}), "Feature age is not in features"),
        said(lambda: dense.fit(_features(np), np.ones([4, 1])), "Passing a dictionary input"),
    )
