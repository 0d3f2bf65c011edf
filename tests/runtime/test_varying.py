"""Feeds whose sizes differ from run to run share a plan, and one that comes often gets its own."""
import os
import threading
from functools import partial

import numpy as np
import pytest

import minitf as tf
from minitf.runtime import late, regions
from minitf.runtime.program import loops_of
from minitf.runtime.room import Room
from minitf.runtime.varying import OFTEN, OWN

pytestmark = pytest.mark.usefixtures("cpu")


@pytest.fixture
def model():
    """(x, w, fetch): a product, a sum over what is left open, and a variable that is changed."""
    tf.reset_default_graph()
    x = tf.placeholder(tf.float64, [None, None])
    w = tf.placeholder(tf.float64, [None, 3])
    total = tf.Variable(tf.zeros([3], tf.float64))
    return x, w, total.assign_add(tf.reduce_sum(tf.matmul(x, w), 0))


@pytest.fixture
def sess(model, monkeypatch):
    monkeypatch.setenv("MINITF_DEVICE", "cpu")
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        yield sess


def plans(sess, model):
    x, w, fetch = model
    return sess._signature(fetch, {x: 0, w: 0}).plans.items


def run(sess, model, rows, inner):
    """Whether a run gives what NumPy does."""
    x, w, fetch = model
    random = np.random.default_rng(rows)
    feeds = {x: random.normal(size=(rows, inner)), w: random.normal(size=(inner, 3))}
    before = sess.run(fetch.op.inputs[0])
    np.testing.assert_allclose(sess.run(fetch, feeds), before + (feeds[x] @ feeds[w]).sum(0))


def test_shapes_that_are_new_share_a_plan(sess, model):
    for rows in range(1, OWN + 10):
        run(sess, model, rows, 2)
    assert len(plans(sess, model)) == OWN + 1
    assert ((None, 2), (2, 3)) in plans(sess, model)


def test_another_size_that_differs_is_left_open(sess, model):
    for rows in range(1, OWN + 2):
        run(sess, model, rows, 2)
    for inner in range(3, 6):
        run(sess, model, 50, inner)
    assert list(plans(sess, model))[-2:] == [((None, 2), (2, 3)), ((None, None), (None, 3))]


def test_one_that_comes_often_gets_its_own(sess, model):
    for rows in range(1, OWN + 1):
        run(sess, model, rows, 2)
    for n in range(OFTEN + 3):
        run(sess, model, 60, 2)
        assert (((60, 2), (2, 3)) in plans(sess, model)) == (n >= OFTEN - 1)


def test_what_does_not_fit_is_told_and_changes_nothing(sess, model):
    x, w, fetch = model
    for rows in range(1, OWN + 2):
        run(sess, model, rows, 2)
    before = sess.run(fetch.op.inputs[0])
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"shapes \(70,2\) and \(4,3\) not al"):
        sess.run(fetch, {x: np.ones((70, 2)), w: np.ones((4, 3))})
    np.testing.assert_array_equal(sess.run(fetch.op.inputs[0]), before)


def test_what_does_not_differ_is_known_inside_of_loops(monkeypatch):
    """The size of the batch, where the number of steps is open."""
    monkeypatch.setenv("MINITF_DEVICE", "cpu")
    tf.reset_default_graph()
    x = tf.placeholder(tf.float32, [None, None, 3])
    _, state = tf.nn.dynamic_rnn(tf.nn.rnn_cell.BasicRNNCell(5), x, dtype=tf.float32)
    slope = tf.gradients(state, x)[0]
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for steps in range(1, OWN + 2):
            assert sess.run(slope, {x: np.ones((4, steps, 3))}).shape == (4, steps, 3)
        plan = sess._signature(slope, {x: 0}).plans.items[((4, None, 3),)]
    made = [loop.block.values[i] for loop in loops_of(plan.program)
            for step in loop.block.steps for i in step.outputs]  # fmt: skip
    assert len(made) > 20 and all(value.static for value in made)


