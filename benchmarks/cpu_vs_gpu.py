"""Training steps on the CPU and on an NVIDIA GPU: `python -m benchmarks.cpu_vs_gpu --out results`.

Beside minitf run PyTorch (eager, and with CUDA graphs) and JAX where they are installed and see
the GPU, each in a process of its own, by turns. Feeds come from the host's memory in every step.
What is measured goes into cpu_vs_gpu.jsonl at once, GPU.md is written anew after each row, and a
row that fails is reported with its error. Without a GPU the CPU's half is measured.

    python -m benchmarks.cpu_vs_gpu --out results --minutes 7.5
    python -m benchmarks.cpu_vs_gpu --out results --report       # from what was measured before
    python -m benchmarks.cpu_vs_gpu --out results --report --update   # into RESULTS.md
    python -m benchmarks.cpu_vs_gpu --small     # does it run? The figures mean nothing
"""
from __future__ import annotations

import argparse
import importlib.util
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks import gpu_report, machine, rows
from benchmarks.gpu_rows import (
    COPIED,
    CPU,
    CUPY,
    CUPY32,
    GPU,
    GPU32,
    LABELS,
    LARGE,
    OTHERS,
    SIDE,
    STEPS,
    flops,
    mlp,
    sweep,
)
from benchmarks.processes import NotThere, Peer, Process
from benchmarks.rows import Row
from minitf.backend import devices

PATIENCE = 75  # seconds for one answer, after which a worker is ended
SLOW = 1.0  # seconds of a step, from which on it is run as little as can be
SHARE = 0.65  # of the time for the rows; the sweep takes what is left
LEAST = 3  # steps before one is timed: minitf captures its graph in the second, and replays it
TAIL = 12  # seconds that are kept for the end
SMALL_SWEEP = [(8, 3, 2), (16, 3, 2), (8, 5, 4)]
RESULTS = Path(__file__).with_name("RESULTS.md")


class Bench:
    """The workers, and what they have answered."""

    def __init__(self, options: argparse.Namespace, start: Callable[..., Any]) -> None:
        self.options, self.start = options, start
        self.deadline = time.monotonic() + 60 * options.minutes
        self.records: list[dict[str, Any]] = []
        self.workers: dict[str, Any] = {}
        self.absent: set[str] = set()
        self.cards = devices.find().cards
        options.out.mkdir(parents=True, exist_ok=True)
        self.file = open(options.out / "cpu_vs_gpu.jsonl", "w")  # noqa: SIM115  closed by close()

    def left(self) -> float:
        """Seconds until it should be over."""
        return self.deadline - TAIL - time.monotonic()

    def record(self, kind: str, **what: Any) -> None:
        self.records.append({"kind": kind, **what})
        self.file.write(json.dumps(self.records[-1]) + "\n")
        self.file.flush()

    def attempt(self, what: str, function: Callable[[], Any]) -> Any:
        """The function's answer; None, and a record of why, where it has none."""
        try:
            return function()
        except Exception as error:
            self.record("failure", what=what, error=f"{type(error).__name__}: {error}")
            say(f"  {what}: {shortened(error)}")
            return None

    def ask(self, peer: Peer, command: str, *arguments: Any) -> Any:
        """The answer of the peer's worker, which is started for the first question, and again
        after it broke. NotThere when there is no such worker."""
        if peer.name in self.absent:
            raise NotThere(f"{peer.label} is not there")
        if peer.name not in self.workers:
            self._begin(peer)
        worker = self.workers[peer.name]
        worker.patience = self.patience()
        try:
            return worker.ask(command, *arguments)
        except NotThere:
            raise
        except Exception:
            self.workers.pop(peer.name).close()
            raise

    def patience(self) -> float:
        return max(1.0, min(PATIENCE, self.left()))

    def _begin(self, peer: Peer) -> None:
        again = any(r["kind"] == "worker" and r["peer"] == peer.name for r in self.records)
        try:
            worker = self.workers[peer.name] = self.start(peer, patience=self.patience())
        except Exception:
            if not again:
                self.absent.add(peer.name)
            raise
        if not again:
            self.record("worker", peer=peer.name, **worker.about)

    def is_there(self, peer: Peer) -> bool:
        """Whether its worker starts; says why when it does not."""
        if peer.name not in self.workers and peer.name not in self.absent:
            self.attempt(f"{peer.label} is left out", lambda: self.ask(peer, "threads"))
        return peer.name not in self.absent

    def dismiss(self, *peers: Peer) -> None:
        """End their workers."""
        for peer in peers:
            if peer.name in self.workers:
                self.workers.pop(peer.name).close()

    def write(self, chart: bool = False) -> None:
        """GPU.md, and the chart where it is asked for and matplotlib is there."""
        gpu_report.write(self.options.out, self.records, chart)

    def close(self) -> None:
        for worker in self.workers.values():
            worker.close()
        self.file.close()


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def shortened(error: object) -> str:
    lines = str(error).strip().splitlines() or [""]
    return " ... ".join(dict.fromkeys([lines[0], lines[-1]]))[:300]


