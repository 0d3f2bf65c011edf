"""What reads columns: `tf.feature_column.input_layer`, `linear_model`, and what parses them."""
from minitf.core.graph import get_collection, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.feature_column.former import (
    _FeatureColumn,
    check_batch_sizes,
    normalized,
    spec_of,
)
from minitf.feature_column.kinds import FeatureColumn
from minitf.feature_column.readers import FormerReader
from minitf.nn.bias import bias_add
from minitf.nn.embedding import safe_embedding_lookup_sparse
from minitf.ops.array.basics import shape
from minitf.ops.array.joining import concat
from minitf.ops.linalg.products import matmul
from minitf.ops.reduction.scan import add_n
from minitf.ops.sparse.layout import sparse_reshape
from minitf.ops.state.initializers import Zeros
from minitf.ops.state.variable_scope import get_variable, get_variable_scope, variable_scope
from minitf.ops.state.variables import Variable


def _collections(weight_collections):
    added = (GraphKeys.GLOBAL_VARIABLES, GraphKeys.MODEL_VARIABLES)
    given = list(weight_collections or [])
    return given + [key for key in added if key not in given]


def _variables_here():
    return get_collection(GraphKeys.GLOBAL_VARIABLES, scope=get_variable_scope().name)


def input_layer(
    features, feature_columns, weight_collections=None, trainable=True, cols_to_vars=None,
    cols_to_output_tensors=None,
):  # fmt: skip
    """The dense columns side by side, in the order of their names: float32 [batch, numbers].

    `features` are Tensors and SparseTensors by name. `cols_to_vars` and `cols_to_output_tensors`,
    dictionaries, are given the variables and the part of each column. ValueError for columns of
    categories, or of one name, and for features that are not there or differ in size.
    """
    collections = _collections(weight_collections)
    reader = FormerReader(features, collections, trainable)
    return side_by_side(reader, features, feature_columns, cols_to_vars, cols_to_output_tensors)


def side_by_side(reader, features, feature_columns, cols_to_vars=None, cols_to_output_tensors=None):
    """What `input_layer` gives, by a reader."""
    columns = normalized(feature_columns, reader.kind)
    for column in columns:
        if not isinstance(column, reader.dense):
            raise ValueError(
                f"Items of feature_columns must be a {reader.dense.__name__}. You can wrap a "
                "categorical column with an embedding_column or indicator_column. Given: "
                f"{column}"
            )
    with variable_scope(None, default_name="input_layer", values=features.values()):
        parts = []
        columns = sorted(columns, key=lambda column: column.name)
        for column in columns:
            with variable_scope(None, default_name=reader.scope(column)):
                part = reader.numbers(column)
                parts.append(part)
                if cols_to_vars is not None:
                    cols_to_vars[column] = _variables_here()
                if cols_to_output_tensors is not None:
                    cols_to_output_tensors[column] = part
        check_batch_sizes(parts, columns)
        return concat(parts, 1)


def linear_model(
    features, feature_columns, units=1, sparse_combiner="sum", weight_collections=None,
    trainable=True, cols_to_vars=None,
):  # fmt: skip
    """The sum over columns of their numbers, or categories, times weights, and a bias: [batch,
    units].

    Several categories of a row are combined by "sum", "mean" or "sqrtn". `cols_to_vars`, a
    dictionary, is given the variables of each column, and the "bias". ValueError as `input_layer`
    says, which takes fewer columns.
    """
    collections = _collections(weight_collections)
    reader = FormerReader(features, collections, trainable)
    options = {"trainable": trainable, "collections": collections}
    return weighted_sum(reader, feature_columns, units, sparse_combiner, options, cols_to_vars)


def weighted_sum(reader, feature_columns, units, combiner, options, cols_to_vars=None):
    """What `linear_model` gives, by a reader. `options` are those of the variables."""
    with variable_scope(None, "linear_model") as scope:
        model = scope.name.rsplit("/", 1)[-1]
    columns = sorted(normalized(feature_columns, reader.kind), key=lambda column: column.name)
    for column in columns:
        if not isinstance(column, (reader.dense, reader.categorical)):
            raise ValueError(
                f"Items of feature_columns must be either a {reader.dense.__name__} or "
                f"{reader.categorical.__name__}. Given: {column}"
            )
    named = {}
    for column in columns:  # unique beside the model, as in TensorFlow, not within it
        with variable_scope(None, default_name=reader.scope(column)) as scope:
            named[scope.name.rsplit("/", 1)[-1]] = column
    options = {"initializer": Zeros(), "use_resource": True, **options}
    found, sums = {}, []
    with name_scope(model), variable_scope(model):
        for name in sorted(named):
            with variable_scope(name):
                sums.append(_weighted(named[name], reader, units, combiner, options))
                found[named[name]] = _variables_here()
        check_batch_sizes(sums, [named[name] for name in sorted(named)])
        total = add_n(sums, name="weighted_sum_no_bias")
        bias = get_variable("bias_weights", [units], **options)
        found["bias"] = [bias] if isinstance(bias, Variable) else list(bias)  # in parts
        predictions = bias_add(total, bias, name="weighted_sum")
    if cols_to_vars is not None:
        cols_to_vars.update(found)
    return predictions


def _weighted(column, reader, units, combiner, options):
    """The sum of weights of one column [batch, units]."""
    if not isinstance(column, reader.categorical):
        weights = get_variable("weights", [reader.width(column), units], **options)
        return matmul(reader.numbers(column), weights, name="weighted_sum")
    weights = get_variable("weights", [reader.buckets(column), units], **options)
    ids, counted = (
        each if each is None else sparse_reshape(each, [shape(each)[0], -1])
        for each in reader.categories(column)
    )
    return safe_embedding_lookup_sparse(weights, ids, counted, combiner, name="weighted_sum")


def make_parse_example_spec(feature_columns):
    """What `tf.parse_example` needs for these columns. ValueError where they disagree."""
    spec = {}
    for column in feature_columns:
        if not isinstance(column, (FeatureColumn, _FeatureColumn)):
            raise ValueError(
                f"All feature_columns must be _FeatureColumn instances. Given: {column}"
            )
        for key, value in spec_of(column).items():
            if key in spec and value != spec[key]:
                raise ValueError(
                    f"feature_columns contain different parse_spec for key {key}. Given {value} "
                    f"and {spec[key]}"
                )
            spec[key] = value
    return spec
