"""`tf.contrib.metrics.auc_using_histogram`."""
from minitf.contrib.framework.functions import remove_squeezable_dimensions
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import bool_, float32, int64
from minitf.core.graph import control_dependencies
from minitf.core.graph_keys import GraphKeys
from minitf.ops.array.basics import identity, rank, shape
from minitf.ops.array.masks import boolean_mask
from minitf.ops.control_flow.control import Assert, group
from minitf.ops.math.elementwise import cast, equal, logical_not
from minitf.ops.math.operators import truediv
from minitf.ops.reduction.axes import reverse
from minitf.ops.reduction.counting import histogram_fixed_width
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.reduction.scan import cumsum
from minitf.ops.state.initializers import Zeros
from minitf.ops.state.variable_scope import get_variable, variable_scope


def auc_using_histogram(
    boolean_labels, scores, score_range, nbins=100, collections=None, check_shape=True, name=None
):
    """(area under the ROC curve, update_op), of scores that are counted in `nbins` bins.

    Scores beyond `score_range`, (lowest, highest), count in the bins at the ends. The counts are
    variables of `collections`, local ones for None. ValueError for labels that are no bools; in the
    run InvalidArgumentError for what is no vector, if `check_shape`.
    """
    collections = [GraphKeys.LOCAL_VARIABLES] if collections is None else collections
    given = [boolean_labels, scores, score_range]
    with variable_scope(name, "auc_using_histogram", given):
        scores, labels = remove_squeezable_dimensions(scores, boolean_labels)
        bounds = convert_to_tensor(score_range, name="score_range")
        labels = convert_to_tensor(labels, name="boolean_labels")
        scores = convert_to_tensor(scores, name="scores")
        if labels.dtype != bool_:
            raise ValueError("Argument boolean_labels should have dtype bool.  Found: "
                             f"{labels.dtype}")  # fmt: skip
        checks = [_is_vector(labels, "boolean_labels"), _is_vector(scores, "scores")]
        with control_dependencies(checks if check_shape else []):
            counts = [_counted(boolean_mask(scores, mask), bounds, nbins, collections, kind)
                      for kind, mask in (("true", labels), ("false", logical_not(labels)))]
        update_op = group(*(each for _, each in counts), name="update_op")
        return _area(*(total for total, _ in counts)), update_op


def _is_vector(tensor, what):
    message = f"Argument {what} should have rank 1.  Found: "
    return Assert(equal(1, rank(tensor)), [message, tensor.name, shape(tensor)])


def _counted(scores, bounds, nbins, collections, kind):
    """(how many scores there were in each bin so far, what adds those of this batch)."""
    new = histogram_fixed_width(scores, bounds, nbins, dtype=int64, name=f"hist_{kind}")
    total = get_variable(f"hist_accumulate/hist_{kind}_acc", [nbins], int64, Zeros(),
                         collections=collections, trainable=False)  # fmt: skip
    return total, total.assign_add(new)


def _area(true, false):
    """The sum of the trapezoids under the curve, from the highest bin down."""
    height, width = (
        cast(reverse(truediv(each, reduce_sum(each)), [0]), float32) for each in (true, false)
    )
    top = cumsum(height)
    between = reduce_sum(width[1:] * (top[1:] + top[:-1]) / 2.0)
    return identity(width[0] * top[0] / 2.0 + between, name="auc")
