"""tf.function where a graph is built: what a call returns, and the seeds of what it draws."""
import numpy as np
import pytest

import minitf as tf
from minitf.core.eager import eager_mode


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def variable(name):
    return tf.get_variable(name, [], initializer=tf.zeros_initializer(), use_resource=True)


def test_of_a_function_that_returns_nothing_an_operation_that_runs_it():
    v, w = variable("v"), variable("w")

    @tf.function
    def both():
        v.assign_add(1.0)
        w.assign_add(v)

    @tf.function
    def initialize():
        tf.variables_initializer([v, w])

    @tf.function
    def loop():
        for _ in tf.range(3):
            v.assign_add(1.0)

    @tf.function
    def branch(p):
        if p:
            w.assign_add(10.0)

    @tf.function
    def twice():
        both()
        both()

    calls = [initialize(), both(), loop(), branch(tf.constant(True)), twice(),
             both.get_concrete_function()()]  # fmt: skip
    assert all(isinstance(call, tf.Operation) for call in calls)
    with tf.Session() as sess:
        seen = [(sess.run(call), sess.run([v, w]))[1] for call in calls]
    # As TensorFlow 1.15.5 has it.
    assert seen == [[0, 0], [1, 1], [4, 1], [4, 11], [6, 22], [7, 29]]


def test_functions_count_their_nodes_anew(graph):
    tf.set_random_seed(3)
    x = tf.constant([0.0, 0.0])

    @tf.function
    def two():
        return tf.random.uniform([2]), tf.random.uniform([2])

    @tf.function
    def around(x):
        return two(), tf.random.uniform([2]) + x * 0

    first, ((again, _), second) = two(), around(x)
    with tf.Session() as sess:
        first, again, second = sess.run([first, again, second])
    # Drawn by TensorFlow 1.15.5.
    np.testing.assert_allclose(first, [[0.22318637, 0.6680393], [0.64149535, 0.48726475]], 1e-6)
    np.testing.assert_array_equal(again, first[0])
    np.testing.assert_allclose(second, [0.3976692, 0.84256816], 1e-6)


def test_variables_of_tensorflow_2_where_operations_run_at_once():
    with eager_mode():
        v = tf.compat.v2.Variable([2.0])
        assert v.shape == (1,) and isinstance(v, tf.Variable)
        with tf.GradientTape() as tape:
            y = v * v
        assert tape.gradient(y, v).numpy() == [4.0]
