"""SparseTensors as one tensor: `tf.serialize_sparse`, `tf.deserialize_many_sparse`.

The last axis of that has three elements: the indices, the values and the dense shape, each as it
is (variant), or as the bytes of a TensorProto (string).
"""
from itertools import pairwise

import numpy as np

from minitf.core.dtypes import as_dtype, int64, string, variant
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.proto.graph_def import TensorProto
from minitf.core.proto.tensor import constant_proto, stored_array
from minitf.core.schema import Attr, TypeAttr
from minitf.core.sparse_tensor import SparseTensor, as_sparse

Serialized = TypeAttr("Tserialized", (string, variant))


def _packed(array, out_type):
    if out_type is variant:
        return array
    return constant_proto(array, as_dtype(array.dtype)).SerializeToString()


def _unpacked(part):
    return stored_array(TensorProto.FromString(part)) if type(part) is bytes else part


def _row(parts, out_type):
    row = np.empty(3, object)
    for i, part in enumerate(parts):
        row[i] = _packed(part.copy(), out_type)
    return row


def _serializes(type, shape):
    return op(type, shape=shape, grad=NOT_DIFFERENTIABLE, stateful=True, host=True)


@_serializes("SerializeSparse", lambda *_, **__: (3,))
def serialize_sparse_op(
    xp, sparse_indices: int64, sparse_values: TypeAttr("T"), sparse_shape: int64, *, out_type=string
) -> Attr("out_type"):
    """The three parts of a sparse tensor, as a vector."""
    return _row((sparse_indices, sparse_values, sparse_shape), out_type)


@_serializes("SerializeManySparse", lambda *_, **__: (None, 3))
def serialize_many_sparse_op(
    xp, sparse_indices: int64, sparse_values: TypeAttr("T"), sparse_shape: int64, *, out_type=string
) -> Attr("out_type"):
    """For each row of a sparse tensor, which has them in order, its three parts."""
    if len(sparse_shape) < 2:
        raise ValueError(f"Rank of input SparseTensor should be > 1, but saw rank: "
                         f"{len(sparse_shape)}")  # fmt: skip
    rows = np.empty((int(sparse_shape[0]), 3), object)
    ends = np.searchsorted(sparse_indices[:, 0], np.arange(len(rows) + 1))
    for i, (start, stop) in enumerate(pairwise(ends)):
        part = sparse_indices[start:stop, 1:], sparse_values[start:stop], sparse_shape[1:]
        rows[i] = _row(part, out_type)
    return rows


def _deserialized(xp, serialized_sparse: Serialized, *, dtype) -> [int64, Attr("dtype"), int64]:
    """The sparse tensor whose parts are along the last axis; earlier axes come before its own."""
    if serialized_sparse.shape[-1:] != (3,):
        raise ValueError("Serialized sparse should have 3 as the last dimension "
                         f"{list(serialized_sparse.shape)}")  # fmt: skip
    lead = serialized_sparse.shape[:-1]
    rows = serialized_sparse.reshape(-1, 3)
    found = [[_unpacked(part) for part in row] for row in rows]
    _check(found, dtype)
    if not lead:
        return list(found[0])
    counts = [len(values) for _, values, _ in found]
    place = np.repeat(np.stack(np.unravel_index(np.arange(len(found)), lead), 1), counts, 0)
    inner = np.concatenate([indices for indices, _, _ in found]) if found else place[:, :0]
    shape = np.max([shape for _, _, shape in found], 0) if found else np.zeros(0, np.int64)
    values = [values for _, values, _ in found]
    return [
        np.concatenate([place, inner], 1).astype(np.int64),
        np.concatenate(values) if found else np.empty(0, dtype.numpy),
        np.concatenate([lead, shape]).astype(np.int64),
    ]


def _many_deserialized(xp, serialized_sparse: string, *, dtype) -> [int64, Attr("dtype"), int64]:
    """The sparse tensor whose rows are those that the rows say."""
    return _deserialized(xp, serialized_sparse, dtype=dtype)


def _deserializes(type):
    return op(type, shape=lambda *_, **__: [(None, None), (None,), (None,)],
              grad=NOT_DIFFERENTIABLE, stateful=True, host=True)  # fmt: skip


deserialize_sparse_op = _deserializes("DeserializeSparse")(_deserialized)
deserialize_many_sparse_op = _deserializes("DeserializeManySparse")(_many_deserialized)


def _check(found, dtype):
    for i, (_, values, shape) in enumerate(found):
        if values.dtype != dtype.numpy:
            raise ValueError(f"Requested SparseTensor of type {dtype.name} but SparseTensor[{i}]"
                             f".values.dtype() == {as_dtype(values.dtype).name}")  # fmt: skip
        if len(shape) != len(found[0][2]):
            raise ValueError(f"Inconsistent rank across SparseTensors: rank prior to "
                             f"SparseTensor[{i}] was: {len(found[0][2])} but rank of "
                             f"SparseTensor[{i}] is: {len(shape)}")  # fmt: skip


def serialize_sparse(sp_input, name=None, out_type=string):
    """A vector of three: the parts of a SparseTensor, each as a string or a variant."""
    return _serialized(serialize_sparse_op, sp_input, name, out_type)


def serialize_many_sparse(sp_input, name=None, out_type=string):
    """[rows, 3]: the parts of each row of a SparseTensor, which is of rank 2 at least."""
    return _serialized(serialize_many_sparse_op, sp_input, name, out_type)


def _serialized(definition, sp_input, name, out_type):
    parts = as_sparse(sp_input)._components()
    return definition(*parts, out_type=as_dtype(out_type), name=name)


def deserialize_sparse(serialized_sparse, dtype, rank=None, name=None):
    """The SparseTensor of dtype that `serialize_sparse` was given; [n, 3] are n of them, stacked.

    `rank` is that of the result, where it is known. In a run InvalidArgumentError when types
    differ.
    """
    return _read(deserialize_sparse_op, serialized_sparse, dtype, rank, name)


def deserialize_many_sparse(serialized_sparse, dtype, rank=None, name=None):
    """The SparseTensor whose rows are those that the rows of [n, 3] say; `rank` is that of all."""
    return _read(deserialize_many_sparse_op, serialized_sparse, dtype, rank, name)


def _read(definition, serialized_sparse, dtype, rank, name):
    indices, values, shape = definition(serialized_sparse, dtype=as_dtype(dtype), name=name)
    indices.set_shape([None, rank])
    shape.set_shape([rank])
    return SparseTensor(indices, values, shape)
