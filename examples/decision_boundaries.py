"""What hidden neurons buy: concentric circles and XOR, drawn as TensorFlow Playground does.

You learn that a linear model can only cut the plane in two, that each hidden neuron adds one more
cut, and from how many of them on each puzzle is solved.

    python examples/decision_boundaries.py
"""
import argparse

import numpy as np
from plotting import BLUE, ORANGE, pyplot, save

import minitf as tf

HIDDEN = (0, 2, 3, 4, 5)
REACH = 1.2  # the pictures show the square from -REACH to REACH


def circles(random, count):
    """A disc inside a ring, with a gap between them."""
    labels = np.arange(count) % 2
    radius = np.where(labels == 1, 0.5 * np.sqrt(random.uniform(size=count)),
                      random.uniform(0.7, 1.0, count))
    angle = random.uniform(0, 2 * np.pi, count)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1), labels[:, None]


def xor(random, count):
    """As many points in every quadrant; class 1 where the coordinates have the same sign."""
    signs = np.array([[1, 1], [1, -1], [-1, -1], [-1, 1]])[np.arange(count) % 4]
    return signs * random.uniform(0.08, 1, (count, 2)), (signs.prod(axis=1, keepdims=True) + 1) // 2


def build(hidden_nodes, learning_rate):
    """A logistic regression, or one behind a hidden tanh layer."""
    X = tf.placeholder(tf.float32, [None, 2], name="X")
    Y = tf.placeholder(tf.float32, [None, 1], name="Y")
    layer, width = X, 2
    if hidden_nodes:
        W1 = tf.get_variable("weights1", [2, hidden_nodes],
                             initializer=tf.random_normal_initializer())
        b1 = tf.get_variable("bias1", [hidden_nodes], initializer=tf.constant_initializer(0))
        layer, width = tf.tanh(tf.matmul(X, W1) + b1), hidden_nodes
    W2 = tf.get_variable("weights2", [width, 1], initializer=tf.random_normal_initializer())
    b2 = tf.get_variable("bias2", [1], initializer=tf.constant_initializer(0))
    logits = tf.matmul(layer, W2) + b2
    cost = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(logits=logits, labels=Y))
    train_op = tf.train.AdamOptimizer(learning_rate).minimize(cost)
    return X, Y, tf.sigmoid(logits), cost, train_op


def fit(points, labels, grid, hidden_nodes, args):
    """Best of several random starts by training cost: accuracy, and the probabilities on grid."""
    tf.reset_default_graph()
    tf.set_random_seed(args.seed)
    X, Y, probability, cost, train_op = build(hidden_nodes, args.learning_rate)
    initialize = tf.global_variables_initializer()
    feed, best = {X: points, Y: labels}, (np.inf, None, None)
    with tf.Session() as sess:
        # So few neurons can get stuck: a start where two of them make the same cut never recovers.
        for _ in range(args.starts):
            sess.run(initialize)
            for _ in range(args.steps):
                sess.run(train_op, feed_dict=feed)
            final_cost, predicted = sess.run([cost, probability], feed_dict=feed)
            if final_cost < best[0]:
                accuracy = float(np.mean((predicted > 0.5) == labels))
                best = final_cost, accuracy, sess.run(probability, feed_dict={X: grid})
    return best[1:]


def plot(data, grids, results):
    """One row per data set, one column per number of hidden neurons."""
    plt = pyplot()
    from matplotlib.colors import LinearSegmentedColormap
    shades = LinearSegmentedColormap.from_list("pale", ["#F4CC73", "white", "#73B1D7"])
    figure, rows = plt.subplots(len(data), len(HIDDEN), figsize=(3 * len(HIDDEN), 3.4 * len(data)),
                                constrained_layout=True)
    for axes_of_row, (name, (points, labels)) in zip(rows, data.items()):
        for axes, hidden in zip(axes_of_row, HIDDEN):
            image = axes.imshow(grids[name, hidden], extent=[-REACH, REACH, -REACH, REACH],
                                origin="lower", cmap=shades, vmin=0, vmax=1)
            # Shape tells the classes apart as well as colour.
            for label, colour, marker in ((0, ORANGE, "s"), (1, BLUE, "o")):
                axes.scatter(*points[labels[:, 0] == label].T, s=22, color=colour, marker=marker,
                             edgecolors="white", linewidths=0.7)
            axes.set(xticks=[], yticks=[])
            plt.setp(axes.spines.values(), visible=False)
            axes.set_title(f"{hidden or 'no'} hidden: {100 * results[name][hidden]:.0f} %")
        axes_of_row[0].set_ylabel(name, fontsize=16)
    figure.colorbar(image, ax=rows, label="predicted probability of class 1 (circles)", aspect=30)
    return figure


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=200)
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--starts", type=int, default=4, help="random starts for each network")
    parser.add_argument("--learning-rate", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--out", default="pictures", help="folder for the picture")
    parser.add_argument("--no-plot", action="store_true")
    args = parser.parse_args(argv)

    random = np.random.RandomState(args.seed)
    data = {"circles": circles(random, args.points), "XOR": xor(random, args.points)}
    axis = np.linspace(-REACH, REACH, 121)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)

    results, grids = {name: {} for name in data}, {}
    print("  accuracy, %    " + "".join(f"{hidden:4d}" for hidden in HIDDEN) + "  hidden neurons")
    for name, (points, labels) in data.items():
        for hidden in HIDDEN:
            results[name][hidden], probabilities = fit(points, labels, grid, hidden, args)
            grids[name, hidden] = probabilities.reshape(len(axis), len(axis))
        print(f"  {name:15s}" + "".join(f"{100 * a:4.0f}" for a in results[name].values()))
    if not args.no_plot:
        results["picture"] = save(plot(data, grids, results), args.out, "decision_boundaries.png")
        print("Picture:", results["picture"])
    return results


if __name__ == "__main__":
    main()
