"""House prices by linear regression: NumPy by hand, then the same model as a TensorFlow 1 graph.

You learn what `minimize` saves you: the gradient that the first half writes out by the chain rule
is built by the graph in the second, and both arrive where the closed form says they must.

    python examples/house_prices.py
    python examples/house_prices.py --show-source      # the NumPy program the graph became
    python examples/house_prices.py --show-phases      # and how it became that

Data: 546 houses sold in Windsor, Canada, in 1987 (Anglin and Gencay, 1996).
"""
import argparse
import csv
from pathlib import Path

import numpy as np
from plotting import BLUE, RED, pyplot, save

import minitf as tf
from minitf import explain

DATA = Path(__file__).resolve().parent / "data" / "windsor_housing.csv"


def load_houses(path):
    """Features [546, 11], yes as 1 and no as 0, and prices in dollars [546, 1]."""
    with open(str(path), newline="") as file:
        rows = list(csv.reader(file))[1:]
    table = np.array([[{"yes": 1, "no": 0}.get(cell, cell) for cell in row[1:]] for row in rows],
                     dtype=np.float32)
    return table[:, 1:], table[:, :1]


def split_and_scale(X, Y, seed, test_share=0.2):
    """Hold out a test set; scale every feature by the mean and deviation of the training set."""
    order = np.random.RandomState(seed).permutation(len(X))
    test, train = np.split(order, [int(len(X) * test_share)])
    X = (X - X[train].mean(axis=0)) / X[train].std(axis=0)
    return X[train], Y[train], X[test], Y[test]


def get_minibatches(X, Y, args):
    """Every epoch in a new order; the same orders for both halves of the story."""
    random = np.random.RandomState(args.seed)
    for _ in range(args.epochs):
        order = random.permutation(len(X))
        for start in range(0, len(X), args.batch_size):
            batch = order[start:start + args.batch_size]
            yield X[batch], Y[batch]


def rmse(Y_hat, Y):
    return float(np.sqrt(np.mean((Y_hat - Y) ** 2)))


# ---- 1. By hand ------------------------------------------------------------------------------

def model(X, weights, intercept):
    return X.dot(weights) + intercept


def training_round(x, y, weights, intercept, learning_rate):
    y_hat = model(x, weights, intercept)
    delta_y = y - y_hat
    # The slide says `-2 * delta_y * weights`, a slip: y_hat = w0*x0 + w1*x1 + ... + b, so the
    # derivative of y_hat by w0 is x0, the input, and the chain rule gives -2 (y - y_hat) * x0.
    # x.T.dot sums that over the minibatch.
    gradient_weights = -2 * x.T.dot(delta_y) / len(x)
    gradient_intercept = -2 * delta_y.mean() * 1
    return (weights - learning_rate * gradient_weights,
            intercept - learning_rate * gradient_intercept)


def train_by_hand(X_train, Y_train, X_test, args):
    weights, intercept, curve = np.zeros((X_train.shape[1], 1)), 0.0, []
    for x, y in get_minibatches(X_train, Y_train, args):
        weights, intercept = training_round(x, y, weights, intercept, args.learning_rate)
        curve.append(rmse(model(X_train, weights, intercept), Y_train))
    return model(X_test, weights, intercept), curve


# ---- 2. The same as a graph ------------------------------------------------------------------

def train_with_tf(X_train, Y_train, X_test, args):
    tf.reset_default_graph()
    tf.set_random_seed(args.seed)
    features = X_train.shape[1]
    X = tf.placeholder(tf.float32, [None, features], name="X")
    Y = tf.placeholder(tf.float32, [None, 1], name="Y")
    W = tf.get_variable("weights", [features, 1], initializer=tf.random_normal_initializer())
    b = tf.get_variable("intercept", [1], initializer=tf.constant_initializer(0))
    Y_hat = tf.matmul(X, W) + b
    cost = tf.reduce_mean(tf.square(Y_hat - Y))
    train_op = tf.train.GradientDescentOptimizer(args.learning_rate).minimize(cost)

    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        feed = {X: X_train[:args.batch_size], Y: Y_train[:args.batch_size]}
        if args.show_phases:
            print(explain.phases(train_op, feed))
        elif args.show_source:
            print("What sess.run(train_op, feed_dict={X: ..., Y: ...}) runs:\n")
            print(sess.source(train_op, feed_dict=feed))
        curve = []
        for x, y in get_minibatches(X_train, Y_train, args):
            sess.run(train_op, feed_dict={X: x, Y: y})
            curve.append(float(np.sqrt(sess.run(cost, feed_dict={X: X_train, Y: Y_train}))))
        return sess.run(Y_hat, feed_dict={X: X_test}), curve


