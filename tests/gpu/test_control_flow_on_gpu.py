"""Branches and loops on a GPU, here one that is emulated: what is copied, what is waited for."""
import numpy as np
import pytest
from standin import ledger

import minitf as tf

CPU = tf.ConfigProto(device_count={"GPU": 0})
X = np.random.default_rng(0).normal(size=(6, 3)).astype(np.float32)
W = np.float32([[0.4, -0.2, 0.1], [0.3, 0.5, -0.6], [-0.1, 0.2, 0.7]])


@pytest.fixture(autouse=True)
def fresh_graph(gpu):
    tf.reset_default_graph()


def both(build, runs=4):
    """Compare the values of each run, and the variables at the end, with those of the CPU. Returns
    what the last run on the GPU copied and launched."""
    got, counts = ran(build, runs)
    alike(got, ran(build, runs, CPU)[0])
    return counts


def ran(build, runs, config=None):
    tf.reset_default_graph()
    fetches, feeds = build()
    with tf.Session(config=config) as sess:
        sess.run(tf.global_variables_initializer())
        values = []
        for number in range(runs):
            ledger.reset()
            values.append(sess.run(fetches, feeds(number) if callable(feeds) else feeds))
        counts = dict(vars(ledger))
        return (values, sess.run(tf.global_variables())), counts


def alike(got, want):
    if isinstance(want, (list, tuple)):
        for one, other in zip(got, want, strict=True):
            alike(one, other)
    elif want is None:
        assert got is None
    elif isinstance(want, bytes) or np.asarray(want).dtype.kind == "O":
        np.testing.assert_array_equal(got, want)
    else:
        assert got.dtype == want.dtype
        np.testing.assert_allclose(got, want, rtol=1e-4, atol=1e-6)


def repeat(count, body, *start):
    found = tf.while_loop(lambda i, *_: i < count, lambda i, *v: (i + 1, *body(i, *v)), [0, *start])
    return found[1] if len(start) == 1 else found[1:]


def variable(value=W, **kwargs):
    return tf.Variable(value, **kwargs)


# -- what is copied -------------------------------------------------------------------------------


def test_a_counter_stays_on_the_host_and_an_iteration_is_one_graph(gpu):
    def build():
        x, n = tf.placeholder(tf.float32, [2, 3]), tf.placeholder(tf.int32, [])
        w = variable()
        y = repeat(n, lambda i, y: [tf.tanh(tf.matmul(y, w)) + x], x)
        return y, {x: X[:2], n: 7}

    counts = both(build)
    assert counts["graph_launches"] == 7 + 1  # the iterations, the fetch
    assert counts["captures"] == counts["launches"] == counts["allocations"] == 0
    assert counts["to_device"] == 1 and counts["to_host"] == 1
    assert counts["calls"] == 1  # the first value goes to where the loop works


def test_how_many_iterations_there_are_is_asked_for_once(gpu):
    def build():
        x = tf.placeholder(tf.float32, [6, 3])
        n = tf.cast(tf.reduce_max(tf.matmul(x, variable(), transpose_b=True)) * 20.0, tf.int32)
        y = repeat(n, lambda i, y: [tf.tanh(y) + x], x)
        return [y, y[0] * tf.cast(n, tf.float32), n], {x: X}

    counts = both(build)
    assert counts["to_host"] == 3 and counts["to_device"] == 1  # what is fetched


def test_a_condition_on_the_device_comes_back_once_in_an_iteration(gpu):
    def build():
        x = tf.placeholder(tf.float32, [3])
        found = tf.while_loop(lambda n, y: tf.reduce_max(tf.abs(y)) > 0.1,
                              lambda n, y: (n + 1, y * 0.5), [0, x])  # fmt: skip
        return found, {x: [1.0, 0.5, 0.2]}

    counts = both(build)
    assert counts["to_host"] == 1 + 4 + 1  # (the last one is the fetched value)
    assert counts["to_host_bytes"] == 5 + 12 and counts["to_device"] == 1


