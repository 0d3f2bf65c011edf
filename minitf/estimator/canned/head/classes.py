"""Heads for classes: one of two, one of many, any of many."""
from minitf.estimator.canned.head import metrics
from minitf.estimator.canned.head.base import Head
from minitf.estimator.head.kinds import AnyOfMany, OneOfMany, OneOfTwo, check_vocabulary
from minitf.losses.weighted import Reduction
from minitf.metrics.counts import precision, recall
from minitf.metrics.means import accuracy


class MultiClassHead(OneOfMany, Head):
    """One of more than two classes."""

    def __init__(self, n_classes, weight_column=None, label_vocabulary=None,
                 loss_reduction=Reduction.SUM, loss_fn=None, name=None):
        super().__init__(n_classes, weight_column, label_vocabulary, loss_reduction, loss_fn, name)

    def _metrics(self, labels, predictions, weights):
        return {"accuracy": accuracy(labels, predictions["class_ids"], weights, name="accuracy")}


class BinaryHead(OneOfTwo, Head):
    """One of two classes; metrics at `thresholds`, too."""

    def __init__(self, weight_column=None, thresholds=None, label_vocabulary=None,
                 loss_reduction=Reduction.SUM, loss_fn=None, name=None):
        check_vocabulary(label_vocabulary, TypeError)
        super().__init__(weight_column, thresholds, label_vocabulary, loss_reduction, loss_fn, name)

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


class MultiLabelHead(AnyOfMany, Head):
    """Any of several classes."""

    def __init__(self, n_classes, weight_column=None, thresholds=None, label_vocabulary=None,
                 loss_reduction=Reduction.SUM_OVER_BATCH_SIZE, loss_fn=None,
                 classes_for_class_based_metrics=None, name=None):
        super().__init__(n_classes, weight_column, thresholds, label_vocabulary, loss_reduction,
                         loss_fn, classes_for_class_based_metrics, name)  # fmt: skip

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
        probabilities, labels = self._alone(number, probabilities), self._alone(number, labels)
        names = self._names_of(number)
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
