"""Ops one at a time against TensorFlow 1.15: `python -m benchmarks.ops --python tf1=PATH`.

Each row of `op_rows` runs at a small and at a large size, without and with its gradient. The peers
are processes of their own that take turns in short rounds. The table is sorted by how long minitf
takes compared with TensorFlow: by the medians, and by the shortest rounds where those tell less.
"""
from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from benchmarks import machine, shape_rows  # noqa: F401  rows register themselves
from benchmarks.measure import Run
from benchmarks.op_rows import OPS
from benchmarks.processes import PEERS, Peer, Process
from benchmarks.rows import Row

PAUSE = 0.005  # seconds between two turns
PATIENCE = 120.0  # seconds for one answer
Times = dict[str, dict[str, list[float]]]


def main() -> None:
    parser = argparse.ArgumentParser("python -m benchmarks.ops", description=__doc__)
    parser.add_argument("--peers", default="minitf,nojit,tf1")
    parser.add_argument("--python", action="append", default=[], metavar="PEER=PATH")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.02)
    parser.add_argument("--only", default="", help="rows or families whose name contains this")
    parser.add_argument("--least", type=float, default=0.0, help="list ratios from here on")
    parser.add_argument("--json", type=Path, help="where to write the medians")
    options = parser.parse_args()
    pythons = dict(pair.partition("=")[::2] for pair in options.python)
    peers = [
        replace(PEERS[name], python=pythons.get(name, PEERS[name].python))
        for name in options.peers.split(",")
    ]
    run = Run(peers, options.rounds, options.seconds)
    before = machine.load()
    times = measured(run, [row for row in rows() if asked(row, options.only.split("|"))])
    report(times, run, options.least)
    print(f"\n{machine.machine()}, load {before} before, {machine.load()} after")
    if options.json:
        options.json.write_text(json.dumps(times))


def rows() -> Iterator[Row]:
    """The rows at both sizes; at the small one the op alone only if it has no gradient."""
    for name, op in OPS.items():
        for size in op.sizes:
            if size == max(op.sizes) or not op.gradient:
                yield Row(name, "op", (size,), 1, "")
            if op.gradient:  # with the op itself
                yield Row(name, "op", (size,), 1, "gradient")


def asked(row: Row, words: list[str]) -> bool:
    return any(word in title(row) or word in OPS[row.name].family for word in words)


def title(row: Row) -> str:
    size = "small" if row.sizes[0] == OPS[row.name].sizes[0] else "large"
    return f"{row.name}, {size}" + (", gradient" if row.activation else "")


def measured(run: Run, rows: list[Row]) -> Times:
    """Seconds of each round by row and peer."""
    times: Times = {}
    with ExitStack() as stack:

        def start(peer: Peer) -> Process:
            environment = {"MINITF_JIT": "1"} if peer.name == "minitf" else {}
            environment = {**environment, **peer.environment}
            return stack.enter_context(Process(peer, None, environment, PATIENCE))

        processes = run.answers("start", run.peers, start)
        for row in rows:
            found = times[title(row)] = of_row(run, row, processes)
            print(f"{ratio(found, 'minitf'):.2f} {title(row)}", file=sys.stderr, flush=True)
    return times


def of_row(run: Run, row: Row, processes: dict[Peer, Process]) -> dict[str, list[float]]:
    def prepare(peer: Peer) -> bool:
        processes[peer].ask("build", row)
        processes[peer].ask("warm_up", 2 * run.seconds, "step", 3)
        return True

    def block(peer: Peer) -> float:
        time.sleep(PAUSE)
        return processes[peer].ask("time", run.seconds)

    ready = run.answers(title(row), processes, prepare)
    samples = run.interleaved(title(row), ready, run.rounds, block)
    return {peer.name: found for peer, found in samples.items()}


# -- the report -----------------------------------------------------------------------------------


def ratio(times: dict[str, list[float]], name: str) -> float:
    """How long it takes compared with TensorFlow, by medians or minima: what is nearer to 1."""
    if name not in times or "tf1" not in times:
        return float("nan")
    found = [pick(times[name]) / pick(times["tf1"]) for pick in (statistics.median, min)]
    return min(found, key=lambda value: abs(value - 1))


def report(times: Times, run: Run, least: float) -> None:
    families = {title(row): OPS[row.name].family for row in rows()}
    print("| microseconds | family | minitf | without C | TensorFlow 1.15 | ratio | without C |")
    print("|---|---|---:|---:|---:|---:|---:|")
    names = ("minitf", "nojit", "tf1")
    for row, found in sorted(times.items(), key=lambda item: -worst(item[1])):
        if worst(found) >= least:
            times_of = [found.get(name, [float("nan")]) for name in names]
            cells = [f"{1e6 * statistics.median(samples):,.0f}" for samples in times_of]
            cells += [f"{ratio(found, name):.2f}" for name in names[:2]]
            print("| " + " | ".join([row, families[row], *cells]) + " |")
    print("\n| family | rows | minitf / TensorFlow 1.15, geometric mean | without C |")
    print("|---|---:|---:|---:|")
    for family in dict.fromkeys(families[row] for row in times):
        of_family = [found for row, found in times.items() if families[row] == family]
        means = [mean([ratio(found, name) for found in of_family]) for name in names[:2]]
        print(f"| {family} | {len(of_family)} | {means[0]:.2f} | {means[1]:.2f} |")
    for note in [*run.notes, *run.failures]:
        print(note)


def worst(found: dict[str, list[float]]) -> float:
    known = ratio(found, "minitf")
    return known if known == known else 0.0


def mean(ratios: list[float]) -> float:
    known = [value for value in ratios if value == value]
    return statistics.geometric_mean(known) if known else float("nan")


if __name__ == "__main__":
    main()
