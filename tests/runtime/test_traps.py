"""The traps that DESIGN names, each a test."""
import gc
import linecache
import threading
import time
import tracemalloc

import numpy as np
import pytest

import minitf as tf


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


@pytest.fixture
def sess():
    with tf.Session() as session:
        yield session


def initialised(session):
    session.run(tf.global_variables_initializer())


# -- 1. reads before writes ------------------------------------------------------------------------


def test_both_assignments_read_the_old_values(sess):
    a, b = tf.Variable(1.0), tf.Variable(10.0)
    swap = tf.group(tf.assign(a, b + 0.0), tf.assign(b, a + 0.0))
    initialised(sess)
    sess.run(swap)
    assert sess.run([a, b]) == [10.0, 1.0]


def test_a_gradient_is_taken_before_any_update(sess):
    x = tf.constant([[1.0, 2.0]])
    W1 = tf.Variable([[1.0, -1.0], [0.5, 2.0]])
    W2 = tf.Variable([[2.0], [3.0]])
    loss = tf.reduce_sum(tf.matmul(tf.matmul(x, W1), W2))
    grads = tf.gradients(loss, [W1, W2])
    updates = [tf.assign_sub(W2, grads[1]), tf.assign_sub(W1, grads[0])]
    initialised(sess)
    expected = sess.run(grads)
    before = sess.run([W1, W2])
    sess.run(updates)
    for old, grad, new in zip(before, expected, sess.run([W1, W2])):
        np.testing.assert_array_equal(new, old - grad)


def test_what_reads_a_variable_sees_it_from_before_the_update(sess):
    v = tf.Variable(1.0)
    add, read = tf.assign_add(v, 1.0), v * 1.0
    initialised(sess)
    assert sess.run([read, add.op]) == [1.0, None]
    assert sess.run([add.op, read]) == [None, 2.0]
    assert sess.run(v) == 3.0


def test_a_fetched_variable_is_from_after_the_update(sess):
    v = tf.Variable(1.0)
    add = tf.assign_add(v, 1.0)
    initialised(sess)
    assert sess.run([v, v.read_value(), add.op]) == [2.0, 2.0, None]
    assert sess.run([add.op, v]) == [None, 3.0]


def test_the_output_of_an_assignment_is_the_new_value(sess):
    v = tf.Variable(1.0)
    twice = tf.assign_add(v, 1.0) * 2.0
    initialised(sess)
    assert sess.run([twice, v * 1.0, v]) == [4.0, 1.0, 2.0]


def test_a_control_edge_puts_a_read_after_the_write(sess):
    v = tf.Variable(1.0)
    with tf.control_dependencies([tf.assign(v, 5.0)]):
        later = tf.identity(v)
    initialised(sess)
    assert sess.run([v * 1.0, later]) == [1.0, 5.0]


def test_a_control_edge_reaches_through_what_nobody_reads(sess):
    v, w = tf.Variable(1.0), tf.Variable(0.0)
    unread = tf.assign_add(v, 1.0) - 1.0 + 2.0 - 3.0
    with tf.control_dependencies([unread]):
        copied = tf.assign(w, v.read_value())
    sess.run(tf.global_variables_initializer())
    assert sess.run(copied) == 2.0


def test_a_control_edge_orders_two_writes(sess):
    v = tf.Variable(1.0)
    double = tf.assign(v, v * 2.0)
    with tf.control_dependencies([double]):
        add = tf.assign_add(v, 1.0)
    initialised(sess)
    assert sess.run(add) == 3.0


@pytest.mark.parametrize("value", [[1.0, 2.0], ["a", "b"], np.zeros(0, object)])
def test_a_variable_may_be_assigned_to_itself(value, sess):
    v = tf.Variable(tf.constant(value, tf.string if np.asarray(value).dtype.kind in "UO" else None))
    initialised(sess)
    before = sess.run(v)
    for same in (v.assign(v), v.assign(v.value()), tf.assign(v, tf.identity(v))):
        np.testing.assert_array_equal(sess.run(same), before)
    with pytest.raises(tf.errors.FailedPreconditionError), tf.Session() as fresh:
        fresh.run(v.assign(v))


