"""Runs programs as users do, in a process of their own."""
import os
import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def runner(tmp_path):
    """A function that writes a program into an empty folder and runs it by `python -m minitf`, or
    runs `command`; its own folder is not the current one."""

    def run(source="", *arguments, name="prog.py", command=None, env=None, flags=()):
        folder = tmp_path / "folder"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(textwrap.dedent(source))
        command = ["-m", "minitf", f"folder/{name}"] if command is None else command
        return subprocess.run(
            [sys.executable, *flags, *command, *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
            capture_output=True,
            text=True,
            timeout=120,
        )

    return run


def output(result):
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()
