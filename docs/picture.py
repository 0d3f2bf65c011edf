"""Draws what_it_is.png: a TensorFlow 1 program, and the NumPy program that minitf made of it."""
import re
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

import minitf as tf

SCRIPT = '''\
import minitf as tf

X = tf.placeholder(tf.float32, [None, 3])
Y = tf.placeholder(tf.float32, [None, 1])
W = tf.get_variable("weights", [3, 1])
b = tf.get_variable("intercept", [1])

Y_hat = tf.matmul(X, W) + b
cost = tf.reduce_mean(tf.square(Y_hat - Y))
train_op = tf.train.GradientDescentOptimizer(0.05).minimize(cost)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(1000):
        sess.run(train_op, feed_dict={X: houses, Y: prices})
'''
INK, PAPER, BLUE, ORANGE = "#1f2430", "#f6f7f9", "#0072b2", "#d55e00"


def program():
    """The real text: what `sess.source` returns for the training step of SCRIPT."""
    X = tf.placeholder(tf.float32, [None, 3])
    Y = tf.placeholder(tf.float32, [None, 1])
    W = tf.get_variable("weights", [3, 1])
    b = tf.get_variable("intercept", [1])
    cost = tf.reduce_mean(tf.square(tf.matmul(X, W) + b - Y))
    train_op = tf.train.GradientDescentOptimizer(0.05).minimize(cost)
    with tf.Session() as sess:
        text = sess.source(train_op, {X: np.zeros((32, 3)), Y: np.zeros((32, 1))})
    text = text.replace("GradientDescent/", "").replace("gradients/", "")
    return re.sub(r" +#", "  #", text)


def panel(axes, title, text, colour, size):
    axes.set_axis_off()
    axes.set_facecolor(PAPER)
    axes.text(0.0, 1.0, title, color=colour, fontsize=13, weight="bold", va="bottom")
    box = {"facecolor": PAPER, "edgecolor": colour, "boxstyle": "round,pad=0.8"}
    axes.text(0.02, 0.93, text.rstrip(), family="monospace", fontsize=size, color=INK, va="top",
              linespacing=1.5, bbox=box)  # fmt: skip


def main():
    lines = [line.split("  #") for line in program().splitlines()]
    width = max(len(code) for code, *_ in lines)
    shown = "\n".join(f"{a:<{width}}  #{b[0]}" if b else a for a, *b in lines)
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(15.5, 4.6), gridspec_kw={"width_ratios": [1, 1.35]}
    )
    panel(left, "You type TensorFlow 1 ...", SCRIPT, BLUE, 9)
    panel(right, "... minitf runs this NumPy program, and shows it: sess.source(train_op, ...)",
          shown, ORANGE, 9)  # fmt: skip
    figure.subplots_adjust(left=0.01, right=0.99, top=0.92, bottom=0.02, wspace=0.04)
    figure.savefig(Path(__file__).parent / "what_it_is.png", dpi=100, facecolor="white",
                   bbox_inches="tight", pad_inches=0.15)  # fmt: skip


if __name__ == "__main__":
    main()
