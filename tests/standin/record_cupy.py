"""Writes cupy.json: the names that CuPy has, and the parameters of its functions.

Run with CuPy installed (it needs no GPU): python tests/standin/record_cupy.py
"""
import inspect
import json
import re
from pathlib import Path

import cupy
import cupyx

CLASSES = {
    "ndarray": cupy.ndarray,
    "Stream": cupy.cuda.Stream,
    "Event": cupy.cuda.Event,
    "Graph": cupy.cuda.Graph,
    "RawModule": cupy.RawModule,
    "RawKernel": cupy.RawKernel,
    "MemoryPool": cupy.cuda.MemoryPool,
    "MemoryPointer": cupy.cuda.MemoryPointer,
    "PinnedMemoryPointer": cupy.cuda.PinnedMemoryPointer,
    "Device": cupy.cuda.Device,
}


def parameters(function):
    """The names of a function's parameters, with stars; None where they cannot be told."""
    try:
        found = inspect.signature(function).parameters.values()
        return [{2: "*", 4: "**"}.get(int(p.kind), "") + p.name for p in found]
    except (TypeError, ValueError):
        return from_docstring(function)


def from_docstring(function):
    """Cython writes `size(a, axis=None)` into the first line."""
    found = re.match(r"[\w.]+\((.*?)\)", function.__doc__ or "", re.DOTALL)
    if not found:
        return None
    names = [part.split("=")[0].split()[-1] for part in found[1].split(",") if part.strip()]
    return [name for name in names if name not in ("self", "/", "*")]


def kind(value):
    """What a name of CuPy's stands for."""
    if isinstance(value, cupy.ufunc):
        return {"ufunc": [value.nin, value.nout]}
    if isinstance(value, type):
        return {"class": value.__name__}
    if inspect.ismodule(value):
        return {"module": names(value)}
    if callable(value):
        return {"function": parameters(value)}
    return {"value": repr(value)}


def names(module):
    """The public names of a module."""
    return sorted(name for name in dir(module) if not name.startswith("_"))


def methods(of):
    """The public names of a class; of methods also the parameters."""
    return {
        name: from_docstring(getattr(of, name)) if callable(getattr(of, name)) else None
        for name in names(of)
    }


def recorded():
    """What the file says."""
    return {
        "version": cupy.__version__,
        "cupy": {name: kind(getattr(cupy, name)) for name in names(cupy)},
        "linalg": {name: kind(getattr(cupy.linalg, name)) for name in names(cupy.linalg)},
        "fft": {name: kind(getattr(cupy.fft, name)) for name in names(cupy.fft)},
        "cuda": names(cupy.cuda),
        "runtime": names(cupy.cuda.runtime),
        "cupyx": names(cupyx),
        "classes": {name: methods(of) for name, of in CLASSES.items()},
    }


def main():
    """Write the file beside this one."""
    text = json.dumps(recorded(), indent=None, separators=(",", ":")).replace('},"', '},\n"')
    (Path(__file__).parent / "cupy.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
