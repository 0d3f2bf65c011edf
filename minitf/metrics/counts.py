"""Metrics of yes and no: `tf.metrics.precision`, `tf.metrics.recall`, `true_positives`, ..."""
from minitf.core.arguments import takes
from minitf.core.dtypes import bool_, float32
from minitf.core.graph import control_dependencies
from minitf.metrics.parts import adjusted, metric_variable, published, read
from minitf.ops.array.basics import rank
from minitf.ops.array.masks import where
from minitf.ops.control_flow.check_static import assert_rank_in, assert_type
from minitf.ops.math.elementwise import cast, equal, greater, logical_and, mul
from minitf.ops.math.operators import div
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.state.assign import assign_add
from minitf.ops.state.variable_scope import variable_scope


def count_condition(values, weights=None, metrics_collections=None, updates_collections=None):
    """(count, update_op): the sum of `weights` (1) where `values`, bools, are true."""
    assert_type(values, bool_)
    count = metric_variable([], float32, name="count")
    values = cast(values, float32)
    if weights is not None:
        with control_dependencies((assert_rank_in(weights, (0, rank(values))),)):
            values = mul(values, cast(weights, float32))
    value = read(count)
    update = assign_add(count, reduce_sum(values))
    return published(value, update, metrics_collections, updates_collections)


def _counter(name, label, prediction):
    """The metric that counts where labels are `label` and predictions are `prediction`."""
    default_name = name

    def metric(
        labels, predictions, weights=None, metrics_collections=None, updates_collections=None,
        name=None,
    ):  # fmt: skip
        with variable_scope(name, default_name, (predictions, labels, weights)):
            predictions, labels, weights = _as_bools(predictions, labels, weights)
            found = logical_and(equal(labels, label), equal(predictions, prediction))
            return count_condition(found, weights, metrics_collections, updates_collections)

    metric.__name__ = metric.__qualname__ = name
    metric.__doc__ = f"""(count, update_op): labels that are {label}, predictions {prediction}.

    Both are cast to bool. Each case counts `weights` (1); kept in the local variable `count`.
    ValueError when the shapes differ.
    """
    return metric


true_positives = _counter("true_positives", True, True)
true_negatives = _counter("true_negatives", False, False)
false_positives = _counter("false_positives", False, True)
false_negatives = _counter("false_negatives", True, False)


def _as_bools(predictions, labels, weights):
    return adjusted(cast(predictions, bool_), cast(labels, bool_), weights)


@takes(true_positives)
def precision(**given):
    """(precision, update_op): the share of the predictions that are true whose labels are.

    Both are cast to bool; 0 while no prediction was true. ValueError when the shapes differ.
    """
    return _share("precision", false_positives, **given)


@takes(true_positives)
def recall(**given):
    """(recall, update_op): the share of the labels that are true whose predictions are.

    Both are cast to bool; 0 while no label was true. ValueError when the shapes differ.
    """
    return _share("recall", false_negatives, **given)


def _share(
    default, errors, labels, predictions, weights, metrics_collections, updates_collections, name
):
    """True positives among themselves and what `errors` counts."""
    with variable_scope(name, default, (predictions, labels, weights)):
        predictions, labels, weights = _as_bools(predictions, labels, weights)
        right, right_update = true_positives(labels, predictions, weights)
        wrong, wrong_update = errors(labels, predictions, weights)
        value = _ratio(right, wrong, "value")
        update = _ratio(right_update, wrong_update, "update_op")
        return published(value, update, metrics_collections, updates_collections)


def _ratio(right, wrong, name):
    return where(greater(right + wrong, 0), div(right, right + wrong), 0, name)
