"""What `tensorflow.python.framework.tensor_shape` has beside the classes."""
from __future__ import annotations

from typing import Any

import minitf as tf
from minitf.core.tensor_shape import as_tensor_shape


def as_shape(shape: Any) -> tf.TensorShape:
    """It as a TensorShape."""
    return as_tensor_shape(shape)


def scalar() -> tf.TensorShape:
    """The shape of a number."""
    return tf.TensorShape([])


def vector(length: Any) -> tf.TensorShape:
    """The shape of a vector."""
    return tf.TensorShape([length])


def matrix(rows: Any, cols: Any) -> tf.TensorShape:
    """The shape of a matrix."""
    return tf.TensorShape([rows, cols])
