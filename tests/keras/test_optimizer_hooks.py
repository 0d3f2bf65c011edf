"""What programs derive from optimizers of Keras, and call of them themselves."""
import numpy as np
import pytest

import minitf as tf


class Doubled(tf.keras.optimizers.SGD):
    """Has gradients of its own."""

    def _compute_gradients(self, loss, var_list, grad_loss=None):
        pairs = super()._compute_gradients(loss, var_list, grad_loss)
        return [(2 * grad, var) for grad, var in pairs]


def value_after(var, *steps):
    """What the variable holds when the steps, operations of a graph or done, are done."""
    if tf.executing_eagerly():
        return var.numpy()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for step in steps:
            sess.run(step)
        return sess.run(var)


def test_gradients_of_a_subclass_are_those_that_minimize_applies(mode):
    var = tf.Variable([1.0, 2.0], use_resource=True)
    step = Doubled(0.5, clipvalue=1.0).minimize(lambda: tf.reduce_sum(3 * var), [var])
    np.testing.assert_allclose(value_after(var, step), [0.0, 1.0])


@pytest.mark.parametrize("optimizer, taken", [
    (tf.keras.optimizers.SGD, 0.5), (tf.keras.optimizers.Adam, 0.372),
])  # fmt: skip
def test_a_variable_may_be_updated_outside_of_apply_gradients(mode, optimizer, taken):
    var = tf.Variable([1.0, 2.0], use_resource=True)
    made = optimizer(0.5)
    first = made.apply_gradients([(tf.zeros([2]), var)])
    step = made._resource_apply_dense(tf.ones([2]), var)
    np.testing.assert_allclose(value_after(var, first, step), [1 - taken, 2 - taken], rtol=1e-3)
