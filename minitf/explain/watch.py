"""What sessions run while a program runs: how often, how long, and what came out of it."""
from __future__ import annotations

import statistics
import threading
import time
from typing import Any

import numpy as np

from minitf.core.errors import Line
from minitf.core.graph import Graph
from minitf.core.operation import Operation
from minitf.core.tensor import Tensor
from minitf.explain.page import page, part
from minitf.explain.run_remarks import remarks_on_runs
from minitf.explain.statistics import BINS
from minitf.explain.table import aligned, number
from minitf.session import Signature

KINDS = 100  # of runs that are told apart
POINTS = 400  # of a curve, each the mean of as many values as it takes
TIMES = 2000  # of one kind of run that are kept for the median
_HEAD = ("runs", "seconds", "share", "median", "first", "fetched", "fed")
_BARS = " ▁▂▃▄▅▆▇█"


class Curve:
    """A number that was fetched again and again: `points` are means of equally many values."""

    def __init__(self) -> None:
        self.points: list[float] = []
        self.each, self.count = 1, 0
        self._rest: list[float] = []

    def add(self, value: float) -> None:
        self.count += 1
        self._rest.append(value)
        if len(self._rest) < self.each:
            return
        self.points.append(statistics.fmean(self._rest))
        self._rest = []
        if len(self.points) == 2 * POINTS:
            pairs = zip(self.points[::2], self.points[1::2])
            self.points, self.each = [statistics.fmean(pair) for pair in pairs], 2 * self.each

    def __str__(self) -> str:
        """First and last number, and between them how it went."""
        known = [point for point in self.points if np.isfinite(point)]
        low, high = min(known, default=0.0), max(known, default=0.0)
        groups = np.array_split(np.array(known or [0.0]), min(BINS, len(known) or 1))
        scale = (len(_BARS) - 2) / (high - low or 1.0)
        bars = "".join(_BARS[1 + round((float(group.mean()) - low) * scale)] for group in groups)
        return f"{number(self.points[0])} {bars} {number(self.points[-1])}"


class Runs:
    """One kind of run: the same fetches, and the same tensors fed."""

    def __init__(self, signature: Signature) -> None:
        self.signature = signature
        self.version = self.graph.version  # of the graph, when it was run so for the first time
        self.count, self.seconds, self.first = 0, 0.0, 0.0
        self.converting = 0.0  # seconds of them that what was fed took to become arrays
        self.times: list[float] = []
        self.fed: dict[str, tuple[int, ...]] = {}
        self.curves: dict[Tensor, Curve] = {}

    @property
    def graph(self) -> Graph:
        return self.signature.fetch_map.graph

    @property
    def fetched(self) -> list[str]:
        return [_name(element) for element in self.signature.fetch_map.elements]

    @property
    def line(self) -> Line | None:
        """The line of the program that built what is fetched, the first of it."""
        first = next(iter(self.signature.fetch_map.elements), None)
        return None if first is None else getattr(first, "op", first).line

    @property
    def median(self) -> float:
        """Seconds; of the runs after the first, which makes the plan."""
        return statistics.median(self.times or [self.first])

    @property
    def program(self) -> str:
        """The program that the last run was, as `Session.source` gives it; "" if none was made."""
        plan = self.signature.latest[1] or next(iter(self.signature.plans.items.values()), None)
        return plan.text if plan is not None else ""

    def add(
        self, arrays: list[Any], values: tuple[Any, ...], converting: float, seconds: float
    ) -> None:
        """One more run: what was fed, and the values of the tensors that were fetched."""
        self.count += 1
        self.seconds += seconds
        self.converting += converting
        if self.count == 1:
            self.first = seconds
        elif len(self.times) < TIMES:
            self.times.append(seconds)
        self.fed = {_name(feed.tensor): a.shape for feed, a in zip(self.signature.given, arrays)}
        elements = self.signature.fetch_map.elements
        for tensor, value in zip((e for e in elements if isinstance(e, Tensor)), values):
            if tensor.dtype.is_floating and np.size(value) == 1:
                self.curves.setdefault(tensor, Curve()).add(float(np.reshape(value, ())))


