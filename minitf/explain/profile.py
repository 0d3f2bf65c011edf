"""Where the time of a run goes, line by line of the program that it became."""
from __future__ import annotations

import re
import statistics
import time
import types
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from minitf.core.graph import get_default_graph
from minitf.runtime.plan import Plan
from minitf.runtime.regions import Region

_BLOCK = re.compile(r"\s*(if|elif|else|while|for|def)\b.*:\s*(#.*)?$")
_BAR = 20  # characters of a line that takes all the time


@dataclass(frozen=True)
class Profile:
    """What `profile` returns: the lines of `Session.source`, each with its seconds in one run.

    `seconds` is that of a whole run, timed apart: the clock between the lines takes time too, and
    steps in C are called one by one here.
    """

    lines: tuple[tuple[str, float | None], ...]
    seconds: float
    runs: int

    def __str__(self) -> str:
        total = sum(taken or 0.0 for _, taken in self.lines) or 1.0
        head = f"{1e6 * self.seconds:,.1f} us a run (median of {self.runs})"
        return "\n".join([head, *(_row(text, taken, total) for text, taken in self.lines)])


def profile(
    fetches: Any, feed_dict: Any = None, session: Any = None, runs: int = 20
) -> Profile:
    """Run `fetches` as `Session.run` does, `2 * runs` times and some, and time each line.

    These are real runs: a training step trains. `session` is the default one unless it is given.
    Of steps in C each is timed; of a GPU, a captured step is one line. ValueError for `runs < 1`.
    """
    if runs < 1:
        raise ValueError(f"explain.profile needs at least one run, but runs is {runs}")
    session = get_default_graph()._session(session, "explain.profile")
    feed_dict = feed_dict or {}
    session.run(fetches, feed_dict)
    signature = session._signature(fetches, feed_dict)
    whole = statistics.median(_timed(lambda: session.run(fetches, feed_dict), runs))
    arrays = signature.arrays(feed_dict)
    plan = _Clocked(signature.plan_for(feed_dict), session)
    for _ in range(runs):
        plan(list(arrays))
    return Profile(tuple(plan.lines()), whole, runs)


def _timed(function: Callable[[], Any], runs: int) -> list[float]:
    found = []
    for _ in range(runs):
        start = time.perf_counter()
        function()
        found.append(time.perf_counter() - start)
    return found


class _Clocked(Plan):
    """The same plan with a look at the clock after each line."""

    def __init__(self, plan: Plan, session: Any) -> None:
        self.clock = Clock(plan.backend)
        self.starts = {
            match.group(1): number
            for number, text in enumerate(plan.text.splitlines(), 1)
            if (match := re.match(r"\s*(\w+)\(", text)) and match.group(1) in plan.listing.regions
        }
        self.regions = {id(region): name for name, region in plan.listing.regions.items()}
        listing = replace(plan.listing, names={**plan.listing.names, "clock": self.clock})
        super().__init__(plan.arranged, listing, session.slot, plan.backend, plan.bind)
        self.bind_whole, self.bind = self.bind, self._one_by_one

    def _compiled(self) -> types.CodeType:
        lines = []
        for number, text in enumerate(self.text.splitlines(), 1):
            lines.append(text)
            if self._ends_a_step(number, text):
                lines.append(f"{text[: len(text) - len(text.lstrip())]}clock({number})")
        lines.insert(1, "    clock.start()")
        module = compile("\n".join(lines), self.filename, "exec")
        return next(c for c in module.co_consts if isinstance(c, types.CodeType))

    def _ends_a_step(self, number: int, text: str) -> bool:
        code = text.split("#")[0].strip()
        return bool(code) and number > 1 and not _BLOCK.match(text) and not code.startswith(
            ("return", "raise", "continue", "break")
        )

    def _one_by_one(self, region: Region, slabs: list[Any]) -> Callable[..., None]:
        """The steps of a region, each bound alone."""
        whole = self.bind_whole(region, slabs)
        if self.backend.is_gpu:
            return whole
        names, start = region.arguments(), self.starts[self.regions[id(region)]]
        steps = []
        for number, call in enumerate(region.calls, start + 1):
            alone = Region([call], region.elements)
            picked = [names.index(name) for name in alone.arguments()]
            steps.append((number, self.bind_whole(alone, slabs), picked))

        def run(arrays: tuple[Any, ...]) -> None:
            for number, step, picked in steps:
                step(tuple([arrays[i] for i in picked]))
                self.clock(number)

        return run

    def lines(self) -> list[tuple[str, float | None]]:
        medians = self.clock.medians()
        return [(text, medians.get(n)) for n, text in enumerate(self.text.splitlines(), 1)]


class Clock:
    """Adds up, run by run, the time since the last look under the number of a line."""

    def __init__(self, backend: Any) -> None:
        self.wait = backend.stream.synchronize if backend.is_gpu else None
        self.taken: list[dict[int, float]] = []
        self.last = 0.0

    def start(self) -> None:
        self.taken.append({})
        self.last = time.perf_counter()

    def __call__(self, number: int) -> None:
        if self.wait:
            self.wait()
        now = time.perf_counter()
        self.taken[-1][number] = self.taken[-1].get(number, 0.0) + now - self.last
        self.last = time.perf_counter()

    def medians(self) -> dict[int, float]:
        numbers = {number for run in self.taken for number in run}
        return {n: statistics.median(run.get(n, 0.0) for run in self.taken) for n in numbers}


def _row(text: str, taken: float | None, total: float) -> str:
    if taken is None:
        return f"{'':>{_BAR + 18}}{text}"
    bar = "█" * round(_BAR * taken / total)
    return f"{1e6 * taken:>9,.1f} {taken / total:>5.1%} {bar:<{_BAR}} {text}"
