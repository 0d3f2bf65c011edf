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


def test_two_tensors_of_outside_that_were_made_by_the_same_function():
    with eager_mode():
        a, b = tf.ones([2]), tf.ones([2])

        @tf.function
        def both(x):
            return x * a + b

        np.testing.assert_array_equal(both(a).numpy(), [2, 2])


def test_what_a_function_reads_it_reads_once_its_inputs_are_there():
    v = variable("v")

    @tf.function
    def change(x):
        v.assign(x)
        return v * 1

    @tf.function
    def read(x):
        return v * 10 + x * 0

    @tf.function
    def read_after_that():
        return v * 10 + changed * 0

    @tf.function
    def read_in_a_branch(x):
        result = x
        if x < 0:
            result = v * 1
        return result

    @tf.function
    def read_in_a_loop(x):
        result = x * 0
        for _ in tf.range(2):
            result = result + v
        return result

    @tf.function
    def read_within(x):
        @tf.function
        def within(x):
            return v * 1 + x * 0

        return within(x)

    changed = change(tf.constant(5.0))
    calls = [read(changed), read_after_that(), read_in_a_branch(-changed),
             read_in_a_loop(changed), read_within(changed)]  # fmt: skip
    with tf.Session() as sess:
        seen = []
        for call in calls:
            sess.run(v.initializer)
            seen.append(sess.run(call))
    assert seen == [50, 50, 5, 10, 5]  # as TensorFlow 1.15.5 has it


def test_a_run_of_a_function_does_not_initialize_what_it_has_made():
    class Counter:
        made = None

        @tf.function
        def add(self, x):
            if self.made is None:
                self.made = tf.Variable(0.0, use_resource=True)
            return self.made.assign_add(x)

    counter = Counter()
    one, two = counter.add(tf.constant(1.0)), counter.add(2.0)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        assert [sess.run(x) for x in (one, one, two)] == [1, 2, 4]


def test_names_that_a_program_asks_for_are_unique_where_operations_run_at_once():
    with eager_mode():
        graph = tf.get_default_graph()
        names = [graph.unique_name("slot") for _ in range(2)]
        with tf.name_scope("scope"):
            names.append(graph.unique_name("slot", mark_as_used=False))
    assert names == ["slot", "slot_1", "slot_2"]  # as TensorFlow 1.15.5 has them
