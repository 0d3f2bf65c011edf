"""Readers: `tf.TextLineReader`, `tf.TFRecordReader`, ... read files whose names are in a queue."""
from collections import namedtuple

import numpy as np

from minitf.core.dtypes import int64, resource, string
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.shape_rules import check_rank
from minitf.core.tensor import Tensor
from minitf.lib.compression import TFRecordOptions
from minitf.ops.io import reading
from minitf.ops.queues.ops import queue_of
from minitf.ops.strings.text import filled

# -- the ops --------------------------------------------------------------------------------------


def on_reader(type, shape=lambda *_, **__: (), **traits):
    """Declare an op on a reader: it runs on the host, in each run, and has no gradient."""
    return op(type, shape=shape, grad=NOT_DIFFERENTIABLE, stateful=True, host=True, **traits)


@on_reader("WholeFileReaderV2", state=reading.WholeFileReader)
def whole_file_reader(xp, state, *, container="", shared_name="") -> resource:
    """What reads whole files."""
    return state


@on_reader("IdentityReaderV2", state=reading.IdentityReader)
def identity_reader(xp, state, *, container="", shared_name="") -> resource:
    """What gives the names of files themselves."""
    return state


@on_reader("TextLineReaderV2", state=reading.TextLineReader)
def text_line_reader(
    xp, state, *, skip_header_lines=0, container="", shared_name=""
) -> resource:
    """What reads lines."""
    return state


@on_reader("FixedLengthRecordReaderV2", state=reading.FixedLengthRecordReader)
def fixed_length_record_reader(
    xp, state, *, record_bytes, header_bytes=0, footer_bytes=0, hop_bytes=0, container="",
    shared_name="", encoding=""
) -> resource:  # fmt: skip
    """What reads pieces of one length."""
    return state


@on_reader("TFRecordReaderV2", state=reading.TFRecordReader)
def tf_record_reader(
    xp, state, *, container="", shared_name="", compression_type=""
) -> resource:
    """What reads TFRecord files."""
    return state


def _text(text):
    return filled((), [text])


@on_reader("ReaderReadV2", lambda *_: [(), ()], waits=True)
def reader_read(xp, reader_handle: resource, queue_handle: resource) -> [string, string]:
    """A record: its key and what it holds."""
    return list(map(_text, reader_handle.read(queue_of(queue_handle))))


@reader_read.trait
def quick(run, reader_handle, queue_handle):
    reader_handle.prepare(run)
    return list(map(_text, reader_handle.read(queue_of(queue_handle))))


def _read_up_to_shape(reader_handle, queue_handle, num_records):
    check_rank(num_records, 0, "num_records")
    return [(None,), (None,)]


@on_reader("ReaderReadUpToV2", _read_up_to_shape, waits=True)
def reader_read_up_to(
    xp, reader_handle: resource, queue_handle: resource, num_records: int64
) -> [string, string]:
    """Several records."""
    found = reader_handle.read_up_to(queue_of(queue_handle), int(num_records))
    return [filled((len(found),), [record[i] for record in found]) for i in range(2)]


@on_reader("ReaderNumRecordsProducedV2")
def reader_num_records_produced(xp, reader_handle: resource) -> int64:
    """How many records it has read."""
    return np.int64(reader_handle.produced)


@on_reader("ReaderNumWorkUnitsCompletedV2")
def reader_num_work_units_completed(xp, reader_handle: resource) -> int64:
    """How many files it is done with."""
    return np.int64(reader_handle.finished)


@on_reader("ReaderSerializeStateV2")
def reader_serialize_state(xp, reader_handle: resource) -> string:
    """How far it has come."""
    return _text(reader_handle.serialize())


@on_reader("ReaderRestoreStateV2", lambda _, saved: check_rank(saved, 0, "the state"))
def reader_restore_state(xp, reader_handle: resource, saved: string) -> None:
    """Go on from where it was."""
    reader_handle.restore(np.asarray(saved).item())


@on_reader("ReaderResetV2")
def reader_reset(xp, reader_handle: resource) -> None:
    """Begin anew."""
    reader_handle.reset()


# -- what programs use ----------------------------------------------------------------------------

Read = namedtuple("ReaderReadV2", "key value")
ReadUpTo = namedtuple("ReaderReadUpToV2", "keys values")


