"""Convolution and pooling in C against sums and maxima written out in NumPy."""
import ctypes
import functools
import os

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from minitf.backend import compiler
from minitf.nn.direct_convolution import convolve, convolve_input
from minitf.nn.direct_filter import convolve_filter
from minitf.nn.direct_pooling import (
    average_pool,
    average_pool_gradient,
    max_pool,
    max_pool_gradient,
)
from minitf.nn.windows import Axis, axis

PREAMBLE = f"""\
#include <math.h>
#include <omp.h>
#include <stdint.h>
#include <string.h>
#define DATA(array) (*(void **)((char *)(array) + {object.__basicsize__}))
int64_t minitf_data_of(void *array) {{ return (int64_t)DATA(array); }}
"""
ENTRY = """
void run_NAME(const int64_t *n, void *const *p, int threads) {
  int before = omp_get_max_threads();
  omp_set_num_threads(threads);
  NAME(n, p);
  omp_set_num_threads(before);
}
"""

pytestmark = pytest.mark.skipif(compiler.compiler() is None, reason="needs a C compiler")


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


def met(rows, columns):
    """(position i, j, pixels, outputs) of each position of the window, where it is on the image."""
    for i in range(rows.window):
        ys, y = rows.inside(i)
        for j in range(columns.window):
            xs, x = columns.inside(j)
            yield i, j, (slice(None), y, x), (slice(None), ys, xs)


def convolved(image, filter, rows, columns):
    out = np.zeros((len(image), rows.output, columns.output, filter.shape[3]))
    for i, j, pixels, outputs in met(rows, columns):
        out[outputs] += image[pixels] @ filter[i, j].astype(float)
    return out


def convolved_filter(image, dy, rows, columns):
    out = np.zeros((rows.window, columns.window, image.shape[3], dy.shape[3]))
    for i, j, pixels, outputs in met(rows, columns):
        out[i, j] = np.einsum("byxd,byxc->dc", image[pixels].astype(float), dy[outputs])
    return out


def convolved_input(filter, dy, rows, columns):
    out = np.zeros((len(dy), rows.size, columns.size, filter.shape[2]))
    for i, j, pixels, outputs in met(rows, columns):
        out[pixels] += dy[outputs] @ filter[i, j].astype(float).T
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
def convolutions(draw):
    rows, columns = draw(axes(20)), draw(axes(40))
    channels = st.one_of(st.integers(1, 9), st.sampled_from([16, 20, 32, 33, 64, 70, 130]))
    batch, threads = draw(st.sampled_from([0, 1, 1, 2, 3])), draw(st.integers(1, 3))
    dtype = draw(st.sampled_from(["float32", "float32", "float64"]))
    without = draw(st.sampled_from(WITHOUT))
    return (batch, rows, columns, draw(channels), draw(channels), dtype), (threads, without)


def check(kernel, inputs, expected, dtype, where):
    out, check_around = guarded(expected.shape, dtype)
    run(kernel, *inputs, out, threads=where[0], without=where[1])
    check_around()
    scale = max(1, np.abs(expected).max(initial=0))
    np.testing.assert_allclose(out, expected, 0, (1e-4 if dtype == "float32" else 1e-11) * scale)


def drawn(shape, dtype, seed):
    return np.random.default_rng(seed).normal(size=shape).astype(dtype)


MANY = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
if os.environ.get("MINITF_EXAMPLES"):
    MANY = settings(MANY, max_examples=int(os.environ["MINITF_EXAMPLES"]), derandomize=False)


@MANY
@given(convolutions())
def test_convolution(both):
    case, where = both
    batch, rows, columns, depth, count, dtype = case
    image = drawn((batch, rows.size, columns.size, depth), dtype, 0)
    filter = drawn((rows.window, columns.window, depth, count), dtype, 1)
    kernel = convolve(*case)
    check(kernel, (image, filter), convolved(image, filter, rows, columns), dtype, where)


@MANY
@given(convolutions())
def test_gradient_of_the_filter(both):
    case, where = both
    batch, rows, columns, depth, count, dtype = case
    image = drawn((batch, rows.size, columns.size, depth), dtype, 0)
    dy = drawn((batch, rows.output, columns.output, count), dtype, 1)
    kernel = convolve_filter(*case)
    check(kernel, (image, dy), convolved_filter(image, dy, rows, columns), dtype, where)


@MANY
@given(convolutions())
def test_gradient_of_the_image(both):
    case, where = both
    batch, rows, columns, depth, count, dtype = case
    filter = drawn((rows.window, columns.window, depth, count), dtype, 0)
    dy = drawn((batch, rows.output, columns.output, count), dtype, 1)
    kernel = convolve_input(*case)
    check(kernel, (filter, dy), convolved_input(filter, dy, rows, columns), dtype, where)


# -- values that are not finite, and interfaces ---------------------------------------------------


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_values_that_are_not_finite_stay_with_their_windows(value):
    axis = Axis(9, 3, 1, 1, 1, 9)
    image, filter = drawn((1, 9, 9, 3), "float32", 0), drawn((3, 3, 3, 5), "float32", 1)
    image[0, 4, 4, 1] = value
    out, _ = guarded((1, 9, 9, 5), "float32")
    run(convolve(1, axis, axis, 3, 5, "float32"), image, filter, out)
    expected = np.zeros((9, 9), bool)
    expected[3:6, 3:6] = True
    assert (np.isfinite(out[0]) == ~expected[..., None]).all()


