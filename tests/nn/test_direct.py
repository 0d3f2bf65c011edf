"""Convolution and pooling in C against sums and maxima written out in NumPy."""
import ctypes
import functools
import os

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings

import minitf as tf
from minitf.backend import compiler, native
from minitf.core.op import REGISTRY
from minitf.nn.kernels import direct_depthwise, direct_lrn, direct_morphology
from minitf.nn.kernels.direct_convolution import convolve, convolve_input
from minitf.nn.kernels.direct_filter import convolve_filter
from minitf.nn.kernels.direct_pooling import (
    average_pool,
    average_pool_gradient,
    max_pool,
    max_pool_gradient,
    max_pool_gradient_to_all,
    max_pool_places,
)
from minitf.nn.windows import Axis, axis
from minitf.runtime import regions

PREAMBLE = f"""\
{native.preamble([])}
#define DATA(array) (*(void **)((char *)(array) + {object.__basicsize__}))
int64_t minitf_data_of(void *array) {{ return (int64_t)DATA(array); }}

static int64_t threads_of_test;
static int64_t count_of_test(void) {{ return threads_of_test; }}
static void share_of_test(work_on *work, void *context, int64_t parts) {{
  #pragma omp parallel for schedule(static, 1) num_threads(parts)
  for (int64_t part = 0; part < parts; part++) work(context, part);
}}
"""
ENTRY = """
void run_NAME(const int64_t *n, void *const *p, int threads) {
  threads_of_test = threads;
  minitf_base_has(share_of_test, count_of_test, 0);
  NAME(n, p);
}
"""

pytestmark = [
    pytest.mark.usefixtures("cpu"),
    pytest.mark.skipif(compiler.compiler() is None, reason="needs a C compiler"),
]


@functools.cache
def compiled(source, without=()):
    """The function of a kernel, as for a processor `without` some instructions."""
    hidden = "".join(f"#undef {macro}\n" for macro in without)
    text = hidden + (source + ENTRY).replace("NAME", "tested")
    found = compiler.library(PREAMBLE + text)
    assert found is not None
    return found.run_tested


def run(kernel, *arrays, threads=2, without=()):
    """Call the kernel with scratch memory full of NaN."""
    scratch = np.full(kernel.scratch * threads + 128, 255, np.uint8)
    start = -scratch.ctypes.data % 64
    used = [*arrays, scratch[start:]]
    pointers = (ctypes.c_void_p * len(used))(*[a.ctypes.data for a in used])
    sizes = (ctypes.c_int64 * max(len(kernel.sizes), 1))(*kernel.sizes)
    compiled(kernel.source, without)(sizes, pointers, threads)
    assert (scratch[start + kernel.scratch * threads :] == 255).all(), "written behind the scratch"


def guarded(shape, dtype):
    """An array of NaN, and a check that nothing is written around it."""
    size = int(np.prod(shape))
    whole = np.full(size + 64, np.nan, dtype)
    whole[:32] = whole[size + 32 :] = 7

    def check():
        assert (whole[:32] == 7).all() and (whole[size + 32 :] == 7).all(), "written outside"

    return whole[32 : size + 32].reshape(shape), check


def met(*axes):
    """(position, pixels, outputs) of each position of the window, where it is on the image."""
    for position in np.ndindex(*(a.window for a in axes)):
        outputs, pixels = zip(*(a.inside(i) for a, i in zip(axes, position)))
        yield position, (slice(None), *pixels), (slice(None), *outputs)


def convolved(image, filter, *axes):
    out = np.zeros((len(image), *(a.output for a in axes), filter.shape[-1]))
    for position, pixels, outputs in met(*axes):
        out[outputs] += image[pixels] @ filter[position].astype(float)
    return out


def convolved_filter(image, dy, *axes):
    out = np.zeros((*(a.window for a in axes), image.shape[-1], dy.shape[-1]))
    for position, pixels, outputs in met(*axes):
        seen, slopes = image[pixels].reshape(-1, len(out[position])), dy[outputs]
        out[position] = seen.astype(float).T @ slopes.reshape(-1, slopes.shape[-1])
    return out


def convolved_input(filter, dy, *axes):
    out = np.zeros((len(dy), *(a.size for a in axes), filter.shape[-2]))
    for position, pixels, outputs in met(*axes):
        out[pixels] += dy[outputs] @ filter[position].astype(float).T
    return out


