"""What runs as it is called: tensors, variables, what is forgotten, what errors say."""
import copy
import gc
import pickle
import subprocess
import sys
import weakref

import numpy as np
import pytest

import minitf as tf
from minitf.core.eager import eager_mode


@pytest.fixture(autouse=True)
def eagerly():
    tf.reset_default_graph()
    with eager_mode():
        yield


def python(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)


def test_operations_are_said_with_their_device(capfd):
    tf.debugging.set_log_device_placement(True)
    try:
        assert tf.debugging.get_log_device_placement()
        tf.constant(1.0) + 1.0
    finally:
        tf.debugging.set_log_device_placement(False)
    tf.constant(1.0) * 2.0
    device = "/job:localhost/replica:0/task:0/device:CPU:0"
    assert capfd.readouterr().err == f"Executing op AddV2 in device {device}\n"
    assert not tf.debugging.get_log_device_placement()


# -- variables in functions -----------------------------------------------------------------------


def test_assignments_in_a_function_give_the_variable_afterwards():
    v, w = tf.Variable(1.0), tf.Variable([1.0, 2.0])

    @tf.function
    def steps():
        added = v.assign_add(1.0)
        assert added.op.type == "AssignAdd"
        with tf.control_dependencies([added]):
            doubled = v * 2.0
        return doubled, added + 1.0, v.assign_sub(1.0).assign_add(5.0).value()

    @tf.function
    def chosen(yes):
        return tf.cond(yes, lambda: v.assign_add(1.0).value(), lambda: v.value())

    @tf.function
    def scattered():
        return w.scatter_add(tf.IndexedSlices(tf.constant([5.0]), tf.constant([0])))

    found = steps()
    assert [x.numpy() for x in found] == [4, 3, 6]
    assert found[0].dtype is tf.float32  # not a reference type
    assert [chosen(tf.constant(yes)).numpy() for yes in (True, False)] == [7, 7]
    assert scattered().numpy().tolist() == [6, 2]


# -- the whole program ----------------------------------------------------------------------------


def test_a_program_runs_eagerly_from_its_start():
    code = """
import minitf as tf
tf.enable_eager_execution()
tf.enable_eager_execution()
print(tf.executing_eagerly(), (tf.constant(2) * 3).numpy())
tf.reset_default_graph()
print(tf.executing_eagerly())
with tf.Graph().as_default():
    print(tf.executing_eagerly())
tf.disable_eager_execution()
print(tf.executing_eagerly())
"""
    assert python(code).stdout.split("\n")[:4] == ["True 6", "True", "False", "False"]


def test_it_has_to_be_said_first():
    done = python("import minitf as tf\ntf.constant(1)\ntf.enable_eager_execution()")
    assert "ValueError: tf.enable_eager_execution must be called at program startup." in done.stderr


@pytest.mark.parametrize("modes", [{"device_policy": 7}, {"execution_mode": 7}])
def test_modes_are_checked(modes):
    with pytest.raises(ValueError, match="must be one of None"):
        tf.enable_eager_execution(**modes)


def test_other_threads_run_eagerly_too():
    code = """
import threading
import minitf as tf
tf.enable_eager_execution()
found = []
thread = threading.Thread(target=lambda: found.append((tf.constant(2) * 3).numpy()))
thread.start()
thread.join()
print(found[0], tf.py_function(lambda x: x * 2, [tf.constant(3)], tf.int32).numpy())
"""
    assert python(code).stdout == "6 6\n"


# -- tensors --------------------------------------------------------------------------------------


def test_a_value_is_a_copy():
    x = tf.constant([1.0, 2.0])
    x.numpy()[0] = 9.0
    np.asarray(x)[0] = 9.0
    assert x.numpy().tolist() == [1.0, 2.0]


def test_tensors_are_copied_and_pickled():
    x = tf.constant([1.0, 2.0])
    assert copy.deepcopy([x])[0] is x
    again = pickle.loads(pickle.dumps(x))
    assert again.numpy().tolist() == [1.0, 2.0]
    assert again.dtype == tf.float32


def test_shapes_can_be_asserted_alone():
    x = tf.ones([2, 3])
    x.set_shape([2, None])
    with pytest.raises(ValueError, match="not compatible"):
        x.set_shape([3, 3])


