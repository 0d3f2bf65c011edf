"""The rows as one TensorFlow 1 program, for minitf, TensorFlow 1.15 and TensorFlow 2's compat.v1.

`tf` is whichever of them the worker has loaded: the text of the program is the same.
"""
import time
from collections import namedtuple

import numpy as np

from benchmarks import (  # noqa: F401  rows register themselves
    eager_rows,
    model_rows,
    op_rows,
    program_rows,
    rows,
    shape_rows,
)
from benchmarks.training import Training

Built = namedtuple("Built", ["session", "train", "cost", "feeds"])


def build(tf, row):
    """The row, ready to train."""
    if row.model == "op":
        return op_rows.build(tf, row)
    if row.model == "program":
        return program_rows.build(tf, row)
    return training(built(tf, row))


def training(built, wait=lambda: None):
    """What `built` gave, with what waits until the device has come to its end."""
    session, train, cost, feeds = built
    return Training(
        step=lambda: session.run(train, feed_dict=feeds),
        loss=lambda: session.run(cost, feed_dict=feeds),
        wait=wait,
        step_and_loss=lambda: session.run([train, cost], feed_dict=feeds),
    )


def built(tf, row):
    """A fresh graph of the row with its session."""
    tf.reset_default_graph()
    feeds = {
        tf.placeholder(tf.float32, [None, *array.shape[1:]]): array for array in rows.batch(row)
    }
    values = rows.weights(row)
    parameters = [
        tf.get_variable(f"parameter{i}", value.shape, initializer=tf.zeros_initializer())
        for i, value in enumerate(values)
    ]
    cost = MODELS[row.model](tf, row, parameters, *feeds)
    train = optimizer(tf, row).minimize(cost)
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    for parameter, value in zip(parameters, values):
        parameter.load(value, session)
    return Built(session, train, cost, feeds)


def optimizer(tf, row):
    if row.optimizer == "adam":
        return tf.train.AdamOptimizer(row.rate)
    return tf.train.GradientDescentOptimizer(row.rate)


def dense(tf, row, parameters, x, y):
    activation = {"relu": tf.nn.relu, "tanh": tf.nn.tanh}[row.activation]
    layer = x
    for W, b in zip(parameters[::2], parameters[1::2]):
        layer = tf.matmul(layer if layer is x else activation(layer), W) + b
    if rows.is_regression(row):
        return tf.reduce_mean(tf.square(layer - y))
    cost = cross_entropy(tf, layer, y)
    if row.l2:
        cost += row.l2 * tf.add_n([tf.nn.l2_loss(W) for W in parameters[::2]])
    return cost


def chain(tf, row, parameters):
    (x,) = parameters
    return tf.reduce_sum(tf.tanh(1.5 * x + 0.5) * tf.exp(-0.5 * x * x) + 0.1 * tf.square(x))


def cnn(tf, row, parameters, x, y):
    K1, b1, K2, b2, W1, c1, W2, c2 = parameters
    layer = x
    for K, b in ((K1, b1), (K2, b2)):
        layer = tf.nn.relu(tf.nn.conv2d(layer, K, strides=[1, 1, 1, 1], padding="SAME") + b)
        layer = tf.nn.max_pool(layer, [1, 2, 2, 1], [1, 2, 2, 1], padding="SAME")
    flat = tf.reshape(layer, [-1, W1.shape.as_list()[0]])
    hidden = tf.nn.relu(tf.matmul(flat, W1) + c1)
    return cross_entropy(tf, tf.matmul(hidden, W2) + c2, y)


def lstm(tf, row, parameters, x, y):
    W, b, V, d = parameters
    h = c = tf.zeros([tf.shape(x)[0], row.sizes[2]])
    for inputs in tf.unstack(x, row.sizes[0], axis=1):
        i, j, f, o = tf.split(tf.matmul(tf.concat([inputs, h], 1), W) + b, 4, axis=1)
        c = tf.sigmoid(f + 1.0) * c + tf.sigmoid(i) * tf.tanh(j)
        h = tf.sigmoid(o) * tf.tanh(c)
    return cross_entropy(tf, tf.matmul(h, V) + d, y)


def scan(tf, row, parameters, x):
    W, b = parameters
    start = tf.zeros([row.batch, row.sizes[1]])
    states = tf.scan(lambda state, inputs: tf.tanh(tf.matmul(state, W) + inputs + b), x, start)
    return tf.reduce_mean(tf.square(states - 0.1))


def cross_entropy(tf, logits, labels):
    return tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(logits=logits, labels=labels))


MODELS = {"dense": dense, "chain": chain, "cnn": cnn, "lstm": lstm, "scan": scan}


def plan(tf, nodes):
    """Seconds to build a training step of about so many nodes, and of its first and second run.

    The network is as deep as it takes: what users build by hundreds of layers or unrolled steps.
    """
    tf.reset_default_graph()
    start = time.perf_counter()
    graph = tf.get_default_graph()
    x = tf.placeholder(tf.float32, [None, 8])
    layer, depth = x, 0
    # A layer makes some 12 nodes, and its gradient and update twice as many again.
    while len(graph.get_operations()) < 0.44 * nodes:
        layer = dense_layer(tf, layer, depth)
        depth += 1
    train = tf.train.GradientDescentOptimizer(0.01).minimize(tf.reduce_mean(tf.square(layer)))
    initialise = tf.global_variables_initializer()
    session = tf.Session()
    feeds = {x: np.ones((4, 8), np.float32)}
    times = [time.perf_counter()]
    session.run(initialise)
    for _ in range(2):
        session.run(train, feed_dict=feeds)
        times.append(time.perf_counter())
    return {
        "nodes": len(graph.get_operations()),
        "build": times[0] - start,
        "first": times[1] - times[0],
        "second": times[2] - times[1],
    }


def dense_layer(tf, layer, depth):
    W = tf.get_variable(f"W{depth}", [8, 8], initializer=tf.zeros_initializer())
    b = tf.get_variable(f"b{depth}", [8], initializer=tf.zeros_initializer())
    return tf.tanh(tf.matmul(layer, W) + b)
