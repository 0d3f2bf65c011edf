"""Records SavedModels of objects that TensorFlow 1.15.5 writes, and what they give when it has
loaded them, into saved_models.json.

As record.py, under Python 3.7, from the root of the repository:
    python tests/goldens/record_saved_models.py
"""

import base64
import os
import sys
import tempfile
import zlib

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import numpy as np

from goldens.record import HERE, quiet_tensorflow, write

GOLDEN = os.path.join(HERE, "saved_models.json")
X = np.linspace(-1, 1, 12).reshape(4, 3).astype(np.float32)
Y = np.linspace(1, 0, 8).reshape(4, 2).astype(np.float32)


def packed(folder):
    """{path: content} of the files of a folder."""
    found = {}
    for base, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(base, name)
            with open(path, "rb") as file:
                content = base64.b64encode(zlib.compress(file.read(), 9)).decode()
            found[os.path.relpath(path, folder)] = content
    return found


def plain(value):
    return np.asarray(value).tolist()


# -- modules --------------------------------------------------------------------------------------


def module(tf, folder):
    spec = tf.TensorSpec

    class Module(tf.Module):
        def __init__(self):
            super().__init__()
            self.v, self.n = tf.Variable(2.0, name="v"), tf.Variable(0, trainable=False)
            self.k, self.parts = tf.constant([1.0, 2.0]), [tf.Variable(3.0), {"z": tf.Variable(4)}]
            self.sub = tf.train.Checkpoint(w=tf.Variable([5.0]))

        @tf.function(input_signature=[spec([], tf.float32)])
        def branch(self, x):
            return x * self.v if x > 0 else -x

        @tf.function(input_signature=[spec([], tf.float32), spec([], tf.int32)])
        def loop(self, x, n):
            for _ in tf.range(n):
                x = x * self.v
            return x

        @tf.function(input_signature=[spec([], tf.float32)])
        def listed(self, x):
            found = tf.TensorArray(tf.float32, 3)
            for i in tf.range(3):
                found = found.write(i, x * self.v)
            return found.stack()

        @tf.function(input_signature=[])
        def count(self):
            self.n.assign_add(1)
            return self.n + 0

        @tf.function
        def scaled(self, x, scale=1.0, *, flag=True):
            return {"a": x * scale + self.k, "b": (x, None)} if flag else x

        @tf.function(input_signature=[tf.SparseTensorSpec([None, 3], tf.float32)])
        def dense(self, x):
            return tf.sparse.to_dense(x)

    made = Module()
    made.scaled(tf.constant([1.0, 1.0]))
    made.scaled(tf.constant([1.0, 1.0]), 3.0, flag=False)
    tf.saved_model.save(made, folder, {"branch": made.branch, "loop": made.loop})


def table(tf, folder):
    path = os.path.join(tempfile.mkdtemp(), "words.txt")
    with open(path, "w") as file:
        file.write("a\nb\nc\n")

    class Module(tf.Module):
        def __init__(self):
            super().__init__()
            index = tf.lookup.TextFileIndex
            lines = tf.lookup.TextFileInitializer(
                path, tf.string, index.WHOLE_LINE, tf.int64, index.LINE_NUMBER
            )
            self.lines = lines  # else its file is no asset: the table would be read from `path`
            self.table = tf.lookup.StaticVocabularyTable(lines, 1)

        @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
        def __call__(self, words):
            return self.table.lookup(words)

    tf.saved_model.save(Module(), folder)


# -- models ---------------------------------------------------------------------------------------


def sequential(tf, folder):
    layers = tf.keras.layers
    model = tf.keras.Sequential([
        layers.Dense(3, "relu", input_shape=(3,), kernel_regularizer="l2"),
        layers.BatchNormalization(), layers.Dense(2, activity_regularizer="l1"),
    ])  # fmt: skip
    model.compile(tf.keras.optimizers.Adam(0.1), "mse", ["mae"])
    model.fit(X, Y, verbose=0)
    model.save(folder, save_format="tf")
    return _of_model(tf, folder)


def functional(tf, folder):
    inputs = tf.keras.Input((3,), name="given")
    hidden = tf.keras.layers.Dense(2, "tanh")(inputs)
    outputs = tf.keras.layers.Dense(2, name="made")(tf.keras.layers.add([hidden, hidden]))
    tf.keras.Model(inputs, outputs).save(folder, save_format="tf")
    return _of_model(tf, folder)


def subclass(tf, folder):
    class Own(tf.keras.Model):
        def __init__(self):
            super().__init__()
            self.parts = [tf.keras.layers.Dense(4), tf.keras.layers.Dense(2)]

        def call(self, inputs):
            return self.parts[1](self.parts[0](inputs))

    model = Own()
    model.predict(X)
    model.save(folder, save_format="tf")
    return _of_model(tf, folder)


def _of_model(tf, folder):
    """What the model gives when it is loaded, before and after a step of training."""
    model = tf.keras.models.load_model(folder)
    found = {
        "class": type(model).__name__, "layers": [type(layer).__name__ for layer in model.layers],
        "names": [model.input_names, model.output_names],
        "weights": [each.name for each in model.weights],
        "trainable": len(model.trainable_weights), "predicted": plain(model.predict(X)),
    }  # fmt: skip
    if not model.optimizer:
        model.compile(tf.keras.optimizers.SGD(0.1), "mse")
    found["metrics"] = model.metrics_names
    found["evaluated"] = plain(model.evaluate(X, Y, verbose=0))
    found["trained"] = plain(model.train_on_batch(X, Y))
    found["predicted after"] = plain(model.predict(X))
    return found


def exported(tf, folder):
    """A SavedModel of graphs, and the model as JSON."""
    model = tf.keras.Sequential([tf.keras.layers.Dense(2, input_shape=(3,))])
    model.compile(tf.keras.optimizers.SGD(0.1), "mse")
    model.fit(X, Y, verbose=0)
    tf.keras.experimental.export_saved_model(model, folder)
    return {"predicted": plain(model.predict(X)), "evaluated": plain(model.evaluate(X, Y))}


def main():
    tf = quiet_tensorflow()
    tf.enable_eager_execution()
    golden = {}
    for scene in (module, table, sequential, functional, subclass, exported):
        folder = os.path.join(tempfile.mkdtemp(), "model")
        tf.set_random_seed(1)
        found = scene(tf, folder) or {}
        found["files"] = packed(folder)
        golden[scene.__name__] = found
    write(golden, GOLDEN)


if __name__ == "__main__":
    main()
