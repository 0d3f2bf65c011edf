"""Convolution in CUDA, run on the CPU, against sums written out in NumPy."""
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from launched import compiled, flattened, run
from nn.test_direct import (
    MANY,
    axes,
    convolved,
    convolved_filter,
    convolved_input,
    drawn,
    sizes,
)
from standin import emulator

from minitf.core.cuda import product as cuda_product
from minitf.core.cuda import tiles as cuda_tiles
from minitf.core.cuda.kernels import divisor
from minitf.core.cuda.product import product_launch
from minitf.core.cuda.tiles import DOUBLE, SINGLE, Cut, cut
from minitf.nn.kernels import cuda_convolution as launches_of
from minitf.nn.windows import Axis, axis

needs_compiler = pytest.mark.skipif(emulator.compiler() is None, reason="needs a C++ compiler")
# Each example is a text to compile.
SOME = settings(MANY, max_examples=MANY.max_examples // 2)
TOLERANCE = {"float32": 1e-4, "float64": 1e-11}
# Each tile with sums in one part, in parts that the last block adds, and in more.
SPLITS = [(1, (False, False)), (3, (True, True)), (9, (True, False))]


def check(found, expected):
    scale = max(1, np.abs(expected).max(initial=0))
    np.testing.assert_allclose(found, expected, 0, TOLERANCE[str(found.dtype)] * scale)


@pytest.fixture
def cut_as(monkeypatch):
    """Have the products that come cut in such a way."""
    return lambda chosen: monkeypatch.setattr(cuda_product, "cut", lambda *_: chosen)


# -- products of matrices -------------------------------------------------------------------------


def multiply(m, n, k, turned_a=False, turned_b=False, dtype="float32", alpha=1, beta=0, batch=()):
    """What the launch computes, and NumPy; from matrices in rows that are 4 elements too long."""
    a, b, c = (drawn((*batch, *s), dtype, i) for i, s in enumerate(((m, k), (k, n), (m, n))))
    expected = alpha * (a.astype(float) @ b) + beta * c
    stored = [wider(x.swapaxes(-1, -2) if turned else x) for x, turned in
              ((a, turned_a), (b, turned_b), (c, False))]  # fmt: skip
    rows = [x.shape[-1] for x in stored]
    steps = tuple(x[0].size for x in stored) if batch else (0, 0, 0)
    count = batch[0] if batch else 1
    launches = product_launch(m, n, k, turned_a, turned_b, *rows, alpha, beta, dtype, count, steps)
    before = stored[2] if beta else np.full_like(stored[2], np.nan)
    found = run(launches, *stored[:2], shape=before.shape, before=before)
    np.testing.assert_array_equal(found[..., n:], before[..., n:])
    check(found[..., :n], expected)


def wider(x):
    return np.concatenate([x, np.full((*x.shape[:-1], 4), np.nan, x.dtype)], -1)


@needs_compiler
@pytest.mark.parametrize("tile", SINGLE, ids=lambda tile: f"{tile.tall}x{tile.wide}")
@pytest.mark.parametrize(("splits", "turned"), SPLITS)
def test_product_in_every_tile(cut_as, tile, splits, turned):
    cut_as(Cut(tile, splits))
    multiply(132, 140, 100, *turned)
    multiply(33, 67, 85, *turned, alpha=-0.5, beta=2)


@needs_compiler
@pytest.mark.parametrize("tile", DOUBLE, ids=lambda tile: f"{tile.tall}x{tile.wide}")
@pytest.mark.parametrize(("splits", "turned"), SPLITS)
def test_product_of_float64(cut_as, tile, splits, turned):
    cut_as(Cut(tile, splits))
    multiply(68, 72, 100, *turned, "float64")
    multiply(33, 67, 85, False, True, "float64", beta=1)


@needs_compiler
def test_product_of_a_batch():
    multiply(20, 24, 40, batch=(3,))
    multiply(65, 33, 7, beta=1, batch=(2,))


@needs_compiler
def test_one_matrix_for_the_whole_batch():
    a, b = drawn((3, 20, 8), "float32", 0), drawn((8, 12), "float32", 1)
    launch = product_launch(20, 12, 8, False, False, 8, 12, 12, 1, 0, a.dtype, 3, (160, 0, 240))
    check(run(launch, a, b, shape=(3, 20, 12)), a @ b)


@needs_compiler
def test_product_over_nothing_is_zero():
    a, b = np.zeros((5, 0), "float32"), np.zeros((0, 6), "float32")
    launch = product_launch(5, 6, 0, False, False, 0, 6, 6, 1, 0, a.dtype)
    assert (run(launch, a, b, shape=(5, 6)) == 0).all()


def test_no_launch_for_other_types_nothing_and_too_much():
    def made(m, n, k, dtype):
        return product_launch(m, n, k, False, False, k, n, n, 1, 0, dtype)

    assert made(4, 4, 4, "float16") is made(0, 4, 4, "float32") is None
    assert made(1 << 16, 4, 1 << 16, "float32") is None


@needs_compiler
@pytest.mark.parametrize("splits", [3, 9])
def test_the_order_of_blocks_changes_nothing(cut_as, splits):
    cut_as(Cut(SINGLE[-1], splits))
    a, b = drawn((40, 300), "float32", 0), drawn((300, 40), "float32", 1)
    launch = product_launch(40, 40, 300, False, False, 300, 40, 40, 1, 0, a.dtype)
    one, other = (run(launch, a, b, shape=(40, 40), seed=seed) for seed in (1, 2))
    np.testing.assert_array_equal(one, other)


@given(st.integers(1, (1 << 31) - 1), st.integers(0, (1 << 31) - 1))
def test_division_by_multiplication(d, n):
    by = divisor(d)
    high = n * (by & 0xFFFFFFFF) >> 32
    assert high + n < 1 << 32 and high + n >> (by >> 32) == n // d


def test_large_products_take_large_tiles_and_long_sums_are_split():
    single = np.dtype("float32")
    assert cut(4096, 4096, 4096, 1, single) == (SINGLE[0], 1)
    tile, splits = cut(576, 64, 100352, 1, single)
    assert tile.tiles(576, 64) * splits >= cuda_tiles.PROCESSORS


# -- convolution ----------------------------------------------------------------------------------


@st.composite
def convolutions(draw):
    along = [draw(axes(most)) for most in draw(st.sampled_from([[10, 16], [5, 6, 8]]))]
    channels = st.sampled_from([1, 2, 3, 4, 5, 8, 20, 33, 36])
    dtype = draw(st.sampled_from(["float32", "float32", "float64"]))
    return draw(st.integers(1, 3)), along, draw(channels), draw(channels), dtype


def stored(images, first):
    return np.ascontiguousarray(np.moveaxis(images, -1, 1)) if first else images


def check_all(case, first):
    """The three launches of a convolution."""
    batch, along, depth, count, dtype = case
    x = drawn((batch, *sizes(along, "size"), depth), dtype, 0)
    filter = drawn((*sizes(along, "window"), depth, count), dtype, 1)
    dy = drawn((batch, *sizes(along, "output"), count), dtype, 2)
    images, gradients = stored(x, first), stored(dy, first)
    for name, inputs, expected in (
        ("convolve", (images, filter), stored(convolved(x, filter, *along), first)),
        ("convolve_input", (filter, gradients),
         stored(convolved_input(filter, dy, *along), first)),
        ("convolve_filter", (images, gradients), convolved_filter(x, dy, *along)),
    ):  # fmt: skip
        launches = getattr(launches_of, name)(*case, first)
        if launches is None:
            assert expected.size == 0
        else:
            check(run(launches, *inputs, shape=expected.shape), expected)


@needs_compiler
@SOME
@given(convolutions(), st.booleans())
def test_convolution(case, first):
    check_all(case, first)


@needs_compiler
@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize("chosen", [Cut(SINGLE[0], 1), Cut(SINGLE[1], 3), Cut(SINGLE[6], 9)])
def test_convolution_in_other_cuts(cut_as, chosen, first):
    cut_as(chosen)
    check_all((2, [axis(9, 3, 2, 1, "SAME"), axis(11, 3, 2, 1, "SAME")], 8, 12, "float32"), first)
    check_all((2, [axis(9, 5, 1, 1, "SAME"), axis(11, 2, 1, 1, "VALID")], 3, 7, "float32"), first)


@needs_compiler
@pytest.mark.parametrize("first", [False, True])
def test_convolution_with_one_pixel(first):
    one = axis(6, 1, 1, 1, "SAME")
    check_all((2, [one, one], 8, 5, "float32"), first)


@needs_compiler
def test_pixels_that_no_window_meets_have_no_gradient():
    apart = axis(7, 1, 3, 1, "VALID")
    check_all((2, [apart, apart], 4, 4, "float32"), False)


def test_no_launch_for_float16_and_filters_without_elements():
    one = Axis(9, 3, 1, 1, 1, 9)
    for name in ("convolve", "convolve_input", "convolve_filter"):
        make = getattr(launches_of, name)
        assert make(1, [one, one], 3, 5, "float16", False) is None
        assert make(1, [one, one], 0, 5, "float32", False) is None


def test_sizes_of_the_image_are_not_part_of_the_text():
    small, large = Axis(9, 3, 1, 1, 1, 9), Axis(50, 3, 1, 1, 1, 50)
    for name in ("convolve", "convolve_input"):
        made = [getattr(launches_of, name)(b, [a, a], 64, 64, "float32", False)
                for b, a in ((640, small), (70, large))]  # fmt: skip
        assert made[0].source == made[1].source


# -- CUDA's compiler ------------------------------------------------------------------------------


def every_text():
    """Products and convolutions of all kinds."""
    chosen = [Cut(SINGLE[0], 1), Cut(SINGLE[3], 3), Cut(DOUBLE[0], 9)]
    one, odd = axis(16, 3, 2, 1, "SAME"), axis(15, 3, 1, 2, "SAME")
    for cut_, dtype in zip(chosen, ("float32", "float32", "float64")):
        yield cut_, lambda dtype=dtype: flattened([
            product_launch(8, 8, 8, True, True, 8, 8, 8, 1, 1, dtype),
            product_launch(9, 9, 9, False, False, 9, 9, 9, 2, 0, dtype, 3, (81, 81, 81)),
            *(getattr(launches_of, name)(2, along, depth, count, dtype, first)
              for name in ("convolve", "convolve_input", "convolve_filter")
              for along, depth, count in (([one, one], 8, 8), ([odd, one], 3, 5),
                                          ([odd, one, odd], 8, 6))
              for first in (False, True)),
        ])  # fmt: skip


@pytest.mark.parametrize("architecture", ["sm_75", "sm_90"])
@pytest.mark.parametrize("which", range(3))
def test_the_texts_compile(cut_as, which, architecture):
    pytest.importorskip("cuda.bindings.nvrtc")
    chosen, make = list(every_text())[which]
    cut_as(chosen)
    for launch in make():
        assert not compiled(launch, architecture)
