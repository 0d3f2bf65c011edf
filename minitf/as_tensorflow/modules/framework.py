"""What `tensorflow.python.framework.ops`, `tensor_util`, `common_shapes` have, and tf has not."""
from __future__ import annotations

from typing import Any

import minitf as tf
from minitf import make_ndarray as MakeNdarray  # noqa: F401  of tensor_util
from minitf.as_tensorflow.modules.context import EagerTensor  # noqa: F401  of ops
from minitf.core.static import constant_value

DeviceSpecV1 = tf.DeviceSpec


class _TensorLike:
    """What a class of one's own derives from to stand beside tf.Tensor and tf.Variable."""


_DENSE: list[Any] = [tf.Tensor, tf.Variable]


def register_dense_tensor_like_type(tensor_type: Any) -> None:
    """Let `is_dense_tensor_like` hold for a type that has properties `name` and `dtype`.

    TypeError when one is missing.
    """
    for what in ("name", "dtype"):
        if not isinstance(getattr(tensor_type, what, None), property):
            raise TypeError(f"Type {tensor_type.__name__} does not define a `{what}` property.")
    _DENSE.append(tensor_type)


def is_dense_tensor_like(t: Any) -> bool:
    """Whether it is a tensor, a variable, or of a registered type."""
    return isinstance(t, tuple(_DENSE))


def constant_value_as_shape(tensor: Any) -> Any:
    """The shape that a vector of sizes is, as far as it is known: -1 is an unknown size.

    ValueError for what is neither a vector nor, for an unknown shape, -1.
    """
    value = constant_value(tensor)
    if value is not None:
        if not value.shape:
            if value != -1:
                raise ValueError(f"a scalar shape must be -1 (unknown), got {value}")
            return tf.TensorShape(None)
        return tf.TensorShape([size if size >= 0 else None for size in value.tolist()])
    shape = tensor.shape.with_rank(1)
    kind, inputs = tensor.op.type, tensor.op.inputs
    if kind == "Shape":
        return inputs[0].shape
    if kind == "Pack":
        sizes = [constant_value(size) for size in inputs]
        return tf.TensorShape([None if s is None or s < 0 else int(s) for s in sizes])
    if kind == "ConcatV2":
        parts = [constant_value_as_shape(part) for part in inputs[:-1]]
        whole = tf.TensorShape([])
        for part in parts:
            whole = whole.concatenate(part)
        return whole
    return tf.TensorShape([None] * shape[0].value if shape[0].value is not None else None)


def convert_n_to_tensor(
    values: Any, dtype: Any = None, name: Any = None, preferred_dtype: Any = None
) -> list[Any]:
    """Each of the list `values` as a tensor, called `name`_i. TypeError for what is no list."""
    if not isinstance(values, (list, tuple)):
        raise TypeError("values must be a list.")
    names = [None if name is None else f"{name}_{i}" for i in range(len(values))]
    return [tf.convert_to_tensor(value, dtype, each, preferred_dtype=preferred_dtype)
            for value, each in zip(values, names)]  # fmt: skip
