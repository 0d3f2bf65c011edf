"""Lists of tensors as values: what TensorFlow's functions have where graphs have a TensorArray.

A list never changes: what sets an element makes another list. They are here for graphs that are
imported; a gradient goes through them where it is a part of such a graph: minitf makes none.
"""

import numpy as np

from minitf.core.dtypes import int32, int64, variant
from minitf.core.errors import InvalidArgumentError
from minitf.core.op import op
from minitf.core.schema import Attr, TypeAttr
from minitf.core.tensor_shape import merge

Element = TypeAttr("element_dtype")
Sizes = TypeAttr("shape_type", (int32, int64))


class TensorList:
    """Arrays, or None where nothing was set, of one type; `sizes` is what is known of the shape of
    each."""

    shape, ndim, dtype = (), 0, np.dtype(object)  # a handle looks like an array without axes

    def __init__(self, items, sizes):
        self.items, self.sizes = items, sizes

    def __len__(self):
        return len(self.items)

    def get(self, index, sizes, kind):
        """An element; zeros where nothing was set."""
        self.check(index)
        item = self.items[index]
        return np.zeros(self._whole(sizes), kind) if item is None else item.copy()

    def check(self, index):
        """InvalidArgumentError for an index outside."""
        if not 0 <= index < len(self.items):
            raise InvalidArgumentError(None, None, f"Trying to access element {index} in a list "
                                       f"with {len(self.items)} elements.")  # fmt: skip

    def set(self, index, value):
        """The list with another element."""
        self.check(index)
        return TensorList([*self.items[:index], np.array(value), *self.items[index + 1 :]],
                          self.sizes)  # fmt: skip

    def stacked(self, indices, sizes, kind):
        """Some elements along a new first axis."""
        found = [self.get(index, sizes, kind) for index in indices]
        return np.stack(found) if found else np.zeros((0, *self._whole(sizes)), kind)

    def _whole(self, sizes):
        """The shape of an element that nobody has set."""
        found = merge(self.sizes, sizes)
        for item in self.items:
            found = found if item is None or found is False else merge(found, item.shape)
        if not found and found != ():
            raise InvalidArgumentError(
                None, None, f"Tried to read elements of a list that was never set, of which the "
                f"shape is not known: {self.sizes} and {sizes}."
            )  # fmt: skip
        if None in found:
            raise InvalidArgumentError(None, None, "Tried to stack list which only contains "
                                       f"uninitialized tensors and has a non-fully-defined element "
                                       f"shape: {found}")  # fmt: skip
        return found


def _sizes(element_shape):
    array = np.asarray(element_shape)
    return tuple(None if n < 0 else int(n) for n in array) if array.ndim else None


def _made(type, **traits):
    """Declare an op that makes lists: no constants, which would be arrays."""
    return op(type, **{"shape": lambda *_, **__: (), "stateful": True, "host": True} | traits)


def _read(type, shape):
    return op(type, shape=shape, host=True)


@_made("EmptyTensorList")
def empty_tensor_list(
    xp, element_shape: Sizes, max_num_elements: int32, *, element_dtype
) -> variant:  # fmt: skip
    """A list without elements."""
    return TensorList([], _sizes(element_shape))


@_made("TensorListReserve")
def tensor_list_reserve(xp, element_shape: Sizes, num_elements: int32, *, element_dtype) -> variant:
    """A list of which no element is set."""
    return TensorList([None] * int(num_elements), _sizes(element_shape))


@_made("TensorListFromTensor")
def tensor_list_from_tensor(xp, tensor: Element, element_shape: Sizes) -> variant:
    """The rows of a tensor."""
    return TensorList([np.array(row) for row in tensor], tensor.shape[1:])


@_made("TensorListSetItem")
def tensor_list_set_item(xp, input_handle: variant, index: int32, item: Element) -> variant:
    """The list with another element."""
    return input_handle.set(int(index), item)


@_made("TensorListPushBack")
def tensor_list_push_back(xp, input_handle: variant, tensor: Element) -> variant:
    """The list with one more element."""
    return TensorList([*input_handle.items, np.array(tensor)], input_handle.sizes)


@_made("TensorListPopBack", shape=lambda *_, **__: [(), None])
def tensor_list_pop_back(
    xp, input_handle: variant, element_shape: int32, *, element_dtype
) -> [variant, Attr("element_dtype")]:  # fmt: skip
    """The list without its last element, and that."""
    if not input_handle.items:
        raise InvalidArgumentError(None, None, "Trying to pop from an empty list.")
    last = input_handle.get(len(input_handle) - 1, _sizes(element_shape), element_dtype.numpy)
    return [TensorList(input_handle.items[:-1], input_handle.sizes), last]


@_made("TensorListResize")
def tensor_list_resize(xp, input_handle: variant, size: int32) -> variant:
    """The list with so many elements, the last ones dropped or not set."""
    items = input_handle.items[: int(size)]
    return TensorList(items + [None] * (int(size) - len(items)), input_handle.sizes)


