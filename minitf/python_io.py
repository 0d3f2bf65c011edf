"""`tf.python_io`: files of records, written and read by Python."""
import os
import zlib

from minitf.core.errors import FailedPreconditionError
from minitf.core.file_errors import translated
from minitf.lib import records
from minitf.lib.compression import (
    TFRecordCompressionType,  # noqa: F401  a public name
    TFRecordOptions,
    compressor,
    opened,
)


class TFRecordWriter:
    """Writes pieces of bytes into a new file, each with its length and checksums.

    `options` is a `TFRecordOptions`, or "GZIP" or "ZLIB". NotFoundError (an OpError) where the file
    cannot be made.
    """

    def __init__(self, path, options=None):
        if not isinstance(options, TFRecordOptions):
            options = TFRecordOptions(options)
        self._compressor = compressor(options)
        with translated(path):
            self._file = open(os.fspath(path), "wb")  # noqa: SIM115  closed by `close`

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def write(self, record):
        """Write a piece of bytes, or a text as UTF-8. FailedPreconditionError after `close`."""
        self._check_open()
        piece = records.framed(record.encode() if isinstance(record, str) else record)
        self._file.write(self._compressor.compress(piece) if self._compressor else piece)

    def flush(self):
        """See to it that what was written is on the disk. FailedPreconditionError after `close`."""
        self._check_open()
        if self._compressor:
            self._file.write(self._compressor.flush(zlib.Z_SYNC_FLUSH))
        self._file.flush()

    def _check_open(self):
        if self._file.closed:
            raise FailedPreconditionError(
                None, None, f"Writer not initialized or previously closed: {self._file.name}"
            )

    def close(self):
        """Write what waits, and close the file."""
        if self._compressor and not self._file.closed:
            self._file.write(self._compressor.flush())
        self._file.close()


def tf_record_iterator(path, options=None):
    """Each piece of a file of records, bytes. DataLossError where it is damaged or breaks off,
    NotFoundError where there is none."""
    with translated(path), opened(path, options) as file:
        yield from records.read(file, path)
