"""Functions: a graph of their own, compiled once for each shape, with a state of their own."""
from types import SimpleNamespace

import numpy as np
import pytest

import minitf as tf
from minitf.core.slot import Slot
from minitf.core.tensor_spec import TensorSpec
from minitf.ops.function import trace
from minitf.runtime.function import Instance, instance_of


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


def traced(function, *specs):
    return trace(lambda *args: [function(*args)], specs, "f")


def called(graph, *arguments, captured=()):
    return Instance(graph).bound(list(captured))(arguments)[0]


FLOAT = TensorSpec([], tf.float32)


def test_tensors_of_outside_are_captured_once():
    outside = tf.constant(2.0) + tf.placeholder(tf.float32)
    graph = traced(lambda x: x * outside + outside, FLOAT)
    assert graph.captured_inputs == [outside]
    assert [op.type for op in graph.get_operations()] == ["Placeholder", "Placeholder", "Mul",
                                                          "AddV2"]  # fmt: skip
    assert called(graph, np.float32(3), captured=[np.float32(10)]) == 40


@pytest.mark.parametrize("jit", ["0", "1"])
def test_numbers_of_numpy_are_arguments_too(jit, monkeypatch):
    monkeypatch.setenv("MINITF_JIT", jit)
    outside = tf.placeholder(tf.float32)
    graph = traced(lambda x: x * outside + 1.0, FLOAT)
    assert called(graph, np.float32(3), captured=[np.float32(10)]) == 31


def test_an_output_may_be_a_tensor_of_outside():
    graph = traced(lambda x: tf.constant(5.0), FLOAT)
    assert called(graph, np.float32(3)) == 5
    outside = tf.constant([1.0, 2.0])
    graph = traced(lambda x: outside, FLOAT)
    np.testing.assert_array_equal(called(graph, np.float32(3), captured=[np.ones(2)]), [1, 1])


def test_functions_in_functions_capture_through_those_around():
    outside, seen = tf.placeholder(tf.int64, []), []
    data = tf.data.Dataset.range(2).flat_map(
        lambda x: tf.data.Dataset.range(2).map(lambda y: x * 10 + y + outside)
    )
    iterator = data.make_initializable_iterator()
    following = iterator.get_next()
    with tf.Session() as sess:
        sess.run(iterator.initializer, {outside: 100})
        seen = [int(sess.run(following)) for _ in range(4)]
    assert seen == [100, 101, 110, 111]


def test_another_graphs_tensor_is_refused():
    with tf.Graph().as_default():
        other = tf.constant(1.0)
    with pytest.raises(ValueError, match=r"must be from the same graph as the function 'f_\d+'"):
        traced(lambda x: x + other, FLOAT)


def test_a_function_changes_the_variable_of_the_session_that_hands_its_place():
    variable, place = tf.Variable(1.0), Slot()
    graph = traced(lambda x: variable.assign_add(x) + variable, FLOAT)
    place.value = np.array(2.0, np.float32)
    assert called(graph, np.float32(3), captured=[place]) == 10
    assert place.value == 5


def test_a_function_of_variables_is_compiled_once_for_each_session():
    variable, one, other = tf.Variable(1.0), Slot(), Slot()
    one.value, other.value = np.array(2.0, np.float32), np.array(5.0, np.float32)
    graph = traced(lambda x: x * variable, FLOAT)
    first, again, another = (instance_of(graph, [slot]) for slot in (one, one, other))
    assert first is again is not another
    assert first.bound([one])([np.float32(3)])[0] == 6
    assert another.bound([other])([np.float32(3)])[0] == 15
    assert first.bound([one])([np.float32(1)])[0] == 2


def test_a_function_reads_a_variable_on_a_device_but_does_not_change_it(monkeypatch):
    monkeypatch.setattr("minitf.backend.gpu.fetched", lambda array: array.get())
    variable, place = tf.Variable(1.0), Slot()
    place.value = SimpleNamespace(get=lambda: np.array(2.0, np.float32), ndim=0)
    assert called(traced(lambda x: x * variable, FLOAT), np.float32(3), captured=[place]) == 6
    with pytest.raises(NotImplementedError, match="'Variable', which is on a GPU"):
        called(traced(variable.assign_add, FLOAT), np.float32(3), captured=[place])