def test_a_predicate_that_is_fed_costs_no_copy(gpu):
    def build():
        x, p = tf.placeholder(tf.float32, [6, 3]), tf.placeholder(tf.bool, [])
        w = variable()
        h = tf.matmul(x, w)
        h = tf.cond(p, lambda: tf.nn.dropout(h, 0.5, seed=3), lambda: h)
        loss = tf.reduce_sum(h * h)
        step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
        return [loss, step], lambda number: {x: X, p: number % 3 != 1}

    counts = both(build, 6)
    assert counts["to_host"] == 1 and counts["to_host_bytes"] == 4  # the loss
    assert counts["to_device"] == 1 and counts["allocations"] == 0


def test_layers_that_ask_whether_they_are_trained_launch_graphs_alone(gpu):
    def build():
        x, training = tf.placeholder(tf.float32, [6, 3]), tf.placeholder(tf.bool, [])
        h = tf.layers.dense(x, 4, use_bias=False,
                            kernel_initializer=tf.truncated_normal_initializer(seed=1))  # fmt: skip
        h = tf.nn.relu(tf.layers.batch_normalization(h, training=training))
        h = tf.layers.dropout(h, 0.3, training=training, seed=1)
        loss = tf.reduce_mean(h * h)
        with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
            step = tf.train.AdamOptimizer(0.1).minimize(loss)
        return [loss, step], lambda number: {x: X, training: number % 3 != 2}

    counts = both(build, 8)
    assert counts["graph_launches"] == 5  # before, in and after the branch, there and back
    assert counts["calls"] == counts["launches"] == counts["captures"] == 0
    assert counts["to_host"] == counts["to_device"] == 1


def test_an_index_stays_on_the_host(gpu):
    def build():
        x, ids = tf.placeholder(tf.float32, [6, 3]), tf.placeholder(tf.int32, [4])
        y = tf.map_fn(lambda i: tf.tanh(x[i] * 2.0), ids, tf.float32)
        return [y, tf.gradients(y, x)[0]], {x: X, ids: [3, 0, 5, 3]}

    counts = both(build)
    assert counts["to_device"] == 1 and counts["to_host"] == 2
    assert counts["captures"] == counts["launches"] == 0


def test_a_batch_by_index_is_one_graph(gpu):
    def build():
        x, w = variable(X), variable()
        start = tf.placeholder(tf.int32, [])
        y = tf.matmul(tf.slice(x, [start, 0], [2, 3]), w)
        step = tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(y * y), var_list=[w])
        return step, lambda number: {start: number % 5}

    counts = both(build, 12)
    assert counts["graph_launches"] == 1 and counts["launches"] == counts["captures"] == 0


def test_variables_stay_on_the_device(gpu):
    def build():
        x = tf.placeholder(tf.float32, [6, 3])
        w = variable(np.tile(W, [1, 50]))
        y = tf.map_fn(lambda row: tf.nn.relu(tf.matmul(row[None], w)), x)
        loss = tf.reduce_mean(y * y)
        return [loss, tf.train.AdamOptimizer(0.1).minimize(loss)], {x: X}

    counts = both(build)
    assert counts["to_host"] == 1 and counts["to_host_bytes"] == 4
    assert counts["to_device"] == 1 and counts["allocations"] < 6
    assert counts["captures"] == counts["launches"] == 0


def test_what_stays_the_same_is_copied_before_the_loop(gpu):
    def build():
        x, scale = tf.placeholder(tf.float32, [3]), tf.placeholder(tf.float32, [3])
        return repeat(5, lambda i, y: [y * scale + tf.cast(tf.shape(y)[0], tf.float32)], x), {
            x: X[0], scale: X[1],
        }  # fmt: skip

    assert both(build)["to_device"] == 1  # both feeds in one copy


def test_what_only_a_branch_reads_is_copied_there(gpu):
    def build():
        x, p = tf.placeholder(tf.float32, [3]), tf.placeholder(tf.bool, [])
        w = variable()
        total = tf.reduce_sum(tf.matmul(x[None], w))
        said = tf.cond(p, lambda: tf.py_func(lambda a: a * np.float32(2), [total], tf.float32),
                       lambda: tf.constant(0.0))  # fmt: skip
        add = tf.assign_add(w, W).op
        with tf.control_dependencies([said, add]):
            return tf.no_op(), lambda number: {x: X[0], p: number < 2}

    assert both(build)["to_host"] == 0


