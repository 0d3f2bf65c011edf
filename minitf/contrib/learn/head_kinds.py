"""The heads of tf.contrib.learn, one class each."""
from minitf import metrics
from minitf.contrib.learn import head_losses
from minitf.contrib.learn.head_base import SingleHead
from minitf.contrib.learn.head_metrics import (
    accuracy_at,
    auc,
    mean_of,
    precision_at,
    recall_at,
    share_of,
)
from minitf.contrib.learn.keys import MetricKey, PredictionKey, ProblemType
from minitf.core.dtypes import int64
from minitf.core.graph import name_scope
from minitf.core.sparse_tensor import SparseTensor
from minitf.nn.activation import sigmoid, softmax
from minitf.ops.array.basics import shape, zeros_like
from minitf.ops.array.joining import concat
from minitf.ops.array.padding import tile
from minitf.ops.array.sequences import range as numbers
from minitf.ops.math.elementwise import cast, greater
from minitf.ops.reduction.axes import expand_dims, squeeze
from minitf.ops.reduction.extremes import argmax
from minitf.ops.sparse.tensors import sparse_to_indicator
from minitf.ops.strings.numbers import as_string
from minitf.ops.tables.vocabulary import (
    index_table_from_tensor,
    index_to_string_table_from_tensor,
)


class _RegressionHead(SingleHead):
    """Numbers, `link_fn` of the logits."""

    _default_name = "regression_head"

    def __init__(self, label_dimension, loss_fn, link_fn, logits_dimension=None, **given):
        count = label_dimension if logits_dimension is None else logits_dimension
        super().__init__(ProblemType.LINEAR_REGRESSION, count, **given)
        self._loss_fn, self._link_fn = loss_fn, link_fn

    def _logits_to_predictions(self, logits):
        with name_scope(None, "predictions", [logits]):
            if self.logits_dimension == 1:
                logits = squeeze(logits, [1], name=PredictionKey.SCORES)
            return {PredictionKey.SCORES: self._link_fn(logits)}

    def _metrics(self, predictions, labels, weights):
        return {}


def _of_two(logits):
    """The logits of two classes, of which the first is 0."""
    return concat([zeros_like(logits), logits], 1)


class _WithClasses(SingleHead):
    """A head that exports the probabilities of classes, and their names."""

    _label_keys = None

    def _output_alternative(self, predictions):
        likely = predictions[PredictionKey.PROBABILITIES]
        with name_scope(None, "_classification_output_alternatives", [likely]):
            each = self._label_keys or numbers(shape(likely)[1])
            classes = tile(expand_dims(each, 0), [shape(likely)[0], 1])
            classes = classes if self._label_keys else as_string(classes, name="classes_tensor")
        exported = {PredictionKey.PROBABILITIES: likely, PredictionKey.CLASSES: classes}
        return self._problem_type, exported


class _BinaryLogisticHead(_WithClasses):
    """Two classes, by one logit."""

    _default_name = "binary_logistic_head"

    def __init__(self, loss_fn=None, **given):
        super().__init__(ProblemType.LOGISTIC_REGRESSION, 1, **given)
        self._loss_fn = loss_fn or head_losses.log_loss_with_two_classes

    def _logits_to_predictions(self, logits):
        with name_scope(None, "predictions", [logits]):
            both, key = _of_two(logits), PredictionKey
            return {
                key.LOGITS: logits,
                key.LOGISTIC: sigmoid(logits, name=key.LOGISTIC),
                key.PROBABILITIES: softmax(both, name=key.PROBABILITIES),
                key.CLASSES: argmax(both, 1, name=key.CLASSES),
            }

    def _metrics(self, predictions, labels, weights):
        key, logistic = MetricKey, predictions[PredictionKey.LOGISTIC]
        given = logistic, labels, weights
        found = {
            key.ACCURACY: metrics.accuracy(labels, predictions[PredictionKey.CLASSES], weights),
            key.PREDICTION_MEAN: mean_of(logistic, weights),
            key.LABEL_MEAN: mean_of(labels, weights),
            key.ACCURACY_BASELINE: mean_of(labels, weights),
            key.AUC: auc(*given),
            key.AUC_PR: auc(*given, curve="PR"),
        }
        for threshold in self._thresholds:
            found[key.ACCURACY_MEAN % threshold] = accuracy_at(threshold, *given)
            found[key.PRECISION_MEAN % threshold] = precision_at(threshold, *given)
            found[key.RECALL_MEAN % threshold] = recall_at(threshold, *given)
        return found


class _BinarySvmHead(SingleHead):
    """Two classes, by one logit, as far from 0 as can be."""

    _default_name = "binary_svm_head"
    _loss_fn = staticmethod(head_losses.hinge)

    def __init__(self, **given):
        super().__init__(ProblemType.LOGISTIC_REGRESSION, 1, **given)

    def _logits_to_predictions(self, logits):
        with name_scope(None, "predictions", [logits]):
            classes = argmax(_of_two(logits), 1, name=PredictionKey.CLASSES)
            return {PredictionKey.LOGITS: logits, PredictionKey.CLASSES: classes}

    def _metrics(self, predictions, labels, weights):
        classes = predictions[PredictionKey.CLASSES]
        return {MetricKey.ACCURACY: metrics.accuracy(labels, classes, weights)}


