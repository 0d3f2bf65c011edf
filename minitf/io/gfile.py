"""`tf.io.gfile`: files and folders, by the names that TensorFlow 2 kept."""
import os

from minitf.gfile import (
    Copy,
    DeleteRecursively,
    Exists,
    GFile,  # noqa: F401  a public name
    Glob,
    IsDirectory,
    ListDirectory,
    MakeDirs,
    MkDir,
    Remove,
    Rename,
    Stat,
)


def glob(pattern):
    """The paths that match a pattern, or one of a list of patterns, sorted."""
    return Glob(pattern)


def copy(src, dst, overwrite=False):
    """Copy a file. AlreadyExistsError when `dst` is there, unless `overwrite`."""
    Copy(src, dst, overwrite)


def exists(path):
    """Whether there is such a file or folder."""
    return Exists(path)


def isdir(path):
    """Whether it is a folder."""
    return IsDirectory(path)


def listdir(path):
    """The names of what is in a folder, in no order. NotFoundError when it is no folder."""
    return ListDirectory(path)


def makedirs(path):
    """Make a folder, and those it stands in, unless they are there."""
    MakeDirs(path)


def mkdir(path):
    """Make a folder unless it is there. NotFoundError when its parent is not."""
    MkDir(path)


def remove(path):
    """Delete a file. NotFoundError when there is none."""
    Remove(path)


def rename(src, dst, overwrite=False):
    """Move a file or folder. AlreadyExistsError when `dst` is there, unless `overwrite`."""
    Rename(src, dst, overwrite)


def rmtree(path):
    """Delete a folder with all that is in it. NotFoundError when there is none."""
    DeleteRecursively(path)


def stat(path):
    """Length, time of change and kind of a file. NotFoundError when there is none."""
    return Stat(path)


def walk(top, topdown=True, onerror=None):
    """(folder, its folders, its files) for `top` and every folder below, `top` first or last.

    `onerror` is called with the NotFoundError of a folder that is not there.
    """
    if onerror is not None and not IsDirectory(top):
        try:
            ListDirectory(top)
        except Exception as error:
            onerror(error)
            return
    yield from os.walk(top, topdown=topdown)
