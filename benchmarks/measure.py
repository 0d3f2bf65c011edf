"""The measurements: each asks the peers by turns, so that a busy machine slows them all."""
from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from benchmarks import rows
from benchmarks.processes import Failed, NotThere, Peer, Process, import_seconds
from benchmarks.rows import Row

PAUSE = 0.02  # seconds: until the last peer's threads have stopped spinning
NODES = (100, 1_000, 10_000)
MEMORY_STEPS = 10

Samples = dict[str, dict[str, list[float]]]  # row: peer: one number per round


@dataclass
class Run:
    """What was asked for, and what the run noticed on its way."""

    peers: list[Peer]
    rounds: int
    seconds: float  # of a block
    cores: int | None = None
    about: dict[str, dict[str, str]] = field(default_factory=dict)
    threads: dict[str, int] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)  # by peer: why it has no worker
    notes: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def start(self, peer: Peer, environment: dict[str, str] | None = None) -> Process:
        if peer.name in self.absent:
            raise NotThere(self.absent[peer.name])
        try:
            process = Process(peer, self.cores, environment)
        except (NotThere, OSError) as error:
            self.absent[peer.name] = str(error)
            raise NotThere(str(error)) from error
        self.about[peer.name] = process.about
        return process

    def answers(self, what: str, peers: Iterable[Peer], ask: Callable) -> dict:
        """`ask(peer)` of each peer; one that cannot answer is left out, and noted."""
        answers = ((peer, self._answer(what, peer, ask)) for peer in peers)
        return {peer: answer for peer, answer in answers if answer is not None}

    def _answer(self, what: str, peer: Peer, ask: Callable) -> object:
        try:
            return ask(peer)
        except NotThere as error:
            if peer.name not in self.absent:
                self.notes.append(f"{what}: {peer.label}: not there yet: {error}")
        except Failed as error:
            self.failures.append(f"{what}: {peer.label}: {error}")
        return None

    def interleaved(self, what: str, peers: Iterable[Peer], rounds: int, ask: Callable) -> dict:
        """A list of answers by peer, the peers taking turns and beginning by turns."""
        turn, samples = list(peers), {}
        for _ in range(rounds):
            found = self.answers(what, turn, ask)
            for peer, answer in found.items():
                samples.setdefault(peer, []).append(answer)
            turn = [peer for peer in turn if peer in found]
            turn = turn[1:] + turn[:1]
        return samples


@dataclass(frozen=True)
class Measurement:
    name: str
    measure: Callable[[Run], Samples]


@dataclass(frozen=True)
class Table:
    title: str
    unit: str
    measurements: list[Measurement]
    show: Callable[[float], str]
    more_is_better: bool = False


def step_seconds(row: Row, clock: str = "time") -> Callable[[Run], Samples]:
    """`clock` is the worker's command that measures: "time" or "processor"."""

    def measure(run: Run) -> Samples:
        with ExitStack() as stack:

            def prepare(peer: Peer) -> Process:
                process = stack.enter_context(run.start(peer))
                process.ask("build", row)
                process.ask("warm_up")
                return process

            processes = run.answers(row.name, run.peers, prepare)

            def block(peer: Peer) -> float:
                time.sleep(PAUSE)
                return processes[peer].ask(clock, run.seconds)

            times = run.interleaved(row.name, processes, run.rounds, block)
            for peer, threads in run.answers(
                "threads", times, lambda peer: processes[peer].ask("threads")
            ).items():
                run.threads[peer.name] = max(threads, run.threads.get(peer.name, 0))
        return {row.name: {peer.name: samples for peer, samples in times.items()}}

    return measure


def steps_per_second(row: Row) -> Callable[[Run], Samples]:
    def measure(run: Run) -> Samples:
        times = step_seconds(row)(run)[row.name]
        return {row.name: {peer: [1 / t for t in samples] for peer, samples in times.items()}}

    return measure


def imports(run: Run) -> Samples:
    def ask(peer: Peer) -> float:
        if peer.name not in run.about:
            run.start(peer).close()  # Says which version it is; also puts its files into memory.
        return import_seconds(peer)

    times = run.interleaved("import", run.peers, min(run.rounds, 5), ask)
    return {"import": {peer.name: samples for peer, samples in times.items()}}


