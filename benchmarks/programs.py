"""Pieces of programs against TensorFlow 1.15: `python -m benchmarks.programs --python tf1=PATH`.

Input by datasets and queues, Keras, and graphs as they are built and written: the rows of
`program_rows`. minitf and TensorFlow take turns, each in a process of its own.
"""
from __future__ import annotations

import argparse
import statistics
from dataclasses import replace

from benchmarks import machine
from benchmarks.measure import Run, step_seconds
from benchmarks.processes import PEERS
from benchmarks.program_rows import PROGRAMS
from benchmarks.rows import Row


def main() -> None:
    parser = argparse.ArgumentParser("python -m benchmarks.programs", description=__doc__)
    parser.add_argument("--peers", default="minitf,tf1")
    parser.add_argument("--python", action="append", default=[], metavar="PEER=PATH")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.2)
    parser.add_argument("--only", default="", help="rows whose name contains one of these, a|b")
    options = parser.parse_args()
    pythons = dict(pair.partition("=")[::2] for pair in options.python)
    peers = [
        replace(PEERS[name], python=pythons.get(name, PEERS[name].python))
        for name in options.peers.split(",")
    ]
    run, before = Run(peers, options.rounds, options.seconds), machine.load()
    print(f"| milliseconds | {' | '.join(peer.label for peer in peers)} | ratio |")
    print("|---|" + "---:|" * (len(peers) + 1), flush=True)
    for name in PROGRAMS:
        if any(word in name for word in options.only.split("|")):
            print(line(name, step_seconds(Row(name, "program", ()))(run)[name]), flush=True)
    print(f"\n{machine.machine()}, load {before} before, {machine.load()} after")
    for note in [*run.notes, *run.failures]:
        print(note)


def line(name: str, times: dict[str, list[float]]) -> str:
    """Milliseconds of each peer, and the median of the rounds' ratios of the first to the last."""
    cells = [f"{1e3 * statistics.median(samples):.2f}" for samples in times.values()]
    first, *_, last = times.values()
    ratio = statistics.median(one / other for one, other in zip(first, last))
    return "| " + " | ".join([name, *cells, f"{ratio:.2f}"]) + " |"


if __name__ == "__main__":
    main()