def bar(things: Sequence[Any], what: str) -> Iterable[Any]:
    """A bar by tqdm where it is installed, else a line for each."""
    if importlib.util.find_spec("tqdm"):
        from tqdm import tqdm

        return tqdm(things, desc=what, file=sys.stderr, mininterval=1)
    return _lines(things, what)


def _lines(things: Sequence[Any], what: str) -> Iterable[Any]:
    for number, thing in enumerate(things, 1):
        say(f"{what}: {number} of {len(things)}")
        yield thing


# -- what is measured, in this order ---------------------------------------------------------------


def describe(bench: Bench) -> None:
    found = devices.find()
    driver = devices.driver()
    bench.record("about", today=machine.today(), machine=machine.machine(), load=machine.load(),
                 compiler=machine.compiler(), missing=found.missing, small=bench.options.small,
                 minutes=bench.options.minutes, driver=devices._dotted(driver.version),
                 cards=[card.description for card in found.cards], smi=smi())  # fmt: skip
    if found.missing:
        say(f"No GPU: {found.missing}. The CPU's half is measured.")
        return
    say(f"GPU: {found.cards[0].description}")
    versions = bench.attempt("versions", lambda: bench.ask(CUPY, "call", "about"))
    bench.record("versions", **(versions or {}))


def smi() -> str:
    """What nvidia-smi says of the first card."""
    path = shutil.which("nvidia-smi")
    if path is None:
        return ""
    fields = "name,driver_version,memory.total,clocks.max.sm,clocks.max.mem,power.limit"
    command = [path, "-i", "0", f"--query-gpu={fields}", "--format=csv,noheader"]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=20).stdout.strip()
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"nvidia-smi: {error}"


def limits(bench: Bench) -> None:
    """What the card reaches: a plain large product with and without TF32, and a copy."""
    side, size = (64, 1 << 12) if bench.options.small else (SIDE, COPIED)
    for peer in (CUPY, CUPY32):
        seconds = bench.attempt(
            f"product, {peer.label}",
            lambda peer=peer: bench.ask(peer, "call", "product", side, side, side, 0.5),
        )
        if seconds:
            bench.record("product", peer=peer.name, side=side, flops=2 * side**3 / seconds)
    seconds = bench.attempt("copy", lambda: bench.ask(CUPY, "call", "copy", size, 0.3))
    if seconds:
        bench.record("copy", size=size, rate=2 * size / seconds)
    bench.dismiss(CUPY, CUPY32)  # Their memory is for others.


def steps(bench: Bench) -> None:
    least = (1 - SHARE) * bench.left()
    for row, _ in bar(STEPS, "training steps"):
        if bench.left() < least:
            bench.record("failure", what=row.name, error="left out: no time was left")
            continue
        step(bench, row)
        bench.write()


def step(bench: Bench, row: Row) -> None:
    """One row by all who are there: built by each, then timed by turns."""
    peers = [GPU, *OTHERS, CPU] if bench.cards else [CPU]
    if bench.cards and row == LARGE:
        peers.insert(1, GPU32)
    shown = rows.small(row) if bench.options.small else row
    ready = []
    for peer in filter(bench.is_there, peers):
        kinds = bench.attempt(
            f"{row.name}: {peer.label}", lambda peer=peer: prepared(bench, row, shown, peer)
        )
        ready += [(peer, kind) for kind in kinds or ()]
    samples: dict[tuple[str, str], list[float]] = {}
    for _ in range(bench.options.rounds):
        for peer, kind in list(ready):
            taken = samples.setdefault((peer.name, kind), [])
            if taken and taken[0] > SLOW:
                continue
            time.sleep(0.02)  # until the last one's threads have stopped spinning
            seconds = bench.attempt(
                f"{row.name}: {peer.label}",
                lambda peer=peer, kind=kind: bench.ask(peer, "time", bench.options.seconds, kind),
            )
            if seconds is None:
                ready.remove((peer, kind))
            else:
                taken.append(seconds)
    for (name, kind), taken in samples.items():
        if taken:
            bench.record("step", row=row.name, peer=name, fetches=kind, samples=taken)
            say(f"  {row.name}: {LABELS[name]}, {kind}: {1e6 * min(taken):,.1f} us at best")
    if bench.cards and "gpu" in {name for name, _ in samples}:
        for with_loss in (False, True):
            found = bench.attempt(
                f"{row.name}: what is moved",
                lambda with_loss=with_loss: bench.ask(GPU, "call", "moved", with_loss),
            )
            if found:
                bench.record("moved", row=row.name, with_loss=with_loss, **found)


