"""Convolution and pooling of every kind of window, compared with the textbook's definition."""
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sliding import Convolution, Depthwise, Pooling, first, last

import minitf as tf
from minitf.core.op import REGISTRY
from minitf.nn.kernels import convolve

SIZES = st.integers(1, 8)
LAYOUTS = st.sampled_from(["NHWC", "NCHW"])


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


def pairs(low, high):
    return st.tuples(st.integers(low, high), st.integers(low, high))


@st.composite
def convolutions(draw, kind=Convolution):
    """(images, filter, Convolution, attributes of the ops as NHWC)."""
    image, filter = draw(st.tuples(SIZES, SIZES)), draw(pairs(1, 4))
    strides, dilations = draw(pairs(1, 4)), draw(pairs(1, 3))
    choices = ["SAME", "VALID", "EXPLICIT"][: 3 if kind is Convolution else 2]
    padding = draw(st.sampled_from(choices))
    around = draw(st.tuples(pairs(0, 3), pairs(0, 3))) if padding == "EXPLICIT" else ((0, 0),) * 2
    for size, window, dilation, zeros in zip(image, filter, dilations, around):
        assume(padding == "SAME" or size + sum(zeros) > (window - 1) * dilation)
    batch, depth, count = draw(st.tuples(*[st.integers(0, 3)] * 3))
    random = np.random.default_rng(draw(st.integers(0, 99)))
    x = random.normal(size=(batch, *image, depth))
    weights = random.normal(size=(*filter, depth, count))
    explicit = [0, 0, *around[0], *around[1], 0, 0] if padding == "EXPLICIT" else []
    attributes = dict(strides=[1, *strides, 1], dilations=[1, *dilations, 1], padding=padding,
                      explicit_paddings=explicit)  # fmt: skip
    meant = kind(image, filter, strides, padding, dilations, around)
    return x, weights, meant, attributes


def of_layout(attributes, layout):
    """The attributes for images of this layout."""
    if layout == "NHWC":
        return dict(attributes, data_format=layout)
    moved = {key: moved_to_front(value) for key, value in attributes.items() if key != "padding"}
    return dict(moved, padding=attributes["padding"], data_format=layout)


def moved_to_front(four):
    """[N, H, W, C] as [N, C, H, W]; of explicit paddings, two numbers each."""
    each = len(four) // 4
    return four[:each] + four[3 * each :] + four[each : 3 * each]


def laid_out(array, layout):
    return first(array) if layout == "NCHW" else array


def kernel(type, *arrays, shape, **attributes):
    """What the op computes: a fresh array, and the same in a buffer that was full of something."""
    compute = REGISTRY[type].kernel
    fresh = compute(np, *arrays, **attributes)
    filled = compute(np, *arrays, out=np.full(shape, 77.0), **attributes)
    np.testing.assert_array_equal(fresh, filled)
    return fresh


@settings(max_examples=300)
@given(convolutions(), LAYOUTS, st.sampled_from([200, 3 << 20]), st.sampled_from([1, 48]))
def test_convolution_is_the_textbooks(case, layout, block, few):
    x, filter, meant, attributes = case
    attributes, y = of_layout(attributes, layout), meant.outputs(x, filter)
    dy = np.random.default_rng(0).normal(size=y.shape)
    given_x, given_dy = laid_out(x, layout), laid_out(dy, layout)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(convolve, "BLOCK", block)  # whole images in a block, or a row of outputs
        patch.setattr(convolve, "FEW_ROWS", few)
        found = kernel("Conv2D", given_x, filter, shape=given_dy.shape, **attributes)
        of_input = kernel("Conv2DBackpropInput", given_x.shape, filter, given_dy,
                          shape=given_x.shape, **attributes)  # fmt: skip
        of_filter = kernel("Conv2DBackpropFilter", given_x, filter.shape, given_dy,
                           shape=filter.shape, **attributes)  # fmt: skip
    np.testing.assert_allclose(found, laid_out(y, layout), atol=1e-10)
    np.testing.assert_allclose(of_input, laid_out(meant.of_input(filter, dy), layout), atol=1e-10)
    np.testing.assert_allclose(of_filter, meant.of_filter(x, dy), atol=1e-10)


