"""`regression_target`, `multi_class_target`, `binary_svm_target`: what a model is to give for one
label, its loss and its metrics."""
from minitf.contrib.losses.loss_ops import hinge_loss
from minitf.contrib.metrics import former as metrics_of
from minitf.core.dtypes import float32
from minitf.core.graph import control_dependencies
from minitf.nn.activation import sigmoid, softmax
from minitf.nn.loss import (
    sigmoid_cross_entropy_with_logits,
    sparse_softmax_cross_entropy_with_logits,
)
from minitf.ops.array.basics import rank, reshape, shape, zeros_like
from minitf.ops.array.joining import concat
from minitf.ops.control_flow.control import Assert
from minitf.ops.math.elementwise import (
    cast,
    greater_equal,
    less_equal,
    mul,
    squared_difference,
)
from minitf.ops.math.operators import div
from minitf.ops.reduction.axes import expand_dims, squeeze
from minitf.ops.reduction.extremes import argmax
from minitf.ops.reduction.reduce import reduce_mean, reduce_sum


class ProblemType:
    """What a label is."""

    UNSPECIFIED, CLASSIFICATION, LINEAR_REGRESSION, LOGISTIC_REGRESSION = range(4)


def regression_target(label_name=None, weight_column_name=None, label_dimension=1):
    """A number, or several, with the squared error as loss."""
    return _RegressionTargetColumn(_squared_error, label_name, weight_column_name, label_dimension)


def multi_class_target(n_classes, label_name=None, weight_column_name=None):
    """One of `n_classes`, with the cross entropy as loss. ValueError for less than 2."""
    if n_classes < 2:
        raise ValueError("n_classes must be > 1 for classification.")
    loss = _cross_entropy_of_two if n_classes == 2 else _cross_entropy
    return _MultiClassTargetColumn(loss, n_classes, label_name, weight_column_name)


def binary_svm_target(label_name=None, weight_column_name=None):
    """One of two classes, with the hinge loss."""
    return _BinarySvmTargetColumn(label_name, weight_column_name)


class _TargetColumn:
    """What is said of one label."""

    def __init__(self, loss_fn, num_label_columns, label_name, weight_column_name, problem_type):
        if not loss_fn:
            raise ValueError("loss_fn must be provided")
        if num_label_columns is None:
            raise ValueError("num_label_columns must be provided")
        self._loss_fn, self._num_label_columns = loss_fn, num_label_columns
        self._label_name, self._weight_column_name = label_name, weight_column_name
        self._problem_type = problem_type

    label_name = property(lambda self: self._label_name)
    weight_column_name = property(lambda self: self._weight_column_name)
    num_label_columns = property(lambda self: self._num_label_columns)
    problem_type = property(lambda self: self._problem_type)

    def logits_to_predictions(self, logits, proba=False):
        """What is predicted."""
        raise NotImplementedError()

    def get_eval_ops(self, features, logits, labels, metrics=None):
        """{name: (value, update)} of metrics."""
        raise NotImplementedError

    def get_weight_tensor(self, features):
        """The weights of examples, or None."""
        if not self._weight_column_name:
            return None
        return reshape(cast(features[self._weight_column_name], float32), shape=(-1,))

    def training_loss(self, logits, target, features, name="training_loss"):
        """The mean over the examples, weighted if they have weights."""
        return reduce_mean(self._weighted(logits, target, features)[0], name=name)

    def loss(self, logits, target, features):
        """The mean over the examples, by the sum of the weights if they have some."""
        losses, weights = self._weighted(logits, target, features)
        if weights is None:
            return reduce_mean(losses, name="loss")
        return div(reduce_sum(losses), cast(reduce_sum(weights), float32), name="loss")

    def _weighted(self, logits, target, features):
        target = target[self._label_name] if isinstance(target, dict) else target
        losses, weights = self._loss_fn(logits, target), self.get_weight_tensor(features)
        if weights is None:
            return losses, None
        return mul(reshape(losses, shape=(-1,)), reshape(weights, shape=(-1,))), weights

    def _metrics(self, predictions, labels, metrics, features):
        weights, labels = self.get_weight_tensor(features), cast(labels, predictions.dtype)
        given = {} if weights is None else {"weights": weights}
        return {name: metric(predictions, labels, **given) for name, metric in metrics.items()}


class _RegressionTargetColumn(_TargetColumn):
    def __init__(self, loss_fn, label_name, weight_column_name, label_dimension):
        super().__init__(loss_fn, label_dimension, label_name, weight_column_name,
                         ProblemType.LINEAR_REGRESSION)  # fmt: skip

    def logits_to_predictions(self, logits, proba=False):
        return squeeze(logits, axis=[1]) if self.num_label_columns == 1 else logits

    def get_eval_ops(self, features, logits, labels, metrics=None):
        result = {"loss": metrics_of.streaming_mean(self.loss(logits, labels, features))}
        if metrics:
            predictions = self.logits_to_predictions(logits)
            result.update(self._metrics(predictions, labels, metrics, features))
        return result


