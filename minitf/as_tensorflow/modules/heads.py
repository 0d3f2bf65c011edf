"""What `tensorflow.python.estimator.canned.head` keeps to itself: heads whose losses are sums."""
from __future__ import annotations

from minitf.contrib.estimator.heads import BinaryHead, MultiClassHead, RegressionHead

_binary_logistic_head_with_sigmoid_cross_entropy_loss = BinaryHead
_multi_class_head_with_softmax_cross_entropy_loss = MultiClassHead
_regression_head = RegressionHead