# -- programs -------------------------------------------------------------------------------------

PROGRAMS = {}


def program(build):
    PROGRAMS[build.__name__] = build
    return build


@program
def nested_loops():
    x, n = tf.placeholder(tf.float32, [3]), tf.placeholder(tf.int32, [])
    w = variable()

    def outer(i, y):
        return [repeat(i, lambda j, z: [tf.tanh(tf.reduce_sum(w * z, 1)) + y], y) * 0.5]

    y = repeat(n, outer, x)
    return [y, *tf.gradients(y, [x, w])], lambda number: {x: X[0], n: number}


@program
def a_branch_in_a_loop():
    x = tf.placeholder(tf.float32, [3])
    w = variable()

    def body(i, y):
        return [tf.cond(tf.equal(i % 2, 0), lambda: tf.sin(y) * w[0], lambda: tf.exp(-y * y))]

    y = repeat(4, body, x)
    return [y, *tf.gradients(y, [x, w])], {x: X[0]}


@program
def a_branch_on_computed_values_in_a_loop():
    x = tf.placeholder(tf.float32, [3])
    w = variable()
    y = repeat(4, lambda i, y: [tf.cond(tf.reduce_sum(y) > 0.5, lambda: y * 0.5 - w[1],
                                        lambda: y + tf.abs(w[2]))], x)  # fmt: skip
    return [y, *tf.gradients(y, [x, w])], {x: X[0]}


@program
def a_loop_in_a_branch():
    x, p = tf.placeholder(tf.float32, [3]), tf.placeholder(tf.bool, [])
    w = variable()
    y = tf.cond(p, lambda: repeat(3, lambda i, y: [tf.tanh(y) * w[0]], x), lambda: tf.exp(x))
    return [y, tf.gradients(y, x)[0]], lambda number: {x: X[0], p: number % 2 == 0}


@program
def cases():
    k, x = tf.placeholder(tf.int32, []), tf.placeholder(tf.float32, [3])
    y = tf.case([(tf.equal(k, 0), lambda: x * 2.0), (tf.equal(k, 1), lambda: tf.exp(x)),
                 (k > 5, lambda: tf.sin(x))], default=lambda: -x, exclusive=True)  # fmt: skip
    return [y, tf.gradients(y, x)[0]], lambda number: {x: X[0], k: [0, 1, 2, 9][number]}


@program
def second_order():
    x = tf.placeholder(tf.float32, [3])
    y = repeat(3, lambda i, y: [tf.sin(y) * x], x)
    dx, = tf.gradients(y, x)
    return [dx, *tf.gradients(tf.reduce_sum(dx * dx), x)], {x: X[0]}


@program
def scans():
    x = tf.placeholder(tf.float32, [6, 3])
    w = variable()
    y = tf.scan(lambda a, r: tf.tanh(tf.reduce_sum(w * a, 1) + r), x)
    z = tf.foldr(lambda a, r: a * 0.5 + r, x)
    return [y, z, *tf.gradients([y, z], [x, w])], {x: X}


@program
def a_recurrent_network():
    x, sizes = tf.placeholder(tf.float32, [None, 2, 3]), tf.placeholder(tf.int32, [2])
    w = variable(np.tile(W, [2, 1]))
    rows = tf.TensorArray(tf.float32, tf.shape(x)[0]).unstack(x)
    outputs = tf.TensorArray(tf.float32, tf.shape(x)[0])

    def body(time, state, outputs):
        new = tf.tanh(tf.matmul(tf.concat([rows.read(time), state], 1), w))
        new = tf.where(time < sizes, new, state)
        return time + 1, new, outputs.write(time, new)

    _, last, outputs = tf.while_loop(lambda time, *_: time < tf.reduce_max(sizes), body,
                                     [0, tf.zeros([2, 3]), outputs])  # fmt: skip
    loss = tf.reduce_mean(last * last) + tf.reduce_sum(outputs.read(0))
    step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    return [loss, last, step], lambda number: {x: X.reshape(3, 2, 3), sizes: [3, number % 4]}