WITHOUT = [(), (), ("__AVX512F__",), ("__AVX512F__", "__AVX__")]


@st.composite
def axes(draw, most):
    size, window = draw(st.integers(1, most)), draw(st.integers(1, 5))
    stride, dilation = draw(st.sampled_from([1, 1, 2, 3])), draw(st.sampled_from([1, 1, 2]))
    before, behind = draw(st.integers(-2, 3)), draw(st.integers(-2, 3))
    output = (size + before + behind - (window - 1) * dilation - 1) // stride + 1
    return Axis(size, window, stride, dilation, before, max(output, 0))


@st.composite
def convolutions(draw, most=((40,), (20, 40), (6, 8, 20))):
    along = [draw(axes(size)) for size in draw(st.sampled_from(most))]
    channels = st.one_of(
        st.integers(1, 9), st.sampled_from([20, 33, 70, 130]),
        st.sampled_from([8, 16, 32, 48, 64, 80, 128]),
    )  # fmt: skip
    batch, threads = draw(st.sampled_from([0, 1, 1, 2, 3])), draw(st.integers(1, 3))
    dtype = draw(st.sampled_from(["float32", "float32", "float64"]))
    without = draw(st.sampled_from(WITHOUT))
    return (batch, along, draw(channels), draw(channels), dtype), (threads, without)


def check(kernel, inputs, expected, dtype, where):
    out, check_around = guarded(expected.shape, dtype)
    run(kernel, *inputs, out, threads=where[0], without=where[1])
    check_around()
    scale = max(1, np.abs(expected).max(initial=0))
    np.testing.assert_allclose(out, expected, 0, (1e-4 if dtype == "float32" else 1e-11) * scale)


def drawn(shape, dtype, seed):
    return np.random.default_rng(seed).normal(size=shape).astype(dtype)


