"""Metrics of yes and no that tf.metrics has not: rates of errors, F1, recall at a precision."""
from minitf.core.dtypes import bool_, int32, int64
from minitf.metrics.counts import (
    false_negatives,
    false_positives,
    true_negatives,
    true_positives,
)
from minitf.metrics.parts import adjusted, published
from minitf.metrics.thresholds import (
    EPSILON,
    confusion_at_thresholds,
    counts_at_thresholds,
    spread,
)
from minitf.ops.array.joining import stack
from minitf.ops.array.masks import where
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.control import group
from minitf.ops.math.elementwise import cast, greater, greater_equal
from minitf.ops.math.operators import abs as absolute
from minitf.ops.math.operators import div
from minitf.ops.reduction.extremes import argmax, argmin
from minitf.ops.reduction.reduce import reduce_max, reduce_sum
from minitf.ops.state.variable_scope import variable_scope

_TINY = 1e-6


def streaming_false_positive_rate(
    predictions, labels, weights=None, metrics_collections=None, updates_collections=None,
    name=None,
):  # fmt: skip
    """(rate, update_op): the share of the labels that are false whose predictions are true."""
    return _rate(
        "false_positive_rate", (false_positives, true_negatives), predictions, labels, weights,
        (metrics_collections, updates_collections), name,
    )  # fmt: skip


def streaming_false_negative_rate(
    predictions, labels, weights=None, metrics_collections=None, updates_collections=None,
    name=None,
):  # fmt: skip
    """(rate, update_op): the share of the labels that are true whose predictions are false."""
    return _rate(
        "false_negative_rate", (false_negatives, true_positives), predictions, labels, weights,
        (metrics_collections, updates_collections), name,
    )  # fmt: skip


def _rate(what, counters, predictions, labels, weights, collections, name):
    with variable_scope(name, what, (predictions, labels, weights)):
        predictions, labels, weights = adjusted(
            cast(predictions, bool_), cast(labels, bool_), weights
        )
        wrong, right = (counter(labels, predictions, weights) for counter in counters)
        value, update = (
            where(greater(w + r, 0), div(w, w + r), 0, name)
            for w, r, name in zip(wrong, right, ("value", "update_op"))
        )
        return published(value, update, *collections)


def _counts(labels, predictions, thresholds, weights, includes=None):
    predictions, labels, weights = adjusted(predictions, labels, weights)
    return counts_at_thresholds(labels, predictions, thresholds, weights, includes)


def _counter(key, name):
    def metric(
        predictions, labels, thresholds, weights=None, metrics_collections=None,
        updates_collections=None, name=None,
    ):  # fmt: skip
        values, updates = _counts(labels, predictions, thresholds, weights, (key,))
        return published(values[key], updates[key], metrics_collections, updates_collections)

    metric.__name__ = metric.__qualname__ = name
    metric.__doc__ = f"""(variable, update_op): {name[10:].replace("_", " ")}.

    A prediction is true above the threshold. Nothing is named after `name`.
    """
    return metric


streaming_true_positives_at_thresholds = _counter("tp", "streaming_true_positives_at_thresholds")
streaming_true_negatives_at_thresholds = _counter("tn", "streaming_true_negatives_at_thresholds")
streaming_false_positives_at_thresholds = _counter("fp", "streaming_false_positives_at_thresholds")
streaming_false_negatives_at_thresholds = _counter("fn", "streaming_false_negatives_at_thresholds")


def _rate_at_thresholds(what, keys, predictions, labels, thresholds, weights, collections, name):
    with variable_scope(name, f"false_{what}_rate_at_thresholds", (predictions, labels, weights)):
        counts = _counts(labels, predictions, thresholds, weights, keys)
        wrong, right = keys
        value, update = (
            div(each[wrong], EPSILON + each[wrong] + each[right], name=f"{wrong}r_{which}")
            for each, which in zip(counts, ("value", "update_op"))
        )
        return published(value, update, *collections)


def streaming_false_positive_rate_at_thresholds(
    predictions, labels, thresholds, weights=None, metrics_collections=None,
    updates_collections=None, name=None,
):  # fmt: skip
    """(rates, update_op), one per threshold: a prediction is true above it."""
    collections = metrics_collections, updates_collections
    return _rate_at_thresholds("positive", ("fp", "tn"), predictions, labels, thresholds, weights,
                               collections, name)  # fmt: skip


def streaming_false_negative_rate_at_thresholds(
    predictions, labels, thresholds, weights=None, metrics_collections=None,
    updates_collections=None, name=None,
):  # fmt: skip
    """(rates, update_op), one per threshold: a prediction is true above it."""
    collections = metrics_collections, updates_collections
    return _rate_at_thresholds("negative", ("fn", "tp"), predictions, labels, thresholds, weights,
                               collections, name)  # fmt: skip


