"""Embeddings whose components are found by hashes in one vector of parameters."""
from minitf import logging
from minitf.contrib.layers.sparse_feature_cross import sparse_feature_cross
from minitf.core.dtypes import int32, string
from minitf.core.graph import name_scope
from minitf.core.sparse_tensor import SparseTensor
from minitf.nn.embedding import embedding_lookup
from minitf.ops.array.basics import reshape, shape
from minitf.ops.array.joining import concat
from minitf.ops.array.padding import tile
from minitf.ops.array.sequences import range_op
from minitf.ops.array.unique import unique
from minitf.ops.math.elementwise import cast
from minitf.ops.reduction.axes import expand_dims
from minitf.ops.reduction.sparse_segments import (
    sparse_segment_mean,
    sparse_segment_sqrt_n,
    sparse_segment_sum,
)
from minitf.ops.sparse.layout import sparse_fill_empty_rows
from minitf.ops.sparse.tensors import sparse_tensor_to_dense
from minitf.ops.state.partitioned import PartitionedVariable

_COMBINERS = {"sum": sparse_segment_sum, "mean": sparse_segment_mean,
              "sqrtn": sparse_segment_sqrt_n}  # fmt: skip


def _listed(params):
    params = list(params) if isinstance(params, PartitionedVariable) else params
    return params if isinstance(params, list) else [params]


def scattered_embedding_lookup(params, values, dimension, name=None, hash_key=None):
    """Embeddings of `dimension` for each of `values`: the parameter for (component, value) is the
    one that their hash names. `params` is a vector, or several of nearly the same size (ValueError
    for others)."""
    if dimension is None:
        raise ValueError("You must specify dimension.")
    params = _listed(params)
    with name_scope(name, "scattered_embedding_lookup", [*params, dimension, values]):
        sizes, values = shape(values), reshape(values, [-1, 1])
        if dimension <= 0:
            raise ValueError(f"Dimension must be >0. Given is {dimension}")
        components = tile(expand_dims(range_op(0, dimension, 1), 0), shape(values))
        ids = sparse_feature_cross([components, values], hashed_output=True,
                                   num_buckets=_count(params), hash_key=hash_key)  # fmt: skip
        found = embedding_lookup(params, sparse_tensor_to_dense(ids), partition_strategy="div")
        return reshape(found, concat([sizes, [dimension]], 0))


def _count(params):
    """How many parameters there are."""
    for each in params:
        each.shape.assert_has_rank(1)
        each.shape.assert_is_fully_defined()
    sizes = [each.shape.as_list()[0] for each in params]
    for i, size in enumerate(sizes):
        expected = (sum(sizes) - i - 1) // len(sizes) + 1
        if size != expected:
            raise ValueError(f"Tensor {i} in params has size {size}, expected {expected}.")
    return sum(sizes)


def scattered_embedding_lookup_sparse(params, sparse_values, dimension, combiner=None,
                                      default_value=None, name=None, hash_key=None):
    """`scattered_embedding_lookup` of the values of each row, put together by `combiner`, "mean",
    "sqrtn" or "sum"; of a row without any, of `default_value`."""
    if combiner is None:
        logging.warn('The default value of combiner will change from "mean" to "sqrtn" after '
                     "2016/11/01.")  # fmt: skip
        combiner = "mean"
    params = _listed(params)
    if not isinstance(sparse_values, SparseTensor):
        raise TypeError("sparse_values must be SparseTensor")
    with name_scope(name, "scattered_embedding_lookup_sparse", [*params, sparse_values]) as scope:
        if default_value is None:  # some value that will hardly be there
            default_value = "6ZxWzWOHxZ" if sparse_values.dtype == string else 1288896567
        filled, _ = sparse_fill_empty_rows(sparse_values, default_value)
        rows = cast(filled.indices[:, 0], int32)
        values, places = unique(filled.values)
        found = scattered_embedding_lookup(params, values, dimension, hash_key=hash_key)
        if combiner not in _COMBINERS:
            raise ValueError("Combiner must be one of 'mean', 'sqrtn' or 'sum'.")
        return _COMBINERS[combiner](found, places, rows, name=scope)
