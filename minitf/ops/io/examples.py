"""Serialized Examples as tensors: `tf.parse_example`, `tf.parse_single_example`, ..."""
import re
from typing import Any, NamedTuple

import numpy as np

from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, int64, string
from minitf.core.graph import get_default_graph, name_scope
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Attr, Repeat, TypeAttr
from minitf.core.sparse_tensor import SparseTensor
from minitf.core.tensor import is_tensor
from minitf.core.tensor_shape import as_shape, is_static
from minitf.ops.array.basics import reshape
from minitf.ops.array.slicing import slice_
from minitf.ops.io import example_kernels as kernels
from minitf.ops.io.example_columns import (
    LISTS,
    Dense,
    batch,
    dense,
    sparse_batch,
    sparse_row,
)
from minitf.ops.io.example_rows import row as row_of
from minitf.ops.reduction.axes import expand_dims, squeeze
from minitf.ops.sparse.tensors import sparse_merge

# -- what a feature is to become ------------------------------------------------------------------


class VarLenFeature(NamedTuple):
    """A feature of any number of values: a SparseTensor."""

    dtype: Any


class FixedLenFeature(NamedTuple):
    """A feature of this shape, the same in each Example; required without a `default_value`."""

    shape: Any
    dtype: Any
    default_value: Any = None


class FixedLenSequenceFeature(NamedTuple):
    """A feature of any number of blocks of this shape.

    In a batch it is filled up with `default_value` (0 or ""). Without `allow_missing` it is
    required, which only a SequenceExample's can be.
    """

    shape: Any
    dtype: Any
    allow_missing: Any = False
    default_value: Any = None


class SparseFeature(NamedTuple):
    """Two features, or more, that are the indices and the values of a SparseTensor.

    What `value_key` has lies at `index_key`, or at the places that several of them say, in an axis,
    or axes, of `size`.
    """

    index_key: Any
    value_key: Any
    dtype: Any
    size: Any
    already_sorted: Any = False


EVERY = VarLenFeature, SparseFeature, FixedLenFeature, FixedLenSequenceFeature


class _Plan(NamedTuple):
    """What is read of each Example: sparse and dense columns, by their names."""

    sparse_keys: list
    sparse_types: list
    dense_keys: list
    dense_types: list
    dense_shapes: list
    defaults: dict


def planned(features, allowed):
    """What to read for these features.

    ValueError for what is no feature, or not one of those `allowed`, or says too little.
    """
    plan = _Plan([], [], [], [], [], {})
    for key in sorted(features or {}):
        feature = features[key]
        if not isinstance(feature, allowed):
            what = "Unsupported" if isinstance(feature, EVERY) else "Invalid"
            raise ValueError(f"{what} feature {key}: {feature!r}")
        if not feature.dtype:
            raise ValueError(f"Missing type for feature {key}.")
        if isinstance(feature, SparseFeature):
            _add_parts(plan, feature)
        elif isinstance(feature, VarLenFeature):
            _add_sparse(plan, key, feature.dtype)
        else:
            _add_dense(plan, key, feature)
    return plan


def _add_parts(plan, feature):
    if not feature.index_key or not feature.value_key:
        missing = "value_key" if feature.index_key else "index_key"
        raise ValueError(f"Missing {missing} for SparseFeature {feature}.")
    keys = [feature.index_key] if isinstance(feature.index_key, str) else feature.index_key
    for key in sorted(keys):
        _add_sparse(plan, key, int64)
    _add_sparse(plan, feature.value_key, feature.dtype)


def _add_sparse(plan, key, dtype):
    dtype = _readable(key, dtype)
    if key in plan.sparse_keys:
        known = plan.sparse_types[plan.sparse_keys.index(key)]
        if known != dtype:
            raise ValueError(f"Conflicting type {known} vs {dtype} for feature {key}.")
    else:
        plan.sparse_keys.append(key)
        plan.sparse_types.append(dtype)


def _readable(key, dtype):
    dtype = as_dtype(dtype)
    if dtype not in LISTS:
        raise TypeError(f"Feature {key} of type {dtype.name}: an Example has float32, int64 and "
                        "string; tf.cast what is parsed, or tf.decode_raw a string")  # fmt: skip
    return dtype


def _add_dense(plan, key, feature):
    if feature.shape is None:
        raise ValueError(f"Missing shape for feature {key}.")
    shape = as_shape(feature.shape)
    if isinstance(feature, FixedLenFeature) and not is_static(shape):
        if shape and shape[0] is None:
            raise ValueError(f"First dimension of shape for feature {key} unknown. Consider using "
                             "FixedLenSequenceFeature.")  # fmt: skip
        raise ValueError(f"All dimensions of shape for feature {key} need to be known but received "
                         f"{feature.shape}.")  # fmt: skip
    plan.dense_keys.append(key)
    plan.dense_types.append(_readable(key, feature.dtype))
    plan.dense_shapes.append(shape)
    if feature.default_value is not None:
        plan.defaults[key] = feature.default_value


