"""Whether the peers compute the same: the losses of the first steps, beside NumPy's by hand."""
from __future__ import annotations

from collections.abc import Iterable

from benchmarks.measure import Run
from benchmarks.processes import PEERS, Peer
from benchmarks.rows import Row

STEPS = 5
TOLERANCE = 1e-4  # relative: float32, sums in another order


def check(run: Run, wanted: Iterable[Row]) -> bool:
    """Print how far each peer's losses are from NumPy's; False when one is too far."""
    agreed = True
    for row in wanted:

        def losses(peer: Peer, row: Row = row) -> list[float]:
            with run.start(peer) as process:
                process.ask("build", row)
                return process.ask("losses", STEPS)

        peers = [PEERS["numpy"]] + [peer for peer in run.peers if peer.name != "numpy"]
        found = run.answers(row.name, peers, losses)
        expected = found.pop(PEERS["numpy"], None)
        if expected is None:
            continue
        print(f"\n{row.name}\n  by hand: " + ", ".join(f"{loss:.6g}" for loss in expected))
        for peer, got in found.items():
            apart = distance(got, expected)
            agreed &= apart <= TOLERANCE
            verdict = "agrees" if apart <= TOLERANCE else f"DIFFERS: {got}"
            print(f"  {peer.label}: {apart:.1e} {verdict}")
    return agreed


def distance(got: list[float], expected: list[float]) -> float:
    """The largest relative difference; infinite where one is not a number."""
    apart = [abs(a - b) / max(abs(b), 1e-3) for a, b in zip(got, expected)]
    return max(x if x == x else float("inf") for x in apart)