def test_two_reads_that_each_wait_for_the_others_write(sess):
    """Only a copy of an old value can serve both."""
    u, v = tf.Variable(1.0), tf.Variable(2.0)
    new_u, new_v = tf.assign(u, 10.0), tf.assign(v, 20.0)
    first, second = new_u + v, new_v + u
    initialised(sess)
    assert sess.run([first, second]) == [12.0, 21.0]
    assert sess.run([u, v]) == [10.0, 20.0]


# -- 2. fetches and feeds --------------------------------------------------------------------------


def test_fetched_values_are_never_plan_memory(sess):
    x = tf.placeholder(tf.float32, [2])
    y = x * 2.0
    z = tf.reshape(y + 1.0, [2, 1])
    first = sess.run([y, z], {x: [1, 2]})
    sess.run([y, z], {x: [5, 6]})
    np.testing.assert_array_equal(first[0], [2, 4])
    np.testing.assert_array_equal(first[1], [[3], [5]])


@pytest.mark.parametrize("last", [
    tf.diag_part, lambda x: tf.bitcast(x, tf.int32),
    lambda x: tf.batch_to_space_nd(tf.reshape(x, [4, 1, 1, 1]), [2, 2], [[0, 1], [0, 1]]),
    lambda x: tf.nn.fused_batch_norm(tf.zeros([1, 1, 1, 2]), *(x[0],) * 4, is_training=False)[1],
])  # fmt: skip
def test_not_even_where_nothing_has_to_move(last, sess):
    x = tf.placeholder(tf.float32, [2, 2])
    y = last(tf.matmul(x, x))
    values = [sess.run(y, {x: np.full([2, 2], value)}) for value in range(4)]
    assert len({value.tobytes() for value in values}) == 4


def test_a_fetched_variable_or_constant_is_a_copy(sess):
    v, c = tf.Variable([1.0, 2.0]), tf.constant([3.0, 4.0])
    initialised(sess)
    for tensor in (v, c, tf.identity(v)):
        before = sess.run(tensor)
        sess.run(tensor)[...] = 99
        np.testing.assert_array_equal(sess.run(tensor), before)


def test_a_fed_array_is_never_written_to(sess):
    x = tf.placeholder(tf.float32, [3])
    y = tf.exp(-x) * x + tf.reverse(x, [0])
    fed = np.arange(3, dtype=np.float32)
    value = sess.run([x, y], {x: fed})[0]
    np.testing.assert_array_equal(fed, [0, 1, 2])
    value[...] = 7
    np.testing.assert_array_equal(fed, [0, 1, 2])


# -- 3. views --------------------------------------------------------------------------------------


def test_a_view_keeps_its_root_alive(sess):
    x = tf.placeholder(tf.float32, [2, 3])
    root = x + 1.0
    view = tf.transpose(root)
    other = tf.exp(x + 5.0) * 0.0  # would take the buffer of `root` if that were free
    result = tf.reduce_sum(view, 1) + tf.reduce_sum(other)
    np.testing.assert_array_equal(sess.run(result, {x: np.ones((2, 3))}), [4, 4, 4])


def test_in_place_only_when_the_operand_dies(sess):
    x = tf.placeholder(tf.float32, [4])
    a = x + 1.0
    b = tf.exp(a)
    np.testing.assert_allclose(sess.run(b - a, {x: np.zeros(4)}), np.full(4, np.e - 1), rtol=1e-6)


# -- 4. threads ------------------------------------------------------------------------------------


def test_a_plan_runs_in_several_threads_at_once(sess):
    x = tf.placeholder(tf.float32, [200, 200])
    y = tf.reduce_sum(tf.matmul(x + 1.0, x - 1.0))
    wrong, barrier = [], threading.Barrier(4)

    def work(k):
        fed = np.full((200, 200), k, np.float32)
        expected = sess.run(y, {x: fed})
        barrier.wait()
        wrong.extend(k for _ in range(50) if sess.run(y, {x: fed}) != expected)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