def streaming_curve_points(
    labels=None, predictions=None, weights=None, num_thresholds=200, metrics_collections=None,
    updates_collections=None, curve="ROC", name=None,
):  # fmt: skip
    """(points [thresholds, 2], update_op) of the curve "ROC" or "PR". ValueError for another."""
    with variable_scope(name, "curve_points", (labels, predictions, weights)):
        if curve not in ("ROC", "PR"):
            raise ValueError(f"curve must be either ROC or PR, {curve} unknown")
        values, updates = _counts(labels, predictions, spread(num_thresholds), weights)
        tp, fn, tn, fp = (values[key] for key in ("tp", "fn", "tn", "fp"))
        x = recall = div(tp + _TINY, tp + fn + _TINY)
        if curve == "ROC":
            x, y = div(fp, fp + tn + _TINY), recall
        else:
            y = div(tp + _TINY, tp + fp + _TINY)
        points, update = stack([x, y], axis=1), group(*updates.values())
        return published(points, update, metrics_collections, updates_collections)


def recall_at_precision(
    labels, predictions, precision, weights=None, num_thresholds=200, metrics_collections=None,
    updates_collections=None, name=None, strict_mode=False,
):  # fmt: skip
    """(recall, update_op) at the threshold whose precision is nearest to `precision`.

    With `strict_mode`, nearest from above; 0 if none is. ValueError unless it is in [0, 1].
    """
    if not 0 <= precision <= 1:
        raise ValueError("`precision` must be in the range [0, 1].")
    with variable_scope(name, "recall_at_precision", (predictions, labels, weights)):
        counts = _counts(labels, predictions, spread(num_thresholds), weights)
        value, update = (
            _recall(each["tp"], each["fp"], each["fn"], precision, which, strict_mode)
            for each, which in zip(counts, ("value", "update_op"))
        )
        return published(value, update, metrics_collections, updates_collections)


def _recall(tp, fp, fn, precision, name, strict):
    precisions = div(tp, tp + fp + EPSILON)
    if strict:
        place = argmax(div(1.0, precisions - precision + EPSILON), 0, output_type=int32)
    else:
        place = argmin(absolute(precisions - precision), 0, output_type=int32)

    def found():
        return div(tp[place], tp[place] + fn[place] + EPSILON, name)

    return cond(precisions[place] >= precision, found, lambda: 0.0) if strict else found()


def precision_at_recall(
    labels, predictions, target_recall, weights=None, num_thresholds=200, metrics_collections=None,
    updates_collections=None, name=None,
):  # fmt: skip
    """(precision, update_op) at the highest threshold whose recall is at least `target_recall`.

    ValueError unless that is in [0, 1].
    """
    if target_recall < 0 or target_recall > 1:
        raise ValueError("`target_recall` must be in the range [0, 1].")
    with variable_scope(name, "precision_at_recall", (predictions, labels, weights)):
        counts = _counts(labels, predictions, spread(num_thresholds), weights)
        value, update = (
            _precision(each["tp"], each["fp"], each["fn"], target_recall, which)
            for each, which in zip(counts, ("value", "update_op"))
        )
        return published(value, update, metrics_collections, updates_collections)


def _precision(tp, fp, fn, target_recall, name):
    recalls = div(tp, tp + fn + EPSILON)
    last = reduce_sum(cast(greater_equal(recalls, target_recall), int64)) - 1
    return div(tp[last] + EPSILON, tp[last] + fp[last] + EPSILON, name)


def f1_score(
    labels, predictions, weights=None, num_thresholds=200, metrics_collections=None,
    updates_collections=None, name=None,
):  # fmt: skip
    """(best, update_op): the greatest harmonic mean of precision and recall over thresholds."""
    with variable_scope(name, "f1", (labels, predictions, weights)):
        predictions, labels, weights = adjusted(predictions, labels, weights)
        counts = confusion_at_thresholds(
            labels, predictions, spread(num_thresholds), weights, ("tp", "fp", "fn")
        )
        value, update = (
            _best_f1(each["tp"], each["fp"], each["fn"], which)
            for each, which in zip(counts, ("value", "update"))
        )
        return published(value, update, metrics_collections, updates_collections)


def _best_f1(tp, fp, fn, name):
    precision = div(tp, EPSILON + tp + fp, name=f"precision_{name}")
    recall = div(tp, EPSILON + tp + fn, name=f"recall_{name}")
    return reduce_max(2.0 * precision * recall / (precision + recall + EPSILON))
