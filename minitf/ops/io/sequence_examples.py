"""Serialized SequenceExamples as tensors, one (`tf.parse_single_sequence_example`) or a batch."""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int64, string
from minitf.core.graph import name_scope
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.proto.example import SequenceExample
from minitf.core.schema import Attr, Repeat, TypeAttr
from minitf.core.shape_rules import check_rank
from minitf.ops.io import examples
from minitf.ops.io.example_columns import (
    Dense,
    as_array,
    batch,
    dense,
    message,
    nothing,
    sparse_batch,
    sparse_row,
)
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
    # Of rank 0, the string is wanted and not an array of it.
    return np.stack(found) if found else np.empty([0, *shape], dtype.numpy)


ContextDefault = TypeAttr("Tcontext_dense", each=True)


def _batch_shapes(
    serialized, debug_name, *defaults, context_sparse_keys, context_dense_shapes,
    feature_list_sparse_keys, feature_list_dense_shapes, **attributes,
):  # fmt: skip
    check_rank(serialized, 1, "serialized")
    check_rank(debug_name, 1, "example_names")
    count = None if serialized is None else serialized[0]
    n, m = len(context_sparse_keys), len(feature_list_sparse_keys)
    return [*[(None, 2)] * n, *[(None,)] * n, *[(2,)] * n,
            *((count, *shape) for shape in context_dense_shapes),
            *[(None, 3)] * m, *[(None,)] * m, *[(3,)] * m,
            *((count, None, *shape) for shape in feature_list_dense_shapes),
            *[(count,)] * len(feature_list_dense_shapes)]  # fmt: skip


@op("ParseSequenceExample", shape=_batch_shapes, grad=NOT_DIFFERENTIABLE, host=True)
def parse_sequence_example_op(
    xp, serialized: string, debug_name: string, *context_dense_defaults: ContextDefault,
    Ncontext_sparse, context_sparse_keys, context_sparse_types, Ncontext_dense,
    context_dense_keys, Tcontext_dense, context_dense_shapes, Nfeature_list_sparse,
    feature_list_sparse_keys, feature_list_sparse_types, Nfeature_list_dense,
    feature_list_dense_keys, feature_list_dense_types, feature_list_dense_shapes,
    feature_list_dense_missing_assumed_empty,
) -> [
    Repeat(int64, "Ncontext_sparse"), Attr("context_sparse_types"),
    Repeat(int64, "Ncontext_sparse"), Attr("Tcontext_dense"),
    Repeat(int64, "Nfeature_list_sparse"), Attr("feature_list_sparse_types"),
    Repeat(int64, "Nfeature_list_sparse"), Attr("feature_list_dense_types"),
    Repeat(int64, "Nfeature_list_dense"),
]:  # fmt: skip
    """The columns of the contexts, those of the steps, and how many steps each dense one has."""
    if len(debug_name) not in (0, len(serialized)):
        raise ValueError("example_names must be empty or have the correct number of elements, got "
                         f"{len(debug_name)} for {len(serialized)} examples")  # fmt: skip
    wheres = [f"Name: {name.decode()}, " for name in debug_name.tolist()]
    wheres = wheres or [f"Name: <unknown>, Index: {i}, " for i in range(len(serialized))]
    found = [message(SequenceExample, data) for data in serialized.tolist()]
    rows = [example.context.feature for example in found]
    lists = [example.feature_lists.feature_list for example in found]
    sparse = [sparse_batch(key, dtype, rows, wheres)
              for key, dtype in zip(context_sparse_keys, context_sparse_types)]  # fmt: skip
    columns = examples.columns(context_dense_keys, Tcontext_dense, context_dense_shapes,
                               context_dense_defaults)  # fmt: skip
    whole = examples.in_order(sparse, [batch(column, rows, wheres) for column in columns])
    sparse_lists = zip(feature_list_sparse_keys, feature_list_sparse_types)
    steps = [_sparse_sequences(key, dtype, lists, wheres) for key, dtype in sparse_lists]
    lists_of = zip(feature_list_dense_keys, feature_list_dense_types, feature_list_dense_shapes)
    may_lack = feature_list_dense_missing_assumed_empty
    made = [_filled_up([_dense_steps(*of, each, where, may_lack)
                        for each, where in zip(lists, wheres)], *of[1:])
            for of in lists_of]  # fmt: skip
    filled, lengths = zip(*made) if made else ((), ())
    return whole + examples.in_order(steps, filled) + list(lengths)


