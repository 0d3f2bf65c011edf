"""Elements from files: lines of text, TFRecords, records of one length, CSV."""
import io
import os
import re

import numpy as np

from minitf.core.dtypes import as_dtype, bool_, int64, string, variant
from minitf.core.errors import InvalidArgumentError
from minitf.core.file_errors import path_text, translated
from minitf.core.schema import TypeAttr
from minitf.core.tensor_shape import TensorShape
from minitf.data.kernels.declare import dataset_op, positive, text
from minitf.data.kernels.stream import Source, kept
from minitf.lib import records
from minitf.lib.compression import opened
from minitf.ops.io import parsing
from minitf.ops.strings import csv_kernel
from minitf.ops.strings.text import filled
from minitf.runtime.checksum import framed, runner
from minitf.runtime.quick import NotCompiled

CHUNK = 1 << 18  # bytes that are read at once
BLOCK = 128  # records of CSV that are read at once
SCALAR = [TensorShape([])]


class Files(Source):
    """What `read(file, name)` gives for each of some files, one after the other."""

    def __init__(self, names, compression, read, types, shapes):
        super().__init__(types, shapes)
        self.names, self.compression, self.read = names, compression, read

    def stream(self, run, path):
        return FilesRead(self)

    def elements(self, name):
        with translated(name), opened(name, self.compression) as file:
            yield from self.read(file, path_text(name))


class FilesRead:
    """A pass of Files. After an error it goes on with the next file."""

    def __init__(self, source):
        self.source, self.names = source, iter(source.names)
        self.inner = iter(())

    def __iter__(self):
        return self

    def __next__(self):
        while True:
            for element in self.inner:
                return element
            self.inner = self.source.elements(next(self.names))


def _string(piece):
    made = np.empty((), object)
    made[()] = piece
    return (made,)


def _files(filenames, compression, read, types, shapes):
    kind = text(compression)
    if kind not in ("", "ZLIB", "GZIP"):
        raise InvalidArgumentError(None, None, "Unsupported compression_type.")
    names = np.asarray(filenames, object).reshape(-1).tolist()
    return Files(names, kind, read, types, shapes)


# -- lines ----------------------------------------------------------------------------------------


def lines(file, name=None):
    """The lines of a file, without what ends them."""
    rest = b""
    while chunk := file.read(CHUNK):
        *whole, rest = (rest + chunk).split(b"\n")
        yield from (line.replace(b"\r", b"") if b"\r" in line else line for line in whole)
    if rest:
        yield rest.replace(b"\r", b"")


def _lines(file, name):
    return map(_string, lines(file))


@dataset_op("TextLineDataset")
def text_line_dataset(
    xp, filenames: string, compression_type: string, buffer_size: int64
) -> variant:
    """The lines of files."""
    return _files(filenames, compression_type, _lines, [string], SCALAR)


# -- records --------------------------------------------------------------------------------------


def _records(file, name):
    return map(_string, records.read(file, name, framed()))


@dataset_op("TFRecordDataset")
def tf_record_dataset(
    xp, filenames: string, compression_type: string, buffer_size: int64
) -> variant:
    """The pieces of TFRecord files."""
    return _files(filenames, compression_type, _records, [string], SCALAR)


class _OfLength:
    """How files of records of one length are read."""

    def __init__(self, header, record, footer):
        self.header, self.record, self.footer = header, record, footer

    def __call__(self, file, name):
        if isinstance(file, io.BufferedReader):  # not of what is compressed
            self._check(os.fstat(file.fileno()).st_size, name)
        file.read(self.header)
        ahead = self.footer + self.record  # so that the footer is not taken for a record
        rest = file.read(ahead)
        while len(rest) >= ahead:
            yield _string(rest[: self.record])
            rest = rest[self.record :] + file.read(self.record)

    def _check(self, size, name):
        body = size - self.header - self.footer
        if body % self.record:
            raise InvalidArgumentError(
                None, None, f"Excluding the header ({self.header} bytes) and footer "
                f"({self.footer} bytes), input file \"{name}\" has body length {body} bytes, which "
                f"is not an exact multiple of the record length ({self.record} bytes)."
            )  # fmt: skip


@dataset_op("FixedLengthRecordDatasetV2")
def fixed_length_record_dataset_v2(
    xp, filenames: string, header_bytes: int64, record_bytes: int64, footer_bytes: int64,
    buffer_size: int64, compression_type: string,
) -> variant:  # fmt: skip
    """The records of one length of files."""
    if record_bytes <= 0:
        raise InvalidArgumentError(None, None, "record_bytes must be > 0.")
    read = _OfLength(int(header_bytes), int(record_bytes), int(footer_bytes))
    return _files(filenames, compression_type, read, [string], SCALAR)


# -- CSV ------------------------------------------------------------------------------------------


