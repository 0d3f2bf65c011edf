"""What layers of one's own change, add in branches, are given beside their inputs."""

import tempfile

from goldens.kit import eagerly, said


def _counting(tf):
    class Counting(tf.keras.layers.Layer):
        def build(self, input_shape):
            self.counter = self.add_weight(shape=(), trainable=False, initializer="zeros")
            self.seen = self.add_weight(shape=(), trainable=False, initializer="zeros")

        def call(self, inputs, training=None):
            if training:
                increment = 1.0
            else:
                increment = 0.5
            self.counter.assign_add(increment)
            self.add_update(self.seen.assign_add(tf.reduce_sum(inputs)), inputs=True)
            return inputs * 2.0

    return Counting()


def updates_without_a_word(tf, np):
    found = []
    for trainable in (True, False):
        with eagerly(tf):
            inputs = tf.keras.Input((3,))
            layer, inner = _counting(tf), _counting(tf)
            outside = tf.keras.Sequential([layer, tf.keras.layers.Dense(2)])
            model = tf.keras.Model(inputs, inner(outside(inputs)))
            layer.trainable = trainable
            model.compile("sgd", "mse", experimental_run_tf_function=False)
            x, y = np.ones((2, 3)), np.ones((2, 2))
            model.train_on_batch(x, y)
            model.fit(x, y, epochs=2, verbose=0)
            found.append([[tf.keras.backend.get_value(each.counter) for each in (layer, inner)],
                          tf.keras.backend.get_value(layer.seen),
                          len(layer.updates), len(inner.updates), len(model.updates)])  # fmt: skip
    return found


def updates_without_a_word_in_a_graph(tf, np):
    inputs = tf.keras.Input((3,))
    layer = _counting(tf)
    model = tf.keras.Model(inputs, layer(inputs))
    model.compile("sgd", "mse")
    model.train_on_batch(np.ones((2, 3)), np.ones((2, 3)))
    return [tf.keras.backend.get_value(layer.counter), len(layer.updates)]


def additions_in_branches(tf, np):
    def layer(add):
        def call(self, inputs, training=None):
            if training:
                add(self, tf.reduce_sum(inputs))
            return inputs

        return type("Own", (tf.keras.layers.Layer,), {"call": call})()

    def mean(self, value):
        self.add_metric(value, name="sum", aggregation="mean")

    def penalty(self, value):
        tf.keras.layers.Dense(1, activity_regularizer="l2")(tf.reshape(value, [1, 1]))

    with eagerly(tf):
        inputs = tf.keras.Input((3,))
        return [
            said(lambda: layer(lambda self, x: self.add_loss(x))(inputs),
                 "`add_loss` in a control flow branch"),
            said(lambda: layer(mean)(inputs), "`add_metric` in a control flow branch"),
            said(lambda: layer(penalty)(inputs), "`activity_regularizer` in a control flow branch"),
        ]


def tensors_as_arguments_in_configurations(tf, np):
    class AddAll(tf.keras.layers.Layer):
        def call(self, x1, factor=None, more=None):
            return x1 * factor + more["a"] + more["b"][0]

    inputs = [tf.keras.Input((2,), name=f"in_{i}") for i in range(2)]
    double = tf.keras.layers.Lambda(lambda x: x * 2.0, name="double")
    doubled = double(inputs[1])
    made = AddAll(name="all")(doubled, factor=3.0, more={"a": doubled, "b": [inputs[0]]})
    model = tf.keras.Model(inputs, made)
    config = model.get_config()
    again = tf.keras.Model.from_config(config, {"AddAll": AddAll})
    arguments = [each["inbound_nodes"][0][0][3] for each in config["layers"]
                 if each["name"] == "all"]  # fmt: skip
    return [arguments, again.predict([np.full((1, 2), i + 1.0) for i in range(2)])]


def shapes_of_dictionaries(tf, np):
    inner_inputs = {"b": tf.keras.Input((1,)), "a": tf.keras.Input((2,))}
    inner = tf.keras.Model(inner_inputs, {
        "sum": tf.keras.layers.Add()([inner_inputs["a"], inner_inputs["b"]]),
        "wide": tf.keras.layers.Dense(5)(inner_inputs["b"]),
    })  # fmt: skip
    shapes = inner.compute_output_shape({"a": (None, 2), "b": (7, 1)})
    return [[key, str(shapes[key])] for key in sorted(shapes)]


def embeddings_of_a_checkpoint(tf, np):
    fc = tf.feature_column
    with tempfile.TemporaryDirectory() as folder:
        stored = tf.Variable([[1.0, 2.0], [3.0, 5.0], [7.0, 11.0]], name="stored")
        with tf.Session() as session:
            session.run(stored.initializer)
            path = tf.train.Saver([stored]).save(session, f"{folder}/model")
        kinds = [fc.categorical_column_with_identity(key, 3) for key in "ab"]
        given = {"ckpt_to_load_from": path, "tensor_name_in_ckpt": "stored"}
        column = fc.embedding_column(kinds[0], 2, **given)
        shared = fc.shared_embedding_columns(kinds, 2, **given)
        features = {"a": tf.constant([[2], [0]]), "b": tf.constant([[1], [1]])}
        split = tf.fixed_size_partitioner(2)
        made = [fc.input_layer(features, [column]), fc.input_layer(features, shared)]
        with tf.variable_scope("split", partitioner=split):
            made.append(fc.input_layer(features, [column]))
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            return session.run(made)
