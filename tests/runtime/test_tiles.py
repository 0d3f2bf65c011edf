"""Groups that run tile by tile: to the last bit what their ops give one by one."""
import os

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import minitf as tf
from minitf.backend import threads
from minitf.runtime import tiles

pytestmark = pytest.mark.usefixtures("cpu")

UNARY = ["exp", "tanh", "sigmoid", "square", "negative", "abs", "sqrt", "sign", "floor", "sin"]
ACTIVATIONS = ["relu", "relu6", "elu", "selu", "softplus", "softsign", "leaky_relu"]
BINARY = ["add", "subtract", "multiply", "divide", "maximum", "minimum", "squared_difference"]
CHANGES = ["less", "not_equal", "float32", "float64", "int32"]
VALUES = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 1e-40, 3e38, np.inf, -np.inf, np.nan]


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


@pytest.fixture(autouse=True, scope="module")
def small_tiles():
    """Tiles of a few elements, for arrays of any size."""
    patch = pytest.MonkeyPatch()
    patch.setattr(tiles, "SMALL", 100)
    patch.setattr(tiles, "LARGE", 100)
    patch.setattr(tiles, "TILE", 160)
    yield
    patch.undo()


def session(tiled=True):
    options = tf.OptimizerOptions(
        global_jit_level=tf.OptimizerOptions.OFF,
        opt_level=tf.OptimizerOptions.L1 if tiled else tf.OptimizerOptions.L0,
    )
    config = tf.ConfigProto(graph_options=tf.GraphOptions(optimizer_options=options))
    sess = tf.Session(config=config)
    sess._backend.threads = 3
    return sess


@st.composite
def chains(draw):
    """A shape, the shapes of two more operands that broadcast to it, and the ops of a chain."""
    shape = tuple(draw(st.lists(st.sampled_from([0, 1, 2, 3, 41]), min_size=1, max_size=4)))
    others = [
        tuple(draw(st.sampled_from([1, n])) for n in shape[draw(st.integers(0, len(shape))) :])
        for _ in range(2)
    ]
    names = UNARY + ACTIVATIONS + BINARY + CHANGES
    return shape, others, draw(st.lists(st.sampled_from(names), min_size=2, max_size=20))


def filled(shape, seed):
    random = np.random.default_rng(seed)
    values = random.standard_normal(shape).astype(np.float32)
    odd = random.random(shape) < 0.2
    return np.where(odd, random.choice(np.array(VALUES), shape), values).astype(np.float32)


def applied(name, y, other):
    if name in BINARY:
        return getattr(tf, name)(y, tf.cast(other, y.dtype))
    if name in ("less", "not_equal"):
        return tf.cast(getattr(tf, name)(y, tf.cast(other, y.dtype)), y.dtype)
    if name in CHANGES:
        return tf.cast(y, name)
    y = y if y.dtype.is_floating else tf.cast(y, tf.float32)
    return (getattr(tf, name, None) or getattr(tf.nn, name))(y)


@settings(max_examples=150, derandomize=True,
          suppress_health_check=list(HealthCheck))  # fmt: skip
