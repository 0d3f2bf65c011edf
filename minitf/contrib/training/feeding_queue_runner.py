"""`tf.contrib.training.FeedingQueueRunner`: see the input functions of tf.estimator."""
# ruff: noqa: F401  every import here is a public name

from minitf.estimator.inputs.feeding import FeedingQueueRunner
