"""Former names of tf.metrics: `tf.contrib.metrics.streaming_accuracy(predictions, labels)`, ..."""
from inspect import Signature, signature

from minitf import metrics
from minitf.core.deprecation import warn_once
from minitf.core.dtypes import float32
from minitf.metrics.at_k import at_k_name
from minitf.metrics.average_precision import streaming_average_precision_at_top_k
from minitf.nn.top import in_top_k
from minitf.ops.math.elementwise import cast


def _former(name, metric, swapped=True, without=(), warns=True):
    """`metric` under its former name: predictions before labels, if `swapped`, and `without` the
    parameters that came later."""
    params = [each for each in signature(metric).parameters.values() if each.name not in without]
    if swapped:
        params[0], params[1] = params[1], params[0]
    call = Signature(params)

    def streaming(*args, **kwargs):
        if warns:
            warn_once(name, f"tf.metrics.{metric.__name__}")
        return metric(**call.bind(*args, **kwargs).arguments)

    streaming.__name__ = streaming.__qualname__ = name
    streaming.__signature__ = call
    streaming.__doc__ = f"As `tf.metrics.{metric.__name__}`" + (
        ", predictions before labels." if swapped else "."
    )
    return streaming


def _named(*names, **options):
    """{former name: function} of metrics that were called streaming_<name>."""
    return {
        f"streaming_{name}": _former(f"streaming_{name}", getattr(metrics, name), **options)
        for name in names
    }


_FORMER = {
    **_named("mean", "mean_tensor", swapped=False),
    **_named("accuracy", "precision", "recall", "true_positives", "true_negatives",
             "false_positives", "false_negatives", "precision_at_thresholds",
             "recall_at_thresholds", "mean_absolute_error", "mean_squared_error",
             "root_mean_squared_error"),
    **_named("sensitivity_at_specificity", "specificity_at_sensitivity", "mean_relative_error",
             "mean_cosine_distance", "mean_iou", warns=False),
    **_named("auc", without=("summation_method", "thresholds")),
    "streaming_percentage_less": _former(
        "streaming_percentage_less", metrics.percentage_below, swapped=False, warns=False
    ),
    "streaming_sparse_recall_at_k": _former(
        "streaming_sparse_recall_at_k", metrics.recall_at_k, warns=False
    ),
    "streaming_sparse_precision_at_k": _former(
        "streaming_sparse_precision_at_k", metrics.precision_at_k, warns=False
    ),
    "streaming_sparse_average_precision_at_k": _former(
        "streaming_sparse_average_precision_at_k", metrics.average_precision_at_k, warns=False
    ),
}  # fmt: skip
globals().update(_FORMER)
__all__ = [
    *_FORMER,
    "sparse_recall_at_top_k",
    "streaming_recall_at_k",
    "streaming_sparse_average_precision_at_top_k",
    "streaming_sparse_precision_at_top_k",
]


def streaming_recall_at_k(
    predictions, labels, k, weights=None, metrics_collections=None, updates_collections=None,
    name=None,
):  # fmt: skip
    """(share, update_op): how often the label, one per row, is among the k best predictions."""
    warn_once("streaming_recall_at_k", "streaming_sparse_recall_at_k")
    found = cast(in_top_k(predictions, labels, k), float32)
    name = name or at_k_name("recall", k)
    return metrics.mean(found, weights, metrics_collections, updates_collections, name)


def streaming_sparse_precision_at_top_k(
    top_k_predictions, labels, class_id=None, weights=None, metrics_collections=None,
    updates_collections=None, name=None,
):  # fmt: skip
    """As `tf.metrics.precision_at_top_k`, predictions before labels."""
    return metrics.precision_at_top_k(labels, top_k_predictions, None, class_id, weights,
                                      metrics_collections, updates_collections, name)  # fmt: skip


def sparse_recall_at_top_k(
    labels, top_k_predictions, class_id=None, weights=None, metrics_collections=None,
    updates_collections=None, name=None,
):  # fmt: skip
    """As `tf.metrics.recall_at_top_k`."""
    return metrics.recall_at_top_k(labels, top_k_predictions, None, class_id, weights,
                                   metrics_collections, updates_collections, name)  # fmt: skip


def streaming_sparse_average_precision_at_top_k(
    top_k_predictions, labels, weights=None, metrics_collections=None, updates_collections=None,
    name=None,
):  # fmt: skip
    """As `tf.metrics.average_precision_at_k`, given the best classes themselves."""
    return streaming_average_precision_at_top_k(
        labels, top_k_predictions, weights, metrics_collections, updates_collections, name
    )
