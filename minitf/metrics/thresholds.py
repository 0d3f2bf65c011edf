"""Metrics of probabilities against thresholds: `precision_at_thresholds`, ..."""
from minitf.core.arguments import takes
from minitf.core.constant import constant
from minitf.core.dtypes import bool_, float32, int32, int64
from minitf.core.graph import control_dependencies
from minitf.metrics.parts import adjusted, metric_variable, published, read
from minitf.ops.array.basics import reshape, shape
from minitf.ops.array.joining import stack
from minitf.ops.array.padding import tile
from minitf.ops.control_flow.check import assert_greater_equal, assert_less_equal
from minitf.ops.math.elementwise import cast, equal, greater, logical_and, logical_not
from minitf.ops.math.operators import abs as absolute
from minitf.ops.math.operators import div
from minitf.ops.reduction.axes import expand_dims, transpose
from minitf.ops.reduction.extremes import argmax, argmin
from minitf.ops.reduction.reduce import reduce_min, reduce_sum
from minitf.ops.reduction.scan import cumsum
from minitf.ops.reduction.weights import broadcast_weights
from minitf.ops.state.assign import assign_add
from minitf.ops.state.variable_scope import variable_scope

EPSILON = 1e-7
# Key: its variable, whether labels are true, whether predictions are above the threshold.
_KINDS = {
    "tp": ("true_positives", True, True),
    "fn": ("false_negatives", True, False),
    "tn": ("true_negatives", False, False),
    "fp": ("false_positives", False, True),
}


def confusion_at_thresholds(labels, predictions, thresholds, weights=None, includes=None):
    """({key: variable}, {key: update_op}) of the counts "tp", "fn", "tn", "fp", one per threshold.

    Predictions are in [0, 1], or the run raises InvalidArgumentError. ValueError for another key
    in `includes` (all), for shapes that differ.
    """
    with control_dependencies(_in_unit_interval(predictions)):
        predictions, labels, weights = adjusted(
            cast(predictions, float32), cast(labels, bool_), weights
        )
    return counts_at_thresholds(labels, predictions, thresholds, weights, includes)


def counts_at_thresholds(labels, predictions, thresholds, weights, includes=None):
    """The same of tensors that are `adjusted`, without a look at the predictions' values."""
    for key in includes or ():
        if key not in _KINDS:
            raise ValueError(f"Invalid key: {key}.")
    includes = tuple(key for key in _KINDS if includes is None or key in includes)
    is_label, is_above, weights = _against(thresholds, labels, predictions, weights, includes)
    values, updates = {}, {}
    for key in includes:
        name, label, above = _KINDS[key]
        values[key] = metric_variable([len(thresholds)], float32, name=name)
        found = cast(logical_and(is_label[label], is_above[above]), float32)
        if weights is not None:
            found = found * weights
        updates[key] = assign_add(values[key], reduce_sum(found, 1))
    return values, updates


def _in_unit_interval(predictions):
    message = "predictions must be in [0, 1]"
    return [
        assert_greater_equal(predictions, cast(0.0, predictions.dtype), message=message),
        assert_less_equal(predictions, cast(1.0, predictions.dtype), message=message),
    ]


def _against(thresholds, labels, predictions, weights, includes):
    """({True: labels, False: not}, {True: predictions above, False: not}, weights): [thresholds,
    elements] each."""
    number = len(thresholds)
    column = reshape(predictions, [-1, 1])
    row = reshape(cast(labels, bool_), [1, -1])
    count = column._shape[0]
    count = shape(column)[0] if count is None else count
    limits = tile(expand_dims(constant(thresholds), [1]), stack([1, count]))
    is_above = {True: greater(tile(transpose(column), [number, 1]), limits)}
    if {"fn", "tn"} & set(includes):
        is_above[False] = logical_not(is_above[True])
    is_label = {True: tile(row, [number, 1])}
    if {"fp", "tn"} & set(includes):
        is_label[False] = logical_not(is_label[True])
    if weights is not None:
        weights = broadcast_weights(cast(weights, float32), predictions)
        weights = tile(reshape(weights, [1, -1]), [number, 1])
        limits.shape.assert_is_compatible_with(weights.shape)
    return is_label, is_above, weights


