"""Kernels in Python that call kernels in C: the trait `quick` of an op."""
from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.backend import native as base
from minitf.core.kernel import Kernel
from minitf.core.op import OpDef
from minitf.runtime.regions import LONG, compiled, scratch


class NotCompiled(Exception):
    """There is no compiler, or it fails."""


def quickened(definition: OpDef) -> Callable[..., Any]:
    """The op's kernel, in C as far as that can be had."""
    quick: Any = definition.quick
    if base.base() is None:
        return definition.kernel

    def kernel(xp: Any, *arguments: Any, **attrs: Any) -> Any:
        try:
            found = quick(run, *arguments, **attrs)
        except NotCompiled:
            found = None
        return definition.kernel(xp, *arguments, **attrs) if found is None else found

    kernel.__name__ = definition.kernel.__name__
    return kernel


def run(kernel: Kernel, *arrays: Any) -> None:
    """Run a kernel on arrays, its inputs and then its outputs, which are contiguous.

    Raises IndexError when it complains of an index.
    """
    address = base.function(kernel.function) if kernel.function else _address(kernel.source)
    if address is None:
        raise NotCompiled
    given = tuple([array if type(array) is np.ndarray and array.flags.c_contiguous
                   else np.ascontiguousarray(array) for array in arrays])  # fmt: skip
    threads = base.threads() if kernel.scratch else 0
    if threads:
        given += (scratch(kernel.scratch * threads),)
    base.caller()(address, _sizes(kernel.sizes), given, len(given), _alone(given), threads)


def _alone(arrays: tuple[np.ndarray, ...]) -> bool:
    """Whether other Python threads may run meanwhile: not beside objects, which need its lock."""
    for array in arrays:
        if array.size >= LONG:
            return not any(each.dtype.hasobject for each in arrays)
    return False


@functools.lru_cache(maxsize=256)
def _sizes(sizes: tuple[int, ...]) -> np.ndarray:
    return np.array(sizes or (0,), np.int64)


@functools.lru_cache(maxsize=256)
def _address(source: str) -> int | None:
    kernel = Kernel(source)
    return (compiled([kernel]) or {}).get(kernel)
