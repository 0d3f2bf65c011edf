"""`python -m minitf script.py`: runs an unmodified TensorFlow 1 program on minitf."""
from __future__ import annotations

import builtins
import gc
import importlib
import importlib.metadata
import os
import runpy
import sys
from importlib.machinery import SourceFileLoader
from types import CodeType, ModuleType, TracebackType
from typing import Any

from minitf import as_tensorflow

USAGE = """\
usage: python -m minitf script.py [arguments]
       python -m minitf -m module [arguments]
       python -m minitf -c code [arguments]
       python -m minitf --explain page.html script.py [arguments]

Runs a TensorFlow 1 program as Python would, except that `import tensorflow` gives minitf.
`minitf` alone is short for `python -m minitf`.

  --explain FILE  when the program ends, write a page that shows what its sessions ran: how often
                  and how long, curves of the numbers that came out, the graphs, and the programs
                  that they became
  -h, --help      print this and exit
  --version       print the version of minitf and exit"""


def command() -> int | None:
    """What `minitf` on a command line does. Unlike `python -m` it starts in folders that have files
    named as modules of Python are, such as types.py."""
    return main(sys.argv[1:])


def main(arguments: list[str]) -> int | None:
    """Do what the command line says; the exit status, if it is not the program's own affair."""
    what, rest = (arguments or [""])[0], arguments[1:]
    if what in ("-h", "--help"):
        return _say(USAGE, status=0)
    if what == "--version":
        return _say(f"minitf {_version()}", status=0)
    if what == "--explain":
        return _explained(*rest)
    if what in ("-m", "-c") and not rest:
        return _say(f"Argument expected for the {what} option\n{USAGE}", status=2)
    if what in ("-m", "-c"):
        _prepare()
        return _run_module(*rest) if what == "-m" else _run_code(*rest)
    if not what or what.startswith("-"):
        return _say((f"unknown option {what}\n" if what else "") + USAGE, status=2)
    return _run_script(what, *rest)


def _explained(path: str = "", *command: str) -> int | None:
    """Do what the rest of the command line says, and write what was run into a page."""
    if not command:
        return _say(f"Expected a file and a program behind --explain\n{USAGE}", status=2)
    try:
        open(path, "ab").close()
    except OSError as error:
        return _say(f"--explain: can't write {path!r}: {error.strerror}", status=2)
    page = os.path.abspath(path)  # the program may go to another folder
    found = importlib.import_module("minitf.explain").watch()
    try:
        with found:
            return main(list(command))
    finally:
        found.save(page)
        print(f"minitf: what was run is shown in {path}", file=sys.stderr)


def _say(text: str, status: int) -> int:
    print(text, file=sys.stderr if status else sys.stdout)
    return status


def _version() -> str:
    try:
        return importlib.metadata.version("minitf-tf1")
    except importlib.metadata.PackageNotFoundError:
        return "(a checkout that is not installed)"


def _run_script(script: str, *arguments: str) -> int | None:
    try:
        with open(script, "rb") as file:
            source = file.read()
    except OSError as error:
        reason = f"[Errno {error.errno}] {error.strerror}"
        return _say(f"{sys.executable}: can't open file {os.path.abspath(script)!r}: {reason}", 2)
    _prepare()
    sys.argv[:] = [script, *arguments]
    _set_first_path(os.path.dirname(os.path.realpath(script)))
    path = os.path.abspath(script)
    program = compile(source, path, "exec", dont_inherit=True)
    _execute(program, __file__=path, __cached__=None, __loader__=SourceFileLoader("__main__", path))
    return None


def _run_code(code: str, *arguments: str) -> None:
    sys.argv[:] = ["-c", *arguments]
    _set_first_path("")
    _execute(compile(code, "<string>", "exec", dont_inherit=True))


def _run_module(name: str, *arguments: str) -> None:
    sys.argv[:] = ["-m", *arguments]
    _set_first_path(os.getcwd())
    runpy.run_module(name, run_name="__main__", alter_sys=True)


def _execute(program: CodeType, **attributes: Any) -> None:
    # A real module, and still there when the program has ended: functions of it are pickled by
    # its name, threads and exit handlers look names up in it, `python -i` goes on in it.
    module = ModuleType("__main__")
    module.__dict__.update(attributes, __builtins__=builtins)
    sys.modules["__main__"] = module
    exec(program, module.__dict__)


def _prepare() -> None:
    as_tensorflow.install()
    sys.excepthook = _without_our_frames(sys.excepthook)
    has_windows = sys.platform in ("win32", "darwin")
    if not (has_windows or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("MPLBACKEND", "Agg")
    # What there is before the program stays to the end: no search for garbage has to look at it.
    # Those at the end of a process took a quarter of the time of a short program.
    gc.freeze()


def _set_first_path(folder: str) -> None:
    """As Python does for a program; the folder `-m minitf` was found in moves to the end."""
    if not getattr(sys.flags, "safe_path", False):
        sys.path[0] = folder
    sys.path.insert(1, as_tensorflow.PATH)
    home = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    away = [home] if home not in sys.path else []
    sys.path += away
    _tell_children([as_tensorflow.PATH], away)


def _tell_children(first: list[str], last: list[str]) -> None:
    """Python programs that this one starts, as a notebook's, find minitf as tensorflow, too."""
    known = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    paths = [*first, *filter(None, known), *last]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))


def _without_our_frames(hook: Any) -> Any:
    def excepthook(kind: Any, error: BaseException, trace: TracebackType | None) -> None:
        trace = _of_the_program(trace)
        hook(kind, error.with_traceback(trace), trace)

    return excepthook


def _of_the_program(trace: TracebackType | None) -> TracebackType | None:
    """From the program's first line on, and not into the finder that found no module."""
    while trace is not None and not _is_runner(trace):  # the command's own file
        trace = trace.tb_next
    while trace is not None and _is_runner(trace):
        trace = trace.tb_next
    steps = [trace] if trace is not None else []
    while steps and steps[-1].tb_next is not None:
        steps.append(steps[-1].tb_next)
    if len(steps) > 1 and steps[-1].tb_frame.f_code.co_filename == as_tensorflow.__file__:
        steps[-2].tb_next = None
    return trace


def _is_runner(trace: TracebackType) -> bool:
    frame = trace.tb_frame
    return frame.f_code.co_filename == __file__ or frame.f_globals.get("__name__") == "runpy"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
