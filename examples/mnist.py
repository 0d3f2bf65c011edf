"""Handwritten digits, from softmax regression to two hidden layers with L2 or dropout.

You learn what each addition of the talk buys: a linear hidden layer next to nothing, a relu five
points, a second layer half a point, and what L2 and dropout do to the gap between train and test.

    python examples/mnist.py                           # all six models
    python examples/mnist.py --model relu --epochs 5
    python examples/mnist.py --init talk               # as typed in the talk: 200 epochs
"""
import argparse
import math
import os
import time

# Products of a hundred rows are too small to share: a second thread of OpenBLAS gains a little on
# an idle machine and costs twenty times the whole on a busy one. Set before NumPy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from plotting import BLUE, GREEN, ORANGE, PURPLE, RED, SKY, pyplot, save

import minitf as tf
from minitf.examples.tutorials.mnist import input_data

# name: sizes of the layers, what stands between them, and the talk's train and test accuracy.
# (The talk has two rows for the deep net: 98.0 / 94.2, and 95.5 / 92.9 as "no regularization".)
MODELS = {
    "softmax": ([784, 10], None, "93.0 / 92.5"),
    "linear": ([784, 128, 10], tf.identity, "89.2 / 88.8"),
    "relu": ([784, 128, 10], tf.nn.relu, "97.9 / 95.2"),
    "deep": ([784, 256, 128, 10], tf.nn.relu, "98.0 / 94.2"),
    "l2": ([784, 256, 128, 10], tf.nn.relu, "95.1 / 95.1"),
    "dropout": ([784, 256, 128, 10], tf.nn.relu, "93.3 / 93.1"),
}
COLOURS = dict(zip(MODELS, (BLUE, SKY, ORANGE, RED, GREEN, PURPLE)))
# With standard deviation 1, the logits of two hidden layers start in the hundreds: the softmax is
# saturated, wrong with full confidence, and most relus stay dead. 1/sqrt(inputs) keeps every
# layer's sums near 1, so training begins at once.
INITS = {"scaled": lambda inputs: 1 / math.sqrt(inputs), "talk": lambda inputs: 1.0}


def build(name, init, learning_rate):
    """The graph of one model: placeholders X, Y, keep_prob; cost, accuracy and train_op."""
    sizes, activation, _ = MODELS[name]
    regularizer = tf.contrib.layers.l2_regularizer(scale=0.01) if name == "l2" else None
    X = tf.placeholder(tf.float32, [None, 784], name="X")
    Y = tf.placeholder(tf.float32, [None, 10], name="Y")
    keep_prob = tf.placeholder(tf.float32, [], name="keep_prob")

    hidden = X
    for i in range(1, len(sizes)):
        inputs, outputs = sizes[i - 1], sizes[i]
        W = tf.get_variable(f"weights{i}", [inputs, outputs], regularizer=regularizer,
                            initializer=tf.random_normal_initializer(stddev=INITS[init](inputs)))
        b = tf.get_variable(f"bias{i}", [outputs], initializer=tf.constant_initializer(0))
        logits = tf.matmul(hidden, W) + b
        if outputs != 10:
            hidden = activation(logits)
        if outputs != 10 and name == "dropout":
            hidden = tf.nn.dropout(hidden, keep_prob)

    cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=logits, labels=Y))
    penalties = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
    train_op = tf.train.GradientDescentOptimizer(learning_rate).minimize(
        cost + tf.add_n(penalties) if penalties else cost)
    correct = tf.equal(tf.argmax(logits, 1), tf.argmax(Y, 1))
    accuracy = tf.reduce_mean(tf.cast(correct, tf.float32))
    return X, Y, keep_prob, cost, accuracy, train_op


def progress(epochs, name):
    """tqdm's bar where tqdm is installed, else None for plain lines."""
    try:
        from tqdm import tqdm
    except ImportError:
        return None
    return tqdm(total=epochs, desc=f"{name:8s}", unit="epoch")


