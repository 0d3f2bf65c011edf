"""What is worth a look in what a program ran."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from minitf.explain.watch import Watch

MANY = 10  # kinds of run whose fetches one line built
SHARE = 0.25  # of the time: that much is worth a word
SHORT = 1.0  # seconds: of a program that takes less nobody wants to know where they go


def remarks_on_runs(watch: Watch) -> list[str]:
    return [*_growing(watch), *_not_numbers(watch), *_elsewhere(watch)]


def _growing(watch: Watch) -> Iterator[str]:
    versions = defaultdict(set)
    for runs in watch.runs:
        versions[runs.line].add((runs.graph, runs.version))
    for line, kinds in ((line, len(found)) for line, found in versions.items()):
        if kinds >= MANY and line is not None:
            yield (
                f"the graph grows from run to run: {kinds} of the kinds of run fetch what was "
                f"built at {line}. Each makes a plan of its own: build before the loop, and feed "
                "what changes"
            )


def _not_numbers(watch: Watch) -> Iterator[str]:
    for tensor, curve in watch.curves:
        lost = np.flatnonzero(~np.isfinite(curve.points))
        if lost.size:
            yield (
                f"{tensor.op.name} is NaN or infinite from run {lost[0] * curve.each + 1:,} on, or "
                "at times: explain.flow(loss, feed_dict) shows where that begins"
            )


def _elsewhere(watch: Watch) -> Iterator[str]:
    if watch.seconds < SHORT:
        return
    inside = sum(runs.seconds for runs in watch.runs)
    if watch.seconds - inside > (1 - SHARE) * watch.seconds:
        yield "most of the time goes outside of runs: into building, reading, or preparing data"
    converting = sum(runs.converting for runs in watch.runs)
    if converting > SHARE * inside:
        yield (
            f"to convert what is fed takes {converting:.2f} s: feed NumPy arrays of the "
            "placeholders' types, not lists or other types"
        )
