"""What `tensorflow.python.feature_column.feature_column` and `feature_column_v2` keep to
themselves: classes that columns of one's own derive from, and the columns of TensorFlow 1.12, whose
names began with an underscore."""
from __future__ import annotations

from typing import Any

import minitf as tf
from minitf.feature_column import categorical, crossed, dense, former, numeric
from minitf.feature_column.former import (  # noqa: F401
    _CategoricalColumn,
    _DenseColumn,
    _FeatureColumn,
    _LazyBuilder,
    _SequenceDenseColumn,
)
from minitf.feature_column.kinds import FeatureTransformationCache
from minitf.feature_column.readers import are_of_today as is_feature_column_v2  # noqa: F401
from minitf.keras.layers.feature_columns import LayerState as _StateManagerImpl  # noqa: F401

_BucketizedColumn = numeric.BucketizedColumn
_CrossedColumn = crossed.CrossedColumn
_EmbeddingColumn = dense.EmbeddingColumn
_HashedCategoricalColumn = categorical.HashedCategoricalColumn
_IdentityCategoricalColumn = categorical.IdentityCategoricalColumn
_IndicatorColumn = dense.IndicatorColumn
_NumericColumn = numeric.NumericColumn
_SharedEmbeddingColumn = dense._SharedEmbeddingColumn
_VocabularyFileCategoricalColumn = categorical.VocabularyFileCategoricalColumn
_VocabularyListCategoricalColumn = categorical.VocabularyListCategoricalColumn
_WeightedCategoricalColumn = categorical.WeightedCategoricalColumn

_bucketized_column = tf.feature_column.bucketized_column
_categorical_column_with_hash_bucket = tf.feature_column.categorical_column_with_hash_bucket
_categorical_column_with_identity = tf.feature_column.categorical_column_with_identity
_categorical_column_with_vocabulary_file = tf.feature_column.categorical_column_with_vocabulary_file
_categorical_column_with_vocabulary_list = tf.feature_column.categorical_column_with_vocabulary_list
_crossed_column = tf.feature_column.crossed_column
_embedding_column = tf.feature_column.embedding_column
_indicator_column = tf.feature_column.indicator_column
_numeric_column = tf.feature_column.numeric_column
_weighted_categorical_column = tf.feature_column.weighted_categorical_column


def make_parse_example_spec_v2(feature_columns: Any) -> dict[str, Any]:
    """As `tf.feature_column.make_parse_example_spec`."""
    return tf.feature_column.make_parse_example_spec(feature_columns)


def _transform_features(features: Any, feature_columns: Any) -> dict[Any, Any]:
    """What each column, by itself, makes of the features."""
    return _transformed(_LazyBuilder(features), former._FeatureColumn, feature_columns, None)


def _transform_features_v2(features: Any, feature_columns: Any, state_manager: Any
                           ) -> dict[Any, Any]:
    """What each column, by itself, makes of the features, with the variables of its state."""
    cache = FeatureTransformationCache(features)
    return _transformed(cache, cache.kind, feature_columns, state_manager)


def _transformed(cache: Any, kind: Any, columns: Any, state_manager: Any) -> dict[Any, Any]:
    columns = sorted(former.normalized(columns, kind), key=lambda column: column.name)
    made = {}
    with tf.name_scope(None, "transform_features"):
        for column in columns:
            with tf.name_scope(None, column.name):
                made[column] = cache.get(column, state_manager)
    return made

