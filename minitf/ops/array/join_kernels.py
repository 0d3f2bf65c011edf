"""Kernels in C and CUDA that lay arrays side by side: of `tf.concat` and `tf.stack`."""
import math

from minitf.core.cuda.threads import BLOCK, kernel, launched
from minitf.core.kernel import Kernel

MOST_JOINED = 60  # arrays of one kernel

# In CUDA: blockIdx.y is the number of a part.
JOIN = """\
  const T *part = x0;
  INDEX length = n0, before = 0;
  switch (blockIdx.y) {
CASES
  }
  const INDEX i = blockIdx.x * (INDEX)blockDim.x + threadIdx.x;
  if (i < rows * length) y0[i / length * whole + before + i % length] = part[i];"""


def join_launches(values, outputs, axis):
    """The launch that lays rows of `values` side by side: rows are what follows from `axis` on."""
    count = math.prod(values[0].shape[:axis])
    lengths = [math.prod(value.shape[axis:]) for value in values]
    sizes = {"rows": count, "whole": sum(lengths)}
    sizes |= {f"n{k}": length for k, length in enumerate(lengths)}
    cases = [f"    case {k}: part = x{k}; length = n{k}; before = before{k}; break;"
             for k in range(1, len(values))]  # fmt: skip
    sizes |= {f"before{k}": sum(lengths[:k]) for k in range(1, len(values))}
    grid = max(1, -(-count * max(lengths) // BLOCK)), len(values)
    launch = kernel(JOIN.replace("CASES", "\n".join(cases)), values, outputs, grid, BLOCK,
                    sizes=sizes) if len(values) <= MOST_JOINED else None  # fmt: skip
    return launched(launch, count * sum(lengths))


def join_kernel(values, axis):
    """The kernel that lays rows of `values` side by side: rows are what follows from `axis` on.

    None where a row is not contiguous, or rows are not a fixed stride apart.
    """
    rows, strides = 1, [value.row_stride(axis) for value in values]
    for size in values[0].shape[:axis]:
        rows *= size
    if None in strides or len(values) > MOST_JOINED:
        return None
    sizes = [rows, len(values)]
    for value, stride in zip(values, strides):
        length = math.prod(value.shape[axis:]) * value.dtype.itemsize
        sizes += [length, stride * value.dtype.itemsize]
    return Kernel(sizes=tuple(sizes), function="minitf_join", strided=True)
