"""One training step, minitf against the same step by hand in NumPy: `python -m benchmarks`.

The two take turns, block by block, in one process, so that a busy machine slows both: the ratio is
what to look at. BLAS threads are as the environment says (OPENBLAS_NUM_THREADS).
"""
from __future__ import annotations

import argparse
import os
import platform
import statistics
import time

import numpy as np

from benchmarks.models import ROWS, Step

BLOCK = 0.02  # seconds that one turn lasts


def seconds(step: Step, count: int) -> float:
    start = time.perf_counter()
    for _ in range(count):
        step()
    return (time.perf_counter() - start) / count


def compared(ours: Step, by_hand: Step, turns: int) -> tuple[list[float], list[float]]:
    """Seconds per step of each, turn by turn."""
    counts = [max(1, round(BLOCK / seconds(step, 20))) for step in (ours, by_hand)]
    pairs = [(seconds(ours, counts[0]), seconds(by_hand, counts[1])) for _ in range(turns)]
    a, b = zip(*pairs)
    return list(a), list(b)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=51)
    parser.add_argument("--only", default="", help="rows whose name contains this")
    options = parser.parse_args()
    threads = os.environ.get("OPENBLAS_NUM_THREADS", "default")
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, load "
          f"{os.getloadavg()[0]:.1f}, Python {platform.python_version()}, NumPy {np.__version__}, "
          f"BLAS threads: {threads}; {options.turns} turns, medians")  # fmt: skip
    print(f"{'microseconds per training step':42} {'minitf':>9} {'by hand':>9} {'ratio':>7}")
    for name, (ours, by_hand) in ROWS.items():
        if options.only in name:
            a, b = compared(ours(), by_hand(), options.turns)
            ratio = statistics.median(m / n for m, n in zip(a, b))
            print(f"{name:42} {statistics.median(a) * 1e6:9.1f} "
                  f"{statistics.median(b) * 1e6:9.1f} {ratio:7.2f}")  # fmt: skip


if __name__ == "__main__":
    main()
