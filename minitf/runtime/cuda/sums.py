"""The sums in generated CUDA kernels: in registers, over a warp, over a block, over all blocks."""
from __future__ import annotations

from minitf.runtime.loops import Access, Loop, Write
from minitf.runtime.scalars import C_TYPES, INTEGERS

TYPES = {**C_TYPES, **INTEGERS}
THREADS = 256  # of a block
WARP = 32
AT_ONCE = 4  # elements that a thread of a sum fetches before it goes on with the first

# How a reduction starts, and combines: floats in double precision, integers in 64 bits.
STARTS = {"sum": "0", "mean": "0", "prod": "1", "any": "0", "all": "1"}
TEXTS = {
    "sum": "{a} + {b}", "mean": "{a} + {b}", "prod": "{a} * {b}",
    "max": "larger({a}, {b})", "min": "smaller({a}, {b})", "any": "{a} | {b}", "all": "{a} & {b}",
}  # fmt: skip
LEAST = {
    "int8": "-128", "int16": "-32768", "int32": "(-2147483647 - 1)",
    "int64": "(-9223372036854775807LL - 1)",
}  # fmt: skip
GREATEST = {
    "int8": "127", "int16": "32767", "int32": "2147483647", "int64": "9223372036854775807LL",
    "uint8": "255", "uint16": "65535", "uint32": "4294967295u", "bool": "1",
}  # fmt: skip


class Sums:
    """The part of a kernel's text that is about the reductions which close its loop."""

    loop: Loop
    sums: list[tuple[int, Write]]  # with their numbers among the outputs

    def _type(self, write: Write) -> str:
        """Of an accumulator."""
        return "double" if write.access.dtype.startswith("float") else "int64_t"

    def _start(self, write: Write) -> str:
        floats = write.access.dtype.startswith("float")
        if write.combine == "max":
            return "-INFINITY" if floats else LEAST.get(write.access.dtype, "0")
        if write.combine == "min":
            return "INFINITY" if floats else GREATEST[write.access.dtype]
        return STARTS[write.combine]

    def _added(self, k: int, write: Write, value: str) -> str:
        text = TEXTS[write.combine].format(a=f"t{k}", b=f"({self._type(write)})({value})")
        return f"t{k} = {text};"

    def _reread(self, write: Write, place: str) -> str:
        return f"*({self._type(write)} *)&{place}"

    def _accumulators(self, pad: str) -> list[str]:
        return [f"{pad}{self._type(w)} t{k} = {self._start(w)};" for k, w in self.sums]

    def _restarted(self, pad: str) -> list[str]:
        return [f"{pad}t{k} = {self._start(w)};" for k, w in self.sums]

    def _shared(self, warps: int) -> list[str]:
        """Memory through which warps of a block exchange their sums."""
        if warps < 2:
            return []
        return [f"  __shared__ {self._type(w)} shared{k}[{warps}];" for k, w in self.sums]

    def _over_lanes(self, lanes: int, pad: str) -> list[str]:
        if lanes == 1:
            return []
        text = [f"{pad}for (int lane = {lanes // 2}; lane; lane /= 2) {{"]
        for k, w in self.sums:
            other = f"__shfl_xor_sync(0xffffffff, t{k}, lane)"
            text.append(f"{pad}  {self._added(k, w, other)}")
        return [*text, f"{pad}}}"]

    def _over_warps(self, warps: int, pad: str) -> list[str]:
        """After which the first thread has the sum of the block."""
        text = [f"{pad}__syncthreads();"]
        text += [f"{pad}if (threadIdx.x % {WARP} == 0) shared{k}[threadIdx.x / {WARP}] = t{k};"
                 for k, _ in self.sums]  # fmt: skip
        text += [f"{pad}__syncthreads();", f"{pad}if (threadIdx.x == 0)"]
        text += [f"{pad}  for (int warp = 1; warp < {warps}; warp++) {{"]
        text += [f"{pad}    {self._added(k, w, f'shared{k}[warp]')}" for k, w in self.sums]
        return [*text, f"{pad}  }}"]

    def _over_block(self, pad: str) -> list[str]:
        return [*self._over_lanes(WARP, pad), *self._over_warps(THREADS // WARP, pad)]

    def _over_height(self, height: int, pad: str) -> list[str]:
        """After which the top row of threads has the sums of the block's columns."""
        text = [f"{pad}__syncthreads();"]
        text += [f"{pad}shared{k}[threadIdx.y][threadIdx.x] = t{k};" for k, _ in self.sums]
        text += [f"{pad}__syncthreads();", f"{pad}if (threadIdx.y == 0)"]
        text += [f"{pad}  for (int y = 1; y < {height}; y++) {{"]
        text += [f"{pad}    {self._added(k, w, f'shared{k}[y][threadIdx.x]')}"
                 for k, w in self.sums]  # fmt: skip
        return [*text, f"{pad}  }}"]

    def _last_block(self, blocks: str, ticket: str, kept: list[str], has_sum: str) -> list[str]:
        """Leave the block's sums behind; only the last block that does so goes on."""
        text = ["  double *partial = (double *)scratch;  // or integers of as many bytes",
                "  __shared__ bool last;", f"  if ({blocks} > 1) {{"]  # fmt: skip
        text += [f"    if ({has_sum}) {{"]
        text += [f"      {self._reread(w, place)} = t{k};"
                 for (k, w), place in zip(self.sums, kept)]  # fmt: skip
        text += ["    }", "    __threadfence();", "    __syncthreads();",
                 "    if (threadIdx.x == 0 && threadIdx.y == 0) {",
                 f"      last = atomicAdd(&{ticket}, 1) == {blocks} - 1;",
                 f"      if (last) {ticket} = 0;", "    }", "    __syncthreads();",
                 "    if (!last) return;", "    __threadfence();"]  # fmt: skip
        return text

    def _gathered(
        self, start: str, count: str, step: int, kept: list[str], pad: str
    ) -> list[str]:
        """Add what blocks have left behind, where `b` is the block's number."""
        sums = list(zip(self.sums, kept))
        text = [f"for (int next = {start}; next < {count}; next += {AT_ONCE * step}) {{"]
        text += [f"  {self._type(w)} from{k}[{AT_ONCE}];" for k, w in self.sums]
        each = [f"  #pragma unroll {AT_ONCE}", f"  for (int e = 0; e < {AT_ONCE}; e++) {{"]
        text += [*each, f"    const int b = next + e * {step};"]
        text += [f"    from{k}[e] = b < {count} ? {self._reread(w, place)} : {self._start(w)};"
                 for (k, w), place in sums]  # fmt: skip
        text += ["  }", *each, *(f"    {self._added(k, w, f'from{k}[e]')}" for k, w in self.sums)]
        return [pad + line for line in [*text, "  }", "}"]]

    def _stored(self, pad: str) -> list[str]:
        return [f"{pad}y{k}[{place_in(f'y{k}', w.access)}] = ({TYPES[w.access.dtype]})"
                f"(t{k}{self._count(w)});" for k, w in self.sums]  # fmt: skip

    def _count(self, write: Write) -> str:
        if write.combine != "mean":
            return ""
        gone = [f"(double)n{d}" for d, reduced in enumerate(self.loop.reduced) if reduced]
        return f" / ({' * '.join(gone)})"


def place_in(name: str, access: Access) -> str:
    """The index of an element, from those along the dimensions."""
    terms = {"1": "i{d}", "s": "i{d} * {name}_{d}"}
    index = [terms[a].format(d=d, name=name) for d, a in enumerate(access.along) if a != "0"]
    return " + ".join(index) or "0"