def _counter(key):
    default_name = _KINDS[key][0]

    def metric(
        labels, predictions, thresholds, weights=None, metrics_collections=None,
        updates_collections=None, name=None,
    ):  # fmt: skip
        with variable_scope(name, default_name, (predictions, labels, weights)):
            values, updates = confusion_at_thresholds(
                labels, predictions, thresholds, weights, includes=(key,)
            )
            return published(
                read(values[key]), updates[key], metrics_collections, updates_collections
            )

    metric.__name__ = metric.__qualname__ = f"{default_name}_at_thresholds"
    metric.__doc__ = f"""(counts, update_op): {default_name.replace("_", " ")}, at each threshold.

    A prediction, in [0, 1], is positive above the threshold. Each case counts `weights` (1).
    ValueError when the shapes of labels and predictions differ.
    """
    return metric


true_positives_at_thresholds = _counter("tp")
true_negatives_at_thresholds = _counter("tn")
false_positives_at_thresholds = _counter("fp")
false_negatives_at_thresholds = _counter("fn")


@takes(true_positives_at_thresholds)
def precision_at_thresholds(**given):
    """(precisions, update_op), one per threshold: `tf.metrics.precision` of what lies above it."""
    return _share("precision", "fp", **given)


@takes(true_positives_at_thresholds)
def recall_at_thresholds(**given):
    """(recalls, update_op), one per threshold: `tf.metrics.recall` of what lies above it."""
    return _share("recall", "fn", **given)


def _share(
    what, wrong, labels, predictions, thresholds, weights, metrics_collections,
    updates_collections, name,
):  # fmt: skip
    """The true positives among themselves and the `wrong` ones."""
    with variable_scope(name, f"{what}_at_thresholds", (predictions, labels, weights)):
        counts = confusion_at_thresholds(labels, predictions, thresholds, weights, ("tp", wrong))
        value, update = (
            div(count["tp"], EPSILON + count["tp"] + count[wrong], name=f"{what}_{which}")
            for count, which in zip(counts, ("value", "update_op"))
        )
        return published(value, update, metrics_collections, updates_collections)


def spread(number, last=1.0 + EPSILON):
    """So many thresholds from just below 0 to `last`."""
    inner = [(i + 1) * 1.0 / (number - 1) for i in range(number - 2)]
    return [0.0 - EPSILON, *inner, last]


def sensitivity_at_specificity(
    labels, predictions, specificity, weights=None, num_thresholds=200, metrics_collections=None,
    updates_collections=None, name=None,
):  # fmt: skip
    """(sensitivity, update_op) at the threshold whose specificity is nearest to `specificity`.

    ValueError unless that is in [0, 1], or when the shapes differ.
    """
    _check_share("specificity", specificity)
    with variable_scope(name, "sensitivity_at_specificity", (predictions, labels, weights)):
        counts = confusion_at_thresholds(labels, predictions, spread(num_thresholds), weights)
        value = _sensitivity(counts[0], specificity, "value")
        update = _sensitivity(counts[1], specificity, "update_op")
        return published(value, update, metrics_collections, updates_collections)


def _check_share(name, value):
    if value < 0 or value > 1:
        raise ValueError(f"`{name}` must be in the range [0, 1].")


def _sensitivity(count, specificity, name):
    tp, tn, fp, fn = (count[key] for key in ("tp", "tn", "fp", "fn"))
    specificities = div(tn, tn + fp + EPSILON)
    nearest = cast(argmin(absolute(specificities - specificity), 0), int32)
    return div(tp[nearest], tp[nearest] + fn[nearest] + EPSILON, name)


def specificity_at_sensitivity(
    labels, predictions, sensitivity, weights=None, num_thresholds=200, metrics_collections=None,
    updates_collections=None, name=None,
):  # fmt: skip
    """(specificity, update_op) at the threshold whose sensitivity is nearest to `sensitivity`.

    ValueError unless that is in [0, 1], or when the shapes differ.
    """
    _check_share("sensitivity", sensitivity)
    with variable_scope(name, "specificity_at_sensitivity", (predictions, labels, weights)):
        thresholds = spread(num_thresholds, last=1.0 - EPSILON)
        counts = confusion_at_thresholds(labels, predictions, thresholds, weights)
        value = _specificity(counts[0], sensitivity, "value")
        update = _specificity(counts[1], sensitivity, "update_op")
        return published(value, update, metrics_collections, updates_collections)


def _specificity(count, sensitivity, name):
    tp, tn, fp, fn = (count[key] for key in ("tp", "tn", "fp", "fn"))
    sensitivities = div(tp, tp + fn + EPSILON)
    least = reduce_min(absolute(sensitivities - sensitivity))
    is_nearest = equal(absolute(sensitivities - sensitivity), least)
    last = cast(argmax(cumsum(cast(is_nearest, int64)), 0), int32)  # of equally near thresholds
    return div(tn[last], tn[last] + fp[last] + EPSILON, name)
