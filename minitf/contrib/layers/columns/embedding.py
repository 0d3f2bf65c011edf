"""Categories as rows of a table: `embedding_column`, `shared_embedding_columns`."""
import math
from collections import namedtuple

from minitf import logging
from minitf.contrib.framework.variables import model_variable
from minitf.contrib.layers.columns.base import DeepLookup, _FeatureColumn, config_of
from minitf.contrib.layers.columns.derived import _WeightedSparseColumn
from minitf.contrib.layers.columns.sparse import _SparseColumn
from minitf.contrib.layers.embedding_ops import safe_embedding_lookup_sparse
from minitf.contrib.layers.scattered_embeddings import scattered_embedding_lookup_sparse
from minitf.contrib.layers.shaping import _inner_flatten
from minitf.core.dtypes import float32
from minitf.core.graph import get_default_graph
from minitf.core.tensor_shape import TensorShape
from minitf.feature_column.former import _DenseColumn
from minitf.ops.state.initializers import TruncatedNormal
from minitf.ops.state.partitioned import PartitionedVariable
from minitf.train.checkpoint_utils import init_from_checkpoint


class _EmbeddingColumn(
    _FeatureColumn,
    _DenseColumn,
    namedtuple(
        "_EmbeddingColumn",
        ["sparse_id_column", "dimension", "combiner", "initializer", "ckpt_to_load_from",
         "tensor_name_in_ckpt", "shared_embedding_name", "shared_vocab_size", "max_norm",
         "trainable"],
    ),
):  # fmt: skip
    """For each example what the rows of its categories come to."""

    def __new__(
        cls, sparse_id_column, dimension, combiner="mean", initializer=None,
        ckpt_to_load_from=None, tensor_name_in_ckpt=None, shared_embedding_name=None,
        shared_vocab_size=None, max_norm=None, trainable=True,
    ):  # fmt: skip
        if initializer is not None and not callable(initializer):
            raise ValueError("initializer must be callable if specified. Embedding of "
                             f"column_name: {sparse_id_column.name}")  # fmt: skip
        check_checkpoint(ckpt_to_load_from, tensor_name_in_ckpt)
        if initializer is None:
            logging.warn(
                'The default stddev value of initializer was changed from "1/sqrt(vocab_size)" to '
                '"1/sqrt(dimension)" in core implementation (tf.feature_column.embedding_column).'
            )
            initializer = TruncatedNormal(0.0, 1 / math.sqrt(sparse_id_column.length))
        return super().__new__(
            cls, sparse_id_column, dimension, combiner, initializer, ckpt_to_load_from,
            tensor_name_in_ckpt, shared_embedding_name, shared_vocab_size, max_norm, trainable,
        )  # fmt: skip

    config = property(lambda self: config_of(self.sparse_id_column))
    key = property(lambda self: self._key_without("initializer"))

    @property
    def name(self):
        shared = "" if self.shared_embedding_name is None else "_shared"
        return f"{self.sparse_id_column.name}{shared}_embedding"

    @property
    def length(self):
        shared = self.shared_vocab_size
        return self.sparse_id_column.length if shared is None else shared

    _variable_shape = property(lambda self: TensorShape([self.dimension]))

    def _transform_feature(self, inputs):
        return inputs.get(self.sparse_id_column)

    def _get_dense_tensor(self, inputs, weight_collections=None, trainable=None):
        found = self._deep_embedding_lookup_arguments(inputs.get(self))
        return embeddings_from_arguments(self, found, weight_collections, trainable)

    def _deep_embedding_lookup_arguments(self, input_tensor):
        return DeepLookup(
            input_tensor=self.sparse_id_column.id_tensor(input_tensor),
            weight_tensor=self.sparse_id_column.weight_tensor(input_tensor),
            vocab_size=self.length,
            initializer=self.initializer,
            combiner=self.combiner,
            dimension=self.dimension,
            shared_embedding_name=self.shared_embedding_name,
            hash_key=None,
            max_norm=self.max_norm,
            trainable=self.trainable,
        )

    def _checkpoint_path(self):
        if self.ckpt_to_load_from is None:
            return None
        return self.ckpt_to_load_from, self.tensor_name_in_ckpt

    def _wide_embedding_lookup_arguments(self, input_tensor):
        raise ValueError(
            f"Column {self} is not supported in linear models. Please use sparse_column."
        )


def check_checkpoint(path, name):
    if (path is None) != (name is None):
        raise ValueError("Must specify both `ckpt_to_load_from` and `tensor_name_in_ckpt` or none "
                         "of them.")  # fmt: skip


