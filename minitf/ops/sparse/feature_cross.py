"""Crosses of features: each combination of what the columns have for an example, as one feature.

The ops behind `tf.contrib.layers.crossed_column`; the numbers are TensorFlow's.
"""
from itertools import product

import numpy as np

from minitf.core.dtypes import int64
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Attr, TypeAttr
from minitf.ops.array.fingerprints import MASK, fingerprint64
from minitf.ops.strings.text import filled

Parts = TypeAttr("_", each=True)  # indices, values and shapes of sparse columns, then dense ones
FIRST = 0xDECAFCAFFE  # what the older hash begins with
FACTOR = 0xC6A4A7935BD1E995


def _shapes(*parts, N, hashed_output, num_buckets, out_type, internal_type, hash_key=None):
    return [(None, 2), (None,), (2,)]


def _columns(parts, count):
    """For each column a list of the features of each example, and how many examples there are."""
    indices, values, shapes = parts[:count], parts[count : 2 * count], parts[2 * count : 3 * count]
    dense, columns = parts[3 * count :], []
    batch = int(shapes[0][0]) if count else len(dense[0])
    for places, features in zip(indices, values):
        rows = [[] for _ in range(batch)]
        for row, feature in zip(places[:, 0].tolist(), features.tolist()):
            rows[row].append(feature)
        columns.append(rows)
    columns += [np.asarray(each).tolist() for each in dense]
    for number, column in enumerate(columns):
        if len(column) != batch:
            raise ValueError(f"Expected batch size {batch}, got {len(column)} for column {number}")
    return columns, batch


def _number(feature):
    return fingerprint64(feature) if isinstance(feature, bytes) else feature & MASK


def _text(feature):
    return feature if isinstance(feature, bytes) else str(feature).encode()


def _combined(a, b):
    """The older hash of two hashes."""
    signed = a - (1 << 64) if a >> 63 else a
    return a ^ (b + 0x9E3779B97F4A7800 + (a << 10) + (signed >> 4)) & MASK


def _shifted(value):
    return value ^ value >> 47


def _concatenated(a, b):
    """FarmHash's fingerprint of two fingerprints."""
    result = a ^ FACTOR
    result ^= _shifted(b * FACTOR & MASK) * FACTOR & MASK
    result = result * FACTOR & MASK
    return _shifted(_shifted(result) * FACTOR & MASK)


def _hash(features, start, step, num_buckets):
    for feature in features:
        start = step(start, _number(feature))
    return start % (num_buckets or (1 << 63) - 1)


def _crossed(parts, count, hashed, cross):
    columns, batch = _columns(parts, count)
    rows = [list(product(*features)) for features in zip(*columns)]
    places = [[row, i] for row, found in enumerate(rows) for i in range(len(found))]
    values = [cross(features) for found in rows for features in found]
    values = np.array(values, np.int64) if hashed else filled((len(values),), values)
    shape = np.array([batch, max(map(len, rows), default=0)], np.int64)
    return [np.array(places, np.int64).reshape(-1, 2), values, shape]


def _cross(xp, *parts, N, hashed_output, num_buckets, out_type, internal_type):
    """(indices, values, shape) of the crosses: numbers of buckets, or texts with _X_ between."""

    def cross(features):
        if hashed_output:
            return _hash(features, FIRST, _combined, num_buckets)
        return b"_X_".join(map(_text, features))

    return _crossed(parts, N, hashed_output, cross)


def _cross_v2(
    xp, *parts, N, hashed_output, num_buckets, hash_key, out_type, internal_type
):
    """The same with fingerprints, which begin with `hash_key`."""

    def cross(features):
        if hashed_output:
            return _hash(features, hash_key & MASK, _concatenated, num_buckets)
        return b"_X_".join(map(_text, features))

    return _crossed(parts, N, hashed_output, cross)


_cross.__annotations__ = {"parts": Parts, "return": [int64, Attr("out_type"), int64]}
_cross_v2.__annotations__ = _cross.__annotations__
TRAITS = {"shape": _shapes, "grad": NOT_DIFFERENTIABLE, "host": True}
sparse_feature_cross_op = op("SparseFeatureCross", **TRAITS)(_cross)
sparse_feature_cross_v2_op = op("SparseFeatureCrossV2", **TRAITS)(_cross_v2)
