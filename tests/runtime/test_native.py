"""Regions: what runs in C gives what NumPy gives, however arrays lie and whoever calls."""
import gc
import itertools
import os
import resource
import subprocess
import sys
import threading
from contextlib import nullcontext

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from interpreter import interpret

import minitf as tf
from minitf.backend import compiler, native
from minitf.runtime import narrow_rows, products, regions
from minitf.runtime.plan import TRIAL

pytestmark = [
    pytest.mark.usefixtures("cpu"),
    pytest.mark.skipif(compiler.compiler() is None, reason="no C compiler"),
]
often = settings(max_examples=60, derandomize=True,
                 suppress_health_check=list(HealthCheck))  # fmt: skip


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


def session(level=tf.OptimizerOptions.ON_1, threads=0):
    config = tf.ConfigProto(intra_op_parallelism_threads=threads)
    config.graph_options.optimizer_options.global_jit_level = level
    return tf.Session(config=config)


def compare(fetches, feeds, tolerance=1e-5):
    want = interpret(fetches, feeds)
    for _ in range(2):
        for got, value in zip(session().run(fetches, feeds), want):
            np.testing.assert_allclose(got, value, rtol=tolerance, atol=tolerance)
            assert got.dtype == value.dtype


def values(shape, dtype=np.float32, seed=0):
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


def in_python(source):
    """The lines that the interpreter runs."""
    lines = [line.split("#")[0].strip() for line in source.splitlines()]
    return [line for line in lines if line]


# -- whole steps ----------------------------------------------------------------------------------


def trained():
    x, y = tf.placeholder(tf.float32, [None, 20]), tf.placeholder(tf.float32, [None, 3])
    hidden = tf.layers.dense(x, 16, tf.nn.relu)
    logits = tf.layers.dense(hidden, 3)
    loss = tf.losses.softmax_cross_entropy(y, logits)
    feeds = {x: values((8, 20)), y: np.eye(3, dtype=np.float32)[np.arange(8) % 3]}
    return tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss), loss, feeds


def test_a_training_step_is_one_call():
    train, _, feeds = trained()
    source = session().source(train, feeds)
    _, call, end = in_python(source)
    assert call.startswith("native((") and end == "return ()"
    assert "# np.dot(" in source and "softmax_cross_entropy(" in source


def test_a_short_plan_is_compiled_once_it_has_been_run_often():
    train, loss, feeds = trained()
    with session(tf.OptimizerOptions.DEFAULT) as sess:
        sess.run(tf.global_variables_initializer())
        losses = []
        for step in range(2 * TRIAL):
            assert ("native(" in sess.source([loss, train], feeds)) == (step >= TRIAL)
            losses.append(sess.run([loss, train], feeds)[0])
    assert losses == sorted(losses, reverse=True) and losses[-1] < 0.1 * losses[0]


def test_a_long_plan_is_compiled_at_once():
    x = tf.placeholder(tf.float32, [None])
    with session(tf.OptimizerOptions.DEFAULT) as sess:
        assert "native(" not in sess.source(tf.exp(x), {x: np.zeros(100)})
        assert "native(" in sess.source(tf.exp(x), {x: np.zeros(1 << 20)})


def test_a_hundred_thousand_steps_leave_memory_flat():
    train, loss, feeds = trained()
    with session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(1000):
            sess.run([train, loss], feeds)
        gc.collect()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for _ in range(100_000):
            sess.run([train, loss], feeds)
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 2000  # KB


