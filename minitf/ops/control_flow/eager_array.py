"""tf.TensorArray where operations run at once: a list of tensors."""

from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, int32
from minitf.core.errors import InvalidArgumentError, OutOfRangeError
from minitf.core.tensor_shape import TensorShape, as_shape, merge
from minitf.ops.array.basics import zeros
from minitf.ops.array.joining import concat, split, stack, unstack


class EagerArray:
    """What tf.TensorArray does there. Methods that write change the object, and return it."""

    def __init__(
        self, dtype, size=None, dynamic_size=None, clear_after_read=None, tensor_array_name=None,
        handle=None, flow=None, infer_shape=True, element_shape=None,
        colocate_with_first_write_call=True, name=None,
    ):  # fmt: skip
        if handle is not None:
            raise ValueError(
                "TensorArray handles are not supported when eager execution is enabled."
            )
        if size is None:
            raise ValueError(
                "Size must be declared for TensorArrays when eager execution is enabled."
            )
        self._dtype, self._dynamic_size = as_dtype(dtype).base_dtype, bool(dynamic_size)
        self._clears = clear_after_read is None or bool(clear_after_read)
        self._infer_shape = infer_shape
        self._known = [as_shape(element_shape)]
        self._colocate_with_first_write_call = colocate_with_first_write_call
        self._handle, self._flow = None, constant(0, int32)
        self._elements, self._read = [None] * int(size), set()

    def identity(self):
        """The array itself."""
        return self

    def grad(self, source, flow=None, name=None):
        """NotImplementedError: a tape needs no array of gradients."""
        raise NotImplementedError(
            "TensorArray.grad is not supported when executing eagerly; eager's gradient "
            "implementation does not use/need this function to compute gradients of operations "
            "that use TensorArrays."
        )

    def read(self, index, name=None):
        """The element `index`; zeros where none was written. OutOfRangeError outside the array,
        InvalidArgumentError for one that was read, unless `clear_after_read` is False."""
        index = int(index)
        self._check_index(index, "Reading from")
        if index >= len(self._elements):
            raise OutOfRangeError(
                None, None,
                f"Tried to read from index {index} but array size is: {len(self._elements)}",
            )  # fmt: skip
        if self._elements[index] is None and index in self._read:
            raise InvalidArgumentError(
                None, None,
                f"Could not read index {index} twice because it was cleared after a previous read "
                "(perhaps try setting clear_after_read = false?)",
            )  # fmt: skip
        value = self._element(index)
        if self._clears:
            self._elements[index] = None
            self._read.add(index)
        return value

    def write(self, index, value, name=None):
        """The array with `value` as the element `index`. OutOfRangeError outside the array unless
        its size is dynamic, InvalidArgumentError for a type, ValueError for a shape."""
        index, count = int(index), len(self._elements)
        self._check_index(index, "Writing to")
        if index >= count and not self._dynamic_size:
            raise OutOfRangeError(
                None, None, f"Tried to write to index {index} but array is not resizeable and size "
                f"is: {count}"
            )  # fmt: skip
        value = convert_to_tensor(value, preferred_dtype=self._dtype, name="value")
        if value.dtype.base_dtype is not self._dtype:
            raise InvalidArgumentError(
                None, None, f"TensorArray dtype is {self._dtype.name} but Op is trying to write "
                f"dtype {value.dtype.base_dtype.name}"
            )  # fmt: skip
        self._check_shape(value._shape)
        self._elements += [None] * (index + 1 - count)
        self._elements[index] = value
        return self

    def _check_shape(self, shape):
        merged = merge(self._known[0], shape)
        if merged is False:
            raise ValueError(f"Incompatible shape for value ({TensorShape(shape)}), expected "
                             f"({TensorShape(self._known[0])})")  # fmt: skip
        if self._infer_shape:
            self._known[0] = merged

    @staticmethod
    def _check_index(index, what):
        if index < 0:
            raise OutOfRangeError(
                None, None, f"{what} negative indices (index {index}) is not allowed."
            )

    def _element(self, index):
        if self._elements[index] is None:
            self._elements[index] = zeros(TensorShape(self._known[0]), self._dtype)
        return self._elements[index]

    def _all(self):
        return [self._element(i) for i in range(len(self._elements))]

    def stack(self, name=None):
        """All elements, stacked along a new first axis."""
        if not self._elements:
            return convert_to_tensor([], dtype=self._dtype, name=name)
        return stack(self._all(), name=name or "stack")

    def gather(self, indices, name=None):
        """The elements `indices`, stacked along a new first axis."""
        return stack([self._element(i) for i in _numbers(indices)])

    def concat(self, name=None):
        """All elements, joined along their first axis. InvalidArgumentError for numbers."""
        ranks = [len(each._shape) for each in self._all()]
        if 0 in ranks:
            raise InvalidArgumentError(
                None, None, f"Concat saw a scalar shape at index {ranks.index(0)} but requires at "
                "least vectors."
            )  # fmt: skip
        return concat(self._all(), 0, name=name or "concat")

    def unstack(self, value, name=None):
        """The array with the rows of `value` as its elements. ValueError for too many."""
        tensors = unstack(value, name=name or "unstack")
        if len(tensors) > len(self._elements) and not self._dynamic_size:
            raise ValueError(f"Cannot unstack {len(tensors)} tensors into a TensorArray of static "
                             f"size {len(self._elements)}")  # fmt: skip
        self._elements = tensors
        return self

    def scatter(self, indices, value, name=None):
        """The array with the rows of `value` as the elements `indices`."""
        for i, each in zip(_numbers(indices), unstack(value)):
            self.write(i, each)
        return self

    def split(self, value, lengths, name=None):
        """The array with parts of `value`, of `lengths` rows each, as its elements.
        InvalidArgumentError unless they are all of its rows, and as many as the array has room for.
        """
        value = convert_to_tensor(value, preferred_dtype=self._dtype, name="value")
        lengths = convert_to_tensor(lengths)
        self._check_parts(value, lengths)
        self._elements = split(value, lengths, name=name or "split")
        return self

    def _check_parts(self, value, lengths):
        if len(lengths._shape) != 1:
            wrong = f"Expected lengths to be a vector, received shape: {lengths.shape.as_list()}"
        elif not value._shape:
            wrong = "Expected value to be at least a vector, but received shape: []"
        elif lengths.numpy().sum() != value._shape[0]:
            wrong = ("Expected sum of lengths to be equal to values.shape[0], but sum of lengths "
                     f"is {lengths.numpy().sum()} and value's shape is: "
                     f"{value.shape.as_list()} ")  # fmt: skip
        elif not self._dynamic_size and lengths._shape[0] != len(self._elements):
            wrong = ("TensorArray's size is not equal to the size of lengths "
                     f"({len(self._elements)} vs. {lengths._shape[0]}), and the TensorArray is not "
                     "marked as dynamically resizeable")  # fmt: skip
        else:
            return
        raise InvalidArgumentError(None, None, wrong)

    def size(self, name=None):
        """The number of elements, an int32 tensor."""
        return constant(len(self._elements))

    def close(self, name=None):
        """Give the elements up."""
        self._elements.clear()


def _numbers(indices):
    return [int(i) for i in convert_to_tensor(indices, int32).numpy()]