@_made("TensorListConcatLists")
def tensor_list_concat_lists(xp, input_a: variant, input_b: variant, *, element_dtype) -> variant:
    """The elements of one list, then those of another."""
    sizes = merge(input_a.sizes, input_b.sizes)
    return TensorList(input_a.items + input_b.items, None if sizes is False else sizes)


def _scattered(tensor, indices, sizes, count):
    items = [None] * max([count, *(int(i) + 1 for i in indices)])
    for index, row in zip(indices, tensor):
        items[index] = np.array(row)
    return TensorList(items, sizes)


@_made("TensorListScatter")
def tensor_list_scatter(xp, tensor: Element, indices: int32, element_shape: Sizes) -> variant:
    """The rows of a tensor at these places."""
    return _scattered(tensor, indices, _sizes(element_shape), 0)


@_made("TensorListScatterV2")
def tensor_list_scatter_v2(
    xp, tensor: Element, indices: int32, element_shape: Sizes, num_elements: int32
) -> variant:
    """The rows of a tensor at these places, in a list of at least so many elements."""
    return _scattered(tensor, indices, _sizes(element_shape), int(num_elements))


@_made("TensorListScatterIntoExistingList")
def tensor_list_scatter_into(xp, input_handle: variant, tensor: Element, indices: int32) -> variant:
    """The list with rows of a tensor at these places."""
    items = list(input_handle.items)
    for index, row in zip(indices, tensor):
        input_handle.check(int(index))
        items[index] = np.array(row)
    return TensorList(items, input_handle.sizes)


@_made("TensorListSplit")
def tensor_list_split(xp, tensor: Element, element_shape: Sizes, lengths: int64) -> variant:
    """Parts of a tensor, so many rows each."""
    if int(lengths.sum()) != len(tensor):
        raise InvalidArgumentError(
            None, None, f"Attempted to use {int(lengths.sum())} rows, but tensor has {len(tensor)}."
        )
    parts = np.split(tensor, np.cumsum(lengths)[:-1]) if len(lengths) else []
    return TensorList([np.array(part) for part in parts], _sizes(element_shape))


@_read("TensorListLength", lambda *_, **__: ())
def tensor_list_length(xp, input_handle: variant) -> int32:
    """The number of elements."""
    return np.int32(len(input_handle))


@_read("TensorListElementShape", lambda *_, **__: None)
def tensor_list_element_shape(
    xp, input_handle: variant, *, shape_type
) -> Attr("shape_type"):  # fmt: skip
    """What is known of the shape of elements; -1 where nothing is."""
    sizes, kind = input_handle.sizes, shape_type.numpy
    if sizes is None:
        return kind.type(-1)
    return np.array([-1 if n is None else n for n in sizes], kind)


@_read("TensorListGetItem", lambda *_, **__: None)
def tensor_list_get_item(
    xp, input_handle: variant, index: int32, element_shape: int32, *, element_dtype
) -> Attr("element_dtype"):
    """An element."""
    return input_handle.get(int(index), _sizes(element_shape), element_dtype.numpy)


@_read("TensorListStack", lambda *_, **__: None)
def tensor_list_stack(
    xp, input_handle: variant, element_shape: int32, *, element_dtype, num_elements=-1
) -> Attr("element_dtype"):
    """All elements along a new first axis."""
    if num_elements not in (-1, len(input_handle)):
        raise InvalidArgumentError(None, None, "Operation expected a list with "
                                   f"{num_elements} elements but got a list with "
                                   f"{len(input_handle)} elements.")  # fmt: skip
    every = range(len(input_handle))
    return input_handle.stacked(every, _sizes(element_shape), element_dtype.numpy)


@_read("TensorListGather", lambda *_, **__: None)
def tensor_list_gather(
    xp, input_handle: variant, indices: int32, element_shape: int32, *, element_dtype
) -> Attr("element_dtype"):
    """Some elements along a new first axis."""
    return input_handle.stacked(indices.tolist(), _sizes(element_shape), element_dtype.numpy)


def _concatenated(handle, sizes, kind, leading):
    items = []
    for i in range(len(handle)):
        known = handle.items[i] is not None or not len(leading)
        first = sizes if known else (int(leading[i]), *(sizes or ())[1:])
        items.append(handle.get(i, first, kind))
    lengths = np.array([len(item) for item in items], np.int64)
    return [np.concatenate(items) if items else np.zeros((0, *(sizes or ())[1:]), kind), lengths]


@_read("TensorListConcat", lambda *_, **__: [None, (None,)])
def tensor_list_concat(
    xp, input_handle: variant, *, element_dtype, element_shape=None
) -> [Attr("element_dtype"), int64]:
    """The elements one after the other, and how many rows each has."""
    return _concatenated(input_handle, element_shape, element_dtype.numpy, ())


@_read("TensorListConcatV2", lambda *_, **__: [None, (None,)])
def tensor_list_concat_v2(
    xp, input_handle: variant, element_shape: Sizes, leading_dims: int64, *, element_dtype
) -> [Attr("element_dtype"), int64]:
    """The same; `leading_dims` are the rows of elements that nobody has set."""
    sizes = _sizes(element_shape)
    return _concatenated(input_handle, sizes, element_dtype.numpy, leading_dims)
