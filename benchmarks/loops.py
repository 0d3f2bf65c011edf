"""Training steps of recurrent networks in a loop: `python -m benchmarks.loops --python tf1=PATH`.

Each is a `tf.scan` with its gradient; minitf and TensorFlow 1.15 take turns, each in a process of
its own. The last column says how long a step of minitf takes, compared with TensorFlow's.
"""
from __future__ import annotations

import argparse
import statistics
from dataclasses import replace

from benchmarks.measure import Run, step_seconds
from benchmarks.processes import PEERS
from benchmarks.rows import LOOPS


def main() -> None:
    parser = argparse.ArgumentParser("python -m benchmarks.loops", description=__doc__)
    parser.add_argument("--peers", default="minitf,nojit,tf1")
    parser.add_argument("--python", action="append", default=[], metavar="PEER=PATH")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--seconds", type=float, default=0.2)
    parser.add_argument("--cores", type=int)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    pythons = dict(pair.partition("=")[::2] for pair in options.python)
    peers = [
        replace(PEERS[name], python=pythons[name]) if name in pythons else PEERS[name]
        for name in options.peers.split(",")
    ]
    run = Run(peers, options.rounds, options.seconds, options.cores)
    for row in LOOPS:
        if options.only in row.name:
            times = step_seconds(row)(run)[row.name]
            print(f"{row.name}: {described(times)}", flush=True)
    for failure in run.failures:
        print(failure)


def described(times: dict[str, list[float]]) -> str:
    """Milliseconds of each peer, and the median of the rounds' ratios to TensorFlow."""
    parts = []
    for name, samples in times.items():
        text = f"{name} {1e3 * statistics.median(samples):.2f} ms"
        if name != "tf1" and "tf1" in times:
            ratios = [one / other for one, other in zip(samples, times["tf1"])]
            text += f" ({statistics.median(ratios):.2f} of TensorFlow 1.15)"
        parts.append(text)
    return ", ".join(parts)


if __name__ == "__main__":
    main()
