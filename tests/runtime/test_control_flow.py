"""Branches and loops: compiled = interpreted, loops = the same written out, derivatives."""
import re
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from interpreter import interpret

import minitf as tf

pytestmark = pytest.mark.usefixtures("lowering")

X = np.array([0.5, -0.3, 0.8])
W = np.array([[0.4, -0.2, 0.1], [0.3, 0.5, -0.6], [-0.1, 0.2, 0.7]])


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


def repeat(count, body, *start):
    """The values after `body` has been applied so often."""
    found = tf.while_loop(lambda i, *_: i < count, lambda i, *v: (i + 1, *body(i, *v)), [0, *start])
    return found[1] if len(start) == 1 else found[1:]


def nested(x):
    def outer(i, y):
        return (repeat(i, lambda j, z: [tf.sin(z) * x + y], y),)

    return repeat(4, outer, x)


def alternating(x):
    def body(i, y):
        return (tf.cond(tf.equal(i % 2, 0), lambda: tf.sin(y) * x, lambda: tf.exp(y) * 0.5),)

    return repeat(4, body, x)


def nested_branches(x):
    def body(i, y):
        return (tf.cond(i > 1, lambda: tf.cond(y[0] > 0.3, lambda: y * x, lambda: tf.sin(y)),
                        lambda: y + x),)  # fmt: skip

    return repeat(4, body, x)


def growing(x):
    return tf.while_loop(
        lambda i, a: i < 3, lambda i, a: (i + 1, tf.concat([a, a * x[0]], 0)), [0, x],
        shape_invariants=[tf.TensorShape([]), tf.TensorShape([None])],
    )[1]  # fmt: skip


def rows(x):
    return tf.gather(repeat(4, lambda i, y: [y + tf.gather(tf.sin(x), [0, i % 3, 2])], x), [1, 1])


def in_an_array(x):
    array = tf.TensorArray(x.dtype, 4, clear_after_read=False)
    _, array = tf.while_loop(lambda i, _: i < 4, lambda i, a: (i + 1, a.write(i, x[0] * x)),
                             [0, array])  # fmt: skip
    return array.read(1) * array.read(1) + array.stack()[2]


def loop_in_branch(x):
    return tf.cond(tf.reduce_sum(x) > 0, lambda: repeat(4, lambda i, y: [tf.sin(y) * x], x),
                   lambda: tf.exp(x))  # fmt: skip


MODELS = {
    "branch": (lambda x: tf.cond(x[0] > 0, lambda: tf.sin(x), lambda: tf.exp(x)), X),
    "other branch": (lambda x: tf.cond(x[0] < 0, lambda: tf.sin(x), lambda: x * x[0]), X),
    "branches of two": (
        lambda x, w: tf.cond(x[0] > 0, lambda: tf.matmul(w, w)[0] * x, lambda: w[1] * x), X, W),
    "loop": (lambda x: repeat(4, lambda i, y: [tf.sin(y)], x), X),
    "products": (lambda x, w: repeat(
        3, lambda i, y: [tf.ensure_shape(tf.tanh(tf.matmul(w, y)), [3, 1])],
        tf.reshape(x, [3, 1])), X, W),
    "no iteration": (lambda x: repeat(0, lambda i, y: [y * 2.0], x * 3.0), X),
    "swap": (lambda x: repeat(3, lambda i, a, b: [b, a * 2.0], x, x * x)[0], X),
    "unused": (lambda x: repeat(3, lambda i, a, b: [a * x, b], x, x * x)[0], X),
    "transposed": (lambda w: repeat(3, lambda i, a: [tf.transpose(a) * w], w), W),
    "alternating": (alternating, X),
    "nested branches": (nested_branches, X),
    "nested": (nested, X),
    "loop in branch": (loop_in_branch, X),
    "growing": (growing, X),
    "rows": (rows, X),
    "array": (in_an_array, X),
    "map": (lambda x: tf.map_fn(lambda r: r * r * x[0], x), X),
    "scan": (lambda x, w: tf.scan(
        lambda a, r: tf.tanh(tf.reduce_sum(w * a, 1) + r), tf.stack([x, 2 * x, x * x])), X, W),
    "reverse": (lambda x: tf.scan(lambda a, r: a * r, x, reverse=True), X),
    "fold": (lambda x: tf.foldl(lambda a, r: a * r + tf.sin(a), x), X),
    "nested scan": (lambda w: tf.scan(
        lambda a, r: a + tf.scan(lambda b, s: b * s + r[0], r), w), W),
}  # fmt: skip
models = pytest.mark.parametrize("name", MODELS)


