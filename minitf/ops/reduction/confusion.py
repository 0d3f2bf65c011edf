"""`tf.confusion_matrix`, and the shapes of labels and predictions."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32, int64
from minitf.core.graph import get_default_graph, name_scope
from minitf.ops.array.basics import ones_like, rank, reshape, shape
from minitf.ops.array.indexing import scatter_nd
from minitf.ops.array.joining import stack
from minitf.ops.control_flow.check import assert_less, assert_non_negative
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.math.elementwise import cast, equal, maximum
from minitf.ops.reduction.axes import squeeze
from minitf.ops.reduction.reduce import reduce_max


def confusion_matrix(
    labels, predictions, num_classes=None, dtype=int32, name=None, weights=None
):
    """The matrix that counts, in row i and column j, how often label i was predicted as j.

    One of `labels` and `predictions` may be a column, where the other is a vector.
    Each counts `weights` (1). There are as many classes as the greatest number says, or
    `num_classes`; a run raises InvalidArgumentError for a negative number or one beyond.
    """
    with name_scope(name, "confusion_matrix", [predictions, labels, num_classes, weights]):
        labels = convert_to_tensor(labels, name="labels")
        predictions = convert_to_tensor(predictions, name="predictions")
        predictions, labels = remove_squeezable_dimensions(predictions, labels)
        predictions, labels = cast(predictions, int64), cast(labels, int64)
        predictions.shape.assert_is_compatible_with(labels.shape)
        for each in (labels, predictions):
            each.shape.with_rank(1)
        labels = _checked(labels, "labels", num_classes)
        predictions = _checked(predictions, "predictions", num_classes)
        get_default_graph()._count_more(1 if isinstance(num_classes, int) else 3)
        if num_classes is None:
            num_classes = maximum(reduce_max(predictions), reduce_max(labels)) + 1
        count = cast(num_classes, int64)
        if weights is None:
            weights = ones_like(predictions, dtype)
        weights = cast(weights, dtype)
        return scatter_nd(stack([labels, predictions], axis=1), weights, stack([count, count]))


def _checked(classes, what, num_classes):
    checks = [assert_non_negative(classes, message=f"`{what}` contains negative values")]
    if num_classes is not None:
        limit = cast(num_classes, int64)
        checks.append(assert_less(classes, limit, message=f"`{what}` out of bound"))
    return with_dependencies(checks, classes)


def remove_squeezable_dimensions(labels, predictions, expected_rank_diff=0, name=None):
    """(labels, predictions), where one has an axis too many, of size 1 at the end, without it.

    Predictions are to have `expected_rank_diff` axes more than labels.
    """
    with name_scope(name, "remove_squeezable_dimensions", [labels, predictions]):
        predictions, labels = convert_to_tensor(predictions), convert_to_tensor(labels)
        if labels._shape is None or predictions._shape is None:
            return (
                without_last_axis(labels, predictions, excess=1 - expected_rank_diff),
                without_last_axis(predictions, labels, excess=expected_rank_diff + 1),
            )
        excess = len(predictions._shape) - len(labels._shape) - expected_rank_diff
        if excess == 1:
            predictions = squeeze(predictions, [-1])
        elif excess == -1:
            labels = squeeze(labels, [-1])
        return labels, predictions


def without_last_axis(x, other, excess):
    """`x` without its last axis, if the run finds its rank to be the other's + `excess`.

    The axis must be of size 1. `x` itself where its static shape says that it is not.
    """
    if x._shape is not None and x._shape[-1:] not in ((1,), (None,)):
        return x
    surplus = cast(equal(rank(x) - rank(other), excess), int32)
    return reshape(x, shape(x)[: rank(x) - surplus])