def test_other_types_and_very_large_filters_have_no_kernel():
    axis = Axis(9, 3, 1, 1, 1, 9)
    for make in (convolve, convolve_filter, convolve_input):
        assert make(1, axis, axis, 3, 5, np.dtype("float16")) is None
        assert make(1, axis, axis, 2048, 2048, "float32") is None


def test_sizes_of_the_image_are_not_part_of_the_text():
    small, large = Axis(9, 3, 1, 1, 1, 9), Axis(50, 3, 1, 1, 1, 50)
    for make in (convolve, convolve_filter, convolve_input):
        texts = [make(b, a, a, 3, 5, "float32").source for b, a in ((1, small), (70, large))]
        assert texts[0] == texts[1]


# -- pooling --------------------------------------------------------------------------------------


@st.composite
def poolings(draw):
    """Windows as TensorFlow has them: each meets the image."""
    axes = []
    for _ in range(2):
        size, window = draw(st.integers(1, 20)), draw(st.integers(1, 4))
        stride = draw(st.integers(1, 4))
        padding = draw(st.sampled_from(["SAME", "VALID"]))
        window = min(window, size) if padding == "VALID" else window
        axes.append(axis(size, window, stride, 1, padding))
    depth, batch = draw(st.sampled_from([1, 3, 8, 16, 17, 32])), draw(st.sampled_from([0, 1, 40]))
    dtype = draw(st.sampled_from(["float32", "float64"]))
    # Few values, so that there are equals.
    values = draw(st.sampled_from([[0, 1, 2], [0, 1, 2, -np.inf], [0, np.nan, np.inf], [-np.inf]]))
    image = np.random.default_rng(0).choice(values, (batch, *(a.size for a in axes), depth))
    return batch, *axes, depth, dtype, image.astype(dtype), draw(st.integers(1, 3))


def windows(image, rows, columns):
    """Each window, and its output."""
    for y in range(rows.output):
        for x in range(columns.output):
            top, left = y * rows.stride - rows.before, x * columns.stride - columns.before
            where = (slice(None), slice(max(top, 0), top + rows.window),
                     slice(max(left, 0), left + columns.window))  # fmt: skip
            yield where, image[where], (slice(None), y, x)


@MANY
@given(poolings())
def test_max_pooling(case):
    batch, rows, columns, depth, dtype, image, threads = case
    expected = np.zeros((batch, rows.output, columns.output, depth), dtype)
    for _, window, at in windows(image, rows, columns):
        expected[at] = window.max((1, 2))
    y, check_y = guarded(expected.shape, dtype)
    run(max_pool(batch, rows, columns, depth, dtype), image, y, threads=threads)
    check_y()
    np.testing.assert_array_equal(y, expected)

    dy, gradient = drawn(y.shape, dtype, 1), np.zeros_like(image)
    for where, window, at in windows(image, rows, columns):
        flat = window.reshape(batch, window.shape[1] * window.shape[2], depth)
        shares = np.zeros_like(flat)
        if batch:
            np.put_along_axis(shares, flat.argmax(1)[:, None], dy[at][:, None], 1)
        gradient[where] += shares.reshape(window.shape)
    dx, check_dx = guarded(image.shape, dtype)
    kernel = max_pool_gradient(batch, rows, columns, depth, dtype)
    run(kernel, image, y, dy, dx, threads=threads)
    check_dx()
    np.testing.assert_allclose(dx, gradient, 1e-5, 1e-5)


@MANY
@given(poolings())
def test_average_pooling(case):
    batch, rows, columns, depth, dtype, image, threads = case
    dy = drawn((batch, rows.output, columns.output, depth), dtype, 1)
    expected, gradient = np.zeros_like(dy), np.zeros_like(image)
    with np.errstate(invalid="ignore"):
        for where, window, at in windows(image, rows, columns):
            expected[at] = window.mean((1, 2))
            gradient[where] += (dy[at] / (window.shape[1] * window.shape[2]))[:, None, None]
    y, check_y = guarded(expected.shape, dtype)
    run(average_pool(batch, rows, columns, depth, dtype), image, y, threads=threads)
    check_y()
    np.testing.assert_allclose(y, expected, 1e-5, 1e-5)
    dx, check_dx = guarded(image.shape, dtype)
    kernel = average_pool_gradient(batch, rows, columns, depth, dtype)
    run(kernel, dy, dx, threads=threads)
    check_dx()
    np.testing.assert_allclose(dx, gradient, 1e-5, 1e-5)


def test_kernels_share_a_file():
    a = Axis(9, 3, 1, 1, 1, 9)
    sums = (convolve, convolve_filter, convolve_input)
    pools = (max_pool, max_pool_gradient, average_pool, average_pool_gradient)
    kernels = [make(1, a, a, 3, 5, dtype) for make in sums for dtype in ("float32", "float64")]
    kernels += [make(1, a, a, 3, dtype) for make in pools for dtype in ("float32", "float64")]
    texts = [(k.source + ENTRY).replace("NAME", f"k{i}") for i, k in enumerate(kernels)]
    found = compiler.library(PREAMBLE + "\n".join(texts))
    assert all(hasattr(found, f"run_k{i}") for i in range(len(texts)))