def built(name, dtype=tf.float64, shape=lambda sizes: sizes):
    """The model, the gradients of first and of second order, and the feeds."""
    build, *values = MODELS[name]
    feeds = {tf.placeholder(dtype, shape(v.shape)): v.astype(dtype.as_numpy_dtype) for v in values}
    y = build(*feeds)
    first = slopes(y, feeds)
    total = tf.add_n([tf.reduce_sum(dx * dx) for dx in first])
    return y, first, total, slopes(total, feeds), feeds


def slopes(y, feeds):
    return [tf.convert_to_tensor(dx) for dx in tf.gradients(y, list(feeds)) if dx is not None]


@models
@pytest.mark.parametrize("dtype", [tf.float64, tf.float32], ids=["float64", "float32"])
def test_compiled_is_interpreted(name, dtype):
    y, first, _, second, feeds = built(name, dtype)
    fetches = [y, *first, *second]
    want = interpret(fetches, feeds)
    with tf.Session() as sess:
        for _ in range(3):
            check(sess.run(fetches, feeds), want)
        for fetch, value in zip(fetches, want):
            check([sess.run(fetch, feeds)], [value])


@models
def test_unknown_shapes_give_the_same(name):
    y, first, _, second, feeds = built(name)
    want = interpret([y, *first, *second], feeds)
    tf.reset_default_graph()
    y, first, _, second, feeds = built(name, shape=lambda sizes: [None] * len(sizes))
    with tf.Session() as sess:
        check(sess.run([y, *first, *second], feeds), want)


