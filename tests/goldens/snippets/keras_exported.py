"""tf.keras.experimental.export_saved_model: its graphs, and what is read back."""

import os
import shutil
import tempfile

from goldens.kit import eagerly, said

X, Y = [[1.0, 2.0], [3.0, -1.0]], [[1.0], [0.0]]


def _folder(test):
    folder = tempfile.mkdtemp()
    try:
        return test(os.path.join(folder, "m"))
    finally:
        shutil.rmtree(folder)


def _model(tf, np, optimizer):
    layers, half = tf.keras.layers, tf.keras.initializers.Constant(0.5)
    inputs = tf.keras.Input((2,), name="x")
    hidden = layers.Dense(2, "tanh", kernel_initializer=half, name="a", kernel_regularizer="l2")
    normed = layers.BatchNormalization(name="n")(hidden(inputs))
    outputs = layers.Dense(1, kernel_initializer=half, name="y")(normed)
    model = tf.keras.Model(inputs, outputs)
    if optimizer is not None:
        model.compile(optimizer, "mse", ["mae", tf.keras.metrics.MeanSquaredError(name="s")])
        model.fit(np.array(X), np.array(Y), verbose=0, epochs=2)
    return model


def _of_graph(tf, np, path, tags):
    """What is in a graph of the folder, and what it gives in two steps."""
    with tf.Session(graph=tf.Graph()) as sess:
        loaded = tf.saved_model.load(sess, tags, path)
        named = {key: sig for key, sig in loaded.signature_def.items() if key[:2] != "__"}
        (key, signature), = named.items()
        fed = {"x": X, "y_target": Y}
        feeds = {info.name: fed[name] for name, info in signature.inputs.items()}
        fetches = {name: info.name for name, info in signature.outputs.items()}
        found = [key, sorted(loaded.signature_def), signature.method_name,
                 sorted(signature.inputs), sorted(fetches),
                 [len(tf.get_collection(each)) for each in ("variables", "local_variables",
                  "trainable_variables", "update_ops")]]  # fmt: skip
        updates = [fetches.pop(key) for key in list(fetches) if key.endswith("update_op")]
        for _ in range(2):
            sess.run(updates, feeds)
            values = sess.run(fetches, feeds)
            found.append({name: np.round(value, 3).tolist() for name, value in values.items()})
            if "__saved_model_train_op" in loaded.signature_def:
                op = loaded.signature_def["__saved_model_train_op"].outputs
                sess.run(op["__saved_model_train_op"].name, feeds)
                found.append(int(sess.run(tf.train.get_global_step())))
    return found


def _exported(tf, np, optimizer, **options):
    def test(path):
        model = _model(tf, np, optimizer)
        tf.keras.experimental.export_saved_model(model, path, **options)
        again = tf.keras.experimental.load_from_saved_model(path)
        same = [np.allclose(a, b) for a, b in zip(model.get_weights(), again.get_weights())]
        modes = [["serve"]] if optimizer is None else [["train"], ["eval"], ["serve"]]
        files = sorted(name for name in os.listdir(path) if os.path.getsize(path))
        return [files, os.listdir(os.path.join(path, "assets")), same, again.optimizer is None,
                np.round(again.predict(np.array(X)), 3).tolist(),
                [_of_graph(tf, np, path, tags) for tags in modes]]  # fmt: skip

    return _folder(test)


def of_a_compiled_model(tf, np):
    return _exported(tf, np, tf.keras.optimizers.Adam(0.1))


def with_an_optimizer_of_train(tf, np):
    return _exported(tf, np, tf.train.AdamOptimizer(0.1), as_text=True)


def of_a_model_that_is_not_compiled(tf, np):
    spec = tf.TensorSpec([2, 2], tf.float32, "given")
    export = tf.keras.experimental.export_saved_model
    return _folder(lambda path: [
        export(_model(tf, np, None), path, input_signature=[spec]),
        [info.name for info in _served(tf, path).inputs.values()],
    ]) + _exported(tf, np, None)[:3]  # fmt: skip


def _served(tf, path):
    with tf.Session(graph=tf.Graph()) as sess:
        return tf.saved_model.load(sess, ["serve"], path).signature_def["serving_default"]


def where_operations_run_at_once(tf, np):
    with eagerly(tf):
        return _exported(tf, np, tf.keras.optimizers.SGD(0.1, momentum=0.5))


def that_is_refused(tf, np):
    keras = tf.keras

    class Own(keras.Model):
        def call(self, inputs):
            return inputs

    def test(path):
        export = keras.experimental.export_saved_model
        os.makedirs(path)
        with open(os.path.join(path, "f"), "w") as file:
            file.write("x")
        return [
            said(lambda: export(Own(), path + "1"), "Subclassed models can only be exported"),
            said(lambda: export(keras.Sequential([keras.layers.Dense(1)]), path + "2"),
                 "have not yet been created"),
            said(lambda: export(_model(tf, np, None), path), "exists, and isn't empty"),
            said(lambda: keras.experimental.load_from_saved_model(path), "saved_model.json"),
        ]  # fmt: skip

    return _folder(test)
