"""Serialized SequenceExamples as tensors: `tf.parse_single_sequence_example`."""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int64, string
from minitf.core.graph import name_scope
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.proto.example import SequenceExample
from minitf.core.schema import Attr, Repeat
from minitf.ops.io import examples
from minitf.ops.io.example_columns import Dense, as_array, dense, message, sparse_batch, sparse_row
from minitf.ops.io.examples import (
    Default,
    FixedLenFeature,
    FixedLenSequenceFeature,
    SparseFeature,
    VarLenFeature,
)


def _shapes(
    serialized, debug_name, *defaults, context_sparse_keys, context_dense_shapes,
    feature_list_sparse_keys, feature_list_dense_shapes, **attributes,
):  # fmt: skip
    n, m = len(context_sparse_keys), len(feature_list_sparse_keys)
    return [*[(None, 1)] * n, *[(None,)] * n, *[(1,)] * n, *context_dense_shapes,
            *[(None, 2)] * m, *[(None,)] * m, *[(2,)] * m,
            *((None, *shape) for shape in feature_list_dense_shapes)]  # fmt: skip


@op("ParseSingleSequenceExample", shape=_shapes, grad=NOT_DIFFERENTIABLE, host=True)
def parse_single_sequence_example_op(
    xp, serialized: string, debug_name: string, *context_dense_defaults: Default,
    Ncontext_sparse, context_sparse_keys, context_sparse_types, context_dense_keys,
    context_dense_types, context_dense_shapes, Nfeature_list_sparse, feature_list_sparse_keys,
    feature_list_sparse_types, feature_list_dense_keys, feature_list_dense_types,
    feature_list_dense_shapes, feature_list_dense_missing_assumed_empty,
) -> [
    Repeat(int64, "Ncontext_sparse"), Attr("context_sparse_types"),
    Repeat(int64, "Ncontext_sparse"), Attr("context_dense_types"),
    Repeat(int64, "Nfeature_list_sparse"), Attr("feature_list_sparse_types"),
    Repeat(int64, "Nfeature_list_sparse"), Attr("feature_list_dense_types"),
]:  # fmt: skip
    """The columns of the context, then those of the steps."""
    found = message(SequenceExample, serialized.item())
    context, lists = found.context.feature, found.feature_lists.feature_list
    where = f"Name: {debug_name.item().decode() or '<unknown>'}, "
    sparse = [sparse_row(key, dtype, context.get(key), where)
              for key, dtype in zip(context_sparse_keys, context_sparse_types)]  # fmt: skip
    columns = examples.columns(context_dense_keys, context_dense_types, context_dense_shapes,
                               context_dense_defaults)  # fmt: skip
    whole = examples.in_order(sparse, [dense(c, context.get(c.key), where) for c in columns])
    sparse_lists = zip(feature_list_sparse_keys, feature_list_sparse_types)
    steps = [_sparse_steps(key, dtype, lists, where) for key, dtype in sparse_lists]
    lists_of = zip(feature_list_dense_keys, feature_list_dense_types, feature_list_dense_shapes)
    may_lack = feature_list_dense_missing_assumed_empty
    return whole + examples.in_order(
        steps, [_dense_steps(*each, lists, where, may_lack) for each in lists_of]
    )


def _sparse_steps(key, dtype, lists, where):
    """[step, place] of a feature of each step."""
    steps = lists[key].feature if key in lists else []
    return sparse_batch(key, dtype, [{key: feature} for feature in steps], [where] * len(steps))


def _dense_steps(key, dtype, shape, lists, where, may_lack):
    """[step, ...] of a feature of each step. ValueError where it is missing and may not be."""
    if key not in lists and key not in may_lack:
        raise ValueError(f"{where}Feature list '{key}' is required but could not be found.  Did "
                         "you mean to include it in feature_list_dense_missing_assumed_empty or "
                         "feature_list_dense_defaults?")  # fmt: skip
    column = Dense(key, dtype, shape, as_array([], dtype))
    steps = lists[key].feature if key in lists else []
    found = [dense(column, feature, where) for feature in steps]
    return np.array(found, dtype.numpy).reshape(len(found), *shape)


def parse_single_sequence_example(
    serialized, context_features=None, sequence_features=None, example_name=None, name=None
):
    """({name: tensor} of the context, {name: tensor} of the steps) of a serialized
    `tf.train.SequenceExample`.

    `context_features` are as those of `tf.parse_single_example`; of `sequence_features`, a
    `FixedLenSequenceFeature` becomes a tensor [steps, ...], a `VarLenFeature` or `SparseFeature` a
    SparseTensor [steps, most values of a step]. `example_name` is named in errors.
    """
    if not (context_features or sequence_features):
        raise ValueError("Missing features.")
    context = examples.planned(context_features, (VarLenFeature, FixedLenFeature, SparseFeature))
    steps = examples.planned(
        sequence_features, (VarLenFeature, FixedLenSequenceFeature, SparseFeature)
    )
    for plan in (context, steps):
        examples.check_apart(plan)
    if steps.defaults:
        key, value = next(iter(steps.defaults.items()))
        raise ValueError(f"Value feature_list_dense_defaults[{key}] must be None, not {value!r}")
    may_lack = [key for key in steps.dense_keys if sequence_features[key].allow_missing]
    with name_scope(name, "ParseSingleSequenceExample", [serialized]):
        made = parse_single_sequence_example_op(
            convert_to_tensor(serialized, name="serialized"),
            convert_to_tensor(example_name or "", name="debug_name"),
            *examples.default_tensors(context),
            **_attributes("context_", context),
            **_attributes("feature_list_", steps),
            feature_list_dense_missing_assumed_empty=may_lack,
            name="ParseSingleSequenceExample",
        )
    made = made if isinstance(made, (list, tuple)) else [made]
    first = 3 * len(context.sparse_keys) + len(context.dense_keys)
    return (examples.by_name(context_features or {}, context, made[:first]),
            examples.by_name(sequence_features or {}, steps, made[first:]))  # fmt: skip


def _attributes(of, plan):
    found = examples.attributes(plan)
    return {f"N{of}sparse": found.pop("num_sparse"), **{of + key: found[key] for key in found}}
