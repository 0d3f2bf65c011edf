"""tf.while_loop, map_fn, scan and folds: values, gradients, names, shapes, what is refused."""

import collections

from goldens.kit import attempt, eagerly, error, names, run, said, shape, shapes


def counts(tf, np):
    i, y = tf.while_loop(lambda i, y: i < 5, lambda i, y: (i + 1, y * 2.0), [0, 1.0])
    alone = tf.while_loop(lambda i: i < 7, lambda i: i + 2, [0])
    same = tf.while_loop(lambda i: i < 7, lambda i: [i + 2], [0], return_same_structure=True)
    return run(tf, [i, y, alone, same]), type(same).__name__, alone.name, [i.name, y.name]


def loop_names(tf, np):
    x = tf.placeholder(tf.float32, [2], name="x")
    tf.while_loop(lambda i, y: i < 5, lambda i, y: (i + 1, y * x), [0, x])
    tf.while_loop(lambda i: i < 5, lambda i: tf.add(i, 1, name="more"), [tf.constant(0)],
                  name="named", maximum_iterations=3)  # fmt: skip
    return sorted(names(tf))


def nested_names(tf, np):
    def body(i, y):
        return i + 1, tf.while_loop(lambda j, z: j < i, lambda j, z: (j + 1, z + y), [0, y])[1]

    tf.while_loop(lambda i, y: i < 3, body, [0, 1.0])
    return sorted(names(tf))


def fetched_inside(tf, np):
    x = tf.constant(2.0)
    tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y * x), [0, x])
    fetches = ["while/Exit:0", "while/Exit_1:0", "while/mul:0", "while/Merge:0", "while/Enter:0",
               "while/LoopCond:0", "while/add:0"]  # fmt: skip
    return [attempt(lambda name=name: run(tf, name)) for name in fetches]


def used_outside(tf, np):
    inside = []

    def body(i):
        inside.append(i + 1)
        return inside[0]

    tf.while_loop(lambda i: i < 3, body, [0])
    return error(lambda: inside[0] * 2), error(lambda: tf.identity(inside[0]))


def limits(tf, np):
    n = tf.placeholder(tf.int32, [])
    y = tf.while_loop(lambda i: i < 10, lambda i: i + 1, [0], maximum_iterations=n)
    return [run(tf, y, {n: value}) for value in (0, 3, 20)] + [
        error(lambda: tf.while_loop(lambda i: i < 1, lambda i: i, [0], maximum_iterations=[1, 2]))
    ]


def structures(tf, np):
    pair = collections.namedtuple("pair", "j k")
    start = (tf.constant(0), pair(tf.constant(1), tf.constant(2)))
    last = tf.while_loop(
        lambda i, p: i < 10, lambda i, p: (i + 1, pair(p.j + p.k, p.j - p.k)), start
    )
    keyed = tf.while_loop(lambda i, d: i < 3, lambda i, d: (i + 1, {"a": d["a"] * 2}),
                          (0, {"a": 1}))  # fmt: skip
    return run(tf, [last, keyed])


def swaps(tf, np):
    a, b = [1.0, 2.0], [3.0, 4.0]
    return run(
        tf, tf.while_loop(lambda i, a, b: i < 3, lambda i, a, b: (i + 1, b, a), [0, a, b])
    )


def growing(tf, np):
    last = tf.while_loop(
        lambda i, m: i < 3, lambda i, m: [i + 1, tf.concat([m, m + 1.0], 0)],
        [tf.constant(0), tf.ones([2, 2])],
        shape_invariants=[tf.TensorShape([]), tf.TensorShape([None, 2])],
    )  # fmt: skip
    dm = tf.gradients(last[1] * last[1], tf.get_default_graph().get_tensor_by_name("ones:0"))[0]
    return [shape(last[1])] + run(tf, [last, dm])