class _OfManyClasses(_WithClasses):
    def __init__(self, n_classes, metric_class_ids=None, **given):
        super().__init__(ProblemType.CLASSIFICATION, n_classes, **given)
        self._metric_class_ids = tuple(metric_class_ids or ())
        for class_id in self._metric_class_ids:
            if not 0 <= class_id < n_classes:
                raise ValueError(f"Class ID {class_id} not in [0, {n_classes}).")


class _MultiClassHead(_OfManyClasses):
    """One of many classes: numbers, or the words of `label_keys`."""

    _default_name = "multi_class_head"

    def __init__(self, n_classes, loss_fn=None, label_keys=None, **given):
        if n_classes is None or n_classes <= 2:
            raise ValueError(f"n_classes must be > 2: {n_classes}.")
        super().__init__(n_classes, **given)
        self._loss_of_ids = loss_fn or head_losses.softmax_cross_entropy
        if label_keys and len(label_keys) != n_classes:
            raise ValueError("Length of label_keys must equal n_classes.")
        self._label_keys = label_keys

    def _transform_labels(self, labels):
        """(labels, their numbers)."""
        labels = super()._transform_labels(labels)
        if not self._label_keys:
            return labels, labels
        table = index_table_from_tensor(self._label_keys, name="label_id_lookup")
        return labels, table.lookup(labels)

    def _loss_fn(self, labels, logits, weights=None):
        return self._loss_of_ids(labels[1], logits, weights)

    def _logits_to_predictions(self, logits):
        with name_scope(None, "predictions", [logits]):
            key = PredictionKey
            classes = argmax(logits, 1, name=key.CLASSES)
            if self._label_keys:
                table = index_to_string_table_from_tensor(self._label_keys,
                                                          name="class_string_lookup")  # fmt: skip
                classes = table.lookup(classes)
            return {key.LOGITS: logits, key.CLASSES: classes,
                    key.PROBABILITIES: softmax(logits, name=key.PROBABILITIES)}  # fmt: skip

    def _metrics(self, predictions, labels, weights):
        (labels, ids), key = labels, MetricKey
        classes = predictions[PredictionKey.CLASSES]
        found = {key.ACCURACY: metrics.accuracy(labels, classes, weights)}
        for i in () if self._label_keys else self._metric_class_ids:
            found[key.CLASS_PREDICTION_MEAN % i] = share_of(i, classes, weights)
            found[key.CLASS_LABEL_MEAN % i] = share_of(i, ids, weights)
            found |= _means_of_class(i, predictions, weights)
        return found


def _means_of_class(i, predictions, weights):
    likely, logits = predictions[PredictionKey.PROBABILITIES], predictions[PredictionKey.LOGITS]
    return {MetricKey.CLASS_PROBABILITY_MEAN % i: mean_of(likely, weights, i),
            MetricKey.CLASS_LOGITS_MEAN % i: mean_of(logits, weights, i)}  # fmt: skip


class _MultiLabelHead(_OfManyClasses):
    """Any of many classes."""

    _default_name = "multi_label_head"

    def __init__(self, n_classes, loss_fn=None, **given):
        super().__init__(n_classes, **given)
        self._loss_fn = loss_fn or head_losses.sigmoid_cross_entropy

    def _transform_labels(self, labels):
        if not isinstance(labels, SparseTensor):
            return labels
        return cast(sparse_to_indicator(labels, self.logits_dimension), int64)

    def _logits_to_predictions(self, logits):
        with name_scope(None, "predictions", [logits]):
            key = PredictionKey
            return {key.LOGITS: logits,
                    key.PROBABILITIES: sigmoid(logits, name=key.PROBABILITIES),
                    key.CLASSES: cast(greater(logits, 0), int64, name=key.CLASSES)}  # fmt: skip

    def _metrics(self, predictions, labels, weights):
        key, classes = MetricKey, predictions[PredictionKey.CLASSES]
        given = predictions[PredictionKey.PROBABILITIES], labels, weights
        found = {
            key.ACCURACY: metrics.accuracy(labels, classes, weights),
            key.AUC: auc(*given),
            key.AUC_PR: auc(*given, curve="PR"),
        }
        for i in self._metric_class_ids:
            found[key.CLASS_PREDICTION_MEAN % i] = mean_of(classes, weights, i)
            found[key.CLASS_LABEL_MEAN % i] = mean_of(labels, weights, i)
            found |= _means_of_class(i, predictions, weights)
            found[key.CLASS_AUC % i] = auc(*given, class_id=i)
            found[key.CLASS_AUC_PR % i] = auc(*given, class_id=i, curve="PR")
        return found
