"""Workers as seen from outside: start one, ask it, and say why it has no answer."""
from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Peer:
    """What is measured: a framework, in an interpreter, with settings of its own."""

    name: str
    label: str
    worker: str  # its name in `benchmarks.worker`
    module: str
    python: str = sys.executable
    environment: dict[str, str] = field(default_factory=dict, hash=False)


PEERS = {
    peer.name: peer
    for peer in [
        Peer("minitf", "minitf", "minitf", "minitf"),
        Peer("nojit", "minitf without C", "minitf", "minitf", environment={"MINITF_JIT": "0"}),
        Peer("numpy", "NumPy by hand", "numpy", "numpy"),
        Peer("tf1", "TensorFlow 1.15", "tf1", "tensorflow"),
        Peer("tf2", "TensorFlow 2 compat.v1", "tf2", "tensorflow"),
        Peer("jax", "JAX jit", "jax", "jax"),
        Peer("torch", "PyTorch eager", "torch", "torch"),
    ]
}


class NotThere(Exception):
    """The peer is not installed, or cannot do what was asked (yet)."""


class Failed(Exception):
    """The peer broke."""


class Process:
    """A worker with its framework loaded; use it in a `with`."""

    def __init__(
        self,
        peer: Peer,
        cores: int | None = None,
        environment: dict[str, str] | None = None,
        patience: float | None = None,
    ) -> None:
        """`patience` is how many seconds an answer may take before the process is ended."""
        self.peer, self.patience = peer, patience
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115  closed by close()
        command = [peer.python, "-m", "benchmarks.worker", peer.worker]
        self._process = subprocess.Popen(
            command + ([str(cores)] if cores else []),
            cwd=ROOT,
            env={**os.environ, **peer.environment, **(environment or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        try:
            self.about: dict[str, str] = self.ask("load")
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, command: str, *arguments: Any) -> Any:
        """The worker's answer; `NotThere` or `Failed` when it has none."""
        with self._watched():
            line = self._line(json.dumps([command, *arguments]))
        if not line:
            raise Failed(f"{command}: the process ended ({self._process.wait()})\n{self._tail()}")
        reply = json.loads(line)
        if "answer" in reply:
            return reply["answer"]
        if is_absence(command, reply["kind"], reply["error"]):
            raise NotThere(reply["error"])
        raise Failed(f"{command}: {reply['kind']}: {reply['error']}\n{self._tail()}")

    def _line(self, request: str) -> str:
        assert self._process.stdin and self._process.stdout
        try:
            self._process.stdin.write(request + "\n")
            self._process.stdin.flush()
            return self._process.stdout.readline()
        except BrokenPipeError:
            return ""

    @contextlib.contextmanager
    def _watched(self) -> Iterator[None]:
        """End the process when an answer takes longer than its patience."""
        if self.patience is None:
            yield
            return
        watch = threading.Timer(self.patience, self._process.kill)
        watch.start()
        try:
            yield
        finally:
            watch.cancel()

    def close(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._log.close()

    def _tail(self) -> str:
        self._log.seek(0)
        return "".join(self._log.readlines()[-15:])


def is_absence(command: str, kind: str, message: str) -> bool:
    """Whether an error says that something is missing, rather than broken."""
    if kind in ("ImportError", "ModuleNotFoundError"):
        return command == "load"
    return kind == "NotImplementedError" or (
        kind == "AttributeError" and message.startswith("module ")
    )


def import_seconds(peer: Peer) -> float:
    """How long a fresh interpreter takes to import the peer's framework."""
    program = f"import time; t = time.perf_counter(); import {peer.module}; "
    result = subprocess.run(
        [peer.python, "-c", program + "print(time.perf_counter() - t)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if result.returncode:
        raise NotThere(result.stderr.strip().splitlines()[-1])
    return float(result.stdout.split()[-1])
