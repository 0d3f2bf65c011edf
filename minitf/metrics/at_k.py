"""Metrics of the k best classes: `tf.metrics.recall_at_k`, `tf.metrics.precision_at_k`, ..."""
from minitf.core.arguments import takes
from minitf.core.deprecation import warn_once
from minitf.core.dtypes import float64, int64
from minitf.core.graph import control_dependencies, name_scope
from minitf.core.sparse_tensor import SparseTensor, convert_to_tensor_or_sparse_tensor
from minitf.metrics.parts import metric_variable, published
from minitf.nn.top import top_k
from minitf.ops.array.basics import fill, rank, reshape, shape, size
from minitf.ops.array.joining import concat
from minitf.ops.control_flow.branches import cond
from minitf.ops.math.elementwise import add_op, cast, equal, mul
from minitf.ops.math.operators import div
from minitf.ops.reduction.axes import expand_dims
from minitf.ops.reduction.reduce import reduce_sum, reduced_shape
from minitf.ops.reduction.weights import assert_broadcastable
from minitf.ops.sparse.layout import sparse_reshape
from minitf.ops.sparse.sets import set_difference, set_intersection, set_size
from minitf.ops.sparse.tensors import sparse_retain
from minitf.ops.state.assign import assign_add


def at_k_name(name, k=None, class_id=None):
    """`recall_at_5`, `recall_at_5_class3`; `recall_at_k` without a number."""
    name = f"{name}_at_k" if k is None else f"{name}_at_{int(k)}"
    return name if class_id is None else f"{name}_class{int(class_id)}"


def with_axis_of_labels(labels, predictions):
    """`labels` in the rank of `predictions`: with one axis more, of size 1, if that is missing.

    ValueError when the ranks fit in neither way.
    """
    with name_scope(None, "expand_labels", (labels, predictions)) as scope:
        labels = convert_to_tensor_or_sparse_tensor(labels)
        if isinstance(labels, SparseTensor):
            return cond(
                equal(rank(predictions), size(labels.dense_shape) + 1),
                lambda: sparse_reshape(
                    labels, shape=concat((labels.dense_shape, (1,)), 0), name=scope
                ),
                lambda: labels,
            )
        ranks = predictions.shape.ndims, labels.shape.ndims
        if None in ranks:
            return cond(
                equal(rank(predictions), rank(labels) + 1),
                lambda: expand_dims(labels, -1, name=scope),
                lambda: labels,
            )
        if ranks[0] == ranks[1]:
            return labels
        if ranks[0] == ranks[1] + 1:
            return expand_dims(labels, -1, name=scope)
        raise ValueError(
            f"Unexpected labels shape {labels.shape} for predictions shape {predictions.shape}."
        )


def _only(ids, class_id):
    """A SparseTensor of those `ids` that are `class_id`."""
    ids = convert_to_tensor_or_sparse_tensor(ids)
    if isinstance(ids, SparseTensor):
        return sparse_retain(ids, equal(ids.values, class_id))
    ids_shape = shape(ids, out_type=int64)
    last = size(ids_shape) - 1
    one_each = reduced_shape(ids_shape, reshape(last, [1]))
    found = set_intersection(fill(one_each, cast(class_id, int64)), ids)
    return SparseTensor(found.indices, found.values, ids_shape)


def _intersection(predictions, labels):
    return set_intersection(predictions, labels)


def _only_predicted(predictions, labels):
    return set_difference(predictions, labels, aminusb=True)


def _only_labelled(predictions, labels):
    return set_difference(predictions, labels, aminusb=False)


_KINDS = {
    "true_positive": _intersection,
    "false_positive": _only_predicted,
    "false_negative": _only_labelled,
}


def counted(kind, labels, predictions, class_id=None, weights=None, name=None):
    """How many classes of each row are a `kind`, such as "true_positive"; float64, times
    `weights`."""
    with name_scope(name, f"{kind}s", (predictions, labels, weights)):
        if class_id is not None:
            labels, predictions = _only(labels, class_id), _only(predictions, class_id)
        found = cast(set_size(_KINDS[kind](predictions, labels)), float64)
        if weights is None:
            return found
        with control_dependencies((assert_broadcastable(weights, found),)):
            return mul(found, cast(weights, float64))


def streaming_count(kind, labels, predictions, k, class_id=None, weights=None, name=None):
    """(variable, update_op): the sum of what `counted` gives, so far."""
    default = at_k_name(kind, k, class_id=class_id)
    with name_scope(name, default, (predictions, labels, weights)) as scope:
        found = counted(kind, labels, predictions, class_id, weights)
        total = cast(reduce_sum(found), float64)
        variable = metric_variable([], float64, name=scope)
        return variable, assign_add(variable, total, name="update")


def _best(
    what, at_top_k, labels, predictions, k, class_id, weights, metrics_collections,
    updates_collections, name,
):  # fmt: skip
    default = at_k_name(what, k, class_id=class_id)
    with name_scope(name, default, (predictions, labels, weights)) as scope:
        _, best = top_k(predictions, k)
        collections = metrics_collections, updates_collections
        return at_top_k(labels, best, k, class_id, weights, *collections, scope)


def _share(
    what, wrong, labels, predictions_idx, k, class_id, weights, metrics_collections,
    updates_collections, name,
):  # fmt: skip
    """The true positives among themselves and the `wrong` ones."""
    default = at_k_name(what, k, class_id=class_id)
    with name_scope(name, default, (predictions_idx, labels, weights)) as scope:
        labels = with_axis_of_labels(labels, predictions_idx)
        best = cast(predictions_idx, int64)
        right, right_update = streaming_count("true_positive", labels, best, k, class_id, weights)
        wrong, wrong_update = streaming_count(wrong, labels, best, k, class_id, weights)
        value = div(right, add_op(right, wrong), name=scope)
        update = div(right_update, add_op(right_update, wrong_update), name="update")
        return published(value, update, metrics_collections, updates_collections)


def _of_scores(
    labels, predictions, k, class_id=None, weights=None, metrics_collections=None,
    updates_collections=None, name=None,
):  # fmt: skip
    """What metrics of the best of scores take."""


def _of_classes(
    labels, predictions_idx, k=None, class_id=None, weights=None, metrics_collections=None,
    updates_collections=None, name=None,
):  # fmt: skip
    """What metrics of the best classes take."""


@takes(_of_scores)
def recall_at_k(**given):
    """(recall, update_op): the share of the labels that are among the k best predictions.

    `labels`, int64, dense or sparse, have a row of classes (or one class) for each row of
    `predictions`, a score per class. `class_id` looks at one class only. float64; NaN while there
    is no label.
    """
    return _best("recall", recall_at_top_k, **given)


@takes(_of_classes)
def recall_at_top_k(**given):
    """As `recall_at_k`, given the best classes themselves."""
    return _share("recall", "false_negative", **given)


@takes(_of_scores)
def precision_at_k(**given):
    """(precision, update_op): the share of the k best predictions that are among the labels.

    Takes what `recall_at_k` takes. float64; NaN while there is no prediction.
    """
    return _best("precision", precision_at_top_k, **given)


@takes(_of_classes)
def precision_at_top_k(**given):
    """As `precision_at_k`, given the best classes themselves."""
    return _share("precision", "false_positive", **given)


@takes(_of_scores)
def sparse_precision_at_k(**given):
    """The older name of `precision_at_k`."""
    warn_once("sparse_precision_at_k", "precision_at_k")
    return precision_at_k(**given)
