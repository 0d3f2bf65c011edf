"""`tensorflow.python.ops.inplace_ops`: rows of a tensor replaced. What is given stays as it is."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import minitf as tf


def _at(rows: Callable[..., Any], whole: Callable[..., Any], x: Any, i: Any, v: Any) -> Any:
    x = tf.convert_to_tensor(x)
    v = tf.convert_to_tensor(v, x.dtype)
    if i is None:
        return whole(x, v)
    i = tf.cast(tf.convert_to_tensor(i), tf.int32)
    if i.shape.ndims == 0:
        i, v = tf.reshape(i, [1]), tf.expand_dims(v, 0)
    return rows(x, tf.expand_dims(tf.floormod(i, tf.shape(x)[0]), 1), v)


def alias_inplace_update(x: Any, i: Any, v: Any) -> Any:
    """`x` with the rows `v` where `i`, a number or a vector of them, says; without `i` all `v`."""
    return _at(tf.tensor_scatter_nd_update, lambda x, v: tf.identity(v), x, i, v)


def alias_inplace_add(x: Any, i: Any, v: Any) -> Any:
    """`x` with `v` added to the rows that `i` names; without `i` to all of it."""
    return _at(tf.tensor_scatter_nd_add, tf.add, x, i, v)


def alias_inplace_sub(x: Any, i: Any, v: Any) -> Any:
    """`x` with `v` taken from the rows that `i` names; without `i` from all of it."""
    return _at(tf.tensor_scatter_nd_sub, tf.subtract, x, i, v)


inplace_update, inplace_add = alias_inplace_update, alias_inplace_add
inplace_sub = alias_inplace_sub


def empty_like(x: Any, init: Any = None) -> Any:
    """Zeros of the shape and type of `x`."""
    return tf.zeros_like(x)
