"""Models' inputs out of columns: `tf.contrib.layers.input_from_feature_columns`,
`weighted_sum_from_feature_columns`, ...
"""
import math

from minitf.contrib.framework.variables import model_variable
from minitf.contrib.layers.columns.base import transformed
from minitf.contrib.layers.columns.crossed import _CrossedColumn
from minitf.contrib.layers.columns.derived import _OneHotColumn, _WeightedSparseColumn
from minitf.contrib.layers.columns.embedding import (
    _EmbeddingColumn,
    embeddings_from_arguments,
    parts_of,
    restore,
)
from minitf.contrib.layers.columns.parsing import (
    create_feature_spec_for_parsing,
    sequence_feature_spec,
)
from minitf.contrib.layers.columns.real import (
    _BucketizedColumn,
    _RealValuedColumn,
    real_valued_column,
)
from minitf.contrib.layers.embedding_ops import safe_embedding_lookup_sparse
from minitf.contrib.layers.shaping import _inner_flatten
from minitf.core import nest
from minitf.core.dtypes import float32
from minitf.core.graph_keys import GraphKeys
from minitf.core.sparse_tensor import SparseTensor
from minitf.nn.bias import bias_add
from minitf.ops.array.basics import reshape
from minitf.ops.array.joining import concat
from minitf.ops.io.examples import parse_example
from minitf.ops.io.sequence_examples import parse_single_sequence_example
from minitf.ops.linalg.products import matmul
from minitf.ops.reduction.axes import expand_dims
from minitf.ops.reduction.scan import add_n
from minitf.ops.sparse.layout import sparse_concat, sparse_reshape
from minitf.ops.state.initializers import Zeros
from minitf.ops.state.variable_scope import variable_scope


def check_feature_columns(feature_columns):
    """ValueError for a dictionary, and for two columns that are almost the same."""
    if isinstance(feature_columns, dict):
        raise ValueError("Expected feature_columns to be iterable, found dict.")
    seen = set()
    for column in feature_columns:
        if column.key in seen:
            raise ValueError(
                f"Duplicate feature column key found for column: {column.name}. This usually means "
                "that the column is almost identical to another column, and one must be discarded."
            )
        seen.add(column.key)


def _sorted(feature_columns):
    return sorted(set(feature_columns), key=lambda column: column.key)


# -- for networks ---------------------------------------------------------------------------------


def input_from_feature_columns(
    columns_to_tensors, feature_columns, weight_collections=None, trainable=True, scope=None,
    cols_to_outs=None,
):  # fmt: skip
    """What the columns make of the tensors of base features, side by side: [batch, size].

    Tables go to `weight_collections`. `cols_to_outs` is a dictionary that is filled with what each
    column has made. ValueError for a column that a network cannot take.
    """
    return _network_input(columns_to_tensors, feature_columns, weight_collections, trainable,
                          scope, 2, "input_from_feature_columns", cols_to_outs)  # fmt: skip


def sequence_input_from_feature_columns(
    columns_to_tensors, feature_columns, weight_collections=None, trainable=True, scope=None
):
    """The same of sequences: [batch, length, size]. ValueError for columns that are of single
    values: ranges and crosses.
    """
    taken = (_OneHotColumn, _EmbeddingColumn, _RealValuedColumn)
    for column in feature_columns:
        if not isinstance(column, taken):
            raise ValueError(f"FeatureColumn type {type(column).__name__} is not currently "
                             "supported for sequence data.")  # fmt: skip
    for column in _with_parents(feature_columns):
        if isinstance(column, (_BucketizedColumn, _CrossedColumn)):
            raise ValueError(f"Column {column.name} is of type {type(column).__name__}, which is "
                             "not currently supported for sequences.")  # fmt: skip
    return _network_input(columns_to_tensors, feature_columns, weight_collections, trainable,
                          scope, 3, "sequence_input_from_feature_columns")  # fmt: skip


def _with_parents(columns):
    """The columns, and those that they are made of."""
    made = (_WeightedSparseColumn, _OneHotColumn, _EmbeddingColumn)
    parents = [column.sparse_id_column for column in columns if isinstance(column, made)]
    return [*columns, *_with_parents(parents)] if parents else columns


def _network_input(tensors, columns, collections, trainable, scope, rank, default_name,
                   cols_to_outs=None):  # fmt: skip
    tensors = tensors.copy()
    check_feature_columns(columns)
    if cols_to_outs is not None and not isinstance(cols_to_outs, dict):
        raise ValueError("cols_to_outs must be a dict unless None")
    with variable_scope(scope, default_name=default_name, values=tensors.values()):
        outputs, collections = [], _with_global(collections)
        for column in _sorted(columns):
            with variable_scope(None, default_name=column.name, values=tensors.values()):
                value = transformed(column, tensors)
                if rank == 3:
                    value = nest.map_structure(lambda each: _shaped(each, column.name, 3), value)  # noqa: B023
                outputs.append(_column_output(column, value, collections, trainable, rank))
                if cols_to_outs is not None:
                    cols_to_outs[column] = outputs[-1]
        return concat(outputs, rank - 1)


