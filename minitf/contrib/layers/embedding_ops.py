"""`tf.contrib.layers.safe_embedding_lookup_sparse` and `embedding_lookup_unique`."""
from minitf import logging
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.nn import embedding
from minitf.ops.array.basics import reshape, shape
from minitf.ops.array.indexing import gather
from minitf.ops.array.joining import concat
from minitf.ops.array.unique import unique
from minitf.ops.reduction.reduce import reduce_prod


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


def embedding_lookup_unique(params, ids, partition_strategy="mod", name=None):
    """As `tf.nn.embedding_lookup`, each row looked up once, however often `ids` name it."""
    with name_scope(name, "EmbeddingLookupUnique", [params, ids]):
        ids = convert_to_tensor(ids)
        sizes = shape(ids)
        distinct, places = unique(reshape(ids, reduce_prod(sizes, keepdims=True)))
        rows = embedding.embedding_lookup(params, distinct, partition_strategy)
        found = gather(rows, places)
        found = reshape(found, concat([sizes, shape(rows)[1:]], 0))
        found.set_shape(ids.shape.concatenate(rows.shape[1:]))
        return found


def embedding_lookup_sparse_with_distributed_aggregation(
    params, sp_ids, sp_weights, partition_strategy="mod", name=None, combiner=None, max_norm=None
):
    """As `tf.nn.embedding_lookup_sparse`, which TensorFlow would add up where the parts of `params`
    are: here they are in one place."""
    return embedding.embedding_lookup_sparse(params, sp_ids, sp_weights, partition_strategy, name,
                                             combiner, max_norm)  # fmt: skip
