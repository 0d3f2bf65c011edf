"""The training steps that are measured: each once in minitf, once by hand in NumPy.

A row is a function that returns `step`, a function of no arguments that trains once.
"""
from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

import minitf as tf

Step = Callable[[], object]
RATE = np.float32(0.05)


def data(rows: int, inputs: int, outputs: int) -> tuple[np.ndarray, np.ndarray]:
    """Inputs, and one-hot labels (or one column of numbers), made up but always the same."""
    random = np.random.default_rng(0)
    x = random.standard_normal((rows, inputs), np.float32)
    if outputs == 1:
        return x, x.sum(axis=1, keepdims=True)
    return x, np.eye(outputs, dtype=np.float32)[random.integers(0, outputs, rows)]


def trained(cost: tf.Tensor, feeds: dict[tf.Tensor, np.ndarray]) -> Step:
    """One step of gradient descent on `cost`, through `sess.run`."""
    train = tf.train.GradientDescentOptimizer(float(RATE)).minimize(cost)
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    return lambda: session.run(train, feed_dict=feeds)


def linear_minitf() -> Step:
    x, y = data(32, 3, 1)
    tf.reset_default_graph()
    X = tf.placeholder(tf.float32, [None, 3])
    Y = tf.placeholder(tf.float32, [None, 1])
    W = tf.get_variable("weights", [3, 1], initializer=tf.random_normal_initializer())
    b = tf.get_variable("intercept", [1], initializer=tf.constant_initializer(0))
    cost = tf.reduce_mean(tf.square(tf.matmul(X, W) + b - Y))
    return trained(cost, {X: x, Y: y})


def linear_numpy() -> Step:
    x, y = data(32, 3, 1)
    W, b = np.zeros((3, 1), np.float32), np.zeros(1, np.float32)

    def step() -> None:
        slope = (x @ W + b - y) * np.float32(2 / len(x))
        W[...] -= RATE * (x.T @ slope)
        b[...] -= RATE * slope.sum(axis=0)

    return step


def network_minitf(batch: int, *sizes: int) -> Step:
    x, y = data(batch, sizes[0], sizes[-1])
    tf.reset_default_graph()
    X = tf.placeholder(tf.float32, [None, sizes[0]])
    Y = tf.placeholder(tf.float32, [None, sizes[-1]])
    layer = X
    for i, (m, n) in enumerate(pairwise(sizes)):
        W = tf.get_variable(f"W{i}", [m, n], initializer=tf.random_normal_initializer(0, m**-0.5))
        b = tf.get_variable(f"b{i}", [n], initializer=tf.zeros_initializer())
        layer = tf.matmul(layer if i == 0 else tf.nn.relu(layer), W) + b
    cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=layer, labels=Y))
    return trained(cost, {X: x, Y: y})


def network_numpy(batch: int, *sizes: int) -> Step:
    x, y = data(batch, sizes[0], sizes[-1])
    random = np.random.default_rng(0)
    weights = [
        random.standard_normal((m, n), np.float32) * np.float32(m**-0.5)
        for m, n in pairwise(sizes)
    ]
    biases = [np.zeros(n, np.float32) for n in sizes[1:]]

    def step() -> None:
        layers = [x]
        for i, (W, b) in enumerate(zip(weights, biases)):
            layer = layers[-1] @ W + b
            layers.append(np.maximum(layer, 0) if i < len(weights) - 1 else layer)
        exp = np.exp(layers[-1] - layers[-1].max(axis=1, keepdims=True))
        slope = (exp / exp.sum(axis=1, keepdims=True) - y) / np.float32(batch)
        for i in reversed(range(len(weights))):
            dW, db = layers[i].T @ slope, slope.sum(axis=0)
            if i:
                slope = slope @ weights[i].T * (layers[i] > 0)
            weights[i] -= RATE * dW
            biases[i] -= RATE * db

    return step


ROWS: dict[str, tuple[Callable[[], Step], Callable[[], Step]]] = {
    "linear regression, 3 features, batch 32": (linear_minitf, linear_numpy),
    "softmax 784-10, batch 100": (
        lambda: network_minitf(100, 784, 10),
        lambda: network_numpy(100, 784, 10),
    ),
    "784-128-10 relu, batch 100": (
        lambda: network_minitf(100, 784, 128, 10),
        lambda: network_numpy(100, 784, 128, 10),
    ),
    "784-256-128-10 relu, batch 128": (
        lambda: network_minitf(128, 784, 256, 128, 10),
        lambda: network_numpy(128, 784, 256, 128, 10),
    ),
}
