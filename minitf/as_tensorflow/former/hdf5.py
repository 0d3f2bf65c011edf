"""What h5py 2 gave and h5py 3 does not: `dataset.value`, texts as they were written, files that are
opened to be written without being asked for it."""
from __future__ import annotations

import functools
import os
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

Method = Callable[..., Any]


def restore(module: ModuleType) -> None:
    """Give `h5py` back what it had, unless it has it still."""
    if int(module.__version__.partition(".")[0]) < 3:
        return
    kinds: Any = module
    attributes = kinds.AttributeManager
    kinds.Dataset.value = property(lambda self: self[()], doc="All of the dataset.")
    kinds.Dataset.__getitem__ = _decoded(kinds.Dataset.__getitem__, kinds.check_string_dtype)
    attributes.__getitem__ = _encoded(attributes.__getitem__, kinds.check_string_dtype)
    attributes.__setitem__ = _as_written(attributes.__setitem__)
    kinds.File.__init__ = _opened(kinds.File.__init__)


def _decoded(read: Method, string_info: Method) -> Method:
    """Of datasets: what was written as text is text."""

    @functools.wraps(read)
    def __getitem__(self: Any, *args: Any, **how: Any) -> Any:
        value, said = read(self, *args, **how), string_info(self.dtype)
        text = said is not None and said.length is None and said.encoding == "utf-8"
        return _each(lambda item: item.decode(), bytes, value) if text else value

    return __getitem__


def _encoded(read: Method, string_info: Method) -> Method:
    """Of attributes: what was written as bytes is bytes."""

    @functools.wraps(read)
    def __getitem__(self: Any, name: Any) -> Any:
        value = read(self, name)
        if not isinstance(value, (str, np.ndarray)):
            return value
        said = string_info(self.get_id(name).dtype)
        is_bytes = said is not None and said.encoding == "ascii"
        return _each(lambda item: item.encode(), str, value) if is_bytes else value

    return __getitem__


def _as_written(write: Method) -> Method:
    """Of attributes: a list of bytes is an array of bytes."""

    @functools.wraps(write)
    def __setitem__(self: Any, name: Any, value: Any) -> None:
        is_list = isinstance(value, (list, tuple)) and len(value) > 0
        is_bytes = is_list and all(isinstance(item, bytes) for item in value)
        write(self, name, np.array(value) if is_bytes else value)

    return __setitem__


def _each(change: Callable[[Any], Any], kind: type, value: Any) -> Any:
    """A text, or an array of texts, changed."""
    if isinstance(value, kind):
        return change(value)
    if not isinstance(value, np.ndarray) or value.dtype.kind != "O":
        return value
    made = np.empty(value.shape, object)
    made.flat = [change(item) if isinstance(item, kind) else item for item in value.flat]
    return made


def _opened(init: Method) -> Method:
    """A file that is there can be written too, where that is allowed; one that is not is made."""

    @functools.wraps(init)
    def __init__(self: Any, name: Any, mode: Any = None, *args: Any, **how: Any) -> None:
        read_only = isinstance(name, (str, bytes, os.PathLike)) and (
            os.path.exists(name) and not os.access(name, os.W_OK)
        )
        init(self, name, mode or ("r" if read_only else "a"), *args, **how)

    return __init__