@program
def variables_that_a_loop_changes():
    n = tf.placeholder(tf.int32, [])
    v, count = variable(), tf.Variable(0)

    def body(i):
        grow = tf.assign(v, v.read_value() * 0.5 + tf.to_float(i))
        with tf.control_dependencies([grow, tf.assign_add(count, i)]):
            return i + 1

    done = tf.while_loop(lambda i: i < n, body, [0])
    with tf.control_dependencies([done]):
        return [done, v.read_value(), count.read_value()], lambda number: {n: number}


@program
def random_numbers():
    array = tf.TensorArray(tf.float32, 4)

    def body(i, array):
        drawn = tf.random_normal([5], seed=1) + tf.random_uniform([5], seed=2)
        return i + 1, array.write(i, drawn)

    drawn = tf.while_loop(lambda i, _: i < 4, body, [0, array])[1].stack()
    shuffled = tf.cond(tf.reduce_sum(drawn) > -100.0,
                       lambda: tf.random_shuffle(tf.range(6), seed=4), lambda: tf.range(6))
    total = repeat(3, lambda i, y: [y + tf.random_uniform([2], seed=5)], tf.zeros([2]))
    return [drawn, shuffled, total], {}


@program
def python_in_the_middle_of_a_loop():
    x = tf.placeholder(tf.float32, [3])

    def body(i, y):
        z = tf.py_func(lambda a, k: a[::-1] + np.float32(k), [y * 2.0, i], tf.float32)
        return [tf.reshape(z, [3]) * 0.5]

    return repeat(3, body, x), {x: X[0]}


@program
def strings_in_a_loop():
    x = tf.placeholder(tf.float32, [3])
    _, text, y = tf.while_loop(
        lambda i, *_: i < 3,
        lambda i, t, y: (i + 1, t + tf.as_string(i) + tf.where(y[0] > 0, "+", "-"), y - 0.5),
        [0, tf.constant(""), x], shape_invariants=None)  # fmt: skip
    words = tf.map_fn(lambda w: tf.string_join([w, "!"]), tf.constant(["a", "b"]))
    return [text, y, words], {x: np.abs(X[0])}


@program
def integers_by_index():
    ids, x = tf.placeholder(tf.int32, [4]), tf.placeholder(tf.float32, [6, 3])
    best = tf.map_fn(lambda row: tf.argmax(row, output_type=tf.int32), x, tf.int32)
    picked = tf.map_fn(lambda i: x[i] * tf.cast(i, tf.float32), ids, tf.float32)
    pairs = tf.map_fn(lambda p: p[0] * 2 + tf.reduce_sum(p[1]), (ids, tf.stack([ids, ids], 1)),
                      tf.int32)  # fmt: skip
    return [best, picked, pairs, *tf.gradients(picked, x)], {ids: [3, 0, 5, 1], x: X}


@program
def shapes_that_change():
    x = tf.placeholder(tf.float32, [None])
    shapes = [tf.TensorShape([]), tf.TensorShape([None])]
    y = tf.while_loop(lambda i, a: tf.size(a) < 20,
                      lambda i, a: (i + 1, tf.concat([a, a * 0.5], 0)), [0, x], shapes)
    return [*y, tf.gradients(y[1], x)[0]], lambda number: {x: np.ones(number + 1)}


@program
def arrays_of_parts():
    x = tf.placeholder(tf.float32, [6, 3])
    array = tf.TensorArray(tf.float32, 3, infer_shape=False).split(x, [1, 2, 3])
    doubled = tf.TensorArray(tf.float32, 0, dynamic_size=True, infer_shape=False)
    _, doubled = tf.while_loop(lambda i, _: i < 3, lambda i, a: (i + 1, a.write(
        i, array.read(2 - i) * 2.0)), [0, doubled])  # fmt: skip
    y = doubled.concat()
    return [y, *tf.gradients(y * y, x)], {x: X}


