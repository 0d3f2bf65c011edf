"""One model run in three ways: each operation at once, traced into a function, in a session.

With eager execution, which TensorFlow had from 1.7 on, an operation runs as it is called: you can
print any value, and a tape remembers what is needed for gradients. tf.function traces the same
Python into a graph. In a session a graph is all there is. The losses are the same; what differs is
the time that a step takes, while the layers are small.

    python examples/three_ways.py
    python examples/three_ways.py --widths 16 128 1024
"""
import argparse
import os
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy is loaded

import numpy as np

import minitf as tf
from minitf.examples.tutorials.mnist import input_data

WAYS = ("at once", "traced", "session")


def initial(width, seed):
    """First weights and biases of 784-width-10."""
    random = np.random.RandomState(seed)
    for inputs, outputs in ((784, width), (width, 10)):
        yield (random.randn(inputs, outputs) / np.sqrt(inputs)).astype(np.float32)
        yield np.zeros(outputs, np.float32)


def loss_of(images, labels, w1, b1, w2, b2):
    hidden = tf.nn.relu(tf.matmul(images, w1) + b1)
    logits = tf.matmul(hidden, w2) + b2
    return tf.reduce_mean(
        tf.nn.softmax_cross_entropy_with_logits_v2(labels=labels, logits=logits)
    )


def taped(width, args, wrapped=lambda step: step):
    """A function that makes a training step and returns its loss: a tape listens to the loss."""
    variables = [tf.contrib.eager.Variable(value) for value in initial(width, args.seed)]
    optimizer = tf.train.GradientDescentOptimizer(args.learning_rate)

    @wrapped
    def step(images, labels):
        with tf.GradientTape() as tape:
            loss = loss_of(images, labels, *variables)
        optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
        return loss

    return lambda images, labels: float(step(tf.constant(images), tf.constant(labels)))


def traced(width, args):
    """The same Python, traced once into a graph."""
    return taped(width, args, tf.function)


def session(width, args):
    """A graph, run in a session."""
    with tf.Graph().as_default():
        X, Y = tf.placeholder(tf.float32, [None, 784]), tf.placeholder(tf.float32, [None, 10])
        variables = [tf.Variable(value) for value in initial(width, args.seed)]
        loss = loss_of(X, Y, *variables)
        train_op = tf.train.GradientDescentOptimizer(args.learning_rate).minimize(loss)
        sess = tf.Session()
        sess.run(tf.global_variables_initializer())
    return lambda images, labels: sess.run([loss, train_op], {X: images, Y: labels})[0]


def measured(width, batches, args):
    """{way: (losses, median of the time of a step in microseconds)}, the ways by turns."""
    made = dict(zip(WAYS, (taped, traced, session)))
    steps = {way: make(width, args) for way, make in made.items()}
    losses, times = {way: [] for way in WAYS}, {way: [] for way in WAYS}
    for images, labels in batches:
        for way, step in steps.items():
            start = time.perf_counter()
            losses[way].append(step(images, labels))
            times[way].append(time.perf_counter() - start)
    half = len(batches) // 2  # what comes before is compiled meanwhile
    return {way: (losses[way], 1e6 * np.median(times[way][half:])) for way in WAYS}


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--widths", type=int, nargs="+", default=[8, 32, 128, 512])
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--learning-rate", type=float, default=0.3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", default="pictures", help="folder for the picture")
    parser.add_argument("--no-plot", action="store_true")
    args = parser.parse_args(argv)

    tf.enable_eager_execution()
    data = input_data.read_data_sets("MNIST_data/", one_hot=True, seed=args.seed)
    batches = [data.train.next_batch(args.batch_size) for _ in range(args.steps)]
    results = {width: measured(width, batches, args) for width in args.widths}
    print("\nmicroseconds a step " + "".join(f"{way:>12}" for way in WAYS) + "    last loss")
    for width, result in results.items():
        times = "".join(f"{result[way][1]:12,.0f}" for way in WAYS)
        print(f"  784-{width}-10".ljust(20) + times + f"{result['session'][0][-1]:13.4f}")
    if not args.no_plot:
        print("Picture:", plot(results, args))
    return results


def plot(results, args):
    from plotting import BLUE, GREEN, ORANGE, pyplot, save

    plt = pyplot()
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.5), layout="constrained")
    widest = results[args.widths[-1]]
    for way, color, line in zip(WAYS, (BLUE, ORANGE, GREEN), ("-", "--", ":")):
        left.plot(widest[way][0], line, color=color, label=way, linewidth=2)
        right.plot(args.widths, [results[width][way][1] for width in args.widths], "o-",
                   color=color, label=way)  # fmt: skip
    left.set(title=f"The same losses, 784-{args.widths[-1]}-10", xlabel="step", ylabel="loss")
    right.set(title="What a step takes", xlabel="width of the hidden layer",
              ylabel="microseconds", xscale="log", yscale="log")  # fmt: skip
    right.set_xticks(args.widths, args.widths)
    right.minorticks_off()
    for axes in (left, right):
        axes.grid(True)
        axes.legend(frameon=False)
    return save(figure, args.out, "three_ways.png")


if __name__ == "__main__":
    main()
