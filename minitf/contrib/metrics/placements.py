"""`tf.contrib.metrics.auc_with_confidence_intervals`: an area under a curve, and how sure it is."""
from typing import Any, NamedTuple

from minitf.contrib.metrics.kept import flat, labels_checks, streaming_concat
from minitf.core.constant import constant
from minitf.core.dtypes import float32, float64, int64
from minitf.core.graph import add_to_collections, control_dependencies
from minitf.distributions.normal import Normal
from minitf.metrics.parts import adjusted
from minitf.nn.top import top_k
from minitf.ops.array.basics import ones_like, reshape, size
from minitf.ops.array.indexing import gather
from minitf.ops.array.rearrange import where_v2
from minitf.ops.array.unique import unique
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.control import group, no_op
from minitf.ops.math.elementwise import (
    cast,
    equal,
    exp,
    greater_equal,
    less,
    log,
    logical_and,
    logical_or,
    sqrt,
    square,
)
from minitf.ops.reduction.axes import reverse
from minitf.ops.reduction.reduce import reduce_max, reduce_min, reduce_sum
from minitf.ops.reduction.scan import cumsum
from minitf.ops.reduction.segments import segment_sum
from minitf.ops.state.variable_scope import variable_scope

_EPSILON = 1e-7


class AucData(NamedTuple):
    """The area, and between what it is."""

    auc: Any
    lower: Any
    upper: Any


def auc_with_confidence_intervals(
    labels, predictions, weights=None, alpha=0.95, logit_transformation=True,
    metrics_collections=(), updates_collections=(), name=None,
):  # fmt: skip
    """((area under the ROC curve, lower and upper bound), update_op): see AucData.

    The bounds are those of an interval that has the area with the probability `alpha`, by placement
    values. All values are kept. Zeros where all labels are the same. ValueError for an `alpha` that
    is not between 0 and 1, InvalidArgumentError in the run for labels that are not 0 or 1.
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must be between 0 and 1; currently {alpha:.02f}")
    weights = ones_like(predictions) if weights is None else weights
    with variable_scope(name, default_name="auc_with_confidence_intervals",
                        values=[labels, predictions, weights]):  # fmt: skip
        predictions, labels, weights = adjusted(predictions, labels, weights)
        total, weights = reduce_sum(weights), reshape(weights, [-1])
        predictions, labels = flat(predictions, float64), flat(labels, int64)
        with control_dependencies(labels_checks(labels)):
            kept = [streaming_concat(each, name=f"concat_{key}") for each, key in (
                (predictions, "preds"), (labels, "labels"), (weights, "weights"))]  # fmt: skip
            update = group(*(each for _, each in kept))
            both = logical_and(equal(reduce_min(labels), 0), equal(reduce_max(labels), 1))
            enough = greater_equal(total, 1.0)
            update_op = cond(enough, lambda: update, no_op)
            found = _interval(*(value for value, _ in kept), alpha, logit_transformation)
            nothing = constant(0.0)
            valid = logical_and(both, enough)
            area = AucData(*cond(valid, lambda: list(found), lambda: [nothing] * 3))
        if updates_collections:
            add_to_collections(updates_collections, update_op)
        if metrics_collections:
            add_to_collections(metrics_collections, area)
        return area, update_op


def _interval(predictions, labels, weights, alpha, logit_transformation):
    """The area and its bounds: Sun and Xu, "Fast implementation of DeLong's algorithm" (2014)."""
    count = size(predictions)
    ordered, order = (reverse(each, [0]) for each in top_k(predictions, k=count, sorted=True))
    labels, weights = gather(labels, order), gather(weights, order)
    _, places = unique(ordered)
    true = cast(labels, float32)
    false = 1.0 - true
    placed = (_placements(weights * false, places) * true
              + _placements(weights * true, places) * false)  # fmt: skip
    # Of each kind of label: how much there is of it, the area by its placements, its variance.
    areas, errors, totals = [], [], []
    for kind, above in ((false, 1.0 - placed * false), (true, placed * true)):
        own = weights * kind
        totals.append(reduce_sum(own))
        areas.append(reduce_sum(own * above) / (totals[-1] + _EPSILON))
        spread = reduce_sum(own * square(above - areas[-1])) / (totals[-1] - 1.0 + _EPSILON)
        errors.append(spread / (totals[-1] + _EPSILON))
    area = where_v2(less(*totals), areas[1], areas[0])
    lower, upper = _bounds(area, sqrt(errors[0] + errors[1]), alpha, logit_transformation)
    sure = logical_or(equal(area, 1.0), equal(area, 0.0))
    return area, where_v2(sure, area, lower), where_v2(sure, area, upper)


def _placements(weights, places):
    """Which part of the others is below each prediction; half of those that are equal."""
    totals = segment_sum(weights, places)
    below = cumsum(totals, exclusive=True) + totals / 2.0
    return gather(below / (reduce_sum(totals) + _EPSILON), places)


def _bounds(area, error, alpha, logit_transformation):
    distance = Normal(loc=0.0, scale=1.0).quantile((1.0 - alpha) / 2.0)
    if not logit_transformation:
        return area + distance * error, area - distance * error
    estimate = log(area / (1.0 - area + _EPSILON))
    error /= area * (1.0 - area + _EPSILON)
    return [1.0 / (1.0 + exp(-each) + _EPSILON)
            for each in (estimate + distance * error, estimate - distance * error)]  # fmt: skip