@settings(max_examples=150)
@given(convolutions(kind=Depthwise), LAYOUTS)
def test_depthwise_convolution_is_the_textbooks(case, layout):
    x, filter, meant, attributes = case
    del attributes["explicit_paddings"]
    attributes, y = of_layout(attributes, layout), meant.outputs(x, filter)
    dy = np.random.default_rng(0).normal(size=y.shape)
    given_x, given_dy = laid_out(x, layout), laid_out(dy, layout)
    found = kernel("DepthwiseConv2dNative", given_x, filter, shape=given_dy.shape, **attributes)
    of_input = kernel("DepthwiseConv2dNativeBackpropInput", given_x.shape, filter, given_dy,
                      shape=given_x.shape, **attributes)  # fmt: skip
    of_filter = kernel("DepthwiseConv2dNativeBackpropFilter", given_x, filter.shape, given_dy,
                       shape=filter.shape, **attributes)  # fmt: skip
    np.testing.assert_allclose(found, laid_out(y, layout), atol=1e-10)
    np.testing.assert_allclose(of_input, laid_out(meant.of_input(filter, dy), layout), atol=1e-10)
    if x.shape[3]:  # without channels the reference does not know the multiplier
        np.testing.assert_allclose(of_filter, meant.of_filter(x, dy), atol=1e-10)


@st.composite
def poolings(draw):
    """(images with many equal pixels, Pooling, attributes of the ops as NHWC)."""
    image, window, strides = draw(st.tuples(SIZES, SIZES)), draw(pairs(1, 5)), draw(pairs(1, 4))
    padding = draw(st.sampled_from(["SAME", "VALID"]))
    assume(padding == "SAME" or (window[0] <= image[0] and window[1] <= image[1]))
    batch, depth = draw(st.integers(0, 2)), draw(st.integers(1, 3))
    random = np.random.default_rng(draw(st.integers(0, 99)))
    x = random.integers(0, 4, (batch, *image, depth)).astype(float)
    attributes = dict(ksize=[1, *window, 1], strides=[1, *strides, 1], padding=padding)
    return x, Pooling(image, window, strides, padding), attributes


@settings(max_examples=300)
@given(poolings(), LAYOUTS)
def test_pooling_is_the_textbooks(case, layout):
    x, meant, attributes = case
    attributes, y = of_layout(attributes, layout), meant.largest(x)
    random = np.random.default_rng(0)
    dy, dx = random.normal(size=y.shape), random.normal(size=x.shape)

    def check(type, want, *arrays):
        want = laid_out(want, layout)
        arrays = [laid_out(a, layout) if isinstance(a, np.ndarray) else a for a in arrays]
        found = kernel(type, *arrays, shape=want.shape, **attributes)
        np.testing.assert_allclose(found, want, atol=1e-12)

    check("MaxPool", y, x)
    check("MaxPoolGrad", meant.of_largest(x, dy), x, y, dy)
    check("MaxPoolGradGrad", meant.at_largest(x, dx), x, y, dx)
    check("AvgPool", meant.mean(x), x)
    check("AvgPoolGrad", meant.of_mean(x.shape, dy), laid_out(x, layout).shape, dy)


# -- types ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_float_types_are_kept(dtype):
    x, f = tf.ones([2, 4, 4, 3], dtype), tf.ones([3, 3, 3, 2], dtype)
    y = tf.nn.avg_pool(tf.nn.max_pool(tf.nn.conv2d(x, f, 1, "SAME"), 2, 2, "SAME"), 2, 1, "SAME")
    with tf.Session() as sess:
        values = sess.run([y, *tf.gradients(y, [x, f])])
    assert {value.dtype.name for value in values} == {dtype}


@pytest.mark.parametrize("dtype", ["int32", "int64", "uint8", "int8", "int16", "uint16"])
def test_integers_have_a_largest(dtype):
    x = tf.constant(np.arange(16), dtype, [1, 4, 4, 1])
    with tf.Session() as sess:
        y = sess.run(tf.nn.max_pool(x, 2, 2, "VALID"))
    assert y.dtype == dtype
    assert y.ravel().tolist() == [5, 7, 13, 15]


def test_sums_of_float16_do_not_overflow():
    x = tf.fill([1, 9, 9, 3], np.float16(1000))
    with tf.Session() as sess:
        mean = sess.run(tf.nn.avg_pool(x, 9, 9, "SAME"))
        total = sess.run(tf.nn.conv2d(x, tf.fill([9, 9, 3, 1], np.float16(0.1)), 9, "VALID"))
    assert mean.ravel().tolist() == [1000] * 3
    np.testing.assert_allclose(total, 24300, rtol=1e-3)


def test_nan_shows():
    x = tf.constant([1, np.nan, 3, 4.0], shape=[1, 1, 4, 1])
    y = tf.nn.max_pool(x, [1, 2], [1, 2], "VALID")
    with tf.Session() as sess:
        value, slope = sess.run([y, tf.gradients(y, x)[0]])
    np.testing.assert_array_equal(value.ravel(), [np.nan, 4])
    np.testing.assert_array_equal(slope.ravel(), [0, 1, 0, 1])


# -- what is refused ------------------------------------------------------------------------------


