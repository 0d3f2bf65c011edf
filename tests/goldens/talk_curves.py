"""The talk's models from fixed weights on fixed batches of real MNIST: their costs, step by step.

Under TensorFlow 1.15 (see record.py for the oracle) this records talk_curves.json:
    python tests/goldens/talk_curves.py [folder of the MNIST files]

The weights are 0.1 times a seeded normal draw: with the talk's own standard deviation of 1, two
hidden layers are chaotic and TensorFlow's own versions part after a few steps.
"""

import gzip
import os
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
GOLDEN = os.path.join(HERE, "talk_curves.json")
MNIST = os.path.join(HERE, "..", "..", "examples", "data", "mnist")
STEPS, BATCH, RATE = 100, 100, 0.05
L2 = 0.01


def first_images(folder=MNIST, count=10000):
    """The first training images, flat in [0, 1], and their labels, both in file order."""
    with gzip.open(os.path.join(folder, "train-images-idx3-ubyte.gz")) as file:
        pixels = np.frombuffer(file.read(16 + 784 * count), np.uint8)[16:]
    with gzip.open(os.path.join(folder, "train-labels-idx1-ubyte.gz")) as file:
        labels = np.frombuffer(file.read(8 + count), np.uint8)[8:]
    return pixels.reshape(count, 784).astype(np.float32) / np.float32(255), labels


def mnist_batches(folder=MNIST):
    images, labels = first_images(folder, STEPS * BATCH)
    one_hot = np.eye(10, dtype=np.float32)[labels]
    starts = range(0, STEPS * BATCH, BATCH)
    return [(images[i : i + BATCH], one_hot[i : i + BATCH]) for i in starts]


def house_batches():
    """Made-up houses with three features of order one and a linear price."""
    draw = np.random.RandomState(7)
    features = draw.randn(STEPS * 32, 3).astype(np.float32)
    prices = (
        features.dot(np.float32([[3.0], [-1.0], [0.5]])) - 2.0 + 0.1 * draw.randn(STEPS * 32, 1)
    )
    starts = range(0, STEPS * 32, 32)
    return [(features[i : i + 32], prices[i : i + 32].astype(np.float32)) for i in starts]


def drawn(seed, *shape):
    return (0.1 * np.random.RandomState(seed).randn(*shape)).astype(np.float32)


def weight(tf, name, seed, *shape, **more):
    initializer = tf.constant_initializer(drawn(seed, *shape))
    return tf.get_variable(name, list(shape), initializer=initializer, **more)


def bias(tf, name, size):
    return tf.get_variable(name, [size], initializer=tf.constant_initializer(0))


def mnist_inputs(tf):
    return tf.placeholder(tf.float32, [None, 28 * 28]), tf.placeholder(tf.float32, [None, 10])


def cross_entropy(tf, logits, labels):
    return tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=logits, labels=labels))


def linear_regression(tf):
    X, Y = tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.float32, [None, 1])
    Y_hat = tf.matmul(X, weight(tf, "weights", 1, 3, 1)) + bias(tf, "intercept", 1)
    return X, Y, tf.reduce_mean(tf.square(Y_hat - Y)), {}


def softmax(tf):
    X, Y = mnist_inputs(tf)
    W = tf.Variable(drawn(1, 784, 10), name="weights")
    b = tf.Variable(np.zeros([10], np.float32), name="bias")
    return X, Y, cross_entropy(tf, tf.matmul(X, W) + b, Y), {}


def hidden_layer(tf, X, name, seed, inputs, nodes, **more):
    W = weight(tf, "weights" + name, seed, inputs, nodes, **more)
    return tf.matmul(X, W) + bias(tf, "bias" + name, nodes)


def linear(tf):
    X, Y = mnist_inputs(tf)
    hidden = hidden_layer(tf, X, "1", 1, 784, 128)
    return X, Y, cross_entropy(tf, hidden_layer(tf, hidden, "2", 2, 128, 10), Y), {}


def relu(tf):
    X, Y = mnist_inputs(tf)
    hidden = tf.nn.relu(hidden_layer(tf, X, "1", 1, 784, 128))
    return X, Y, cross_entropy(tf, hidden_layer(tf, hidden, "2", 2, 128, 10), Y), {}


def two_hidden(tf, X, **more):
    hidden_1 = tf.nn.relu(hidden_layer(tf, X, "1", 1, 784, 256, **more))
    hidden_2 = tf.nn.relu(hidden_layer(tf, hidden_1, "2", 2, 256, 128, **more))
    return hidden_layer(tf, hidden_2, "3", 3, 128, 10, **more)


