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
from minitf.nn.windows import Axis

PREAMBLE = f"""\
#include <math.h>
#include <omp.h>
#include <stdint.h>
#include <string.h>
int64_t minitf_data_of(void *a) {{ return (int64_t)*(void **)((char *)a + {object.__basicsize__}); }}
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


@functools.lru_cache(maxsize=None)
def compiled(source):
    found = compiler.library(PREAMBLE + (source + ENTRY).replace("NAME", "tested"))
    assert found is not None
    return found.run_tested


def run(kernel, *arrays, threads=2):
    """Call the kernel; memory that it may not read or write is filled with NaN around it."""
    scratch = np.full(kernel.scratch * threads + 128, 255, np.uint8)
    start = -scratch.ctypes.data % 64
    used = [*arrays, scratch[start:]]
    pointers = (ctypes.c_void_p * len(used))(*[a.ctypes.data for a in used])
    sizes = (ctypes.c_int64 * max(len(kernel.sizes), 1))(*kernel.sizes)
    compiled(kernel.source)(sizes, pointers, threads)
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


@st.composite
def axes(draw, sizes=st.integers(1, 20)):
    size, window = draw(sizes), draw(st.integers(1, 5))
    stride, dilation = draw(st.sampled_from([1, 1, 2, 3])), draw(st.sampled_from([1, 1, 2]))
    before, behind = draw(st.integers(-2, 3)), draw(st.integers(-2, 3))
    output = (size + before + behind - (window - 1) * dilation - 1) // stride + 1
    return Axis(size, window, stride, dilation, before, max(output, 0))


@st.composite
def convolutions(draw):
    rows, columns = draw(axes()), draw(axes(st.integers(1, 40)))
    channels = st.one_of(st.integers(1, 9), st.sampled_from([16, 20, 32, 33, 64, 70, 130]))
    batch, threads = draw(st.sampled_from([0, 1, 1, 2, 3])), draw(st.integers(1, 3))
    dtype = draw(st.sampled_from(["float32", "float32", "float64"]))
    return batch, rows, columns, draw(channels), draw(channels), dtype, threads


def check(kernel, inputs, expected, dtype, threads=2):
    out, check_around = guarded(expected.shape, dtype)
    run(kernel, *inputs, out, threads=threads)
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
def test_convolution(case):
    batch, rows, columns, depth, count, dtype, threads = case
    image = drawn((batch, rows.size, columns.size, depth), dtype, 0)
    filter = drawn((rows.window, columns.window, depth, count), dtype, 1)
    kernel = convolve(*case[:-1])
    check(kernel, (image, filter), convolved(image, filter, rows, columns), dtype, threads)


@MANY
@given(convolutions())
def test_gradient_of_the_filter(case):
    batch, rows, columns, depth, count, dtype, threads = case
    image = drawn((batch, rows.size, columns.size, depth), dtype, 0)
    dy = drawn((batch, rows.output, columns.output, count), dtype, 1)
    kernel = convolve_filter(*case[:-1])
    check(kernel, (image, dy), convolved_filter(image, dy, rows, columns), dtype, threads)


@MANY
@given(convolutions())
def test_gradient_of_the_image(case):
    batch, rows, columns, depth, count, dtype, threads = case
    filter = drawn((rows.window, columns.window, depth, count), dtype, 0)
    dy = drawn((batch, rows.output, columns.output, count), dtype, 1)
    kernel = convolve_input(*case[:-1])
    check(kernel, (filter, dy), convolved_input(filter, dy, rows, columns), dtype, threads)
