"""`tf.contrib.metrics.precision_recall_at_equal_thresholds`."""
from typing import Any, NamedTuple

from minitf.core.dtypes import bool_, float64, int32
from minitf.core.graph import control_dependencies, name_scope
from minitf.metrics.parts import adjusted, metric_variable
from minitf.ops.array.basics import reshape
from minitf.ops.array.sequences import linspace
from minitf.ops.control_flow.check import assert_greater_equal, assert_less_equal
from minitf.ops.control_flow.check_static import assert_type
from minitf.ops.control_flow.control import group
from minitf.ops.math.elementwise import cast, floor, maximum
from minitf.ops.reduction.scan import cumsum
from minitf.ops.state.assign import scatter_add
from minitf.ops.state.variable_scope import variable_scope


class PrecisionRecallData(NamedTuple):
    """For each threshold what is counted, and what follows."""

    tp: Any
    fp: Any
    tn: Any
    fn: Any
    precision: Any
    recall: Any
    thresholds: Any


def precision_recall_at_equal_thresholds(
    labels, predictions, weights=None, num_thresholds=None, use_locking=None, name=None
):
    """(PrecisionRecallData, update_op) at `num_thresholds` (201) thresholds, evenly from 0 to 1.

    Predictions are put into bins: it takes no longer for more thresholds. TypeError for labels that
    are not bool; InvalidArgumentError in the run for predictions that are not in [0, 1].
    """
    count = 201 if num_thresholds is None else num_thresholds
    assert_type(labels, bool_)
    given = labels, predictions, 1.0 if weights is None else weights
    with variable_scope(name, "precision_recall_at_equal_thresholds", given):
        said = "predictions must be in [0, 1]"
        bounds = [cast(end, predictions.dtype) for end in (0.0, 1.0)]
        with control_dependencies([assert_greater_equal(predictions, bounds[0], message=said),
                                   assert_less_equal(predictions, bounds[1], message=said)]):
            predictions, labels, weights = adjusted(predictions, labels, given[2])
        # In float64: sums of many ones stay exact.
        positive, weights = cast(labels, float64), cast(weights, float64)
        bins = cast(floor(reshape(predictions, [-1]) * (count - 1)), int32)
        with name_scope("variables"):
            sums = [metric_variable([count], float64, name=f"{kind}_buckets")
                    for kind in ("tp", "fp")]  # fmt: skip
        with name_scope("update_op"):
            added = positive * weights, (1.0 - positive) * weights
            updates = [scatter_add(variable, bins, reshape(each, [-1]))
                       for variable, each in zip(sums, added)]  # fmt: skip
        tp, fp = (cumsum(variable, reverse=True, name=kind)
                  for variable, kind in zip(sums, ("tp", "fp")))  # fmt: skip
        return _data(tp, fp, count, predictions.dtype), group(*updates)


def _data(tp, fp, count, dtype):
    tn, fn = fp[0] - fp, tp[0] - tp
    precision, recall = (tp / maximum(tp + wrong, 1e-7) for wrong in (fp, fn))
    found = tp, fp, tn, fn, precision, recall, linspace(0.0, 1.0, count)
    return PrecisionRecallData(*(cast(each, dtype) for each in found))
