"""Single ops with arguments that TensorFlow refuses, or has no kernel for on a GPU."""
import numpy as np
import pytest

import minitf as tf


@pytest.mark.usefixtures("lowering")
@pytest.mark.parametrize("dtype", [np.float64, np.uint8])
def test_all_axes_of_the_indices_can_number_batches(dtype):
    params = np.arange(48).reshape(2, 2, 3, 4).astype(dtype)
    indices = np.array([[2, 0], [1, 1]])
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.constant(params)
        found = [tf.gather(x, indices, axis=axis, batch_dims=2) for axis in (2, -1)]
        inner, outer = session.run(found)
    np.testing.assert_array_equal(
        inner, np.take_along_axis(params, indices[..., None, None], 2)[:, :, 0])
    np.testing.assert_array_equal(
        outer, np.take_along_axis(params, indices[..., None, None], 3)[..., 0])


@pytest.mark.usefixtures("lowering")
@pytest.mark.parametrize("dtype", [np.complex64, np.complex128])
def test_a_part_of_complex_numbers_is_fetched(dtype):
    values = (np.arange(24) * (1 - 2j)).reshape(2, 3, 4).astype(dtype)
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(dtype, [2, 3, 4])
        parts = session.run(tf.unstack(x, axis=1), {x: values})
    np.testing.assert_array_equal(parts, values.swapaxes(0, 1))
