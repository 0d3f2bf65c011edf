"""Files that are there whole or not at all."""
import contextlib
import os

from minitf.core.file_errors import path_text, translated


class WholeFile:
    """A file that is written under another name, beside it, until `finish` gives it its own.

    The name has what it had until then; `abandon` leaves it so. Errors of files are `tf.errors`.
    """

    def __init__(self, path):
        self.path = path_text(path)
        self._temporary = f"{self.path}.tempstate{int.from_bytes(os.urandom(7), 'big')}"
        with translated(self.path):
            self._file = open(self._temporary, "wb")  # noqa: SIM115  closed by `close`

    def write(self, data):
        with translated(self.path):
            self._file.write(data)

    def close(self):
        """Hand what was written to the operating system: what cannot be written raises here."""
        with translated(self.path):
            self._file.close()

    def finish(self):
        self.close()
        with translated(self.path):
            os.replace(self._temporary, self.path)

    def abandon(self):
        with contextlib.suppress(OSError):  # a full disk: `close` tries to write once more
            self._file.close()
        with contextlib.suppress(FileNotFoundError):
            os.remove(self._temporary)


def write_whole(path, data):
    """Make `data` what the file has, or raise and leave it as it is."""
    file = WholeFile(path)
    try:
        file.write(data)
        file.finish()
    except BaseException:
        file.abandon()
        raise


def make_folder_of(path):
    """Make the folder that `path` is in, unless it is there; not those it stands in."""
    folder = os.path.dirname(path_text(path))
    if folder and not os.path.isdir(folder):
        with translated(folder), contextlib.suppress(FileExistsError):
            os.mkdir(folder)
