"""The numbers themselves that TensorFlow draws for given seeds."""

import zlib

from goldens.kit import error, run

TYPES = "float16", "float32", "float64"


def _runs(tf, fetches, times=2):
    """The values of several runs of one session."""
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return [sess.run(fetches) for _ in range(times)]


def _sum(values):
    """A number that tells arrays apart to the last bit."""
    return zlib.crc32(values.tobytes())


def uniform(tf, np):
    return _runs(tf, [tf.random_uniform([7], seed=5, dtype=dtype) for dtype in TYPES])


def uniform_to_the_last_bit(tf, np):
    sizes = 1, 2, 3, 4, 5, 1023, 100001
    made = [tf.random_uniform([n], seed=5, dtype=dtype) for dtype in TYPES for n in sizes]
    return [[_sum(values) for values in each] for each in _runs(tf, made, 3)]


def uniform_between(tf, np):
    return _runs(tf, [tf.random_uniform([5], -2, 3, seed=1), tf.random_uniform([2, 2], 1, seed=1)])


def uniform_integers(tf, np):
    made = [tf.random_uniform([9], -5, 1000, dtype, 5) for dtype in ("int32", "int64")]
    made += [tf.random_uniform([9], d.min, d.max, d, 5) for d in (tf.int32, tf.int64)]
    return _runs(tf, made)


def normal(tf, np):
    return _runs(tf, [tf.random_normal([7], seed=5, dtype=dtype) for dtype in TYPES])


def normal_of_many(tf, np):
    made = [tf.random_normal([10001], 1.0, 2.0, dtype, 5) for dtype in TYPES[1:]]
    return [[values[::500] for values in each] for each in _runs(tf, made)]


def truncated_normal(tf, np):
    return _runs(tf, [tf.truncated_normal([7], seed=5, dtype=dtype) for dtype in TYPES])


def truncated_normal_of_many(tf, np):
    made = [tf.truncated_normal([10001], 1.0, 2.0, dtype, 5) for dtype in TYPES[1:]]
    return [[values[::500] for values in each] for each in _runs(tf, made)]


def shuffle(tf, np):
    rows = np.arange(40).reshape(20, 2)
    made = tf.random_shuffle(np.arange(20), seed=3), tf.random_shuffle(rows, seed=3)
    return [[values.tolist() for values in each] for each in _runs(tf, made, 3)]


def multinomial(tf, np):
    logits = [[0.0, 1.0, 2.0], [3.0, 1.0, -np.inf]]
    return _runs(tf, [tf.multinomial(logits, 7, seed=3), tf.random.categorical(logits, 5, seed=3)])


def gamma(tf, np):
    alpha, beta = [0.5, 1.0, 3.0], [[2.0], [3.0]]
    made = [tf.random_gamma([5], alpha, seed=3, dtype=dtype) for dtype in TYPES]
    return _runs(tf, [*made, tf.random_gamma([2, 1], alpha, beta, seed=4), tf.random_gamma([], 1.5,
                 seed=1)])  # fmt: skip


def poisson(tf, np):
    rates = [0.5, 3.0, 20.0, 1000.0]
    made = [tf.random_poisson(rates, [6], dtype, 3) for dtype in (*TYPES, "int32", "int64")]
    return _runs(tf, [*made, tf.random_poisson(2.0, [], seed=3)])


def crop(tf, np):
    return _runs(tf, tf.random_crop(np.arange(99).reshape(9, 11), [2, 3], seed=3), 4)


def stateless(tf, np):
    draw = tf.random
    made = [
        draw.stateless_uniform([7], [1, -2]),
        draw.stateless_uniform([7], tf.constant([2**40, -(2**50)], tf.int64), 2.0, 5.0, tf.float64),
        draw.stateless_uniform([7], [1, 2], dtype=tf.float16),
        draw.stateless_uniform([7], [1, 2], 0, 100, tf.int32),
        draw.stateless_uniform([7], [1, 2], 0, 100, tf.int64),
        draw.stateless_normal([7], [3, 4], 1.0, 2.0),
        draw.stateless_normal([7], [3, 4], dtype=tf.float64),
        draw.stateless_truncated_normal([50], [3, 4]),
        draw.stateless_categorical([[0.0, 1.0, 2.0]], 7, [3, 4]),
        draw.stateless_multinomial([[0.0, 1.0, 2.0]], 7, [3, 4], tf.int32),
    ]
    return _runs(tf, made)


def stateless_refused(tf, np):
    return [
        error(lambda: tf.random.stateless_uniform([2], [1, 2], dtype=tf.int32)),
        error(lambda: tf.random.stateless_uniform([2], [1.0, 2.0])),
        error(lambda: tf.random.stateless_normal([2], [1, 2], dtype=tf.int32)),
        error(lambda: tf.random.stateless_uniform([2], [1, 2, 3])),
    ]


