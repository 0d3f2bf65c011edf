"""What `tensorflow.python.estimator.canned.head` keeps to itself: heads whose losses are sums."""
from __future__ import annotations

from minitf.estimator.heads import classes, regression

_binary_logistic_head_with_sigmoid_cross_entropy_loss = classes.BinaryHead
_multi_class_head_with_softmax_cross_entropy_loss = classes.MultiClassHead
_regression_head = regression.RegressionHead