def shapes_refused(tf, np):
    one = tf.ones([2])
    body = lambda i, m: [i + 1, tf.concat([m, m], 0)]  # noqa: E731
    return [
        said(lambda: tf.while_loop(lambda i, m: i < 3, body, [0, one]), "shape_invariants"),
        said(
            lambda: tf.while_loop(lambda i, m: i < 3, body, [0, one], shape_invariants=[
                tf.TensorShape([]), tf.TensorShape([3])]), "not compatible"
        ),
        error(lambda: tf.while_loop(lambda i, m: i < 3, body, [0, one], shape_invariants=[
            tf.TensorShape([])])),
        error(lambda: tf.while_loop(lambda i: i < 3, lambda i: (i, i), [0])),
        error(lambda: tf.while_loop(lambda: True, lambda: None, [])),
        error(lambda: tf.while_loop(1, lambda i: i, [0])),
        error(lambda: tf.while_loop(lambda i: i < 1, 1, [0])),
        error(lambda: tf.while_loop(lambda i: i < 1, lambda i: i, [0], parallel_iterations=0)),
        error(lambda: tf.while_loop(lambda i: i, lambda i: i, [0])),
    ]  # fmt: skip


def unknown_shapes(tf, np):
    x = tf.placeholder(tf.float32)
    y = tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, tf.tanh(y + x)), [0, x])[1]
    dx = tf.gradients(y, x)[0]
    return [shapes(y, dx)] + [run(tf, [y, dx], {x: v}) for v in ([1.0, 2.0], [[0.5]])]


def gradients(tf, np):
    x = tf.placeholder(tf.float32, [2])
    w = tf.Variable([[0.5, -0.2], [0.3, 0.8]])
    n = tf.placeholder(tf.int32, [])

    def body(i, y):
        return i + 1, tf.tanh(tf.squeeze(tf.matmul(tf.expand_dims(y, 0), w), 0)) + x

    y = tf.while_loop(lambda i, y: i < n, body, [0, x])[1]
    dxs = tf.gradients(y, [x, w])
    return [run(tf, [y, dxs], {x: [1.0, 2.0], n: count}) for count in (0, 1, 4)]


def gradients_of_counters(tf, np):
    x = tf.placeholder(tf.float32, [])

    def body(i, y):
        return i + 1, y * tf.cast(i, tf.float32) * x

    i, y = tf.while_loop(lambda i, y: i < 4, body, [1, x])
    return run(tf, [y, tf.gradients(y, x)[0]], {x: 1.5}), tf.gradients(y, i)[0] is None


def gradients_missing(tf, np):
    x, z = tf.placeholder(tf.float32, []), tf.placeholder(tf.float32, [])
    _, a, b = tf.while_loop(lambda i, a, b: i < 3, lambda i, a, b: (i + 1, a * 2.0, b * 3.0),
                            [0, x, z])  # fmt: skip
    off = tf.while_loop(lambda i, a: i < 3, lambda i, a: (i + 1, a * x), [0, x], back_prop=False)
    found = [tf.gradients(a, [x, z]), tf.gradients(b, [x, z])]
    return [[g is None for g in gs] for gs in found], attempt(
        lambda: [g is None for g in tf.gradients(off[1], [x])]
    )


def gradients_of_both(tf, np):
    x = tf.placeholder(tf.float32, [])
    _, a, b = tf.while_loop(lambda i, a, b: i < 3, lambda i, a, b: (i + 1, a * b, b + a),
                            [0, x, 2.0 * x])  # fmt: skip
    return run(tf, [a, b] + tf.gradients([a, b], x) + tf.gradients(a, x), {x: 0.7})


def gradients_of_nested(tf, np):
    x = tf.placeholder(tf.float32, [2])

    def body(i, y):
        inner = tf.while_loop(lambda j, z: j < i, lambda j, z: (j + 1, tf.sin(z) * x + y), [0, y])
        return i + 1, inner[1]

    y = tf.while_loop(lambda i, y: i < 4, body, [0, x])[1]
    return run(tf, [y, tf.gradients(y, x)[0]], {x: [0.3, 0.9]})


def cond_in_loop(tf, np):
    x = tf.placeholder(tf.float32, [2])

    def body(i, y):
        return i + 1, tf.cond(tf.equal(i % 2, 0), lambda: tf.sin(y) * x, lambda: y * y)

    y = tf.while_loop(lambda i, y: i < 5, body, [0, x])[1]
    return run(tf, [y, tf.gradients(y, x)[0]], {x: [0.3, 0.9]})


