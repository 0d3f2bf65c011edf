"""Kernels in CUDA with a thread for each element of what they make, or sums over many elements."""
from __future__ import annotations

import numpy as np

from minitf.core.kernel import Launch

REALS = {"float32": ("float", "fmaf"), "float64": ("double", "fma")}
LIMIT = (1 << 31) - (1 << 16)  # elements: indices have 32 bits
THREADS = 256
PROCESSORS = 132  # of an H100; the choice is not far off for others

DIVIDED = """\
/* n / d for 0 <= n: see divisor() in Python. */
static __device__ inline int NAME_divided(int n, int64_t by) {
  unsigned high = (unsigned)(((uint64_t)(unsigned)n * (uint32_t)by) >> 32);
  return (int)((high + (unsigned)n) >> (int)(by >> 32));
}
"""

EACH = """\
  const int at = blockIdx.x * NAME_threads + threadIdx.x;
  if (at >= count) return;
"""

# The sums over the parts of each column, in order.
ADDED = """\
  const int at = blockIdx.x * NAME_threads + threadIdx.x;
  if (at >= columns) return;
  const NAME_real *part = (const NAME_real *)scratch + at;
  NAME_real sum = 0;
  #pragma unroll 8
  for (int i = 0; i < parts; i++) sum += part[(int64_t)i * columns];
  out[at] = sum;
"""


def divisor(d: int) -> int:
    """What NAME_divided takes, to divide numbers from 0 to 2**31 by d without a division.

    [Granlund and Montgomery 1994, "Division by Invariant Integers using Multiplication"]
    """
    shift = max(d - 1, 0).bit_length()
    factor = ((1 << 32) * ((1 << shift) - d)) // max(d, 1) + 1
    return factor | shift << 32


def listed(constants: dict[str, int]) -> str:
    """The constants as an enum's."""
    return ", ".join(f"NAME_{name} = {value}" for name, value in constants.items())


def type_of(name: str) -> str:
    """The type of a size: what `divisor` returns, named `by_`, and steps have 64 bits."""
    return "int64_t" if name.startswith(("by_", "step_")) else "int"


def kernel(
    body: str,
    sizes: dict[str, int],
    arrays: str,
    dtype: np.dtype,
    blocks: int,
    constants: dict[str, int] | None = None,
    scratch: int = 0,
) -> Launch:
    """A kernel of `blocks` blocks of THREADS threads.

    In its `body` the sizes stand under their names, and so do the `arrays` (words; the last is
    written to), of NAME_real, and constants as NAME_constant.
    """
    real, _ = REALS[str(dtype)]
    *inputs, output = arrays.split()
    parameters = [*(f"int64_t n_{name}" for name in sizes), *(f"const {real} *{x}" for x in inputs)]
    parameters += [f"{real} *{output}", *(["void *scratch"] if scratch else [])]
    known = "".join(f"  const {type_of(x)} {x} = ({type_of(x)})n_{x};\n" for x in sizes)
    named = listed({"threads": THREADS, **(constants or {})})
    head = f"typedef {real} NAME_real;\nenum {{ {named} }};\n"
    bound = f"__launch_bounds__({THREADS})"
    text = f'extern "C" __global__ void {bound} NAME({", ".join(parameters)}) {{\n{known}{body}}}\n'
    return Launch(head + DIVIDED + text, tuple(sizes.values()), (blocks,), (THREADS,), scratch)


def for_each(
    body: str, count: int, sizes: dict[str, int], arrays: str, dtype: np.dtype,
    constants: dict[str, int] | None = None,
) -> Launch:  # fmt: skip
    """A kernel whose body is run for each `at` below `count`."""
    sizes = {"count": count, **sizes}
    return kernel(EACH + body, sizes, arrays, dtype, -(-count // THREADS), constants)


def parts_of(length: int, groups: int, least: int) -> tuple[int, int]:
    """Into how many parts sums of so many elements are split, and the length of these, so that
    `groups` times the parts fill the device. Parts have at least `least` elements."""
    parts = max(1, min(4 * PROCESSORS // groups, length // least, 65535))
    size = -(-length // parts)
    return -(-length // size), size


def added(columns: int, parts: int, arrays: str, dtype: np.dtype, scratch: int) -> Launch:
    """The kernel that adds the parts, rows in the scratch memory, to the last of the arrays."""
    sizes = {"columns": columns, "parts": parts}
    *inputs, _ = arrays.split()
    return kernel(ADDED, sizes, " ".join([*inputs, "out"]), dtype, -(-columns // THREADS),
                  scratch=scratch)  # fmt: skip
