"""tf.estimator.BinaryClassHead and its sisters: heads for classes."""
from minitf.estimator.head.kinds import AnyOfMany, OneOfMany, OneOfTwo, check_vocabulary
from minitf.estimator.head.single import Single
from minitf.keras.metrics import AUC, Accuracy, BinaryAccuracy, Mean, Precision, Recall
from minitf.keras.utils.losses_utils import ReductionV2
from minitf.ops.control_flow.control import no_op
from minitf.ops.math.elementwise import maximum

_MEAN = ReductionV2.SUM_OVER_BATCH_SIZE
_AREAS = {"auc": "ROC", "auc_precision_recall": "PR"}


class _AtThresholds(Single):
    """A head whose probabilities are measured at thresholds, too, and by areas under curves."""

    def _measures(self):
        made = {name: AUC(curve=curve, name=name) for name, curve in _AREAS.items()}
        for limit in self._thresholds:
            name, *others = self._at(limit)
            made[name] = BinaryAccuracy(name=self._key(name), threshold=limit)
            for name, metric in zip(others, (Precision, Recall)):
                made[name] = metric(name=self._key(name), thresholds=limit)
        return made

    def _measured_at_thresholds(self, labels, probabilities):
        names = [name for limit in self._thresholds for name in self._at(limit)]
        return dict.fromkeys((*_AREAS, *names), (labels, probabilities))

    @staticmethod
    def _at(limit):
        return [f"{kind}/positive_threshold_{limit:g}"
                for kind in ("accuracy", "precision", "recall")]  # fmt: skip


class BinaryClassHead(OneOfTwo, _AtThresholds):
    """One of two classes, of one logit: sigmoid cross entropy, or `loss_fn(labels, logits)`.

    Labels are numbers from 0 to 1, or words of `label_vocabulary`. ValueError for thresholds
    outside (0, 1), words that are no list, an unknown reduction, or a function of other arguments.
    """

    def __init__(self, weight_column=None, thresholds=None, label_vocabulary=None,
                 loss_reduction=_MEAN, loss_fn=None, name=None):
        check_vocabulary(label_vocabulary)
        super().__init__(weight_column, thresholds, label_vocabulary, loss_reduction, loss_fn, name)

    def _measures(self):
        kinds = {"accuracy": Accuracy, "precision": Precision, "recall": Recall,
                 "prediction/mean": Mean, "label/mean": Mean, "accuracy_baseline": Mean}
        return {**{name: made(name=name) for name, made in kinds.items()}, **super()._measures()}

    def _measured(self, predictions, labels, given):
        ids, logistic = predictions["class_ids"], predictions["logistic"]
        return {
            **dict.fromkeys(("accuracy", "precision", "recall"), (labels, ids)),
            "prediction/mean": (logistic,), "label/mean": (labels,),
            **self._measured_at_thresholds(labels, logistic),
        }  # fmt: skip

    def update_metrics(self, eval_metrics, features, logits, labels, regularization_losses=None):
        """Let these metrics take in a batch; they are returned."""
        super().update_metrics(eval_metrics, features, logits, labels, regularization_losses)
        self._set_baseline(eval_metrics)
        return eval_metrics

    def _set_baseline(self, metrics):
        """The accuracy of always giving the more frequent class follows from the mean label."""
        baseline, labels = (metrics[self._key(n)] for n in ("accuracy_baseline", "label/mean"))
        baseline._quietly(
            _updates=[no_op()], total=maximum(labels.total, labels.count - labels.total),
            count=labels.count,
        )  # fmt: skip


class MultiClassHead(OneOfMany, Single):
    """One of more than two classes: softmax cross entropy, or `loss_fn(labels, logits)`.

    Labels are numbers, or words of `label_vocabulary`, of which there are as many as classes.
    ValueError for no more than two classes, another number of words or what is no list of them, an
    unknown reduction, or a function of other arguments.
    """

    def __init__(self, n_classes, weight_column=None, label_vocabulary=None, loss_reduction=_MEAN,
                 loss_fn=None, name=None):
        super().__init__(n_classes, weight_column, label_vocabulary, loss_reduction, loss_fn, name)
        if label_vocabulary is not None and len(label_vocabulary) != n_classes:
            raise ValueError(
                '"label_vocabulary" does not have "n_classes" items. '
                f"len(label_vocabulary)={len(label_vocabulary)}, n_classes={n_classes}, "
                f"label_vocabulary={label_vocabulary}"
            )

    def _measures(self):
        return {"accuracy": Accuracy(name="accuracy")}

    def _measured(self, predictions, labels, given):
        return {"accuracy": (labels, predictions["class_ids"])}


class MultiLabelHead(AnyOfMany, _AtThresholds):
    """Any of several classes: the mean of their sigmoid cross entropies, or
    `loss_fn(labels, logits)`.

    Labels are 0 or 1 for each class, or a SparseTensor of numbers or of words of
    `label_vocabulary`. Metrics are of all classes, and of each of
    `classes_for_class_based_metrics`. ValueError for less than two classes, thresholds outside
    (0, 1), classes that there are not, another number of words or what is no list of them, an
    unknown reduction, or a function of other arguments.
    """

    def __init__(self, n_classes, weight_column=None, thresholds=None, label_vocabulary=None,
                 loss_reduction=_MEAN, loss_fn=None, classes_for_class_based_metrics=None,
                 name=None):
        check_vocabulary(label_vocabulary)
        super().__init__(n_classes, weight_column, thresholds, label_vocabulary, loss_reduction,
                         loss_fn, classes_for_class_based_metrics, name)  # fmt: skip

    def _measures(self):
        made = super()._measures()
        for number in self._classes:
            mean, *areas = self._names_of(number)
            made[mean] = Mean(name=self._key(mean))
            for name, curve in zip(areas, _AREAS.values()):
                made[name] = AUC(curve=curve, name=self._key(name))
        return made

    def _measured(self, predictions, labels, given):
        probabilities = predictions["probabilities"]
        found = self._measured_at_thresholds(labels, probabilities)
        for number in self._classes:
            alone = self._alone(number, labels), self._alone(number, probabilities)
            mean, *areas = self._names_of(number)
            found.update({mean: alone[1:], **dict.fromkeys(areas, alone)})
        return found


def binary_or_multi_class_head(n_classes, weight_column, label_vocabulary, loss_reduction):
    """The head for two classes or more."""
    if n_classes == 2:
        return BinaryClassHead(weight_column, None, label_vocabulary, loss_reduction)
    return MultiClassHead(n_classes, weight_column, label_vocabulary, loss_reduction)