def prepared(bench: Bench, row: Row, shown: Row, peer: Peer) -> list[str]:
    """Build the row and warm up; gives the kinds of steps that are timed."""
    first = bench.ask(peer, "build", shown)["first"]
    bench.record("first", row=row.name, peer=peer.name, seconds=first)
    minitf = peer in (CPU, GPU, GPU32)
    if first > SLOW and bench.ask(peer, "time", 0) > SLOW:
        return ["step"]
    if minitf:
        losses = bench.ask(peer, "losses", 3)
        bench.record("losses", row=row.name, peer=peer.name, losses=losses)
    kinds = ["step", "step_and_loss"] if minitf else ["step"]
    for kind in kinds:
        bench.ask(peer, "warm_up", bench.options.seconds, kind, LEAST)
    return kinds


def memory(bench: Bench) -> None:
    """Whether the device's memory stays flat, and what comes when there is too little."""
    bench.dismiss(*OTHERS)  # What they hold would be counted.
    count = 100_000 if bench.options.long else 1_000
    count = 20 if bench.options.small else count
    row = rows.small(rows.NOTEBOOK) if bench.options.small else rows.NOTEBOOK
    bench.attempt("memory", lambda: bench.ask(GPU, "build", row))
    found = bench.attempt("memory", lambda: bench.ask(GPU, "call", "memory", count))
    if found:
        bench.record("memory", row=rows.NOTEBOOK.name, **found)
    products = bench.attempt("products", lambda: bench.ask(GPU, "call", "products"))
    if products:
        bench.record("products", by=products[0], tf32=products[1])
    for text in bench.attempt("log", lambda: bench.ask(GPU, "call", "said")) or ():
        bench.record("failure", what="minitf, GPU, says", error=text)
    found = bench.attempt("out of memory", lambda: bench.ask(GPU, "call", "exhausted"))
    if found:
        bench.record("exhausted", **found)


def swept(bench: Bench) -> None:
    """Widths, batches and depths on both, as many as there is time for."""
    rate = 0.0  # the most FLOP/s that the CPU has reached
    limit = 0.02 if bench.options.small else SLOW
    points = SMALL_SWEEP if bench.options.small else sweep()
    for number, (width, batch, depth) in enumerate(bar(points, "sweep")):
        if bench.left() < 0:
            say(f"sweep: {number} of {len(points)} points were measured in the time there was")
            break
        row = mlp(width, batch, depth)
        found: dict[str, float] = {}
        peers = [GPU, CPU] if bench.cards else [CPU]
        for peer in peers:
            if peer is CPU and rate and flops(row) / rate > limit:
                continue
            seconds = bench.attempt(row.name, lambda p=peer, r=row: point(bench, p, r))
            if seconds:
                found[peer.name] = seconds
        if "cpu" in found:
            rate = max(rate, flops(row) / found["cpu"])
        bench.record("sweep", width=width, batch=batch, depth=depth, seconds=found)
        if number % 10 == 9:
            bench.write()


def point(bench: Bench, peer: Peer, row: Row) -> float:
    seconds = bench.options.seconds / 4
    bench.ask(peer, "build", row)
    bench.ask(peer, "warm_up", seconds / 2, "step", 1 if peer is CPU else LEAST)
    found = bench.ask(peer, "time", seconds)
    if found > SLOW / 4:
        return found
    return sorted([found, *(bench.ask(peer, "time", seconds) for _ in range(2))])[1]


# -- the command -----------------------------------------------------------------------------------


def main(argv: Sequence[str] | None = None, start: Callable[..., Any] = Process) -> None:
    options = arguments().parse_args(argv)
    if options.small and options.update:
        sys.exit("--small measures nothing that RESULTS.md could tell")
    if not options.report:
        measure(options, start)
    records = gpu_report.read(options.out / "cpu_vs_gpu.jsonl")
    print("\n" + gpu_report.write(options.out, records, chart=True))
    if options.update:
        gpu_report.update(RESULTS, options.out, records)


def measure(options: argparse.Namespace, start: Callable[..., Any]) -> None:
    bench = Bench(options, start)
    stages = [limits, steps, memory, swept] if bench.cards else [steps, swept]
    try:
        bench.attempt("the machine", lambda: describe(bench))
        for stage in stages:
            bench.attempt(stage.__name__, lambda stage=stage: stage(bench))
            bench.write()
        bench.record("end", seconds=60 * options.minutes - TAIL - bench.left())
    finally:
        bench.close()


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m benchmarks.cpu_vs_gpu",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--out", type=Path, default=Path("cpu_vs_gpu"), metavar="FOLDER")
    parser.add_argument("--minutes", type=float, default=7.5, help="it is over by then")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.1, help="how long a turn lasts")
    parser.add_argument("--long", action="store_true", help="100,000 steps must leave memory flat")
    parser.add_argument("--small", action="store_true", help="tiny sizes: does it run?")
    parser.add_argument("--report", action="store_true",
                        help="measure nothing: report what lies in --out")  # fmt: skip
    parser.add_argument("--update", action="store_true", help="the GPU section of RESULTS.md")
    return parser


if __name__ == "__main__":
    main()