@given(chains())
def test_a_random_chain_is_the_same_in_tiles_to_the_last_bit(chain):
    shape, others, names = chain
    tf.reset_default_graph()
    operands = [tf.placeholder(tf.float32, list(s)) for s in (shape, *others)]
    ends = [operands[0]]
    for k, name in enumerate(names):
        ends.append(applied(name, ends[-1], operands[1 + k % 2]))
    feeds = {p: filled(p.shape.as_list(), k) for k, p in enumerate(operands)}
    fetches = [ends[-1], ends[len(ends) // 2], *tf.gradients(ends[-1], operands[:1])]
    fetches = [fetch for fetch in fetches if fetch is not None]
    with session() as tiled, session(False) as plain:
        for _ in range(2):  # the second time the tiles' buffers are full
            for one, other in zip(tiled.run(fetches, feeds), plain.run(fetches, feeds)):
                np.testing.assert_array_equal(one, other, strict=True)
                assert (np.isnan(one) | (np.signbit(one) == np.signbit(other))).all()


def test_updates_of_variables_take_part():
    start = filled([30, 30], 0)
    start[~np.isfinite(start)] = 3.0
    W = tf.Variable(start)
    train = tf.train.AdamOptimizer(0.1).minimize(tf.reduce_sum(tf.square(W) * 0.5 + tf.sin(W)))
    weights = []
    for tiled in (True, False):
        with session(tiled) as sess:
            sess.run(tf.global_variables_initializer())
            for _ in range(5):
                sess.run(train)
            weights.append(sess.run(W))
            program = sess.source(train).partition("\n\n")[0]
            assert program.count("(30, 30)") == (1 if tiled else program.count("(30, 30)"))
    np.testing.assert_array_equal(*weights)


def test_reads_come_before_writes():
    v, w = tf.Variable(tf.ones([30, 30])), tf.Variable(tf.ones([30, 30]) * 2.0)
    step = tf.group(tf.assign_add(v, w * 3.0 + v), tf.assign_add(w, v * 5.0 - w))
    with session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(step)
        assert (sess.run(v)[0, 0], sess.run(w)[0, 0]) == (8.0, 5.0)


def test_a_variable_that_is_written_twice():
    v, x = tf.Variable(tf.ones([30, 30])), tf.placeholder(tf.float32, [30, 30])
    step = tf.assign_sub(tf.assign_add(v, x * 2.0), x * 0.5)
    with session() as sess:
        sess.run(tf.global_variables_initializer())
        assert sess.run(step, {x: np.ones((30, 30))})[0, 0] == 2.5


def test_a_variable_that_is_read_transposed_while_it_is_written():
    start = np.where(np.eye(30) > 0, np.nan, np.arange(30.0)).astype(np.float32)
    W = tf.Variable(start)
    step = tf.assign_add(W, tf.transpose(W) * 2.0 + 1.0)
    with session() as sess:
        sess.run(tf.global_variables_initializer())
        np.testing.assert_array_equal(sess.run(step), start + (start.T * 2 + 1))


def test_fetched_values_are_never_plan_memory_and_feeds_never_written():
    x = tf.placeholder(tf.float32, [30, 30])
    y = tf.exp(x) + 1.0
    z = y * 2.0 - x
    fed = np.random.default_rng(0).standard_normal((30, 30)).astype(np.float32)
    kept = fed.copy()
    with session() as sess:
        first = sess.run([y, z], {x: fed})
        copies = [value.copy() for value in first]
        sess.run([y, z], {x: fed * 3})
    np.testing.assert_array_equal(fed, kept)
    for value, copy in zip(first, copies):
        np.testing.assert_array_equal(value, copy)


@pytest.mark.parametrize("fed", [filled([30, 30], 0).T, filled([60, 90], 1)[::2, ::3]])
def test_a_feed_that_is_not_contiguous(fed):
    x = tf.placeholder(tf.float32, [30, 30])
    y = x * 2.0 - tf.abs(x)
    np.testing.assert_array_equal(session().run(y, {x: fed}), session(False).run(y, {x: fed}))


def test_integers_divided_by_zero_raise_what_they_do_op_by_op():
    x = tf.placeholder(tf.int32, [30, 30])
    y = (x + 1) // (x * 2) - x
    for tiled in (True, False):
        with pytest.raises(tf.errors.InvalidArgumentError, match="Integer division by zero"):
            session(tiled).run(y, {x: np.zeros((30, 30))})


def test_a_constant_that_is_an_input_of_an_op_that_does_not_broadcast():
    x = tf.placeholder(tf.float32, [30, 30])
    y = tf.add_n([tf.exp(x), x * 2.0, tf.ones([30, 30])])
    fed = filled([30, 30], 0)
    np.testing.assert_array_equal(session().run(y, {x: fed}), session(False).run(y, {x: fed}))


def test_the_tile_is_shown_as_text():
    x = tf.placeholder(tf.float32, [300, 300], name="x")
    source = session().source(tf.tanh(x) * 0.5 + x, {x: np.zeros((300, 300))})
    assert "    tiles(x, t0)" in source
    assert "# def tiles(x, out0):" in source and "#     np.add(b1, x, out=out0)" in source


def test_steps_on_small_arrays_stay_alone(monkeypatch):
    monkeypatch.undo()
    x = tf.placeholder(tf.float32, [300, 300])
    y = tf.exp(x) - x * 2.0
    monkeypatch.setattr(tiles, "SMALL", 1 << 20)
    assert "tiles(" not in session().source(y, {x: np.zeros((300, 300))})


# -- threads --------------------------------------------------------------------------------------


def test_what_a_thread_raises_comes_out():
    def work(left):
        for part in left:
            if part == 57:
                raise KeyError(part)

    with pytest.raises(KeyError, match="57"):
        threads.share(work, range(1000), 3)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")
def test_a_forked_process_has_threads_of_its_own():
    done = []
    threads.share(done.extend, range(1000), 3)
    child = os.fork()
    if not child:
        found = []
        threads.share(found.extend, range(1000), 3)
        os._exit(sorted(found) != list(range(1000)))
    assert os.waitpid(child, 0)[1] == 0
    assert sorted(done) == list(range(1000))