class Watch:
    """What `watch` returns; `print` shows it as a table, a notebook as a page, which `save` writes.
    """

    def __init__(self) -> None:
        self.runs: list[Runs] = []
        self.others = 0  # runs of further kinds
        self.seconds = 0.0
        self.error: BaseException | None = None  # that ended the block
        self._known: dict[Signature, Runs] = {}
        self._lock, self._within = threading.Lock(), threading.local()

    def __enter__(self) -> Watch:
        self._begun, self._run = time.perf_counter(), Signature.run
        Signature.run = self._timed()  # type: ignore[method-assign]
        return self

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        Signature.run = self._run  # type: ignore[method-assign]
        self.error = None if isinstance(error, SystemExit) else error
        self.seconds += time.perf_counter() - self._begun

    def _timed(self) -> Any:
        run, clock = self._run, time.perf_counter

        def timed(signature: Signature, feed_dict: Any) -> Any:
            if getattr(self._within, "a_run", False):  # as a function of the program runs one
                return run(signature, feed_dict)
            self._within.a_run, start = True, clock()
            try:
                arrays = signature.arrays(feed_dict)
                converted = clock()
                values = signature.values(arrays)
                result = signature.handed(values, feed_dict)
            finally:
                self._within.a_run = False
            seconds = clock() - start
            with self._lock:
                runs = self._runs_of(signature)
                if runs is not None:
                    runs.add(arrays, values, converted - start, seconds)
            return result

        return timed

    def _runs_of(self, signature: Signature) -> Runs | None:
        if signature not in self._known and len(self.runs) == KINDS:
            self.others += 1
            return None
        if signature not in self._known:
            self._known[signature] = Runs(signature)
            self.runs.append(self._known[signature])
        return self._known[signature]

    @property
    def graphs(self) -> list[Graph]:
        """Those that were run, in the order of their first runs."""
        return list(dict.fromkeys(runs.graph for runs in self.runs))

    @property
    def curves(self) -> list[tuple[Tensor, Curve]]:
        """Each tensor that was fetched twice or more and is one number, once for each kind of run;
        those of the longest runs first."""
        found = [pair for runs in self.by_time() for pair in runs.curves.items()]
        return [(tensor, curve) for tensor, curve in found if curve.count > 1]

    def by_time(self) -> list[Runs]:
        return sorted(self.runs, key=lambda runs: -runs.seconds)

    def total(self) -> str:
        count, inside = sum(r.count for r in self.runs), sum(r.seconds for r in self.runs)
        first = sum(runs.first for runs in self.runs)
        outside = self.seconds - inside
        more = f"; {self.others} runs of other kinds are not shown" if self.others else ""
        return (
            f"{self.seconds:.2f} s: {inside:.2f} s in {count:,} runs of sessions ({first:.2f} s of "
            f"it in first runs, which make plans), "
            f"{f'{outside:.2f} s outside' if outside > 0 else 'some at the same time'}{more}"
        )

    def __str__(self) -> str:
        curves = [f"{_name(tensor)}  {curve}" for tensor, curve in self.curves]
        table = aligned([_HEAD, *map(self.row, self.by_time())], right=range(5))
        return "\n".join([self.total(), *table, *curves, *(f"! {r}" for r in self.remarks())])

    def remarks(self) -> list[str]:
        """What is worth a look: a graph that grows from run to run, numbers that are none, time
        that goes elsewhere than into the runs."""
        return remarks_on_runs(self)

    def row(self, runs: Runs) -> tuple[str, ...]:
        share = runs.seconds / (self.seconds or 1.0)
        fed = [f"{name} {'x'.join(map(str, size)) or 'scalar'}" for name, size in runs.fed.items()]
        return (f"{runs.count:,}", f"{runs.seconds:.3f}", f"{share:.0%}", _time(runs.median),
                _time(runs.first), ", ".join(runs.fetched), ", ".join(fed))  # fmt: skip

    def save(self, path: Any) -> None:
        """Write a page for a browser: the table, curves of what was fetched, the graphs, and the
        programs that they became."""
        with open(path, "w", encoding="utf-8") as file:
            file.write(page(self))

    def _repr_html_(self) -> str:
        return part(self)


def watch() -> Watch:
    """Watch all sessions in a `with` block.

        with explain.watch() as found:
            train()
        print(found)
        found.save("found.html")

    The graphs that are run, and their plans, are kept as long as the Watch is. Operations that run
    at once (eagerly) are in no session, and not watched.
    """
    return Watch()


def _name(element: Tensor | Operation) -> str:
    return element.name.removesuffix(":0")


def _time(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{1e3 * seconds:.3g} ms" if seconds >= 1e-3 else f"{1e6 * seconds:.3g} us"
