"""Steps of which each operation runs as it is called, and steps that tf.function traces: for
`benchmarks.programs`."""
import importlib

import numpy as np

from benchmarks.program_rows import program

BATCH = 32


def eager(name):
    """Decorates a row: what it prepares, and each step, runs in eager mode."""

    def keep(prepare):
        def prepared(tf, folder):
            own = tf.__name__ == "minitf"
            modes = importlib.import_module(
                "minitf.core.eager" if own else "tensorflow.python.eager.context"
            )
            with modes.eager_mode():
                step = prepare(tf)

            def run():
                with modes.eager_mode():
                    return step()

            return run

        return program(f"eager: {name}")(prepared)

    return keep


def batch(*shape):
    random = np.random.RandomState(0)
    return random.rand(*shape).astype(np.float32), np.arange(shape[0]) % 10


def trained(tf, layers, optimizer, images, labels):
    """A step of a classifier."""
    model = tf.keras.Sequential(layers)
    images, labels = tf.constant(images), tf.constant(labels)

    def step():
        with tf.GradientTape() as tape:
            loss = tf.losses.sparse_softmax_cross_entropy(labels, model(images, training=True))
        variables = model.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
        return loss

    return step


def dense(tf, *widths):
    layers = [tf.keras.layers.Dense(width, activation="relu") for width in widths]
    return [*layers, tf.keras.layers.Dense(10)]


@eager("100 additions of vectors of 10")
def additions(tf):
    x = tf.ones([10])

    def step():
        y = x
        for _ in range(100):
            y = y + x
        return y

    return step


@eager("the gradient of a sum of 10 products, 100 numbers each")
def products(tf):
    values = [tf.contrib.eager.Variable(tf.ones([100])) for _ in range(10)]

    def step():
        with tf.GradientTape() as tape:
            loss = tf.add_n([tf.reduce_sum(v * v) for v in values])
        return tape.gradient(loss, values)

    return step


@eager("784-32-10, gradient descent, batch 32")
def small(tf):
    optimizer = tf.train.GradientDescentOptimizer(0.1)
    return trained(tf, dense(tf, 32), optimizer, *batch(BATCH, 784))


@eager("784-256-128-10, Adam, batch 128")
def wide(tf):
    optimizer = tf.train.AdamOptimizer(0.001)
    return trained(tf, dense(tf, 256, 128), optimizer, *batch(128, 784))


@eager("convolutions 16 and 32 of 28 x 28, Adam, batch 32")
def convolutions(tf):
    make = tf.keras.layers
    layers = [
        make.Conv2D(16, 3, activation="relu"), make.MaxPooling2D(), make.Dropout(0.2),
        make.Conv2D(32, 3, activation="relu"), make.MaxPooling2D(), make.Flatten(), make.Dense(10),
    ]  # fmt: skip
    return trained(tf, layers, tf.train.AdamOptimizer(0.001), *batch(BATCH, 28, 28, 1))


@eager("LSTM 64 over 28 rows of 28, Adam, batch 32")
def recurrent(tf):
    layers = [tf.keras.layers.LSTM(64), tf.keras.layers.Dense(10)]
    return trained(tf, layers, tf.train.AdamOptimizer(0.001), *batch(BATCH, 28, 28))


@eager("the first of these networks as a tf.function")
def traced(tf):
    optimizer = tf.train.GradientDescentOptimizer(0.1)
    return tf.function(trained(tf, dense(tf, 32), optimizer, *batch(BATCH, 784)))
