"""Keys and values from the lines of a file: what fills a table from a vocabulary."""
import re

import numpy as np

from minitf.core.errors import InvalidArgumentError, OutOfRangeError
from minitf.core.file_errors import translated

WHOLE_LINE, LINE_NUMBER = -2, -1
_KINDS = {"int32": "int32", "int64": "int64", "float32": "float", "float64": "double"}
_NUMBERS = {"i": re.compile(rb"\s*-?\d+\s*"), "f": None}


def read(path, key_dtype, key_index, value_dtype, value_index, vocab_size, delimiter):
    """(keys, values), a list and an array, from the first `vocab_size` lines of the file; -1: all.

    InvalidArgumentError for an empty line, a column that is not there, what is no number where one
    is wanted, or too few lines; NotFoundError without the file.
    """
    with translated(path), open(path, "rb") as file:
        lines = _lines(file.read(), path, vocab_size)
    columns = max(key_index, value_index)
    split = None
    if columns >= 0:
        split = [line.split(delimiter) for line in lines]
        _check_columns(split, lines, columns, path)
    keys = _column(lines, split, key_index, key_dtype)
    values = np.empty(len(lines), value_dtype.numpy)
    values[:] = _column(lines, split, value_index, value_dtype)
    return keys, values


def _lines(data, path, vocab_size):
    if not data:
        raise OutOfRangeError(None, None, f"Read less bytes than requested: {_name(path)} is empty")
    raw = data.split(b"\n")
    if not raw[-1]:
        raw.pop()
    count = len(raw) if vocab_size < 0 else vocab_size
    if count > len(raw):
        raise InvalidArgumentError(
            None, None,
            f"Invalid vocab_size in {_name(path)}: expected {vocab_size} but got {len(raw)}",
        )  # fmt: skip
    lines = [line.replace(b"\r", b"") for line in raw[:count]] if b"\r" in data else raw[:count]
    if not all(lines):
        place = sum(len(line) + 1 for line in raw[: lines.index(b"") + 1])
        raise InvalidArgumentError(
            None, None, f"Invalid content in {_name(path)}: empty line found at position {place}."
        )
    return lines


def _check_columns(split, lines, columns, path):
    for number, parts in enumerate(split):
        if len(parts) <= columns:
            raise InvalidArgumentError(
                None, None,
                f"Invalid number of columns in {_name(path)} line {number} "
                f"({lines[number].decode(errors='replace')}) : expected {columns} got "
                f"{len(parts)}",
            )  # fmt: skip


def _column(lines, split, index, dtype):
    if index == LINE_NUMBER:
        return list(range(len(lines)))
    texts = lines if index == WHOLE_LINE else [parts[index] for parts in split]
    kind = dtype.numpy.kind if dtype.name in _KINDS else "O"
    if kind == "O":
        return texts
    return [_number(text, line, dtype, kind) for line, text in enumerate(texts)]


def _number(text, line, dtype, kind):
    try:
        if kind == "i" and not _NUMBERS["i"].fullmatch(text):
            raise ValueError
        return dtype.numpy.type(int(text) if kind == "i" else float(text)).item()
    except (ValueError, OverflowError):
        raise InvalidArgumentError(
            None, None,
            f"Field {text.decode(errors='replace')} in line {line} is not a valid "
            f"{_KINDS[dtype.name]}.",
        ) from None  # fmt: skip


def _name(path):
    return path.decode(errors="replace")
