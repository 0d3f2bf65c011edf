"""What `tensorflow.python.framework.ops`, `constant_op`, `tensor_util`, `common_shapes` have, and
tf has not."""
from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import minitf as tf
from minitf import make_ndarray as MakeNdarray  # noqa: F401  of tensor_util
from minitf.as_tensorflow.modules.context import EagerTensor  # noqa: F401  of ops
from minitf.core.static import constant_value
from minitf.ops.array.basics import broadcast_static_shape as broadcast_shape  # noqa: F401
from minitf.ops.state.init_scope import executing_eagerly_outside_functions  # noqa: F401

DeviceSpecV1 = tf.DeviceSpec
_uids = itertools.count()


def uid() -> int:
    """A number that the program has not been given before, of ops."""
    return next(_uids)


def convert_to_tensor_v2(
    value: Any, dtype: Any = None, dtype_hint: Any = None, name: str | None = None
) -> tf.Tensor:
    """tf.convert_to_tensor, with the arguments in the order of TensorFlow 2."""
    return tf.convert_to_tensor(value, dtype, name, dtype_hint=dtype_hint)


def _tensor_shape_tensor_conversion_function(
    s: Any, dtype: Any = None, name: str | None = None, as_ref: bool = False
) -> tf.Tensor:
    """A TensorShape as a constant, of constant_op: what copies of `tf.zeros` in programs call.
    ValueError for one that is not known in full."""
    return tf.convert_to_tensor(tf.TensorShape(s), dtype, name)


def TensorShapeProtoToList(shape: Any) -> list[int]:
    """The sizes in a TensorShapeProto."""
    return [dim.size for dim in shape.dim]


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
    if kind == "StridedSlice":
        found = _sliced(tensor.op)
        if found is not None:
            return found
    return tf.TensorShape([None] * shape[0].value if shape[0].value is not None else None)


def _sliced(operation: Any) -> Any:
    """The part of a shape, where the slice says no more than where it begins and ends."""
    whole, *places = operation.inputs
    begin, end, step = (constant_value(place) for place in places)
    masks = [operation.get_attr(f"{what}_mask")
             for what in ("begin", "end", "ellipsis", "new_axis", "shrink_axis")]  # fmt: skip
    if begin is None or end is None or step is None or any(masks[2:]):
        return None
    known = constant_value_as_shape(whole)
    first = None if masks[0] & 1 else int(begin[0])
    return known[first : None if masks[1] & 1 else int(end[0]) : int(step[0])]


# -- of ops ----------------------------------------------------------------------------------------


def internal_convert_to_tensor(
    value: Any, dtype: Any = None, name: Any = None, as_ref: bool = False,
    preferred_dtype: Any = None, ctx: Any = None, accept_symbolic_tensors: bool = True,
    accept_composite_tensors: bool = False,
) -> Any:  # fmt: skip
    """`tf.convert_to_tensor`; with `as_ref` a variable that is no resource is its reference."""
    if as_ref and isinstance(value, tf.Variable):
        return value._ref()
    return tf.convert_to_tensor(value, dtype, name, preferred_dtype)


def convert_to_tensor_or_composite(value: Any, dtype: Any = None, name: Any = None) -> Any:
    """`tf.convert_to_tensor`; what is made of several tensors stays. ValueError for such a value of
    another dtype."""
    if isinstance(value, tf.Tensor) or not hasattr(value, "_components"):
        return tf.convert_to_tensor(value, dtype, name)
    if dtype is not None and not tf.as_dtype(dtype).is_compatible_with(value.dtype):
        raise ValueError(f"Tensor conversion requested dtype {tf.as_dtype(dtype).name} for Tensor "
                         f"with dtype {value.dtype.name}: {value}")  # fmt: skip
    return value


def convert_n_to_tensor(
    values: Any, dtype: Any = None, name: Any = None, preferred_dtype: Any = None
) -> list[Any]:
    """Each of the values as a tensor, the names numbered. TypeError for what is no sequence."""
    return _converted(
        values, name,
        lambda value, own: tf.convert_to_tensor(value, dtype, own, preferred_dtype),
    )  # fmt: skip


def convert_n_to_tensor_or_indexed_slices(
    values: Any, dtype: Any = None, name: Any = None
) -> list[Any]:
    """The same, but IndexedSlices and None stay."""
    return _converted(
        values, name,
        lambda value, own: None if value is None
        else tf.convert_to_tensor_or_indexed_slices(value, dtype, own),
    )  # fmt: skip


def _converted(values: Any, name: Any, convert: Callable[[Any, Any], Any]) -> list[Any]:
    if not isinstance(values, Sequence):
        raise TypeError("values must be a sequence.")
    names = (None if name is None else f"{name}_{i}" for i in range(len(values)))
    return [convert(value, own) for value, own in zip(values, names)]


def get_name_scope() -> str:
    """The name scope of the default graph, without a slash at its end."""
    return str(tf.get_default_graph().get_name_scope())


def inside_function() -> bool:
    """Whether a function is being traced."""
    return bool(tf.get_default_graph().building_function)