def late(*sizes):
    """Ones of a shape that is not known before the run."""
    return tf.placeholder_with_default(np.ones(sizes, np.float32), None)


@pytest.mark.parametrize(
    "build, message",
    [
        (lambda: tf.nn.conv2d(late(1, 5, 5, 3), late(3, 3, 2, 4), 1, "SAME"), "Depth of input"),
        (lambda: tf.nn.conv2d(late(5, 5, 3), late(3, 3, 3, 4), 1, "SAME"), "rank 4 but is rank 3"),
        (lambda: tf.nn.conv2d(late(1, 1, 1, 1), late(3, 3, 1, 4), 1, "VALID"), "does not fit"),
        (lambda: tf.nn.max_pool(late(5, 5, 3), 2, 2, "SAME"), "rank 4 but is rank 3"),
        (lambda: tf.nn.avg_pool(late(1, 2, 2, 3), 6, 2, "VALID"), "does not fit"),
        (lambda: tf.nn.conv2d_transpose(late(1, 3, 3, 4), late(3, 3, 2, 4), late_sizes(-1), 2),
         "must not be negative"),
        (lambda: tf.nn.conv2d_transpose(late(1, 4, 3, 4), late(3, 3, 2, 4), late_sizes(1), 2),
         r"has outputs \[1, 3, 3, 4\], got out_backprop \[1, 4, 3, 4\]"),
    ],
)  # fmt: skip
def test_sizes_that_only_the_run_knows_are_checked_in_the_run(build, message):
    with tf.Session() as sess, pytest.raises(tf.errors.InvalidArgumentError, match=message):
        sess.run(build())


def late_sizes(batch):
    return tf.placeholder_with_default(np.int32([batch, 6, 6, 2]), [4])


@pytest.mark.parametrize(
    "build, message",
    [
        (lambda x, f: tf.nn.conv2d(x, f, [2, 1, 1, 1], "SAME"), "strides in the batch and depth"),
        (lambda x, f: tf.nn.conv2d(x, f, 1, "SAME", dilations=[1, 1, 1, 2]), "dilations in the"),
        (lambda x, f: tf.nn.conv2d(x, f[:, :, :1], 1, "SAME"), "in groups is not supported"),
        (lambda x, f: tf.nn.conv2d_transpose(x[..., :1], f, [1, 5, 5, 2]), "must be equal"),
        (lambda x, f: tf.nn.max_pool(x, [2, 2, 2, 1], 2, "SAME"), "on the batch dimension"),
        (lambda x, f: tf.nn.max_pool(x, 2, [1, 2, 2, 2], "SAME"), "exactly one of pooling"),
        (lambda x, f: tf.nn.max_pool(x, [1, 1, 1, 2], 1, "SAME"), "equal the depth stride"),
        (lambda x, f: tf.nn.avg_pool(x, [1, 1, 1, 2], 1, "SAME"), "Non-spatial pooling"),
        (lambda x, f: tf.nn.avg_pool(x, 0, 1, "SAME"), "must be > 0, but got 0"),
        (lambda x, f: tf.nn.convolution(x[0], f, "SAME"), "rank 4 but is rank 3"),
        (lambda x, f: tf.nn.conv2d_transpose(x, f, [1, 5, 5, 2], 1, "EXPLICIT"), "8 elements"),
    ],
)
def test_what_no_run_could_do_is_refused_at_build(build, message):
    with pytest.raises(ValueError, match=message):
        build(tf.ones([1, 5, 5, 2]), tf.ones([3, 3, 2, 4]))


def test_results_are_not_scratch_memory():
    x, f = np.random.default_rng(0).normal(size=(2, 9, 9, 3)), np.ones((3, 3, 3, 2))
    y = REGISTRY["Conv2D"].kernel(np, x, f, strides=[1, 2, 2, 1], padding="SAME")
    before = y.copy()
    REGISTRY["Conv2D"].kernel(np, x + 1, f, strides=[1, 2, 2, 1], padding="SAME")
    np.testing.assert_array_equal(y, before)


def test_layouts_agree():
    x, f = np.random.default_rng(1).normal(size=(2, 6, 5, 3)), np.ones((3, 3, 3, 2))
    y = tf.nn.conv2d(first(x), f, [1, 1, 2, 1], [[0, 0], [0, 0], [1, 1], [2, 0]],
                     data_format="NCHW")  # fmt: skip
    z = tf.nn.conv2d(x, f, [1, 2, 1, 1], [[0, 0], [1, 1], [2, 0], [0, 0]])
    with tf.Session() as sess:
        by_first, by_last = sess.run([y, z])
    np.testing.assert_allclose(last(by_first), by_last, atol=1e-12)
