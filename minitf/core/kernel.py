"""Kernels in C, for the CPU, and in CUDA: what the traits `native` and `cuda` of an op return.

    @conv2d.trait
    def native(inputs, outputs, *, strides, padding): ...

`inputs` and `outputs` are Arrays; an input that is static (an axis, a shape) comes as its value.
None leaves the step to NumPy, or to CuPy.
"""
from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np


class Array(NamedTuple):
    """What a kernel is told of an array; `strides` count elements."""

    shape: tuple[int, ...]
    dtype: np.dtype
    strides: tuple[int, ...] = ()

    @property
    def contiguous(self) -> bool:
        """Whether the elements lie one after the other, the last axis fastest."""
        return self.strides == contiguous_strides(self.shape)

    def row_stride(self, axis: int) -> int | None:
        """The stride from one row to the next, where the axes from `axis` on are a row.

        None unless rows are contiguous and as far apart from each other everywhere.
        """
        row = contiguous_strides(self.shape[axis:])
        if self.strides[axis:] != row:
            return None
        lead = [(n, s) for n, s in zip(self.shape[:axis], self.strides) if n != 1]
        if any(a[1] != b[0] * b[1] for a, b in pairwise(lead)):
            return None
        return lead[-1][1] if lead else 0


class Kernel(NamedTuple):
    """A C function `static void NAME(const int64_t *n, void *const *p)`.

    `n` are the `sizes`, `p` the data of the inputs (static ones left out) and outputs, in order,
    and then, when `scratch` is not 0, memory to work in: so many bytes (a multiple of 64) for each
    thread. What a Session keeps for an op that has `state` stands before the inputs. The word NAME
    stands for the function's name. Sizes that change from run to run, as the batch does, belong
    into `sizes` and not into the text: each text is compiled once.

    Instead of `source`, `function` may name a function of the base library. Arrays are contiguous
    when the kernel runs, unless it is `strided`: then it has looked at their strides. The output of
    an op that is `inplace` may be its input.
    """

    source: str = ""
    sizes: tuple[int, ...] = ()
    scratch: int = 0
    function: str = ""
    strided: bool = False


class Launch(NamedTuple):
    """A kernel in CUDA, `extern "C" __global__ void NAME(...)`, and how it is launched.

    Its parameters are the `sizes`, each an `int64_t`, then pointers to what a Session keeps for an
    op that has `state`, to the inputs (static ones left out) and outputs, in order, then, when
    `tickets` is not 0, an `unsigned *` to so many that are 0 when it starts and that it leaves 0,
    and, when `scratch` is not 0, a `void *` to so many bytes to work in. The word NAME stands for
    the function's name. What changes from run to run belongs into `sizes`: each text is compiled
    once. `backend/elements.cuh` stands before it.

    An op that needs several launches returns a list of them; all get the same arrays and the same
    scratch. Arrays are contiguous, and begin at multiples of 16 bytes, unless it is `strided`. What
    changes a variable writes through the output, which is the variable's memory. A launch may not
    wait for the device, allocate, or depend on what other launches run at the same time: it becomes
    a node of a CUDA graph.
    """

    source: str
    sizes: tuple[int, ...]
    grid: tuple[int, ...]
    block: tuple[int, ...]
    scratch: int = 0
    tickets: int = 0
    strided: bool = False


class Product(NamedTuple):
    """Matrix products by the BLAS of the GPU: d = alpha * a b + beta * c, `batch` times.

    `sizes` are m, n and k; `turned` says of a and b whether they are transposed as they lie in
    memory, row by row, `rows` is how far apart the rows of a, b and d are, `steps` how far the
    matrices of a batch. `arrays` are the places of a, b, c and d among the arrays of the step.
    """

    dtype: np.dtype
    sizes: tuple[int, int, int]
    turned: tuple[bool, bool]
    rows: tuple[int, int, int]
    alpha: float = 1.0
    beta: float = 0.0
    batch: int = 1
    steps: tuple[int, int, int] = (0, 0, 0)
    aligned: bool = True  # whether all begin at multiples of 16 bytes
    arrays: tuple[int, int, int, int] = (0, 1, 2, 2)
    strided: bool = True


def contiguous_strides(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The strides, in elements, of an array of this shape without gaps; 0 along axes of size 1."""
    strides, step = [], 1
    for size in reversed(shape):
        strides.append(step if size != 1 else 0)
        step *= size
    return tuple(reversed(strides))
