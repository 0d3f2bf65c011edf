"""Optimizers: their course is TensorFlow's (goldens/record_optimizers.py), and what they refuse."""

import json
from pathlib import Path

import numpy as np
import pytest
from goldens import optimizer_runs

import minitf as tf

GOLDEN = json.loads(
    (Path(__file__).parent.parent / "goldens" / "optimizers.json").read_text(encoding="utf-8")
)
TRAININGS = [
    (name, dtype) for name in optimizer_runs.OPTIMIZERS for dtype in optimizer_runs.dtypes(name)
]


@pytest.fixture(autouse=True)
def _fresh_graph():
    tf.reset_default_graph()


def assert_same(ours, theirs):
    """Equal structure and names; numbers equal to 1e-6."""
    assert type(ours) is type(theirs)
    if isinstance(theirs, dict):
        assert ours.keys() == theirs.keys()
        for key in theirs:
            assert_same(ours[key], theirs[key])
    elif isinstance(theirs, list) and theirs and not isinstance(theirs[0], (list, str)):
        np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-6)
    elif isinstance(theirs, list):
        assert len(ours) == len(theirs)
        for a, b in zip(ours, theirs):
            assert_same(a, b)
    else:
        assert ours == theirs


@pytest.mark.parametrize("kind", ["dense", "sparse"])
@pytest.mark.parametrize("name, dtype", TRAININGS)
def test_course_is_tensorflows(kind, name, dtype):
    train = getattr(optimizer_runs, kind)
    ours = train(tf, optimizer_runs.OPTIMIZERS[name], dtype)
    assert_same(ours, GOLDEN[f"{kind} {name} {dtype}"])


@pytest.mark.parametrize("name", optimizer_runs.RATES)
def test_rate_is_tensorflows(name):
    assert_same(optimizer_runs.rates(tf, optimizer_runs.RATES[name]), GOLDEN[f"rates {name}"])


@pytest.mark.parametrize("name", optimizer_runs.AVERAGES)
def test_averages_are_tensorflows(name):
    ours = optimizer_runs.averages(tf, optimizer_runs.AVERAGES[name])
    assert_same(ours, GOLDEN[f"averages {name}"])


def square_loss():
    w = tf.Variable([1.0, -2.0], name="w")
    return w, tf.reduce_sum(tf.square(w))


def test_every_golden_has_its_training():
    found = {f"{kind} {n} {d}" for n, d in TRAININGS for kind in ("dense", "sparse")}
    found |= {f"rates {n}" for n in optimizer_runs.RATES}
    assert found | {f"averages {n}" for n in optimizer_runs.AVERAGES} == set(GOLDEN)


def test_slots_are_named_as_tensorflow_names_them():
    w, loss = square_loss()
    optimizer = tf.train.AdamOptimizer()
    step = optimizer.minimize(loss)
    assert (step.name, step.type) == ("Adam", "NoOp")
    assert optimizer.get_slot_names() == ["m", "v"]
    assert optimizer.get_slot(w, "v").name == "w/Adam_1:0"
    assert optimizer.get_slot(w, "other") is None
    names = [v.name for v in tf.global_variables()]
    assert names == ["w:0", "beta1_power:0", "beta2_power:0", "w/Adam:0", "w/Adam_1:0"]
    assert tf.trainable_variables() == [w]
    assert sorted(names[1:]) == [v.name for v in optimizer.variables()]
    assert tf.get_collection(tf.GraphKeys.TRAIN_OP) == [step]


def test_global_step_counts():
    _, loss = square_loss()
    step = tf.train.get_or_create_global_step()
    assert tf.train.get_or_create_global_step() is step
    train = tf.train.GradientDescentOptimizer(0.1).minimize(loss, global_step=step)
    assert (train.name, train.type) == ("GradientDescent", "AssignAdd")
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(3):
            sess.run(train)
        assert tf.train.global_step(sess, step) == 3
    with pytest.raises(ValueError, match='"global_step" already exists'):
        tf.train.create_global_step()


@pytest.mark.parametrize(
    "name, shape, dtype, said",
    [
        ("global_step", [], tf.float32, "does not have integer type"),
        ("global_step", [2], tf.int32, "is not scalar"),
    ],
)
def test_a_global_step_is_an_integer_scalar(name, shape, dtype, said):
    tf.Variable(tf.zeros(shape, dtype), name=name)
    with pytest.raises(TypeError, match=said):
        tf.train.get_global_step()


def test_only_the_variables_asked_for_change():
    a, b = tf.Variable(1.0), tf.Variable(1.0)
    train = tf.train.GradientDescentOptimizer(0.5).minimize(a * a + b * b, var_list=[a])
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(train)
        assert sess.run([a, b]) == [0.0, 1.0]


