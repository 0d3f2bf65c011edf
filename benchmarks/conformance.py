"""TensorFlow's own tests, with minitf in its place.

    python -m benchmarks.conformance SOURCES FOLDER... [--tensorflow PYTHON] [--jobs 2]

SOURCES is a checkout of TensorFlow 1.15, FOLDERs are folders or files below its `tensorflow`, such
as `python/kernel_tests contrib/rnn`. Each test file runs in a process of its own. A test counts
where TensorFlow itself passes it: PYTHON is an interpreter that has tensorflow 1.15. What is told
of a test that fails is the last line of its error. Results stay in --results, and a file that has
some there is not run again.
"""
from __future__ import annotations

import argparse
import collections
import concurrent.futures
import json
import os
import subprocess
import sys
from pathlib import Path

RUNNER = Path(__file__).with_name("one_test_file.py")
QUIET = {"OPENBLAS_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "MPLBACKEND": "Agg",
         "CUDA_VISIBLE_DEVICES": ""}  # fmt: skip
PER_TEST = 20  # seconds


def main() -> None:
    options = arguments().parse_args()
    sources = options.sources.resolve()
    files = [each for folder in options.folders for each in found(sources / "tensorflow" / folder)]
    commands = {"minitf": [sys.executable, "-m", "minitf"], "tensorflow": [options.tensorflow]}
    if not options.tensorflow:
        del commands["tensorflow"]

    def run(each: tuple[str, Path]) -> None:
        who, file = each
        ended = result(options.results / who, sources, file)
        if not ended.exists():
            one(commands[who], sources, file, ended, options.seconds)

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        list(pool.map(run, [(who, file) for file in files for who in commands]))
    tell(options, sources, files)


def arguments() -> argparse.ArgumentParser:
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument("sources", type=Path)
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--tensorflow", metavar="PYTHON")
    parser.add_argument("--results", type=Path, default=Path("conformance"))
    parser.add_argument("--seconds", type=int, default=200, help="for a file")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--failures", action="store_true", help="list them")
    return parser


def found(place: Path) -> list[Path]:
    return sorted(place.rglob("*_test.py")) if place.is_dir() else [place]


def result(folder: Path, sources: Path, file: Path) -> Path:
    name = file.relative_to(sources / "tensorflow").with_suffix(".json")
    return folder.resolve() / "__".join(name.parts)


def one(command: list[str], sources: Path, file: Path, ended: Path, seconds: int) -> None:
    """Run a file. What it has written of itself counts where it takes too long."""
    ended.parent.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(
        [*command, str(RUNNER), str(sources), str(file), str(ended), str(PER_TEST)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        cwd=ended.parent, env={**os.environ, **QUIET},
    )  # fmt: skip
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.wait()
    if not ended.exists():
        ended.write_text(json.dumps({"the file": f"it ended with status {process.returncode}"}))


def tell(options: argparse.Namespace, sources: Path, files: list[Path]) -> None:
    """A line for each folder: the tests that TensorFlow passes, and how they end in minitf."""
    counts: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for file in files:
        folder = str(file.parent.relative_to(sources / "tensorflow"))
        for name, how in endings(options.results, sources, file):
            counts[folder][how if how in ("pass", "skip") else "fail"] += 1
            if options.failures and how not in ("pass", "skip"):
                print(f"{file.name}: {name}: {how}")
    counts["together"] = sum(list(counts.values()), collections.Counter())
    print("\n| folder | tests | pass | skip | fail |\n|---|---|---|---|---|")
    for folder, count in counts.items():
        row = (str(count[how]) for how in ("pass", "skip", "fail"))
        print(f"| {folder} | {sum(count.values())} | {' | '.join(row)} |")


def endings(results: Path, sources: Path, file: Path) -> list[tuple[str, str]]:
    """How minitf ends the tests that TensorFlow passes: all of its own where that was not asked."""
    paths = [result(results / who, sources, file) for who in ("minitf", "tensorflow")]
    ours, theirs = (json.loads(p.read_text()) if p.exists() else {} for p in paths)
    asked = [name for name, how in theirs.items() if how == "pass"] if theirs else list(ours)
    return [(name, ours.get(name, "it was not run")) for name in asked]


if __name__ == "__main__":
    main()
