"""`tf.compat.v2.feature_column`: Feature columns."""
from minitf.compat.v2.later import later, rest
from minitf.core.dtypes import string


@later
def categorical_column_with_vocabulary_file(
    key, vocabulary_file, vocabulary_size=None, dtype=string, default_value=None,
    num_oov_buckets=0,
): ...


@later
def make_parse_example_spec(feature_columns): ...


@later
def shared_embeddings(
    categorical_columns, dimension, combiner="mean", initializer=None,
    shared_embedding_collection_name=None, ckpt_to_load_from=None, tensor_name_in_ckpt=None,
    max_norm=None, trainable=True,
): ...


__getattr__ = rest(__name__)
