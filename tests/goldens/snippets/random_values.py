"""What is certain about random values, and initializers."""

from goldens.kit import error, run


def _twice(tf, tensor):
    """Whether two runs of a session differ, and whether two sessions begin alike."""
    with tf.Session() as one, tf.Session() as two:
        first, second, other = one.run(tensor), one.run(tensor), two.run(tensor)
    return [bool((first != second).any()), bool((first == other).all())]


def op_seed(tf, np):
    return _twice(tf, tf.random_normal([4], seed=1))


def graph_seed(tf, np):
    tf.set_random_seed(1)
    return _twice(tf, tf.random_normal([4]))


def both_seeds(tf, np):
    tf.set_random_seed(1)
    return _twice(tf, tf.random_uniform([4], seed=2))


def no_seed(tf, np):
    return _twice(tf, tf.random_normal([8]))


def equal_seeds_give_equal_values(tf, np):
    a, b, c = (tf.random_normal([4], seed=seed) for seed in (1, 1, 2))
    with tf.Session() as sess:
        x, y, z = sess.run([a, b, c])
    return [bool((x == y).all()), bool((x == z).all())]


def graph_seed_makes_ops_differ(tf, np):
    tf.set_random_seed(1)
    a, b = tf.random_normal([4]), tf.random_normal([4])
    with tf.Session() as sess:
        x, y = sess.run([a, b])
    return bool((x == y).all())


def graph_seed_is_repeatable_in_a_new_graph(tf, np):
    found = []
    for _ in range(2):
        with tf.Graph().as_default():
            tf.set_random_seed(7)
            tensor = tf.random_normal([4])
            with tf.Session() as sess:
                found.append(sess.run(tensor))
    return bool((found[0] == found[1]).all())


def one_op_fetched_twice_in_a_run(tf, np):
    a = tf.random_normal([3])
    with tf.Session() as sess:
        x, y = sess.run([a + 0.0, a * 1.0])
    return bool((x == y).all())


def shapes_and_dtypes(tf, np):
    made = (
        tf.random_normal([2, 3]),
        tf.random_uniform([2]),
        tf.truncated_normal([2], dtype=tf.float64),
        tf.random_uniform([3], maxval=5, dtype=tf.int32),
        tf.random_uniform([], 0, 2, tf.int64),
        tf.random_shuffle([[1, 2], [3, 4]]),
        tf.multinomial([[0.0, 1.0]], 5),
        tf.random_normal([2], dtype=tf.float16),
    )
    return [
        [str(x.shape), x.dtype.name, str(v.dtype), list(v.shape)]
        for x, v in zip(made, run(tf, list(made)))
    ]


def ranges(tf, np):
    uniform = tf.random_uniform([10000], -3.0, 5.0)
    integers = tf.random_uniform([10000], 2, 5, tf.int32)
    cut = tf.truncated_normal([10000], 1.0, 0.5)
    u, i, c = run(tf, [uniform, integers, cut])
    return [
        bool(u.min() >= -3.0),
        bool(u.max() < 5.0),
        sorted(set(i.tolist())),
        bool(abs(c - 1.0).max() <= 1.0),
    ]


def shuffle_keeps_the_rows(tf, np):
    found = run(tf, tf.random_shuffle(tf.constant([[1, 2], [3, 4], [5, 6]])))
    return sorted(found.tolist())


def refused(tf, np):
    return [
        error(lambda: tf.random_uniform([2], dtype=tf.int32)),
        error(lambda: tf.random_normal()),
        error(lambda: tf.random_normal([2], dtype=tf.int32)),
        error(lambda: tf.random_normal([2], mean="a")),
    ]


def static_initializers(tf, np):
    made = [
        tf.zeros_initializer(),
        tf.ones_initializer(),
        tf.constant_initializer(3),
        tf.constant_initializer([1, 2, 3, 4]),
        tf.constant_initializer(np.arange(4.0).reshape(2, 2)),
        tf.initializers.identity(gain=2.0),
    ]
    return run(tf, [tf.get_variable(f"v{i}", [2, 2], initializer=x) for i, x in enumerate(made)])


def initializers_as_classes(tf, np):
    return run(
        tf,
        [
            tf.get_variable("a", [2], initializer=tf.zeros_initializer),
            tf.get_variable("b", [2], initializer=tf.ones_initializer),
        ],
    )


def initializers_called(tf, np):
    return run(
        tf,
        [
            tf.zeros_initializer()([2]),
            tf.constant_initializer(2.0)([2], tf.float64),
            tf.ones_initializer(tf.int32)([1]),
        ],
    )


