"""Checksums and records outside of a run: in C, where there is a compiler."""
from __future__ import annotations

import functools
import os
from collections.abc import Callable

from minitf.backend import native
from minitf.lib import crc32c as checksums
from minitf.lib import records
from minitf.runtime.quick import NotCompiled, run


@functools.cache
def crc32c() -> Callable[..., int]:
    """The fastest function there is that does what `minitf.lib.crc32c.crc32c` does."""
    if native.base() is not None:
        try:
            return checksums.compiled(run)
        except NotCompiled:
            pass
    return checksums.crc32c


@functools.cache
def runner() -> Callable[..., None] | None:
    """What runs a kernel in C, which may raise NotCompiled; None where nothing does."""
    return None if os.environ.get("MINITF_JIT") == "0" or native.base() is None else run


@functools.cache
def framed() -> Callable[[bytes], list[list[int]]] | None:
    """What finds many records at once, for `minitf.lib.records.read`; None where nothing does."""
    if runner() is None:
        return None
    try:
        return records.compiled(run)
    except NotCompiled:
        return None