def check(got, want):
    for one, other in zip(got, want, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


@models
def test_gradients_are_those_of_finite_differences(name):
    y, first, total, second, feeds = built(name)
    with tf.Session() as sess:
        for target, derivatives in ((tf.reduce_sum(y), first), (total, second)):
            found = sess.run(derivatives, feeds)
            for x, dx in zip(feeds, found):
                check([dx], [differences(sess, target, x, feeds)])


def differences(sess, y, x, feeds, step=1e-6):
    slope = np.zeros_like(feeds[x])
    for index in np.ndindex(slope.shape):
        moved = []
        for sign in (1, -1):
            value = feeds[x].copy()
            value[index] += sign * step
            moved.append(sess.run(y, {**feeds, x: value}))
        slope[index] = (moved[0] - moved[1]) / (2 * step)
    return slope


# -- random bodies --------------------------------------------------------------------------------

STEPS = {
    "sin": lambda y, z, x, i: tf.sin(y) * x,
    "sum": lambda y, z, x, i: y * 0.5 + z,
    "product": lambda y, z, x, i: y * z,
    "counter": lambda y, z, x, i: y * tf.cast(i, y.dtype) * 0.1 + x,
    "matrix": lambda y, z, x, i: tf.reshape(tf.matmul(y[:, None], z[None] * x), [9])[2:5],
    "branch": lambda y, z, x, i: tf.cond(y[0] > z[0], lambda: y * 0.7, lambda: tf.tanh(z) + x),
    "inner": lambda y, z, x, i: repeat(i, lambda j, v: [tf.sin(v) + z], y),
    "reversed": lambda y, z, x, i: tf.reverse(y, [0]),
    "swap": lambda y, z, x, i: z,
    "same": lambda y, z, x, i: y,
    "constant": lambda y, z, x, i: tf.constant([0.1, 0.2, 0.3], y.dtype),
    "outside": lambda y, z, x, i: x,
    "softmax": lambda y, z, x, i: tf.nn.softmax(y + z),
}  # fmt: skip
names = st.lists(st.tuples(*[st.sampled_from(sorted(STEPS))] * 2), min_size=1, max_size=3)


def body_of(pairs, x):
    def body(i, y, z):
        for first, second in pairs:
            y, z = STEPS[first](y, z, x, i), STEPS[second](z, y, x, i)
        return y, z

    return body


@settings(max_examples=25)
@given(names, st.integers(0, 3))
def test_random_loops(pairs, count):
    """Compiled = interpreted = written out, values and gradients."""
    tf.reset_default_graph()
    x = tf.placeholder(tf.float64, [3])
    body, feeds = body_of(pairs, x), {x: X}
    looped = repeat(count, body, x, 2.0 * x)
    unrolled = x, 2.0 * x
    for i in range(count):
        unrolled = body(tf.constant(i), *unrolled)
    fetches = [[*ys, *map(tf.convert_to_tensor, filter_none(tf.gradients(ys, x)))]
               for ys in (list(looped), list(unrolled))]  # fmt: skip
    with tf.Session() as sess:
        got, plain = sess.run(fetches, feeds)
        check(got, interpret(fetches[0], feeds))
    check(got[:2], plain[:2])
    check(got[2:], plain[2:] or [np.zeros(3)] * len(got[2:]))


def filter_none(grads):
    return [grad for grad in grads if grad is not None]


# -- what else a run does -------------------------------------------------------------------------


def test_source_reads_as_python():
    x, p = tf.placeholder(tf.float32, [3], name="x"), tf.placeholder(tf.bool, [], name="p")
    y = tf.cond(p, lambda: tf.sin(x), lambda: repeat(5, lambda i, y: [y * x], x))
    with tf.Session() as sess:
        text = sess.source(y, {x: X, p: True})
    assert re.search(r"if (not )?p:", text) and "while True:" in text and ": break" in text


def test_a_known_predicate_leaves_one_branch():
    x = tf.placeholder(tf.float32, [None])
    y = tf.cond(tf.size(x) > 2, lambda: x * 2.0, lambda: tf.exp(x))
    with tf.Session() as sess:
        assert "if" not in sess.source(y, {x: X})
        check([sess.run(y, {x: X}), sess.run(y, {x: [0.0]})], [X * 2, [1.0]])


def test_variables_of_the_other_branch_need_no_value():
    v, p = tf.Variable([1.0, 2.0]), tf.placeholder(tf.bool, [])
    y = tf.cond(p, lambda: v.read_value() * 2.0, lambda: tf.zeros([2]))
    inside = tf.cond(p, lambda: tf.identity(v._ref()) * 2.0, lambda: tf.zeros([2]))
    with tf.Session() as sess:
        check([sess.run(inside, {p: False})], [[0.0, 0.0]])
        with pytest.raises(tf.errors.FailedPreconditionError, match="Variable"):
            sess.run(inside, {p: True})
        sess.run(v.initializer)
        check(sess.run([y, inside], {p: True}), [[2.0, 4.0]] * 2)


def test_errors_name_the_op_the_line_and_what_has_changed():
    v, x = tf.Variable(0.0), tf.placeholder(tf.float32, [None])

    def body(i, y):
        with tf.control_dependencies([tf.assign_add(v, 1.0)]):
            checked = tf.reshape(y, [i + 2])  # fails when i is 1
        return i + 1, checked

    shapes = [tf.TensorShape([]), tf.TensorShape([None])]
    y = tf.while_loop(lambda i, y: i < 3, body, [0, x], shapes)
    with tf.Session() as sess:
        sess.run(v.initializer)
        with pytest.raises(tf.errors.InvalidArgumentError) as caught:
            sess.run(y, {x: [1.0, 2.0]})
        assert "while/Reshape" in str(caught.value) and "fails when i is 1" in str(caught.value)
        assert "already changed: Variable" in str(caught.value)
        assert sess.run(v) == 2.0


def test_loops_change_variables_in_turn():
    v = tf.Variable([1.0, 1.0])

    def body(i):
        with tf.control_dependencies([tf.assign(v, v.read_value() * 2.0 + tf.to_float(i))]):
            return i + 1

    n = tf.placeholder(tf.int32, [])
    done = tf.while_loop(lambda i: i < n, body, [0])
    after = tf.identity(done)
    with tf.control_dependencies([after]):
        read = v.read_value()
    with tf.Session() as sess:
        sess.run(v.initializer)
        check(sess.run([done, read], {n: 3}), [3, [12.0, 12.0]])
        check(sess.run([done, read], {n: 0}), [0, [12.0, 12.0]])


def test_random_numbers_differ_from_iteration_to_iteration():
    array = tf.TensorArray(tf.float32, 4)
    _, array = tf.while_loop(lambda i, _: i < 4,
                             lambda i, a: (i + 1, a.write(i, tf.random_uniform([2], seed=1))),
                             [0, array])  # fmt: skip
    drawn = array.stack()
    with tf.Session() as sess:
        first, second = sess.run(drawn), sess.run(drawn)
    assert len(np.unique(np.concatenate([first, second]))) == 16


def test_fetched_values_are_nobody_elses_memory():
    x = tf.placeholder(tf.float64, [3])
    y = repeat(3, lambda i, y: [y * x], x)
    with tf.Session() as sess:
        first = sess.run(y, {x: X})
        kept = first.copy()
        sess.run(y, {x: X * 2})
        first[:] = 7
        check([kept, sess.run(y, {x: X})], [X**4, X**4])


def test_threads_share_a_loop():
    x = tf.placeholder(tf.float64, [3])
    y = tf.reduce_sum(repeat(50, lambda i, y: [tf.sin(y) + x], x))
    found = {}
    with tf.Session() as sess:
        want = [sess.run(y, {x: X * k}) for k in range(4)]

        def work(k):
            found[k] = [sess.run(y, {x: X * k}) for _ in range(20)]

        threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for k in range(4):
        check(found[k], [want[k]] * 20)


def test_loops_over_the_same_are_two():
    x = tf.placeholder(tf.float64, [3])
    twice = repeat(3, lambda i, y: [y * 2.0], x)
    thrice = repeat(3, lambda i, y: [y * 3.0], x)
    with tf.Session() as sess:
        check(sess.run([twice, thrice], {x: X}), [8 * X, 27 * X])


def test_a_string_grows_in_a_loop():
    text = tf.while_loop(lambda i, *_: i < 3, lambda i, t: (i + 1, t + tf.as_string(i)),
                         [0, tf.constant("")])[1]  # fmt: skip
    with tf.Session() as sess:
        assert sess.run(text) == b"012"


def test_what_numbers_are_joined_to_keeps_its_type():
    k, x = tf.placeholder(tf.int32, []), tf.placeholder(tf.float32, [1])
    joined = [tf.stack([k, 3]), tf.concat([tf.stack([k]), [3, 4]], 0), tf.concat([x, [0.5]], 0)]
    looped = tf.while_loop(lambda i, *_: i < 3, lambda i, s: (i + 1, tf.stack([i, 3])),
                           [0, tf.constant([1, 2])])[1]  # fmt: skip
    with tf.Session() as sess:
        found = sess.run([*joined, looped], {k: 1, x: [2.0]})
    check(found, [[1, 3], [1, 3, 4], [2.0, 0.5], [2, 3]])
    assert [value.dtype for value in found] == [np.int32, np.int32, np.float32, np.int32]


def test_the_first_value_may_have_another_shape():
    x = tf.placeholder(tf.float64, [None])
    y = tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, tf.to_double(i) * X),
                      [0, x], [tf.TensorShape([]), tf.TensorShape([None])])[1]  # fmt: skip
    with tf.Session() as sess:
        for n in (1, 3, 2):
            check([sess.run(y, {x: np.ones(n)})], [2 * X])


