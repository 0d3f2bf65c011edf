"""Why the talk's deep network learns so slowly: look at what flows through it, and back.

You see the values of each layer and the gradients that come back, with weights of standard
deviation 1 as in the talk, and with 1/sqrt(inputs); then which lines of the training step take the
time. The talk's logits spread by hundreds at the start: the softmax is sure of one class, mostly a
wrong one, and the gradients of the first layer are hundreds of times larger than they should be.

    python examples/what_flows.py
    python examples/what_flows.py --steps 500     # look after some training
"""
import argparse
from pathlib import Path

import mnist  # it sets OPENBLAS_NUM_THREADS, before NumPy is loaded

import minitf as tf
from minitf import explain
from minitf.examples.tutorials.mnist import input_data


def look(init, data, args):
    """Train the deep model for some steps; what flows then, and the profile of a step."""
    tf.reset_default_graph()
    tf.set_random_seed(args.seed)
    X, Y, keep_prob, cost, _, train_op = mnist.build("deep", init, args.learning_rate)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(args.steps):
            images, labels = data.train.next_batch(args.batch_size)
            sess.run(train_op, feed_dict={X: images, Y: labels, keep_prob: 1.0})
        images, labels = data.train.next_batch(args.batch_size)
        feed = {X: images, Y: labels}
        return explain.flow(cost, feed), explain.profile(train_op, feed)


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=0, help="training steps before the look")
    parser.add_argument("--batch-size", type=int, default=100)
    parser.add_argument("--learning-rate", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", default="pictures", help="folder for the pictures")
    parser.add_argument("--no-plot", action="store_true")
    args = parser.parse_args(argv)

    data = input_data.read_data_sets("MNIST_data/", one_hot=True, seed=args.seed)
    results = {}
    for init in mnist.INITS:
        flow, profile = look(init, data, args)
        print(f"\nWeights '{init}', after {args.steps} steps:\n{flow}")
        results[init] = flow
        if not args.no_plot:
            path = Path(args.out, f"flow_{init}.png")
            path.parent.mkdir(parents=True, exist_ok=True)
            flow.plot(path)
            print("Picture:", path)
    print(f"\nThe training step, {profile}")
    return results


if __name__ == "__main__":
    main()
