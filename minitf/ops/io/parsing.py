"""Bytes to tensors: `tf.decode_raw`, `tf.decode_csv`, `tf.decode_base64`, `decode_compressed`."""
import base64
import gzip
import re
import sys
import zlib

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.deprecation import renamed
from minitf.core.dtypes import (
    COMPLEX,
    IEEE_FLOATS,
    as_dtype,
    bool_,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    string,
    uint8,
    uint16,
)
from minitf.core.ragged import takes_ragged
from minitf.core.schema import Attr, TypeAttr
from minitf.ops.strings import kernels
from minitf.ops.strings.csv_kernel import Form, columns
from minitf.ops.strings.numbers import number, numbers
from minitf.ops.strings.text import each, filled, on_text

# -- raw numbers ----------------------------------------------------------------------------------

RAW = (*IEEE_FLOATS, *COMPLEX, int32, uint16, uint8, int16, int8, int64, bool_)


@on_text("DecodeRaw", shape=lambda bytes, **_: None if bytes is None else (*bytes, None))
def decode_raw_op(xp, bytes: string, *, out_type, little_endian=True) -> Attr("out_type"):
    """The bytes of each string as numbers."""
    texts, dtype = bytes.reshape(-1).tolist(), out_type.numpy
    size = len(texts[0]) if texts else 0
    odd = next((i for i, text in enumerate(texts) if len(text) != size), None)
    if odd is not None:
        raise ValueError(f"DecodeRaw requires input strings to all be the same size, but element "
                         f"{odd} has size {len(texts[odd])} != {size}")  # fmt: skip
    if size % dtype.itemsize:
        raise ValueError(f"Input to DecodeRaw has length {size} that is not a multiple of "
                         f"{dtype.itemsize}, the size of {out_type.name}")  # fmt: skip
    found = np.frombuffer(b"".join(texts), np.uint8).reshape(-1, dtype.itemsize)
    if little_endian != (sys.byteorder == "little"):
        found = found[:, ::-1]  # complex numbers too are turned as a whole
    found = found.copy().view(dtype)
    return found.reshape(*bytes.shape, size // dtype.itemsize)


@decode_raw_op.trait
def quick(run, bytes, *, out_type, little_endian):
    dtype, first = out_type.numpy, bytes.item(0) if bytes.size else b""
    if not first or len(first) % dtype.itemsize or little_endian != (sys.byteorder == "little"):
        return None
    found = kernels.joined(run, bytes, len(first))
    return None if found is None else found.view(dtype).reshape(*bytes.shape, -1)


def decode_raw(input_bytes=None, out_type=None, little_endian=True, name=None, bytes=None):
    """The bytes of each string as numbers of `out_type`, along a new last axis.

    `bytes` is another name for `input_bytes`. In the run InvalidArgumentError unless all strings
    are of one length, a multiple of the type's.
    """
    data = renamed("input_bytes", input_bytes, "bytes", bytes)
    if out_type is None:
        raise ValueError("decode_raw_v1() missing 1 positional argument: 'out_type'")
    out_type = as_dtype(out_type)
    if out_type not in RAW:
        raise TypeError(f"Value passed to parameter 'out_type' has DataType {out_type.name} not in "
                        f"list of allowed values: {', '.join(d.name for d in RAW)}")  # fmt: skip
    return decode_raw_op(data, out_type=out_type, little_endian=little_endian, name=name)


# -- CSV ------------------------------------------------------------------------------------------

Column = TypeAttr("OUT_TYPE", (float32, float64, int32, int64, string), each=True)


def fields(record, mark, quoted):
    """The fields of a line of comma-separated values. ValueError for a line that is none."""
    found, at = [], 0
    while record:
        if quoted and record[at : at + 1] == b'"':
            field, at = _quoted(record, at + 1, mark)
        else:
            end = record.find(mark, at)
            end = len(record) if end < 0 else end
            field, at = record[at:end], end
            if re.search(rb'[\n\r"]' if quoted else rb"[\n\r]", field):
                raise ValueError("Unquoted fields cannot have quotes/CRLFs inside")
        found.append(field)
        if at >= len(record):
            break
        at += len(mark)
    return found


def _quoted(record, at, mark):
    """A field in quotes, where two of them mean one, and where it ends."""
    field = b""
    while True:
        end = record.find(b'"', at)
        if end < 0:
            raise ValueError("Quoted field has to end with quote followed by delim or end")
        field, at = field + record[at:end], end + 1
        if record[at : at + 1] != b'"':
            break
        field, at = field + b'"', at + 1
    if at < len(record) and not record.startswith(mark, at):
        raise ValueError("Quote inside a string has to be escaped by another quote")
    return field, at


def _columns(records, *record_defaults, **_):
    for default in record_defaults:
        if default not in (None, (), (0,), (1,), (None,)):
            raise ValueError("Shape of a default must be a length-0 or length-1 vector, or a "
                             f"scalar (Shape must be at most rank 1): {list(default)}")  # fmt: skip
    return [records] * len(record_defaults)


@on_text("DecodeCSV", shape=_columns)
def decode_csv_op(
    xp, records: string, *record_defaults: Column, OUT_TYPE, field_delim=",",
    use_quote_delim=True, na_value="", select_cols=(),
) -> [Attr("OUT_TYPE")]:  # fmt: skip
    """The columns of lines of comma-separated values."""
    if len(field_delim) != 1:
        raise ValueError(f"field_delim should be only 1 char, got {field_delim!r}")
    defaults = [np.asarray(value).reshape(-1).tolist() for value in record_defaults]
    plain = _plain(records.reshape(-1).tolist(), field_delim.encode(), len(defaults), select_cols)
    if plain is not None and not na_value:
        found = [_plain_column(*each) for each in zip(plain, OUT_TYPE)]
        if all(column is not None for column in found):
            return [column.reshape(records.shape) for column in found]
    rows = [
        row(i, fields(record, field_delim.encode(), use_quote_delim), defaults, OUT_TYPE,
            na_value.encode(), select_cols)
        for i, record in enumerate(records.reshape(-1).tolist())
    ]  # fmt: skip
    columns = zip(*rows) if rows else [()] * len(defaults)
    return [_column(list(column), dtype, records.shape)
            for column, dtype in zip(columns, OUT_TYPE)]  # fmt: skip


@decode_csv_op.trait
def quick(run, records, *record_defaults, OUT_TYPE, field_delim, use_quote_delim, na_value,  # noqa: F811
          select_cols):  # fmt: skip
    form = Form(tuple(OUT_TYPE), field_delim.encode(), use_quote_delim, na_value.encode(),
                tuple(select_cols))  # fmt: skip
    defaults = [np.asarray(value).reshape(-1) for value in record_defaults]
    return columns(run, records, defaults, form)


def _plain(records, mark, count, chosen):
    """The columns of lines without quotes and of as many fields as they are to have, else None."""
    if chosen or not records or re.search(rb'[\n\r"]', b"".join(records)):
        return None
    rows = [record.split(mark) for record in records]
    return zip(*rows) if {*map(len, rows)} == {count} else None


def _plain_column(texts, dtype):
    """The column as an array; None where something is missing or not plain."""
    if not all(texts):
        return None
    return filled((len(texts),), texts) if dtype is string else numbers(texts, dtype)


def _column(values, dtype, sizes):
    if dtype is string:
        return filled(sizes, values)
    return np.array(values, dtype.numpy).reshape(sizes)


def row(i, found, defaults, types, missing, chosen):
    """The values of line number i, whose fields these are. ValueError when they do not fit."""
    if chosen:
        if chosen[-1] >= len(found):
            there = sum(column < len(found) for column in chosen)
            raise ValueError(f"Expect {len(chosen)} fields but have {there} in record {i}")
        found = [found[column] for column in chosen]
    if len(found) != len(defaults):
        raise ValueError(f"Expect {len(defaults)} fields but have {len(found)} in record {i}")
    return [_field(i, j, *each, missing) for j, each in enumerate(zip(found, defaults, types))]


def _field(i, j, text, default, dtype, missing):
    if text == missing or not text:
        if not default:
            raise ValueError(f"Field {j} is required but missing in record {i}!")
        return default[0]
    if dtype is string:
        return text
    try:
        return number(text, dtype)
    except ValueError:
        raise ValueError(f"Field {j} in record {i} is not a valid {dtype.name}: "
                         f"{text.decode(errors='replace')}") from None  # fmt: skip


def decode_csv(
    records, record_defaults, field_delim=",", use_quote_delim=True, name=None, na_value="",
    select_cols=None,
):  # fmt: skip
    """A tensor for each column of `records`, lines of comma-separated values (RFC 4180).

    The types of `record_defaults`, one for each column, are the columns'; a field that is empty or
    `na_value` gets the default, unless that is an empty vector. `select_cols` are the columns
    wanted. ValueError for columns out of order; InvalidArgumentError in the run for lines that do
    not fit.
    """
    if select_cols is not None:
        _check_columns(list(select_cols), record_defaults)
    defaults = [convert_to_tensor(value) for value in record_defaults]
    for default in defaults:
        if default.dtype.base_dtype not in Column.allowed:
            raise TypeError(f"Value passed to parameter 'record_defaults' has DataType "
                            f"{default.dtype.name} not in list of allowed values: float32, "
                            "float64, int32, int64, string")  # fmt: skip
    return decode_csv_op(
        records, *defaults, OUT_TYPE=[value.dtype.base_dtype for value in defaults],
        field_delim=field_delim, use_quote_delim=use_quote_delim, na_value=na_value,
        select_cols=tuple(select_cols or ()), name=name,
    )  # fmt: skip


def _check_columns(columns, defaults):
    if any(a >= b for a, b in zip(columns, columns[1:])):  # noqa: RUF007  there may be none
        raise ValueError("select_cols is not strictly increasing.")
    if columns and columns[0] < 0:
        raise ValueError("select_cols contains negative values.")
    if len(columns) != len(defaults):
        raise ValueError("Length of select_cols and record_defaults do not match.")


# -- base 64, compression -------------------------------------------------------------------------


@on_text("EncodeBase64")
def encode_base64_op(xp, input: string, *, pad=False) -> string:
    """Each string in web-safe base 64."""
    encode = base64.urlsafe_b64encode
    return each(lambda text: encode(text) if pad else encode(text).rstrip(b"="), input)


@takes_ragged
def encode_base64(input, pad=False, name=None):
    """Each string in base 64 with - and _, filled up with = if `pad` says so."""
    return encode_base64_op(input, pad=pad, name=name)


@on_text("DecodeBase64")
def decode_base64(xp, input: string) -> string:
    """The strings whose base 64, with - and _, these are; with or without = at the end."""
    return each(_from_base64, input)


def _from_base64(text):
    ends = re.search(b"={0,2}$", text).group() if len(text) % 4 == 0 else b""
    plain = text[: len(text) - len(ends)]
    if len(plain) % 4 == 1:
        raise ValueError("Base64 string length cannot be 1 modulo 4")
    if not re.fullmatch(rb"[0-9A-Za-z_-]*", plain):
        raise ValueError("Invalid character found in base64.")
    return base64.urlsafe_b64decode(plain + b"=" * (-len(plain) % 4))


@on_text("DecodeCompressed")
def decode_compressed_op(xp, bytes: string, *, compression_type="") -> string:
    """Each string decompressed."""
    change = {"": lambda text: text, "ZLIB": zlib.decompress, "GZIP": gzip.decompress}
    return each(lambda text: _decompressed(text, change[compression_type]), bytes)


def _decompressed(text, change):
    try:
        return change(text)
    except (zlib.error, OSError, EOFError) as error:
        raise ValueError(f"no compressed data: {error}") from None


@takes_ragged
def decode_compressed(bytes, compression_type="", name=None):
    """Each string decompressed: "ZLIB", "GZIP", or "" as it is. ValueError for another type."""
    if compression_type not in ("", "ZLIB", "GZIP"):
        raise ValueError("Only ZLIB, GZIP or NONE are supported compressions")
    return decode_compressed_op(bytes, compression_type=compression_type, name=name)
