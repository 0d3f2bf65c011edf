"""`tf.io.gfile`: files and folders by the names that TensorFlow 2 kept."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from minitf import gfile
from minitf.core.errors import NotFoundError
from minitf.gfile import GFile  # noqa: F401  public


def copy(src: Any, dst: Any, overwrite: bool = False) -> None:
    """Copy a file. AlreadyExistsError when `dst` is there, unless `overwrite`."""
    gfile.Copy(src, dst, overwrite)


def exists(path: Any) -> bool:
    """Whether there is such a file or folder."""
    return gfile.Exists(path)


def glob(pattern: Any) -> list[str]:
    """The paths that match a pattern, or one of a list of patterns, sorted."""
    return gfile.Glob(pattern)


def isdir(path: Any) -> bool:
    """Whether it is a folder."""
    return gfile.IsDirectory(path)


def listdir(path: Any) -> list[str]:
    """The names of what is in a folder, in no order. NotFoundError when it is no folder."""
    return gfile.ListDirectory(path)


def makedirs(path: Any) -> None:
    """Make a folder, and those it stands in, unless they are there."""
    gfile.MakeDirs(path)


def mkdir(path: Any) -> None:
    """Make a folder unless it is there. NotFoundError when its parent is not."""
    gfile.MkDir(path)


def remove(path: Any) -> None:
    """Delete a file. NotFoundError when there is none."""
    gfile.Remove(path)


def rename(src: Any, dst: Any, overwrite: bool = False) -> None:
    """Move a file or folder. AlreadyExistsError when `dst` is there, unless `overwrite`."""
    gfile.Rename(src, dst, overwrite)


def rmtree(path: Any) -> None:
    """Delete a folder with all that is in it. NotFoundError when there is none."""
    gfile.DeleteRecursively(path)


def stat(path: Any) -> gfile.FileStatistics:
    """Length, time of change and kind of a file. NotFoundError when there is none."""
    return gfile.Stat(path)


def walk(
    top: Any, topdown: bool = True, onerror: Callable[[NotFoundError], Any] | None = None
) -> Iterator[tuple[str, list[str], list[str]]]:
    """(folder, its folders, its files) for `top` and every folder below, `top` first or last.

    `onerror` gets the NotFoundError of a folder that is not there; without it there is nothing.
    """
    try:
        gfile.ListDirectory(top)
    except NotFoundError as error:
        if onerror is not None:
            onerror(error)
        return
    yield from gfile.Walk(top, topdown)
