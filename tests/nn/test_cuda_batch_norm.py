"""Batch normalization in CUDA, on an emulated GPU: sums in several parts, many channels."""
import numpy as np
import pytest
from standin import emulator

import minitf as tf
from minitf.nn.kernels import cuda_batch_norm

pytestmark = pytest.mark.skipif(emulator.compiler() is None, reason="needs a C++ compiler")
EPSILON = 0.01


def reference(x, scale, offset, dy):
    """(y, mean, unbiased variance, the gradients by x, scale and offset), in float64."""
    x, dy = np.float64(x), np.float64(dy)
    axes, count = (0, 1, 2), x[..., 0].size
    mean, variance = x.mean(axes), x.var(axes)
    inverse = 1 / np.sqrt(variance + EPSILON)
    x_hat = (x - mean) * inverse
    dscale, doffset = (dy * x_hat).sum(axes), dy.sum(axes)
    dx = scale * inverse * (dy - doffset / count - x_hat * dscale / count)
    return [x_hat * scale + offset, mean, x.var(axes, ddof=1), dx, dscale, doffset]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(2, 3, 5, 1), (3, 16, 17, 70), (1, 1, 1, 33), (2, 40, 30, 3)])
def test_values_and_gradients(shape, dtype, gpu):
    random = np.random.RandomState(0)
    x = random.normal(100.0, 2.0, shape).astype(dtype)  # far from 0: sums must not lose digits
    dy = random.normal(size=shape).astype(dtype)
    scale, offset = random.uniform(0.5, 2.0, (2, shape[-1])).astype(dtype)
    given = [tf.constant(each) for each in (x, scale, offset)]
    y, mean, variance = tf.nn.fused_batch_norm(*given, epsilon=EPSILON)
    slopes = tf.gradients(y, given, tf.constant(dy))
    by_others, *_ = tf.nn.fused_batch_norm(*given, mean, variance, EPSILON, is_training=False)
    with tf.Session() as sess:
        *found, last = sess.run([y, mean, variance, *slopes, by_others])
    wanted = reference(x, scale, offset, dy)
    if shape[:3] == (1, 1, 1):
        wanted[2] = np.zeros(shape[-1])  # of one number, as TensorFlow has it
    close = 1e-3 if dtype == np.float32 else 1e-8
    for ours, theirs in zip(found, wanted):
        np.testing.assert_allclose(ours, theirs, rtol=close, atol=close * max(1, abs(theirs).max()))
    factor = scale / np.sqrt(found[2] + EPSILON)
    np.testing.assert_allclose(last, (x - found[1]) * factor + offset, rtol=close, atol=close)


def test_large_images_are_summed_in_parts():
    first, together, each = cuda_batch_norm.normalize((8, 64, 64, 40), np.dtype("float32"), EPSILON)
    groups = 2  # of 32 channels
    assert first.grid[0] > groups
    assert first.grid[0] % groups == 0
    assert first.scratch == together.scratch == each.scratch > 0


def test_there_is_none_for_nothing_and_for_half_precision():
    assert cuda_batch_norm.normalize((0, 2, 2, 3), np.dtype("float32"), EPSILON) is None
    assert cuda_batch_norm.normalize_gradient((1, 2, 2, 3), np.dtype("float16"), EPSILON) is None
    assert cuda_batch_norm.normalize_by((1, 2, 2, 0), np.dtype("float64"), EPSILON) is None