def embedding_column(
    sparse_id_column, dimension, combiner="mean", initializer=None, ckpt_to_load_from=None,
    tensor_name_in_ckpt=None, max_norm=None, trainable=True,
):  # fmt: skip
    """The rows of a table [categories, dimension] that the categories of a column name; those of an
    example put together by `combiner`, "mean", "sqrtn" or "sum".

    The table begins with what `initializer` draws, or with the variable `tensor_name_in_ckpt` of a
    checkpoint. Rows are made no longer than `max_norm`. ValueError for what does not fit.
    """
    return _EmbeddingColumn(
        sparse_id_column, dimension, combiner, initializer, ckpt_to_load_from,
        tensor_name_in_ckpt, max_norm=max_norm, trainable=trainable,
    )  # fmt: skip


def shared_embedding_columns(
    sparse_id_columns, dimension, combiner="mean", shared_embedding_name=None, initializer=None,
    ckpt_to_load_from=None, tensor_name_in_ckpt=None, max_norm=None, trainable=True,
):  # fmt: skip
    """An `embedding_column` of each column, all with one table.

    TypeError for what are no columns of categories, ValueError for those that differ in size.
    """
    columns = sparse_id_columns
    if not isinstance(columns, (list, tuple)):
        raise TypeError("sparse_id_columns must be a non-string sequence (ex: list or tuple) "
                        f"instead of type {type(columns)}.")  # fmt: skip
    if not columns:
        raise ValueError("The input sparse_id_columns should have at least one element.")
    for column in columns:
        if not isinstance(column, (_SparseColumn, _WeightedSparseColumn)):
            raise TypeError("Elements of sparse_id_columns must be _SparseColumn or "
                            f"_WeightedSparseColumn, but {column} is not.")  # fmt: skip
    given = dimension, combiner, initializer, ckpt_to_load_from, tensor_name_in_ckpt
    options = {"max_norm": max_norm, "trainable": trainable}
    if len(columns) == 1:
        return [_EmbeddingColumn(columns[0], *given, shared_embedding_name, **options)]
    if not all(_compatible(columns[0], other) for other in columns[1:]):
        raise ValueError("The input sparse id columns are not compatible.")
    name = shared_embedding_name or _shared_name(columns)
    size = columns[0].length
    return tuple(_EmbeddingColumn(each, *given, name, size, **options) for each in columns)


def _compatible(first, other):
    if isinstance(first, _WeightedSparseColumn):
        return first.is_compatible(other)
    return other.is_compatible(first)


def _shared_name(columns):
    plain = sorted(each for each in columns if isinstance(each, _SparseColumn))
    weighted = [each for each in columns if not isinstance(each, _SparseColumn)]
    names = [each.name for each in plain + sorted(weighted, key=lambda each: each.name)]
    rest = f"_plus_{len(names) - 3}_others" if len(names) > 3 else ""
    return f"{'_'.join(names[:3])}{rest}_shared_embedding"


# -- looking up -----------------------------------------------------------------------------------


def embeddings_from_arguments(column, args, weight_collections, trainable, output_rank=2):
    """What a DeepLookup of the column finds in its table, a new variable or a shared one."""
    ids = _inner_flatten(args.input_tensor, output_rank)
    weights = args.weight_tensor
    weights = None if weights is None else _inner_flatten(weights, output_rank)

    def made(name, shape):
        return model_variable(
            name=name,
            shape=shape,
            dtype=float32,
            initializer=args.initializer,
            trainable=trainable and args.trainable,
            collections=weight_collections,
        )

    if args.hash_key:
        return scattered_embedding_lookup_sparse(
            made("weights", [args.vocab_size]), ids, args.dimension, hash_key=args.hash_key,
            combiner=args.combiner, name="lookup",
        )  # fmt: skip
    shared, shape = args.shared_embedding_name, [args.vocab_size, args.dimension]
    table = made("weights", shape) if shared is None else _shared(shared, made, shape)
    tables = parts_of(table)
    restore(column, tables)
    return safe_embedding_lookup_sparse(
        tables, ids, sparse_weights=weights, combiner=args.combiner,
        name=f"{column.name}weights", max_norm=args.max_norm,
    )  # fmt: skip


def _shared(name, made, shape):
    graph = get_default_graph()
    collection = graph.get_collection_ref(f"SHARED_EMBEDDING_COLLECTION_{name.upper()}")
    if not collection:
        collection.append(made(name, shape))
    table = collection[0]
    if table.get_shape() != shape:
        raise ValueError(
            f"The embedding variable with name {name} already exists, but its shape does not match "
            "required embedding shape here. Please make sure to use different "
            "shared_embedding_name for different shared embeddings."
        )
    return table


def parts_of(variable):
    """The variables that a variable is made of, in a list."""
    return list(variable) if isinstance(variable, PartitionedVariable) else [variable]


def restore(column, variables):
    """Let the variables begin with what the column's checkpoint has."""
    path = column._checkpoint_path()
    if path is not None:
        checkpoint, name = path
        target = variables[0] if len(variables) == 1 else variables
        init_from_checkpoint(checkpoint, {name: target})