# ---- 3. Compare ------------------------------------------------------------------------------

def closed_form(X_train, Y_train, X_test):
    """The least squares that gradient descent walks towards, solved in one go."""
    A = np.hstack([X_train, np.ones_like(Y_train)]).astype(np.float64)
    solution = np.linalg.lstsq(A, Y_train, rcond=None)[0]
    return model(X_test, solution[:-1], solution[-1]), [rmse(A.dot(solution), Y_train)]


def talk_houses():
    X_train = np.array([[1250, 350, 3], [1700, 900, 6], [1400, 600, 3]])
    Y_train = np.array([345000, 580000, 360000])
    print("The talk's three houses, with its weights 300, -10, -1 and intercept -26497")
    print("  sq ft  station  bedrooms     price  estimate")
    for x, y, y_hat in zip(X_train, Y_train, model(X_train, np.array([300, -10, -1]), -26497)):
        print(f"  {x[0]:5d}  {x[1]:7d}  {x[2]:8d}  {y:8,d}  {y_hat:8,d}")


def plot(predictions, curves, Y_test):
    """Left, predicted against real price; right, the training error after every step."""
    figure, (left, right) = pyplot().subplots(1, 2, figsize=(12, 5.4), constrained_layout=True)
    hand, graph = predictions["NumPy by hand"] / 1e3, predictions["minitf"] / 1e3
    real = Y_test / 1e3
    top = 1.05 * max(real.max(), graph.max())
    left.plot([0, top], [0, top], color="#777777", linewidth=1, label="predicted = real")
    left.scatter(real, hand, s=70, facecolors="none", edgecolors=BLUE, label="NumPy by hand")
    left.scatter(real, graph, s=14, color=RED, label="minitf")
    left.set(title="Test houses, in thousand dollars", xlabel="real price",
             ylabel="predicted price", xlim=(0, top), ylim=(0, top), aspect="equal")
    right.plot(np.array(curves["NumPy by hand"]) / 1e3, color=BLUE, lw=6, alpha=0.4,
               label="NumPy by hand")
    right.plot(np.array(curves["minitf"]) / 1e3, color=RED, lw=1.8, label="minitf")
    right.axhline(curves["closed form"][-1] / 1e3, color="#777777", ls="--", label="closed form")
    right.set(title="Error on the training houses", xlabel="step (one minibatch each)",
              ylabel="RMSE (thousand dollars)", ylim=(0, None))
    for axes in (left, right):
        axes.grid(True)
        axes.legend(frameon=False)
    return figure


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--learning-rate", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", default=DATA, help="the CSV of sales")
    parser.add_argument("--out", default="pictures", help="folder for the picture")
    parser.add_argument("--no-plot", action="store_true")
    parser.add_argument("--show-source", action="store_true",
                        help="print the NumPy program the training step became")
    parser.add_argument("--show-phases", action="store_true",
                        help="print how the graph became that, phase by phase")
    args = parser.parse_args(argv)

    talk_houses()
    X_train, Y_train, X_test, Y_test = split_and_scale(*load_houses(args.data), seed=args.seed)
    print(f"\nWindsor: {len(X_train)} houses to train on, {len(X_test)} to test, "
          f"{X_train.shape[1]} features, {args.epochs} epochs")
    predictions, curves = {}, {}
    for name, train in (("NumPy by hand", train_by_hand), ("minitf", train_with_tf)):
        predictions[name], curves[name] = train(X_train, Y_train, X_test, args)
    predictions["closed form"], curves["closed form"] = closed_form(X_train, Y_train, X_test)

    results = {name: {"train": curves[name][-1], "test": rmse(predictions[name], Y_test)}
               for name in predictions}
    print("  RMSE in dollars    train     test")
    for name, row in results.items():
        print(f"  {name:15s} {row['train']:8,.0f} {row['test']:8,.0f}")
    if not args.no_plot:
        results["picture"] = save(plot(predictions, curves, Y_test), args.out, "house_prices.png")
        print("Picture:", results["picture"])
    return results


if __name__ == "__main__":
    main()