def memory(run: Run) -> Samples:
    """Peak memory of training the wide model: all of it, and what came after the import."""

    def ask(peer: Peer) -> dict[str, float]:
        with run.start(peer) as process:
            imported = process.ask("peak")
            process.ask("build", rows.WIDE)
            process.ask("train", MEMORY_STEPS)
            peak = process.ask("peak")
        return {"whole process": peak, "without what import took": peak - imported}

    return spread(run.interleaved("memory", run.peers, min(run.rounds, 3), ask))


def first_run(run: Run) -> Samples:
    """Build and first step of the talk's notebook, the cache of kernels first empty, then full."""

    def ask(peer: Peer) -> dict[str, float]:
        times = {}
        with tempfile.TemporaryDirectory() as cache:
            for state in ("cold", "warm"):
                with run.start(peer, emptied(cache)) as process:
                    answer = process.ask("build", rows.NOTEBOOK)
                times[f"the talk's notebook: build, {state} cache"] = answer["build"]
                times[f"the talk's notebook: first step, {state} cache"] = answer["first"]
        return times

    return spread(run.interleaved("first run", run.peers, min(run.rounds, 3), ask))


def emptied(cache: str) -> dict[str, str]:
    return {"MINITF_CACHE_DIR": cache}


def plan(nodes: int) -> Callable[[Run], Samples]:
    """Building a deep network's training step, and its first run; the cache of kernels is empty."""

    def ask(run: Run, peer: Peer) -> dict[str, float]:
        with tempfile.TemporaryDirectory() as cache, run.start(peer, emptied(cache)) as process:
            answer = process.ask("plan", nodes)
        return {
            f"{nodes:,} nodes: build": answer["build"],
            f"{nodes:,} nodes: first run": answer["first"],
        }

    def measure(run: Run) -> Samples:
        peers = [peer for peer in run.peers if peer.worker in ("minitf", "tf1", "tf2")]
        what = f"{nodes:,} nodes"
        return spread(
            run.interleaved(what, peers, min(run.rounds, 3), lambda peer: ask(run, peer))
        )

    return measure


def spread(answers: dict[Peer, list[dict[str, float]]]) -> Samples:
    """Lists of dicts by peer, as a dict of lists by peer."""
    table: Samples = {}
    for peer, rounds in answers.items():
        for answer in rounds:
            for name, value in answer.items():
                table.setdefault(name, {}).setdefault(peer.name, []).append(value)
    return table


def sweep(title: str, swept: list[Row]) -> Table:
    measurements = [Measurement(row.name, steps_per_second(row)) for row in swept]
    return Table(title, "steps per second", measurements, lambda x: f"{x:,.0f}", True)


STEPS = Table(
    "One training step",
    "microseconds",
    [Measurement(row.name, step_seconds(row)) for row in rows.ROWS],
    lambda seconds: f"{seconds * 1e6:,.{1 if seconds < 1e-4 else 0}f}",
)
TABLES = [
    STEPS,
    Table("Import", "seconds", [Measurement("import", imports)], lambda x: f"{x:.2f}"),
    Table(
        f"Peak memory of {MEMORY_STEPS} steps of {rows.WIDE.name}",
        "MB",
        [Measurement("peak memory", memory)],
        lambda size: f"{size / 1e6:,.0f}",
    ),
    Table(
        "Build and first run",
        "milliseconds",
        [Measurement("first run", first_run)]
        + [Measurement(f"plan, {nodes:,} nodes", plan(nodes)) for nodes in NODES],
        lambda seconds: f"{seconds * 1e3:,.1f}",
    ),
    sweep("Batch sweep", rows.BATCHES),
    sweep("Width sweep", rows.WIDTHS),
]


def chosen(only: str) -> list[Table]:
    """The tables, with those measurements whose own or whose table's name contains `only`."""
    tables = []
    for table in TABLES:
        whole = only.lower() in table.title.lower()
        kept = [m for m in table.measurements if whole or only.lower() in m.name.lower()]
        if kept:
            tables.append(replace(table, measurements=kept))
    return tables
