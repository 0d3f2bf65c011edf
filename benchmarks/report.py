"""Results as Markdown tables."""
from __future__ import annotations

import statistics
from collections.abc import Sequence

from benchmarks import machine
from benchmarks.measure import Run, Samples, Table
from benchmarks.processes import PEERS, Peer

OURS = "minitf"
NOT_PEERS = ("minitf", "nojit", "numpy")  # The ratio is to the best of the others.


def header(run: Run, load_before: str) -> str:
    """What was measured on what: machine, load, thread counts, versions."""
    lines = [
        f"- {machine.today()}, {machine.machine()}",
        f"- load {load_before} before, {machine.load()} after; {machine.compiler()}",
        f"- threads: {machine.threads(run.cores)}; {run.rounds} rounds, the peers by turns, "
        f"blocks of {run.seconds:g} s",
    ]
    for peer in run.peers:
        if peer.name in run.about:
            about = run.about[peer.name]
            threads = run.threads.get(peer.name)
            counted = f", {threads} threads in the process" if threads else ""
            lines.append(f"- {peer.label}: {about['version']}, Python {about['python']}{counted}")
        else:
            lines.append(f"- {peer.label}: left out: {run.absent.get(peer.name, 'it failed')}")
    return "\n".join(lines)


def markdown(table: Table, samples: Samples, peers: Sequence[Peer]) -> str:
    """Medians with their quartiles; the best in bold."""
    names = [p.name for p in peers if any(p.name in row for row in samples.values())]
    ratio = OURS in names and bool(set(names) - set(NOT_PEERS))
    heads = [table.unit] + [PEERS[name].label for name in names]
    heads += ["minitf / best peer"] if ratio else []
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for row, by_peer in samples.items():
        cells = [cell(table, by_peer, name) for name in names]
        cells += [against_best(table, by_peer)] if ratio else []
        lines.append("| " + " | ".join([row, *cells]) + " |")
    return "\n".join(lines)


def medians(by_peer: dict[str, list[float]]) -> dict[str, float]:
    return {name: statistics.median(samples) for name, samples in by_peer.items()}


def best(table: Table, values: Sequence[float]) -> float:
    return max(values) if table.more_is_better else min(values)


def cell(table: Table, by_peer: dict[str, list[float]], name: str) -> str:
    if name not in by_peer:
        return ""
    middle = medians(by_peer)
    text = table.show(middle[name])
    if middle[name] == best(table, list(middle.values())):
        text = f"**{text}**"
    if len(by_peer[name]) > 2:
        low, _, high = statistics.quantiles(by_peer[name], n=4, method="inclusive")
        text += f" ({table.show(low)} to {table.show(high)})"
    return text


def against_best(table: Table, by_peer: dict[str, list[float]]) -> str:
    """Ours divided by the best peer's: of times below 1 is faster, of rates above 1."""
    middle = medians(by_peer)
    others = [value for name, value in middle.items() if name not in NOT_PEERS]
    if OURS not in middle or not others:
        return ""
    return f"{middle[OURS] / best(table, others):.2f}"
