"""Arrays that are only written, and those that are not."""
import numpy as np

import minitf as tf


def writes(session, fetches):
    return session.source(fetches).count(".write(")


def test_a_gradient_keeps_no_more_of_a_loop_than_it_needs():
    x = tf.Variable(np.ones([2, 3]))
    y = tf.while_loop(lambda i, y: i < 4, lambda i, y: (i + 1, tf.tanh(y + x) * 2), (0, x))[1]
    (slope,) = tf.gradients(y, x)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        assert writes(sess, slope) == 1
        step = 1e-5
        slopes = sess.run(slope)
        before = sess.run(tf.reduce_sum(y))
        sess.run(x.assign_add([[step, 0, 0], [0, 0, 0]]))
        np.testing.assert_allclose((sess.run(tf.reduce_sum(y)) - before) / step, slopes[0, 0],
                                   rtol=1e-3)  # fmt: skip


def written(name, **given):
    array = tf.TensorArray(tf.float32, 3, tensor_array_name=name, **given)
    return tf.while_loop(
        lambda i, a: i < 3, lambda i, a: (i + 1, a.write(i, tf.cast(i, tf.float32))), (0, array)
    )[1]


def test_what_is_read_in_any_way_is_written():
    fetches = [
        written("stacked").stack(),
        written("read").read(1),
        written("sized", dynamic_size=True).size(),
        tf.TensorArray(tf.float32, 1).write(0, 5.0).identity().read(0),
    ]
    with tf.Session() as sess:
        assert writes(sess, fetches) == 4
        found = sess.run(fetches)
    assert [np.asarray(each).tolist() for each in found] == [[0, 1, 2], 1, 3, 5]


def test_an_array_in_a_loop_of_its_own_that_is_read_in_the_next():
    first = written("first", clear_after_read=False)
    total = tf.while_loop(lambda i, t: i < 3, lambda i, t: (i + 1, t + first.read(i)), (0, 0.0))[1]
    with tf.Session() as sess:
        assert sess.run(total) == 3


def test_the_flow_of_an_array_alone_does_not_write():
    with tf.Session() as sess:
        assert writes(sess, written("alone").flow) == 0
        assert sess.run(written("alone").flow) == 0


def test_a_function_of_constants_is_called_once():
    calls = []
    y = tf.py_func(lambda x: calls.append(x) or x, [tf.constant(2.0)], tf.float32, stateful=False)
    with tf.Session() as sess:
        assert [sess.run(y), sess.run(y)] == [2, 2]
    assert len(calls) == 1
