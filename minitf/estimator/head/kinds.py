"""What heads make of logits and labels: numbers, one of two classes, one of many, any of many."""
from minitf.core.dtypes import float32, int32, int64, string
from minitf.core.graph import name_scope
from minitf.core.sparse_tensor import SparseTensor
from minitf.estimator.export.signatures import DEFAULT
from minitf.estimator.head import checks
from minitf.losses.classification import sigmoid_cross_entropy, sparse_softmax_cross_entropy
from minitf.losses.regression import mean_squared_error
from minitf.losses.weighted import Reduction
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
from minitf.saved_model.export_outputs import (
    ClassificationOutput,
    PredictOutput,
    RegressionOutput,
)


class Kind:
    """Makes predictions and losses of logits [..., logits_dimension].

    A subclass has `_predictions(logits)`, `_served(predictions)`, the outputs for serving, and
    `_losses(features, logits, labels)`, the losses, their weights and the labels as the losses are
    of them.
    """

    def __init__(self, weight_column, loss_reduction, loss_fn, name):
        self._weight_column, self._loss_reduction = weight_column, loss_reduction
        self._loss_fn, self._name = loss_fn, name

    name = property(lambda self: self._name)

    @property
    def logits_dimension(self):
        """The size of the last axis of logits."""
        raise NotImplementedError(f"{type(self).__name__}.logits_dimension")

    def _key(self, name):
        return f"{name}/{self._name}" if self._name else name

    def _weights(self, features, logits, per_logit=False):
        return checks.example_weights(features, self._weight_column, logits, per_logit)

    def _exported(self, predictions):
        """The outputs for serving; the first of the kind's own is served unasked."""
        served = self._served(predictions)
        outputs = {**served, "predict": PredictOutput(predictions)}
        outputs[DEFAULT] = next(iter(served.values()))
        return outputs


class Numbers(Kind):
    """Numbers [..., label_dimension], which `inverse_link_fn` makes of logits, if it is given."""

    def __init__(self, weight_column, label_dimension, loss_reduction, loss_fn, inverse_link_fn,
                 name):
        if label_dimension < 1:
            raise ValueError(f"Invalid label_dimension {label_dimension}.")
        super().__init__(weight_column, loss_reduction, loss_fn, name)
        self._dimension, self._inverse_link_fn = label_dimension, inverse_link_fn

    logits_dimension = property(lambda self: self._dimension)

    def _predictions(self, logits):
        logits = checks.checked_logits(logits, self._dimension)
        if self._inverse_link_fn:
            return {"predictions": self._inverse_link_fn(logits), "logits": logits}
        return {"predictions": logits}

    def _served(self, predictions):
        return {"regression": RegressionOutput(predictions["predictions"])}

    def _losses(self, features, logits, labels):
        labels = cast(checks.checked_labels(labels, logits, self._dimension), float32)
        if self._loss_fn:
            loss = checks.called_loss(self._loss_fn, labels, logits, features, self._dimension)
        else:
            loss = mean_squared_error(labels, logits, reduction=Reduction.NONE)
        return loss, self._weights(features, logits, per_logit=True), labels


def check_vocabulary(vocabulary, error=ValueError):
    """The error for words that are no list or tuple."""
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


class _Classes(Kind):
    """`n_classes` classes, with the words of `label_vocabulary` or numbers."""

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


class OneOfMany(_Classes):
    """One of more than two classes: softmax cross entropy."""

    def __init__(self, n_classes, weight_column, label_vocabulary, loss_reduction, loss_fn, name):
        check_vocabulary(label_vocabulary)
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

    def _losses(self, features, logits, labels):
        ids = self._label_ids(checks.checked_labels(labels, logits, 1))
        if self._loss_fn:
            loss = checks.called_loss(self._loss_fn, ids, logits, features)
        else:
            loss = sparse_softmax_cross_entropy(ids, logits, reduction=Reduction.NONE)
            loss = expand_dims(loss, axis=-1)
        return loss, self._weights(features, logits), ids


