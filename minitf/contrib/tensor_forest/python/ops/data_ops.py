"""Features and labels as forests take them: a matrix, a sparse one, and what is in them."""
from minitf import logging
from minitf.contrib.tensor_forest.kernels.text import reinterpret_string_to_float
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32, float64, int32, int64, string
from minitf.core.sparse_tensor import SparseTensor
from minitf.ops.array.joining import concat
from minitf.ops.math.elementwise import cast
from minitf.ops.sparse.layout import sparse_concat
from minitf.ops.sparse.tensors import sparse_tensor_to_dense

DATA_FLOAT, DATA_CATEGORICAL = 0, 1
DTYPE_TO_FTYPE = {
    string: DATA_CATEGORICAL, int32: DATA_CATEGORICAL, int64: DATA_CATEGORICAL,
    float32: DATA_FLOAT, float64: DATA_FLOAT,
}  # fmt: skip


def CastToFloat(tensor):
    """Integers and strings as float32; others as they are."""
    if tensor.dtype == string:
        return reinterpret_string_to_float(tensor)
    return cast(tensor, float32) if tensor.dtype.is_integer else tensor


class DataColumn:
    """A feature, of one column or more: its name, whether it is categorical, how many columns."""

    def __init__(self):
        self.name, self.original_type, self.size = "", "", 0

    def SerializeToString(self):
        return f"name: {self.name} original_type: {self.original_type} size: {self.size}"


class DataColumnCollection:
    """Features of one kind: `cols` are DataColumns."""

    def __init__(self):
        self.cols = []

    def add(self):
        """A new one, at the end."""
        self.cols.append(DataColumn())
        return self.cols[-1]

    def size(self):
        return len(self.cols)

    def SerializeToString(self):
        return "".join(f"{{{each.SerializeToString()}}}" for each in self.cols)


class TensorForestDataSpec:
    """The features that a forest is trained on: dense ones, sparse ones, and how many columns the
    dense ones have."""

    def __init__(self):
        self.sparse, self.dense = DataColumnCollection(), DataColumnCollection()
        self.dense_features_size = 0

    def SerializeToString(self):
        """What the ops are told, as their attribute `input_spec`."""
        dense, sparse = self.dense.SerializeToString(), self.sparse.SerializeToString()
        size = int(self.dense_features_size)
        return f"dense_features_size: {size} dense: [{dense}] sparse: [{sparse}]"


def GetColumnName(column_key, col_num):
    """The name of a feature: the key in a dict, or that of a feature column."""
    if isinstance(column_key, str):
        return column_key
    return getattr(column_key, "column_name", str(col_num))


def ParseDataTensorOrDict(data):
    """(dense features, sparse features, TensorForestDataSpec) of a matrix, a SparseTensor, or a
    dict of both, in the order of their names; None where there are none of a kind.

    KeyError for a type of features that forests do not know.
    """
    if isinstance(data, dict):
        return _parsed_dict(data)
    spec = TensorForestDataSpec()
    if isinstance(data, SparseTensor):
        _describe(spec.sparse, "sparse_features", data.dtype, -1)
        return None, data, spec
    data = convert_to_tensor(data)
    _describe(spec.dense, "dense_features", data.dtype, data.get_shape()[1])
    spec.dense_features_size = spec.dense.cols[0].size
    return data, None, spec


def _describe(collection, name, dtype, size):
    column = collection.add()
    column.name, column.original_type, column.size = name, DTYPE_TO_FTYPE[dtype], size
    return size


def _parsed_dict(data):
    spec, dense, sparse = TensorForestDataSpec(), [], []
    for key in sorted(data):
        value = data[key]
        if isinstance(value, SparseTensor):
            if value.dtype == float32:
                logging.info("TensorForest does not support sparse continuous.")
                continue
            if not spec.sparse.size():
                _describe(spec.sparse, "all_sparse", int64, -1)
            values = CastToFloat(value.values)
            sparse.append(SparseTensor(value.indices, values, value.dense_shape))
        else:
            shape = value.get_shape()
            size = 1 if len(shape) == 1 else shape[1].value
            name = GetColumnName(key, len(dense))
            spec.dense_features_size += _describe(spec.dense, name, value.dtype, size)
            dense.append(CastToFloat(value))
    logging.info(spec.SerializeToString())
    return concat(dense, 1) if dense else None, sparse_concat(1, sparse) if sparse else None, spec


def ParseLabelTensorOrDict(labels):
    """Labels as float32: a Tensor, a SparseTensor, or a dict of these, joined in the order of their
    names."""
    if isinstance(labels, dict):
        return cast(concat([_dense(labels[key]) for key in sorted(labels)], 1), float32)
    return cast(_dense(labels), float32)


def _dense(labels):
    if isinstance(labels, SparseTensor):
        return sparse_tensor_to_dense(labels, default_value=-1)
    return labels
