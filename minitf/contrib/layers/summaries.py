"""Summaries of activations, variables and collections: `tf.contrib.layers.summarize_tensor`, ..."""
import re
from functools import partial

from minitf import summary
from minitf.core.dtypes import bool_, string
from minitf.core.graph import get_collection
from minitf.core.graph_keys import GraphKeys
from minitf.ops.math.elementwise import cast, greater, less
from minitf.ops.math.operators import to_float
from minitf.ops.reduction.reduce import reduce_mean


def summarize_activation(op):
    """A histogram of a tensor; for ReLUs and softplus also how many of their inputs are below 0,
    for ReLU6 how many above 6."""
    name, kind = op.op.name, op.op.type
    if kind in ("Relu", "Softplus", "Relu6"):
        _share(op, less, 0.0, f"{name}/zeros")
    if kind == "Relu6":
        _share(op, greater, 6.0, f"{name}/sixes")
    return summary.histogram(f"{name}/activation", op)


def _share(activation, compare, limit, tag):
    features = activation.op.inputs[0]
    summary.scalar(tag, reduce_mean(to_float(compare(features, cast(limit, features.dtype)))))


def summarize_tensor(tensor, tag=None):
    """A scalar or a histogram of `tensor`; None for strings and booleans."""
    if tensor.dtype.base_dtype in (string, bool_):
        return None
    kind = summary.scalar if tensor.get_shape().ndims == 0 else summary.histogram
    return kind(tag or f"{tensor.op.name}_summary", tensor)


def summarize_tensors(tensors, summarizer=summarize_tensor):
    """What `summarizer` makes of each tensor."""
    return [summarizer(tensor) for tensor in tensors]


def summarize_collection(collection, name_filter=None, summarizer=summarize_tensor):
    """What `summarizer` makes of each tensor of a collection whose name `name_filter` matches."""
    tensors = get_collection(collection)
    if name_filter is not None:
        tensors = [tensor for tensor in tensors if re.match(name_filter, tensor.op.name)]
    return summarize_tensors(tensors, summarizer)


summarize_variables = partial(summarize_collection, GraphKeys.GLOBAL_VARIABLES)
summarize_weights = partial(summarize_collection, GraphKeys.WEIGHTS)
summarize_biases = partial(summarize_collection, GraphKeys.BIASES)


def summarize_activations(name_filter=None, summarizer=summarize_activation):
    """What `summarizer` makes of the tensors of the collection "activations"."""
    return summarize_collection(GraphKeys.ACTIVATIONS, name_filter, summarizer)
