"""What all columns share: `key` and `config`, what is looked up, the shape of tensors."""
from collections import namedtuple

from minitf import logging
from minitf.contrib.layers.shaping import _inner_flatten
from minitf.feature_column import former
from minitf.ops.reduction.axes import expand_dims

LinearLookup = namedtuple(
    "LinearLookup", ["input_tensor", "weight_tensor", "vocab_size", "initializer", "combiner"]
)
DeepLookup = namedtuple(
    "DeepLookup",
    [*LinearLookup._fields, "dimension", "shared_embedding_name", "hash_key", "max_norm",
     "trainable"],
)  # fmt: skip


class _FeatureColumn(former._FeatureColumn):
    """A column: a named tuple, by which it is known in dictionaries of tensors.

    `name` is that of its variables' scope, `key` what columns are sorted by, `config` how its base
    features are parsed. `_transform_feature` makes its tensor of those that `inputs.get` gives for
    the names of base features and for other columns, `insert_transformed_feature` puts it into a
    dictionary of tensors, under itself. `tf.feature_column` takes these columns, too.
    """

    _parse_example_spec = property(lambda self: self.config)

    @property
    def key(self):
        return str(self)

    def _transform_feature(self, inputs):
        raise NotImplementedError(f"Transform is not implemented for {self}.")

    def insert_transformed_feature(self, columns_to_tensors):
        columns_to_tensors[self] = self._transform_feature(_Tensors(columns_to_tensors))

    def _to_dnn_input_layer(self, input_tensor, weight_collections=None, trainable=True,
                            output_rank=2):  # fmt: skip
        """The tensor as floats [batch, size], for a network."""
        raise ValueError(f"Calling an abstract method of {self}.")

    def _deep_embedding_lookup_arguments(self, input_tensor):
        """What a network looks up in a table, as a DeepLookup."""
        raise NotImplementedError(f"No deep embedding lookup arguments for column {self}.")

    def _wide_embedding_lookup_arguments(self, input_tensor):
        """What a linear model looks up in its weights, as a LinearLookup."""
        raise NotImplementedError(f"No wide embedding lookup arguments for column {self}.")

    def _to_dense_tensor(self, input_tensor):
        """The tensor as floats, for a linear model."""
        raise NotImplementedError(f"No dense tensor representation for column {self}.")

    def _checkpoint_path(self):
        """(checkpoint, name in it) that the weights begin with; None for none."""
        return None

    def _key_without(self, *left_out):
        fields = [f"{name}={self[i]}" for i, name in enumerate(self._fields)
                  if name not in left_out]  # fmt: skip
        return f"{type(self).__name__}({', '.join(fields)})"


def transformed(column, columns_to_tensors):
    """The tensor of a column, made if it is not there yet."""
    if column not in columns_to_tensors:
        column.insert_transformed_feature(columns_to_tensors)
    if column not in columns_to_tensors:
        raise ValueError(f"Column {column.name} is not supported.")
    return columns_to_tensors[column]


class _Tensors:
    """A dictionary of tensors as a column's `_transform_feature` reads it."""

    def __init__(self, columns_to_tensors):
        self._tensors = columns_to_tensors

    def get(self, key):
        """The tensor of a base feature, or of a column. ValueError where there is none."""
        if not isinstance(key, str):
            return transformed(key, self._tensors)
        if key not in self._tensors:
            raise ValueError(f"features dictionary doesn't contain key ({key})")
        return self._tensors[key]


def with_rank(tensor, output_rank, column_name=None):
    """A tensor with its last axes made one, or one of size 1 added. ValueError where two lack."""
    rank = tensor.get_shape().ndims
    if rank is None or output_rank < rank:
        return _inner_flatten(tensor, output_rank)
    if output_rank == rank:
        return tensor
    advice = (
        f"Rank of input Tensor ({rank}) should be the same as output_rank ({output_rank})"
    )
    if output_rank > rank + 1:
        where = "" if column_name is None else f"Error while processing column {column_name}."
        raise ValueError(
            f"{where}{advice}. For example, sequence data should typically be 3 dimensional (rank "
            "3) while non-sequence data is typically 2 dimensional (rank 2)."
        )
    logging.warning(
        f"{advice} for column. Will attempt to expand dims. It is highly recommended that you "
        "resize your input, as this behavior may change."
    )
    return expand_dims(tensor, -1, name="expand_dims")


def config_of(column):
    """How the base features of a column are parsed. TypeError for what is no column."""
    if not isinstance(column, _FeatureColumn):
        raise TypeError(
            "feature_columns should only contain instances of _FeatureColumn. Given column is "
            f"{column}"
        )
    return column.config
