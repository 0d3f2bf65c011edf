"""`tf.contrib.staging`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.ops.queues.staging import StagingArea
