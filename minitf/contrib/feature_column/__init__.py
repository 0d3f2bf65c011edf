"""`tf.contrib.feature_column`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.feature_column.sequence_input import sequence_input_layer
from minitf.feature_column.sequences import (
    sequence_categorical_column_with_hash_bucket,
    sequence_categorical_column_with_identity,
    sequence_categorical_column_with_vocabulary_file,
    sequence_categorical_column_with_vocabulary_list,
    sequence_numeric_column,
)