@program
def no_iteration():
    x, n = tf.placeholder(tf.float32, [3]), tf.placeholder(tf.int32, [])
    y = repeat(n, lambda i, y: [y * x], x)
    return [y, tf.gradients(y, x)[0]], {x: X[0], n: 0}


@program
def a_variable_on_the_cpu():
    x = tf.placeholder(tf.float32, [3])
    with tf.device("/cpu:0"):
        v = variable(np.float32([1, 2, 3]))
    w = variable()

    def body(i, y):
        with tf.control_dependencies([tf.assign_add(v, y)]):
            return [tf.tanh(y * v.read_value() + w[0])]

    return repeat(3, body, x), {x: X[0]}


@program
def predicates_that_are_variables():
    flag, x = tf.Variable(True), tf.placeholder(tf.float32, [3])
    y = tf.cond(flag, lambda: x * 2.0, lambda: tf.exp(x))
    with tf.control_dependencies([y]):
        turn = tf.assign(flag, tf.logical_not(flag))
    return [y, turn], {x: X[0]}


@program
def a_loop_on_the_cpu():
    x = tf.placeholder(tf.float32, [6, 3])
    w = variable()
    with tf.device("/cpu:0"):
        y = tf.map_fn(lambda row: tf.sin(row) * 2.0, x)
        z = repeat(3, lambda i, z: [tf.exp(-z) + w[0]], x[0])
    y = tf.matmul(y, w) + z
    return [y, *tf.gradients(y, [x, w])], {x: X}


@program
def what_a_branch_and_the_user_read():
    x, p = tf.placeholder(tf.float32, [6, 3]), tf.placeholder(tf.bool, [])
    y = tf.matmul(x, variable())
    said = tf.cond(p, lambda: tf.py_func(lambda a: a.sum(), [y], tf.float32),
                   lambda: tf.constant(0.0))  # fmt: skip
    return [said, y], lambda number: {x: X, p: number == 2}


@program
def what_python_makes_is_what_comes_next():
    x = tf.placeholder(tf.float32, [3])

    def body(i, y, z):
        return [tf.py_func(lambda a: a[::-1] * np.float32(0.5), [y], tf.float32), z + y]

    n, y, z = tf.while_loop(
        lambda i, *_: i < 3, lambda i, y, z: (i + 1, *body(i, y, z)), [0, x, x],
        [tf.TensorShape([]), tf.TensorShape(None), tf.TensorShape(None)],
    )  # fmt: skip
    return [n, y, z], {x: X[0]}


@program
def counts_that_variables_give():
    x, n = tf.placeholder(tf.float32, [3]), tf.Variable(3)
    y = tf.while_loop(lambda i, y: i < n, lambda i, y: (i + 1, y * 0.5), [0, x])
    best = repeat(3, lambda i, k: [k + tf.argmax(x, output_type=tf.int32) - i], 0)
    odd = tf.while_loop(lambda go, i: go, lambda go, i: (x[i] < 0.5, i + 1), [True, 0])
    return [*y, best, *odd], {x: [0.1, 0.2, 0.7]}


@program
def branches_in_branches_in_loops_in_loops():
    x, n = tf.placeholder(tf.float32, [3]), tf.placeholder(tf.int32, [])
    w = variable()

    def chosen(i, j, z):
        return tf.cond(
            i > j, lambda: tf.cond(z[0] > 0.2, lambda: z * w[0], lambda: tf.sin(z) + w[1]),
            lambda: tf.case([(tf.equal(j, 1), lambda: z + x)], lambda: z * 0.5),
        )

    y = repeat(n, lambda i, y: [repeat(2, lambda j, z: [chosen(i, j, z)], y)], x)
    return [y, *tf.gradients(y, [x, w])], lambda number: {x: X[0], n: number}


@program
def variables_that_python_reads_in_a_loop():
    x, w = tf.placeholder(tf.float32, [3]), variable()
    y = repeat(3, lambda i, y: [tf.ensure_shape(tf.py_func(
        lambda a, b: a + b[0], [y, w], tf.float32), [3])], x)  # fmt: skip
    with tf.control_dependencies([y]):
        return [y, tf.assign_add(w, W)], {x: X[0]}


