"""Programs of complex numbers: what the rows of the table do not show."""
import numpy as np
import pytest

import minitf as tf

GENERATOR = np.random.default_rng(0)
MATRIX = GENERATOR.normal(size=(4, 3)) + 1j * GENERATOR.normal(size=(4, 3))
ROOT = np.array([[1], [2j], [-1 + 1j]])


@pytest.mark.usefixtures("lowering")
def test_gradient_steps_on_a_complex_variable_find_the_least_squares():
    tf.reset_default_graph()
    z = tf.Variable(tf.zeros([3, 1], tf.complex128))
    loss = tf.reduce_sum(tf.square(tf.abs(tf.matmul(MATRIX, z) - MATRIX @ ROOT)))
    step = tf.assign_sub(z, 0.05 * tf.gradients(loss, z)[0])
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(400):
            sess.run(step)
        np.testing.assert_allclose(sess.run(z), ROOT, atol=1e-3)


def test_matrices_that_have_no_inverse_are_said_to_have_none():
    tf.reset_default_graph()
    x = tf.placeholder(tf.float64, [2, 2])
    with tf.Session() as sess, pytest.raises(tf.errors.InvalidArgumentError, match="invertible"):
        sess.run(tf.matrix_inverse(x), {x: np.ones([2, 2])})


def test_the_gradient_of_an_adjoint_inverse_is_that_of_the_inverse_of_the_adjoint():
    tf.reset_default_graph()
    x = tf.constant(MATRIX[:3])
    weights = np.arange(9.0).reshape(3, 3)
    one, other = (
        tf.gradients(tf.reduce_sum(tf.abs(y) * weights), x)[0]
        for y in (tf.matrix_inverse(x, adjoint=True), tf.matrix_inverse(tf.linalg.adjoint(x)))
    )
    with tf.Session() as sess:
        np.testing.assert_allclose(*sess.run([one, other]), rtol=1e-12)


def test_the_gradient_of_a_product_of_rows_is_conjugated():
    z = np.array([[1 + 2j, 3 - 1j], [2 - 1j, 1j], [0, 1 + 1j], [2j, 1.0]])
    ids, others = [0, 2, 0, 1], [[0, 1 + 1j], [1, 1], [1 + 2j, 3 - 1j], [1, 1]]
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.constant(z)
        product = tf.unsorted_segment_prod(x, ids, 3)
        found = session.run(tf.gradients(tf.real(1j * product), x)[0])
    np.testing.assert_allclose(found, np.conj(1j * np.array(others)))