def test_an_error_names_the_op_and_the_line():
    with pytest.raises(tf.errors.InvalidArgumentError) as raised:
        tf.matmul(tf.ones([2, 2]), tf.ones([3, 1]))
    assert "MatMul 'MatMul': Dimensions must be equal, but are" in str(raised.value)
    assert "tf.matmul(tf.ones([2, 2]), tf.ones([3, 1]))" in str(raised.value)
    for _ in range(2):  # the second time by the shorter way
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"is not in \[0, 2\)"):
            tf.gather(tf.ones([2, 2]), [5])


def test_a_gpu_is_refused_with_a_reason():
    with pytest.raises(RuntimeError, match="eager execution is on the CPU"):
        tf.constant(1.0).gpu()
    assert tf.constant(1.0).cpu().numpy() == 1.0


def test_the_same_call_with_other_shapes_is_checked_again():
    for n in (2, 3, 2):
        assert (tf.ones([n]) + tf.ones([n])).shape == [n]
    with pytest.raises(tf.errors.InvalidArgumentError):
        tf.ones([2]) + tf.ones([3])


def test_attributes_tell_calls_apart():
    x = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    sums = [tf.reduce_sum(x, axis, keepdims=keep).numpy().tolist()
            for _ in range(2) for axis in (0, 1) for keep in (False, True)]  # fmt: skip
    assert sums[:4] == sums[4:] == [[4.0, 6.0], [[4.0, 6.0]], [3.0, 7.0], [[3.0], [7.0]]]


def test_zeros_keep_their_signs():
    x = tf.constant([1.0])
    assert np.signbit((x * 0.0).numpy()).tolist() == [False]
    assert np.signbit((x * -0.0).numpy()).tolist() == [True]


# -- variables ------------------------------------------------------------------------------------


def test_what_was_read_stays():
    v = tf.Variable(tf.ones([3]))
    before = v.value()
    reshaped = tf.reshape(v, [3, 1])
    v.assign_add(tf.ones([3]))
    tf.scatter_update(v, [0], [7.0])
    assert before.numpy().tolist() == [1.0, 1.0, 1.0]
    assert reshaped.numpy().tolist() == [[1.0], [1.0], [1.0]]
    assert v.numpy().tolist() == [7.0, 2.0, 2.0]


def test_an_array_that_nobody_else_has_is_changed_in_place():
    v = tf.Variable(tf.ones([3]))
    v.assign_add(tf.ones([3]))
    place = v._variable._held.value.ctypes.data
    v.assign_add(tf.ones([3]))
    assert v._variable._held.value.ctypes.data == place


def test_the_assigned_value_is_copied():
    value = tf.ones([2])
    v = tf.Variable(value)
    v.assign(value)
    v.assign_add([1.0, 1.0])
    assert value.numpy().tolist() == [1.0, 1.0]


def test_a_refused_update_changes_nothing():
    v = tf.Variable(tf.ones([2, 2]))
    for update in (lambda: v.assign_add(tf.ones([2])), lambda: tf.scatter_add(v, [5], [[1.0, 1.0]]),
                   lambda: v.assign(tf.ones([3])), lambda: v[0].assign([1.0])):  # fmt: skip
        with pytest.raises((ValueError, tf.errors.OpError)):
            update()
    assert v.numpy().tolist() == [[1.0, 1.0], [1.0, 1.0]]


def test_variables_die_with_what_refers_to_them():
    v = tf.Variable(tf.ones([3]))
    kept = weakref.ref(v)
    tf.matmul(tf.ones([1, 3]), tf.reshape(v, [3, 1]))
    del v
    gc.collect()
    assert kept() is None


def test_copies_are_variables_of_their_own():
    v = tf.Variable([1.0], name="v")
    other = copy.deepcopy(v)
    other.assign([5.0])
    assert v.numpy().tolist() == [1.0]
    assert other.name == "v:0"


# -- what is forgotten ----------------------------------------------------------------------------


def test_results_do_not_hold_what_they_were_computed_from():
    x = tf.ones([1000])
    held = weakref.ref(x.op)
    y = x * 2.0
    del x
    assert held() is None
    assert y.numpy()[0] == 2.0


def test_a_tape_lets_go_when_it_has_given_gradients():
    x = tf.ones([3])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.exp(x)
        middle = weakref.ref(y.op)
        z = y * y
    del y
    assert middle() is not None
    tape.gradient(z, x)
    gc.collect()
    assert middle() is None