def train(name, mnist, args, epochs):
    """Train one model; the training cost and validation accuracy of every epoch, and the result."""
    tf.reset_default_graph()
    tf.set_random_seed(args.seed)
    X, Y, keep_prob, cost, accuracy, train_op = build(name, args.init, args.learning_rate)
    steps = 150 if args.short else mnist.train.num_examples // args.batch_size
    costs, validation, bar = [], [], progress(epochs, name)

    def percent(data):
        feed = {X: data.images, Y: data.labels, keep_prob: 1.0}
        return 100 * float(sess.run(accuracy, feed_dict=feed))

    start = time.time()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for epoch in range(epochs):
            total = 0.0
            for _ in range(steps):
                X_batch, Y_batch = mnist.train.next_batch(args.batch_size)
                _, loss = sess.run([train_op, cost],
                                   feed_dict={X: X_batch, Y: Y_batch, keep_prob: 0.5})
                total += loss
            costs.append(total / steps)
            validation.append(percent(mnist.validation))
            line = f"cost {costs[-1]:.3f}, validation {validation[-1]:.1f} %"
            if bar:
                bar.set_postfix_str(line, refresh=False)
                bar.update()
            else:
                print(f"{name:8s} epoch {epoch + 1} of {epochs}: {line}")
        seconds = time.time() - start
        if bar:
            bar.close()
        return {"train": percent(mnist.train), "test": percent(mnist.test), "costs": costs,
                "validation": validation, "seconds": seconds}


def plot(results):
    """Learning curves: cost while training, and accuracy on the images set aside."""
    plt = pyplot()
    from matplotlib.ticker import LogLocator
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 5), constrained_layout=True)
    for name, run in results.items():
        epochs = np.arange(1, len(run["costs"]) + 1)
        for axes, key in ((left, "costs"), (right, "validation")):
            axes.plot(epochs, run[key], color=COLOURS[name], linewidth=2, marker="o",
                      markersize=3, label=name)
    left.set(title="Cost on the training batches", xlabel="epoch", ylabel="cross-entropy",
             yscale="log")
    right.set(title="Accuracy on the validation images", xlabel="epoch", ylabel="per cent")
    left.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    left.yaxis.set_major_formatter("{x:g}")
    left.minorticks_off()
    for axes in (left, right):
        axes.grid(True)
        axes.xaxis.get_major_locator().set_params(integer=True)
    right.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    return figure


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", choices=[*MODELS, "all"], default="all")
    parser.add_argument("--init", choices=list(INITS), default="scaled",
                        help="weights' standard deviation: 1/sqrt(inputs), or the talk's 1")
    parser.add_argument("--epochs", type=int, help="20 by default, 200 with --init talk")
    parser.add_argument("--batch-size", type=int, default=100)
    parser.add_argument("--learning-rate", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--short", action="store_true", help="150 minibatches of each model")
    parser.add_argument("--out", default="pictures", help="folder for the picture")
    parser.add_argument("--no-plot", action="store_true")
    args = parser.parse_args(argv)

    epochs = args.epochs or (1 if args.short else 200 if args.init == "talk" else 20)
    names = list(MODELS) if args.model == "all" else [args.model]
    mnist = input_data.read_data_sets("MNIST_data/", one_hot=True, seed=args.seed)
    deviation = {"scaled": "1/sqrt(inputs)", "talk": "1"}[args.init]
    print(f"weights: normal, standard deviation {deviation}; {epochs} epochs, "
          f"batches of {args.batch_size}, learning rate {args.learning_rate:g}")
    results = {name: train(name, mnist, args, epochs) for name in names}

    print("  accuracy, %  talk: train / test  here: train / test  seconds")
    for name, run in results.items():
        here = f"{run['train']:.1f} / {run['test']:.1f}"
        print(f"  {name:11s}  {MODELS[name][2]:>18s}  {here:>18s}  {run['seconds']:7.1f}")
    if not args.no_plot:
        results["picture"] = save(plot(results), args.out, f"mnist_{args.init}.png")
        print("Picture:", results["picture"])
    return results


if __name__ == "__main__":
    main()
