"""`tf.contrib.layers.embed_sequence` and `bow_encoder`: what stands for words."""
from minitf.contrib.framework.variables import model_variable
from minitf.contrib.layers.embedding_ops import (
    embedding_lookup_unique,
    safe_embedding_lookup_sparse,
)
from minitf.contrib.layers.sparse_ops import dense_to_sparse_tensor
from minitf.core.sparse_tensor import SparseTensor
from minitf.nn.embedding import embedding_lookup
from minitf.ops.reduction.reduce import reduce_mean
from minitf.ops.state.variable_scope import variable_scope


def bow_encoder(
    ids, vocab_size, embed_dim, sparse_lookup=True, initializer=None, regularizer=None,
    trainable=True, scope=None, reuse=None,
):  # fmt: skip
    """The mean of the rows of the variable embeddings [vocab_size, embed_dim] that each row of
    `ids` names: [batch, embed_dim].

    `ids` are a SparseTensor, or a matrix where 0 means nothing; with `sparse_lookup=False` a matrix
    whose ids all count. ValueError without the two sizes, TypeError for sparse ids then.
    """
    if not vocab_size or not embed_dim:
        raise ValueError("Must specify vocab size and embedding dimension")
    with variable_scope(scope, "bow_encoder", [ids], reuse=reuse):
        embeddings = model_variable(
            "embeddings", shape=[vocab_size, embed_dim], initializer=initializer,
            regularizer=regularizer, trainable=trainable,
        )  # fmt: skip
        is_sparse = isinstance(ids, SparseTensor)
        if sparse_lookup:
            sparse = ids if is_sparse else dense_to_sparse_tensor(ids)
            return safe_embedding_lookup_sparse(
                [embeddings], sparse, combiner="mean", default_id=0
            )
        if is_sparse:
            raise TypeError("ids are expected to be dense Tensor, got: %s", ids)
        return reduce_mean(embedding_lookup(embeddings, ids), axis=1)


def embed_sequence(
    ids, vocab_size=None, embed_dim=None, unique=False, initializer=None, regularizer=None,
    trainable=True, scope=None, reuse=None,
):  # fmt: skip
    """The rows of the variable embeddings [vocab_size, embed_dim] that `ids` [batch, length] name:
    [batch, length, embed_dim].

    With `unique`, each row is looked up once. ValueError without the two sizes, unless it reuses.
    """
    if not (reuse or (vocab_size and embed_dim)):
        raise ValueError(
            "Must specify vocab size and embedding dimension when not reusing. Got vocab_size="
            f"{vocab_size} and embed_dim={embed_dim}"
        )
    with variable_scope(scope, "EmbedSequence", [ids], reuse=reuse):
        known = embed_dim is not None and not (reuse and vocab_size is None)
        embeddings = model_variable(
            "embeddings", shape=[vocab_size, embed_dim] if known else None,
            initializer=initializer, regularizer=regularizer, trainable=trainable,
        )  # fmt: skip
        lookup = embedding_lookup_unique if unique else embedding_lookup
        return lookup(embeddings, ids)
