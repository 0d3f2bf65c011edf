"""Softmax cross-entropy down the columns of the transpose, against along the rows.

    python -m benchmarks.narrow_softmax

Backs `NARROW` in minitf/nn/loss.py: up to how many classes the detour by the transpose pays.
"""
import timeit

import numpy as np

from minitf.nn import loss

REPEATS = 7


def microseconds(logits, labels):
    kernel = loss.softmax_cross_entropy_op.kernel
    number = max(3, 200_000 // logits.size)
    times = timeit.repeat(lambda: kernel(np, logits, labels), number=number, repeat=REPEATS)
    return min(times) / number * 1e6


def main():
    print(f"{'batch':>6} {'classes':>7} {'rows':>10} {'columns':>10}  microseconds")
    for batch, classes in [(128, 2), (128, 10), (10_000, 10), (128, 32), (128, 100), (128, 1000)]:
        logits = np.random.default_rng(0).standard_normal((batch, classes), np.float32)
        labels = np.eye(classes, dtype=np.float32)[np.arange(batch) % classes]
        times = []
        for loss.NARROW in (0, classes):
            times.append(microseconds(logits, labels))
        print(f"{batch:6} {classes:7} {times[0]:10.1f} {times[1]:10.1f}")


if __name__ == "__main__":
    main()
