"""Python's errors of files as `tf.errors`."""
from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from minitf.core import errors

_KINDS = (
    (FileNotFoundError, errors.NotFoundError),
    (FileExistsError, errors.AlreadyExistsError),
    (PermissionError, errors.PermissionDeniedError),
    (IsADirectoryError, errors.FailedPreconditionError),
    (NotADirectoryError, errors.FailedPreconditionError),
)
_FULL = [getattr(errno, name, None) for name in ("ENOSPC", "EDQUOT", "EMFILE", "ENFILE", "ENOMEM")]


@contextmanager
def translated(path: Any) -> Iterator[None]:
    """Raise Python's errors of files as `tf.errors`."""
    try:
        yield
    except OSError as error:
        raise _kind(error)(None, None, f"{path_text(path)}; {error.strerror}") from None


def _kind(error: OSError) -> Any:
    if error.errno in _FULL:
        return errors.ResourceExhaustedError
    return next((kind for base, kind in _KINDS if isinstance(error, base)), errors.UnknownError)


def path_text(path: Any) -> str:
    """A path as text."""
    path = os.fspath(path)
    return path.decode() if isinstance(path, bytes) else path