def _column_output(column, value, collections, trainable, rank):
    try:
        arguments = column._deep_embedding_lookup_arguments(value)
    except NotImplementedError as no_table:
        try:
            return column._to_dnn_input_layer(value, collections, trainable, output_rank=rank)
        except ValueError as error:
            raise ValueError(f"Error creating input layer for column: {column.name}.\n{error}, "
                             f"{no_table}") from error  # fmt: skip
    return embeddings_from_arguments(column, arguments, collections, trainable, rank)


def _shaped(tensor, column_name, output_rank):
    """A tensor, dense or sparse, with `output_rank` axes. ValueError where that cannot be."""
    sparse = isinstance(tensor, SparseTensor)
    rank = tensor.get_shape().ndims
    if rank is None and sparse:
        rank = tensor.dense_shape.get_shape().as_list()[0]
    if rank is None:
        raise ValueError(f"Error while processing column {column_name}. Rank of input Tensor can "
                         "not be None.")  # fmt: skip
    if output_rank > rank + 1:
        raise ValueError(
            f"Error while processing column {column_name}. Rank of input Tensor ({rank}) should be "
            f"the same as output_rank ({output_rank}). For example, sequence data should typically "
            "be 3 dimensional (rank 3) while non-sequence data is typically 2 dimensional (rank 2)."
        )
    if output_rank < rank:
        return _inner_flatten(tensor, output_rank)
    if output_rank == rank:
        return tensor
    if sparse:
        return sparse_reshape(tensor, concat([tensor.dense_shape, [1]], 0))
    return expand_dims(tensor, -1)


def _with_global(collections):
    """The collections, and that of all variables; none for none."""
    return list(dict.fromkeys([*collections, GraphKeys.GLOBAL_VARIABLES])) if collections else (
        collections
    )


# -- for linear models ----------------------------------------------------------------------------


def weighted_sum_from_feature_columns(
    columns_to_tensors, feature_columns, num_outputs, weight_collections=None, trainable=True,
    scope=None,
):  # fmt: skip
    """(logits [batch, num_outputs], {column: its weights}, bias) of a linear model.

    ValueError for a column that a linear model cannot take.
    """
    tensors = columns_to_tensors.copy()
    check_feature_columns(feature_columns)
    name = "weighted_sum_from_feature_columns"
    given = num_outputs, trainable, weight_collections
    with variable_scope(scope, default_name=name, values=tensors.values()):
        outputs, weights = [], {}
        for column in _sorted(feature_columns):
            value = transformed(column, tensors)
            variables, found = _column_sum(column, value, tensors, given)
            outputs.append(reshape(found, shape=(-1, num_outputs)))
            weights[column] = variables
            restore(column, variables)
        total = add_n(outputs)
        bias = _bias(*given)
        return bias_add(total, bias), weights, bias


def _column_sum(column, value, tensors, given):
    """(weights, their sums): looked up, or multiplied by numbers."""
    try:
        arguments = column._wide_embedding_lookup_arguments(value)
    except NotImplementedError:
        return _product(column, value, tensors, *given)
    except ValueError as error:
        raise ValueError(
            f"Error creating weighted sum for column: {column.name}.\n{error}"
        ) from error
    with variable_scope(None, default_name=column.name, values=tensors.values()):
        return _looked_up(arguments, f"{column.name}_weights", *given)


def _looked_up(arguments, name, num_outputs, trainable, collections):
    variable = model_variable(
        name="weights",
        shape=[arguments.vocab_size, num_outputs],
        dtype=float32,
        initializer=arguments.initializer,
        trainable=trainable,
        collections=collections,
    )
    variables = parts_of(variable)
    return variables, safe_embedding_lookup_sparse(
        variables, arguments.input_tensor, sparse_weights=arguments.weight_tensor,
        combiner=arguments.combiner, name=name,
    )  # fmt: skip


def _product(column, value, tensors, num_outputs, trainable, collections):
    with variable_scope(None, default_name=column.name, values=tensors.values()):
        numbers = _shaped(column._to_dense_tensor(value), column.name, output_rank=2)
        variable = model_variable(
            name="weight",
            shape=[numbers.get_shape()[1], num_outputs],
            initializer=Zeros(),
            trainable=trainable,
            collections=collections,
        )
        return [variable], matmul(numbers, variable, name="matmul")


