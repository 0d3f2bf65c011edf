"""Gradients of what a tape has heard often: compiled, and the same as before."""
import numpy as np
import pytest

import minitf as tf
from minitf.core.eager import eager_mode
from minitf.core.indexed_slices import IndexedSlices
from minitf.eager import replay


@pytest.fixture(autouse=True)
def compiled(monkeypatch):
    """How often gradients have been compiled, and how often these have run."""
    counts = {"made": 0, "run": 0}

    class Counted(replay.Compiled):
        def __init__(self, *args):
            counts["made"] += 1
            super().__init__(*args)

        def run(self, heard):
            counts["run"] += 1
            return super().run(heard)

    monkeypatch.setattr(replay, "Compiled", Counted)
    monkeypatch.setattr(replay, "_COUNTS", {})
    monkeypatch.setattr(replay, "_COMPILED", type(replay._COMPILED)())
    with eager_mode():
        yield counts


def test_a_training_step_is_compiled_and_sees_what_has_changed(compiled):
    random = np.random.RandomState(0)
    w = tf.contrib.eager.Variable(random.normal(size=(3, 2)))
    steps, kept = 12, []
    for _ in range(steps):
        x = random.normal(size=(4, 3))
        before = w.numpy()
        with tf.GradientTape() as tape:
            y = tf.tanh(tf.matmul(tf.constant(x), w))
            loss = tf.reduce_mean(y * y)
        grad = tape.gradient(loss, w)
        kept.append((grad, grad.numpy()))
        t = np.tanh(x @ before)
        np.testing.assert_allclose(grad.numpy(), x.T @ (2 * t * (1 - t * t)) / t.size)
        w.assign_sub(0.1 * grad)
    assert compiled == {"made": 1, "run": steps - replay.REPEATS + 1}
    for grad, value in kept:  # what was given stays
        np.testing.assert_array_equal(grad.numpy(), value)


def test_another_shape_attribute_or_constant_axis_is_another_step(compiled):
    def gradient(x, axis, twice):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.cumsum(tf.reduce_sum(x * x, axis), exclusive=twice)
            z = tf.reduce_sum(y * y)
        return tape.gradient(z, x).numpy()

    for shape in (2, 3), (3, 2):
        for axis in 0, 1:
            for exclusive in False, True:
                x = tf.constant(np.arange(6.0).reshape(shape))
                found = [gradient(x, axis, exclusive) for _ in range(replay.REPEATS + 1)]
                for each in found:
                    np.testing.assert_allclose(each, found[0])
    assert compiled == {"made": 8, "run": 16}


def test_rows_and_what_has_no_gradient(compiled):
    table = tf.contrib.eager.Variable(np.ones((5, 2)))
    unused = tf.contrib.eager.Variable(1.0)
    for _ in range(replay.REPEATS + 2):
        with tf.GradientTape() as tape:
            rows = tf.nn.embedding_lookup(table, [1, 3, 1])
            loss = tf.reduce_sum(rows * rows * rows)
        rows, nothing = tape.gradient(loss, [table, unused])
        assert nothing is None and isinstance(rows, IndexedSlices)
        np.testing.assert_array_equal(rows.indices.numpy(), [1, 3, 1])
        np.testing.assert_allclose(rows.values.numpy(), np.full((3, 2), 3.0))
    assert compiled["run"] == 3


def test_an_outer_tape_hears_each_operation(compiled):
    x = tf.constant([1.0, 2.0, 3.0])
    for _ in range(replay.REPEATS + 2):
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                y = tf.reduce_sum(tf.exp(x * x) * x)
            slope = inner.gradient(y, x)
        second = outer.gradient(slope, x).numpy()
        v = x.numpy()
        np.testing.assert_allclose(second, np.exp(v * v) * (6 * v + 4 * v**3), rtol=1e-5)
    assert compiled["run"] == 3  # of the outer one


def test_a_rule_of_its_own_is_asked_each_time(compiled):
    factors = iter(range(100))

    @tf.custom_gradient
    def f(x):
        factor = float(next(factors))
        return x * 1.0, lambda dy: dy * factor

    x = tf.constant([1.0, 2.0])
    found = []
    for _ in range(replay.REPEATS + 2):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.reduce_sum(tf.square(f(x)) * 2.0 + x)
        found.append(tape.gradient(y, x).numpy())
    factors = np.arange(replay.REPEATS + 2.0)[:, None]
    np.testing.assert_allclose(found, 4 * x.numpy() * factors + 1)
    assert compiled["made"] == 0


def test_starting_gradients_and_several_targets(compiled):
    x = tf.constant([1.0, 2.0])
    for n in range(replay.REPEATS + 2):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y, z = tf.square(x) * 3.0, tf.exp(x) + tf.sin(x)
        got = tape.gradient([y, z], x, [tf.fill([2], float(n)), None])
        v = x.numpy()
        np.testing.assert_allclose(got.numpy(), n * 6 * v + np.exp(v) + np.cos(v), rtol=1e-6)
    assert compiled["run"] == 3
