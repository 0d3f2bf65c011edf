"""Where the time of a run goes, line by line of the program that it became."""
from __future__ import annotations

import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from minitf.core.graph import get_default_graph
from minitf.runtime.clocked import Clocked

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
    plan = Clocked(signature.plan_for(feed_dict), session.slot)
    for _ in range(runs):
        plan(list(arrays))
    return Profile(tuple(_lines(plan)), whole, runs)


def _timed(function: Callable[[], Any], runs: int) -> list[float]:
    found = []
    for _ in range(runs):
        start = time.perf_counter()
        function()
        found.append(time.perf_counter() - start)
    return found


def _lines(plan: Clocked) -> Iterator[tuple[str, float | None]]:
    """The lines of the program, each with the median of what it takes in a run."""
    sums: list[defaultdict[int, float]] = []
    for run in plan.clock.runs:
        sums.append(defaultdict(float))
        for number, start, end in run:
            sums[-1][number] += end - start
    numbers = {number for run in sums for number in run}
    for number, text in enumerate(plan.text.splitlines(), 1):
        taken = statistics.median(run[number] for run in sums) if number in numbers else None
        yield text, taken


def _row(text: str, taken: float | None, total: float) -> str:
    if taken is None:
        return f"{'':>{_BAR + 18}}{text}"
    bar = "█" * round(_BAR * taken / total)
    return f"{1e6 * taken:>9,.1f} {taken / total:>5.1%} {bar:<{_BAR}} {text}"