def default_tensors(plan):
    """A tensor for each dense column: the values instead, none, or the one to fill up with."""
    columns = zip(plan.dense_keys, plan.dense_types, plan.dense_shapes)
    return [_default_tensor(plan.defaults.get(key), key, *rest) for key, *rest in columns]


def _default_tensor(default, key, dtype, shape):
    varies = bool(shape) and shape[0] is None
    if default is None:
        nothing = "" if dtype is string else 0
        return convert_to_tensor(nothing, dtype) if varies else constant([], dtype)
    if is_tensor(default) and not varies:
        return default
    start = "padding_" if varies else "key_"
    name = start + re.sub(r"[^A-Za-z0-9_.\-/]", "_", key)
    return reshape(convert_to_tensor(default, dtype, name=name), [] if varies else list(shape))


def check_apart(plan):
    """ValueError where a feature is asked for both as a sparse and as a dense one."""
    both = set(plan.dense_keys) & set(plan.sparse_keys)
    if both:
        raise ValueError(f"Dense and sparse keys must not intersect; intersection: {both}")


# -- the ops --------------------------------------------------------------------------------------

Default = TypeAttr("Tdense", each=True)
Columns = [Repeat(int64, "num_sparse"), Attr("sparse_types"), Repeat(int64, "num_sparse"),
           Attr("dense_types")]  # fmt: skip


def columns(keys, types, shapes, defaults):
    """The dense columns, given what there is instead of each."""
    return [Dense(*each) for each in zip(keys, types, shapes, map(np.asarray, defaults))]


def in_order(sparse, dense_columns):
    """All indices, all values, all shapes, then the dense ones."""
    return [part for parts in zip(*sparse) for part in parts] + list(dense_columns)


def _batch_shapes(serialized, names, *defaults, sparse_keys, dense_shapes, **attributes):
    count = None if serialized is None else serialized[0]
    n = len(sparse_keys)
    return [*[(None, 2)] * n, *[(None,)] * n, *[(2,)] * n,
            *((count, *shape) for shape in dense_shapes)]  # fmt: skip


@op("ParseExample", shape=_batch_shapes, grad=NOT_DIFFERENTIABLE, host=True)
def parse_example_op(
    xp, serialized: string, names: string, *dense_defaults: Default, num_sparse, sparse_keys,
    sparse_types, dense_keys, dense_types, dense_shapes,
) -> Columns:  # fmt: skip
    """The columns of a batch of Examples."""
    if serialized.ndim != 1:
        raise ValueError(f"Expected serialized to be a vector, got shape: {serialized.shape}")
    rows = [row_of(data) for data in serialized.tolist()]
    if len(names) not in (0, len(rows)):
        raise ValueError(f"{len(names)} names for {len(rows)} examples")
    wheres = [f"Name: {name.decode()}, " for name in names.tolist()]
    wheres = wheres or [f"Name: <unknown>, Index: {index}, " for index in range(len(rows))]
    sparse = [sparse_batch(*each, rows, wheres) for each in zip(sparse_keys, sparse_types)]
    found = columns(dense_keys, dense_types, dense_shapes, dense_defaults)
    return in_order(sparse, (batch(column, rows, wheres) for column in found))


@parse_example_op.trait
def quick(
    run, serialized, names, *dense_defaults, num_sparse, sparse_keys, sparse_types, dense_keys,
    dense_types, dense_shapes,
):  # fmt: skip
    if serialized.ndim != 1 or len(names) not in (0, len(serialized)):
        return None
    made = kernels.columns(run, serialized, dense_keys, dense_types, dense_shapes, dense_defaults,
                           sparse_keys, sparse_types)  # fmt: skip
    if made is None:
        return None
    sparse, dense_columns = made
    return in_order([_of_batch(*each) for each in sparse], dense_columns)


def _of_batch(rows, places, values, counts):
    shape = np.array([len(counts), counts.max(initial=0)], np.int64)
    return np.stack([rows, places], 1), values, shape


def _row_shapes(serialized, *defaults, sparse_keys, dense_shapes, **attributes):
    n = len(sparse_keys)
    return [*[(None, 1)] * n, *[(None,)] * n, *[(1,)] * n, *dense_shapes]


@op("ParseSingleExample", shape=_row_shapes, grad=NOT_DIFFERENTIABLE, host=True)
def parse_single_example_op(
    xp, serialized: string, *dense_defaults: Default, num_sparse, sparse_keys, sparse_types,
    dense_keys, dense_types, dense_shapes,
) -> Columns:  # fmt: skip
    """The columns of one Example."""
    row = row_of(serialized.item())
    sparse = [
        sparse_row(key, dtype, row.get(key), "") for key, dtype in zip(sparse_keys, sparse_types)
    ]
    found = columns(dense_keys, dense_types, dense_shapes, dense_defaults)
    return in_order(sparse, (dense(column, row.get(column.key), "") for column in found))


