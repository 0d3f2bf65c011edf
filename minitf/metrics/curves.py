"""`tf.metrics.auc`: the area under a curve over thresholds."""
from minitf import logging
from minitf.metrics.parts import published
from minitf.metrics.thresholds import EPSILON, confusion_at_thresholds, spread
from minitf.ops.array.basics import ones_like
from minitf.ops.array.masks import where
from minitf.ops.math.elementwise import log, logical_and, maximum, minimum, mul
from minitf.ops.math.operators import div, div_no_nan
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.state.variable_scope import variable_scope

_HEIGHTS = {"minoring": minimum, "majoring": maximum}
_TINY = 1e-6  # what keeps rates from 0 / 0


def auc(
    labels, predictions, weights=None, num_thresholds=200, metrics_collections=None,
    updates_collections=None, curve="ROC", name=None, summation_method="trapezoidal",
    thresholds=None,
):  # fmt: skip
    """(area, update_op): under the curve "ROC" or "PR", summed over thresholds.

    The thresholds are evenly spaced, or those given and one at either end. `summation_method` is
    "trapezoidal", "careful_interpolation" (for "PR": Davis and Goadrich 2006), "minoring" or
    "majoring". Kept in the local variables `true_positives`, `false_negatives`, `true_negatives`
    and `false_positives`. ValueError for another curve or method, or when the shapes differ.
    """
    with variable_scope(name, "auc", (labels, predictions, weights)):
        if curve not in ("ROC", "PR"):
            raise ValueError(f"curve must be either ROC or PR, {curve} unknown")
        if thresholds is None:
            thresholds = spread(num_thresholds)
        else:
            thresholds = [0.0 - EPSILON, *sorted(thresholds), 1.0 + EPSILON]
        counts = confusion_at_thresholds(labels, predictions, thresholds, weights)
        value, update = (
            _area(curve, summation_method, len(thresholds) - 1, count, what)
            for count, what in zip(counts, ("value", "update_op"))
        )
        return published(value, update, metrics_collections, updates_collections)


def _area(curve, method, last, count, name):
    tp, fn, tn, fp = (count[key] for key in ("tp", "fn", "tn", "fp"))
    if curve == "PR" and method == "trapezoidal":
        logging.warning("Trapezoidal rule is known to produce incorrect PR-AUCs; "
                        'please switch to "careful_interpolation" instead.')  # fmt: skip
    if curve == "PR" and method == "careful_interpolation":
        return _interpolated(tp, fp, fn, last)
    y = recall = div(tp + _TINY, tp + fn + _TINY)
    if curve == "ROC":
        x = div(fp, fp + tn + _TINY)
    else:
        x, y = recall, div(tp + _TINY, tp + fp + _TINY)
    return _summed(x, y, last, method, name)


def _summed(x, y, last, method, name):
    if method in ("trapezoidal", "careful_interpolation"):
        areas = mul(x[:last] - x[1:], (y[:last] + y[1:]) / 2.0)
    elif method in _HEIGHTS:
        areas = mul(x[:last] - x[1:], _HEIGHTS[method](y[:last], y[1:]))
    else:
        raise ValueError(f"Invalid summation_method: {method}")
    return reduce_sum(areas, name=name)


def _interpolated(tp, fp, fn, last):
    """The area where true and false positives, not precision, are linear between thresholds."""
    gained = tp[:last] - tp[1:]
    positive = tp + fp
    slope = div_no_nan(gained, maximum(positive[:last] - positive[1:], 0), name="prec_slope")
    intercept = tp[1:] - mul(slope, positive[1:])
    ratio = where(
        logical_and(positive[:last] > 0, positive[1:] > 0),
        div_no_nan(positive[:last], maximum(positive[1:], 0), name="recall_relative_ratio"),
        ones_like(positive[1:]),
    )
    increments = div_no_nan(
        slope * (gained + intercept * log(ratio)),
        maximum(tp[1:] + fn[1:], 0),
        name="pr_auc_increment",
    )
    return reduce_sum(increments, name="interpolate_pr_auc")