def loop_in_cond(tf, np):
    x, p = tf.placeholder(tf.float32, [2]), tf.placeholder(tf.bool, [])

    def loop():
        return tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y * x), [0, x])[1]

    y = tf.cond(p, loop, lambda: tf.exp(x))
    dx = tf.gradients(y, x)[0]
    return [run(tf, [y, dx], {x: [0.3, 0.9], p: value}) for value in (True, False)]


def gradients_of_rows(tf, np):
    table = tf.Variable(np.arange(8, dtype=np.float32).reshape(4, 2))

    def body(i, y):
        return i + 1, y + tf.reduce_sum(tf.square(tf.gather(table, [i, 3])))

    y = tf.while_loop(lambda i, y: i < 3, body, [0, 0.0])[1]
    return run(tf, [y, tf.convert_to_tensor(tf.gradients(y, table)[0])])


def variables_change(tf, np):
    v = tf.Variable(1.0)

    def body(i, y):
        with tf.control_dependencies([tf.assign_add(v, 1.0)]):
            return i + 1, y + tf.identity(v.read_value())

    y = tf.while_loop(lambda i, y: i < 3, body, [0, 0.0], parallel_iterations=1)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return [sess.run(y), sess.run(v)]


def errors_inside(tf, np):
    x = tf.placeholder(tf.float32, [])

    def body(i, y):
        with tf.control_dependencies([tf.Assert(y < 10.0, ["large", y])]):
            return i + 1, y * 2.0

    y = tf.while_loop(lambda i, y: i < 4, body, [0, x])[1]
    return [attempt(lambda value=value: run(tf, y, {x: value})) for value in (1.0, 5.0)]


def waits_for_outside(tf, np):
    v = tf.Variable(0)
    with tf.control_dependencies([tf.assign_add(v, 1)]):
        y = tf.while_loop(lambda i: i < 3, lambda i: i + 1, [0])
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return [sess.run(y), sess.run(v)]


def random_inside(tf, np):
    y = tf.while_loop(
        lambda i, y: i < 3, lambda i, y: (i + 1, y + tf.random_uniform([], 1.0, 2.0)), [0, 0.0]
    )[1]
    return bool(3.0 <= run(tf, y) < 6.0)


def maps(tf, np):
    x = tf.placeholder(tf.float32, [3, 2])
    y = tf.map_fn(lambda row: row * row + row[0], x)
    several = tf.map_fn(lambda rows: (rows[0] + rows[1], tf.cast(rows[1], tf.int32)),
                        (x, x * 2.0), dtype=(tf.float32, tf.int32))  # fmt: skip
    value = np.arange(6, dtype=np.float32).reshape(3, 2)
    return [run(tf, [y, several, tf.gradients(y, x)[0]], {x: value}), shapes(y, *several)]


def maps_refused(tf, np):
    return [
        error(lambda: tf.map_fn(1, [1.0])),
        error(lambda: tf.map_fn(lambda x: x, tf.constant(1.0))),
        error(lambda: tf.map_fn(lambda x: (x, x), [1.0])),
        error(lambda: run(tf, tf.map_fn(lambda x: tf.cast(x, tf.int32), [1.0]))),
    ]


def map_names(tf, np):
    tf.map_fn(lambda row: row * 2.0, tf.placeholder(tf.float32, [3]))
    return sorted(names(tf))


def scan_names(tf, np):
    tf.scan(lambda a, row: a + row, tf.placeholder(tf.float32, [3, 2]))
    return sorted(names(tf))


def scans(tf, np):
    x = tf.placeholder(tf.float32, [4, 2])
    plain = tf.scan(lambda a, row: a * row, x)
    started = tf.scan(lambda a, row: tf.tanh(a + row), x, initializer=tf.zeros([2]))
    back = tf.scan(lambda a, row: a + row, x, reverse=True)
    pair = tf.scan(lambda a, row: (a[0] + row, a[1] * row), x, (tf.zeros([2]), tf.ones([2])))
    value = np.linspace(0.5, 2.0, 8).astype(np.float32).reshape(4, 2)
    dxs = [tf.gradients(y, x)[0] for y in (plain, started, back, pair)]
    return [run(tf, [plain, started, back, pair, dxs], {x: value}), shapes(plain, started, back)]


