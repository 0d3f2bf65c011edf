"""The tests of libraries that were written for TensorFlow 1, with minitf in its place.

    python -m benchmarks.libraries FOLDER... [--path FOLDER...] [--tensorflow PYTHON]

A FOLDER has a library as it was unpacked, with its tests, which pytest runs file by file; --path
has what libraries import of each other. PYTHON is an interpreter that has tensorflow 1.15: then
those tests count that pass there. Both need pytest and what else the libraries want.
"""
from __future__ import annotations

import argparse
import collections
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from tqdm import tqdm

from benchmarks.conformance import QUIET

MINITF = [sys.executable, "-m", "minitf"]


def main() -> None:
    options = arguments().parse_args()
    print("| library | tests | pass | skip | fail |\n|---|---|---|---|---|")
    for folder in options.folders:
        endings = compared(folder.resolve(), options)
        count = collections.Counter(endings.values())
        told = (str(count[how]) for how in ("pass", "skip", "fail"))
        print(f"| {folder.name} | {len(endings)} | {' | '.join(told)} |", flush=True)
        for name in [each for each, how in endings.items() if how == "fail"]:
            print(f"  {name}", file=sys.stderr)


def arguments() -> argparse.ArgumentParser:
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--path", nargs="*", type=Path, default=[])
    parser.add_argument("--tensorflow", metavar="PYTHON")
    parser.add_argument("--only", default="", help="files whose paths contain this")
    parser.add_argument("--seconds", type=int, default=400, help="for a file")
    return parser


def compared(library: Path, options: argparse.Namespace) -> dict[str, str]:
    """How the tests end in minitf, of those that pass in TensorFlow where that is asked, too."""
    found: dict[str, str] = {}
    for file in tqdm(sorted(files(library, options.only)), library.name, leave=False):
        ours = run(MINITF, library, file, options)
        if options.tensorflow:
            theirs = run([options.tensorflow], library, file, options)
            ours = {name: ours.get(name, "fail") for name, how in theirs.items() if how == "pass"}
        found.update(ours)
    return found


def files(library: Path, only: str) -> Iterator[Path]:
    for pattern in ("*_test.py", "test_*.py"):
        yield from (file for file in library.rglob(pattern) if only in str(file))


def run(
    command: list[str], library: Path, file: Path, options: argparse.Namespace
) -> dict[str, str]:
    """{test: "pass", "skip" or "fail"}; none of a file that cannot be imported, or takes too long.
    """
    path = [Path(__file__).parent.parent] * (command == MINITF)
    path += [library, *(each.resolve() for each in options.path)]
    env = {**os.environ, **QUIET, "PYTHONPATH": os.pathsep.join(map(str, path))}
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        with open(Path(folder, "log"), "w") as log:
            try:
                subprocess.run(
                    [*command, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull,
                     "--rootdir", str(library), "--junitxml", str(report), str(file)],
                    cwd=library, env=env, stdout=log, stderr=log, timeout=options.seconds,
                    check=False,
                )  # fmt: skip
            except subprocess.TimeoutExpired:
                return {}
        return dict(endings(report)) if report.exists() else {}


def endings(report: Path) -> Iterator[tuple[str, str]]:
    """(test, how it ended) of a report of pytest."""
    for case in ElementTree.parse(report).iter("testcase"):
        kinds = {child.tag for child in case}
        how = "fail" if kinds & {"failure", "error"} else "skip" if "skipped" in kinds else "pass"
        yield f"{case.get('classname')}.{case.get('name')}", how


if __name__ == "__main__":
    main()
