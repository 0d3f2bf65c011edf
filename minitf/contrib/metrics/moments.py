"""`tf.contrib.metrics.streaming_covariance`, `streaming_pearson_correlation`, `cohen_kappa`."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32, float64, int64
from minitf.core.graph import control_dependencies
from minitf.metrics.parts import adjusted, metric_variable, published, read
from minitf.ops.array.basics import size
from minitf.ops.array.masks import where
from minitf.ops.linalg.diagonal import diag_part
from minitf.ops.math.elementwise import cast, less_equal, mul, sqrt
from minitf.ops.math.operators import div_no_nan, truediv
from minitf.ops.reduction.axes import squeeze
from minitf.ops.reduction.confusion import confusion_matrix
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.reduction.weights import broadcast_weights
from minitf.ops.state.assign import assign_add
from minitf.ops.state.variable_scope import variable_scope


def count(values, weights=None, metrics_collections=None, updates_collections=None, name=None):
    """(count, update_op): how many values there were, each counted `weights` (1)."""
    with variable_scope(name, "count", (values, weights)):
        total = metric_variable([], float32, name="count")
        if weights is None:
            number = cast(size(values), float32)
        else:
            values, _, weights = adjusted(cast(values, float32), None, weights)
            number = reduce_sum(broadcast_weights(cast(weights, float32), values))
        with control_dependencies([convert_to_tensor(values)]):
            update = assign_add(total, number)
        return published(read(total), update, metrics_collections, updates_collections)


def streaming_covariance(
    predictions, labels, weights=None, metrics_collections=None, updates_collections=None,
    name=None,
):  # fmt: skip
    """(covariance, update_op) of all predictions and labels so far, unbiased; NaN below two.

    Updated batch by batch after Chan, Golub and LeVeque 1979. ValueError when the shapes differ.
    """
    with variable_scope(name, "covariance", (predictions, labels, weights)):
        predictions, labels, weights = adjusted(predictions, labels, weights)
        names = ("count", "mean_prediction", "mean_label", "comoment")
        number, *means, comoment = (metric_variable([], float32, name=each) for each in names)
        if weights is None:
            batch = cast(size(labels), float32)
        else:
            weights = broadcast_weights(weights, labels)
            batch = reduce_sum(weights)
        counted = assign_add(number, batch)
        before = counted - batch
        ours, theirs = (
            _moved(mean, each, weights, batch, counted)
            for mean, each in zip(means, (predictions, labels))
        )
        products = (predictions - ours.batch) * (labels - theirs.batch)
        added = reduce_sum(products if weights is None else products * weights)
        drift = (ours.before - ours.batch) * (theirs.before - theirs.batch)
        update = assign_add(comoment, added + drift * (before * batch / counted))
        value = _unbiased(comoment, number, "covariance")
        with control_dependencies([update]):
            update = _unbiased(comoment, number, "update_op")
    return published(value, update, metrics_collections, updates_collections)


class _moved:
    """A running mean that takes in a batch: the batch's mean, and its own before."""

    def __init__(self, mean, values, weights, count, counted):
        total = reduce_sum(values if weights is None else mul(values, weights))
        self.batch = div_no_nan(total, count)
        step = div_no_nan((self.batch - mean) * count, counted)
        self.before = assign_add(mean, step) - step


def _unbiased(comoment, number, name):
    few = less_equal(number, 1.0)
    return where(few, float("nan"), truediv(comoment, number - 1), name=name)


def streaming_pearson_correlation(
    predictions, labels, weights=None, metrics_collections=None, updates_collections=None,
    name=None,
):  # fmt: skip
    """(correlation, update_op) of all predictions and labels so far."""
    with variable_scope(name, "pearson_r", (predictions, labels, weights)):
        predictions, labels, weights = adjusted(predictions, labels, weights)
        if weights is not None:
            weights = broadcast_weights(weights, labels)
        pairs = {
            "covariance": (predictions, labels),
            "variance_predictions": (predictions, predictions),
            "variance_labels": (labels, labels),
        }
        found = [streaming_covariance(*pair, weights, name=each) for each, pair in pairs.items()]
        value, update = (
            truediv(both, mul(sqrt(one), sqrt(other)), name=which)
            for (both, one, other), which in zip(zip(*found), ("pearson_r", "update_op"))
        )
    return published(value, update, metrics_collections, updates_collections)


def cohen_kappa(
    labels, predictions_idx, num_classes, weights=None, metrics_collections=None,
    updates_collections=None, name=None,
):  # fmt: skip
    """(kappa, update_op): how far two ratings agree beyond chance, after Cohen 1960; float64.

    ValueError for fewer than two classes or shapes that differ.
    """
    if num_classes < 2:
        raise ValueError(f"`num_classes` must be >= 2.Found: {num_classes}")
    with variable_scope(name, "cohen_kappa", (labels, predictions_idx, weights)):
        labels.shape.with_rank_at_most(2)
        if labels.shape.ndims == 2:
            labels = squeeze(labels, axis=[-1])
        predictions, labels, weights = adjusted(predictions_idx, labels, weights)
        dtype = int64 if weights is None or weights.dtype.is_integer else float32
        kept = [metric_variable((num_classes,), dtype, name=each)
                for each in ("po", "pe_row", "pe_col")]  # fmt: skip
        table = confusion_matrix(labels, predictions, num_classes, dtype, "counts_in_table",
                                 weights)  # fmt: skip
        found = diag_part(table), reduce_sum(table, axis=0), reduce_sum(table, axis=1)
        updates = [assign_add(variable, each) for variable, each in zip(kept, found)]
        value, update = _kappa(*kept, "value"), _kappa(*updates, "update_op")
        return published(value, update, metrics_collections, updates_collections)


def _kappa(agreed, rows, columns, name):
    agreed, total = reduce_sum(agreed), reduce_sum(rows)
    chance = reduce_sum(div_no_nan(cast(rows * columns, float64), cast(total, float64)))
    agreed, total = cast(agreed, float64), cast(total, float64)
    return div_no_nan(agreed - chance, total - chance, name=name)
