"""tf.contrib.opt: losses minimized from outside; SciPy need not be there."""
import numpy as np
import pytest

import minitf as tf


class Descent(tf.contrib.opt.ExternalOptimizerInterface):
    """Ten steps of gradient descent, within the bounds; keeps what it was given."""

    def _minimize(self, initial_val, loss_grad_func, packed_bounds, step_callback, **given):
        self.given, x = given, initial_val.astype(float)
        for _ in range(10):
            self.loss, gradient = loss_grad_func(x)
            x = x - given["optimizer_kwargs"]["rate"] * gradient
            if packed_bounds is not None:
                x = np.clip(x, *np.transpose(packed_bounds))
            step_callback(x)
        return x


@pytest.fixture
def sess():
    tf.reset_default_graph()
    with tf.Session() as sess:
        yield sess


def variables(sess):
    made = tf.Variable([7.0, -7.0]), tf.Variable([[1.0, 2.0, 3.0]])
    sess.run(tf.global_variables_initializer())
    return made


def test_all_variables_are_packed_into_one_vector(sess):
    a, b = variables(sess)
    seen, steps = [], []
    scale = tf.placeholder(tf.float32, [])
    made = Descent(scale * (tf.reduce_sum(a**2) + tf.reduce_sum((b - 1) ** 2)), rate=0.25)
    made.minimize(sess, {scale: 1.0}, [a, scale], steps.append, lambda *got: seen.append(got))
    found = sess.run([a, b])
    np.testing.assert_allclose(found[0], np.float32([7, -7]) / 2**10, rtol=1e-5)
    np.testing.assert_allclose(found[1], 1 + np.float32([[0, 1, 2]]) / 2**10, rtol=1e-5)
    assert [len(step) for step in steps] == [5] * 10 and len(seen) == 10
    np.testing.assert_array_equal(seen[1][0], [3.5, -3.5])
    assert made.given["equality_funcs"] == made.given["inequality_funcs"] == []


def test_bounds_are_broadcast_and_constraints_evaluated(sess):
    a, b = variables(sess)
    made = Descent(tf.reduce_sum(a**2), [b, a], equalities=[a[1] - b[0, 2]], rate=0.25,
                   var_to_bounds={a: (None, [np.inf, -2.0]), b: (2, 2.5)})  # fmt: skip
    with sess.as_default():
        made.minimize()
    found = sess.run([a, b])
    np.testing.assert_allclose(found[0], [7 / 2**10, -2.0], rtol=1e-5)
    np.testing.assert_array_equal(found[1], [[2.0, 2.0, 2.5]])
    x = np.arange(5.0)
    assert made.given["equality_funcs"][0](x) == [2.0]
    (gradient,) = made.given["equality_grad_funcs"][0](x)
    np.testing.assert_array_equal(gradient, [0, 0, -1, 0, 1])


def test_a_subclass_says_how(sess):
    a, _ = variables(sess)
    with pytest.raises(NotImplementedError, match=r"implement the _minimize\(\) method"):
        tf.contrib.opt.ExternalOptimizerInterface(tf.reduce_sum(a)).minimize(sess)


def test_scipy(sess):
    pytest.importorskip("scipy")
    a, b = variables(sess)
    make, loss = tf.contrib.opt.ScipyOptimizerInterface, tf.reduce_sum(a**2) + tf.reduce_sum(b**2)
    make(loss, options={"maxiter": 100}).minimize(sess)
    np.testing.assert_allclose(np.concatenate([v.ravel() for v in sess.run([a, b])]), 0, atol=1e-4)
    held = {"equalities": [a[1] - 1.0], "inequalities": [a[0] - 2.0]}
    make(loss, method="SLSQP", **held).minimize(sess)
    np.testing.assert_allclose(sess.run(a), [2.0, 1.0], rtol=1e-4)
    with pytest.raises(ValueError, match="Bounds must be set using the var_to_bounds argument"):
        make(loss, bounds=[]).minimize(sess)
    with pytest.raises(ValueError, match="'jac' is set automatically"):
        make(loss, jac=False).minimize(sess)
