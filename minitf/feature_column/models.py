"""What reads columns: `tf.feature_column.input_layer`, `linear_model`, and what parses them."""
from minitf.core.graph import get_collection, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.feature_column.kinds import (
    Builder,
    CategoricalColumn,
    DenseColumn,
    FeatureColumn,
    check_batch_sizes,
    normalized,
)
from minitf.nn.bias import bias_add
from minitf.nn.embedding import safe_embedding_lookup_sparse
from minitf.ops.array.basics import reshape, shape
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


def _flat(column, tensor):
    count = column._variable_shape.num_elements()
    return reshape(tensor, shape=(shape(tensor)[0], count))


def input_layer(
    features, feature_columns, weight_collections=None, trainable=True, cols_to_vars=None,
    cols_to_output_tensors=None,
):  # fmt: skip
    """The dense columns side by side, in the order of their names: float32 [batch, numbers].

    `features` are Tensors and SparseTensors by name. `cols_to_vars` and `cols_to_output_tensors`,
    dictionaries, are given the variables and the part of each column. ValueError for columns of
    categories, or of one name, and for features that are not there or differ in size.
    """
    columns = normalized(feature_columns)
    for column in columns:
        if not isinstance(column, DenseColumn):
            raise ValueError(
                "Items of feature_columns must be a _DenseColumn. You can wrap a categorical "
                f"column with an embedding_column or indicator_column. Given: {column}"
            )
    weight_collections = _collections(weight_collections)
    with variable_scope(None, default_name="input_layer", values=features.values()):
        builder, parts = Builder(features), []
        columns = sorted(columns, key=lambda column: column.name)
        for column in columns:
            with variable_scope(None, default_name=column._var_scope_name):
                part = _flat(
                    column, column._get_dense_tensor(builder, weight_collections, trainable)
                )
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
    with variable_scope(None, "linear_model") as scope:
        model = scope.name.rsplit("/", 1)[-1]
    columns = sorted(normalized(feature_columns), key=lambda column: column.name)
    for column in columns:
        if not isinstance(column, (DenseColumn, CategoricalColumn)):
            raise ValueError(
                "Items of feature_columns must be either a _DenseColumn or _CategoricalColumn. "
                f"Given: {column}"
            )
    named = {}
    for column in columns:  # unique beside the model, as in TensorFlow, not within it
        with variable_scope(None, default_name=column._var_scope_name) as scope:
            named[scope.name.rsplit("/", 1)[-1]] = column
    weight_collections = _collections(weight_collections)
    options = {"initializer": Zeros(), "trainable": trainable, "collections": weight_collections}
    found, sums = {}, []
    with name_scope(model), variable_scope(model):
        builder = Builder(features)
        for name in sorted(named):
            with variable_scope(name):
                sums.append(_weighted(named[name], builder, units, sparse_combiner, options))
                found[named[name]] = _variables_here()
        check_batch_sizes(sums, [named[name] for name in sorted(named)])
        total = add_n(sums, name="weighted_sum_no_bias")
        bias = get_variable("bias_weights", [units], **options)
        found["bias"] = [bias] if isinstance(bias, Variable) else list(bias)  # in parts
        predictions = bias_add(total, bias, name="weighted_sum")
    if cols_to_vars is not None:
        cols_to_vars.update(found)
    return predictions


def _weighted(column, builder, units, combiner, options):
    """The sum of weights of one column [batch, units]."""
    if not isinstance(column, CategoricalColumn):
        count = column._variable_shape.num_elements()
        weights = get_variable("weights", [count, units], **options)
        numbers = column._get_dense_tensor(
            builder, options["collections"], options["trainable"]
        )
        return matmul(_flat(column, numbers), weights, name="weighted_sum")
    weights = get_variable("weights", [column._num_buckets, units], **options)
    pair = column._get_sparse_tensors(builder, options["collections"], options["trainable"])
    ids, counted = (
        each if each is None else sparse_reshape(each, [shape(each)[0], -1]) for each in pair
    )
    return safe_embedding_lookup_sparse(weights, ids, counted, combiner, name="weighted_sum")


def make_parse_example_spec(feature_columns):
    """What `tf.parse_example` needs for these columns. ValueError where they disagree."""
    spec = {}
    for column in feature_columns:
        if not isinstance(column, FeatureColumn):
            raise ValueError(
                f"All feature_columns must be _FeatureColumn instances. Given: {column}"
            )
        for key, value in column._parse_example_spec.items():
            if key in spec and value != spec[key]:
                raise ValueError(
                    f"feature_columns contain different parse_spec for key {key}. Given {value} "
                    f"and {spec[key]}"
                )
            spec[key] = value
    return spec
