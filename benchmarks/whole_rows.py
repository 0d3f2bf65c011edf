"""Whole scripts, from the start of the process to the end of their last step: for
`benchmarks.programs`. Each trains `STEPS` steps on made-up data."""
import sys
from collections import OrderedDict

import numpy as np

SCRIPTS = OrderedDict()
STEPS = 5


def script(name):
    def keep(function):
        SCRIPTS[name] = function
        return function

    return keep


def made_up(*shape):
    return np.random.RandomState(0).rand(*shape).astype(np.float32)


def classes(count):
    return np.eye(10, dtype=np.float32)[np.arange(count) % 10]


def trained(tf, logits, x, y, feeds):
    loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(logits=logits, labels=y))
    train = tf.train.AdamOptimizer(0.001).minimize(loss)
    right = tf.equal(tf.argmax(logits, 1), tf.argmax(y, 1))
    accuracy = tf.reduce_mean(tf.cast(right, tf.float32))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(STEPS):
            sess.run(train, feeds)
        sess.run([loss, accuracy], feeds)


@script("linear regression, 100 epochs of 17 samples")
def linear_regression(tf):
    x, y = tf.placeholder("float"), tf.placeholder("float")
    w, b = tf.Variable(0.3), tf.Variable(0.1)
    cost = tf.reduce_sum(tf.pow(x * w + b - y, 2)) / 34
    train = tf.train.GradientDescentOptimizer(0.01).minimize(cost)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(100):
            for value in made_up(17):
                sess.run(train, feed_dict={x: value, y: 2 * value})


@script("convolutional network of MNIST's size, 5 steps of 128")
def convolutional(tf):
    x, y = tf.placeholder(tf.float32, [None, 784]), tf.placeholder(tf.float32, [None, 10])
    h = tf.reshape(x, [-1, 28, 28, 1])
    for before, after in [(1, 32), (32, 64)]:
        w = tf.Variable(tf.random_normal([5, 5, before, after], stddev=0.1))
        h = tf.nn.conv2d(h, w, strides=[1, 1, 1, 1], padding="SAME")
        h = tf.nn.relu(tf.nn.bias_add(h, tf.Variable(tf.random_normal([after]))))
        h = tf.nn.max_pool(h, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    h = tf.reshape(h, [-1, 7 * 7 * 64])
    h = tf.nn.relu(tf.matmul(h, tf.Variable(tf.random_normal([3136, 1024], stddev=0.1))))
    h = tf.nn.dropout(h, 0.75)
    logits = tf.matmul(h, tf.Variable(tf.random_normal([1024, 10], stddev=0.1)))
    trained(tf, logits, x, y, {x: made_up(128, 784), y: classes(128)})


@script("residual network of 20 layers for CIFAR, 5 steps of 32")
def residual(tf):
    x, y = tf.placeholder(tf.float32, [None, 32, 32, 3]), tf.placeholder(tf.float32, [None, 10])

    def layer(h, depth, stride=1):
        h = tf.layers.conv2d(h, depth, 3, stride, "same", use_bias=False)
        return tf.nn.relu(tf.layers.batch_normalization(h, training=True))

    h = layer(x, 16)
    for depth in (16, 32, 64):
        for block in range(3):
            stride = 2 if depth > 16 and block == 0 else 1
            past = tf.layers.conv2d(h, depth, 1, stride) if stride == 2 else h
            h = past + layer(layer(h, depth, stride), depth)
    logits = tf.layers.dense(tf.reduce_mean(h, [1, 2]), 10)
    trained(tf, logits, x, y, {x: made_up(32, 32, 32, 3), y: classes(32)})


@script("LSTM of 28 steps, static_rnn, 5 steps of 128")
def unrolled(tf):
    x, y = tf.placeholder(tf.float32, [None, 28, 28]), tf.placeholder(tf.float32, [None, 10])
    cell = tf.nn.rnn_cell.BasicLSTMCell(128)
    outputs, _ = tf.nn.static_rnn(cell, tf.unstack(x, 28, 1), dtype=tf.float32)
    logits = tf.layers.dense(outputs[-1], 10)
    trained(tf, logits, x, y, {x: made_up(128, 28, 28), y: classes(128)})


@script("translation with attention, 40 steps, each with lengths of its own")
def translation(tf):
    seq2seq, count, words = tf.contrib.seq2seq, 32, 1000
    source, target = (tf.placeholder(tf.int32, [None, None]) for _ in range(2))
    lengths, steps = (tf.placeholder(tf.int32, [None]) for _ in range(2))

    def cell():
        return tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.BasicLSTMCell(64) for _ in range(2)])

    known = tf.get_variable("embedding", [words, 64])
    with tf.variable_scope("encoder"):
        read = tf.nn.embedding_lookup(known, source)
        outputs, state = tf.nn.dynamic_rnn(cell(), read, lengths, dtype=tf.float32)
    attention = seq2seq.LuongAttention(64, outputs, lengths)
    attending = seq2seq.AttentionWrapper(cell(), attention, attention_layer_size=64)
    start = attending.zero_state(tf.shape(source)[0], tf.float32).clone(cell_state=state)
    helper = seq2seq.TrainingHelper(tf.nn.embedding_lookup(known, target), steps)
    decoder = seq2seq.BasicDecoder(attending, helper, start, tf.layers.Dense(words))
    logits = seq2seq.dynamic_decode(decoder)[0].rnn_output
    loss = seq2seq.sequence_loss(logits, target, tf.sequence_mask(steps, dtype=tf.float32))
    train = tf.train.AdamOptimizer(0.001).minimize(loss)
    random = np.random.RandomState(0)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for size in range(40):
            long, short = 8 + size % 20, 8 + 7 * size % 20
            sess.run(train, {
                source: random.randint(0, words, (count, long)), lengths: [long] * count,
                target: random.randint(0, words, (count, short)), steps: [short] * count,
            })  # fmt: skip


@script("Keras: Sequential of Dense, fit of 10 batches")
def keras_dense(tf):
    layers = [tf.keras.layers.Dense(64, "relu"), tf.keras.layers.Dense(10, "softmax")]
    model = tf.keras.Sequential(layers)
    model.compile("adam", "categorical_crossentropy", ["accuracy"])
    model.fit(made_up(320, 784), classes(320), epochs=1, verbose=0)


if __name__ == "__main__":
    __import__(sys.argv[1])
    SCRIPTS[sys.argv[2]](sys.modules[sys.argv[1]])
