"""What the tests of this folder train."""
import numpy as np

import minitf as tf

OPTIMIZERS = {
    "sgd": lambda: tf.train.GradientDescentOptimizer(0.1),
    "momentum": lambda: tf.train.MomentumOptimizer(0.1, 0.9),
    "adam": lambda: tf.train.AdamOptimizer(0.01),
    "decayed": lambda: tf.train.GradientDescentOptimizer(
        tf.train.exponential_decay(0.5, tf.train.get_or_create_global_step(), 2, 0.5)
    ),
}


def network(optimizer):
    x, y = tf.placeholder(tf.float32, [None, 6]), tf.placeholder(tf.float32, [None, 3])
    random = np.random.default_rng(0)
    w1, w2 = (tf.Variable(random.normal(size=n).astype(np.float32)) for n in ((6, 8), (8, 3)))
    b1, b2 = tf.Variable(tf.zeros(8)), tf.Variable(tf.zeros(3))
    logits = tf.nn.relu(x @ w1 + b1) @ w2 + b2
    loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=logits))
    return x, y, loss, optimizer.minimize(loss, tf.train.get_or_create_global_step())