class ReaderBase:
    """What all readers can do: a reader takes names of files from a queue, and reads records."""

    def __init__(self, reader_ref, supports_serialize=False):
        self._reader_ref, self._supports_serialize = reader_ref, supports_serialize

    reader_ref = property(lambda self: self._reader_ref, doc="The tensor that stands for it.")
    supports_serialize = property(lambda self: self._supports_serialize,
                                  doc="Whether its state can be taken and restored.")  # fmt: skip

    def read(self, queue, name=None):
        """The next record as (key, value), two string scalars.

        The name of a file comes from `queue` when the one before is at its end: in the run it may
        wait for that, and raises OutOfRangeError when there is no more.
        """
        return Read(*reader_read(self._reader_ref, _handle(queue), name=name))

    def read_up_to(self, queue, num_records, name=None):
        """At most `num_records` records, of one file, as (keys, values), two string vectors.

        As `read` otherwise.
        """
        return ReadUpTo(
            *reader_read_up_to(self._reader_ref, _handle(queue), num_records, name=name)
        )

    def num_records_produced(self, name=None):
        """How many records it has read, an int64 tensor."""
        return reader_num_records_produced(self._reader_ref, name=name)

    def num_work_units_completed(self, name=None):
        """How many files it is done with, an int64 tensor."""
        return reader_num_work_units_completed(self._reader_ref, name=name)

    def serialize_state(self, name=None):
        """How far it has come, a string tensor. UnimplementedError in the run for readers that do
        not support that."""
        return reader_serialize_state(self._reader_ref, name=name)

    def restore_state(self, state, name=None):
        """An operation that lets it go on from where it was; as `serialize_state` otherwise."""
        return reader_restore_state(self._reader_ref, state, name=name)

    def reset(self, name=None):
        """An operation that lets it begin anew, with the name of another file."""
        return reader_reset(self._reader_ref, name=name)


def _handle(queue):
    return queue if isinstance(queue, Tensor) else queue.queue_ref


class WholeFileReader(ReaderBase):
    """Reads whole files: the key is the name, the value what the file holds."""

    def __init__(self, name=None):
        super().__init__(whole_file_reader(name=name), supports_serialize=True)


class IdentityReader(ReaderBase):
    """Reads nothing: key and value are what came from the queue."""

    def __init__(self, name=None):
        super().__init__(identity_reader(name=name), supports_serialize=True)


class TextLineReader(ReaderBase):
    """Reads files line by line, without the line ends; the key is `file:number`.

    `skip_header_lines` lines at the beginning of each file are left out.
    """

    def __init__(self, skip_header_lines=None, name=None):
        super().__init__(text_line_reader(skip_header_lines=skip_header_lines or 0, name=name))


class FixedLengthRecordReader(ReaderBase):
    """Reads pieces of `record_bytes` bytes; the key is `file:number`.

    A file begins with `header_bytes` bytes and ends with `footer_bytes` that are left out; records
    begin `hop_bytes` bytes apart, by default one after the other. `encoding` is "", "ZLIB" or
    "GZIP". ValueError for sizes that cannot be.
    """

    def __init__(self, record_bytes, header_bytes=None, footer_bytes=None, hop_bytes=None,
                 name=None, encoding=None):  # fmt: skip
        sizes = {"header_bytes": header_bytes or 0, "footer_bytes": footer_bytes or 0,
                 "hop_bytes": hop_bytes or 0}  # fmt: skip
        if record_bytes <= 0:
            raise ValueError(f"record_bytes must be positive, got {record_bytes}")
        for what, size in sizes.items():
            if size < 0:
                raise ValueError(f"{what} must be >= 0, got {size}")
        encoding = TFRecordOptions.get_compression_type_string(encoding)
        super().__init__(fixed_length_record_reader(
            record_bytes=int(record_bytes), encoding=encoding, name=name, **sizes
        ))  # fmt: skip


class TFRecordReader(ReaderBase):
    """Reads the records of TFRecord files; the key is `file:place`.

    `options` is a `tf.python_io.TFRecordOptions`. DataLossError in the run for damaged files.
    """

    def __init__(self, name=None, options=None):
        kind = TFRecordOptions.get_compression_type_string(options)
        super().__init__(tf_record_reader(compression_type=kind, name=name))
