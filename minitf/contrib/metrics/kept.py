"""`tf.contrib.metrics.streaming_concat`, and what needs all values: `streaming_dynamic_auc`."""
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float64, int32, int64
from minitf.core.graph import control_dependencies
from minitf.metrics.parts import metric_variable, published, read
from minitf.nn.top import top_k
from minitf.ops.array.basics import ones_like, reshape, shape, size, zeros_like
from minitf.ops.array.indexing import gather
from minitf.ops.array.joining import concat
from minitf.ops.array.masks import where
from minitf.ops.array.padding import pad
from minitf.ops.array.unique import unique_with_counts
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.check import assert_greater_equal, assert_less_equal
from minitf.ops.control_flow.control import group
from minitf.ops.math.elementwise import cast, equal, greater, logical_or
from minitf.ops.math.operators import abs as absolute
from minitf.ops.math.operators import truediv
from minitf.ops.reduction.axes import transpose
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.reduction.scan import cumsum
from minitf.ops.state.assign import assign
from minitf.ops.state.variable_scope import variable_scope


def streaming_concat(
    values, axis=0, max_size=None, metrics_collections=None, updates_collections=None, name=None
):
    """(all values so far, one behind the other along `axis`, update_op that gives how many).

    What comes after `max_size` of them is left out. ValueError for an axis that is not there, and
    where another size is unknown.
    """
    with variable_scope(name, "streaming_concat", (values,)):
        values = convert_to_tensor(values)
        axis, others = _sizes(values, axis)
        array = metric_variable([0, *others], values.dtype, validate_shape=False, name="array")
        count = metric_variable([], int32, name="size")
        behind = [n for n in range(len(others) + 1) if n != axis]
        new = transpose(values, [axis, *behind])
        if max_size is not None:
            new = new[: max_size - count]
        whole = read(array)
        whole.set_shape([None, *others])
        places = [0 if n == axis else n + (n < axis) for n in range(len(others) + 1)]
        value = transpose(whole, places, name="concat")
        grown = concat([whole, new], 0)
        with control_dependencies([assign(array, grown, validate_shape=False)]):
            update = assign(count, shape(grown)[0])
        return published(value, update, metrics_collections, updates_collections)


def _sizes(values, axis):
    """(the axis counted from the front, the sizes along the others)."""
    rank = values.shape.ndims
    if rank is None:
        raise ValueError("`values` must have known statically known rank")
    if not -rank <= axis < rank:
        raise ValueError(f"axis = {axis!r} not in [{-rank}, {rank})")
    sizes = values.shape.as_list()
    del sizes[axis]
    if None in sizes:
        raise ValueError("all dimensions of `values` other than the dimension to concatenate along "
                         f"must have statically known size, got {values.shape}")  # fmt: skip
    return axis % rank, sizes


def streaming_dynamic_auc(
    labels, predictions, curve="ROC", metrics_collections=(), updates_collections=(), name=None,
    weights=None,
):  # fmt: skip
    """(area under the curve "ROC" or "PR", update_op), where each prediction is a threshold.

    All values are kept. The area is 0 where all labels are the same. ValueError for another curve,
    InvalidArgumentError in the run for labels that are not 0 or 1.
    """
    if curve not in ("PR", "ROC"):
        raise ValueError(f"curve must be either ROC or PR, {curve} unknown")
    with variable_scope(name, default_name="dynamic_auc"):
        labels.shape.assert_is_compatible_with(predictions.shape)
        given = {"preds": flat(predictions, float64), "labels": flat(labels, int64)}
        if weights is not None:
            given["weights"] = flat(weights, float64)
        with control_dependencies(labels_checks(given["labels"])):
            kept = {key: streaming_concat(each, name=f"concat_{key}")
                    for key, each in given.items()}  # fmt: skip
        found = {key: value for key, (value, _) in kept.items()}
        area = _area(found["labels"], found["preds"], found.get("weights"), curve)
        update = group(*(update for _, update in kept.values()))
        return published(area, update, metrics_collections, updates_collections)


def labels_checks(labels):
    """Operations that raise InvalidArgumentError for labels that are not 0 or 1."""
    return [
        assert_greater_equal(labels, zeros_like(labels),
                             message="labels must be 0 or 1, at least one is <0"),
        assert_less_equal(labels, ones_like(labels),
                          message="labels must be 0 or 1, at least one is >1"),
    ]  # fmt: skip


def flat(values, dtype):
    """A vector of them, of this type."""
    return reshape(cast(values, dtype), [-1])


def _area(labels, predictions, weights, curve):
    weights = ones_like(labels, dtype=float64) if weights is None else weights
    nothing = zeros_like(weights)
    positive = where(greater(labels, 0), weights, nothing)
    total, total_positive = reduce_sum(weights), reduce_sum(positive)

    def area():
        ordered, order = top_k(predictions, k=size(predictions))
        splits = pad(cumsum(unique_with_counts(ordered).count), [[1, 0]])

        def above(each):
            """Its sum over the predictions above each threshold."""
            return gather(pad(cumsum(gather(each, order)), [[1, 0]]), splits)

        true_positives, all_above = above(positive), above(weights)
        recall = truediv(true_positives, total_positive)
        if curve == "ROC":
            x = truediv(all_above - true_positives, total - total_positive)
            return _under(x, recall)
        precision = truediv(true_positives, all_above)
        return _under(recall, where(greater(splits, 0), precision, ones_like(precision)))

    alike = logical_or(equal(total_positive, 0), equal(total_positive, total))
    return cond(alike, lambda: constant(0, float64), area)


def _under(x, y):
    return reduce_sum((y[1:] + y[:-1]) / 2.0 * absolute(x[1:] - x[:-1]))