def _bias(num_outputs, trainable, collections):
    return model_variable(
        "bias_weight",
        shape=[num_outputs],
        initializer=Zeros(),
        trainable=trainable,
        collections=_with_global(collections),
    )


def joint_weighted_sum_from_feature_columns(
    columns_to_tensors, feature_columns, num_outputs, weight_collections=None, trainable=True,
    scope=None,
):  # fmt: skip
    """(logits, weights, bias) of a linear model whose weights are one variable.

    NotImplementedError for columns of numbers; AssertionError for weighted ones and for combiners
    other than "sum".
    """
    tensors = columns_to_tensors.copy()
    check_feature_columns(feature_columns)
    name = "joint_weighted_sum_from_feature_columns"
    given = num_outputs, trainable, weight_collections
    with variable_scope(scope, default_name=name, values=tensors.values()):
        lookups = []
        for column in _sorted(feature_columns):
            value = transformed(column, tensors)
            try:
                lookups.append(column._wide_embedding_lookup_arguments(value))
            except NotImplementedError:
                raise NotImplementedError(
                    "Real-valued columns are not supported. Use weighted_sum_from_feature_columns "
                    "instead, or bucketize these columns."
                ) from None
        joint = _joined(lookups)
        with variable_scope(None, default_name="linear_weights", values=tensors.values()):
            variables, total = _looked_up(joint, "_weights", *given)
        bias = _bias(*given)
        return bias_add(total, bias), variables, bias


def _joined(lookups):
    """Several lookups as one, in a table behind each other."""
    assert lookups, "At least one column must be in the model."
    parts, size = [], 0
    for each in lookups:
        assert each.weight_tensor is None, (
            "Joint sums for weighted sparse columns are not supported. Please use "
            "weighted_sum_from_feature_columns instead."
        )
        assert each.combiner == "sum", (
            "Combiners other than sum are not supported for joint sums. Please use "
            "weighted_sum_from_feature_columns instead."
        )
        ids = each.input_tensor
        parts.append(SparseTensor(ids.indices, ids.values + size, ids.dense_shape))
        size += each.vocab_size
    ids = sparse_concat(1, parts)
    return lookups[0]._replace(input_tensor=ids, vocab_size=size, initializer=Zeros())


# -- parsing --------------------------------------------------------------------------------------


def parse_feature_columns_from_examples(serialized, feature_columns, name=None, example_names=None):
    """The tensors of base features, and those that the columns make of them, out of Examples."""
    check_feature_columns(feature_columns)
    features = create_feature_spec_for_parsing(feature_columns)
    tensors = parse_example(
        serialized=serialized, features=features, name=name, example_names=example_names
    )
    for column in _sorted(feature_columns):
        transformed(column, tensors)
    return tensors


def transform_features(features, feature_columns):
    """What the columns make of the tensors of base features, by columns."""
    tensors = features.copy()
    check_feature_columns(feature_columns)
    for column in _sorted(feature_columns):
        transformed(column, tensors)
    return {key: value for key, value in tensors.items() if key in feature_columns}


def parse_feature_columns_from_sequence_examples(
    serialized, context_feature_columns, sequence_feature_columns, name=None, example_name=None
):
    """({name: tensor} of the context, the same of the lists) of one SequenceExample.

    ValueError for more than one.
    """
    try:
        serialized = reshape(serialized, [])
    except ValueError as error:
        raise ValueError(
            "serialized must contain as single sequence example. Batching must be done after "
            f"parsing for sequence examples. Error: {error}"
        ) from error
    context, sequence = context_feature_columns or [], sequence_feature_columns or []
    check_feature_columns(context)
    check_feature_columns(sequence)
    return parse_single_sequence_example(
        serialized, create_feature_spec_for_parsing(context), sequence_feature_spec(sequence),
        example_name, name,
    )  # fmt: skip


def infer_real_valued_columns(features):
    """A `real_valued_column` for each tensor of a dictionary, or for one tensor, named "".

    ValueError for sparse ones, and for those that are no numbers.
    """
    if not isinstance(features, dict):
        return [_inferred("", features)]
    return [_inferred(name, tensor) for name, tensor in features.items()]


def _inferred(name, tensor):
    asked = f"Please define corresponding FeatureColumn for tensor {name} {tensor}."
    if isinstance(tensor, SparseTensor):
        raise ValueError(f"SparseTensor is not supported for auto detection. {asked}")
    if not (tensor.dtype.is_integer or tensor.dtype.is_floating):
        raise ValueError("Non integer or non floating types are not supported for auto detection. "
                         f"{asked}")  # fmt: skip
    dimension = math.prod(tensor.get_shape().as_list()[1:])
    return real_valued_column(name, dimension=dimension, dtype=tensor.dtype)
