"""`tf.contrib.learn.LogisticRegressor`: the metrics of probabilities for any model of them."""
from minitf import metrics
from minitf.contrib.learn.estimator import Estimator, ModeKeys, ModelFnOps
from minitf.contrib.learn.keys import MetricKey, ProblemType
from minitf.core.dtypes import float32
from minitf.ops.math.elementwise import cast, greater_equal


def LogisticRegressor(
    model_fn, thresholds=None, model_dir=None, config=None, feature_engineering_fn=None
):
    """An Estimator of `model_fn(features, labels, mode)`, which returns (probabilities of the label
    1, loss, train_op): it is evaluated as models of two classes are, for these `thresholds`."""

    def with_metrics(features, labels, mode, params):
        predictions, loss, train_op = model_fn(features, labels, mode)
        found = None
        if mode == ModeKeys.EVAL:
            found = _metrics(labels, predictions, params["thresholds"] or [0.5])
        exported = {"head": (ProblemType.LOGISTIC_REGRESSION, {"predictions": predictions})}
        return ModelFnOps(mode, predictions, loss, train_op, found, exported)

    return Estimator(with_metrics, model_dir, config, {"thresholds": thresholds},
                     feature_engineering_fn)  # fmt: skip


def _metrics(labels, predictions, thresholds):
    if isinstance(labels, dict) and len(labels) == 1:
        labels = next(iter(labels.values()))
    key = MetricKey
    found = {
        key.PREDICTION_MEAN: metrics.mean(predictions),
        key.LABEL_MEAN: metrics.mean(labels),
        key.ACCURACY_BASELINE: metrics.mean(labels),
        key.AUC: metrics.auc(labels, predictions),
    }
    for threshold in thresholds:
        above = cast(greater_equal(predictions, threshold), float32,
                     name=f"predictions_at_threshold_{threshold:f}")  # fmt: skip
        found[key.ACCURACY_MEAN % threshold] = metrics.accuracy(labels, above)
        found[key.PRECISION_MEAN % threshold] = metrics.precision(labels, above)
        found[key.RECALL_MEAN % threshold] = metrics.recall(labels, above)
    return found
