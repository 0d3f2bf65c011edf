"""What is measured on a GPU: training steps, what they are held to, and the sweep."""
from __future__ import annotations

from itertools import pairwise, product
from typing import NamedTuple

from benchmarks import rows
from benchmarks.processes import Peer
from benchmarks.rows import Row

CPU = Peer("cpu", "minitf, CPU", "minitf", "minitf", environment={"MINITF_DEVICE": "cpu"})
FULL, TF32 = {"CUPY_TF32": "0", "MINITF_DEVICE": ""}, {"CUPY_TF32": "1", "MINITF_DEVICE": ""}
GPU = Peer("gpu", "minitf, GPU", "minitf_gpu", "minitf", environment=FULL)
GPU32 = Peer("gpu32", "minitf, GPU, TF32", "minitf_gpu", "minitf", environment=TF32)
CUPY = Peer("cupy", "CuPy", "cupy", "cupy", environment=FULL)
CUPY32 = Peer("cupy32", "CuPy, TF32", "cupy", "cupy", environment=TF32)
OTHERS = [
    Peer("torch", "PyTorch eager", "torch_gpu", "torch"),
    Peer("graphs", "PyTorch, CUDA graphs", "torch_graphs", "torch"),
    Peer("jax", "JAX jit", "jax_gpu", "jax",
         environment={"XLA_PYTHON_CLIENT_PREALLOCATE": "false"}),
]  # fmt: skip
LABELS = {peer.name: peer.label for peer in [CPU, GPU, GPU32, CUPY, CUPY32, *OTHERS]}


class Aim(NamedTuple):
    """What a row's step is divided by, and the most (of a rate: the least) that it may come to."""

    against: str  # captured: the faster of PyTorch's graphs and JAX; torch; product; copy
    limit: float


TALK, WIDE = Aim("captured", 0.6), Aim("captured", 1.0)
LARGE = Row("784-4x8192-10 relu, batch 4096", "dense", (784, *[8192] * 4, 10), 4096)
ELEMENTS = 100_000_000
CHAIN = Row("element-wise chain and its gradient, 100 M elements", "chain", (ELEMENTS,))
STEPS: list[tuple[Row, Aim | None]] = [
    (rows.ROWS[1], TALK),
    (rows.ROWS[2], TALK),
    (rows.NOTEBOOK, TALK),
    (rows.WIDE, WIDE),
    (rows.ROWS[7], Aim("torch", 1.3)),
    (CHAIN, Aim("copy", 0.8)),
    (LARGE, Aim("product", 0.85)),
    (rows.ROWS[8], None),
]

WIDTHS = (64, 128, 256, 512, 1024, 2048, 4096, 8192)
BATCHES = (32, 128, 512, 2048, 8192)
DEPTHS = (2, 4)
SIDE = 8192  # of the plain product that says what the BLAS reaches
COPIED = 1 << 30  # bytes


def mlp(width: int, batch: int, depth: int) -> Row:
    name = f"784-{depth}x{width}-10, batch {batch}"
    return Row(name, "dense", (784, *[width] * depth, 10), batch)


def sweep() -> list[tuple[int, int, int]]:
    """Widths, batches and depths: a coarse grid first, that between its points later."""
    points = list(product(DEPTHS, BATCHES, WIDTHS))
    coarse = {(b, w) for b in BATCHES[::2] for w in WIDTHS[::2]}
    points.sort(key=lambda p: (p[1:] not in coarse, p[0], flops(mlp(p[2], p[1], p[0]))))
    return [(width, batch, depth) for depth, batch, width in points]


def flops(row: Row) -> float:
    """Of the matrix products of a training step; 0 for other models than dense ones."""
    if row.model != "dense":
        return 0.0
    sizes = [a * b for a, b in pairwise(row.sizes)]
    return 2.0 * row.batch * (3 * sum(sizes) - sizes[0])


def moved(row: Row) -> int:
    """Bytes that a step of the chain has to read and write: its variable, once each."""
    return 8 * row.sizes[0]
