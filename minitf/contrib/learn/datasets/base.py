"""`tf.contrib.learn.datasets.base`: small tables from files of comma-separated values."""
from __future__ import annotations

import collections
import csv
import os
import random
import time
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from minitf import gfile
from minitf.contrib.framework.deprecation import deprecated

Dataset = collections.namedtuple("Dataset", ["data", "target"])
Datasets = collections.namedtuple("Datasets", ["train", "validation", "test"])

_IRIS = os.path.join(os.path.dirname(__file__), "iris.csv")  # Fisher 1936
_CONNECTION_TIMED_OUT = 110


@deprecated(None, "Use tf.data instead.")
def load_csv_with_header(
    filename: Any, target_dtype: Any, features_dtype: Any, target_column: int = -1
) -> Dataset:
    """Features [n, m] and targets [n] of a file whose first line begins with n and m.

    The target is the column `target_column`. ValueError when a row has not m features, or there
    are more than n rows.
    """
    with gfile.GFile(filename) as file:
        rows = csv.reader(file)
        n, m = map(int, next(rows)[:2])
        data, target = _table(rows, target_dtype, features_dtype, target_column)
    if len(data) > n or data.shape[1:] not in ((m,), (0,)):
        raise ValueError(f"{filename}: the header says {n} rows of {m} features, there are "
                         f"{len(data)} of {data.shape[-1]}")  # fmt: skip
    whole = Dataset(np.zeros((n, m), features_dtype), np.zeros((n,), target_dtype))
    if len(data):
        whole.data[: len(data)], whole.target[: len(data)] = data, target
    return whole


@deprecated(None, "Use tf.data instead.")
def load_csv_without_header(
    filename: Any, target_dtype: Any, features_dtype: Any, target_column: int = -1
) -> Dataset:
    """Features [n, m] and targets [n]: the column `target_column`."""
    with gfile.GFile(filename) as file:
        return Dataset(*_table(csv.reader(file), target_dtype, features_dtype, target_column))


def _table(rows: Any, target_dtype: Any, features_dtype: Any, column: int) -> Any:
    rows = list(rows)
    target = np.array([row.pop(column) for row in rows]).astype(target_dtype)
    return np.array([np.array(row).astype(features_dtype) for row in rows]), target


@deprecated(None, "Use tf.data instead.")
def shrink_csv(filename: str, ratio: int) -> None:
    """Write every `ratio`-th line to a file beside it, `a_small.csv` for `a.csv`."""
    with gfile.GFile(filename) as file, gfile.GFile(filename.replace(".", "_small."), "w") as out:
        csv.writer(out).writerows(list(csv.reader(file))[::ratio])


@deprecated(None, "Use scikits.learn.datasets.")
def load_iris(data_path: Any = None) -> Dataset:
    """Fisher's irises: 4 lengths [150, 4] in cm, the species [150] as 0, 1 or 2."""
    return load_csv_with_header(data_path or _IRIS, int, float)


@deprecated(None, "Use scikits.learn.datasets.")
def load_boston(data_path: Any = None) -> Dataset:
    """Houses from a file of the form that `load_csv_with_header` reads.

    FileNotFoundError without one: minitf does not carry this data set.
    """
    if data_path is None:
        raise FileNotFoundError("tf.contrib.learn.datasets.load_boston: minitf does not carry "
                                "this data set: give data_path, a file of its rows")  # fmt: skip
    return load_csv_with_header(data_path, float, float)


@deprecated(None, "Use the retry module or similar alternatives.")
def retry(
    initial_delay: float,
    max_delay: float,
    factor: float = 2.0,
    jitter: float = 0.25,
    is_retriable: Callable[[Exception], bool] | None = None,
) -> Any:
    """Decorator: a function that fails is called again, after longer and longer waits.

    With `is_retriable` only for errors that it says so of; without it there is no wait. ValueError
    for a factor below 1, or a jitter of 1 or more.
    """
    return _retry(initial_delay, max_delay, factor, jitter, is_retriable)


def _retry(
    initial_delay: float,
    max_delay: float,
    factor: float = 2.0,
    jitter: float = 0.25,
    is_retriable: Callable[[Exception], bool] | None = None,
) -> Any:
    if factor < 1:
        raise ValueError(f"factor must be >= 1; was {factor:f}")
    if jitter >= 1:
        raise ValueError(f"jitter must be < 1; was {jitter:f}")

    def wrap(function: Any) -> Any:
        def tried(*args: Any, **kwargs: Any) -> Any:
            for delay in _delays(initial_delay, max_delay, factor, jitter):
                try:
                    return function(*args, **kwargs)
                except Exception as error:  # noqa: PERF203  that is what it is for
                    if is_retriable is not None and not is_retriable(error):
                        raise
                    time.sleep(0 if is_retriable is None else delay)
            return function(*args, **kwargs)

        return tried

    return wrap


def _delays(delay: float, most: float, factor: float, jitter: float) -> Iterator[float]:
    while delay <= most:
        yield delay * random.uniform(1 - jitter, 1 + jitter)
        delay *= factor


def _timed_out(error: Exception) -> bool:
    return isinstance(error, OSError) and error.errno == _CONNECTION_TIMED_OUT


@deprecated(None, "Please use urllib or similar directly.")
@_retry(initial_delay=1.0, max_delay=16.0, is_retriable=_timed_out)
def urlretrieve_with_retry(url: str, filename: Any = None) -> Any:
    """(path, headers) of what is downloaded; a connection that times out is tried again."""
    return urllib.request.urlretrieve(url, filename)


@deprecated(None, "Please write your own downloading logic.")
def maybe_download(filename: str, work_directory: str, source_url: str) -> str:
    """The path of a file in a folder, downloaded unless it is there."""
    gfile.MakeDirs(work_directory)
    path = os.path.join(work_directory, filename)
    if not gfile.Exists(path):
        temporary, _ = urlretrieve_with_retry(source_url)
        gfile.Copy(temporary, path)
        print("Successfully downloaded", filename, gfile.Stat(path).length, "bytes.")
    return path
