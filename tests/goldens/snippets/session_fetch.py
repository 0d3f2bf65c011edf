"""What Session.run returns: structures and Python types; and what may be fed."""

import collections

from goldens.kit import attempt, error, run, said

_Pair = collections.namedtuple("_Pair", ["left", "right"])


def _kind(value, np):
    is_scalar = isinstance(value, np.generic)
    return "numpy " + value.dtype.name if is_scalar else type(value).__name__


def python_types(tf, np):
    v = tf.Variable([1.0])
    found = run(
        tf,
        [
            tf.constant(1.0),
            tf.constant([1.0]),
            tf.constant(1),
            tf.constant(True),
            v,
            tf.constant("a"),
            tf.constant(["a"]),
            tf.constant(1.0, tf.float64),
            tf.constant(1j),
            tf.no_op(),
            tf.constant(1, tf.int64),
            tf.constant([[1]]),
        ],
    )
    return [_kind(x, np) for x in found]


def strings_are_bytes(tf, np):
    return run(
        tf,
        [
            tf.constant("hello"),
            tf.constant(["a", "bc"]),
            tf.constant(b"\x00\xff"),
            tf.constant([["a"], ["b"]]),
            tf.constant("é"),
        ],
    )


def lists_and_tuples(tf, np):
    a, b = tf.constant(1), tf.constant(2)
    return run(tf, [a, [b, (a, b)], []]), run(tf, (a, [b])), run(tf, [[a]]), run(tf, ())


def dicts(tf, np):
    a, b = tf.constant(1), tf.constant(2)
    return run(tf, {"a": a, "both": [a, b], "deep": {"b": b}})


def ordered_dict(tf, np):
    a, b = tf.constant(1), tf.constant(2)
    found = run(tf, collections.OrderedDict([("z", a), ("a", b)]))
    return [_kind(found, np), list(found.items())]


def named_tuple(tf, np):
    found = run(tf, _Pair(tf.constant(1), [tf.constant(2)]))
    return [found.left, found.right, found]


def by_name(tf, np):
    tf.constant(3, name="a")
    return run(tf, ["a:0", "a"]), run(tf, "a:0"), run(tf, {"x": "a:0"})


def operations(tf, np):
    v = tf.Variable(1.0)
    found = run(tf, [tf.no_op(), v.assign(2.0).op, tf.group(v)])
    return found


def variables(tf, np):
    v = tf.Variable([1.0, 2.0], name="v")
    return run(tf, [v, v.value(), "v:0", "v", v.read_value()])


def initializer(tf, np):
    v = tf.Variable(3.0)
    with tf.Session() as sess:
        return [sess.run(v.initializer), sess.run(v)]


def empty_graph(tf, np):
    with tf.Session() as sess:
        return said(lambda: sess.run([]), "The Session graph is empty.")


def nothing(tf, np):
    tf.no_op()
    with tf.Session() as sess:
        return [sess.run([]), sess.run({}), sess.run(()), error(lambda: sess.run(None))]


def same_tensor_twice(tf, np):
    a = tf.random_uniform([])
    first, second, third = run(tf, [a, a, a + 0.0])
    return [bool(first == second), bool(first == third)]


def indexed_slices(tf, np):
    table = tf.Variable([[1.0], [2.0], [3.0]])
    gradient = tf.gradients(tf.gather(table, [0, 2]) * 2.0, table)[0]
    found = run(tf, gradient)
    return [_kind(gradient, np), _kind(found, np), found.values, found.indices, found.dense_shape]


def gradients_and_variables(tf, np):
    v = tf.Variable(3.0)
    pairs = tf.train.GradientDescentOptimizer(0.1).compute_gradients(tf.square(v))
    return run(tf, pairs)


def bad_fetches(tf, np):
    tf.no_op()
    with tf.Session() as sess:
        return [
            said(lambda: sess.run(None), "Fetch argument None has invalid type"),
            said(
                lambda: sess.run(3.0),
                "Fetch argument 3.0 has invalid type",
                "must be a string or Tensor",
            ),
            said(lambda: sess.run(run), "has invalid type <class 'function'>"),
            said(lambda: sess.run([tf.constant(1), None]), "Fetch argument None has invalid type"),
            said(
                lambda: sess.run("missing:0"), "Fetch argument", "cannot be interpreted as a Tensor"
            ),
            said(lambda: sess.run("missing"), "cannot be interpreted as a Tensor"),
            error(lambda: sess.run(np.ones(2))),
            error(lambda: sess.run({"a": 1})),
        ]


