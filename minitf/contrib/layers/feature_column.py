"""`tf.contrib.layers.feature_column`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.layers.columns.crossed import crossed_column
from minitf.contrib.layers.columns.derived import one_hot_column, weighted_sparse_column
from minitf.contrib.layers.columns.embedding import embedding_column, shared_embedding_columns
from minitf.contrib.layers.columns.parsing import (
    create_feature_spec_for_parsing,
    make_place_holder_tensors_for_base_features,
)
from minitf.contrib.layers.columns.real import bucketized_column, real_valued_column
from minitf.contrib.layers.columns.scattered import scattered_embedding_column
from minitf.contrib.layers.columns.sparse import (
    sparse_column_with_hash_bucket,
    sparse_column_with_integerized_feature,
    sparse_column_with_keys,
    sparse_column_with_vocabulary_file,
)