# -- 5. feed shapes that change --------------------------------------------------------------------


def test_a_thousand_batch_sizes_leave_memory_flat(sess):
    x = tf.placeholder(tf.float32, [None, 8])
    W = tf.Variable(tf.ones([8, 8]))
    train = tf.train.GradientDescentOptimizer(0.0).minimize(tf.reduce_sum(tf.matmul(x, W)))
    initialised(sess)
    for size in range(1, 301):
        sess.run(train, {x: np.ones((size, 8), np.float32)})
    gc.collect()
    tracemalloc.start()
    plans = sum(name.startswith("<minitf plan") for name in linecache.cache)
    for size in range(301, 1301):
        sess.run(train, {x: np.ones((size, 8), np.float32)})
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert sum(name.startswith("<minitf plan") for name in linecache.cache) <= plans + 1
    assert grown < 30e6  # 256 plans stay; a thousand would be four times this


def test_a_shape_that_returns_is_not_compiled_again(sess, monkeypatch):
    x = tf.placeholder(tf.float32, [None])
    y = x * 2.0
    for size in (1, 2, 3):
        sess.run(y, {x: np.zeros(size)})
    monkeypatch.setattr(type(sess), "compiled", None)
    for size in (3, 1, 2, 1):
        assert sess.run(y, {x: np.ones(size)}).shape == (size,)


# -- 6. depth --------------------------------------------------------------------------------------


def test_a_chain_of_100_000_adds(sess):
    x = tf.placeholder(tf.float32, [])
    y = x
    for _ in range(100_000):
        y = y + x
    (slope,) = tf.gradients(y, [x])
    assert sess.run([y, slope], {x: 1.0}) == [100_001.0, 100_001.0]


# -- 7. building -----------------------------------------------------------------------------------


def test_ten_thousand_mixed_ops_build_in_seconds():
    x = tf.placeholder(tf.float32, [None, 4])
    start = time.perf_counter()
    y = x
    for _ in range(1000):
        y = tf.nn.relu(y * 0.5 + x)
        y = tf.reshape(tf.transpose(tf.concat([y, x], 0)), [-1, 4])
        y = tf.reduce_mean(y, 1, keepdims=True) - tf.square(x)
    assert len(tf.get_default_graph().get_operations()) >= 10_000
    assert time.perf_counter() - start < 3 * 3  # three seconds, on a machine a third as fast


def test_nodes_added_later_do_not_compile_old_fetches_again(sess, monkeypatch):
    x = tf.placeholder(tf.float32, [])
    y = x * 2.0
    sess.run(y, {x: 1.0})
    y + 1.0
    monkeypatch.setattr(type(sess), "compiled", None)
    assert sess.run(y, {x: 2.0}) == 4.0


# -- 8. sessions -----------------------------------------------------------------------------------


def test_each_session_has_its_own_variables():
    v = tf.Variable(1.0)
    add = tf.assign_add(v, 1.0)
    with tf.Session() as one, tf.Session() as two:
        initialised(one)
        initialised(two)
        one.run(add)
        assert (one.run(v), two.run(v)) == (2.0, 1.0)


@pytest.mark.parametrize("build, dtype", [
    (lambda: tf.range(100_000), np.int32), (lambda: tf.range(0.0, 1e5, 1.0), np.float32),
    (lambda: tf.linspace(0.0, 1.0, 100_000), np.float32),
    (lambda: tf.range(tf.constant(100_000, tf.int64)), np.int64),
])  # fmt: skip
def test_what_is_too_large_to_be_computed_while_planning_has_its_type(build, dtype):
    x = build()
    with tf.Session() as sess:
        assert sess.run(x).dtype == dtype == x.dtype.as_numpy_dtype