def fetch_of_another_graph(tf, np):
    with tf.Graph().as_default():
        a = tf.constant(1)
    tf.no_op()
    with tf.Session() as sess:
        return said(
            lambda: sess.run(a),
            "cannot be interpreted as a Tensor",
            "is not an element of this graph",
        )


def feed_placeholder(tf, np):
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    y = tf.reduce_sum(x, 1)
    with tf.Session() as sess:
        return [
            sess.run(y, {x: [[1, 2]]}),
            sess.run(y, {x: np.ones([3, 2])}),
            sess.run(y, feed_dict={"x:0": [[1, 2], [3, 4]]}),
            sess.run(y, {x: np.zeros([0, 2])}),
            sess.run(y, {x: [(1, 2)]}),
            sess.run(y, {x: np.ones([1, 2], np.int64)}),
        ]


def feed_scalars(tf, np):
    x, n = tf.placeholder(tf.float32), tf.placeholder(tf.int32, [])
    with tf.Session() as sess:
        return [
            sess.run(x + 1.0, {x: 2}),
            sess.run(x, {x: [1, 2]}),
            sess.run(n * 2, {n: 3}),
            sess.run(x + 0.0, {x: np.float64(0.1)}),
            sess.run(n + 0, {n: True}),
            sess.run(x + 0.0, {x: True}),
            sess.run(n + 0, {n: np.int64(4)}),
            sess.run(n + 0, {n: np.float32(4)}),
        ]


def feed_is_what_is_fetched(tf, np):
    x = tf.placeholder(tf.float32, [None])
    with tf.Session() as sess:
        return [sess.run(x, {x: [1, 2]}), sess.run([x, x * 2.0], {x: [1]})]


def feed_that_is_fetched_is_as_given(tf, np):
    """An array of what was given, which has no axes for one value, and strings that are str."""
    x, s = tf.placeholder(tf.float32), tf.placeholder(tf.string)
    with tf.Session() as sess:
        found = [
            sess.run(x, {x: 1}), sess.run(s, {s: "a"}), sess.run(s, {s: b"a"}),
            sess.run([s, tf.identity(s)], {s: ["a", b"b"]}), sess.make_callable(s, [s])("c"),
            sess.run({"x": x, "y": x + 1}, {x: 2.5}),
        ]  # fmt: skip
        kinds = [type(each).__name__ for each in (*found[:3], found[4], found[5]["x"])]
        found = [np.asarray(each).tolist() for each in (*found[:3], *found[3], found[4])]
        return found, kinds


def feed_strings_and_bools(tf, np):
    s, b = tf.placeholder(tf.string, [None]), tf.placeholder(tf.bool, [])
    with tf.Session() as sess:
        texts, negated = tf.identity(s), tf.logical_not(b)
        return [
            sess.run(texts, {s: ["a", b"b"]}),
            sess.run(negated, {b: True}),
            sess.run(negated, {b: 1}),
            sess.run(texts, {s: np.array(["x", "yz"])}),
            sess.run(negated, {b: np.bool_(True)}),
        ]


def feed_any_tensor(tf, np):
    a = tf.constant(2.0, name="a")
    b = a * 3.0
    c = b + 1.0
    with tf.Session() as sess:
        return [
            sess.run(c),
            sess.run(c, {b: 10.0}),
            sess.run(c, {a: 10.0}),
            sess.run(c, {a: 5}),
            sess.run(c, {"a:0": 1.0}),
            sess.run([c, a], {b: 0}),
        ]


def feed_a_variable(tf, np):
    v = tf.Variable(1.0)
    doubled = v * 2.0
    with tf.Session() as sess:
        return [
            sess.run(doubled, {v: 5.0}),
            float(sess.run(v, {v: 5.0})),
            sess.run(doubled, {v.value(): 4.0}),
        ]


def feed_wins_over_an_unrun_part(tf, np):
    x = tf.placeholder(tf.float32, [])
    y = x / 0.0
    with tf.Session() as sess:
        return sess.run(y + 1.0, {y: 1.0})


def feed_tuples_of_tensors(tf, np):
    a, b = tf.placeholder(tf.float32, []), tf.placeholder(tf.float32, [])
    pair = _Pair(a, b)
    with tf.Session() as sess:
        return [sess.run(a - b, {(a, b): (5.0, 3.0)}), sess.run(a - b, {pair: (1.0, 2.0)})]


