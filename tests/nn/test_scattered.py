"""The image's gradient as a product and sums is the one that the convolution gives."""
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import minitf as tf
from minitf.nn.kernels import convolve, scattered
from minitf.nn.windows import Axis


@st.composite
def axes(draw):
    size, window = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    stride, dilation = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    before, after = draw(st.integers(0, 4)), draw(st.integers(0, 4))
    reach = (window - 1) * dilation + 1
    output = max(0, (size + before + after - reach) // stride + 1)
    return Axis(size, window, stride, dilation, before, output)


@settings(max_examples=200)
@given(rows=axes(), columns=axes(), images=st.integers(1, 3), seed=st.integers(0, 99))
def test_it_is_the_same_gradient(rows, columns, images, seed):
    random = np.random.RandomState(seed)
    filter = random.normal(size=(rows.window, columns.window, 2, 3))
    dy = random.normal(size=(images, rows.output, columns.output, 3))
    expected = np.zeros((images, rows.size, columns.size, 2))
    for i in range(rows.window):
        outputs, pixels = rows.inside(i)
        for j in range(columns.window):
            across, along = columns.inside(j)
            expected[:, pixels, along] += dy[:, outputs, across] @ filter[i, j].T
    if dy.size:
        found = scattered.scatter(np, filter, dy, rows, columns, np.empty_like(expected))
        np.testing.assert_allclose(found, expected, atol=1e-12)
    found = convolve.convolve_input(np, filter, dy, rows, columns, np.empty_like(expected))
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_images_are_taken_a_few_at_a_time(monkeypatch):
    monkeypatch.setattr(scattered, "BLOCK", 1)
    test_it_is_the_same_gradient()


def test_where_it_is_taken():
    text = Axis(56, 5, 1, 1, 0, 52), Axis(128, 128, 1, 1, 0, 1)
    dense = Axis(7, 7, 1, 1, 0, 1), Axis(7, 7, 1, 1, 0, 1)
    usual = Axis(28, 5, 1, 1, 2, 28), Axis(28, 5, 2, 1, 1, 14)
    assert scattered.pays(text) and scattered.pays(dense) and not scattered.pays(usual)
    assert not scattered.pays((Axis(7, 8, 1, 1, 0, 0), usual[0]))


def test_a_convolution_as_wide_as_the_image_learns(lowering):
    random = np.random.RandomState(0)
    x = tf.Variable(random.rand(2, 9, 12, 1).astype(np.float32))
    w = tf.Variable(random.rand(3, 12, 1, 4).astype(np.float32))
    dx = tf.gradients(tf.nn.conv2d(x, w, [1, 1, 1, 1], "VALID"), x)[0]
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        found, filter = sess.run([dx, w])
    row = filter.sum(axis=(2, 3))
    expected = sum(np.pad(np.tile(row[i], (7, 1)), ((i, 2 - i), (0, 0))) for i in range(3))
    np.testing.assert_allclose(found[..., 0], [expected] * 2, rtol=1e-5)
