"""Convolution and pooling in C against the rate of the machine.

    python -m benchmarks.convolution [THREADS]

The rate is that of products and sums that stay in registers, on as many threads.
"""
import os
import sys
import time

import numpy as np

from minitf.backend import native
from minitf.core.kernel import Kernel
from minitf.nn.kernels.direct_convolution import convolve, convolve_input
from minitf.nn.kernels.direct_filter import convolve_filter
from minitf.nn.kernels.direct_layout import END, VECTORS, constants
from minitf.nn.kernels.direct_pooling import (
    average_pool,
    average_pool_gradient,
    max_pool,
    max_pool_gradient,
)
from minitf.nn.windows import axis
from minitf.runtime.quick import run

SECONDS = 0.5  # for each kernel
BATCH = 50
CONVOLUTIONS = [  # of images and, with three axes, of volumes
    (2, 28, 1, 5, 32), (2, 14, 32, 5, 64), (2, 14, 64, 3, 128), (2, 7, 256, 3, 256),
    (3, 12, 3, 3, 32), (3, 8, 32, 3, 64),
]  # fmt: skip
POOLINGS = [(28, 32, 2, 2), (28, 32, 3, 2), (28, 32, 3, 1)]

# Twelve sums: more than wait for each other on most processors, and fewer than the registers.
PEAK = """\
#ifdef __aarch64__
#define NAME_register "+w"
#else
#define NAME_register "+x"
#endif
static void NAME_part(void *context, int64_t part) {
  const task *t = context;
  NAME_vector sums[12] = {0}, factor = {0};
  for (int64_t i = 0; i < t->n[0]; i++)
    #pragma GCC unroll 16
    for (int k = 0; k < 12; k++) {
      sums[k] += factor * factor;
      __asm__ volatile("" : NAME_register(sums[k]));
    }
  ((double *)t->p[0])[0] = NAME_lanes * 12;
}

static void NAME(const int64_t *n, void *const *p) {
  task t = {n, p};
  divide(NAME_part, &t, 1);
}
"""


def seconds(kernel, arrays):
    """The least time of a call."""
    run(kernel, *arrays)  # compiled
    best, start = float("inf"), time.perf_counter()
    while (now := time.perf_counter()) - start < SECONDS:
        run(kernel, *arrays)
        best = min(best, time.perf_counter() - now)
    return best


def peak(threads):
    """Products and sums in a second, in units of 1e9."""
    head, lanes, repeats = constants("float32"), np.zeros(1), 100_000
    best = seconds(Kernel(head + VECTORS + PEAK + END, (repeats,)), [lanes])
    return 2 * lanes[0] * repeats * threads / best / 1e9


def ones(*shape):
    return np.ones(shape, np.float32)


def convolutions(rate):
    for axes, size, depth, window, count in CONVOLUTIONS:
        along = [axis(size, window, 1, 1, "SAME")] * axes
        x, y = (ones(BATCH, *[size] * axes, channels) for channels in (depth, count))
        w = ones(*[window] * axes, depth, count)
        work = 2e-9 * x.size * window**axes * count
        for make, arrays in [
            (convolve, (x, w, y)), (convolve_filter, (x, y, w)), (convolve_input, (w, y, x))
        ]:  # fmt: skip
            best = seconds(make(BATCH, along, depth, count, "float32"), arrays)
            sizes, windows = ("x".join([str(n)] * axes) for n in (size, window))
            name = f"{make.__name__} {sizes}x{depth} {windows}x{count}"
            got = work / best
            print(f"{name:40} {best * 1e3:8.3f} ms {got:6.0f} GFLOP/s {got / rate:6.0%}")


def poolings():
    for size, depth, window, stride in POOLINGS:
        a = axis(size, window, stride, 1, "SAME")
        x, dx = ones(BATCH, size, size, depth), ones(BATCH, size, size, depth)
        y, dy = ones(BATCH, a.output, a.output, depth), ones(BATCH, a.output, a.output, depth)
        for make, arrays in [
            (max_pool, (x, y)), (max_pool_gradient, (x, y, dy, dx)),
            (average_pool, (x, y)), (average_pool_gradient, (dy, dx)),
        ]:  # fmt: skip
            best = seconds(make(BATCH, [a, a], depth, "float32"), arrays)
            name = f"{make.__name__} {size}x{size}x{depth} {window}x{window}/{stride}"
            print(f"{name:40} {best * 1e3:8.3f} ms")


def main():
    threads = int(sys.argv[1]) if len(sys.argv) > 1 else len(os.sched_getaffinity(0))
    native.limit_threads(threads)
    rate = peak(threads)
    print(f"batch {BATCH}, {threads} threads, at most {rate:.0f} GFLOP/s in float32")
    convolutions(rate)
    poolings()


if __name__ == "__main__":
    main()
