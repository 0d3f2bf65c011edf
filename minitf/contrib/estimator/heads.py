"""The heads of `tf.contrib.estimator`, whose losses are means over the batch."""
from minitf.estimator.canned.head import regression
from minitf.estimator.canned.head.classes import BinaryHead, MultiClassHead, MultiLabelHead
from minitf.estimator.canned.head.regression import RegressionHead
from minitf.losses.weighted import Reduction

_MEAN = Reduction.SUM_OVER_BATCH_SIZE
poisson_regression_head = regression.poisson_regression_head
logistic_regression_head = regression.logistic_regression_head


def multi_class_head(n_classes, weight_column=None, label_vocabulary=None, loss_reduction=_MEAN,
                     loss_fn=None, name=None):
    """One of `n_classes`, more than two."""
    return MultiClassHead(n_classes, weight_column, label_vocabulary, loss_reduction, loss_fn, name)


def binary_classification_head(weight_column=None, thresholds=None, label_vocabulary=None,
                               loss_reduction=_MEAN, loss_fn=None, name=None):
    """One of two classes; metrics at `thresholds`, too."""
    return BinaryHead(weight_column, thresholds, label_vocabulary, loss_reduction, loss_fn, name)


def regression_head(weight_column=None, label_dimension=1, loss_reduction=_MEAN, loss_fn=None,
                    inverse_link_fn=None, name=None):
    """Numbers."""
    return RegressionHead(weight_column, label_dimension, loss_reduction, loss_fn, inverse_link_fn,
                          name)  # fmt: skip


def multi_label_head(n_classes, weight_column=None, thresholds=None, label_vocabulary=None,
                     loss_reduction=_MEAN, loss_fn=None, classes_for_class_based_metrics=None,
                     name=None):
    """Any of `n_classes`."""
    return MultiLabelHead(n_classes, weight_column, thresholds, label_vocabulary, loss_reduction,
                          loss_fn, classes_for_class_based_metrics, name)  # fmt: skip