def test_variables_made_in_a_function_are_outside():
    made = []

    def function(x):
        made.append(tf.get_variable("w", [], initializer=tf.ones_initializer()))
        return x * made[0]

    graph = traced(function, FLOAT)
    assert made[0].graph is tf.get_default_graph() is not graph
    assert tf.global_variables() == made
    assert [x.name for x in graph.captured_inputs] == ["w/place:0"]


def test_control_dependencies_on_what_is_outside_are_fulfilled():
    outside = tf.constant(1.0)
    with tf.control_dependencies([outside]):
        graph = traced(lambda x: x + 1, FLOAT)
        with graph.as_default(), tf.control_dependencies([outside.op]), tf.colocate_with(outside):
            assert tf.identity(graph.inputs[0]).op.control_inputs == []


def test_what_has_an_effect_runs_though_nothing_is_read_of_it():
    seen = []

    def function(x):
        tf.py_func(lambda value: seen.append(float(value)) or np.float32(0), [x], tf.float32)
        tf.Assert(x < 5, [x])
        tf.random_uniform([])
        return x * 2

    graph = traced(function, FLOAT)
    assert [op.type for op in graph.effects()] == ["PyFunc", "Assert"]
    assert called(graph, np.float32(3)) == 6
    assert seen == [3.0]
    with pytest.raises(tf.errors.InvalidArgumentError, match="assertion failed"):
        called(graph, np.float32(7))


def test_each_instance_has_its_own_random_numbers():
    graph = traced(lambda x: x + tf.random_uniform([], seed=3), FLOAT)
    one, other = (Instance(graph).bound([]) for _ in range(2))
    zero = (np.float32(0),)
    first, second = one(zero)[0], one(zero)[0]
    assert first != second
    assert [other(zero)[0], other(zero)[0]] == [first, second]


def test_results_are_arrays_and_belong_to_the_caller():
    graph = trace(lambda x: [x, x + 1, tf.as_string(x), x], [FLOAT], "f")
    argument = np.array(1, np.float32)
    results = Instance(graph).bound([])((argument,))
    assert [type(each) for each in results] == [np.ndarray] * 4
    assert results[2].dtype == object and results[2].item() == b"1.000000"
    results[0][...] = 7
    assert argument == 1


def test_a_plan_for_each_shape_is_kept():
    graph = traced(lambda x: tf.reduce_sum(x * 2), TensorSpec([None], tf.float32))
    instance = Instance(graph)
    bound = instance.bound([])
    for sizes in (3, 5, 3, 5, 5):
        assert bound((np.ones(sizes, np.float32),))[0] == 2 * sizes
    assert len(instance.plans.items) == 2


def test_arguments_need_not_lie_side_by_side(monkeypatch):
    monkeypatch.setenv("MINITF_JIT", "1")
    graph = traced(lambda x: x * 2 + 1, TensorSpec([3], tf.float32))
    column = np.arange(12, dtype=np.float32).reshape(3, 4)[:, 1]
    np.testing.assert_array_equal(called(graph, column), column * 2 + 1)
    np.testing.assert_array_equal(called(graph, np.broadcast_to(np.float32(2), (3,))), [5, 5, 5])


def test_errors_name_the_line_in_the_function():
    def function(x):
        return tf.gather([1, 2], x)  # the line

    following = tf.data.Dataset.range(3).map(function).make_one_shot_iterator().get_next()
    with tf.Session() as sess:
        sess.run([following])
        sess.run([following])
        with pytest.raises(tf.errors.InvalidArgumentError) as raised:
            sess.run([following])
    assert "= 2 is not in [0, 2)" in str(raised.value)
    assert "test_functions.py" in str(raised.value) and "# the line" in str(raised.value)


def test_a_loop_and_a_branch_in_a_function():
    def function(x):
        doubled = tf.while_loop(lambda i: i < 20.0, lambda i: i * 2, [x])
        return tf.cond(x > 2, lambda: doubled, lambda: -doubled)

    graph = traced(function, FLOAT)
    assert [called(graph, np.float32(v)) for v in (1, 3)] == [-32, 24]
