"""Saving and restoring against TensorFlow 1.15: `python -m benchmarks.checkpoint --tf1 PYTHON`.

Each framework in a process of its own, by turns, on the same disk; the files are read and written
through the operating system's cache, so what a busy disk adds hits both.
"""
from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# What a process runs: the module's name, megabytes, number of variables, a folder. The first save
# and restore compile, and make the cache warm.
WORK = """
import importlib, json, resource, sys, time
name, megabytes, count, folder = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
tf = importlib.import_module(name)
rows = megabytes * 2**20 // 4 // count
for number in range(count):
    tf.get_variable("v%d" % number, [rows], initializer=tf.ones_initializer())
saver = tf.train.Saver()
found = {}
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(2):
        start = time.perf_counter()
        path = saver.save(sess, folder + "/m", write_meta_graph=False)
        found["save"] = time.perf_counter() - start
        start = time.perf_counter()
        saver.restore(sess, path)
        found["restore"] = time.perf_counter() - start
found["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(found))
"""


def measured(python: str, module: str, megabytes: int, count: int) -> dict[str, float]:
    """Seconds to save and to restore, and the peak of memory in MB, in a new process."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
    with tempfile.TemporaryDirectory() as folder:
        command = [python, "-c", WORK, module, str(megabytes), str(count), folder]
        result = subprocess.run(command, capture_output=True, text=True, env=environment)
    if result.returncode:
        raise SystemExit(f"{module} failed: {result.stderr[-2000:]}")
    return json.loads(result.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tf1", help="the Python that has TensorFlow 1.15")
    parser.add_argument("--megabytes", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    peers = {"minitf": (sys.executable, "minitf")}
    if options.tf1:
        peers["TensorFlow 1.15"] = (options.tf1, "tensorflow")
    print(f"load {os.getloadavg()[0]:.1f}; {options.rounds} rounds, medians (least, most)")
    for count in (4, 1000):
        found = {name: [] for name in peers}
        for _ in range(options.rounds):
            for name, (python, module) in peers.items():
                found[name].append(measured(python, module, options.megabytes, count))
        for name, runs in found.items():
            print(f"{options.megabytes} MB in {count} variables, {name}: {said(runs)}")


def said(runs: list[dict[str, float]]) -> str:
    """The medians of these runs."""
    parts = []
    for key, unit in (("save", "s"), ("restore", "s"), ("peak", "MB")):
        values = sorted(run[key] for run in runs)
        digits = 2 if unit == "s" else 0
        shown = [f"{v:.{digits}f}" for v in (statistics.median(values), values[0], values[-1])]
        parts.append(f"{key} {shown[0]} {unit} ({shown[1]}, {shown[2]})")
    return ", ".join(parts)


if __name__ == "__main__":
    main()