def feed_changes_shape_between_runs(tf, np):
    x = tf.placeholder(tf.float32, [None, 2])
    total = tf.reduce_sum(x)
    with tf.Session() as sess:
        return [sess.run(total, {x: np.ones([n, 2])}) for n in (1, 5, 2, 1)]


def wrong_shape(tf, np):
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    y = x * 2.0
    with tf.Session() as sess:
        return [
            said(
                lambda: sess.run(y, {x: [1, 2]}),
                "Cannot feed value of shape (2,) for Tensor 'x:0'",
                "which has shape '(?, 2)'",
            ),
            error(lambda: sess.run(y, {x: np.ones([2, 3])})),
            error(lambda: sess.run(y, {x: 1.0})),
            error(lambda: sess.run(y, {x: [[1, 2], [3]]})),
        ]


def wrong_values(tf, np):
    x = tf.placeholder(tf.float32, name="x")
    with tf.Session() as sess:
        return [
            error(lambda: sess.run(x, {x: "abc"})),
            error(lambda: sess.run(x, {x: object()})),
            said(lambda: sess.run(x, {x: tf.constant(1.0)}), "cannot be a tf.Tensor object"),
            error(lambda: sess.run(x, {x: 1j})),
        ]


def whole_floats_fed_to_integers(tf, np):
    n = tf.placeholder(tf.int32)
    doubled = n * 2
    with tf.Session() as sess:
        return [sess.run(doubled, {n: np.array([1.0, -1.0])}), sess.run(doubled, {n: [2.0]})]


def integers_that_do_not_fit(tf, np):
    n = tf.placeholder(tf.int32, name="n")
    with tf.Session() as sess:
        return said(lambda: sess.run(n, {n: 2**40}), "is not compatible with Tensor type")


def what_is_cut_to_the_type(tf, np):
    given = [np.array([[0.7], [-1.9]]), 2.5, [1, 2.5], np.array([300, 5]), [300], True, 300, 3]
    kinds = [tf.int32, tf.uint8, tf.int64, tf.bool, tf.float16]
    with tf.Session() as sess:
        return [
            [attempt(lambda v=v, p=p: sess.run(tf.identity(p), {p: v})) for v in given]
            for p in map(tf.placeholder, kinds)
        ]


def wrong_keys(tf, np):
    with tf.Session() as sess:
        a = tf.constant(1)
        return [
            said(lambda: sess.run(a, {"missing:0": 1}), "Cannot interpret feed_dict key as Tensor"),
            error(lambda: sess.run(a, {"Const": 1})),
            error(lambda: sess.run(a, {3: 1})),
            error(lambda: sess.run(a, {a.op: 1})),
            error(lambda: sess.run(a, [1])),
            error(lambda: sess.run(a, {None: 1})),
        ]


def placeholder_not_fed(tf, np):
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    with tf.Session() as sess:
        return [
            said(
                lambda: sess.run(x * 2.0),
                "You must feed a value for placeholder tensor 'x' with dtype float and shape [?,2]",
            ),
            error(lambda: sess.run(x)),
            error(lambda: sess.run(tf.constant(1), {})),
        ]


def placeholder_not_needed(tf, np):
    tf.placeholder(tf.float32, name="x")
    return run(tf, tf.constant(1))


def placeholder_with_default(tf, np):
    x = tf.placeholder_with_default(5.0, [])
    y = tf.placeholder_with_default([[1.0]], [None, 1])
    with tf.Session() as sess:
        return [
            sess.run(x * 2.0),
            sess.run(x * 2.0, {x: 1.0}),
            sess.run(y, {y: [[1], [2]]}),
            error(lambda: sess.run(y, {y: [1.0]})),
            str(y.shape),
        ]


def fetched_arrays_are_own(tf, np):
    v = tf.Variable([1.0, 2.0])
    c = tf.constant([1.0, 2.0])
    with tf.Session() as sess:
        sess.run(v.initializer)
        for tensor in (v, c, v.value()):
            sess.run(tensor)[0] = 99.0
        return sess.run([v, c])


def fed_arrays_are_not_written(tf, np):
    v = tf.Variable([0.0, 0.0])
    x = tf.placeholder(tf.float32, [2])
    fed = np.array([1.0, 2.0], np.float32)
    with tf.Session() as sess:
        sess.run(v.initializer)
        sess.run(v.assign(x), {x: fed})
        fed[0] = 99.0
        first = sess.run(v)
        sess.run(v.assign_add([1.0, 1.0]))
        return [first, sess.run(v), fed]
