"""One run reads every variable before it writes any, unless an edge says otherwise.

TensorFlow 1.15 raced here: `group(u.assign(...), v.assign(...))` could read half-written state, so
there is nothing to record. Of a variable that is fetched itself it gave what the run made of it.
"""

import numpy as np
import pytest

import minitf as tf


def values_after(step, variables, runs=1):
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(runs):
            sess.run(step)
        return sess.run(variables)


def setup_function():
    tf.reset_default_graph()


def test_grouped_assigns_read_the_old_values():
    a, b = tf.Variable(1.0), tf.Variable(10.0)
    step = tf.group(a.assign(a + 0.1 * b), b.assign(b + 0.1 * a))
    np.testing.assert_allclose(values_after(step, [a, b]), [2.0, 10.1])


def test_fetched_assigns_read_the_old_values():
    a, b = tf.Variable(1.0), tf.Variable(10.0)
    np.testing.assert_array_equal(values_after([a.assign(b), b.assign(a)], [a, b]), [10.0, 1.0])


def test_two_variables_swap():
    a, b = tf.Variable([1.0, 2.0]), tf.Variable([3.0, 4.0])
    old_a, old_b = tf.identity(a), tf.identity(b)
    with tf.control_dependencies([old_a, old_b]):
        swap = tf.group(a.assign(old_b), b.assign(old_a))
    np.testing.assert_array_equal(values_after(swap, [a, b]), [[3.0, 4.0], [1.0, 2.0]])


def test_a_wave_equation_steps_like_numpy():
    start_u, start_v = np.array([1.0, 0.0, 0.5], np.float32), np.zeros(3, np.float32)
    u, v = tf.Variable(start_u), tf.Variable(start_v)
    step = tf.group(u.assign(u + 0.1 * v), v.assign(v + 0.1 * (tf.reverse(u, [0]) - u)))
    for _ in range(5):
        start_u, start_v = (start_u + 0.1 * start_v, start_v + 0.1 * (start_u[::-1] - start_u))
    np.testing.assert_allclose(values_after(step, [u, v], 5), [start_u, start_v], rtol=1e-6)


def test_a_loss_fetched_with_its_step_is_from_before_the_step():
    w = tf.Variable(3.0)
    loss = w * w
    step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    with tf.Session() as sess:
        sess.run(w.initializer)
        assert sess.run([step, loss])[1] == 9.0
        assert sess.run([loss, step])[0] == np.float32(2.4) * np.float32(2.4)


def test_two_writes_that_nothing_orders_both_read_the_old_value(lowering):
    start, mean = np.float32([1.0, 2.0, 3.0]), np.zeros(3, np.float32)
    v, slow = tf.Variable(start), tf.Variable(mean)
    first = tf.assign(v, v * 0.5 + 0.25)
    average = tf.assign(slow, slow * 0.9 + v * v)
    second = tf.assign_sub(v, average * 0.1)
    for _ in range(3):
        mean = mean * 0.9 + start * start
        start = start * 0.5 + 0.25 - mean * 0.1
    found = values_after([first, second], [v, slow], 3)
    np.testing.assert_allclose(found, [start, mean], rtol=1e-5)


def test_who_waits_for_the_new_value_alone_reads_the_old_one(lowering):
    start = np.arange(16, dtype=np.float32).reshape(4, 4)
    v = tf.Variable(start)
    twice = v * 2
    change, product = v.assign(twice), tf.matmul(twice, v)
    with tf.Session() as sess:
        sess.run(v.initializer)
        got, _ = sess.run([product, change.op])
        np.testing.assert_allclose(got, 2 * start @ start)
        np.testing.assert_array_equal(sess.run(v), 2 * start)


def test_so_it_does_where_the_variable_changes_again(lowering):
    start = np.arange(16, dtype=np.float32).reshape(4, 4)
    v = tf.Variable(start)
    twice = v * 2
    change, product = v.assign(twice), tf.matmul(twice, v)
    with tf.control_dependencies([change, product]):
        again = v.assign_add(tf.ones([4, 4])).op
    with tf.Session() as sess:
        sess.run(v.initializer)
        np.testing.assert_allclose(sess.run([product, again])[0], 2 * start @ start)
        np.testing.assert_array_equal(sess.run(v), 2 * start + 1)


def test_what_is_read_is_what_has_been_waited_for(lowering):
    a, b = tf.Variable(1.0), tf.Variable(2.0)
    with tf.control_dependencies([a.assign_add(100.0), b.assign_add(200.0)]):
        reset = [a.assign(0.0), b.assign(0.0)]
    with tf.control_dependencies(reset[:1]):
        read_b = b.read_value() + 0.0
    with tf.control_dependencies(reset[1:]):
        read_a = a.read_value() + 0.0
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        first = sess.run([tf.group(*reset), read_a, read_b])
        assert first == [None, 101.0, 202.0]
        assert sess.run([a, b]) == [0.0, 0.0]


def test_a_loop_changes_what_is_fetched(lowering):
    v = tf.Variable([1.0, 2.0])

    def body(i):
        with tf.control_dependencies([v.assign_add([1.0, 1.0])]):
            return i + 1

    count = tf.while_loop(lambda i: i < 3, body, [0])
    with tf.Session() as sess:
        sess.run(v.initializer)
        _, fetched, twice = sess.run([count, v, v * 2])
        np.testing.assert_array_equal(fetched, [4.0, 5.0])
        np.testing.assert_array_equal(twice, [2.0, 4.0])


def test_a_variable_that_is_fed_is_what_was_fed():
    v = tf.Variable(1.0)
    with tf.Session() as sess:
        sess.run(v.initializer)
        assert sess.run([v.assign_add(1.0), v.read_value()], {v.read_value(): 7.0})[0] == 2.0


@pytest.mark.parametrize("resource", [True, False])
def test_a_predicate_that_is_read_after_a_write(resource):
    with tf.Graph().as_default():
        p = tf.get_variable("p", initializer=True, use_resource=resource)
        q = tf.get_variable("q", initializer=1.0, use_resource=resource)
        x = tf.placeholder_with_default(2.0, [])
        with tf.control_dependencies([p.assign(False)]):
            first = tf.identity(p.read_value())
        with tf.control_dependencies([first]):
            again = p.assign(True)
        with tf.control_dependencies([again]):
            second = p.read_value()
        y = tf.cond(first, lambda: q.assign_add(x * 100) * 1, lambda: q.assign_add(x) * 1)
        z = tf.cond(second, lambda: tf.cond(first, lambda: x * 3, lambda: x * 5), lambda: x)
        loop = tf.while_loop(
            lambda i, v: i < 2,
            lambda i, v: (i + 1, tf.cond(second, lambda: v + 1, lambda: v - 1)), (0, x),
        )[1]  # fmt: skip
        with tf.Session() as sess:
            wanted = [([y], [3]), ([y, second], [3, True]), ([z], [10]), ([loop], [4]),
                      ([y, z, second, loop], [3, 10, True, 4])]  # fmt: skip
            for fetches, values in wanted:
                sess.run(tf.global_variables_initializer())
                assert sess.run(fetches) == values  # as TensorFlow 1.15.5 has them
