"""The metrics of a model, output by output."""
from collections.abc import Mapping

import minitf as tf
from minitf.core.behavior import version_2
from minitf.keras import losses
from minitf.keras import metrics as metrics_module
from minitf.keras.utils.losses_utils import squeeze_or_expand
from minitf.keras.utils.names import check_for_unexpected_keys, to_list

_ACCURACY, _ENTROPY = ("accuracy", "acc"), ("crossentropy", "ce")


def per_output(metrics, output_names, output_shapes, loss_fns, is_weighted=False):
    """[{name: Metric}, ...]: the metrics of each output. TypeError, ValueError for others."""
    if not metrics:
        return [{} for _ in output_names]
    found = []
    for shape, loss, own in zip(output_shapes, loss_fns, _nested(metrics, output_names)):
        named = {}
        for metric in own:
            name = metric_name(metric, is_weighted)
            function = metric_function(metric, shape, loss)
            if not isinstance(function, metrics_module.Metric):
                function = metrics_module.MeanMetricWrapper(function, name=name)
            named[name] = function
        found.append(named)
    return found


def _nested(metrics, output_names):
    if isinstance(metrics, (list, tuple)):
        metrics = list(metrics)
        if any(isinstance(metric, list) for metric in metrics):
            if len(metrics) != len(output_names):
                raise ValueError(
                    "When passing a list of lists as `metrics`, it should have one entry per "
                    f"model output. The model has {len(output_names)} outputs, but you passed "
                    f"metrics={metrics}"
                )
            return [to_list(metric) for metric in metrics]
        if len(output_names) > 1:
            return [[metrics_module.clone_metric(m) for m in metrics] for _ in output_names]
        return [metrics]
    if isinstance(metrics, Mapping):
        check_for_unexpected_keys("metrics", metrics, output_names)
        return [to_list(metrics.get(name, [])) for name in output_names]
    raise TypeError(
        f"Type of `metrics` argument not understood. Expected a list or dictionary, found: "
        f"{metrics}"
    )


def metric_name(metric, weighted=False):
    """The name of a metric: "acc" for "accuracy"; as it is said where version 2 holds."""
    if version_2() and isinstance(metric, str):
        return metric
    prefix = "weighted_" if weighted and not version_2() else ""
    if isinstance(metric, str) and metric in _ACCURACY + _ENTROPY:
        return prefix + ("acc" if metric in _ACCURACY else "ce")
    function = metrics_module.get(metric)
    return prefix + (function.name if hasattr(function, "name") else function.__name__)


def metric_function(metric, output_shape=None, loss_fn=None):
    """The metric; "accuracy" and "crossentropy" are those that go with the loss."""
    if not isinstance(metric, str) or metric not in _ACCURACY + _ENTROPY:
        return metrics_module.get(metric)
    function = getattr(loss_fn, "fn", None)
    kind = "categorical"
    if output_shape[-1] == 1 or function is losses.binary_crossentropy:
        kind = "binary"
    elif function is losses.sparse_categorical_crossentropy:
        kind = "sparse_categorical"
    suffix = "accuracy" if metric in _ACCURACY else "crossentropy"
    return getattr(metrics_module, f"{kind}_{suffix}")


def masked_weights(mask, y_pred, weights):
    """Weights of samples, 0 where they are masked."""
    if mask is None:
        return weights
    mask = tf.cast(mask, y_pred.dtype)
    if weights is None:
        return mask
    mask, _, weights = squeeze_or_expand(mask, None, weights)
    return weights * mask


def called(metric, y_true, y_pred, weights=None, mask=None):
    """The result of a metric, updated by these predictions."""
    return metric(y_true, y_pred, sample_weight=masked_weights(mask, y_pred, weights))