def test_threads_share_a_plan():
    x = tf.placeholder(tf.float32, [300, 300])
    y = tf.reduce_sum(tf.matmul(tf.tanh(x), x), 1)
    feeds = [values((300, 300), seed=seed) for seed in range(4)]
    sess = session()
    want = [sess.run(y, {x: feed}) for feed in feeds]
    wrong = []

    def work(feed, expected):
        found = (sess.run(y, {x: feed}) for _ in range(50))
        wrong.extend(got for got in found if not np.array_equal(got, expected))

    threads = [threading.Thread(target=work, args=pair) for pair in zip(feeds, want)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_step_that_raises_between_regions_says_which():
    x, divisor = tf.placeholder(tf.float32, [3]), tf.placeholder(tf.int32, [3], name="divisor")
    rest = tf.cast(tf.floordiv([4, 5, 6], divisor, name="quotient"), tf.float32)
    y = tf.exp(tf.exp(x) * rest)
    with session() as sess, pytest.raises(tf.errors.InvalidArgumentError, match="'quotient'"):
        sess.run(y, {x: [1, 2, 3], divisor: [1, 0, 2]})


# -- products -------------------------------------------------------------------------------------

SIZES = [1, 2, 7, 30, 129]


@often
@given(st.tuples(*[st.sampled_from(SIZES)] * 3), st.booleans(), st.booleans(),
       st.sampled_from([np.float32, np.float64]), st.booleans())  # fmt: skip
def test_products(sizes, transpose_a, transpose_b, dtype, turned):
    """Every shape and transposition, of arrays and of views of arrays."""
    tf.reset_default_graph()
    m, k, n = sizes
    a = values((k, m) if transpose_a != turned else (m, k), dtype)
    b = values((n, k) if transpose_b else (k, n), dtype, 1)
    x, w = tf.placeholder(dtype, a.shape), tf.placeholder(dtype, b.shape)
    left = tf.transpose(x + 1) if turned else x + 1
    y = tf.matmul(left, w[:], transpose_a=transpose_a, transpose_b=transpose_b)
    compare([y, y * 2], {x: a, w: b})


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_products_are_divided_among_threads(threads):
    x, w = tf.placeholder(tf.float32, [200, 170]), tf.placeholder(tf.float32, [170, 333])
    feeds = {x: values((200, 170)), w: values((170, 333), seed=1)}
    got = session(threads=threads).run([tf.matmul(x, w) + 1, tf.matmul(w, x, True, True)], feeds)
    np.testing.assert_allclose(got[0] - 1, feeds[x] @ feeds[w], rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(got[1], (feeds[x] @ feeds[w]).T, rtol=1e-4, atol=1e-4)


LEADS = [((), (3,)), ((4,), (4,)), ((2, 3), (3,)), ((2, 1, 3), (1, 2, 1)), ((5, 1), (5, 2))]


@often
@given(st.tuples(*[st.sampled_from(SIZES)] * 3), st.booleans(), st.booleans(),
       st.sampled_from([np.float32, np.float64]), st.booleans(),
       st.sampled_from(LEADS))  # fmt: skip
def test_products_of_many_matrices(sizes, adjoint_a, adjoint_b, dtype, turned, leads):
    """The axes before the matrices broadcast, and may lie between those of the matrices."""
    tf.reset_default_graph()
    m, k, n = sizes
    a = values((*leads[0], *((k, m) if adjoint_a else (m, k))), dtype)
    b = values((*leads[1], *((n, k) if adjoint_b else (k, n))), dtype, 1)
    fed = np.moveaxis(a, -1, 0) if turned else a
    x, w = tf.placeholder(dtype, fed.shape), tf.placeholder(dtype, b.shape)
    left = tf.transpose(x, [*range(1, a.ndim), 0]) if turned else x
    y = tf.matmul(left, w, adjoint_a=adjoint_a, adjoint_b=adjoint_b)
    compare([y, y * 2], {x: fed, w: b})


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_threads_share_products_of_many_matrices(threads):
    x, w = tf.placeholder(tf.float32, [7, 90, 80]), tf.placeholder(tf.float32, [7, 80, 70])
    feeds = {x: values((7, 90, 80)), w: values((7, 80, 70), seed=1)}
    got = session(threads=threads).run(tf.matmul(x, w), feeds)
    np.testing.assert_allclose(got, feeds[x] @ feeds[w], rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("rows, alone", [(32, False), (200, True), (5000, False)])
def test_products_of_middle_size_wake_no_threads(monkeypatch, rows, alone):
    """Of a plan in NumPy; they would wait for each other longer than they work."""
    asked = []
    monkeypatch.setattr(products, "one_thread", lambda: asked.append(1) or nullcontext())
    x = tf.placeholder(tf.float32, [rows, 40])
    with session(level=tf.OptimizerOptions.OFF) as sess:
        sess.run(tf.matmul(tf.tanh(x), tf.ones([40, 60])), {x: values((rows, 40))})
        assert bool(asked) == alone


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sums_of_products_grow_in_place(dtype):
    x, w = tf.placeholder(dtype, [4, 9, 5]), tf.placeholder(dtype, [5, 6])
    extra = tf.placeholder(dtype, [9, 6])
    products = [tf.matmul(part, w) for part in tf.unstack(x)]
    total = tf.add_n([products[0], extra, *products[1:]])
    feeds = {x: values((4, 9, 5), dtype), w: values((5, 6), dtype, 1),
             extra: values((9, 6), dtype, 2)}  # fmt: skip
    assert session().source(total, feeds).count("np.add(") == 3
    compare([total, products[0] + products[1]], feeds)
    compare([tf.gradients(total, w)[0]], feeds)


def test_a_product_that_is_fetched_is_not_added_to():
    x = tf.placeholder(tf.float32, [5, 5])
    first, second = tf.matmul(x, x), tf.matmul(x, x, True)
    compare([first, tf.add_n([first, second]), second], {x: values((5, 5))})


@pytest.mark.parametrize("turned", [False, True])
def test_columns_that_nobody_reads_are_not_computed(turned):
    x, w = tf.placeholder(tf.float32, [6, 8]), tf.placeholder(tf.float32, [8, 10])
    y = tf.matmul(x, tf.transpose(w), transpose_b=True) if turned else tf.matmul(x, w)
    _, part = tf.split(y, [3, 7], 1)
    feeds = {x: values((6, 8)), w: values((8, 10), seed=1)}
    compare([tf.tanh(part)], feeds)
    assert "[:, 3:10]" in session().source(tf.tanh(part), feeds) or turned


# -- reductions -----------------------------------------------------------------------------------


@st.composite
def reductions(draw):
    shape = tuple(draw(st.lists(st.sampled_from([1, 2, 5, 40]), min_size=1, max_size=4)))
    axes = draw(st.lists(st.integers(0, len(shape) - 1), max_size=len(shape), unique=True))
    names = draw(st.lists(st.sampled_from(["sum", "mean", "max", "min", "prod"]), min_size=1,
                          max_size=3))  # fmt: skip
    return shape, axes or None, names, draw(st.booleans())


@often
@given(reductions(), st.sampled_from([np.float32, np.float64]), st.booleans())
def test_reductions_close_loops(case, dtype, nan):
    shape, axes, names, keep = case
    tf.reset_default_graph()
    x, row = tf.placeholder(dtype, shape), tf.placeholder(dtype, shape[-1:])
    y = tf.tanh(x) * row
    fetches = [getattr(tf, f"reduce_{name}")(y, axes, keepdims=keep) for name in names]
    feeds = {x: values(shape, dtype), row: values(shape[-1:], dtype, 1)}
    if nan:
        feeds[x].flat[0] = np.nan
    compare([*fetches, y], feeds, 1e-4)


@pytest.mark.parametrize("axis", [None, 0, 1])
@pytest.mark.parametrize("name", ["sum", "mean", "max", "min"])
def test_large_reductions_are_divided_and_precise(name, axis):
    x = tf.placeholder(tf.float32, [700, 900])
    fed = values((700, 900)) + np.float32(3)
    got = session().run(getattr(tf, f"reduce_{name}")(x * 2, axis), {x: fed})
    want = getattr(np, name)(fed.astype(np.float64) * 2, axis)
    np.testing.assert_allclose(got, want, rtol=2e-6)


# -- views ----------------------------------------------------------------------------------------

VIEWS = [
    lambda x: tf.transpose(x),
    lambda x: tf.reshape(x, [-1]),
    lambda x: tf.reshape(tf.transpose(x), [3, -1]),
    lambda x: x[1:],
    lambda x: x[:, ::2],
    lambda x: x[::-1, 1],
    lambda x: tf.split(x, 3, 1)[1],
    lambda x: tf.unstack(x, axis=1)[-1],
    lambda x: tf.expand_dims(tf.transpose(x), 1),
    lambda x: tf.concat([x[:, 3:], tf.tanh(x)], 1),
    lambda x: tf.stack([x[0], tf.exp(x[1])], 1),
    lambda x: tf.nn.softmax(tf.transpose(x)),
    lambda x: tf.nn.log_softmax(x[:, 1:4]),
]


def fits(outer, inner):
    """Whether one can be taken of the other's result: most of the pairs."""
    with tf.Graph().as_default():
        try:
            outer(inner(tf.placeholder(tf.float32, [6, 9])))
        except ValueError:
            return False
        return True


PAIRS = [(i, k) for i, outer in enumerate(VIEWS) for k, inner in enumerate(VIEWS)
         if fits(outer, inner)]  # fmt: skip


@pytest.mark.parametrize("outer, inner", PAIRS)
def test_views_of_views(outer, inner):
    x = tf.placeholder(tf.float32, [6, 9])
    z = VIEWS[outer](VIEWS[inner](x * 2))
    compare([tf.exp(z) - 1, tf.reduce_sum(z), z, tf.gradients(tf.sin(z), x)[0]],
            {x: values((6, 9))})  # fmt: skip


def test_a_variable_whose_view_is_read_while_it_changes():
    v = tf.Variable(values((4, 4)))
    start = values((4, 4))
    step = tf.assign_sub(v, tf.transpose(v) * 2.0)
    with session() as sess:
        sess.run(tf.global_variables_initializer())
        np.testing.assert_allclose(sess.run(step), start - 2 * start.T, rtol=1e-6)


# -- updates by a product -------------------------------------------------------------------------


def updated(build):
    """A variable after a step, in C and in NumPy, and the step in C as text."""
    x = tf.placeholder(tf.float32, [4, 9])
    W = tf.Variable(values((9, 6), seed=1))
    step = build(W, tf.matmul(x, values((4, 6), seed=2), transpose_a=True), x)
    found = []
    for level in (tf.OptimizerOptions.ON_1, tf.OptimizerOptions.OFF):
        with session(level) as sess:
            sess.run(tf.global_variables_initializer())
            for seed in range(3):
                sess.run(step, {x: values((4, 9), seed=seed)})
            found.append(sess.run(W))
    np.testing.assert_allclose(*found, rtol=1e-4, atol=1e-5)
    return session().source(step, {x: values((4, 9))})


@pytest.mark.parametrize("build, line", [
    (lambda W, p, x: W.assign_sub(p * 0.5), "np.add(Variable, -0.5 * np.dot(x.T, c0)"),
    (lambda W, p, x: W.assign_add(2.0 * p), "np.add(Variable, 2.0 * np.dot("),
    (lambda W, p, x: W.assign_sub(0.5 * (p + W * 0.25)), "np.add(0.875 * Variable, -0.5 * np.dot("),
    (lambda W, p, x: W.assign(W * 0.75 - p), "np.add(0.75 * Variable, -1.0 * np.dot("),
    (lambda W, p, x: W.assign_sub(-p), "np.add(Variable, 1.0 * np.dot("),
])  # fmt: skip
def test_a_product_goes_straight_into_the_variable(build, line):
    source = updated(build)
    assert line in source.replace("Placeholder", "x")
    assert "out=b" not in source


@pytest.mark.parametrize("build", [
    lambda W, p, x: W.assign_sub(p * p),
    lambda W, p, x: W.assign_sub(tf.tanh(p)),
    lambda W, p, x: W.assign_sub(p * x[0, 0]),
    lambda W, p, x: W.assign(p - 1.0),
    lambda W, p, x: tf.group(W.assign_sub(p * 0.5), tf.Variable(tf.zeros([9, 6])).assign(p)),
    lambda W, p, x: W.assign_sub(0.1 * tf.matmul(W, tf.ones([6, 6]))),
    lambda W, p, x: W.assign_add(tf.matmul(tf.matmul(W, W, transpose_b=True), W) * 0.01),
])  # fmt: skip
def test_what_is_not_linear_in_one_product_stays(build):
    assert "* np.dot(" not in updated(build)


def test_momentum_and_decay_of_a_layer():
    x = tf.placeholder(tf.float32, [8, 30])
    W = tf.get_variable("W", initializer=values((30, 20), seed=1))
    loss = tf.reduce_mean(tf.square(tf.matmul(x, W))) + 0.1 * tf.nn.l2_loss(W)
    train = tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss)
    found = []
    for level in (tf.OptimizerOptions.ON_1, tf.OptimizerOptions.OFF):
        with session(level) as sess:
            sess.run(tf.global_variables_initializer())
            for seed in range(5):
                sess.run(train, {x: values((8, 30), seed=seed)})
            found.append(sess.run(W))
    np.testing.assert_allclose(*found, rtol=1e-4, atol=1e-5)


# -- threads --------------------------------------------------------------------------------------

FORKED = """
import os
import numpy as np, minitf as tf
x = tf.placeholder(tf.float32, [64, 20, 20, 4])
y = tf.reduce_sum({built})
fed = np.ones((64, 20, 20, 4), np.float32) / 1000
sess = tf.Session(config=tf.ConfigProto(intra_op_parallelism_threads=2))
want = sess.run(y, {{x: fed}})
child = os.fork()
if child == 0:
    os._exit(not np.isclose(sess.run(y, {{x: fed}}), want))
assert os.waitpid(child, 0)[1] == 0
assert sess.run(y, {{x: fed}}) == want
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.parametrize("built", [
    "tf.exp(tf.matmul(tf.reshape(x, [320, 320]), tf.reshape(x, [320, 320])))",
    "tf.nn.conv2d(x, tf.ones([5, 5, 4, 8]), [1, 1, 1, 1], 'SAME')",
])  # fmt: skip
def test_a_forked_process_does_not_wait_for_threads_that_stayed_behind(built):
    environment = os.environ | {"MINITF_JIT": "1"}
    program = FORKED.format(built=built)
    subprocess.run([sys.executable, "-c", program], check=True, env=environment, timeout=60)


def test_two_sessions_run_at_the_same_time():
    """The second caller does without the helpers that the first one has."""
    x = tf.placeholder(tf.float32, [400, 400])
    y = tf.reduce_sum(tf.tanh(tf.matmul(x, x)), 0)
    fed, sessions = values((400, 400)), [session() for _ in range(3)]
    want = sessions[0].run(y, {x: fed})
    found = [[] for _ in sessions]

    def work(sess, results):
        results.extend(sess.run(y, {x: fed}) for _ in range(30))

    threads = [threading.Thread(target=work, args=pair) for pair in zip(sessions, found)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in itertools.chain(*found):
        np.testing.assert_allclose(result, want, rtol=1e-5, atol=1e-4)


# -- when variables change ------------------------------------------------------------------------


def two_layers(check):
    """Two updates of the first layer's kind, and a step that may fail or not."""
    x, divisor = tf.placeholder(tf.float32, [8, 30]), tf.placeholder(tf.int32, [])
    first, second = (tf.get_variable(n, initializer=values((30, 30))) for n in ("first", "second"))
    loss = tf.reduce_sum(tf.tanh(tf.matmul(tf.tanh(tf.matmul(x, first)), second)))
    train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    fetches = [train, tf.floordiv(7, divisor)] if check else train
    return fetches, {x: values((8, 30)), divisor: 0}, second


def test_where_nothing_can_fail_variables_change_in_their_turn():
    train, feeds, _ = two_layers(check=False)
    lines = session().source(train, feeds).splitlines()
    places = [next(i for i, line in enumerate(lines) if f"out={name})" in line)
              for name in ("second", "first")]  # fmt: skip
    assert places[0] < places[1]
    assert any("# loop" in line for line in lines[slice(*places)])


def test_a_run_that_fails_has_changed_nothing():
    fetches, feeds, second = two_layers(check=True)
    with session() as sess:
        sess.run(tf.global_variables_initializer())
        before = sess.run(second)
        with pytest.raises(tf.errors.InvalidArgumentError, match="division by zero") as caught:
            sess.run(fetches, feeds)
        np.testing.assert_array_equal(sess.run(second), before)
    assert "had already changed" not in str(caught.value)


def test_a_limit_of_threads_that_changes_leaves_memory_alone(monkeypatch):
    """What was bound for one thread has memory to work in for one, whatever is set later."""
    made = []

    def with_a_guard(size):
        made.append((size, np.full(size + regions.ALIGNMENT + 400_000, 0xAB, np.uint8)))
        return made[-1][1]

    monkeypatch.setattr(regions, "scratch", with_a_guard)
    x, w = (tf.placeholder(tf.float32, shape) for shape in ((8, 40, 40, 16), (3, 3, 16, 16)))
    y = tf.nn.conv2d(x, w, 1, "SAME")
    fetches = [y, *tf.gradients(y, [x, w])]
    feeds = {x: values(x.shape.as_list()), w: values(w.shape.as_list())}
    before = native._limit
    try:
        native.limit_threads(1)
        sess = session()
        want = sess.run(fetches, feeds)
        native.limit_threads(4)
        for got, value in zip(sess.run(fetches, feeds), want):
            np.testing.assert_allclose(got, value, rtol=1e-4, atol=1e-4)
    finally:
        native.limit_threads(before)
    assert any(size for size, _ in made)
    assert all((memory[size + regions.ALIGNMENT :] == 0xAB).all() for size, memory in made)


def fed(*shapes):
    """Placeholders of these shapes, and what to feed."""
    feeds = {tf.placeholder(tf.float32, shape): values(shape, seed=i)
             for i, shape in enumerate(shapes)}  # fmt: skip
    return [*feeds, feeds]


def of_short_rows(rows, size):
    """Arrays of [rows, size], of which some are repeated, turned round, turned over, or cut out."""
    x, y, row, column, one, wide, turned, feeds = fed(
        (rows, size), (rows, size), (size,), (rows, 1), (), (rows, size + 2), (size, rows)
    )
    return [x * row, x * column - one, wide[:, 1:-1] + y, tf.transpose(turned) * row,
            tf.reverse(x, [0]) + row], feeds  # fmt: skip


@pytest.mark.parametrize("size", [2, 3, 4, 5, 8, 10, 33])
@pytest.mark.parametrize("rows", [1, 33, 700])
def test_short_rows_are_computed_side_by_side(rows, size):
    made, feeds = of_short_rows(rows, size)
    fetches = [*made, *map(tf.tanh, made), tf.transpose(tf.exp(made[1]))]
    compare(fetches, feeds, 1e-4)


def test_short_rows_of_volumes():
    x, rows, columns, feeds = fed((7, 33, 1, 3), (33, 5, 1), (5, 3))
    made = [tf.tanh(x * rows), tf.reverse(x + rows, [2]) * columns, tf.exp(x + columns)]
    compare(made, feeds, 1e-4)


@pytest.mark.parametrize("size", [2, 3, 5, 8, 10, 33])
@pytest.mark.parametrize("rows", [33, 700])
def test_sums_of_short_rows(rows, size):
    arrays, feeds = of_short_rows(rows, size)
    reductions = [tf.reduce_sum, tf.reduce_mean, tf.reduce_max, tf.reduce_min]
    for made in map(tf.exp, arrays):
        compare([made, *(r(made, axis) for r in reductions for axis in (None, 0, 1))], feeds, 1e-3)


REDUCTIONS = [tf.reduce_sum, tf.reduce_mean, tf.reduce_prod, tf.reduce_max, tf.reduce_min]


@pytest.fixture
def narrow(monkeypatch):
    """How many texts of narrow rows were taken."""
    taken, source = [], narrow_rows.source

    def watched(nest):
        text = source(nest)
        taken.extend([text] if text else [])
        return text

    monkeypatch.setattr(narrow_rows, "source", watched)
    return taken


@pytest.mark.parametrize("size", [2, 3, 7, 31, 70])
@pytest.mark.parametrize("rows", [16, 33, 700])
def test_reductions_of_narrow_rows(narrow, rows, size):
    arrays, feeds = of_short_rows(rows, size)
    for made in arrays:
        compare([tf.reduce_sum(tf.exp(made), 1)], feeds, 1e-3)
        compare([reduction(made, 1) for reduction in REDUCTIONS], feeds, 1e-3)
    assert narrow


@pytest.mark.parametrize("shapes", [[(3, 20, 5), (20, 1)], [(2, 3, 17, 4), (3, 1, 4)]])
def test_reductions_of_narrow_rows_of_volumes(narrow, shapes):
    x, other, feeds = fed(*shapes)
    compare([reduction(x * other, -1) for reduction in REDUCTIONS], feeds, 1e-4)
    assert narrow


def test_the_greatest_of_narrow_rows_is_nan_where_one_is(narrow):
    x, feeds = fed((40, 5))
    feeds[x][[3, 20], [0, 4]] = np.nan
    compare([tf.reduce_max(x, 1), tf.reduce_min(x, 1), tf.reduce_sum(x, 1)], feeds, 1e-5)
    assert narrow and np.isnan(session().run(tf.reduce_max(x, 1), feeds)).sum() == 2


@pytest.mark.parametrize("keep", [True, False])
@pytest.mark.parametrize("axes", [[0, 2], [1, 3], [0, 2, 4], [1, 2, 4], [-1, 0], [0, 1, 3]])
def test_reductions_over_axes_apart(axes, keep):
    x, feeds = fed((3, 20, 1, 4, 5))
    wide = tf.placeholder(tf.float64, (4, 3, 2, 5, 6))
    feeds[wide] = values((4, 3, 2, 5, 6), np.float64, 1)
    each = [reduction(made, axes, keepdims=keep) for reduction in REDUCTIONS
            for made in (x, x * 0.5, wide, tf.to_int32(x * 5))]  # fmt: skip
    each += [tf.reduce_any(x > 2, axes, keepdims=keep), tf.reduce_all(x > -2, axes, keepdims=keep)]
    compare([*each, *tf.gradients(each[1] * each[1], x)], feeds, 1e-3)
    sizes = [1 if d in axes else n for d, n in enumerate(x.shape.as_list())]
    scale = tf.placeholder(tf.float32, sizes)
    feeds[scale] = values(sizes)
    compare(tf.gradients(tf.exp(x * scale), scale), feeds, 1e-3)
    lines = in_python(session().source(tf.reduce_sum(tf.exp(x), axes, keepdims=keep), feeds))
    assert lines and not [line for line in lines if "reduce" in line]


def test_the_slope_of_a_bias_whose_channels_come_first():
    x, bias, feeds = fed((3, 7, 4, 5), (7,))
    y = tf.nn.bias_add(x, bias, data_format="NCHW")
    compare(tf.gradients(y * y, bias), feeds, 1e-4)


@pytest.mark.parametrize("shape", [(3, 5), (40, 7), (40, 70), (2, 300, 4), (7,)])
def test_truth_values_in_loops(shape):
    """They stand with numbers of either type, and alone; numbers stand with those of their type."""
    x, feeds = fed(shape)
    wide = tf.placeholder(tf.float64, shape)
    feeds[wide] = values(shape, np.float64, 3)
    both = tf.logical_and(x > 0, tf.logical_not(wide > 1))
    other = tf.logical_or(both, tf.equal(x > 1, wide < 0))
    axes = [None, *range(len(shape))]
    fetches = [reduction(each, axis) for reduction in (tf.reduce_any, tf.reduce_all)
               for each in (x < 2, both, other) for axis in axes]  # fmt: skip
    compare([other, *fetches, tf.where(other, x * 2, x - 1), tf.where(both, wide * 2, wide)], feeds)
    compare([tf.reduce_all(tf.logical_not(both), 0)], feeds)
    lines = in_python(session().source(tf.reduce_any(x < 2), feeds))
    assert lines and not [line for line in lines if "any" in line]


@pytest.mark.parametrize("shape", [(40, 40, 3), (2, 40, 40, 3), (3, 2000)])
def test_large_views_that_are_fetched_are_copied_in_c(shape):
    x, feeds = fed(shape)
    places = list(range(len(shape)))
    views = [tf.reverse(x, [1]), tf.transpose(x, places[::-1]), x[:, 1::2], x[..., 1:2]]
    compare(views, feeds, 0)
    assert "copy()" not in session().source(views[1], feeds)
