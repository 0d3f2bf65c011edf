"""`tensorflow.python.ops.gradient_checker_v2`: the gradients of a function, at given values."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any

import numpy as np

import minitf as tf


def compute_gradient(f: Callable[..., Any], x: Any, delta: float = 1e-3) -> Any:
    """The Jacobians of `f(*x)` by each of the list `x`: by tf.gradients, then by differences.

    `f` takes and returns tensors. ValueError where `x` is no list.
    """
    if not isinstance(x, list):
        raise ValueError(f"`x` must be a list of Tensors (arguments to `f`), not a {type(x)}")
    values = [_value(each) for each in x]
    with tf.Graph().as_default() if tf.executing_eagerly() else nullcontext(), _session():
        inputs = [tf.placeholder(value.dtype) for value in values]
        feed = dict(zip(inputs, values))
        y = f(*inputs)
        size = y.eval(feed).shape
        pairs = [
            tf.test.compute_gradient(at, value.shape, y, size, value, delta, extra_feed_dict=feed)
            for at, value in feed.items()
        ]
    return tuple(zip(*pairs))


def max_error(grad1: Sequence[Any], grad2: Sequence[Any]) -> float:
    """The greatest difference between the matrices of two lists."""
    return max([0.0, *(np.fabs(a - b).max() for a, b in zip(grad1, grad2) if a.size or b.size)])


def _value(x: Any) -> Any:
    x = tf.convert_to_tensor(x)
    if tf.executing_eagerly():
        return x.numpy()
    with _session():
        return x.eval()


def _session() -> Any:
    return nullcontext() if tf.get_default_session() else tf.Session()
