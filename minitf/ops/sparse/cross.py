"""All combinations of the values of a row: `tf.sparse.cross`, `tf.sparse.cross_hashed`."""
import numpy as np

from minitf.core.dtypes import int64, string
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Attr, Each
from minitf.core.sparse_tensor import SparseTensor
from minitf.core.tensor import Tensor
from minitf.ops.array.fingerprints import fingerprint64
from minitf.ops.math.elementwise import cast
from minitf.ops.strings.text import filled

_KEY = 0xDECAFCAFFE
_FACTOR = np.uint64(0xC6A4A7935BD1E995)


def _joined(one, other):
    """FingerprintCat64: a fingerprint of two, of arrays of uint64."""
    result = one ^ _FACTOR
    result ^= _shifted(other * _FACTOR) * _FACTOR
    result *= _FACTOR
    return _shifted(_shifted(result) * _FACTOR)


def _shifted(value):
    return value ^ (value >> np.uint64(47))


class _Column:
    """The values of each row of one input: how many, and where they begin."""

    def __init__(self, values, counts):
        self.values, self.counts = values, counts
        self.starts = np.cumsum(counts) - counts

    @classmethod
    def of_sparse(cls, indices, values, rows):
        return cls(values, np.bincount(indices[:, 0], minlength=rows))

    @classmethod
    def of_dense(cls, values, rows):
        return cls(values.reshape(-1), np.full(rows, values.shape[1]))

    def fingerprints(self):
        if self.values.dtype != object:
            return self.values.astype(np.uint64)
        texts = self.values.tolist()
        known = {text: fingerprint64(text) for text in set(texts)}
        return np.array([known[text] for text in texts], np.uint64)

    def texts(self):
        return [value if isinstance(value, bytes) else b"%d" % value
                for value in self.values.tolist()]  # fmt: skip


def _combined(columns, rows):
    """(which combination belongs to which row, its number there, which value of each column it
    takes): of the last column the values change fastest."""
    totals = np.ones(rows, np.int64)
    for column in columns:
        totals *= column.counts
    row = np.repeat(np.arange(rows), totals)
    number = np.arange(len(row)) - np.repeat(np.cumsum(totals) - totals, totals)
    taken, left = [], number
    for column in reversed(columns):
        counts = column.counts[row]
        taken.append(column.starts[row] + left % counts)
        left = left // counts
    return row, number, taken[::-1], totals


@op("SparseCross", shape=lambda *_, **__: [(None, 2), (None,), (2,)], grad=NOT_DIFFERENTIABLE,
    host=True)  # fmt: skip
def sparse_cross_op(
    xp, *parts: Each, N, hashed_output, num_buckets, hash_key, out_type, internal_type
) -> [int64, Attr("out_type"), int64]:
    """parts are the indices of N sparse inputs, their values, their shapes, and dense inputs."""
    dense = parts[3 * N :]
    rows = int(parts[2 * N][0]) if N else len(dense[0])
    columns = [
        _Column.of_sparse(indices, values, rows)
        for indices, values in zip(parts[:N], parts[N : 2 * N])
    ] + [_Column.of_dense(values, rows) for values in dense]
    row, number, taken, totals = _combined(columns, rows)
    if hashed_output:
        values = np.full(len(row), hash_key, np.uint64)
        for column, places in zip(columns, taken):
            values = _joined(values, column.fingerprints()[places])
        values = (values % np.uint64(num_buckets or 2**63 - 1)).astype(np.int64)
    else:
        texts = [map(column.texts().__getitem__, places.tolist())
                 for column, places in zip(columns, taken)]  # fmt: skip
        values = filled((len(row),), [b"_X_".join(each) for each in zip(*texts)])
    whole = np.array([rows, totals.max(initial=0)], np.int64)
    return [np.stack([row, number], 1), values, whole]


def _crossed(inputs, name, hashed_output, num_buckets=0, hash_key=None):
    if not isinstance(inputs, list):
        raise TypeError("Inputs must be a list")
    if not all(isinstance(each, (SparseTensor, Tensor)) for each in inputs):
        raise TypeError("All inputs must be SparseTensors")
    sparse = [each for each in inputs if isinstance(each, SparseTensor)]
    values = [_as_key(each.values) for each in sparse]
    dense = [_as_key(each) for each in inputs if isinstance(each, Tensor)]
    is_text = all(each.dtype == string for each in values + dense)
    found = sparse_cross_op(
        *(each.indices for each in sparse), *values, *(each.dense_shape for each in sparse), *dense,
        N=len(sparse), hashed_output=hashed_output, num_buckets=num_buckets,
        hash_key=hash_key or _KEY, out_type=int64 if hashed_output else string,
        internal_type=string if is_text else int64, name=name,
    )  # fmt: skip
    return SparseTensor(*found)


def _as_key(values):
    return values if values.dtype == string else cast(values, int64)


def sparse_cross(inputs, name=None):
    """A SparseTensor of strings: of each row all combinations of one value of each input.

    `inputs` is a list of Tensors and SparseTensors [rows, values], of strings or integers; the
    values are joined by "_X_", sparse inputs first. TypeError for others.
    """
    return _crossed(inputs, name, hashed_output=False)


def sparse_cross_hashed(inputs, num_buckets=0, hash_key=None, name=None):
    """As `tf.sparse.cross`, a hash of each combination below `num_buckets`, if that is not 0."""
    return _crossed(inputs, name, True, num_buckets, hash_key)
