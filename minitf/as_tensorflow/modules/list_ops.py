"""`tensorflow.python.ops.list_ops`: the ops of lists of tensors, whose elements may have a shape of
which nothing is known, as None, or parts."""
from __future__ import annotations

from typing import Any

import minitf as tf
from minitf.ops.control_flow import list_ops
from minitf.ops.control_flow.list_ops import (  # noqa: F401  names of it too
    tensor_list_concat_lists,
    tensor_list_element_shape,
    tensor_list_length,
    tensor_list_push_back,
    tensor_list_resize,
)


def empty_tensor_list(
    element_shape: Any, element_dtype: Any, max_num_elements: int | None = None, name: Any = None
) -> Any:
    """A list without elements."""
    most = -1 if max_num_elements is None else max_num_elements
    return list_ops.empty_tensor_list(_shape(element_shape), most,
                                      element_dtype=element_dtype, name=name)  # fmt: skip


def tensor_list_reserve(
    element_shape: Any, num_elements: Any, element_dtype: Any, name: Any = None
) -> Any:
    """A list of which no element is set."""
    return list_ops.tensor_list_reserve(_shape(element_shape), num_elements,
                                        element_dtype=element_dtype, name=name)  # fmt: skip


def tensor_list_from_tensor(tensor: Any, element_shape: Any, name: Any = None) -> Any:
    """The rows of a tensor."""
    return list_ops.tensor_list_from_tensor(tensor, _shape(element_shape), name=name)


def tensor_list_get_item(
    input_handle: Any, index: Any, element_dtype: Any, element_shape: Any = None, name: Any = None
) -> Any:
    """An element."""
    return list_ops.tensor_list_get_item(input_handle, index, _shape(element_shape),
                                         element_dtype=element_dtype, name=name)  # fmt: skip


def tensor_list_pop_back(input_handle: Any, element_dtype: Any, name: Any = None) -> Any:
    """The list without its last element, and that."""
    return list_ops.tensor_list_pop_back(input_handle, -1,
                                         element_dtype=element_dtype, name=name)  # fmt: skip


def tensor_list_gather(
    input_handle: Any, indices: Any, element_dtype: Any, element_shape: Any = None, name: Any = None
) -> Any:
    """Some elements along a new first axis."""
    return list_ops.tensor_list_gather(input_handle, indices, _shape(element_shape),
                                       element_dtype=element_dtype, name=name)  # fmt: skip


def tensor_list_scatter(
    tensor: Any, indices: Any, element_shape: Any = None, input_handle: Any = None, name: Any = None
) -> Any:
    """A list of rows at these places: that of `input_handle`, where there is one."""
    if input_handle is not None:
        return list_ops.tensor_list_scatter_into(input_handle, tensor, indices, name=name)
    return list_ops.tensor_list_scatter_v2(tensor, indices, _shape(element_shape), -1, name=name)


def tensor_list_stack(
    input_handle: Any, element_dtype: Any, num_elements: int = -1, element_shape: Any = None,
    name: Any = None,
) -> Any:  # fmt: skip
    """All elements along a new first axis."""
    return list_ops.tensor_list_stack(
        input_handle, _shape(element_shape), element_dtype=element_dtype,
        num_elements=num_elements, name=name,
    )  # fmt: skip


def tensor_list_concat(
    input_handle: Any, element_dtype: Any, element_shape: Any = None, name: Any = None
) -> Any:
    """The elements one after the other."""
    leading = tf.constant([], tf.int64)
    return list_ops.tensor_list_concat_v2(input_handle, _shape(element_shape), leading,
                                          element_dtype=element_dtype, name=name)[0]  # fmt: skip


def tensor_list_split(tensor: Any, element_shape: Any, lengths: Any, name: Any = None) -> Any:
    """Parts of a tensor, so many rows each."""
    return list_ops.tensor_list_split(tensor, _shape(element_shape), lengths, name=name)


def tensor_list_set_item(
    input_handle: Any, index: Any, item: Any, resize_if_index_out_of_bounds: bool = False,
    name: Any = None,
) -> Any:  # fmt: skip
    """The list with another element; one that is too short grows, if that is said."""
    if resize_if_index_out_of_bounds:
        size = tf.maximum(tensor_list_length(input_handle), index + 1)
        input_handle = tensor_list_resize(input_handle, size)
    return list_ops.tensor_list_set_item(input_handle, index, item, name=name)


def _shape(shape: Any) -> Any:
    """A shape as a tensor: -1 for what is not known, alone where nothing is."""
    if isinstance(shape, tf.Tensor):
        return shape
    if isinstance(shape, tf.TensorShape):
        shape = None if shape.ndims is None else shape.as_list()
    if shape is None:
        return -1
    return [_size(n) for n in shape] or tf.constant([], tf.int32)


def _size(size: Any) -> Any:
    size = getattr(size, "value", size) if isinstance(size, tf.Dimension) else size
    return -1 if size is None else size
