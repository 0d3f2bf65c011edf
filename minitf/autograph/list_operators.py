"""What lists of tensors do: in a graph, those whose type has been said are TensorArrays."""
from __future__ import annotations

from typing import Any

from minitf.core.dtypes import as_dtype
from minitf.core.eager import executing_eagerly
from minitf.core.tensor import is_tensor
from minitf.ops.array.basics import identity
from minitf.ops.array.joining import stack as stacked
from minitf.ops.array.sequences import range as tensor_range
from minitf.ops.array.tensor_scatter import tensor_scatter_update
from minitf.ops.control_flow.tensor_array import TensorArray


def typed_list(entity: Any, dtype: Any, shape: Any = None) -> Any:
    """A list as a TensorArray of elements of this type and shape, where a graph is built."""
    if executing_eagerly() or not isinstance(entity, list):
        return entity
    shape = None if type(shape) is object else shape  # as the directive has it by default
    made = TensorArray(as_dtype(dtype), size=0, dynamic_size=True, clear_after_read=False,
                       element_shape=shape, infer_shape=False)  # fmt: skip
    for element in entity:
        made = list_append(made, element)
    return made


def list_append(target: Any, element: Any) -> Any:
    if isinstance(target, TensorArray):
        return target.write(target.size(), element)
    target.append(element)
    return target


def list_pop(target: Any, index: Any = None) -> Any:
    """(the list without an element, the element)."""
    if not isinstance(target, TensorArray):
        element = target.pop() if index is None else target.pop(index)
        return target, element
    if index is not None:
        raise NotImplementedError("lists of tensors only support removing from the end")
    last = target.size() - 1
    rest = TensorArray(target.dtype, size=last, dynamic_size=True, clear_after_read=False,
                       infer_shape=False)  # fmt: skip
    return rest.unstack(target.gather(tensor_range(last))), target.read(last)


def get_item(target: Any, index: Any) -> Any:
    return target.read(index) if isinstance(target, TensorArray) else target[index]


def set_item(target: Any, index: Any, value: Any) -> Any:
    if isinstance(target, TensorArray):
        return target.write(index, value)
    if is_tensor(target):
        return tensor_scatter_update(identity(target), [[index]], [value])
    target[index] = value
    return target


def stack(list_or_tensor: Any, element_dtype: Any = None, strict: bool = True) -> Any:
    """The elements of a list of tensors in one tensor; a tensor itself. ValueError for what cannot
    be stacked, unless not `strict`: then it is returned."""
    if isinstance(list_or_tensor, TensorArray):
        return list_or_tensor.stack()
    if is_tensor(list_or_tensor):
        return list_or_tensor
    if isinstance(list_or_tensor, (list, tuple)) and any(map(is_tensor, list_or_tensor)):
        return stacked(list_or_tensor)
    if strict:
        raise ValueError(f"{list_or_tensor} must be stackable when strict=True")
    return list_or_tensor
