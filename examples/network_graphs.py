"""Networks by their name scopes: what each part holds, and what flows from one to the next.

Nothing is run: the tables and drawings are of graphs as they were built.

    python examples/network_graphs.py
    python examples/network_graphs.py --network lstm --depth 5    # into the loop
"""
import argparse
from pathlib import Path

import minitf as tf
from minitf import explain
from minitf.contrib.slim.nets import resnet_v1


def cnn():
    """The MNIST tutorial's network of two convolutions."""
    x, y = tf.placeholder(tf.float32, [None, 784], "x"), tf.placeholder(tf.int64, [None], "y")
    keep_prob = tf.placeholder(tf.float32, [], "keep_prob")
    hidden = tf.reshape(x, [-1, 28, 28, 1])
    for filters in (32, 64):
        hidden = tf.layers.conv2d(hidden, filters, 5, padding="same", activation=tf.nn.relu)
        hidden = tf.layers.max_pooling2d(hidden, 2, 2)
    hidden = tf.layers.dense(tf.layers.flatten(hidden), 1024, tf.nn.relu)
    with tf.name_scope("dropout"):
        hidden = tf.nn.dropout(hidden, keep_prob)
    logits = tf.layers.dense(hidden, 10)
    loss = tf.losses.sparse_softmax_cross_entropy(y, logits)
    tf.train.AdamOptimizer(1e-4).minimize(loss)
    with tf.name_scope("accuracy"):
        tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), y), tf.float32))


def lstm():
    """A recurrent network that reads an image row by row."""
    x, y = tf.placeholder(tf.float32, [None, 28, 28], "x"), tf.placeholder(tf.int64, [None], "y")
    cell = tf.nn.rnn_cell.BasicLSTMCell(128)
    _, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
    loss = tf.losses.sparse_softmax_cross_entropy(y, tf.layers.dense(state.h, 10))
    tf.train.AdamOptimizer().minimize(loss)


def resnet():
    """The residual network of 50 layers."""
    images = tf.placeholder(tf.float32, [None, 224, 224, 3], "images")
    resnet_v1.resnet_v1_50(images, 1000, is_training=False)


NETWORKS = {"cnn": cnn, "lstm": lstm, "resnet": resnet}


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--network", choices=list(NETWORKS), help="one only")
    parser.add_argument("--depth", type=int, help="how many parts of a name are shown")
    parser.add_argument("--out", default="pictures", help="folder for the drawings")
    args = parser.parse_args(argv)

    found = {}
    for name in [args.network] if args.network else NETWORKS:
        tf.reset_default_graph()
        NETWORKS[name]()
        found[name] = explain.graph(depth=args.depth)
        path = Path(args.out, f"graph_{name}.svg")
        path.parent.mkdir(parents=True, exist_ok=True)
        found[name].save(path)
        print(f"\n{NETWORKS[name].__doc__}\n{found[name]}\nDrawing: {path}")
    return found


if __name__ == "__main__":
    main()
