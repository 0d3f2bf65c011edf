"""A plan with a look at the clock after each of its lines."""
from __future__ import annotations

import re
import time
import types
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

from minitf.core.operation import Operation
from minitf.core.slot import Slot
from minitf.runtime.plan import Plan
from minitf.runtime.program import Step
from minitf.runtime.regions import Region

_BLOCK = re.compile(r"\s*(if|elif|else|while|for|def)\b.*:\s*(#.*)?$")


class Timed(NamedTuple):
    """One run of a line: its number, and when it was, in seconds of `time.perf_counter`."""

    number: int
    start: float
    end: float


class Clock:
    """Notes each run of each line; with a GPU it waits for that."""

    def __init__(self, backend: Any) -> None:
        self.wait = backend.stream.synchronize if backend.is_gpu else None
        self.runs: list[list[Timed]] = []
        self.last = 0.0

    def start(self) -> None:
        self.runs.append([])
        self.last = time.perf_counter()

    def __call__(self, number: int) -> None:
        if self.wait:
            self.wait()
        self.runs[-1].append(Timed(number, self.last, time.perf_counter()))
        self.last = time.perf_counter()


class Clocked(Plan):
    """The same plan, timed: `clock` has the runs. Steps in C are called one by one."""

    def __init__(self, plan: Plan, slots: Callable[[Operation], Slot]) -> None:
        self.clock = Clock(plan.backend)
        self.numbers = {step: number for number, step in plan.listing.lines.items()}
        listing = replace(plan.listing, names={**plan.listing.names, "clock": self.clock})
        super().__init__(plan.arranged, listing, slots, plan.backend, plan.bind)
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

    def steps_on(self, number: int) -> list[Step]:
        """What runs on a line; none for the call of a region whose steps have lines of their own.

        A region of a GPU is all on one line."""
        match = re.match(r"\s*(\w+)\(", self.text.splitlines()[number - 1])
        region = self.listing.regions.get(match[1]) if match else None
        if region is not None:
            return region.steps if self.backend.is_gpu else []
        return [self.listing.lines[number]] if number in self.listing.lines else []

    def _one_by_one(self, region: Region, slabs: list[Any]) -> Callable[..., None]:
        """The steps of a region, each bound alone."""
        whole = self.bind_whole(region, slabs)
        if self.backend.is_gpu:
            return whole
        names, steps = region.arguments(), []
        for call, step in zip(region.calls, region.steps):
            alone = Region([call], [step], region.elements)
            picked = [names.index(name) for name in alone.arguments()]
            steps.append((self.numbers[step], self.bind_whole(alone, slabs), picked))

        def run(arrays: tuple[Any, ...]) -> None:
            for number, step, picked in steps:
                step(tuple([arrays[i] for i in picked]))
                self.clock(number)

        return run
