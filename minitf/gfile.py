"""`tf.gfile`: files and folders, with TensorFlow's errors."""
import glob
import os
import shutil
from typing import NamedTuple

from minitf.core import errors
from minitf.core.file_errors import path_text as _text
from minitf.core.file_errors import translated as _translated


class GFile:
    """A file, opened when it is first read or written.

    mode: r, w, a, r+, w+ or a+, with b for bytes instead of text (UTF-8). Offsets and sizes count
    bytes. Raises InvalidArgumentError for another mode; on use, NotFoundError for a file that is
    not there and PermissionDeniedError for what the mode does not allow.
    """

    def __init__(self, name, mode="r"):
        self._binary, plain = "b" in mode, mode.replace("b", "")
        if plain not in ("r", "w", "a", "r+", "w+", "a+"):
            raise errors.InvalidArgumentError(
                None, None, "mode is not 'r' or 'w' or 'a' or 'r+' or 'w+' or 'a+'"
            )
        self._name, self._mode = name, mode
        self._may_read = plain in ("r", "r+", "a+", "w+")
        self._may_write = plain != "r"
        self._reader = self._writer = None

    name = property(lambda self: self._name)
    mode = property(lambda self: self._mode)

    def _reading(self):
        if self._reader is None:
            if not self._may_read:
                raise errors.PermissionDeniedError(None, None, "File isn't open for reading")
            with _translated(self._name):
                self._reader = open(self._name, "rb")  # noqa: SIM115  closed by close()
        return self._reader

    def _writing(self):
        if self._writer is None:
            if not self._may_write:
                raise errors.PermissionDeniedError(None, None, "File isn't open for writing")
            with _translated(self._name):
                self._writer = open(self._name, "ab" if "a" in self._mode else "wb")  # noqa: SIM115
        return self._writer

    def _given(self, data):
        return data if self._binary else data.decode()

    def size(self):
        """Bytes of the file."""
        return Stat(self._name).length

    def read(self, n=-1):
        """The rest of the file, or the next `n` bytes of it."""
        return self._given(self._reading().read(n))

    def readline(self):
        """The next line with its end, carriage returns left out; empty at the file's end."""
        return self._given(self._reading().readline().replace(b"\r", b""))

    def readlines(self):
        """The lines that are left."""
        return list(self)

    def __iter__(self):
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    next = __next__

    def write(self, file_content):
        """Write text or bytes."""
        is_text = isinstance(file_content, str)
        self._writing().write(file_content.encode() if is_text else file_content)

    def seek(self, offset=None, whence=0, position=None):
        """Go on reading `offset` bytes from the start (0), from here (1) or from the end (2)."""
        if (offset is None) == (position is None):
            raise TypeError("seek(): one offset argument required; position is its older name")
        if whence not in (0, 1, 2):
            raise errors.InvalidArgumentError(
                None, None, f"Invalid whence argument: {whence}. Valid values are 0, 1, or 2."
            )
        place = position if offset is None else offset
        try:
            self._reading().seek(place, whence)
        except OSError:
            raise errors.InvalidArgumentError(
                None, None, f"seek({place}): that is no place in the file '{self.name}'"
            ) from None

    def tell(self):
        """The place in the file, in bytes."""
        return (self._reading() if self._may_read else self._writing()).tell()

    def seekable(self):
        return True

    def flush(self):
        """Hand what was written to the operating system."""
        if self._writer is not None:
            self._writer.flush()

    def close(self):
        for file in (self._reader, self._writer):
            if file is not None:
                file.close()
        self._reader = self._writer = None

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()


class FastGFile(GFile):
    """The older name of GFile."""


Open = GFile


class FileStatistics(NamedTuple):
    """What `Stat` tells."""

    length: int
    mtime_nsec: int
    is_directory: bool


def Exists(filename):
    """Whether there is such a file or folder."""
    return os.path.exists(filename)


def IsDirectory(dirname):
    """Whether it is a folder."""
    return os.path.isdir(dirname)


def Stat(filename):
    """Length, time of change and kind of a file. NotFoundError when there is none."""
    with _translated(filename):
        found = os.stat(filename)
    return FileStatistics(found.st_size, found.st_mtime_ns, os.path.isdir(filename))


def Remove(filename):
    """Delete a file. NotFoundError when there is none."""
    with _translated(filename):
        os.remove(filename)


def DeleteRecursively(dirname):
    """Delete a folder with all that is in it. NotFoundError when there is none."""
    with _translated(dirname):
        if os.path.isdir(dirname):
            shutil.rmtree(dirname)
        else:
            os.remove(dirname)


def MkDir(dirname):
    """Make a folder unless it is there; "" is. NotFoundError when its parent is not."""
    if dirname and not os.path.isdir(dirname):
        with _translated(dirname):
            os.mkdir(dirname)


def MakeDirs(dirname):
    """Make a folder, and those it stands in, unless they are there; "" is."""
    with _translated(dirname):
        os.makedirs(dirname or os.curdir, exist_ok=True)


def Copy(oldpath, newpath, overwrite=False):
    """Copy a file. AlreadyExistsError when `newpath` is there, unless `overwrite`."""
    _check_free(newpath, overwrite)
    with _translated(oldpath):
        shutil.copyfile(oldpath, newpath)


def Rename(oldname, newname, overwrite=False):
    """Move a file or folder. AlreadyExistsError when `newname` is there, unless `overwrite`."""
    _check_free(newname, overwrite)
    with _translated(oldname):
        os.replace(oldname, newname)


def _check_free(path, overwrite):
    if not overwrite and os.path.exists(path):
        raise errors.AlreadyExistsError(None, None, "file already exists")


def ListDirectory(dirname):
    """The names of what is in a folder, in no order. NotFoundError when it is no folder."""
    if not os.path.isdir(dirname):
        raise errors.NotFoundError(None, None, f"Could not find directory {_text(dirname)}")
    return [_text(name) for name in os.listdir(dirname)]


def Glob(filename):
    """The paths that match a pattern, or one of a list of patterns, sorted."""
    patterns = [filename] if isinstance(filename, (str, bytes)) else filename
    return [path for pattern in patterns for path in sorted(glob.glob(_text(pattern)))]


def Walk(top, in_order=True):
    """(folder, its folders, its files) for `top` and every folder below.

    A folder comes before those in it, or after them when not `in_order`. Nothing for a folder
    that is not there.
    """
    return ((_text(at), folders, files) for at, folders, files in os.walk(top, topdown=in_order))