def test_a_state_that_is_carried_along_does_not_grow():
    cell_state, before = tf.ones([2]), []
    for _ in range(5):
        with tf.GradientTape() as tape:
            tape.watch(cell_state)
            new = tf.tanh(cell_state)
        tape.gradient(new, cell_state)
        before.append(weakref.ref(cell_state.op))
        cell_state = new
    del tape, new
    gc.collect()
    assert [ref() for ref in before] == [None] * 5


def test_two_tapes_may_hear_the_same():
    x = tf.constant(3.0)
    with tf.GradientTape() as one, tf.GradientTape() as other:
        one.watch(x)
        other.watch(x)
        y = x * x
    assert one.gradient(y, x).numpy() == 6.0
    assert other.gradient(y, x).numpy() == 6.0


# -- tapes ----------------------------------------------------------------------------------------


def test_a_tape_is_entered_once_at_a_time():
    tape = tf.GradientTape(persistent=True)
    with pytest.raises(AttributeError, match="not been entered"):
        tape.watch(tf.constant(1.0))
    with tape, pytest.raises(ValueError, match="already recording"):
        tape.__enter__()


def test_what_has_no_gradient_is_named():
    x = tf.constant([3.0, 1.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.nn.top_k(x)[0] + tf.guarantee_const(x)
    with pytest.raises(LookupError, match=r"No gradient defined .* GuaranteeConst"):
        tape.gradient(y, x)


def test_integers_have_none(caplog):
    x = tf.constant([3, 1])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x * 2
    assert tape.gradient(y, x) is None
    assert "must be floating" in caplog.text


def test_watched_variables_are_those_that_were_read():
    v, w, frozen = tf.Variable(1.0), tf.Variable(2.0), tf.Variable(3.0, trainable=False)
    with tf.GradientTape() as tape:
        v * frozen
        w.assign(4.0)
    assert tape.watched_variables() == (v,)


# -- functions ------------------------------------------------------------------------------------


def test_a_function_is_traced_once_for_each_kind_of_arguments():
    traced = []

    @tf.function
    def double(x, times=2):
        traced.append((str(x.shape), times))
        return x * float(times)

    for x in (tf.ones([2]), tf.zeros([2]), np.ones([2], np.float32), tf.ones([3])):
        double(x)
    double(tf.ones([2]), times=3)
    double(tf.ones([2]), 3)
    assert traced == [("(2,)", 2), ("(3,)", 2), ("(2,)", 3)]


def test_shapes_that_change_are_relaxed_when_asked():
    traced = []

    @tf.contrib.eager.defun(experimental_relax_shapes=True)
    def total(x):
        traced.append(str(x.shape))
        return tf.reduce_sum(x)

    assert [total(tf.ones([n])).numpy() for n in (1, 2, 3, 4)] == [1.0, 2.0, 3.0, 4.0]
    assert traced == ["(1,)", "(?,)"]


def test_a_method_is_traced_for_each_object():
    class Scale:
        def __init__(self, factor):
            self.factor = tf.Variable(factor)

        @tf.function
        def __call__(self, x):
            return x * self.factor

    one, other = Scale(2.0), Scale(3.0)
    assert [one(tf.constant(1.0)).numpy(), other(tf.constant(1.0)).numpy()] == [2.0, 3.0]


def test_python_decides_when_a_function_is_traced_without_autograph():
    def sign(x):
        return 1.0 if x > 0.0 else -1.0

    with pytest.raises(TypeError, match=r"tf\.cond"):
        tf.function(sign, autograph=False)(tf.constant(2.0))
    assert tf.function(sign)(tf.constant(-2.0)).numpy() == -1.0


def test_loops_in_functions_have_gradients():
    @tf.function
    def power(x, n):
        return tf.while_loop(lambda i, _: i < n, lambda i, y: (i + 1, y * x), [0, 1.0])[1]

    x = tf.constant(2.0)
    assert power(x, tf.constant(3)).numpy() == 8.0
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = power(x, tf.constant(3))
    assert [y.numpy(), tape.gradient(y, x).numpy()] == [8.0, 12.0]


def test_dropout_in_a_function_has_the_gradient_of_what_was_dropped():
    @tf.function
    def half(x):
        return tf.nn.dropout(x, keep_prob=0.5)

    x = tf.ones([64])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = half(x)
    assert tape.gradient(y, x).numpy().tolist() == y.numpy().tolist()


def test_checks_and_prints_in_a_function_are_done(capsys):
    @tf.function
    def checked(x):
        tf.print("given", x)
        tf.assert_positive(x)
        return x

    checked(tf.constant([1.0]))
    assert "given [1]" in capsys.readouterr().err
    with pytest.raises(tf.errors.InvalidArgumentError):
        checked(tf.constant([-1.0]))


def test_what_implements_another_function_is_refused():
    with pytest.raises(NotImplementedError, match="experimental_implements"):
        tf.function(lambda: 1, experimental_implements="f")


def test_a_function_in_a_graph_adds_nodes_to_it():
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32)
        y = tf.function(lambda x: x * 2.0)(x)
        with tf.Session() as sess:
            assert sess.run(y, {x: 3.0}) == 6.0


def test_concrete_functions_tell_what_they_are():
    v = tf.Variable(2.0)
    concrete = tf.function(lambda x: x * v).get_concrete_function(tf.TensorSpec([2], tf.float32))
    assert [str(x.shape) for x in concrete.inputs] == ["(2,)"]
    assert [str(y.shape) for y in concrete.outputs] == ["(2,)"]
    assert concrete.variables == [v]
    assert concrete(tf.constant([1.0, 2.0])).numpy().tolist() == [2.0, 4.0]


# -- optimizers -----------------------------------------------------------------------------------


def test_settings_that_change_are_noticed():
    optimizer, v = tf.train.MomentumOptimizer(1.0, 0.0), tf.Variable(0.0)
    for momentum in (0.0, 0.5, 0.5):
        optimizer._momentum = momentum
        optimizer.apply_gradients([(tf.constant(1.0), v)])
    assert v.numpy() == -(1.0 + 1.5 + 1.75)


def test_rates_may_be_functions():
    rates, v = iter([1.0, 10.0]), tf.Variable(0.0)
    optimizer = tf.train.GradientDescentOptimizer(lambda: next(rates))
    for _ in range(2):
        optimizer.apply_gradients([(tf.constant(1.0), v)])
    assert v.numpy() == -11.0


def test_an_optimizer_of_ones_own_is_called_each_time():
    class Sign(tf.train.Optimizer):
        calls = 0

        def __init__(self):
            super().__init__(False, "Sign")

        def _apply_dense(self, grad, var):
            self.calls += 1
            return tf.assign_sub(var, tf.sign(grad))

    optimizer, v = Sign(), tf.Variable(5.0)
    for _ in range(3):
        optimizer.minimize(lambda: v * v)
    assert [v.numpy(), optimizer.calls] == [2.0, 3]


def test_constraints_hold():
    v = tf.Variable(0.5, constraint=lambda x: tf.clip_by_value(x, 0.0, 1.0))
    tf.train.GradientDescentOptimizer(1.0).minimize(lambda: v * 3.0)
    assert v.numpy() == 0.0


def test_steps_are_counted_where_it_is_asked():
    optimizer, v = tf.train.GradientDescentOptimizer(1.0), tf.Variable(0.0)
    steps = [tf.Variable(0, trainable=False) for _ in range(2)]
    for step in (steps[0], steps[1], steps[1]):
        optimizer.apply_gradients([(tf.constant(1.0), v)], global_step=step)
    assert [step.numpy() for step in steps] == [1, 2]


@pytest.mark.parametrize(
    "make", [tf.train.GradientDescentOptimizer, tf.train.AdamOptimizer, tf.train.RMSPropOptimizer]
)
def test_rates_may_be_tensors(make):
    by_number, by_tensor = (tf.Variable(0.0) for _ in range(2))
    for rate, v in ((0.5, by_number), (tf.constant(0.5), by_tensor)):
        optimizer = make(rate)
        for _ in range(2):
            optimizer.apply_gradients([(tf.constant(1.0), v)])
    assert by_tensor.numpy() == by_number.numpy() != 0.0


def test_a_rate_that_is_another_tensor_is_noticed():
    optimizer, v = tf.train.GradientDescentOptimizer(tf.constant(0.5)), tf.Variable(0.0)
    for rate in (0.5, 1.0, 2.0):
        optimizer._learning_rate = tf.constant(rate)
        optimizer.apply_gradients([(tf.constant(1.0), v)])
    assert v.numpy() == -3.5


def test_an_object_that_is_gone_is_not_taken_for_the_next():
    class Factor:
        def __init__(self, value):
            self.value = value

    scaled = tf.function(lambda x, factor: x * factor.value)
    found = [scaled(tf.constant(1.0), Factor(float(n))).numpy() for n in range(1, 20)]
    assert found == list(range(1, 20))
