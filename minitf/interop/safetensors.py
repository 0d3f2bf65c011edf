"""Variables as a safetensors file, which PyTorch, JAX and others read.

    from minitf.interop import safetensors

    safetensors.save("model.safetensors", session=sess)
    safetensors.load("model.safetensors", session=sess)
"""
from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from minitf.core.graph import get_default_graph
from minitf.ops.state.variable_lists import global_variables


def save(
    path: Any,
    variables: Mapping[str, Any] | Iterable[Any] | None = None,
    session: Any = None,
    metadata: Mapping[str, str] | None = None,
) -> None:
    """Write the values of `variables` (all global ones, or a dict by name) in `session`.

    A tensor is named as its variable, without ":0". The file is written beside `path` first, and
    takes its place when it is whole. Raises ImportError without the package safetensors,
    TypeError for a variable of strings.
    """
    numpy = _package()
    session = get_default_graph()._session(session, "safetensors.save")
    named = _named(variables, session)
    values = session.run(list(named.values()))
    for name, value in zip(named, values):
        if np.asarray(value).dtype.kind not in "biufc":
            raise TypeError(f"safetensors has no strings, but variable '{name}' holds them")
    arrays = {name: np.array(value, order="C") for name, value in zip(named, values)}
    partial = f"{os.fspath(path)}.partial"
    numpy.save_file(arrays, partial, dict(metadata or {}))
    os.replace(partial, path)


def load(
    path: Any, variables: Mapping[str, Any] | Iterable[Any] | None = None, session: Any = None
) -> None:
    """Give `variables` (all global ones, or a dict by name) the values in the file.

    Other tensors of the file are left. Raises KeyError for a variable that it lacks and ValueError
    for a shape or type that differs, each before any variable has changed.
    """
    numpy = _package()
    session = get_default_graph()._session(session, "safetensors.load")
    named, found = _named(variables, session), numpy.load_file(path)
    for name, variable in named.items():
        _check(path, name, variable, found)
    for name, variable in named.items():
        variable.load(found[name], session)


def _package() -> Any:
    try:
        import safetensors.numpy
    except ImportError as error:
        raise ImportError(
            "This needs the package safetensors, which the extra `interop` brings: "
            'pip install "minitf-tf1[interop]".'
        ) from error
    return safetensors.numpy


def _named(variables: Any, session: Any) -> dict[str, Any]:
    if variables is None:
        with session.graph.as_default():
            variables = global_variables()
    if isinstance(variables, Mapping):
        return dict(variables)
    return {variable.op.name: variable for variable in variables}


def _check(path: Any, name: str, variable: Any, found: dict[str, np.ndarray]) -> None:
    if name not in found:
        some = ", ".join(sorted(found)[:8])
        raise KeyError(f"{path} has no tensor '{name}'; it has {len(found)}: {some} ...")
    array, dtype = found[name], variable.dtype.base_dtype.numpy
    if not variable.shape.is_compatible_with(array.shape) or array.dtype != dtype:
        raise ValueError(
            f"{path}: tensor '{name}' is {array.dtype}{list(array.shape)}, but the variable is "
            f"{dtype}{variable.shape}"
        )