def test_another_rank_gets_a_plan_of_its_own():
    tf.reset_default_graph()
    x = tf.placeholder(tf.float64)
    y = tf.reduce_sum(x)
    with tf.Session() as sess:
        for n in range(1, OWN + 3):
            assert sess.run(y, {x: np.ones(n)}) == n
        assert sess.run(y, {x: np.ones((2, 3))}) == 6 and sess.run(y, {x: 4.0}) == 4
        assert sess.run(y, {x: np.ones(90)}) == 90


def test_where_an_op_has_to_know_a_size_each_shape_has_a_plan():
    tf.reset_default_graph()
    x = tf.placeholder(tf.float64, [2, None])
    y = tf.reshape(x, [-1, 2])
    y.set_shape([None, 2])
    with tf.Session() as sess:
        signature = sess._signature(y, {x: 0})
        made = signature.compiled

        def compiled(operations, elements, feeds, in_c):
            if None in feeds[x].shape:
                raise tf.errors.InvalidArgumentError(None, None, "what is the size?")
            return made(operations, elements, feeds, in_c)

        signature.compiled = compiled
        for n in range(2, OWN + 8):
            assert sess.run(y, {x: np.ones((2, n))}).shape == (n, 2)
        assert len(signature.plans.items) == OWN + 6


@pytest.fixture
def runs(monkeypatch):
    """The kernels in C that steps of shared plans have run."""
    made, run = [], late.run
    monkeypatch.setattr(late, "run", lambda kernel, *arrays: (made.append(kernel),
                                                              run(kernel, *arrays)))
    return made


def in_c(sess, fetches, *feeds):
    """Compile at once, unless nothing is to be compiled."""
    if os.environ.get("MINITF_JIT") != "0":
        sess._signature(fetches, dict.fromkeys(feeds, 0)).in_c = True


def network(dtype=tf.float32):
    """(images, fetches): convolution, pooling, normalization, their gradients, and a mean."""
    tf.reset_default_graph()
    x = tf.placeholder(dtype, [None, None, 12, 3])
    filters = tf.Variable(np.random.RandomState(0).normal(size=(3, 3, 3, 8)), dtype=dtype)
    h = tf.nn.bias_add(tf.nn.conv2d(x, filters, 1, "SAME"), tf.Variable(tf.ones([8], dtype)))
    h = tf.nn.max_pool(tf.nn.relu(h), 2, 2, "SAME")
    ones, zeros = tf.ones([8], dtype), tf.zeros([8], dtype)
    y, mean, _ = tf.nn.fused_batch_norm(tf.nn.avg_pool(h, 2, 1, "VALID"), ones, zeros)
    y = tf.reduce_mean(tf.nn.tanh(y) * 0.5 + y * y)
    return x, [y, mean, *tf.gradients(y, [x, filters])]


@pytest.mark.parametrize("dtype", [tf.float32, tf.float64])
def test_a_shared_plan_in_c_gives_what_numpy_does(monkeypatch, runs, dtype):
    monkeypatch.setenv("MINITF_DEVICE", "cpu")
    x, fetches = network(dtype)
    random = np.random.RandomState(0)
    feeds = [random.normal(size=(batch, height, 12, 3))
             for batch, height in [(1, 4), (2, 4), (2, 6), (3, 5), (70, 9), (71, 8), (40, 20)]]
    found = []
    for jit in "1", "0":
        monkeypatch.setenv("MINITF_JIT", jit)
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            in_c(sess, fetches, x)
            found.append([sess.run(fetches, {x: feed}) for feed in feeds])
    for got, wanted in zip(*found):
        for a, b in zip(got, wanted):
            np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-5)
    assert len(runs) > 10


