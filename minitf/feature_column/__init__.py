"""`tf.feature_column`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.feature_column.categorical import (
    categorical_column_with_hash_bucket,
    categorical_column_with_identity,
    categorical_column_with_vocabulary_file,
    categorical_column_with_vocabulary_list,
    weighted_categorical_column,
)
from minitf.feature_column.crossed import crossed_column
from minitf.feature_column.dense import (
    embedding_column,
    indicator_column,
    shared_embedding_columns,
)
from minitf.feature_column.models import input_layer, linear_model, make_parse_example_spec
from minitf.feature_column.numeric import bucketized_column, numeric_column
from minitf.feature_column.sequences import (
    sequence_categorical_column_with_hash_bucket,
    sequence_categorical_column_with_identity,
    sequence_categorical_column_with_vocabulary_file,
    sequence_categorical_column_with_vocabulary_list,
    sequence_numeric_column,
)