def _sparse_sequences(key, dtype, lists, wheres):
    """[example, step, place] of a feature of each step of each example."""
    found = [_sparse_steps(key, dtype, each, where) for each, where in zip(lists, wheres)]
    indices = [np.insert(places, 0, i, axis=1) for i, (places, _, _) in enumerate(found)]
    longest = np.max([shape for *_, shape in found], axis=0, initial=0)
    return (np.concatenate([*indices, np.zeros([0, 3], np.int64)]),
            np.concatenate([*(values for _, values, _ in found), as_array([], dtype)]),
            np.array([len(found), *np.broadcast_to(longest, 2)], np.int64))  # fmt: skip


def _filled_up(sequences, dtype, shape):
    """Sequences as one array, the shorter ones with nothing behind, and their lengths."""
    lengths = np.array([len(each) for each in sequences], np.int64)
    made = np.full((len(sequences), lengths.max(initial=0), *shape), nothing(dtype), dtype.numpy)
    for row, each in zip(made, sequences):
        row[: len(each)] = each
    return made, lengths


def parse_sequence_example(
    serialized, context_features=None, sequence_features=None, example_names=None, name=None
):
    """As `tf.parse_single_sequence_example` of a vector of serialized ones: each tensor has an axis
    for the batch in front, and shorter sequences have zeros, or empty strings, at their ends.

    A third dictionary has how many steps of each `FixedLenSequenceFeature` the examples have.
    """
    context, steps, may_lack = _planned(
        context_features, (VarLenFeature, FixedLenFeature),
        sequence_features, (VarLenFeature, FixedLenSequenceFeature),
    )  # fmt: skip
    of_context = _attributes("context_", context)
    types = of_context.pop("context_dense_types")
    with name_scope(name, "ParseSequenceExample", [serialized]):
        names = convert_to_tensor([] if example_names is None else example_names, string)
        made = parse_sequence_example_op(
            convert_to_tensor(serialized, name="serialized"), names,
            *examples.default_tensors(context),
            **of_context, Tcontext_dense=types,
            **_attributes("feature_list_", steps),
            Ncontext_dense=len(context.dense_keys), Nfeature_list_dense=len(steps.dense_keys),
            feature_list_dense_missing_assumed_empty=may_lack,
            name=name or "ParseSequenceExample",
        )  # fmt: skip
    made = list(made) if isinstance(made, (list, tuple)) else [made]
    count = len(steps.dense_keys)
    lengths = dict(zip(steps.dense_keys, made[len(made) - count :]))
    rest = made[: len(made) - count]
    return (*_both(context_features, context, sequence_features, steps, rest), lengths)


def _planned(context_features, of_context, sequence_features, of_steps):
    """What to read of the contexts and of the steps, and the names of steps that may be missing."""
    if not (context_features or sequence_features):
        raise ValueError("Missing features.")
    context = examples.planned(context_features, of_context)
    steps = examples.planned(sequence_features, of_steps)
    for plan in (context, steps):
        examples.check_apart(plan)
    if steps.defaults:
        key, value = next(iter(steps.defaults.items()))
        raise ValueError(f"Value feature_list_dense_defaults[{key}] must be None, not {value!r}")
    return context, steps, [k for k in steps.dense_keys if sequence_features[k].allow_missing]


def _both(context_features, context, sequence_features, steps, made):
    """{name: tensor} of the context and of the steps."""
    first = 3 * len(context.sparse_keys) + len(context.dense_keys)
    return (examples.by_name(context_features or {}, context, made[:first]),
            examples.by_name(sequence_features or {}, steps, made[first:]))  # fmt: skip


def parse_single_sequence_example(
    serialized, context_features=None, sequence_features=None, example_name=None, name=None
):
    """({name: tensor} of the context, {name: tensor} of the steps) of a serialized
    `tf.train.SequenceExample`.

    `context_features` are as those of `tf.parse_single_example`; of `sequence_features`, a
    `FixedLenSequenceFeature` becomes a tensor [steps, ...], a `VarLenFeature` or `SparseFeature` a
    SparseTensor [steps, most values of a step]. `example_name` is named in errors.
    """
    context, steps, may_lack = _planned(
        context_features, (VarLenFeature, FixedLenFeature, SparseFeature),
        sequence_features, (VarLenFeature, FixedLenSequenceFeature, SparseFeature),
    )  # fmt: skip
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
        examples.count_keys(context.sparse_keys, context.dense_keys, steps.sparse_keys,
                            steps.dense_keys, [may_lack])  # fmt: skip
    made = made if isinstance(made, (list, tuple)) else [made]
    return _both(context_features, context, sequence_features, steps, made)


def _attributes(of, plan):
    found = examples.attributes(plan)
    return {f"N{of}sparse": found.pop("num_sparse"), **{of + key: found[key] for key in found}}