def test_gradients_can_be_changed_between():
    w, loss = square_loss()
    optimizer = tf.train.GradientDescentOptimizer(1.0)
    pairs = optimizer.compute_gradients(loss)
    assert [v for _, v in pairs] == [w]
    train = optimizer.apply_gradients([(tf.minimum(g, 0.5), v) for g, v in pairs])
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(train)
        np.testing.assert_allclose(sess.run(w), [0.5, 2.0])


def test_gradients_may_be_arrays_and_missing_ones_are_left_out():
    w, b = tf.Variable([1.0, 2.0]), tf.Variable(1.0)
    optimizer = tf.train.GradientDescentOptimizer(1.0)
    train = optimizer.apply_gradients([(np.float32([1.0, 1.0]), w), (None, b)])
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(train)
        np.testing.assert_array_equal(sess.run(w), [0.0, 1.0])


def test_the_rate_may_be_fed_or_a_function():
    w, loss = square_loss()
    rate = tf.placeholder(tf.float32, [])
    fed = tf.train.GradientDescentOptimizer(rate).minimize(loss)
    called = tf.train.AdamOptimizer(lambda: 0.25).minimize(loss)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(fed, {rate: 0.25})
        np.testing.assert_allclose(sess.run(w), [0.5, -1.0])
        sess.run(called)
        np.testing.assert_allclose(sess.run(w), [0.25, -0.75], rtol=1e-5)


def test_sparse_gradients_touch_their_rows_alone():
    w = tf.Variable(np.ones((5, 2), np.float32))
    loss = tf.reduce_sum(tf.gather(w, [1, 3, 1]))
    optimizer = tf.train.MomentumOptimizer(0.5, 0.9)
    ((grad, _),) = optimizer.compute_gradients(loss)
    assert isinstance(grad, tf.IndexedSlices)
    train = optimizer.apply_gradients([(grad, w)])
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(train)
        np.testing.assert_allclose(sess.run(w)[:, 0], [1.0, 0.0, 1.0, 0.5, 1.0])


def test_a_constraint_holds_after_each_update():
    w = tf.Variable([0.1, 3.0], constraint=lambda v: tf.maximum(v, 0.0))
    train = tf.train.GradientDescentOptimizer(1.0).minimize(tf.reduce_sum(w))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(train)
        np.testing.assert_allclose(sess.run(w), [0.0, 2.0])


def test_an_optimizer_of_ones_own():
    class Signs(tf.train.Optimizer):
        def __init__(self, rate):
            super().__init__(False, "Signs")
            self.rate = rate

        def _create_slots(self, var_list):
            for var in var_list:
                self._zeros_slot(var, "count", self._name)

        def _prepare(self):
            self.rate_t = tf.convert_to_tensor(self.rate, name="rate")

        def _apply_dense(self, grad, var):
            counted = tf.assign_add(self.get_slot(var, "count"), tf.ones_like(grad))
            return tf.group(tf.assign_sub(var, self.rate_t * tf.sign(grad)), counted)

    w, loss = square_loss()
    optimizer = Signs(0.25)
    train = optimizer.minimize(loss)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(train)
        sess.run(train)
        np.testing.assert_allclose(sess.run(w), [0.5, -1.5])
        np.testing.assert_allclose(sess.run(optimizer.get_slot(w, "count")), [2.0, 2.0])
    rows = tf.train.Optimizer._apply_sparse_duplicate_indices
    assert rows is Signs._apply_sparse_duplicate_indices
    with pytest.raises(NotImplementedError, match="Signs has no _apply_sparse"):
        Signs(0.1).minimize(tf.reduce_sum(tf.gather(w, [0])))


def test_every_method_of_gating_gives_the_same():
    w, loss = square_loss()
    trains = [
        tf.train.GradientDescentOptimizer(0.25).minimize(loss, gate_gradients=gate)
        for gate in (tf.train.Optimizer.GATE_NONE, tf.train.Optimizer.GATE_OP, 2)
    ]
    with tf.Session() as sess:
        for train in trains:
            sess.run(tf.global_variables_initializer())
            sess.run(train)
            np.testing.assert_allclose(sess.run(w), [0.5, -1.0])


# -- what is refused ------------------------------------------------------------------------------


