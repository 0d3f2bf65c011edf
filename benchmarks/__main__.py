"""Training steps of minitf and its peers: `python -m benchmarks`.

Each peer runs in a process of its own, and the peers take turns, round by round. A peer that is
not installed is left out; one that lives in another interpreter is named by --python:

    python -m benchmarks --python tf1=/path/to/python3.7 --out results
    python -m benchmarks --only "linear regression" --peers minitf,numpy --rounds 3
    python -m benchmarks --check
"""
from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

from benchmarks import chart, machine, report
from benchmarks.check import check
from benchmarks.measure import STEPS, Run, Samples, Table, chosen
from benchmarks.processes import PEERS, Peer
from benchmarks.rows import ROWS


def main() -> None:
    options = arguments().parse_args()
    run = Run(peers(options), options.rounds, options.seconds, options.cores)
    if options.check:
        wanted = [row for row in ROWS if options.only.lower() in row.name.lower()]
        agreed = check(run, wanted)
        say_what_went_wrong(run)
        sys.exit(not agreed or bool(run.failures))
    tables = chosen(options.only)
    if options.list:
        for table in tables:
            print(table.title, *(f"  {m.name}" for m in table.measurements), sep="\n")
        return
    if not tables:
        sys.exit(f"Nothing to measure is called {options.only!r}; --list says what is.")
    load = machine.load()
    results = [(table, measured(run, table)) for table in tables]
    text = report.header(run, load) + "\n"
    for table, samples in results:
        text += f"\n## {table.title}\n\n{report.markdown(table, samples, run.peers)}\n"
    text += "".join(f"\n{note}" for note in run.notes)
    print("\n" + text)
    if options.out:
        write(options.out, text, results)
    say_what_went_wrong(run)
    sys.exit(bool(run.failures))


def measured(run: Run, table: Table) -> Samples:
    samples: Samples = {}
    for measurement in table.measurements:
        print(f"{table.title}: {measurement.name} ...", file=sys.stderr, flush=True)
        for row, by_peer in measurement.measure(run).items():
            samples[row] = by_peer
            middle = report.medians(by_peer).items()
            shown = (f"{name} {table.show(value)}" for name, value in middle)
            print(f"  {row}, {table.unit}: " + ", ".join(shown), file=sys.stderr, flush=True)
    return samples


def write(folder: Path, text: str, results: list[tuple[Table, Samples]]) -> None:
    """results.md, results.json with every sample, and a chart of the training steps."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.md").write_text(text)
    raw = {table.title: samples for table, samples in results}
    (folder / "results.json").write_text(json.dumps(raw, indent=1))
    for table, samples in results:
        if table.title == STEPS.title and any(samples.values()):
            chart.draw(table, samples, folder / "results.png")


def say_what_went_wrong(run: Run) -> None:
    for name, why in run.absent.items():
        print(f"{PEERS[name].label} is left out: {why}", file=sys.stderr)
    for failure in run.failures:
        print(failure, file=sys.stderr)


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", default="", metavar="ROW", help="what has this in its name")
    parser.add_argument("--list", action="store_true", help="say what there is to measure")
    default = ",".join(name for name in PEERS if name != "nojit")
    parser.add_argument("--peers", default=default, help=f"of {', '.join(PEERS)}")
    parser.add_argument("--python", action="append", default=[], metavar="PEER=PATH",
                        help="the interpreter that a peer lives in")  # fmt: skip
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--seconds", type=float, default=0.2, help="how long a turn lasts")
    parser.add_argument("--cores", type=int, help="cores that each process may use (Linux)")
    parser.add_argument("--out", type=Path, metavar="FOLDER",
                        help="write results.md, results.json and results.png there")  # fmt: skip
    parser.add_argument("--check", action="store_true",
                        help="do not measure: compare the losses of the first steps")  # fmt: skip
    return parser


def peers(options: argparse.Namespace) -> list[Peer]:
    names = options.peers.split(",")
    pythons = dict(pair.partition("=")[::2] for pair in options.python)
    unknown = (set(names) | set(pythons)) - set(PEERS)
    if unknown:
        sys.exit(f"Unknown peer {', '.join(sorted(unknown))}: there are {', '.join(PEERS)}.")
    return [
        replace(PEERS[name], python=pythons[name]) if name in pythons else PEERS[name]
        for name in names
    ]


if __name__ == "__main__":
    main()
