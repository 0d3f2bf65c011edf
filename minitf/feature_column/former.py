"""What a feature column was until TensorFlow 1.12. `tf.feature_column.input_layer` and
`linear_model` still read columns so, and programs have columns that derive from these classes."""
from abc import ABC, abstractmethod
from collections.abc import Iterator

from minitf.feature_column.kinds import (
    CategoricalColumn,
    DenseColumn,
    FeatureColumn,
    FeatureTransformationCache,
    IdWeightPair,
    SequenceDenseColumn,
    TensorSequenceLengthPair,
)


class _FeatureColumn(ABC):
    """A column of such a time. `inputs.get(key)` gives the tensors of features and columns."""

    @property
    @abstractmethod
    def name(self):
        """What columns are sorted by."""

    @property
    def _var_scope_name(self):
        return self.name

    @abstractmethod
    def _transform_feature(self, inputs):
        """The column's tensor of features: it is made once for a batch."""

    @property
    @abstractmethod
    def _parse_example_spec(self):
        """What `tf.parse_example` needs, by the names of features."""


class _DenseColumn(_FeatureColumn):
    """Numbers, of shape [batch, *_variable_shape]."""

    @property
    @abstractmethod
    def _variable_shape(self):
        """A TensorShape that is wholly known."""

    @abstractmethod
    def _get_dense_tensor(self, inputs, weight_collections=None, trainable=None):
        """The numbers."""


class _CategoricalColumn(_FeatureColumn):
    """Categories, numbered below `_num_buckets`."""

    IdWeightPair = IdWeightPair

    @property
    @abstractmethod
    def _num_buckets(self):
        """How many categories there are."""

    @abstractmethod
    def _get_sparse_tensors(self, inputs, weight_collections=None, trainable=None):
        """An IdWeightPair."""


class _SequenceDenseColumn(_FeatureColumn):
    """Sequences of numbers."""

    TensorSequenceLengthPair = TensorSequenceLengthPair

    @abstractmethod
    def _get_sequence_dense_tensor(self, inputs, weight_collections=None, trainable=None):
        """A TensorSequenceLengthPair."""


class _LazyBuilder(FeatureTransformationCache):
    """What former columns read."""

    kind = _FeatureColumn

    def _transformed(self, column, state_manager):
        return column._transform_feature(self)

    def sparse_tensors(self, column, state_manager):
        return column._get_sparse_tensors(self)


# -- columns of both times ------------------------------------------------------------------------

_PARENTS = "key", "categorical_column", "source_column", "weight_feature_key"


class OwnColumn(FeatureColumn, _FeatureColumn):
    """A column of `tf.feature_column`, a named tuple: columns of equal fields are equal. Its
    methods of today serve as the former ones, too."""

    @property
    def parents(self):
        """The names of features, and the columns, that it is made of."""
        return [getattr(self, field) for field in self._fields if field in _PARENTS]

    @property
    def _is_v2_column(self):
        return all(isinstance(each, str) or getattr(each, "_is_v2_column", False)
                   for each in self.parents)  # fmt: skip

    @property
    def _parse_example_spec(self):
        return self.parse_example_spec

    def _transform_feature(self, inputs):
        return self.transform_feature(inputs, None)


class OwnDenseColumn(OwnColumn, DenseColumn, _DenseColumn):
    """Numbers."""

    @property
    def _variable_shape(self):
        return self.variable_shape

    def _get_dense_tensor(self, inputs, weight_collections=None, trainable=None):
        return self.get_dense_tensor(inputs, None)


class OwnCategoricalColumn(OwnColumn, CategoricalColumn, _CategoricalColumn):
    """Categories."""

    @property
    def _num_buckets(self):
        return self.num_buckets

    def get_sparse_tensors(self, transformation_cache, state_manager):
        return IdWeightPair(transformation_cache.get(self, state_manager), None)

    def _get_sparse_tensors(self, inputs, weight_collections=None, trainable=None):
        return self.get_sparse_tensors(inputs, None)


class OwnSequenceDenseColumn(OwnColumn, SequenceDenseColumn, _SequenceDenseColumn):
    """Sequences of numbers."""

    def _get_sequence_dense_tensor(self, inputs, weight_collections=None, trainable=None):
        return self.get_sequence_dense_tensor(inputs, None)


def spec_of(column):
    """What `tf.parse_example` needs for a column, of today or a former one."""
    if isinstance(column, FeatureColumn):
        return column.parse_example_spec
    return column._parse_example_spec


def buckets_of(column):
    """How many categories a column, of today or a former one, has."""
    return column.num_buckets if isinstance(column, CategoricalColumn) else column._num_buckets


def normalized(feature_columns, kind=_FeatureColumn):
    """The columns as a list. ValueError for what is none, or two of one name."""
    if isinstance(feature_columns, kind):
        feature_columns = [feature_columns]
    if isinstance(feature_columns, Iterator):
        feature_columns = list(feature_columns)
    if isinstance(feature_columns, dict):
        raise ValueError("Expected feature_columns to be iterable, found dict.")
    for column in feature_columns:
        if not isinstance(column, kind):
            raise ValueError(
                f"Items of feature_columns must be a {kind.__name__}. Given (type "
                f"{type(column)}): {column}."
            )
    if not feature_columns:
        raise ValueError("feature_columns must not be empty.")
    named = {}
    for column in feature_columns:
        if named.setdefault(column.name, column) is not column:
            raise ValueError(
                f"Duplicate feature column name found for columns: {column} and "
                f"{named[column.name]}. This usually means that these columns refer to same base "
                "feature. Either one must be discarded or a duplicated but renamed item must be "
                "inserted in features dict."
            )
    return feature_columns


def check_batch_sizes(tensors, columns):
    """ValueError when the static sizes of the first axis differ."""
    known = [(tensor.shape[0].value, column.name) for tensor, column in zip(tensors, columns)
             if tensor.shape[0].value is not None]  # fmt: skip
    for size, name in known[1:]:
        if size != known[0][0]:
            raise ValueError(
                "Batch size (first dimension) of each feature must be same. Batch size of columns "
                f"({known[0][1]}, {name}): ({known[0][0]}, {size})"
            )