class _Csv:
    """How CSV files are read (RFC 4180): a field in quotes may go over several lines."""

    def __init__(self, defaults, types, header, mark, quoted, missing, chosen):
        self.defaults = [np.asarray(value).reshape(-1).tolist() for value in defaults]
        self.types, self.header, self.mark = types, header, mark
        self.quoted, self.missing, self.chosen = quoted, missing, chosen
        self.closed, self.ended = _line_forms(re.escape(mark))

    def __call__(self, file, name):
        found = self._whole(_ended_lines(file))
        if self.header and next(found, None) is None:
            raise InvalidArgumentError(None, None, f"Can't read header of {name}: it is empty")
        return self._elements(found, name)

    def _elements(self, found, name):
        """Many at a time in C; where one of them is odd, each by itself."""
        count = 0
        for block in _blocks(found):
            columns = self._columns(block)
            if columns is None:
                for i, record in enumerate(block, count):
                    yield Lazy(self._element, i, record, name)
            else:
                yield from zip(*columns)
            count += len(block)

    def _columns(self, block):
        if runner() is None:
            return None
        form = csv_kernel.Form(tuple(self.types), self.mark, self.quoted, self.missing,
                               tuple(self.chosen))  # fmt: skip
        try:
            found = csv_kernel.columns(runner(), filled((len(block),), block), self.defaults, form)
        except NotCompiled:
            return None
        return found and [[part.reshape(()) for part in column.reshape(-1, 1)] for column in found]

    def _whole(self, found):
        """Records of lines: of several, where the ends of lines are in quotes."""
        parts: list[bytes] = []
        for line in found:
            text = line.rstrip(b"\r\n")
            if not parts and b'"' not in text:
                yield text
            elif not self.quoted or (self.ended if parts else self.closed)(text):
                yield b"".join([*parts, text])
                parts = []
            else:
                parts.append(line)
        if parts:
            yield b"".join(parts)

    def _element(self, i, record, name):
        try:
            # Unlike for DecodeCSV an empty line has a field, which is empty.
            fields = parsing.fields(record, self.mark, self.quoted) or [b""]
            row = parsing.row(i, fields, self.defaults, self.types, self.missing, self.chosen)
        except ValueError as error:
            raise InvalidArgumentError(None, None, f"{name}: {error}") from None
        return tuple(_field(*each) for each in zip(row, self.types))


def _line_forms(mark):
    """What matches lines after which no field in quotes goes on: those that begin outside of one,
    and those that begin inside."""
    rest = rb'[^"]*(?:(?:""|"[^"%b])[^"]*)*"' % mark  # a lone quote inside is an error, no end
    more = rb'(?:%b(?:"%b|(?!")[^%b]*))*' % (mark, rest, mark)
    closed = rb'(?:"%b|(?!")[^%b]*)' % (rest, mark)
    return re.compile(closed + more).fullmatch, re.compile(rest + more).fullmatch


def _ended_lines(file):
    """The lines of a file with what ends them: line feeds, carriage returns, or both."""
    rest = b""
    while chunk := file.read(CHUNK):
        *whole, rest = (rest + chunk).splitlines(keepends=True)
        if rest.endswith(b"\n"):
            whole, rest = [*whole, rest], b""
        yield from whole
    if rest:
        yield rest


def _blocks(found):
    """Lists of BLOCK records; where reading fails, first of those before."""
    block, failure = [], None
    try:
        for record in found:
            block.append(record)
            if len(block) == BLOCK:
                yield block
                block = []
    except Exception as error:
        failure = error
    if block:
        yield block
    if failure is not None:
        raise failure


class Lazy:
    """An element that is computed when it is wanted: an error in one does not end a file."""

    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments

    def __call__(self):
        return self.function(*self.arguments)


class CsvFiles(Files):
    """The records of CSV files."""

    def stream(self, run, path):
        return CsvRead(self)


class CsvRead(FilesRead):
    """A pass of CsvFiles."""

    def __next__(self):
        found = super().__next__()
        return found() if isinstance(found, Lazy) else found


def _field(value, dtype):
    return _string(value)[0] if dtype is string else np.array(value, dtype.numpy)


def _check_form(mark, chosen, count):
    """InvalidArgumentError for a mark or columns that no file can have."""
    if len(mark) != 1:
        raise InvalidArgumentError(None, None, f"field_delim should be only 1 char, got {mark!r}")
    if any(a >= b for a, b in zip(chosen, chosen[1:])):  # noqa: RUF007  there may be none
        raise InvalidArgumentError(None, None, "select_cols should be strictly increasing indices")
    if chosen and len(chosen) != count:
        raise InvalidArgumentError(None, None, f"select_cols should match output size: {chosen} "
                                   f"are other columns than {count} record_defaults")  # fmt: skip


def _vectors(filenames, compression_type, buffer_size, header, field_delim, use_quote_delim,
             na_value, select_cols, *record_defaults, **_):  # fmt: skip
    ranks = [len(shape) for shape in record_defaults if shape is not None]
    if max(ranks, default=0) > 1:
        raise ValueError(f"Shape must be at most rank 1 but is rank {max(ranks)}: a default")
    return ()


@dataset_op("CSVDataset", shape=_vectors)
def csv_dataset(
    xp, filenames: string, compression_type: string, buffer_size: int64, header: bool_,
    field_delim: string, use_quote_delim: bool_, na_value: string, select_cols: int64,
    *record_defaults: TypeAttr("output_types", each=True), output_shapes,
) -> variant:  # fmt: skip
    """The records of CSV files, a component for each column."""
    chosen = [int(column) for column in select_cols]
    positive(buffer_size, "buffer_size")
    _check_form(text(field_delim), chosen, len(record_defaults))
    types = [as_dtype(np.asarray(value).dtype) for value in record_defaults]
    read = _Csv([kept(value) for value in record_defaults], types, bool(header),
                text(field_delim).encode(), bool(use_quote_delim), text(na_value).encode(),
                chosen)  # fmt: skip
    names = _files(filenames, compression_type, read, types, output_shapes)
    return CsvFiles(names.names, names.compression, read, types, output_shapes)
