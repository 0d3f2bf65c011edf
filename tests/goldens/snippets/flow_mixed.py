"""Branches, loops, arrays and variables inside each other."""

import numpy as _np

from goldens.kit import attempt, error, inside, names, run, shape, shapes

_X = _np.array([0.5, -0.3, 0.8], _np.float32)


def _value(tf, build, *values):
    """build(*placeholders), its gradients, and the values of all."""
    xs = [tf.placeholder(tf.float32, _np.shape(v)) for v in values]
    y = build(*xs)
    dxs = [dx for dx in tf.gradients(y, xs) if dx is not None]
    return run(tf, [y, dxs], dict(zip(xs, values)))


def loop_in_branch_in_loop(tf, np):
    def build(x):
        def body(i, y):
            def inner():
                return tf.while_loop(lambda j, z: j < i, lambda j, z: (j + 1, z * x), [0, y])[1]

            return i + 1, tf.cond(tf.equal(i % 2, 1), inner, lambda: tf.sin(y))

        return tf.while_loop(lambda i, y: i < 5, body, [0, x])[1]

    return _value(tf, build, _X)


def array_through_branches(tf, np):
    def build(x):
        array = tf.TensorArray(tf.float32, 4)

        def body(i, array):
            array = tf.cond(i < 2, lambda: array.write(i, x), lambda: array.write(i, x * x))
            return i + 1, array

        return tf.while_loop(lambda i, a: i < 4, body, [0, array])[1].stack()

    return _value(tf, build, _X)


def maps_of_maps(tf, np):
    x = _np.arange(6, dtype=_np.float32).reshape(2, 3)
    return _value(tf, lambda x: tf.map_fn(lambda r: tf.map_fn(lambda v: v * v + r[0], r), x), x)


def scans_of_structures(tf, np):
    def build(x, z):
        found = tf.scan(
            lambda a, row: {"sum": a["sum"] + row[0] * row[1], "last": row[0]}, (x, z),
            initializer={"sum": tf.zeros([]), "last": tf.zeros([])},
        )  # fmt: skip
        return found["sum"] * found["last"]

    return _value(tf, build, _X, _X * 2)


def case_gradient(tf, np):
    def build(x):
        return tf.case([(x[0] > 1.0, lambda: x * x), (x[1] < 0.0, lambda: tf.exp(x))],
                       default=lambda: tf.sin(x))  # fmt: skip

    return [_value(tf, build, v) for v in (_X, _X + 1, -_X)]


def counters_of_other_types(tf, np):
    wide = tf.while_loop(lambda i: i < 5, lambda i: i + 2, [np.int64(0)])
    real = tf.while_loop(lambda t: t < 1.0, lambda t: t + 0.3, [0.0])
    flag = tf.while_loop(lambda i, go: tf.logical_and(i < 9, go), lambda i, go: (i + 1, i < 3),
                         [0, True])  # fmt: skip
    down = tf.while_loop(lambda i: i > -4, lambda i: i - 3, [5])
    wraps = tf.while_loop(lambda i: i > 0, lambda i: i + 1, [np.int32(2**31 - 3)])
    return run(tf, [wide, real, flag, down, wraps])


def words(tf, np):
    last = tf.while_loop(lambda i, w: i < 3, lambda i, w: (i + 1, tf.where(i > 0, "b", w)),
                         [0, tf.constant("a")])  # fmt: skip
    return run(tf, last)


def constants_in_bodies(tf, np):
    last = tf.while_loop(
        lambda i, a, b: i < 3, lambda i, a, b: (i + 1, tf.constant([1.0, 2.0]), a),
        [0, tf.zeros([2]), tf.zeros([2])],
    )  # fmt: skip
    return run(tf, last)


def functions_of_python(tf, np):
    def twice(x):
        return x * 2

    def body(i, y):
        y = tf.py_func(twice, [y], tf.float32)
        y.set_shape([2])
        return i + 1, y

    return run(tf, tf.while_loop(lambda i, y: i < 3, body, [0, tf.constant([1.0, 3.0])]))