def scan_of_unknown_length(tf, np):
    x = tf.placeholder(tf.float32, [None, 2])
    w = tf.Variable([[0.5, -0.2], [0.3, 0.8]])

    def step(a, row):
        return tf.tanh(tf.matmul(a, w) + row)

    y = tf.scan(step, x, initializer=tf.zeros([1, 2]))
    dxs = tf.gradients(y, [x, w])
    return [shape(y)] + [run(tf, [y, dxs], {x: np.ones([n, 2])}) for n in (1, 3)]


def folds(tf, np):
    x = tf.placeholder(tf.float32, [4])
    left = tf.foldl(lambda a, v: a * 0.5 - v, x)
    right = tf.foldr(lambda a, v: a * 0.5 - v, x)
    started = tf.foldl(lambda a, v: a + v * v, x, initializer=10.0)
    last = tf.foldr(lambda a, v: a - v, x, initializer=tf.constant(1.0))
    ys = [left, right, started, last]
    return run(tf, [ys, [tf.gradients(y, x)[0] for y in ys]], {x: [1.0, 2.0, 3.0, 4.0]})


def minimized(tf, np):
    w = tf.get_variable("w", [2, 2], initializer=tf.constant_initializer([[0.5, -0.2], [0.3, 0.8]]))
    x = tf.constant(np.linspace(-1.0, 1.0, 12).reshape(6, 1, 2).astype(np.float32))
    states = tf.scan(lambda a, row: tf.tanh(tf.matmul(a, w) + row), x, tf.zeros([1, 2]))
    loss = tf.reduce_sum(tf.square(states - 0.3))
    step = tf.train.AdamOptimizer(0.1).minimize(loss)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return [sess.run([loss, step])[0] for _ in range(5)] + [sess.run(w)]


def what_one_variable_is_returned_as(tf, np):
    """By itself where it is the only tensor, whatever stands around it."""
    zero = tf.constant(0)

    def structure(test, body, variables, **options):
        found = attempt(lambda: tf.while_loop(test, body, variables, **options))
        if isinstance(found, str):
            return found
        return str(tf.contrib.framework.nest.map_structure(lambda _: None, found))

    def structures(**options):
        return [
            structure(lambda p: p[0] < 3, lambda p: [(p[0] + 1, p[1])], [(zero, zero)], **options),
            structure(lambda p: p[0] < 3, lambda p: [[p[0] + 1]], [[zero]], **options),
            structure(lambda a, _: a < 3, lambda a, _: [a + 1, []], [zero, []], **options),
            structure(lambda n: n["x"] < 3, lambda n: [{"x": n["x"] + 1, "y": n["y"]}],
                      [{"x": zero, "y": zero}], **options),
            structure(lambda a: a < 3, lambda a: a + 1, [zero], **options),
        ]  # fmt: skip

    graph = [structures(), structures(return_same_structure=True), structures(maximum_iterations=9)]
    with eagerly(tf):
        one = tf.while_loop(lambda a: a < 3, lambda a: a + 1, [tf.constant(0)])
        listed = tf.while_loop(lambda a: a < 3, lambda a: [a + 1], [tf.constant(0)])
        return [graph, int(one), isinstance(listed, list), int(listed[0])]


def counters_of_one_op(tf, np):
    """Variables that begin alike and become different outputs of one op."""
    n = tf.placeholder(tf.int32, [])

    def split(i, a, b):
        x, y = tf.unstack(tf.stack([a + 1, b + i]))
        return i + 1, x, y

    def added(i, a, b):
        return i + 1, tf.add_n([a, i]), tf.add_n([a, i, i])

    def ranked(i, a, b):
        values, places = tf.nn.top_k(tf.stack([a + 2, b + i, 3]), 1)
        return i + 1, values[0], places[0]

    ends = [tf.while_loop(lambda i, a, b: i < n, f, [1, 0, 0]) for f in (split, added, ranked)]
    moved = tf.while_loop(lambda i, a, b, c: i < n, lambda i, a, b, c: (i + 1, b, c, a + i + 6),
                          [0, 2, 2, 2])  # fmt: skip
    return run(tf, [*ends, moved], {n: 5})