@program
def arrays_in_a_body():
    x = tf.placeholder(tf.float32, [2, 3])

    def outer(i, y):
        rows = tf.TensorArray(tf.float32, 2).unstack(y)
        made = tf.TensorArray(tf.float32, 2)
        made = tf.while_loop(lambda j, _: j < 2,
                             lambda j, a: (j + 1, a.write(j, tf.sin(rows.read(j)) + y[i % 2])),
                             [0, made])[1]  # fmt: skip
        return [tf.ensure_shape(made.stack(), [2, 3])]

    y = repeat(3, outer, x)
    return [y, *tf.gradients(y, x)], {x: X[:2]}


@program
def choices_of_whole_numbers():
    p, k = tf.placeholder(tf.bool, []), tf.placeholder(tf.int32, [])
    big = tf.placeholder(tf.int32, [500])
    i = tf.cond(p, lambda: k + 1, lambda: k * 2)
    j = tf.cond(p, lambda: big, lambda: big + i)
    return [i, tf.reduce_sum(j), tf.zeros([i, 2])], lambda number: {
        p: number % 2 == 0, k: 3, big: np.arange(500)}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_gpu_computes_what_the_cpu_does(gpu, name):
    both(PROGRAMS[name])


# -- memory ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["nested_loops", "scans", "a_branch_in_a_loop",
                                  "python_in_the_middle_of_a_loop", "arrays_of_parts"])  # fmt: skip
def test_memory_stays_flat(gpu, name):
    fetches, feeds = PROGRAMS[name]()
    feed = feeds(2) if callable(feeds) else feeds
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(5):
            sess.run(fetches, feed)
        before, _ = gpu.live_bytes, gpu.reset()
        for _ in range(200):
            sess.run(fetches, feed)
        assert gpu.live_bytes == before
        assert gpu.captures == 0


def test_many_iterations_take_no_more_memory_than_few(gpu):
    n, x = tf.placeholder(tf.int32, []), tf.placeholder(tf.float32, [256])
    w = variable(np.ones((256, 256), np.float32) / 300)
    y = repeat(n, lambda i, y: [tf.reshape(tf.matmul(y[None], w), [256]) + tf.sin(y)], x)
    with tf.Session() as sess:
        sess.run(w.initializer)
        peaks = []
        for count in (2, 2, 2, 300):
            gpu.reset()
            sess.run(y, {n: count, x: np.ones(256)})
            peaks.append(gpu.peak_bytes)
    assert peaks[-1] == peaks[-2]


# -- errors ---------------------------------------------------------------------------------------


def test_errors_in_a_branch_of_a_loop_name_the_op_and_what_has_changed(gpu):
    v, x = variable(np.float32(0)), tf.placeholder(tf.float32, [None])

    def body(i, y):
        with tf.control_dependencies([tf.assign_add(v, 1.0)]):
            return i + 1, tf.cond(i > 0, lambda: tf.reshape(y, [i + 2]), lambda: y)

    shapes = [tf.TensorShape([]), tf.TensorShape([None])]
    y = tf.while_loop(lambda i, y: i < 3, body, [0, x], shapes)
    with tf.Session() as sess:
        sess.run(v.initializer)
        for _ in range(2):
            with pytest.raises(tf.errors.InvalidArgumentError) as caught:
                sess.run(y, {x: [1.0, 2.0]})
            assert "Reshape" in str(caught.value) and "lambda: tf.reshape" in str(caught.value)
            assert "already changed: Variable" in str(caught.value)
        assert sess.run(v) == 4.0


def test_variables_of_the_other_branch_need_no_value(gpu):
    v, p = variable([1.0, 2.0]), tf.placeholder(tf.bool, [])
    y = tf.cond(p, lambda: tf.identity(v._ref()) * 2.0, lambda: tf.zeros([2]))
    with tf.Session() as sess:
        np.testing.assert_array_equal(sess.run(y, {p: False}), [0, 0])
        with pytest.raises(tf.errors.FailedPreconditionError, match="Variable"):
            sess.run(y, {p: True})
        sess.run(v.initializer)
        np.testing.assert_array_equal(sess.run(y, {p: True}), [2, 4])