class OneOfTwo(_Classes):
    """One of two classes: sigmoid cross entropy of one logit."""

    logits_dimension = property(lambda self: 1)

    def __init__(self, weight_column, thresholds, label_vocabulary, loss_reduction, loss_fn, name):
        self._thresholds = _checked_thresholds(thresholds)
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

    def _losses(self, features, logits, labels):
        labels = checks.checked_labels(labels, logits, 1)
        if self._vocabulary is not None:
            labels = self._looked_up(labels)
        labels = checks.in_range(cast(labels, float32), 2)
        if self._loss_fn:
            loss = checks.called_loss(self._loss_fn, labels, logits, features)
        else:
            loss = sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)
        return loss, self._weights(features, logits), labels


class AnyOfMany(_Classes):
    """Any of several classes: the mean of their sigmoid cross entropies."""

    def __init__(self, n_classes, weight_column, thresholds, label_vocabulary, loss_reduction,
                 loss_fn, classes_for_class_based_metrics, name):
        self._thresholds = _checked_thresholds(thresholds)
        if n_classes is None or n_classes < 2:
            raise ValueError("n_classes must be > 1 for multi-class classification. Given: "
                             f"{n_classes}")  # fmt: skip
        if label_vocabulary and n_classes != len(label_vocabulary):
            raise ValueError("Length of label_vocabulary must be n_classes. Given: "
                             f"n_classes={n_classes}, {len(label_vocabulary)} words")  # fmt: skip
        super().__init__(n_classes, label_vocabulary, weight_column, loss_reduction, loss_fn, name)
        self._classes = [self._numbered(each) for each in classes_for_class_based_metrics or ()]

    def _numbered(self, each):
        if isinstance(each, str) and not self._vocabulary:
            raise ValueError("label_vocabulary must be provided when "
                             "classes_for_class_based_metrics are strings.")  # fmt: skip
        number = self._vocabulary.index(each) if isinstance(each, str) else each
        if not 0 <= number < self._n_classes:
            raise ValueError("All classes_for_class_based_metrics must be in range [0, "
                             f"{self._n_classes - 1}]. Given: {each}")  # fmt: skip
        return number

    def _names_of(self, number):
        """The names of the metrics of a class: of its mean probability and of two areas."""
        called = self._vocabulary[number] if self._vocabulary else f"class{number}"
        return [f"{kind}/{called}" for kind in ("probability_mean", "auc", "auc_precision_recall")]

    @staticmethod
    def _alone(number, values):
        """The labels or probabilities of a class: [..., 1]."""
        axes = rank(values) - 1
        begin = concat([zeros([axes], dtype=int32), [number]], axis=0)
        size = concat([-1 * ones([axes], dtype=int32), [1]], axis=0)
        return slice_(values, begin, size)

    def _predictions(self, logits):
        logits = checks.checked_logits(logits, self._n_classes)
        with name_scope(None, "predictions", (logits,)):
            return {"logits": logits, "probabilities": sigmoid(logits, name="probabilities")}

    def _losses(self, features, logits, labels):
        labels = checks.checked_labels(self._indicators(labels), logits, self._n_classes)
        if self._loss_fn:
            loss = checks.called_loss(self._loss_fn, labels, logits, features)
        else:
            loss = sigmoid_cross_entropy(labels, logits, reduction=Reduction.NONE)
            loss = reduce_mean(loss, axis=-1, keepdims=True)
        return loss, self._weights(features, logits), labels

    def _indicators(self, labels):
        if labels is None:
            raise ValueError(checks.NO_LABELS)
        if not isinstance(labels, SparseTensor):
            wanted = "labels must be an integer indicator Tensor with values in [0, 1]"
            return checks.in_range(labels, 2, wanted)
        if labels.dtype == string:
            ids = self._looked_up(labels.values)
        else:
            if not labels.dtype.is_integer:
                raise ValueError(f"Labels dtype should be integer. Instead got {labels.dtype}.")
            wanted = ("labels must be an integer SparseTensor with values in "
                      f"[0, {self._n_classes})")  # fmt: skip
            ids = checks.in_range(labels.values, self._n_classes, wanted)
        labels = SparseTensor(labels.indices, ids, labels.dense_shape)
        return cast(sparse_to_indicator(labels, self._n_classes), int64)
