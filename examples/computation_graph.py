"""The talk's figure, from a real run: what flows forward through a graph, and what flows back.

Linear regression on one example. Boxes are inputs and variables, circles are operations; on each
edge the value stands above in green, the gradient of the error by it below in red. Then gradient
descent moves each weight against its gradient. The picture that moves fills in one column after
the other: values from left to right, gradients from right to left.

    python examples/computation_graph.py
    python examples/computation_graph.py --steps 3      # look after three rounds of training
"""
import argparse
from pathlib import Path

import minitf as tf
from minitf import explain

EXAMPLE = {"x1": -2.0, "x2": 1.0, "x3": -3.0, "y": 9.0}
WEIGHTS = {"w1": 4.0, "w2": 5.0, "w3": -2.0, "b": 8.0}


def build(learning_rate):
    """The graph: (placeholders by name, error, train op)."""
    given = {name: tf.placeholder(tf.float32, [], name) for name in EXAMPLE}
    w = {name: tf.get_variable(name, initializer=value) for name, value in WEIGHTS.items()}
    products = [w["w1"] * given["x1"], w["w2"] * given["x2"], w["w3"] * given["x3"]]
    y_hat = tf.add(tf.add_n(products), w["b"], name="y_hat")
    delta = tf.subtract(given["y"], y_hat, name="delta")
    error = tf.square(delta, name="error")
    return given, error, tf.train.GradientDescentOptimizer(learning_rate).minimize(error)


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=0, help="rounds of training before the look")
    parser.add_argument("--learning-rate", type=float, default=0.05)
    parser.add_argument("--out", default="pictures", help="folder for the pictures")
    parser.add_argument("--no-plot", action="store_true")
    args = parser.parse_args(argv)

    tf.reset_default_graph()
    given, error, train_op = build(args.learning_rate)
    feed = {given[name]: value for name, value in EXAMPLE.items()}
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(args.steps):
            sess.run(train_op, feed_dict=feed)
        flow = explain.flow(error, feed, train_op=train_op)
    print(flow)
    if not args.no_plot:
        for name in ("computation_graph.png", "computation_graph.gif"):
            path = Path(args.out, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            flow.diagram(path)
            print("Picture:", path)
    return flow


if __name__ == "__main__":
    main()