def seeds(tf, np):
    """Of the graph and of the op, at their limits."""
    found = []
    for graph_seed in (None, 0, 1, 2**31 - 1, 2**40, -1):
        with tf.Graph().as_default():
            tf.set_random_seed(graph_seed)
            pairs = [tf.get_seed(seed) for seed in (0, 1, 2**31 - 1, 2**40, -1)]
            op = tf.random_uniform([2], seed=2**40).op.inputs[0].op.inputs[0].op
            found.append([[list(p) for p in pairs], op.get_attr("seed"), op.get_attr("seed2")])
    return found


def seeds_by_place(tf, np):
    """With the graph's seed alone, the number of ops before decides."""
    tf.set_random_seed(7)
    before = tf.random_normal([2])
    tf.constant(1.0)
    made = before, tf.random_normal([2]), tf.random_uniform([2]), tf.truncated_normal([2])
    return _runs(tf, made)


def a_new_session_starts_again(tf, np):
    made = tf.random_uniform([3], seed=1)
    return [_runs(tf, made, 2), _runs(tf, made, 1)]


def each_op_has_its_own_sequence(tf, np):
    a, b = tf.random_uniform([3], seed=1), tf.random_uniform([3], seed=1)
    with tf.Session() as sess:
        return [sess.run(a), sess.run([a, b]), sess.run(b)]


INITIALIZERS = {
    "glorot_uniform": {},
    "glorot_normal": {},
    "random_normal": {"stddev": 0.5},
    "random_uniform": {"minval": -1, "maxval": 2},
    "truncated_normal": {"stddev": 0.1},
    "orthogonal": {"gain": 2.0},
    "uniform_unit_scaling": {},
    "variance_scaling": {"scale": 2.0, "mode": "fan_out", "distribution": "uniform"},
    "he_normal": {},
    "he_uniform": {},
    "lecun_normal": {},
    "lecun_uniform": {},
}


def initializers_with_seeds(tf, np):
    made = [
        tf.get_variable(name, [4, 3], initializer=getattr(tf.initializers, name)(seed=3, **given))
        for name, given in INITIALIZERS.items()
    ]
    return dict(zip(INITIALIZERS, run(tf, made)))


def initializers_of_the_graphs_seed(tf, np):
    tf.set_random_seed(7)
    made = [
        tf.get_variable(name, [3, 2], initializer=getattr(tf.initializers, name)(**given))
        for name, given in INITIALIZERS.items()
    ]
    return [*run(tf, [*made, tf.get_variable("plain", [3, 2])]), run(tf, tf.Variable(1.0))]


def dropout(tf, np):
    x = tf.ones([20, 3])
    made = [
        tf.nn.dropout(x, 0.5, seed=1),
        tf.nn.dropout(x, rate=0.3, seed=2),
        tf.nn.dropout(x, 0.5, noise_shape=[20, 1], seed=3),
        tf.layers.dropout(x, training=True, seed=4),
    ]
    return _runs(tf, made)


def network_of_the_graphs_seed(tf, np):
    """Layers, dropout and training: all numbers follow from one seed."""
    tf.set_random_seed(7)
    x = tf.constant(np.linspace(-1.0, 1.0, 40).reshape(10, 4).astype("float32"))
    hidden = tf.layers.dropout(tf.layers.dense(x, 5, tf.nn.tanh), training=True)
    loss = tf.reduce_mean(tf.square(tf.layers.dense(hidden, 2) - 1.0))
    train = tf.train.AdamOptimizer(0.05).minimize(loss)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        losses = [sess.run([loss, train])[0] for _ in range(10)]
        return losses, sess.run(tf.trainable_variables())


def seeds_of_64_bits(tf, np):
    logits, found = [[0.1, 1.0, 0.5]], []
    for seed in ([1, 2], [-3, 4], [2**33, 5], [3, 2**35], np.array([2**62, -(2**40)])):
        drawn = [
            tf.random.stateless_uniform([2], seed), tf.random.stateless_normal([2], seed),
            tf.random.stateless_categorical(logits, 4, seed),
        ]  # fmt: skip
        found += [*drawn, drawn[0].op.inputs[1].dtype.name]
    return [run(tf, each) if hasattr(each, "op") else each for each in found]


def noisy_rates(tf, np):
    """The noise stays as large as it is after `decay_steps` steps."""
    tf.set_random_seed(4)
    step = tf.placeholder(tf.float32, [])
    rates = [
        tf.train.noisy_linear_cosine_decay(0.1, step, 10, variance, num_periods=periods)
        for variance, periods in ((1.0, 0.5), (4.0, 2.0))
    ]
    with tf.Session() as sess:
        return [[float(rate) for rate in sess.run(rates, {step: at})] for at in (0, 1, 9, 10, 50)]