def branch_changes_variables(tf, np):
    a, b = tf.Variable([1.0, 2.0]), tf.Variable(0)
    p = tf.placeholder(tf.bool, [])

    def change():
        with tf.control_dependencies([tf.assign(a, a * 2.0), tf.assign_add(b, 1)]):
            return tf.identity(a.read_value()) + 100.0

    y = tf.cond(p, change, lambda: a + 0.0)
    found = []
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for value in (True, False, True):
            found.append([sess.run(y, {p: value})] + sess.run([a, b]))
    return found


def loop_with_branch_changes_variables(tf, np):
    v = tf.Variable([0, 0])

    def body(i):
        update = tf.cond(tf.equal(i % 3, 0), lambda: tf.assign_add(v, [1, 0]).op,
                         lambda: tf.assign_add(v, [0, 1]).op)  # fmt: skip
        with tf.control_dependencies([update]):
            return i + 1

    last = tf.while_loop(lambda i: i < 7, body, [0], parallel_iterations=1)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return [sess.run(last), sess.run(v)]


def trained_in_a_loop(tf, np):
    w = tf.Variable([1.0, 2.0])
    optimizer = tf.train.GradientDescentOptimizer(0.1)

    def body(i):
        loss = tf.reduce_sum(tf.square(w.read_value() - 3.0))
        grad = tf.gradients(loss, w.read_value())
        del grad
        step = tf.assign_sub(w, 0.2 * (w.read_value() - 3.0))
        with tf.control_dependencies([step]):
            return i + 1

    last = tf.while_loop(lambda i: i < 4, body, [0], parallel_iterations=1)
    del optimizer
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return [sess.run(last), sess.run(w)]


def variables_made_inside(tf, np):
    x = tf.constant([[1.0, 2.0]])
    p = tf.placeholder(tf.bool, [])

    def layer():
        w = tf.get_variable("w", [2, 2], initializer=tf.ones_initializer())
        return tf.matmul(x, w)

    y = tf.cond(p, layer, lambda: x)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return [sess.run(y, {p: value}) for value in (True, False)] + [
            [v.name for v in tf.global_variables()]
        ]


def gradients_inside(tf, np):
    x, p = tf.placeholder(tf.float32, [3]), tf.placeholder(tf.bool, [])

    def slope():
        return tf.gradients(x * x * x, x)[0]

    y = tf.cond(p, slope, lambda: x)
    return [run(tf, y, {x: _X, p: value}) for value in (True, False)]


def fed_results(tf, np):
    x = tf.constant(2.0)
    i, y = tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y * x), [0, x])
    z = tf.cond(tf.constant(True), lambda: y + 1.0, lambda: x)
    return [
        run(tf, z * 1.0, {y: 5.0}), run(tf, z * 10.0, {z: 5.0}), run(tf, i),
        attempt(lambda: run(tf, y, {"while/Identity:0": 3})),
        attempt(lambda: run(tf, y, {"while/Enter:0": 3})),
    ]  # fmt: skip


def seen_from_a_branch(tf, np):
    """Tensors of one branch cannot have a value in the other."""
    kept = []
    p = tf.placeholder(tf.bool, [])
    x = tf.constant(3.0)

    def first():
        kept.append(x * 2.0)
        return kept[0]

    y = tf.cond(p, first, lambda: x)
    outside = kept[0] + 1.0
    found = [attempt(lambda value=value: run(tf, outside, {p: value})) for value in (True, False)]
    return [*found, run(tf, y, {p: True})]


def static_values(tf, np):
    n = tf.constant([2, 3])
    p = tf.placeholder(tf.bool, [])
    x = tf.placeholder(tf.float32, [None])
    y = tf.cond(p, lambda: tf.reshape(x, n), lambda: tf.zeros(n))
    z = tf.while_loop(lambda i, m: i < 2, lambda i, m: (i + 1, m + tf.ones(n)), [0, tf.zeros(n)])
    return shapes(y, z[1]) + [shape(tf.reshape(x, tf.cond(p, lambda: n, lambda: n)))]


