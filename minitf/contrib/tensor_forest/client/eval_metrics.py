"""`tensorflow.contrib.tensor_forest.client.eval_metrics`: metrics by name, for MetricSpecs."""
import numpy as np

from minitf import losses, metrics
from minitf.core.dtypes import float32, int32
from minitf.nn.top import in_top_k
from minitf.ops.array.basics import shape
from minitf.ops.array.one_hot import one_hot
from minitf.ops.array.slicing import slice_
from minitf.ops.math.elementwise import cast, squared_difference
from minitf.ops.reduction.axes import squeeze
from minitf.ops.reduction.reduce import reduce_mean, reduce_sum

INFERENCE_PROB_NAME, INFERENCE_PRED_NAME = "probabilities", "classes"
FEATURE_IMPORTANCE_NAME = "global_feature_importance"
_SCORES = "scores"
_THRESHOLDS = np.arange(0, 1, 0.01, dtype=np.float32)


def _top_k_generator(k):
    def _top_k(probabilities, targets):
        targets = cast(targets, int32)
        if targets.get_shape().ndims > 1:
            targets = squeeze(targets, axis=[1])
        return metrics.mean(in_top_k(probabilities, targets, k))

    return _top_k


def _accuracy(predictions, targets, weights=None):
    return metrics.accuracy(labels=targets, predictions=predictions, weights=weights)


def _r2(probabilities, targets, weights=None):
    targets = cast(targets, float32)
    total = reduce_sum(squared_difference(targets, reduce_mean(targets, 0)), 0)
    residuals = reduce_sum(squared_difference(targets, probabilities), 0)
    return metrics.mean(1 - reduce_sum(residuals / total), weights=weights)


def _one_hot(targets, probabilities):
    return one_hot(cast(squeeze(targets, axis=[1]), int32), shape(probabilities)[1])


def _sigmoid_entropy(probabilities, targets, weights=None):
    loss = losses.sigmoid_cross_entropy(_one_hot(targets, probabilities), probabilities)
    return metrics.mean(loss, weights=weights)


def _softmax_entropy(probabilities, targets, weights=None):
    loss = losses.sparse_softmax_cross_entropy(cast(targets, int32), probabilities)
    return metrics.mean(loss, weights=weights)


def _predictions(predictions, unused_targets, **unused_kwargs):
    return predictions


def _class_log_loss(probabilities, targets, weights=None):
    loss = losses.log_loss(_one_hot(targets, probabilities), probabilities)
    return metrics.mean(loss, weights=weights)


def _precision(predictions, targets, weights=None):
    return metrics.precision(labels=targets, predictions=predictions, weights=weights)


def _recall(predictions, targets, weights=None):
    return metrics.recall(labels=targets, predictions=predictions, weights=weights)


def _of_class_1(probabilities):
    return slice_(probabilities, [0, 1], [-1, 1])


def _precision_at_thresholds(predictions, targets, weights=None):
    return metrics.precision_at_thresholds(targets, _of_class_1(predictions), _THRESHOLDS, weights)


def _recall_at_thresholds(predictions, targets, weights=None):
    return metrics.recall_at_thresholds(targets, _of_class_1(predictions), _THRESHOLDS, weights)


def _auc(probs, targets, weights=None):
    return metrics.auc(targets, _of_class_1(probs), weights)


_METRICS = {
    "auc": (_auc, INFERENCE_PROB_NAME),
    "sigmoid_entropy": (_sigmoid_entropy, INFERENCE_PROB_NAME),
    "softmax_entropy": (_softmax_entropy, INFERENCE_PROB_NAME),
    "accuracy": (_accuracy, INFERENCE_PRED_NAME),
    "r2": (_r2, _SCORES),
    "predictions": (_predictions, INFERENCE_PRED_NAME),
    "classification_log_loss": (_class_log_loss, INFERENCE_PROB_NAME),
    "precision": (_precision, INFERENCE_PRED_NAME),
    "precision_at_thresholds": (_precision_at_thresholds, INFERENCE_PROB_NAME),
    "recall": (_recall, INFERENCE_PRED_NAME),
    "recall_at_thresholds": (_recall_at_thresholds, INFERENCE_PROB_NAME),
    "top_5": (_top_k_generator(5), INFERENCE_PROB_NAME),
}


def get_metric(metric_name):
    """The function of this name: (predictions, targets) to (value, update). KeyError for another.
    """
    return _METRICS[metric_name][0]


def get_prediction_key(metric_name):
    """Which of the predictions it is of."""
    return _METRICS[metric_name][1]