@pytest.mark.parametrize("shape", [[3, 3], [None, 3], None], ids=["known", "rows", "rank"])
def test_slices_of_all_iterations_are_joined(shape):
    table = tf.placeholder(tf.float64, shape)
    y = repeat(3, lambda i, y: [y + tf.reduce_sum(tf.gather(table, [i, 0]) ** 2)],
               tf.constant(0.0, tf.float64))  # fmt: skip
    slices = tf.gradients(y, table)[0]
    assert isinstance(slices, tf.IndexedSlices)
    with tf.Session() as sess:
        dense = sess.run(tf.convert_to_tensor(slices), {table: W})
    check([dense], [2 * W * np.array([[4.0], [1.0], [1.0]])])


def test_a_gradient_inside_a_body():
    x = tf.placeholder(tf.float64, [3])

    def descent(i, y):
        loss = tf.reduce_sum((y - x) ** 2)
        return (y - 0.25 * tf.gradients(loss, y)[0],)

    y = repeat(2, descent, tf.zeros([3], tf.float64))
    with tf.Session() as sess:
        check(sess.run([y, tf.gradients(y, x)[0]], {x: X}), [0.75 * X, np.full(3, 0.75)])


@pytest.mark.parametrize("shape", [[2], [None], None], ids=["known", "size", "rank"])
def test_hessians(shape):
    x = tf.placeholder(tf.float64, shape)
    matrix = tf.hessians(tf.reduce_sum(x) ** 3 + tf.reduce_sum(x * x), x)[0]
    with tf.Session() as sess:
        check([sess.run(matrix, {x: [1.0, 2.0]})], [np.full((2, 2), 18.0) + 2 * np.eye(2)])


def test_loops_of_a_branch_need_its_variables_only_there():
    v, p = tf.Variable([1.0, 2.0]), tf.placeholder(tf.bool, [])
    n = tf.placeholder(tf.int32, [])

    def body(i, y):
        return i + 1, tf.cond(i > 1, lambda: tf.identity(v._ref()) + y, lambda: y * 2.0)

    def loop():
        return tf.while_loop(lambda i, y: i < n, body, [0, tf.ones([2])])[1]

    y = tf.cond(p, loop, lambda: tf.zeros([2]))
    with tf.Session() as sess:
        check([sess.run(y, {p: False, n: 5}), sess.run(y, {p: True, n: 2})], [[0, 0], [4, 4]])
        with pytest.raises(tf.errors.FailedPreconditionError, match="Variable"):
            sess.run(y, {p: True, n: 3})
        sess.run(v.initializer)
        check([sess.run(y, {p: True, n: 3})], [[5, 6]])


