"""Strings to numbers of buckets: `tf.string_to_hash_bucket_fast` and its kin."""
import math

import numpy as np

from minitf.core.deprecation import renamed
from minitf.core.dtypes import int64, string, uint8
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.ragged import takes_ragged
from minitf.core.shape_rules import check_rank
from minitf.ops.array.fingerprints import fingerprint64, hash64, siphash
from minitf.ops.strings import kernels
from minitf.ops.strings.text import each, on_text


def _buckets(texts, hashed, count):
    return each(lambda text: hashed(text) % count, texts).astype(np.int64)


@on_text("StringToHashBucket")
def string_to_hash_bucket_op(xp, string_tensor: string, *, num_buckets) -> int64:
    """The bucket of each string by the older hash."""
    return _buckets(string_tensor, hash64, num_buckets)


@on_text("StringToHashBucketFast")
def string_to_hash_bucket_fast_op(xp, input: string, *, num_buckets) -> int64:
    """The bucket of each string by FarmHash."""
    return _buckets(input, fingerprint64, num_buckets)


@string_to_hash_bucket_fast_op.trait
def quick(run, input, *, num_buckets):
    return kernels.buckets(run, input, num_buckets)


@on_text("StringToHashBucketStrong")
def string_to_hash_bucket_strong_op(xp, input: string, *, num_buckets, key) -> int64:
    """The bucket of each string by SipHash with a key."""
    return _buckets(input, lambda text: siphash(text, key), num_buckets)


def _row_of_bytes(data, method):
    if data == ():
        raise ValueError("Shape must be at least rank 1 but is rank 0: data")
    check_rank(method, 0, "method")
    return (None if data is None else data[0], 8)


@op("Fingerprint", shape=_row_of_bytes, grad=NOT_DIFFERENTIABLE, host=True)
def fingerprint_op(xp, data, method: string) -> uint8:
    """The bytes of a hash of each row; of several strings, of their hashes."""
    if method.item() != b"farmhash64":
        raise ValueError(f"Unsupported fingerprint method: {method.item()}")
    rows = [_bytes_of(row) for row in data.reshape(len(data), math.prod(data.shape[1:]))]
    hashes = np.array([fingerprint64(row) for row in rows], "<u8")
    return hashes.view(np.uint8).reshape(len(rows), 8)


def _bytes_of(row):
    if row.dtype.kind != "O":
        return row.tobytes()
    if len(row) == 1:
        return row[0]
    return np.array([fingerprint64(text) for text in row], "<u8").tobytes()


def fingerprint(data, method="farmhash64", name=None):
    """The 8 bytes of a hash of each row of `data`, which are one where the rows are equal.

    ValueError for a scalar, and for another `method`.
    """
    if isinstance(method, str) and method != "farmhash64":
        raise ValueError(f"Unsupported method: {method}: there is 'farmhash64'")
    return fingerprint_op(data, method, name=name)


def _checked(num_buckets):
    if num_buckets < 1:
        raise ValueError(f"Value for attr 'num_buckets' of {num_buckets} must be at least minimum "
                         "1")  # fmt: skip
    return int(num_buckets)


@takes_ragged
def string_to_hash_bucket(string_tensor=None, num_buckets=None, name=None, input=None):
    """A number in [0, num_buckets) for each string, the same in every process and version.

    `string_to_hash_bucket_fast` is the better one. `input` is another name for `string_tensor`.
    """
    text = renamed("string_tensor", string_tensor, "input", input)
    return string_to_hash_bucket_op(text, num_buckets=_checked(num_buckets), name=name)


@takes_ragged
def string_to_hash_bucket_fast(input, num_buckets, name=None):
    """A number in [0, num_buckets) for each string, by FarmHash's Fingerprint64."""
    return string_to_hash_bucket_fast_op(input, num_buckets=_checked(num_buckets), name=name)


@takes_ragged
def string_to_hash_bucket_strong(input, num_buckets, key, name=None):
    """A number in [0, num_buckets) for each string, by SipHash with `key`, two integers.

    Who does not know the key cannot make strings that share a bucket. ValueError for another key.
    """
    if len(key) != 2:
        raise ValueError(f"Key must have 2 elements, got {key!r}")
    key = [int(number) for number in key]
    count = _checked(num_buckets)
    return string_to_hash_bucket_strong_op(input, num_buckets=count, key=key, name=name)
