"""How near a training step comes to the BLAS: `python -m benchmarks.products`.

The matrix products of the wide network alone, by `np.dot` into arrays that are there, with the
BLAS's own threads, against the whole step by minitf, by turns. 1.0 means that everything but the
products is free; more, that they are faster divided among minitf's threads.
"""
from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from itertools import pairwise

import numpy as np

import minitf as tf
from benchmarks import rows
from benchmarks.measure import PAUSE
from benchmarks.peers import graph

ROUNDS = 11


def products(row: rows.Row) -> Callable[[], None]:
    """The step's products: layer by layer forward, the two gradients back."""
    random = np.random.default_rng(0)

    def matrix(*shape: int) -> np.ndarray:
        return random.standard_normal(shape).astype(np.float32)

    layers = [matrix(row.batch, size) for size in row.sizes]
    weights = [matrix(*pair) for pair in pairwise(row.sizes)]
    gradients = [np.empty_like(weight) for weight in weights]

    def run() -> None:
        for k, weight in enumerate(weights):
            np.dot(layers[k], weight, out=layers[k + 1])
        for k in reversed(range(len(weights))):
            np.dot(layers[k].T, layers[k + 1], out=gradients[k])
            if k:
                np.dot(layers[k + 1], weights[k].T, out=layers[k])

    return run


def seconds(run: Callable[[], object]) -> float:
    time.sleep(PAUSE)
    run()
    start = time.perf_counter()
    for _ in range(3):
        run()
    return (time.perf_counter() - start) / 3


def main() -> None:
    row = rows.WIDE
    step, alone = graph.build(tf, row).step, products(row)
    pairs = [(seconds(alone), seconds(step)) for _ in range(ROUNDS)]
    ratio = statistics.median(one / other for one, other in pairs)
    one, other = (statistics.median(times) for times in zip(*pairs))
    sizes = [a * b for a, b in pairwise(row.sizes)]
    flops = 2 * row.batch * (3 * sum(sizes) - sizes[0])
    print(f"{row.name}: products alone {shown(one, flops)}, whole step {shown(other, flops)}: "
          f"{ratio:.2f}")  # fmt: skip


def shown(seconds: float, flops: float) -> str:
    return f"{seconds * 1e3:.1f} ms ({flops / seconds / 1e9:.0f} GFLOP/s)"


if __name__ == "__main__":
    main()
