"""Heads for classes: one of two, one of many, any of many."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32, int32, int64, string
from minitf.core.graph import name_scope
from minitf.core.sparse_tensor import SparseTensor
from minitf.estimator.heads import checks, metrics
from minitf.estimator.heads.base import Head, LossSpec
from minitf.losses.classification import sigmoid_cross_entropy, sparse_softmax_cross_entropy
from minitf.losses.weighted import Reduction, compute_weighted_loss
from minitf.metrics.counts import precision, recall
from minitf.metrics.means import accuracy
from minitf.nn.activation import sigmoid, softmax
from minitf.nn.loss import sigmoid_cross_entropy_with_logits
from minitf.ops.array.basics import ones, rank, shape, zeros, zeros_like
from minitf.ops.array.joining import concat
from minitf.ops.array.padding import tile
from minitf.ops.array.sequences import range as range_
from minitf.ops.array.slicing import slice_
from minitf.ops.math.elementwise import cast
from minitf.ops.reduction.axes import expand_dims
from minitf.ops.reduction.extremes import argmax
from minitf.ops.reduction.reduce import reduce_mean
from minitf.ops.sparse.tensors import sparse_to_indicator
from minitf.ops.strings.numbers import as_string
from minitf.ops.tables.vocabulary import (
    index_table_from_tensor,
    index_to_string_table_from_tensor,
)
from minitf.saved_model.export_outputs import ClassificationOutput, RegressionOutput


def _check_vocabulary(vocabulary, error=TypeError):
    if vocabulary is not None and not isinstance(vocabulary, (list, tuple)):
        raise error(f"label_vocabulary should be a list or tuple. Given type: {type(vocabulary)}")


def _checked_thresholds(thresholds):
    thresholds = tuple(thresholds or ())
    for threshold in thresholds:
        if not 0.0 < threshold < 1.0:
            raise ValueError(f"thresholds not in (0, 1): {(thresholds,)}.")
    return thresholds


def _in_each_row(logits, values):
    """The values [rows, values], once for each row of logits."""
    rows = shape(logits)[0]
    return tile(expand_dims(values, axis=0), [rows, 1])


class _ClassHead(Head):
    """A head for `n_classes` classes, with the words of `label_vocabulary` or numbers."""

    def __init__(self, n_classes, label_vocabulary, *rest):
        super().__init__(*rest)
        self._n_classes, self._vocabulary = n_classes, label_vocabulary

    logits_dimension = property(lambda self: self._n_classes)

    def _all_classes(self, logits):
        words = self._vocabulary or as_string(range_(self._n_classes))
        return _in_each_row(logits, words)

    def _class_names(self, class_ids):
        if not self._vocabulary:
            return as_string(class_ids, name="str_classes")
        table = index_to_string_table_from_tensor(self._vocabulary, name="class_string_lookup")
        return table.lookup(class_ids)

    def _looked_up(self, labels):
        table = index_table_from_tensor(tuple(self._vocabulary), name="class_id_lookup")
        return table.lookup(labels)

    def _scores(self, probabilities):
        return ClassificationOutput(probabilities, self._all_classes(probabilities))

    def _served(self, predictions):
        return {"classification": self._scores(predictions["probabilities"])}


class MultiClassHead(_ClassHead):
    """One of more than two classes: softmax cross entropy."""

    def __init__(self, n_classes, weight_column=None, label_vocabulary=None,
                 loss_reduction=Reduction.SUM, loss_fn=None, name=None):
        _check_vocabulary(label_vocabulary, ValueError)
        checks.check_reduction(loss_reduction)
        checks.check_loss_fn(loss_fn)
        if n_classes is None:
            raise ValueError("n_classes cannot be None")
        if n_classes <= 2:
            raise ValueError(f"n_classes must be > 2: {n_classes}.")
        super().__init__(n_classes, label_vocabulary, weight_column, loss_reduction, loss_fn, name)

    def _predictions(self, logits):
        logits = checks.checked_logits(logits, self._n_classes)
        with name_scope(None, "predictions", (logits,)):
            all_ids = _in_each_row(logits, range_(self._n_classes))
            all_classes = self._all_classes(logits)
            ids = expand_dims(argmax(logits, axis=-1, name="class_ids"), axis=-1)
            classes = self._class_names(ids)
            return {"logits": logits, "probabilities": softmax(logits, name="probabilities"),
                    "class_ids": ids, "classes": classes, "all_class_ids": all_ids,
                    "all_classes": all_classes}  # fmt: skip

    def _label_ids(self, labels):
        if self._vocabulary is None:
            if not labels.dtype.is_integer:
                raise ValueError(f"Labels dtype should be integer. Instead got {labels.dtype}.")
            ids = labels
        else:
            if labels.dtype != string:
                raise ValueError("Labels dtype should be string if there is a vocabulary. Instead "
                                 f"got {labels.dtype}")  # fmt: skip
            ids = self._looked_up(labels)
        return checks.in_range(ids, self._n_classes)

    def create_loss(self, features, mode, logits, labels):
        """Of labels [..., 1], numbers of classes or words."""
        logits = convert_to_tensor(logits)
        ids = self._label_ids(checks.checked_labels(labels, logits, 1))
        if self._loss_fn:
            loss = checks.called_loss(self._loss_fn, ids, logits, features)
        else:
            loss = sparse_softmax_cross_entropy(ids, logits, reduction=Reduction.NONE)
            loss = expand_dims(loss, axis=-1)
        weights = checks.example_weights(features, self._weight_column, logits)
        total = compute_weighted_loss(loss, weights, reduction=self._loss_reduction)
        return LossSpec(total, loss, weights, ids)

    def _metrics(self, labels, predictions, weights):
        return {"accuracy": accuracy(labels, predictions["class_ids"], weights, name="accuracy")}


class BinaryHead(_ClassHead):
    """One of two classes: sigmoid cross entropy of one logit."""

    logits_dimension = property(lambda self: 1)

    def __init__(self, weight_column=None, thresholds=None, label_vocabulary=None,
                 loss_reduction=Reduction.SUM, loss_fn=None, name=None):
        self._thresholds = _checked_thresholds(thresholds)
        _check_vocabulary(label_vocabulary)
        checks.check_reduction(loss_reduction)
        checks.check_loss_fn(loss_fn)
        super().__init__(2, label_vocabulary, weight_column, loss_reduction, loss_fn, name)

    def _predictions(self, logits):
        with name_scope(None, "predictions", (logits,)):
            logits = checks.checked_logits(logits, 1)
            logistic = sigmoid(logits, name="logistic")
            both = concat((zeros_like(logits), logits), axis=-1, name="two_class_logits")
            probabilities = softmax(both, name="probabilities")
            ids = expand_dims(argmax(both, axis=-1, name="class_ids"), axis=-1)
            all_ids = _in_each_row(logits, range_(2))
            all_classes = self._all_classes(logits)
            return {"logits": logits, "logistic": logistic, "probabilities": probabilities,
                    "class_ids": ids, "classes": self._class_names(ids),
                    "all_class_ids": all_ids, "all_classes": all_classes}  # fmt: skip

    def _served(self, predictions):
        return {**super()._served(predictions),
                "regression": RegressionOutput(predictions["logistic"])}  # fmt: skip

    def create_loss(self, features, mode, logits, labels):
        """Of labels [..., 1], numbers from 0 to 1, or words."""
        logits = convert_to_tensor(logits)
        labels = checks.checked_labels(labels, logits, 1)
        if self._vocabulary is not None:
            labels = self._looked_up(labels)
        labels = checks.in_range(cast(labels, float32), 2)
        if self._loss_fn:
            loss = checks.called_loss(self._loss_fn, labels, logits, features)
        else:
            loss = sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)
        weights = checks.example_weights(features, self._weight_column, logits)
        total = compute_weighted_loss(loss, weights, reduction=self._loss_reduction)
        return LossSpec(total, loss, weights, labels)

    def _metrics(self, labels, predictions, weights):
        ids, logistic = predictions["class_ids"], predictions["logistic"]
        labels_mean = metrics.mean_of(labels, weights, "labels", "label/mean")
        found = {
            "accuracy": accuracy(labels, ids, weights, name="accuracy"),
            "precision": precision(labels, ids, weights, name="precision"),
            "recall": recall(labels, ids, weights, name="recall"),
            "prediction/mean": metrics.mean_of(logistic, weights, "predictions",
                                               "prediction/mean"),
            "label/mean": labels_mean, "accuracy_baseline": metrics.accuracy_baseline(labels_mean),
            "auc": metrics.area(labels, logistic, weights, name="auc"),
            "auc_precision_recall": metrics.area(labels, logistic, weights, "PR",
                                                 "auc_precision_recall"),
        }  # fmt: skip
        for threshold in self._thresholds:
            found.update(metrics.at_threshold(labels, logistic, weights, threshold))
        return found


class MultiLabelHead(_ClassHead):
    """Any of several classes: the mean of their sigmoid cross entropies."""

    def __init__(self, n_classes, weight_column=None, thresholds=None, label_vocabulary=None,
                 loss_reduction=Reduction.SUM_OVER_BATCH_SIZE, loss_fn=None,
                 classes_for_class_based_metrics=None, name=None):
        self._thresholds = _checked_thresholds(thresholds)
        if n_classes is None or n_classes < 2:
            raise ValueError("n_classes must be > 1 for multi-class classification. Given: "
                             f"{n_classes}")  # fmt: skip
        if label_vocabulary and n_classes != len(label_vocabulary):
            raise ValueError("Length of label_vocabulary must be n_classes. Given: "
                             f"n_classes={n_classes}, {len(label_vocabulary)} words")  # fmt: skip
        checks.check_loss_fn(loss_fn)
        checks.check_reduction(loss_reduction)
        super().__init__(n_classes, label_vocabulary, weight_column, loss_reduction, loss_fn, name)
        self._classes = [self._numbered(each) for each in classes_for_class_based_metrics or ()]

    def _numbered(self, each):
        number = self._vocabulary.index(each) if isinstance(each, str) else each
        if not 0 <= number < self._n_classes:
            raise ValueError("All classes_for_class_based_metrics must be in range [0, "
                             f"{self._n_classes - 1}]. Given: {each}")  # fmt: skip
        return number

    def _predictions(self, logits):
        logits = checks.checked_logits(logits, self._n_classes)
        with name_scope(None, "predictions", (logits,)):
            return {"logits": logits, "probabilities": sigmoid(logits, name="probabilities")}

    def create_loss(self, features, mode, logits, labels):
        """Of labels [..., n_classes], 0 or 1, or the numbers or words of a SparseTensor."""
        logits = convert_to_tensor(logits)
        labels = checks.checked_labels(self._indicators(labels), logits, self._n_classes)
        if self._loss_fn:
            loss = checks.called_loss(self._loss_fn, labels, logits, features)
        else:
            loss = sigmoid_cross_entropy(labels, logits, reduction=Reduction.NONE)
            loss = reduce_mean(loss, axis=-1, keepdims=True)
        weights = checks.example_weights(features, self._weight_column, logits)
        total = compute_weighted_loss(loss, weights, reduction=self._loss_reduction)
        return LossSpec(total, loss, weights, labels)

    def _indicators(self, labels):
        if labels is None:
            raise ValueError(checks.NO_LABELS)
        if not isinstance(labels, SparseTensor):
            wanted = "labels must be an integer indicator Tensor with values in [0, 1]"
            return checks.in_range(labels, 2, wanted)
        if labels.dtype == string:
            ids = self._looked_up(labels.values)
        else:
            wanted = ("labels must be an integer SparseTensor with values in "
                      f"[0, {self._n_classes})")  # fmt: skip
            ids = checks.in_range(labels.values, self._n_classes, wanted)
        labels = SparseTensor(labels.indices, ids, labels.dense_shape)
        return cast(sparse_to_indicator(labels, self._n_classes), int64)

    def _metrics(self, labels, predictions, weights):
        probabilities = predictions["probabilities"]
        found = {"auc": metrics.area(labels, probabilities, weights, name="auc"),
                 "auc_precision_recall": metrics.area(labels, probabilities, weights, "PR",
                                                      "auc_precision_recall")}  # fmt: skip
        for threshold in self._thresholds:
            found.update(metrics.at_threshold(labels, probabilities, weights, threshold))
        for number in self._classes:
            found.update(self._of_class(number, labels, probabilities, weights))
        return found

    def _of_class(self, number, labels, probabilities, weights):
        axes = rank(probabilities) - 1
        begin = concat([zeros([axes], dtype=int32), [number]], axis=0)
        size = concat([-1 * ones([axes], dtype=int32), [1]], axis=0)
        probabilities, labels = (slice_(each, begin, size) for each in (probabilities, labels))
        called = self._vocabulary[number] if self._vocabulary else f"class{number}"
        names = [f"{kind}/{called}" for kind in ("probability_mean", "auc",
                                                 "auc_precision_recall")]  # fmt: skip
        return {
            names[0]: metrics.mean_of(probabilities, weights, "predictions", names[0]),
            names[1]: metrics.area(labels, probabilities, weights, name=names[1]),
            names[2]: metrics.area(labels, probabilities, weights, "PR", names[2]),
        }


def class_head(n_classes, weight_column, label_vocabulary, loss_reduction):
    """The head for two classes or more, as classifiers have it."""
    if n_classes == 2:
        return BinaryHead(weight_column, None, label_vocabulary, loss_reduction)
    return MultiClassHead(n_classes, weight_column, label_vocabulary, loss_reduction)
