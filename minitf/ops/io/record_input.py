"""`RecordInput`: records of files, epoch after epoch, in a random order."""
import glob
import itertools
import random
import threading

import numpy as np

from minitf.core.dtypes import string
from minitf.core.errors import NotFoundError
from minitf.core.file_errors import translated
from minitf.core.graph import name_scope
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.lib import records
from minitf.lib.compression import TFRecordCompressionType, TFRecordOptions, opened
from minitf.ops.array.basics import reshape
from minitf.ops.array.joining import split


class _Records:
    """Of each epoch all records, each once, of files in another order."""

    def __init__(self, operation):
        attrs = operation.attrs
        self._pattern, self._compression = attrs["file_pattern"], attrs["compression_type"]
        self._shift, self._size = attrs["file_shuffle_shift_ratio"], attrs["file_buffer_size"]
        self._random = random.Random(attrs["file_random_seed"])
        self._lock, self._found = threading.Lock(), self._shuffled()

    def take(self, count):
        """The next ones."""
        with self._lock:
            return list(itertools.islice(self._found, count))

    def _shuffled(self):
        """From a buffer of `file_buffer_size`, one at random each time."""
        while True:
            buffer, rest = [], self._read()
            for record in rest:
                buffer.append(record)
                if len(buffer) >= self._size:
                    yield self._any_of(buffer)
            while buffer:
                yield self._any_of(buffer)

    def _any_of(self, buffer):
        place = self._random.randrange(len(buffer))
        buffer[place], buffer[-1] = buffer[-1], buffer[place]
        return buffer.pop()

    def _read(self):
        files = sorted(glob.glob(self._pattern))
        if not files:
            raise NotFoundError(None, None, f"Found no files at {self._pattern}")
        self._random.shuffle(files)
        shift = int(len(files) * self._shift)
        for file in files[shift:] + files[:shift]:
            with translated(file), opened(file, self._compression) as opened_file:
                yield from records.read(opened_file, file)


@op("RecordInput", shape=lambda **_: None, grad=NOT_DIFFERENTIABLE,
    stateful=True, host=True, state=_Records)  # fmt: skip
def record_input(
    xp, state, *, file_pattern, file_random_seed=301, file_shuffle_shift_ratio=0.0,
    file_buffer_size=10000, file_parallelism=16, batch_size=32, compression_type="",
) -> string:  # fmt: skip
    """The next `batch_size` records."""
    return np.array(state.take(batch_size), object)


class RecordInput:
    """Reads the files of records that a pattern names over and over again, and gives records at
    random of a buffer of `buffer_size`.

    `get_yield_op()` is a tensor of `batch_size` records, other ones in each run; with `batches` a
    list of as many lists of records. `parallelism` changes nothing: one thread reads.
    """

    def __init__(self, file_pattern, batch_size=1, buffer_size=1, parallelism=1, shift_ratio=0,
                 seed=0, name=None, batches=None, compression_type=None):  # fmt: skip
        self._batches, self._name = batches, name
        self._batch_size = batch_size * (1 if batches is None else batches)
        kind = TFRecordCompressionType.NONE if compression_type is None else compression_type
        self._options = {
            "file_pattern": file_pattern, "file_random_seed": seed, "batch_size": self._batch_size,
            "file_shuffle_shift_ratio": float(shift_ratio), "file_buffer_size": buffer_size,
            "file_parallelism": parallelism,
            "compression_type": TFRecordOptions.get_compression_type_string(TFRecordOptions(kind)),
        }  # fmt: skip

    def get_yield_op(self):
        """The records of a run."""
        found = record_input(**self._options, name=self._name)
        if self._batches is None:
            return found
        with name_scope(self._name):
            each = [reshape(one, []) for one in split(found, self._batch_size, 0)]
        return [each[i :: self._batches] for i in range(self._batches)]
