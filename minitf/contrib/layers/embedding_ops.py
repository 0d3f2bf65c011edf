"""`tf.contrib.layers.safe_embedding_lookup_sparse`."""
from minitf import logging
from minitf.nn import embedding


def safe_embedding_lookup_sparse(
    embedding_weights, sparse_ids, sparse_weights=None, combiner=None, default_id=None,
    name=None, partition_strategy="div", max_norm=None,
):  # fmt: skip
    """As `tf.nn.safe_embedding_lookup_sparse`; `combiner` is "mean" by default, with a warning."""
    if combiner is None:
        logging.warn('The default value of combiner will change from "mean" to "sqrtn" after '
                     "2016/11/01.")  # fmt: skip
        combiner = "mean"
    return embedding.safe_embedding_lookup_sparse(
        embedding_weights, sparse_ids, sparse_weights, combiner, default_id, name,
        partition_strategy, max_norm,
    )  # fmt: skip
