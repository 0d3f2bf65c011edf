"""The talk's published notebook: MNIST with two hidden layers and L2, as it was typed in 2017.

You learn that nothing has to change in such a script, and what its choices cost: weights drawn with
standard deviation 1 need the 200 epochs (examples/mnist.py needs 20 with scaled ones).

    python examples/talk_notebook.py                   # 200 epochs, some minutes
    python examples/talk_notebook.py --epochs 50       # "honestly, 50 is enough"
"""
import argparse

import numpy as np

import minitf as tf
from minitf.examples.tutorials.mnist import input_data

try:
    from sklearn.utils import shuffle
except ImportError:
    def shuffle(X, Y):
        order = np.random.permutation(len(X))
        return X[order], Y[order]

HIDDEN_1 = 256
HIDDEN_2 = 128
REGULARIZATION_CONSTANT = 0.01
LEARNING_RATE = 0.05
BATCH_SIZE = 128


def get_minibatches(X, Y, batch_size):
    X, Y = shuffle(X, Y)
    for start in range(0, len(X), batch_size):
        yield X[start:start + batch_size], Y[start:start + batch_size]


def build():
    X = tf.placeholder(tf.float32, [None, 784], name="X")
    Y = tf.placeholder(tf.float32, [None, 10], name="Y")

    with tf.variable_scope("mnist_3layers_L2_expt1"):
        regularizer = tf.contrib.layers.l2_regularizer(scale=REGULARIZATION_CONSTANT)
        W1 = tf.get_variable("weights1", [784, HIDDEN_1],
                             initializer=tf.random_normal_initializer(), regularizer=regularizer)
        b1 = tf.get_variable("bias1", [HIDDEN_1], initializer=tf.constant_initializer(0))
        W2 = tf.get_variable("weights2", [HIDDEN_1, HIDDEN_2],
                             initializer=tf.random_normal_initializer(), regularizer=regularizer)
        b2 = tf.get_variable("bias2", [HIDDEN_2], initializer=tf.constant_initializer(0))
        W3 = tf.get_variable("weights3", [HIDDEN_2, 10],
                             initializer=tf.random_normal_initializer(), regularizer=regularizer)
        b3 = tf.get_variable("bias3", [10], initializer=tf.constant_initializer(0))

    hidden_1 = tf.nn.relu(tf.matmul(X, W1) + b1)
    hidden_2 = tf.nn.relu(tf.matmul(hidden_1, W2) + b2)
    y_logits = tf.matmul(hidden_2, W3) + b3

    cross_entropy = tf.reduce_mean(
        tf.nn.softmax_cross_entropy_with_logits(logits=y_logits, labels=Y))
    cost = cross_entropy + tf.reduce_sum(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES))
    optimizer = tf.train.GradientDescentOptimizer(LEARNING_RATE).minimize(cost)
    predict = tf.argmax(y_logits, 1)
    return X, Y, cost, optimizer, predict


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=200)
    parser.add_argument("--steps", type=int, help="stop every epoch after so many minibatches")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(argv)

    tf.reset_default_graph()
    tf.set_random_seed(args.seed)
    np.random.seed(args.seed)
    mnist = input_data.read_data_sets("MNIST_data/", one_hot=True)
    X_train, Y_train = mnist.train.images, mnist.train.labels
    X_test, Y_test = mnist.test.images, mnist.test.labels
    X, Y, cost, optimizer, predict = build()

    def accuracy(images, labels):
        predictions = sess.run(predict, feed_dict={X: images})
        return 100 * float(np.mean(np.argmax(labels, axis=1) == predictions))

    costs = []
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for epoch in range(args.epochs):
            for step, (X_batch, Y_batch) in enumerate(
                    get_minibatches(X_train, Y_train, BATCH_SIZE)):
                if step == args.steps:
                    break
                _, batch_cost = sess.run([optimizer, cost], feed_dict={X: X_batch, Y: Y_batch})
                costs.append(float(batch_cost))
            if epoch == 0 or (epoch + 1) % 10 == 0 or epoch + 1 == args.epochs:
                print(f"epoch {epoch + 1:3d}  cost {costs[-1]:9.2f}  "
                      f"test accuracy {accuracy(X_test, Y_test):.1f} %")
        results = {"train": accuracy(X_train, Y_train), "test": accuracy(X_test, Y_test),
                   "costs": costs}
    print(f"train {results['train']:.1f} %, test {results['test']:.1f} %; the talk: 95.1, 95.1")
    return results


if __name__ == "__main__":
    main()