MANY = settings(
    max_examples=25, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
if os.environ.get("MINITF_EXAMPLES"):
    MANY = settings(MANY, max_examples=int(os.environ["MINITF_EXAMPLES"]), derandomize=False)


SOME = settings(MANY, max_examples=MANY.max_examples // 2)  # each is three kernels to compile


def sizes(axes, what):
    return [getattr(a, what) for a in axes]


@MANY
@given(convolutions())
def test_convolution(both):
    case, where = both
    batch, along, depth, count, dtype = case
    image = drawn((batch, *sizes(along, "size"), depth), dtype, 0)
    filter = drawn((*sizes(along, "window"), depth, count), dtype, 1)
    check(convolve(*case), (image, filter), convolved(image, filter, *along), dtype, where)


@MANY
@given(convolutions())
def test_gradient_of_the_filter(both):
    case, where = both
    batch, along, depth, count, dtype = case
    image = drawn((batch, *sizes(along, "size"), depth), dtype, 0)
    dy = drawn((batch, *sizes(along, "output"), count), dtype, 1)
    check(convolve_filter(*case), (image, dy), convolved_filter(image, dy, *along), dtype, where)


@MANY
@given(convolutions())
def test_gradient_of_the_image(both):
    case, where = both
    batch, along, depth, count, dtype = case
    filter = drawn((*sizes(along, "window"), depth, count), dtype, 0)
    dy = drawn((batch, *sizes(along, "output"), count), dtype, 1)
    check(convolve_input(*case), (filter, dy), convolved_input(filter, dy, *along), dtype, where)


# -- of each channel by itself --------------------------------------------------------------------


@st.composite
def depthwise(draw):
    depth, multiplier = draw(st.sampled_from([1, 3, 8, 16, 17, 40])), draw(st.integers(1, 3))
    batch, threads = draw(st.sampled_from([0, 1, 1, 2, 3])), draw(st.integers(1, 3))
    dtype = draw(st.sampled_from(["float32", "float64"]))
    without = draw(st.sampled_from(WITHOUT))
    case = (batch, draw(axes(20)), draw(axes(40)), depth, multiplier, dtype)
    return case, (threads, without)


@SOME
@given(depthwise())
def test_depthwise_convolution(both):
    case, where = both
    batch, rows, columns, depth, multiplier, dtype = case
    image = drawn((batch, rows.size, columns.size, depth), dtype, 0)
    filter = drawn((rows.window, columns.window, depth, multiplier), dtype, 1)
    outputs = (batch, rows.output, columns.output, depth, multiplier)
    dy, y = drawn(outputs, dtype, 2), np.zeros(outputs)
    dx, df = np.zeros(image.shape), np.zeros(filter.shape)
    for (i, j), pixels, at in met(rows, columns):
        y[at] += image[pixels][..., None] * filter[i, j]
        dx[pixels] += (dy[at] * filter[i, j]).sum(-1)
        df[i, j] = np.einsum("byxd,byxdm->dm", image[pixels].astype(float), dy[at])
    check(direct_depthwise.convolve(*case), (image, filter), y, dtype, where)
    check(direct_depthwise.convolve_input(*case), (filter, dy), dx, dtype, where)
    check(direct_depthwise.convolve_filter(*case), (image, dy), df, dtype, where)


# -- values that are not finite, and interfaces ---------------------------------------------------


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_values_that_are_not_finite_stay_with_their_windows(value):
    axis = Axis(9, 3, 1, 1, 1, 9)
    image, filter = drawn((1, 9, 9, 3), "float32", 0), drawn((3, 3, 3, 5), "float32", 1)
    image[0, 4, 4, 1] = value
    out, _ = guarded((1, 9, 9, 5), "float32")
    run(convolve(1, [axis, axis], 3, 5, "float32"), image, filter, out)
    expected = np.zeros((9, 9), bool)
    expected[3:6, 3:6] = True
    assert (np.isfinite(out[0]) == ~expected[..., None]).all()


def test_other_types_and_very_large_filters_have_no_kernel():
    axis = Axis(9, 3, 1, 1, 1, 9)
    for make in (convolve, convolve_filter, convolve_input):
        assert make(1, [axis, axis], 3, 5, np.dtype("float16")) is None
        assert make(1, [axis, axis], 2048, 2048, "float32") is None


def test_sizes_of_the_image_are_not_part_of_the_text():
    small, large = Axis(9, 3, 1, 1, 1, 9), Axis(50, 3, 1, 1, 1, 50)
    for make in (convolve, convolve_filter, convolve_input):
        texts = [make(b, [a, a], 3, 5, "float32").source for b, a in ((1, small), (70, large))]
        assert texts[0] == texts[1]


def test_layers_of_whole_vectors_of_channels_share_a_text():
    """What is compiled for one layer serves others of as many vectors in a panel."""
    small, large = Axis(9, 3, 1, 1, 1, 9), Axis(50, 5, 2, 1, 1, 24)
    for make in (convolve, convolve_filter, convolve_input):
        texts = [make(2, [a, a], *channels, "float32").source
                 for a, *channels in ((small, 64, 128), (large, 64, 64), (large, 256, 512))]
        assert len(set(texts)) == 1
        assert make(2, [small, small], 3, 64, "float32").source not in texts
        assert make(2, [small, small], 70, 70, "float32").source not in texts


# -- pooling --------------------------------------------------------------------------------------


@st.composite
def poolings(draw, most=((20, 20),)):
    """Windows as TensorFlow has them: each meets the image."""
    axes = []
    for longest in draw(st.sampled_from(most)):
        size, window = draw(st.integers(1, longest)), draw(st.integers(1, 4))
        stride = draw(st.integers(1, 4))
        padding = draw(st.sampled_from(["SAME", "VALID"]))
        window = min(window, size) if padding == "VALID" else window
        axes.append(axis(size, window, stride, 1, padding))
    depth, batch = draw(st.sampled_from([1, 3, 8, 16, 17, 32])), draw(st.sampled_from([0, 1, 40]))
    dtype = draw(st.sampled_from(["float32", "float64"]))
    # Few values, so that there are equals.
    values = draw(st.sampled_from([[0, 1, 2], [0, 1, 2, -np.inf], [0, np.nan, np.inf], [-np.inf]]))
    image = np.random.default_rng(0).choice(values, (batch, *(a.size for a in axes), depth))
    return batch, axes, depth, dtype, image.astype(dtype), draw(st.integers(1, 3))


def windows(image, axes):
    """Where each window is, what it has as [batch, pixels, depth], and where its output is."""
    for place in np.ndindex(*sizes(axes, "output")):
        firsts = [i * a.stride - a.before for i, a in zip(place, axes)]
        where = [slice(max(first, 0), first + a.window) for first, a in zip(firsts, axes)]
        where = (slice(None), *where)
        pixels = image[where]
        count = int(np.prod(pixels.shape[1:-1]))
        yield where, pixels.reshape(len(image), count, image.shape[-1]), (slice(None), *place)


def to_first(flat, dy):
    """The share of each pixel of a window, of which the first of the largest takes all."""
    shares = np.zeros_like(flat)
    if len(flat):
        np.put_along_axis(shares, flat.argmax(1)[:, None], dy[:, None], 1)
    return shares


def to_all(flat, dy):
    return np.where(flat == flat.max(1, keepdims=True), dy[:, None], 0)


def in_parts(flat, dy):
    return np.broadcast_to(dy[:, None] / flat.shape[1], flat.shape)


def gradient_of(share, image, dy, axes):
    found = np.zeros_like(image)
    for where, flat, at in windows(image, axes):
        found[where] += share(flat, dy[at]).reshape(found[where].shape)
    return found


VOLUMES = [(20, 20), (5, 7, 9)]


@MANY
@given(poolings(VOLUMES))
def test_max_pooling(case):
    batch, axes, depth, dtype, image, threads = case
    expected = np.zeros((batch, *sizes(axes, "output"), depth), dtype)
    for _, flat, at in windows(image, axes):
        expected[at] = flat.max(1)
    y, check_y = guarded(expected.shape, dtype)
    run(max_pool(batch, axes, depth, dtype), image, y, threads=threads)
    check_y()
    np.testing.assert_array_equal(y, expected)

    dy = drawn(y.shape, dtype, 1)
    for make, share in ((max_pool_gradient, to_first), (max_pool_gradient_to_all, to_all)):
        dx, check_dx = guarded(image.shape, dtype)
        run(make(batch, axes, depth, dtype), image, y, dy, dx, threads=threads)
        check_dx()
        np.testing.assert_allclose(dx, gradient_of(share, image, dy, axes), 1e-5, 1e-5)


@MANY
@given(poolings(VOLUMES))
def test_average_pooling(case):
    batch, axes, depth, dtype, image, threads = case
    dy = drawn((batch, *sizes(axes, "output"), depth), dtype, 1)
    expected = np.zeros_like(dy)
    with np.errstate(invalid="ignore"):
        for _, flat, at in windows(image, axes):
            expected[at] = flat.mean(1)
    y, check_y = guarded(expected.shape, dtype)
    run(average_pool(batch, axes, depth, dtype), image, y, threads=threads)
    check_y()
    np.testing.assert_allclose(y, expected, 1e-5, 1e-5)
    dx, check_dx = guarded(image.shape, dtype)
    run(average_pool_gradient(batch, axes, depth, dtype), dy, dx, threads=threads)
    check_dx()
    np.testing.assert_allclose(dx, gradient_of(in_parts, image, dy, axes), 1e-5, 1e-5)


# -- against the ops' kernels in NumPy -------------------------------------------------------------


@SOME
@given(poolings(VOLUMES[:1]), st.booleans(), st.sampled_from(["int32", "int64"]))
def test_places_of_maxima(case, through_batch, index):
    batch, axes, depth, dtype, image, threads = case
    window = dict(ksize=[1, *sizes(axes, "window"), 1], strides=[1, *sizes(axes, "stride"), 1])
    assume(all(a == axis(*a[:4], "SAME") for a in axes))
    with np.errstate(invalid="ignore"):
        y, places = REGISTRY["MaxPoolWithArgmax"].kernel(
            np, image, padding="SAME", Targmax=tf.as_dtype(index).base_dtype,
            include_batch_in_index=through_batch, **window,
        )  # fmt: skip
    found, check_found = guarded(y.shape, dtype)
    found_places = np.full(places.shape, -7, index)
    kernel = max_pool_places(batch, axes, depth, dtype, index, through_batch)
    run(kernel, image, found, found_places, threads=threads)
    check_found()
    np.testing.assert_array_equal(found, y)
    np.testing.assert_array_equal(found_places, places)


@SOME
@given(convolutions(((20, 40),)), st.sampled_from(["SAME", "VALID"]), st.booleans())
def test_dilation(both, padding, special):
    (batch, axes, depth, _, dtype), where = both
    windows = [axis(*a[:4], padding) for a in axes
               if padding == "SAME" or a.size > (a.window - 1) * a.dilation]  # fmt: skip
    assume(len(windows) == 2 and depth < 64)
    attributes = dict(strides=[1, *sizes(windows, "stride"), 1], padding=padding,
                      rates=[1, *sizes(windows, "dilation"), 1])  # fmt: skip
    image = drawn((batch, *sizes(windows, "size"), depth), dtype, 0)
    if special and image.size:
        image[0, 0, 0, 0] = np.nan
    inputs = [image, drawn((*sizes(windows, "window"), depth), dtype, 1)]
    y = REGISTRY["Dilation2D"].kernel(np, *inputs, **attributes)
    found, check_found = guarded(y.shape, dtype)
    case = batch, *windows, depth, dtype
    run(direct_morphology.dilate(*case), *inputs, found, threads=where[0], without=where[1])
    check_found()
    np.testing.assert_array_equal(found, y)
    inputs.append(drawn(y.shape, dtype, 2))
    for name, make in (("Input", "dilate_input"), ("Filter", "dilate_filter")):
        expected = REGISTRY[f"Dilation2DBackprop{name}"].kernel(np, *inputs, **attributes)
        check(getattr(direct_morphology, make)(*case), inputs, expected, dtype, where)


@pytest.mark.parametrize("depth", [1, 5, 16, 70])
@pytest.mark.parametrize("radius", [0, 2, 80])
@pytest.mark.parametrize("beta", [0.5, 0.75, 1.25])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_local_response(depth, radius, beta, dtype):
    known = dict(depth_radius=radius, bias=1.5, alpha=0.3, beta=beta)
    x, dy = (drawn((2, 3, 4, depth), dtype, seed) for seed in range(2))
    y = REGISTRY["LRN"].kernel(np, x, **known)
    check(direct_lrn.normalize(x.shape, dtype, **known), [x], y, dtype, (2, ()))
    dx = REGISTRY["LRNGrad"].kernel(np, dy, x, y, **known)
    check(direct_lrn.normalize_gradient(x.shape, dtype, **known), [dy, x, y], dx, dtype, (2, ()))


def test_no_kernels_for_other_types_and_no_channels():
    a, known = Axis(9, 3, 1, 1, 1, 9), dict(depth_radius=2, bias=1.0, alpha=1.0, beta=0.5)
    for make in (direct_morphology.dilate, direct_morphology.dilate_filter):
        assert make(1, a, a, 3, np.dtype("int32")) is make(1, a, a, 0, "float32") is None
    assert direct_lrn.normalize((2, 3), np.dtype("float16"), **known) is None
    assert direct_lrn.normalize((2, 0), "float32", **known) is None
    assert direct_lrn.normalize((2, 3), "float32", **(known | {"depth_radius": -1})) is None
    assert direct_depthwise.convolve(1, a, a, 3, 0, "float32") is None


def test_kernels_share_a_file():
    a = Axis(9, 3, 1, 1, 1, 9)
    sums = (convolve, convolve_filter, convolve_input)
    pools = (max_pool, max_pool_gradient, max_pool_gradient_to_all, average_pool,
             average_pool_gradient)  # fmt: skip
    kernels = [make(1, [a, a], 3, 5, dtype) for make in sums for dtype in ("float32", "float64")]
    kernels += [make(1, [a, a], 3, dtype) for make in pools for dtype in ("float32", "float64")]
    texts = [(k.source + ENTRY).replace("NAME", f"k{i}") for i, k in enumerate(kernels)]
    found = compiler.library(PREAMBLE + "\n".join(texts))
    assert all(hasattr(found, f"run_k{i}") for i in range(len(texts)))


def test_a_network_that_is_changed_compiles_what_is_new_in_it(monkeypatch, tmp_path):
    """Large kernels have files of their own, which other plans in other processes find."""
    monkeypatch.setenv("MINITF_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("MINITF_JIT", "1")
    made, compile_ = [], compiler._compile
    monkeypatch.setattr(
        compiler, "_compile", lambda source, path: made.append(source) or compile_(source, path)
    )

    def run(*filters):
        tf.reset_default_graph()
        compiler.library.cache_clear()
        monkeypatch.setattr(regions, "_addresses", {})
        del made[:]
        image = tf.placeholder(tf.float32, [1, 8, 8, 3])
        for count in filters:
            depth = image.shape.as_list()[3]
            image = tf.nn.conv2d(image, tf.ones([3, 3, depth, count]), [1] * 4, "SAME")
        with tf.Session() as sess:
            sess.run(image, {"Placeholder:0": np.ones((1, 8, 8, 3))})
        return [sum(f"_count = {n}" in source for source in made) for n in (5, 7)]

    assert run(5) == [1, 0] and run(5, 7) == [0, 1] and run(5, 7) == [0, 0]