@parse_single_example_op.trait
def quick(  # noqa: F811
    run, serialized, *dense_defaults, num_sparse, sparse_keys, sparse_types, dense_keys,
    dense_types, dense_shapes,
):  # fmt: skip
    made = kernels.columns(run, serialized.reshape(1), dense_keys, dense_types, dense_shapes,
                           dense_defaults, sparse_keys, sparse_types)  # fmt: skip
    if made is None:
        return None
    sparse = [(places[:, None], values, counts) for _, places, values, counts in made[0]]
    return in_order(sparse, [column[0, ...] for column in made[1]])


# -- tf.parse_example and its kin -----------------------------------------------------------------


def parse_example(serialized, features, name=None, example_names=None):
    """Features of a batch of serialized `tf.train.Example`s, by their names: {name: tensor}.

    `features` says what each becomes: `FixedLenFeature` and `FixedLenSequenceFeature` tensors
    [batch, ...], `VarLenFeature` and `SparseFeature` SparseTensors. `example_names`, strings, are
    named in errors. ValueError without features or for odd ones, InvalidArgumentError in a run
    for an Example that lacks a required one, or has it in another type or number.
    """
    if not features:
        raise ValueError(f"Missing: features was {features}.")
    plan = planned(_with_steps(features), EVERY)
    check_apart(plan)
    names = np.array([], object) if example_names is None else example_names
    with name_scope(name, "ParseExample", [serialized, names]):
        made = parse_example_op(serialized, names, *default_tensors(plan), **attributes(plan),
                                name=name or "ParseExample")  # fmt: skip
    count_keys(plan.sparse_keys, plan.dense_keys)
    return by_name(features, plan, made)


def count_keys(*lists):
    """Count the names of features, and other lists, as nodes: TensorFlow has constants of them."""
    get_default_graph()._surplus -= sum(map(len, lists))


def attributes(plan):
    """The attributes of an op that reads what is planned."""
    fields = plan._asdict()
    del fields["defaults"]
    return {"num_sparse": len(plan.sparse_keys), **fields}


def _with_steps(features):
    """FixedLenSequenceFeatures with the size that varies before; ValueError for required ones."""
    return {key: _with_step(feature) for key, feature in features.items()}


def _with_step(feature):
    if not isinstance(feature, FixedLenSequenceFeature):
        return feature
    if not feature.allow_missing:
        raise ValueError("Unsupported: FixedLenSequenceFeature requires allow_missing to be True.")
    return feature._replace(shape=[None, *feature.shape])


def by_name(features, plan, made):
    """{name: tensor} of what such an op gives."""
    made = made if isinstance(made, (list, tuple)) else [made]
    n = len(plan.sparse_keys)
    sparse = [SparseTensor(*made[i : 3 * n : n]) for i in range(n)]
    found = dict(zip(plan.sparse_keys + plan.dense_keys, [*sparse, *made[3 * n :]]))
    return {key: _put_together(feature, key, found) for key, feature in features.items()}


def _put_together(feature, key, found):
    if not isinstance(feature, SparseFeature):
        return found[key]
    one = isinstance(feature.index_key, str)
    ids = found[feature.index_key] if one else [found[each] for each in feature.index_key]
    return sparse_merge(ids, found[feature.value_key], feature.size,
                        already_sorted=feature.already_sorted)  # fmt: skip


def parse_single_example(serialized, features, name=None, example_names=None):
    """As `tf.parse_example`, of one: `serialized` and `example_names` are scalars, and there is no
    axis for the batch."""
    if not features:
        raise ValueError("Missing features.")
    if example_names is not None:
        return _first_of_batch(serialized, features, name, example_names)
    plan = planned(_with_steps(features), EVERY)
    check_apart(plan)
    with name_scope(name, "ParseSingleExample", [serialized]):
        serialized = convert_to_tensor(serialized, name="serialized")
        made = parse_single_example_op(serialized, *default_tensors(plan), **attributes(plan),
                                       name=name or "ParseSingleExample")  # fmt: skip
    return by_name(features, plan, made)


def _first_of_batch(serialized, features, name, example_names):
    with name_scope(name, "ParseSingleExample", [serialized, example_names]):
        data, names = (expand_dims(convert_to_tensor(x), 0) for x in (serialized, example_names))
        one = parse_example(data, features, example_names=names)
        return {key: _without_batch(value, key) for key, value in one.items()}


def _without_batch(value, key):
    key = re.sub(r"[^A-Za-z0-9_.\-/]", "_", key)
    if not isinstance(value, SparseTensor):
        return squeeze(value, [0], name=f"Squeeze_{key}")
    indices = slice_(value.indices, [0, 1], [-1, -1], name=f"Slice_Indices_{key}")
    sizes = slice_(value.dense_shape, [1], [-1], name=f"Squeeze_Shape_{key}")
    return SparseTensor(indices, value.values, sizes)
