"""What a Session keeps for a reader: the file that it is in, and how far it has come."""
from __future__ import annotations

import contextlib
import gzip
import io
import threading
import zlib
from collections.abc import Iterator
from typing import Any

from minitf.core import errors
from minitf.core.file_errors import translated
from minitf.core.proto.message import Message
from minitf.core.resource import Resource, unique_name
from minitf.lib import records
from minitf.lib.compression import opened

Record = tuple[bytes, bytes]  # its key and what it holds


class ReaderBaseState(Message):
    PROTO = """
        int64 work_started = 1;
        int64 work_finished = 2;
        int64 num_records_produced = 3;
        bytes current_work = 4;
    """


class Reader(Resource):
    """Takes names of files from a queue, and reads the records of one file after the other.

    Several threads may read: one at a time does, or waits for the name of a file.
    """

    at_once = False  # a file is one record: it is done with as soon as that is read
    serializes = False
    kind = ""

    def __init__(self, operation: Any) -> None:
        super().__init__(operation)
        if not operation.attrs.get("shared_name"):
            self.name = unique_name(operation)
        self.attrs = operation.attrs
        self.lock = threading.Lock()
        self.files = contextlib.ExitStack()
        self._begin_anew()

    def _begin_anew(self) -> None:
        self.started = self.finished = self.produced = 0
        self.work = b""
        self.failure: errors.OpError | None = None
        self._close()

    def _close(self) -> None:
        self.records: Iterator[Record] | None = None
        self.files.close()

    # -- what kernels call -------------------------------------------------------------------

    def prepare(self, run: Any) -> None:
        """Make use of what runs kernels in C."""

    def read(self, queue: Any) -> Record:
        """The next record; the next file's name comes from the queue, when it is there."""
        with self.lock:
            while True:
                found = self._next(queue)
                if found is not None:
                    return found

    def read_up_to(self, queue: Any, count: int) -> list[Record]:
        """At most `count` records, at least one of them, all of one file."""
        found: list[Record] = []
        with self.lock:
            while len(found) < count:
                record = self._next(queue)
                if record is not None:
                    found.append(record)
                if found and self.records is None:
                    break
        return found

    def reset(self) -> None:
        """Begin anew, with the name of another file."""
        with self.lock:
            self._begin_anew()

    def serialize(self) -> bytes:
        """How far it has come. UnimplementedError where only the file could tell."""
        self._check_serializes("SerializeState")
        with self.lock:
            return ReaderBaseState(
                work_started=self.started, work_finished=self.finished,
                num_records_produced=self.produced, current_work=self.work,
            ).SerializeToString()  # fmt: skip

    def restore(self, state: bytes) -> None:
        """Go on from where it was. InvalidArgumentError when `state` says no such thing."""
        self._check_serializes("RestoreState")
        with self.lock:
            self._begin_anew()
            try:
                found = ReaderBaseState.FromString(state)
            except Exception:
                raise errors.InvalidArgumentError(
                    None, None, f"Could not parse state for {self.kind} '{self.name}': {state!r}"
                ) from None
            numbers = found.work_started, found.work_finished, found.num_records_produced
            if min(numbers) < 0 or numbers[0] > numbers[1]:
                raise ValueError(f"Inconsistent state when restoring in {self.name}: {found}")
            self.started, self.finished, self.produced = numbers
            self.work = found.current_work

    def _check_serializes(self, what: str) -> None:
        if not self.serializes:
            raise errors.UnimplementedError(None, None, f"Reader {what}")

    # -- one record --------------------------------------------------------------------------

    def _next(self, queue: Any) -> Record | None:
        """A record, or None where a file has come to its end."""
        if self.failure is not None:  # what is damaged stays so
            raise type(self.failure)(None, None, self.failure.message)
        if self.records is None:
            self.work = b""
            self.work = work_of(queue)
            self.records = self.open(self.work)
            self.started += 1
        try:
            found = next(self.records, None)
        except (errors.OpError, gzip.BadGzipFile, zlib.error, EOFError) as error:
            self.failure = _as_data_loss(error, self.work)
            raise self.failure from None
        if found is None or self.at_once:
            self._close()
            self.finished = self.started
        self.produced += found is not None
        return found

    def open(self, path: bytes) -> Iterator[Record]:
        """The records of a file, which is opened now."""
        with translated(path):
            file = self.files.enter_context(opened(path, self.compression()))
        return ((path + b":%d" % key, value) for key, value in self.parts(file))

    def compression(self) -> str:
        return ""

    def parts(self, file: Any) -> Iterator[tuple[int, bytes]]:
        """What is in a file, each part with its number or place."""
        raise NotImplementedError


def _as_data_loss(error: Exception, path: bytes) -> errors.OpError:
    if isinstance(error, errors.OpError):
        return error
    return errors.DataLossError(None, None, f"{path.decode()}: cannot be decompressed: {error}")


def work_of(queue: Any) -> bytes:
    """The name of the next file. InvalidArgumentError when the queue is of something else."""
    element = queue.dequeue()
    if len(element) != 1:
        what = "Expected single component queue"
    elif element[0].dtype != object:
        what = "Expected queue with single string component"
    elif element[0].size != 1:
        what = "Expected to dequeue a one-element string tensor"
    else:
        return element[0].item()
    raise errors.InvalidArgumentError(None, None, what)


class TextLineReader(Reader):
    kind = "TextLineReader"

    def parts(self, file: Any) -> Iterator[tuple[int, bytes]]:
        for number, line in enumerate(file, 1):
            if number > self.attrs["skip_header_lines"]:
                yield number, line.rstrip(b"\n").replace(b"\r", b"")


class TFRecordReader(Reader):
    kind = "TFRecordReader"
    framed: Any = None

    def compression(self) -> str:
        return self.attrs["compression_type"]

    def prepare(self, run: Any) -> None:
        if self.framed is None:
            self.framed = records.compiled(run)

    def parts(self, file: Any) -> Iterator[tuple[int, bytes]]:
        at = 0
        for piece in records.read(file, self.work.decode(), self.framed):
            yield at, piece
            at += len(piece) + 16


class FixedLengthRecordReader(Reader):
    kind = "FixedLengthRecordReader"

    def compression(self) -> str:
        return self.attrs["encoding"]

    def parts(self, file: Any) -> Iterator[tuple[int, bytes]]:
        if self.compression():
            file = io.BytesIO(file.read())
        attrs = self.attrs
        size, hop = attrs["record_bytes"], attrs["hop_bytes"] or attrs["record_bytes"]
        end = file.seek(0, io.SEEK_END) - attrs["footer_bytes"]
        starts = range(attrs["header_bytes"], end - size + 1, hop)
        for number, start in enumerate(starts):
            file.seek(start)
            yield number, file.read(size)


class WholeFileReader(Reader):
    kind, at_once, serializes = "WholeFileReader", True, True

    def open(self, path: bytes) -> Iterator[Record]:
        with translated(path), open(path, "rb") as file:
            yield path, file.read()


class IdentityReader(Reader):
    kind, at_once, serializes = "IdentityReader", True, True

    def open(self, path: bytes) -> Iterator[Record]:
        return iter([(path, path)])