def constant_initializer_of_a_list(tf, np):
    a = tf.get_variable("a", [2, 3], initializer=tf.constant_initializer([1, 2]))
    return [
        run(tf, a),
        error(lambda: tf.get_variable("b", [2], initializer=tf.constant_initializer([1, 2, 3]))),
        error(
            lambda: tf.get_variable(
                "c", [3], initializer=tf.constant_initializer([1, 2], verify_shape=True)
            )
        ),
    ]


def initializer_dtypes(tf, np):
    made = {
        "zeros": tf.zeros_initializer(),
        "normal": tf.random_normal_initializer(),
        "glorot": tf.glorot_uniform_initializer(),
        "constant": tf.constant_initializer(1),
    }
    return [
        [name, tf.get_variable(name, [2, 2], tf.float64, initializer).dtype.base_dtype.name]
        for name, initializer in sorted(made.items())
    ]


def scales(tf, np):
    """The bounds of the scaled initializers, which their formulas fix."""
    made = [
        tf.glorot_uniform_initializer(),
        tf.contrib.layers.xavier_initializer(),
        tf.variance_scaling_initializer(mode="fan_out", distribution="uniform"),
        tf.initializers.he_uniform(),
        tf.initializers.lecun_uniform(),
        tf.uniform_unit_scaling_initializer(),
    ]
    values = run(
        tf, [tf.get_variable(f"v{i}", [60, 40], initializer=x) for i, x in enumerate(made)]
    )
    bounds = [
        np.sqrt(6 / 100),
        np.sqrt(6 / 100),
        np.sqrt(3 / 40),
        np.sqrt(6 / 60),
        np.sqrt(3 / 60),
        np.sqrt(3 / 60),
    ]
    return [bool(bound * 0.98 < abs(v).max() <= bound * 1.0001) for v, bound in zip(values, bounds)]


def standard_deviations(tf, np):
    made = [
        tf.glorot_normal_initializer(),
        tf.variance_scaling_initializer(scale=2.0),
        tf.initializers.he_normal(),
        tf.initializers.lecun_normal(),
        tf.random_normal_initializer(),
        tf.random_normal_initializer(1.0, 0.1),
        tf.truncated_normal_initializer(stddev=0.1),
        tf.variance_scaling_initializer(distribution="untruncated_normal"),
    ]
    values = run(
        tf, [tf.get_variable(f"v{i}", [300, 100], initializer=x) for i, x in enumerate(made)]
    )
    expected = [
        np.sqrt(2 / 400),
        np.sqrt(2 / 300),
        np.sqrt(2 / 300),
        np.sqrt(1 / 300),
        1.0,
        0.1,
        0.1 * 0.8796,
        np.sqrt(1 / 300),
    ]
    return [bool(abs(v.std() / e - 1) < 0.03) for v, e in zip(values, expected)]


def orthogonal(tf, np):
    w = run(tf, tf.get_variable("w", [6, 4], initializer=tf.orthogonal_initializer()))
    return bool(abs(w.T.dot(w) - np.eye(4)).max() < 1e-5)


def initializer_get_config(tf, np):
    config = tf.random_normal_initializer(0.5, 2.0, seed=3).get_config()
    return {key: config[key] for key in ("mean", "stddev", "seed")}


def initializers_refused(tf, np):
    return [
        error(lambda: tf.variance_scaling_initializer(scale=0.0)),
        error(lambda: tf.variance_scaling_initializer(mode="nonsense")),
        error(lambda: tf.variance_scaling_initializer(distribution="nonsense")),
        error(lambda: tf.get_variable("v", [2], initializer="nonsense")),
        error(lambda: tf.get_variable("u", [2], initializer=3)),
        error(lambda: tf.glorot_uniform_initializer()([3], tf.int32)),
    ]


def seeded_initializers(tf, np):
    found = []
    for _ in range(2):
        with tf.Graph().as_default():
            w = tf.get_variable("w", [3, 3], initializer=tf.glorot_uniform_initializer(seed=5))
            found.append(run(tf, w))
    return bool((found[0] == found[1]).all())


def dropout_is_random(tf, np):
    x = tf.ones([1000])
    kept = run(tf, tf.nn.dropout(x, 0.25))
    return [sorted(set(kept.tolist())), bool(180 < (kept > 0).sum() < 320)]


def dropout_seeds(tf, np):
    return _twice(tf, tf.nn.dropout(tf.ones([20]), 0.5, seed=1))