def test_branches_read_before_writes():
    v, p = tf.Variable([1.0, 2.0]), tf.placeholder(tf.bool, [])
    before = tf.cond(p, lambda: tf.identity(v._ref()) * 10.0, lambda: v + 0.5)
    change = tf.cond(p, lambda: tf.assign_add(v, [1.0, 1.0]), lambda: tf.assign(v, [7.0, 7.0]))
    with tf.control_dependencies([change]):
        after = v.read_value()
    with tf.Session() as sess:
        sess.run(v.initializer)
        check(sess.run([before, after], {p: True}), [[10.0, 20.0], [2.0, 3.0]])
        check(sess.run([before, after], {p: False}), [[2.5, 3.5], [7.0, 7.0]])


def test_large_arrays():
    """What runs tile by tile in NumPy, and in threads."""
    x, n = tf.placeholder(tf.float32, [600, 1024]), tf.placeholder(tf.int32, [])
    y = tf.while_loop(
        lambda i, y: i < n, lambda i, y: (i + 1, tf.cond(i > 0, lambda: tf.sin(y) * x + 0.5,
                                                         lambda: y * 0.5 - x)), [0, x]
    )[1]  # fmt: skip
    dx = tf.gradients(y, x)[0]
    value = np.linspace(-1, 1, 600 * 1024, dtype=np.float32).reshape(600, 1024)
    with tf.Session() as sess:
        for count in (0, 1, 3):
            want = interpret([y, dx], {x: value, n: np.array(count, np.int32)})
            check(sess.run([y, dx], {x: value, n: count}), want)


def test_arrays_of_changing_length_share_memory():
    x = tf.placeholder(tf.float32, [None, 8])
    y = tf.map_fn(lambda row: row * 2.0, x)
    with tf.Session() as sess:
        for n in (5, 3, 8, 1, 0, 13):
            value = np.random.rand(n, 8).astype(np.float32)
            first, second = sess.run(y, {x: value}), sess.run(y, {x: value + 1})
            check([first, second], [value * 2, value * 2 + 2])


def test_what_a_loop_reads_stays_while_it_changes_the_variable():
    v = tf.Variable([[1.0, 2.0], [3.0, 4.0]])
    turned = tf.transpose(v._ref())

    def body(i, y):
        with tf.control_dependencies([tf.assign_add(v, [[1.0, 1.0], [1.0, 1.0]])]):
            return i + 1, y + turned

    y = tf.while_loop(lambda i, y: i < 3, body, [0, tf.zeros([2, 2])])[1]
    with tf.Session() as sess:
        sess.run(v.initializer)
        check([sess.run(y), sess.run(v)], [[[3, 9], [6, 12]], [[4, 5], [6, 7]]])


def test_a_variable_that_only_a_branch_makes_is_refused():
    p = tf.placeholder(tf.bool, [])
    kept = []

    def body(i, y):
        tf.cond(p, lambda: kept.append(y * 2.0) or kept[0], lambda: y)
        return i + 1, kept[0]

    y = tf.while_loop(lambda i, y: i < 3, body, [0, 1.0])[1]
    with tf.Session() as sess, pytest.raises(tf.errors.InvalidArgumentError, match="branch"):
        sess.run(y, {p: True})


@pytest.mark.parametrize("pred, fed, writes", [
    (lambda: tf.cast(False, tf.bool), False, 0),
    (lambda: tf.logical_and(tf.constant(False), tf.constant(True)), False, 0),
    (lambda: tf.constant(False, name="pred"), True, 1),
    (lambda: tf.placeholder_with_default(False, []), False, 1),
])  # fmt: skip
def test_what_only_a_branch_that_is_never_taken_reads_is_not_run(pred, fed, writes):
    """As batch normalization with averages for training outside the cond; a cond that is fetched
    itself is run as it was built. What TensorFlow 1.15 does, whose Grappler removes the branch."""
    tf.reset_default_graph()
    total = tf.Variable(0.0, trainable=False)
    with tf.control_dependencies([tf.assign_add(total, 3.0)]):
        training = tf.constant(2.0) * 2.0
    chosen = tf.constant(13.0)
    decision = pred()
    result = tf.cond(decision, lambda: training, lambda: chosen + 0.0)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        assert sess.run(result * 1.0, {decision: False} if fed else {}) == 13.0
        assert sess.run(total) == 3.0 * writes
        assert sess.run(result) == 13.0
        assert sess.run(total) == 3.0 * (writes + 1)