def test_no_gradient_for_any_variable():
    tf.Variable(1.0, name="w")
    with pytest.raises(ValueError) as raised:
        tf.train.GradientDescentOptimizer(0.1).minimize(tf.constant(1.0))
    assert str(raised.value) == (
        "No gradients provided for any variable, check your graph for ops that do not support "
        "gradients, between variables "
        "[\"<tf.Variable 'w:0' shape=() dtype=float32_ref>\"] and loss "
        'Tensor("Const:0", shape=(), dtype=float32). The loss depends on none of them: it may be '
        "computed from arrays that a run gave, or from other variables."
    )


def test_no_variables():
    with pytest.raises(ValueError, match="No variables to optimize"):
        tf.train.GradientDescentOptimizer(0.1).minimize(tf.constant(1.0))
    with pytest.raises(ValueError, match="No variables provided"):
        tf.train.GradientDescentOptimizer(0.1).apply_gradients([])
    w = tf.Variable(1.0)
    with pytest.raises(ValueError, match=r"No gradients provided for any variable: .*Variable:0"):
        tf.train.GradientDescentOptimizer(0.1).apply_gradients([(None, w)])


def test_integer_loss_and_integer_variable():
    w = tf.Variable(1)
    with pytest.raises(ValueError, match=r"Invalid type tf\.int32 for mul:0, expected: "):
        tf.train.GradientDescentOptimizer(0.1).minimize(w * 2, var_list=[w])


def test_a_loss_that_is_no_scalar_is_summed():
    w = tf.Variable([1.0, -2.0])
    train = tf.train.GradientDescentOptimizer(0.25).minimize(w * w)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(train)
        np.testing.assert_allclose(sess.run(w), [0.5, -1.0])


def test_what_is_no_variable():
    x = tf.constant(1.0)
    optimizer = tf.train.GradientDescentOptimizer(0.1)
    with pytest.raises(NotImplementedError, match="Trying to update a Tensor"):
        optimizer.minimize(x * x, var_list=[x])
    with pytest.raises(NotImplementedError, match="unsupported type"):
        optimizer.apply_gradients([(x, 3.0)])


def test_bad_arguments():
    _, loss = square_loss()
    optimizer = tf.train.GradientDescentOptimizer(0.1)
    with pytest.raises(ValueError, match="gate_gradients must be one of"):
        optimizer.minimize(loss, gate_gradients=7)
    with pytest.raises(ValueError, match="Must specify the optimizer name"):
        tf.train.GradientDescentOptimizer(0.1, name="")
    with pytest.raises(TypeError, match="Gradient must be convertible to a Tensor"):
        optimizer.apply_gradients([(object(), tf.Variable(1.0))])
    with pytest.raises(ValueError, match="initial_accumulator_value must be positive: 0"):
        tf.train.AdagradOptimizer(0.1, initial_accumulator_value=0.0)
    with pytest.raises(ValueError, match="needs to be negative or zero"):
        tf.train.FtrlOptimizer(0.1, learning_rate_power=1.0)
    with pytest.raises(ValueError, match=r"l1_regularization_strength -1\.0 needs to be positive"):
        tf.train.FtrlOptimizer(0.1, l1_regularization_strength=-1.0)


def test_a_constraint_refuses_sparse_gradients():
    w = tf.Variable([[1.0], [2.0]], constraint=tf.abs)
    with pytest.raises(RuntimeError, match="constraint function on a sparse variable"):
        tf.train.GradientDescentOptimizer(0.1).minimize(tf.gather(w, [0]))


def test_rates_refuse_what_does_not_fit():
    with pytest.raises(ValueError, match="None values not supported"):
        tf.train.exponential_decay(0.1, None, 10, 0.9)
    with pytest.raises(ValueError, match="should be 1 less than the length of values"):
        tf.train.piecewise_constant(tf.constant(1), [1], [0.1])
    with pytest.raises(ValueError, match="must have the same dtype as x"):
        tf.train.piecewise_constant(tf.constant(1), [1.0], [0.1, 0.2])
    with pytest.raises(ValueError, match="all with the same dtype"):
        tf.train.piecewise_constant(tf.constant(1), [1], [0.1, 2])


def test_averages_are_of_float_variables():
    mean = tf.train.ExponentialMovingAverage(0.9)
    with pytest.raises(TypeError, match="must be half, float, or double: n:0"):
        mean.apply([tf.Variable(1, name="n")])


def test_averages_are_restored_in_place_of_variables():
    w, b = tf.Variable(1.0, name="w"), tf.Variable(1.0, name="b", trainable=False)
    mean = tf.train.ExponentialMovingAverage(0.9)
    assert mean.average(w) is None
    mean.apply([w])
    assert mean.average_name(w) == "w/ExponentialMovingAverage"
    assert mean.variables_to_restore() == {"w/ExponentialMovingAverage": w, "b": b}
