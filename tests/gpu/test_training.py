"""Training on a GPU, here one that is emulated: captured steps, what is copied, what is kept."""
import numpy as np
import pytest

import minitf as tf

pytestmark = pytest.mark.usefixtures("gpu")


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


def network(optimizer):
    x, y = tf.placeholder(tf.float32, [None, 6]), tf.placeholder(tf.float32, [None, 3])
    random = np.random.default_rng(0)
    w1, w2 = (tf.Variable(random.normal(size=n).astype(np.float32)) for n in ((6, 8), (8, 3)))
    b1, b2 = tf.Variable(tf.zeros(8)), tf.Variable(tf.zeros(3))
    logits = tf.nn.relu(x @ w1 + b1) @ w2 + b2
    loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=logits))
    return x, y, loss, optimizer.minimize(loss)


def batches(count):
    random = np.random.default_rng(1)
    for _ in range(count):
        yield (random.normal(size=(5, 6)).astype(np.float32),
               np.eye(3, dtype=np.float32)[random.integers(0, 3, 5)])  # fmt: skip


def trained(config=None):
    tf.reset_default_graph()
    x, y, loss, step = network(tf.train.MomentumOptimizer(0.1, 0.9))
    losses = []
    with tf.Session(config=config) as sess:
        sess.run(tf.global_variables_initializer())
        for a, b in batches(6):
            losses.append(sess.run([loss, step], {x: a, y: b})[0])
        print(sess.source([loss, step], {x: a, y: b}))
        return losses, sess.run(tf.trainable_variables())


def test_the_same_as_on_the_cpu(gpu):
    losses, variables = trained()
    assert gpu.graph_launches == 5
    want_losses, want = trained(tf.ConfigProto(device_count={"GPU": 0}))
    np.testing.assert_allclose(losses, want_losses, rtol=1e-5)
    for one, other in zip(variables, want):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)
