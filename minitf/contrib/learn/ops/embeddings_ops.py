"""Embeddings of categories."""
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.nn import embedding
from minitf.ops.array.basics import reshape, shape
from minitf.ops.array.joining import concat
from minitf.ops.reduction.reduce import reduce_prod
from minitf.ops.state.variable_scope import get_variable, variable_scope


def embedding_lookup(params, ids, name="embedding_lookup"):
    """The rows of a tensor of two dimensions that `ids`, of any shape, name."""
    with name_scope(name, "embedding_lookup", [params, ids]):
        params, ids = convert_to_tensor(params), convert_to_tensor(ids)
        sizes = shape(ids)
        flat = reshape(ids, reduce_prod(sizes, keepdims=True))
        found = embedding.embedding_lookup(params, flat, name)
        found = reshape(found, concat([sizes, [-1]], 0))
        found.set_shape(ids.shape.concatenate(params.shape[1:]))
        return found


def categorical_variable(tensor_in, n_classes, embedding_size, name):
    """The embeddings of categories, of a variable `name/name_embeddings`."""
    with variable_scope(name):
        embeddings = get_variable(f"{name}_embeddings", [n_classes, embedding_size])
        return embedding_lookup(embeddings, tensor_in)