CELLS = {
    "rnn": tf.nn.rnn_cell.BasicRNNCell, "gru": tf.nn.rnn_cell.GRUCell,
    "lstm": partial(tf.nn.rnn_cell.LSTMCell, use_peepholes=True, num_proj=5),
    "norm": tf.contrib.rnn.LayerNormBasicLSTMCell,
}  # fmt: skip


@pytest.mark.parametrize("cell", CELLS)
def test_loops_in_sizes_that_are_all_open_give_what_numpy_does(monkeypatch, runs, cell):
    """Sentences of all lengths in batches of all sizes: the slopes of the weights grow in place."""
    monkeypatch.setenv("MINITF_DEVICE", "cpu")
    monkeypatch.setattr(late, "LARGE", 0)
    tf.reset_default_graph()
    tf.set_random_seed(1)
    x, lengths = tf.placeholder(tf.float32, [None, None, 4]), tf.placeholder(tf.int32, [None])
    y, _ = tf.nn.bidirectional_dynamic_rnn(
        CELLS[cell](6), CELLS[cell](6), x, lengths, dtype=tf.float32
    )
    loss = tf.reduce_mean(tf.square(tf.concat(y, 2) - 0.5))
    fetches = [loss, tf.train.AdamOptimizer(0.01).minimize(loss)]
    random = np.random.RandomState(0)
    sizes = [(1, 4), (2, 5), (3, 6), (4, 7), (9, 5), (8, 11), (7, 3)]
    feeds = [{x: random.normal(size=(*size, 4)), lengths: random.randint(1, size[1] + 1, size[0])}
             for size in sizes]  # fmt: skip
    found = []
    for jit in "1", "0":
        monkeypatch.setenv("MINITF_JIT", jit)
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            in_c(sess, fetches, x, lengths)
            found.append([sess.run(fetches, feed)[0] for feed in feeds])
    np.testing.assert_allclose(*found, rtol=1e-4)
    assert len(runs) > 100


def test_what_a_shared_plan_hands_out_stays(runs):
    """Memory is used again only where nobody has an array in it."""
    tf.reset_default_graph()
    x = tf.placeholder(tf.float64, [None, 100])
    y = tf.nn.relu(x - 1) * 2
    fetches = [y, tf.exp(y[1:]), tf.reshape(y + 1, [-1]), tf.reduce_sum(y, 0)]
    with tf.Session() as sess:
        in_c(sess, fetches, x)
        kept = [(rows, sess.run(fetches, {x: np.full((rows, 100), 1.0 + rows % 3)}))
                for rows in range(300, 320)]  # fmt: skip
    assert len(runs) > 20
    for rows, (a, b, c, d) in kept:
        value = 2.0 * (rows % 3)
        assert (a == value).all() and (c == value + 1).all()
        np.testing.assert_allclose(b, np.full((rows - 1, 100), np.exp(value)))
        np.testing.assert_allclose(d, np.full(100, value * rows))


def test_a_group_whose_shapes_turn_out_to_differ(runs):
    tf.reset_default_graph()
    x, y = tf.placeholder(tf.float32, [None, None]), tf.placeholder(tf.float32, [None, None])
    z = tf.nn.relu(x * 2 - y) + y * 3
    random = np.random.RandomState(0)
    with tf.Session() as sess:
        in_c(sess, z, x, y)
        for n in range(1, OWN + 2):
            sess.run(z, {x: np.ones((n, n), "f"), y: np.ones((n, n), "f")})
        for a, b in [((200, 100), (200, 100)), ((200, 100), (1, 100)), ((1, 1), (201, 101)),
                     ((200, 1), (1, 101)), ((0, 5), (1, 5)), ((3, 5), (3, 5))]:  # fmt: skip
            p, q = random.normal(size=a).astype("f"), random.normal(size=b).astype("f")
            got = sess.run(z, {x: p, y: q})
            np.testing.assert_allclose(got, np.maximum(p * 2 - q, 0) + q * 3, rtol=1e-5, atol=1e-6)
        with pytest.raises(tf.errors.InvalidArgumentError, match="not be broadcast"):
            sess.run(z, {x: np.ones((200, 100), "f"), y: np.ones((300, 100), "f")})
    assert len(runs) == 1  # where all are of one shape


