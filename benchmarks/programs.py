"""Pieces of programs against TensorFlow 1.15: `python -m benchmarks.programs --python tf1=PATH`.

Input by datasets and queues, Keras, models, and graphs as they are built and written: the rows of
`program_rows`. minitf and TensorFlow take turns, each in a process of its own. With `--whole` the
scripts of `whole_rows`, from the start of a process to its end. `--processor` counts processor
time, which a busy machine changes less.
"""
from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import tempfile
import time
from dataclasses import replace

from benchmarks import eager_rows, machine, model_rows  # noqa: F401  rows register themselves
from benchmarks.measure import Run, emptied, step_seconds
from benchmarks.processes import PEERS, ROOT, Peer
from benchmarks.program_rows import PROGRAMS
from benchmarks.rows import Row
from benchmarks.whole_rows import SCRIPTS


def main() -> None:
    parser = argparse.ArgumentParser("python -m benchmarks.programs", description=__doc__)
    parser.add_argument("--peers", default="minitf,tf1")
    parser.add_argument("--python", action="append", default=[], metavar="PEER=PATH")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.2)
    parser.add_argument("--only", default="", help="rows whose name contains one of these, a|b")
    parser.add_argument("--whole", action="store_true", help="whole scripts")
    parser.add_argument("--processor", action="store_true", help="processor time of all threads")
    options = parser.parse_args()
    pythons = dict(pair.partition("=")[::2] for pair in options.python)
    peers = [
        replace(PEERS[name], python=pythons.get(name, PEERS[name].python))
        for name in options.peers.split(",")
    ]
    words, before = options.only.split("|"), machine.load()
    if options.whole:
        whole(peers, options.rounds, words, options.processor)
    else:
        clock = "processor" if options.processor else "time"
        pieces(Run(peers, options.rounds, options.seconds), words, clock)
    print(f"\n{machine.machine()}, load {before} before, {machine.load()} after")


def pieces(run: Run, words: list[str], clock: str) -> None:
    heading("milliseconds", [peer.label for peer in run.peers])
    for name in PROGRAMS:
        if any(word in name for word in words):
            times = step_seconds(Row(name, "program", ()), clock)(run)[name]
            print(line(name, {peer: [1e3 * t for t in found] for peer, found in times.items()}),
                  flush=True)  # fmt: skip
    for note in [*run.notes, *run.failures]:
        print(note)


def whole(peers: list[Peer], rounds: int, words: list[str], processor: bool) -> None:
    """Each script with an empty cache of kernels, and with one that has them."""
    heading("seconds", [f"{peers[0].label}, cache empty", *(peer.label for peer in peers)])
    for name in SCRIPTS:
        if any(word in name for word in words):
            times: dict[str, list[float]] = {}
            for _ in range(rounds):
                with tempfile.TemporaryDirectory() as cache:
                    for key, peer in [("empty", peers[0]), *((peer.name, peer) for peer in peers)]:
                        seconds = script_seconds(peer, name, cache, processor)
                        times.setdefault(key, []).append(seconds)
            print(line(name, times), flush=True)


def script_seconds(peer: Peer, name: str, cache: str, processor: bool) -> float:
    """From the start of a process to its end; or its processor time, that of compilers included."""
    command = [peer.python, "-m", "benchmarks.whole_rows", peer.module, name]
    environment = {**os.environ, **peer.environment, **emptied(cache)}
    clock = _of_children if processor else time.perf_counter
    start = clock()
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    return clock() - start


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def heading(unit: str, columns: list[str]) -> None:
    print(f"| {unit} | {' | '.join(columns)} | ratio |")
    print("|---|" + "---:|" * (len(columns) + 1), flush=True)


def line(name: str, times: dict[str, list[float]]) -> str:
    """The medians of each peer, and that of the rounds' ratios of minitf to the last."""
    cells = [f"{statistics.median(samples):.2f}" for samples in times.values()]
    *_, last = times.values()
    ratio = statistics.median(one / other for one, other in zip(times["minitf"], last))
    return "| " + " | ".join([name, *cells, f"{ratio:.2f}"]) + " |"


if __name__ == "__main__":
    main()