class _MultiClassTargetColumn(_TargetColumn):
    def __init__(self, loss_fn, n_classes, label_name, weight_column_name):
        if n_classes < 2:
            raise ValueError("n_classes must be >= 2")
        super().__init__(loss_fn, 1 if n_classes == 2 else n_classes, label_name,
                         weight_column_name, ProblemType.CLASSIFICATION)  # fmt: skip

    def logits_to_predictions(self, logits, proba=False):
        """The class, or the probabilities of all."""
        if self.num_label_columns == 1:
            logits = _of_both(logits)
        return softmax(logits) if proba else argmax(logits, 1)

    def get_eval_ops(self, features, logits, labels, metrics=None):
        """{name: (value, update)}: `metrics` are of classes, unless their names are (name,
        "probabilities"); by default it is the accuracy."""
        result = {"loss": metrics_of.streaming_mean(self.loss(logits, labels, features))}
        if metrics is None:
            metrics = {("accuracy", "classes"): metrics_of.streaming_accuracy}
        if self._num_label_columns == 1:
            predictions, floats = sigmoid(logits), cast(labels, float32)
            for name, metric in get_default_binary_metrics_for_eval([0.5]).items():
                result[name] = metric(predictions, floats)
        by_kind = {"classes": {}, "probabilities": {}}
        for name, metric in metrics.items():
            own, kind = _name_and_kind(name)
            by_kind[kind][own] = metric
        for kind, chosen in by_kind.items():
            if chosen:
                predictions = self.logits_to_predictions(logits, proba=kind == "probabilities")
                result.update(self._metrics(predictions, labels, chosen, features))
        return result


def _name_and_kind(name):
    if isinstance(name, str):
        return name, "classes"
    if not isinstance(name, tuple):
        raise ValueError(f"Ignoring metric {name}. Its name is not in the correct form.")
    if len(name) != 2:
        raise ValueError(f"Ignoring metric {name}. It returned a tuple with len {len(name)}, "
                         "expected 2.")  # fmt: skip
    if name[1] not in ("classes", "probabilities"):
        raise ValueError(f"Ignoring metric {name}. The 2nd element of its name should be either "
                         "'classes' or 'probabilities'.")  # fmt: skip
    return name


class _BinarySvmTargetColumn(_MultiClassTargetColumn):
    def __init__(self, label_name, weight_column_name):
        super().__init__(_hinge, 2, label_name, weight_column_name)

    def logits_to_predictions(self, logits, proba=False):
        if proba:
            raise ValueError("logits to probabilities is not supported for _BinarySvmTargetColumn")
        return argmax(_of_both(logits), 1)


def _of_both(logits):
    """The logits of both classes, of those of the second."""
    return concat([zeros_like(logits), logits], 1)


# -- losses of each example -----------------------------------------------------------------------


def _column(target):
    return expand_dims(target, axis=1) if len(target.shape) == 1 else target


def _squared_error(logits, target):
    target = _column(target)
    logits.shape.assert_is_compatible_with(target.shape)
    return squared_difference(logits, cast(target, float32))


def _cross_entropy_of_two(logits, target):
    return sigmoid_cross_entropy_with_logits(labels=cast(_column(target), float32), logits=logits)


def _cross_entropy(logits, target):
    if not target.dtype.is_integer:
        raise ValueError(f"Target's dtype should be integer Instead got {target.dtype}.")
    target = squeeze(target, axis=[1]) if len(target.shape) == 2 else target
    return sparse_softmax_cross_entropy_with_logits(labels=target, logits=logits)


def _hinge(logits, target):
    fits = Assert(less_equal(rank(target), 2),
                  ["target's shape should be either [batch_size, 1] or [batch_size]"])  # fmt: skip
    with control_dependencies([fits]):
        target = reshape(target, shape=[shape(target)[0], 1])
    return hinge_loss(logits, target)


# -- metrics --------------------------------------------------------------------------------------


def get_default_binary_metrics_for_eval(thresholds):
    """{name: metric(probabilities, labels, weights=None)} for labels of two classes."""
    def of_labels(predictions, labels, weights=None):
        return metrics_of.streaming_mean(labels, weights=weights)

    def of_predictions(predictions, labels, weights=None):
        return metrics_of.streaming_mean(predictions, weights=weights)

    def auc(predictions, labels, weights=None):
        return metrics_of.streaming_auc(predictions, labels, weights=_as_float(weights))

    found = {"labels/prediction_mean": of_predictions, "labels/actual_target_mean": of_labels,
             "accuracy/baseline_target_mean": of_labels, "auc": auc}  # fmt: skip
    precision = metrics_of.streaming_precision_at_thresholds
    recall = metrics_of.streaming_recall_at_thresholds
    for threshold in thresholds:
        found[f"accuracy/threshold_{threshold:f}_mean"] = _accuracy_at(threshold)
        found[f"precision/positive_threshold_{threshold:f}_mean"] = _at(precision, threshold)
        found[f"recall/positive_threshold_{threshold:f}_mean"] = _at(recall, threshold)
    return found


def _as_float(weights):
    return None if weights is None else cast(weights, float32)


def _accuracy_at(threshold):
    def accuracy(predictions, labels, weights=None):
        chosen = cast(greater_equal(predictions, threshold), float32)
        return metrics_of.streaming_accuracy(predictions=chosen, labels=labels, weights=weights)

    return accuracy


def _at(metric, threshold):
    def at_threshold(predictions, labels, weights=None):
        value, update = metric(predictions, labels=labels, thresholds=[threshold],
                               weights=_as_float(weights))  # fmt: skip
        return squeeze(value), update

    return at_threshold
