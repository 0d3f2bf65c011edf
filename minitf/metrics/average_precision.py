"""`tf.metrics.average_precision_at_k`."""
from minitf.core.deprecation import warn_once
from minitf.core.dtypes import float64, int64
from minitf.core.graph import name_scope
from minitf.core.sparse_tensor import (
    SparseTensor,
    SparseTensorValue,
    convert_to_tensor_or_sparse_tensor,
)
from minitf.metrics.at_k import at_k_name, counted, with_axis_of_labels
from minitf.metrics.parts import metric_variable, published
from minitf.nn.top import top_k
from minitf.ops.array.basics import ones_like, reshape, shape, size, zeros_like
from minitf.ops.array.joining import concat
from minitf.ops.array.padding import tile
from minitf.ops.array.rearrange import where_v2
from minitf.ops.array.slicing import slice_
from minitf.ops.control_flow.branches import cond
from minitf.ops.math.elementwise import cast, greater_equal, minimum, mul
from minitf.ops.math.operators import div, div_no_nan
from minitf.ops.reduction.axes import expand_dims
from minitf.ops.reduction.reduce import reduce_max, reduce_sum
from minitf.ops.reduction.scan import cumsum
from minitf.ops.reduction.weights import broadcast_weights
from minitf.ops.sparse.layout import sparse_concat, sparse_reshape
from minitf.ops.sparse.sets import set_size
from minitf.ops.state.assign import assign_add


def average_precision_at_k(
    labels, predictions, k, weights=None, metrics_collections=None, updates_collections=None,
    name=None,
):  # fmt: skip
    """(mean, update_op): of the average precision of the k best predictions of each row.

    `labels`, int64, dense or sparse, have a row of classes (or one class) for each row of
    `predictions`, a score per class; negative ones and those beyond the classes are no labels.
    float64. ValueError for `k` below 1.
    """
    if k < 1:
        raise ValueError(f"Invalid k={k}.")
    default = at_k_name("average_precision", k)
    with name_scope(name, default, (predictions, labels, weights)) as scope:
        _, best = top_k(predictions, k)
        labels = _without_others(labels, cast(shape(predictions)[-1], int64))
        return streaming_average_precision_at_top_k(
            labels, best, weights, metrics_collections, updates_collections, scope
        )


def sparse_average_precision_at_k(
    labels, predictions, k, weights=None, metrics_collections=None, updates_collections=None,
    name=None,
):  # fmt: skip
    """The older name of `average_precision_at_k`."""
    warn_once("sparse_average_precision_at_k", "average_precision_at_k")
    return average_precision_at_k(labels, predictions, k, weights, metrics_collections,
                                  updates_collections, name)  # fmt: skip


def _without_others(labels, num_classes):
    """`labels` with -1 in place of what is no class."""
    sparse = isinstance(labels, (SparseTensor, SparseTensorValue))
    values = labels.values if sparse else labels

    def cleaned():
        kept = where_v2(greater_equal(values, num_classes), -1 * ones_like(values), values)
        return type(labels)(labels.indices, kept, labels.dense_shape) if sparse else kept

    return cond(greater_equal(reduce_max(values), num_classes), cleaned, lambda: labels)


def streaming_average_precision_at_top_k(
    labels, predictions_idx, weights=None, metrics_collections=None, updates_collections=None,
    name=None,
):  # fmt: skip
    """As `average_precision_at_k`, given the best classes themselves."""
    tensors = (predictions_idx, labels, weights)
    with name_scope(name, "average_precision_at_top_k", tensors) as scope:
        found = average_precision(labels, predictions_idx)
        if weights is not None:
            weights = broadcast_weights(cast(weights, float64), found)
            found = mul(found, weights)
        with name_scope(None, "max", (found,)) as inner:
            most = metric_variable([], float64, name=inner)
            if weights is None:
                rows = cast(size(found, name="batch_max"), float64)
            else:
                rows = reduce_sum(weights, name="batch_max")
            most_update = assign_add(most, rows, name="update")
        with name_scope(None, "total", (found,)) as inner:
            total = metric_variable([], float64, name=inner)
            total_update = assign_add(total, reduce_sum(found, name="batch_total"), name="update")
        value = div_no_nan(total, most, name="mean")
        update = div_no_nan(total_update, most_update, name=scope)
        return published(value, update, metrics_collections, updates_collections)


def average_precision(labels, predictions_idx):
    """The sum over i of (precision of the first i) * (whether the i-th is right), divided by how
    many could be right; of each row, float64.

    ValueError when the last axis of `predictions_idx` is unknown.
    """
    with name_scope(None, "average_precision", (predictions_idx, labels)) as scope:
        predictions_idx = cast(predictions_idx, int64, name="predictions_idx")
        if predictions_idx.shape.ndims == 0:
            raise ValueError("The rank of predictions_idx must be at least 1.")
        k = predictions_idx.shape.as_list()[-1]
        if k is None:
            raise ValueError("The last dimension of predictions_idx must be set.")
        labels = with_axis_of_labels(labels, predictions_idx)
        each = expand_dims(predictions_idx, -1, name="predictions_idx_per_k")
        repeated = _repeated(labels, k, name="labels_per_k")
        right = counted("true_positive", repeated, each, name="relevant_per_k")
        so_far = cumsum(right, axis=-1, name="tp_per_k")
        seen = cumsum(ones_like(right), axis=-1, name="retrieved_per_k")
        precision = div(cast(so_far, float64), cast(seen, float64), name="precision_per_k")
        relevant = mul(precision, cast(right, float64), name="relevant_precision_per_k")
        total = reduce_sum(relevant, axis=(-1,), name="precision_sum")
        return div(total, cast(_num_relevant(labels, k), float64), name=scope)


def _repeated(labels, k, name):
    """`labels` [..., n] as [..., k, n]."""
    with name_scope(name, "expand_and_tile", (labels, k, -1)) as scope:
        if isinstance(labels, SparseTensor):
            split = reshape(size(labels.dense_shape) + -1, [1])
            before = slice_(labels.dense_shape, [0], split)
            after = slice_(labels.dense_shape, split, [-1])
            new_shape = concat((before, [1], after), 0, name="expanded_shape")
            expanded = sparse_reshape(labels, shape=new_shape, name="expand")
            return expanded if k == 1 else sparse_concat(-2, [expanded] * k, name=scope)
        expanded = expand_dims(labels, -2, name="expand")
        if k == 1:
            return expanded
        ones = ones_like(shape(labels))
        multiples = concat((ones[:-1], (k,), ones[-1:]), 0, name="multiples")
        return tile(expanded, multiples, name=scope)


def _num_relevant(labels, k):
    """How many of the k best could be right, of each row."""
    if k < 1:
        raise ValueError(f"Invalid k={k}.")
    with name_scope(None, "num_relevant", (labels,)) as scope:
        labels = convert_to_tensor_or_sparse_tensor(labels)
        if isinstance(labels, SparseTensor):
            return minimum(set_size(labels), k, name=scope)
        is_label = where_v2(greater_equal(labels, 0), ones_like(labels), zeros_like(labels))
        return minimum(reduce_sum(is_label, axis=-1), k, name=scope)