def deep(tf):
    X, Y = mnist_inputs(tf)
    return X, Y, cross_entropy(tf, two_hidden(tf, X), Y), {}


def l2(tf):
    """The regularisation losses come from the collection, as the talk does it."""
    X, Y = mnist_inputs(tf)
    regularizer = tf.contrib.layers.l2_regularizer(scale=L2)
    logits = two_hidden(tf, X, regularizer=regularizer)
    penalties = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
    return X, Y, cross_entropy(tf, logits, Y) + tf.add_n(penalties), {}


def notebook(tf):
    """The published notebook: one scope, each weight's penalty written out with tf.nn.l2_loss."""
    X, Y = mnist_inputs(tf)
    with tf.variable_scope("mnist_3layers_L2_expt1"):
        W1, b1 = weight(tf, "weights1", 1, 784, 256), bias(tf, "bias1", 256)
        W2, b2 = weight(tf, "weights2", 2, 256, 128), bias(tf, "bias2", 128)
        W3, b3 = weight(tf, "weights3", 3, 128, 10), bias(tf, "bias3", 10)
    hidden_1 = tf.nn.relu(tf.matmul(X, W1) + b1)
    hidden_2 = tf.nn.relu(tf.matmul(hidden_1, W2) + b2)
    logits = tf.matmul(hidden_2, W3) + b3
    penalty = tf.nn.l2_loss(W1) + tf.nn.l2_loss(W2) + tf.nn.l2_loss(W3)
    return X, Y, tf.reduce_mean(cross_entropy(tf, logits, Y) + L2 * penalty), {}


def dropout_net(tf, X, drop):
    """Two hidden layers, each followed by drop(hidden)."""
    hidden_1 = drop(tf.nn.relu(hidden_layer(tf, X, "1", 1, 784, 256)))
    hidden_2 = drop(tf.nn.relu(hidden_layer(tf, hidden_1, "2", 2, 256, 128)))
    return hidden_layer(tf, hidden_2, "3", 3, 128, 10)


def dropout(tf):
    """keep_prob is a placeholder and fed 1.0, so that nothing is drawn."""
    X, Y = mnist_inputs(tf)
    keep_prob = tf.placeholder(tf.float32)
    logits = dropout_net(tf, X, lambda hidden: tf.nn.dropout(hidden, keep_prob))
    return X, Y, cross_entropy(tf, logits, Y), {keep_prob: 1.0}


def masked(tf):
    """Dropout by masks that are fed, so that the zeros are the same everywhere."""
    X, Y = mnist_inputs(tf)
    draw = np.random.RandomState(5)
    fed = {}

    def drop(hidden):
        nodes = hidden.get_shape().as_list()[1]
        mask = tf.placeholder(tf.float32, [None, nodes])
        fed[mask] = draw.rand(BATCH, nodes) < 0.5
        return hidden * mask / 0.5

    return X, Y, cross_entropy(tf, dropout_net(tf, X, drop), Y), fed


MODELS = {
    model.__name__: model
    for model in (linear_regression, softmax, linear, relu, deep, l2, notebook, dropout, masked)
}


def curve(tf, name, folder=MNIST):
    """The cost before each of the 100 steps of gradient descent."""
    tf.reset_default_graph()
    X, Y, cost, feed = MODELS[name](tf)
    train = tf.train.GradientDescentOptimizer(RATE).minimize(cost)
    batches = house_batches() if name == "linear_regression" else mnist_batches(folder)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        costs = []
        for x, y in batches:
            feed.update({X: x, Y: y})
            costs.append(float(sess.run(cost, feed)))
            sess.run(train, feed)
    return costs


def main(folder=MNIST):
    sys.path.insert(0, os.path.dirname(HERE))
    from goldens.record import compact, quiet_tensorflow

    tf = quiet_tensorflow()
    golden = {name: [float(f"{c:.7g}") for c in curve(tf, name, folder)] for name in MODELS}
    with open(GOLDEN, "w") as out:
        lines = [f"{compact(name)}:{compact(golden[name])}" for name in sorted(golden)]
        out.write("{\n" + ",\n".join(lines) + "\n}\n")
    for name, costs in golden.items():
        print(f"{name:20s} {costs[0]:9.4f} -> {costs[-1]:9.4f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