def refused_in_bodies(tf, np):
    x = tf.placeholder(tf.float32, [2])
    return [
        error(lambda: tf.while_loop(lambda i: i < 3, lambda i: tf.matmul(x, x), [0])),
        error(lambda: tf.while_loop(lambda x: x, lambda x: x, [x])),
        error(lambda: tf.while_loop(lambda x: tf.constant(1), lambda x: x, [x])),
        error(lambda: tf.cond(x, lambda: 1, lambda: 2)),
        error(lambda: tf.scan(lambda a, v: (a, v), x)),
        error(lambda: tf.scan(lambda a, v: tf.stack([a, v]), x)),
        error(lambda: tf.foldl(3, x)),
    ]


def many_gradients(tf, np):
    """Two calls of tf.gradients through one array."""
    x = tf.placeholder(tf.float32, [3])
    y = tf.map_fn(lambda v: v * v * v, x)
    first, second = tf.gradients(y, x)[0], tf.gradients(y * 2.0, x)[0]
    return run(tf, [first, second, first + second], {x: _X})


def partly_needed(tf, np):
    """A variable that nobody asks for is not computed."""
    x = tf.placeholder(tf.float32, [2])
    last = tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y * x), [0, x])
    return run(tf, last[0])


def _chosen(tf, x, function, selected, count):
    """One of `count` ways, as the preprocessing of tf.slim's models picks one by chance."""
    flow = inside(tf, "python.ops.control_flow_ops")
    return flow.merge([
        function(flow.switch(x, tf.equal(selected, way))[1], way) for way in range(count)
    ])  # fmt: skip


def one_of_several_branches(tf, np):
    x, selected = tf.placeholder(tf.float32, [2]), tf.placeholder(tf.int32, [])
    variable = tf.Variable([2.0, 3.0])
    ways = [lambda t: t * 2, tf.square, lambda t: t * t * t, lambda t: t + 1]
    merged = _chosen(tf, x * variable, lambda t, way: ways[way](t), selected, 4)
    gradients = tf.gradients(merged.output, [x, variable])
    fetches = [merged.output, merged.value_index, *gradients]
    found = [run(tf, fetches, {x: [1, 2], selected: way}) for way in range(4)]
    missed = error(lambda: run(tf, merged.output, {x: [1, 2], selected: 7}))
    outer = _chosen(
        tf, x, lambda t, way: _chosen(tf, t, lambda u, inner: u + inner, selected - way, 2).output,
        selected, 3,
    )  # fmt: skip
    return [
        merged._fields, found, missed,
        [run(tf, outer.output, {x: [1, 2], selected: way}) for way in range(3)],
        shape(outer.output), names(tf)[:12],
    ]  # fmt: skip


def switches_by_hand(tf, np):
    flow = inside(tf, "python.ops.control_flow_ops")
    x, p, q = tf.placeholder(tf.float32, [2]), tf.placeholder(tf.bool, []), tf.placeholder(tf.bool)
    off, on = flow.switch(x, p)
    both = flow.merge([off * 2, on * 3])
    apart = flow.merge([flow.switch(x, p)[0] * 2, flow.switch(x, q)[1] * 3], name="apart")
    return [
        off.name, on.name, apart.output.name, error(lambda: flow.merge([off, None])),
        [run(tf, both, {x: [1, 2], p: side})[0] for side in (True, False)],
        [run(tf, apart, {x: [1, 2], p: side, q: side}) for side in (True, False)],
        [run(tf, tf.gradients(apart.output, x), {x: [1, 2], p: side, q: side})
         for side in (True, False)],
        [run(tf, tf.gradients([off, on * on][way], x), {x: [1, 2], p: side})
         for way in range(2) for side in (True, False)],
        error(lambda: run(tf, off, {x: [1, 2], p: True})),
        error(lambda: run(tf, apart.output, {x: [1, 2], p: True, q: False})),
    ]  # fmt: skip