def test_another_batch_size_compiles_nothing(monkeypatch):
    """A mean's factor, which is one over the batch, stands in no text of C."""
    tf.reset_default_graph()
    x = tf.placeholder(tf.float32, [None, 10])
    w = tf.Variable(tf.ones([10, 4]))
    y = tf.reduce_mean(tf.reduce_sum(tf.tanh(tf.matmul(x, w)), 1))
    train = tf.train.GradientDescentOptimizer(0.1).minimize(y)
    made, library = [], regions.library
    monkeypatch.setattr(regions, "library", lambda text: made.append(text) or library(text))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        in_c(sess, [y, train], x)
        sess.run([y, train], {x: np.ones((7, 10), "f")})
        count = len(made)
        got = sess.run([y, train], {x: np.ones((9, 10), "f")})
        assert count and len(made) == count
        assert np.isfinite(got[0])


def test_memory_is_used_again_once_nobody_has_it():
    room, kept = Room(), []
    first = room.empty((300, 300), np.dtype("float32"))
    place = first.ctypes.data
    view = first[1:].T
    del first
    assert room.empty((300, 300), np.dtype("float32")).ctypes.data != place  # the view has it
    del view
    assert place in [room.empty((300, 290), np.dtype("float32")).ctypes.data for _ in range(2)]
    for _ in range(100):
        kept.append(room.empty((300, 300), np.dtype("float32")))
        kept[-1][:] = len(kept)
    assert all((array == i).all() for i, array in enumerate(kept, 1)) and len(room.pieces) <= 32
    assert room.empty((3,), np.dtype("float32")).base is None


def test_threads_share_a_plan_that_leaves_sizes_open(runs):
    tf.reset_default_graph()
    x = tf.placeholder(tf.float64, [None, 200])
    product = tf.matmul(x, tf.eye(200, dtype=tf.float64))
    y = tf.reduce_sum(tf.nn.relu(tf.exp(x - 1) * 2 + x) * 3 - product, 1)
    wrong = []
    with tf.Session() as sess:
        in_c(sess, y, x)

        def work(seed):
            for rows in range(100 + seed, 160, 2):
                value = rows / 100
                got = sess.run(y, {x: np.full((rows, 200), value)})
                want = 200 * ((np.exp(value - 1) * 2 + value) * 3 - value)
                if got.shape != (rows,) or not np.allclose(got, want):
                    wrong.append(rows)

        threads = [threading.Thread(target=work, args=(i % 2,)) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not wrong and len(runs) > 50


def test_products_and_classes_of_open_sizes(runs):
    tf.reset_default_graph()
    x, w = tf.placeholder(tf.float64, [None, 200]), tf.placeholder(tf.float64, [60, 200])
    labels = tf.placeholder(tf.int32, [None])
    logits = tf.matmul(x, w, transpose_b=True)
    cost = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    fetches = tf.gradients(cost, [x, w])
    weights = np.random.RandomState(0).normal(size=(60, 200))
    with tf.Session() as sess:
        in_c(sess, fetches, x, labels, w)
        for rows in (*range(400, 400 + OWN + 2), 3):
            given = np.random.RandomState(1).normal(size=(rows, 200))
            got = sess.run(fetches, {x: given, labels: np.arange(rows) % 60, w: weights})
            odds = np.exp(given @ weights.T)
            wanted = odds / odds.sum(1, keepdims=True) - np.eye(60)[np.arange(rows) % 60]
            np.testing.assert_allclose(got[0], wanted @ weights, rtol=1e-6)
            np.testing.assert_allclose(got[1], wanted.T @ given, rtol=1e-6, atol=1e-6)
    assert sum("product" in kernel.function for kernel in runs) >= 3
    assert any("label value" in kernel.source for kernel in runs)
