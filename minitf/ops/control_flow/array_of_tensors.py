"""What the handle of a TensorArray is in a run: the elements, and which were written or read."""

import threading
from sys import getrefcount

import numpy as np

from minitf.core.errors import UnimplementedError
from minitf.core.tensor_shape import is_static, merge

FIRST = 16  # elements that a growing array has room for at first
SIDE_BY_SIDE = object()  # stands for an element that lies in the block, at its index


class Elements:
    """The elements of one TensorArray, or of the gradient of one.

    They are arrays of the module `xp`. Those of one shape lie side by side in `block`, as far as
    they fit. Of a gradient `like` are the shapes that its elements have: one that is written again
    grows by what is written.
    """

    __slots__ = ("alike", "block", "cleared", "clears", "dtype", "dynamic", "gradients", "like",
                 "pool", "row", "shape", "values", "xp")  # fmt: skip

    def __init__(self, xp, pool, dtype, size, dynamic, clears, shape, alike, like=None):
        self.xp, self.pool, self.dtype, self.dynamic, self.clears = xp, pool, dtype, dynamic, clears
        self.shape, self.alike, self.like = shape, alike, like
        self.values = [None] * size
        self.cleared = set()
        self.gradients = {}
        self.block = self.row = None

    # -- writing -----------------------------------------------------------------------------

    def write(self, index, value):
        """Set one element; ValueError where TensorFlow has InvalidArgumentError."""
        index = int(index)
        values = self.values
        if type(value) is bytes:  # some kernels give a string itself
            value = np.array(value, object)
        if index >= len(values) and self.dynamic and index >= 0:
            values += [None] * (index + 1 - len(values))
        if not 0 <= index < len(values):
            kind = "" if self.dynamic else " but array is not resizeable and size is: "
            raise ValueError(f"Tried to write to index {index}{kind or ' of '}{len(values)}")
        old = values[index]
        if old is None and not self.cleared:
            self._set(index, value)
        else:
            self._rewrite(index, old, value)

    def _set(self, index, value):
        block = self.block
        if block is not None and value.shape == self.row and index < len(block):
            block[index] = value
            self.values[index] = SIDE_BY_SIDE
        else:
            self._check(index, value.shape)
            self.values[index] = self._own(index, value)

    def _rewrite(self, index, old, value):
        if index in self.cleared:
            raise ValueError(f"Could not write to TensorArray index {index} because it has "
                             "already been read.")  # fmt: skip
        if old is None:
            self._set(index, value)
        elif self.like is None:
            raise ValueError(f"Could not write to TensorArray index {index} because it has "
                             "already been written to.")  # fmt: skip
        else:
            self._add(index, self._at(index), value)

    def _add(self, index, old, value):
        if old.shape != value.shape:
            raise ValueError(f"Could not aggregate to TensorArray index {index} because the "
                             f"existing shape is {list(old.shape)} but the new input shape is "
                             f"{list(value.shape)}.")  # fmt: skip
        self.xp.add(old, value, out=old)

    def _at(self, index):
        """The element, None when it is not written."""
        value = self.values[index]
        return self.block[index, ...] if value is SIDE_BY_SIDE else value

    def _check(self, index, shape):
        if shape == self.shape:
            return
        merged = merge(self.shape, shape)
        if merged is False:
            known = [-1 if n is None else n for n in self.shape]
            raise ValueError(
                f"Could not write to TensorArray index {index} because the value shape is "
                f"{list(shape)} which is incompatible with the TensorArray's inferred element "
                f"shape: {known} (consider setting infer_shape=False)."
            )
        if self.alike:
            self.shape = shape

    def _own(self, index, value):
        """A copy of the value: in the block, where it fits there."""
        if self.dtype.kind == "O":
            return value.copy() if isinstance(value, np.ndarray) else value
        block = self.block
        if block is None or index >= len(block):
            self.values = [self._at(i) for i in range(len(self.values))]  # in the old block
            room = max(len(self.values), FIRST if block is None else 2 * len(block))
            self.block = block = self.pool.take(self.xp, (room, *value.shape), self.dtype)
            self.row = value.shape
        if value.shape != self.row:
            return self.xp.array(value, self.dtype, order="C")
        block[index] = value
        return SIDE_BY_SIDE

    def scatter(self, indices, value):
        """Set the elements `indices` to the rows of `value`."""
        if len(indices) != len(value):
            raise ValueError(f"Expected len(indices) == values.shape[0], but saw: {len(indices)} "
                             f"vs. {len(value)}")  # fmt: skip
        if self._is_whole(indices):
            self._check(0, value.shape[1:])
            self.block, self.row = self.pool.take(self.xp, value.shape, self.dtype), value.shape[1:]
            self.block[: len(value)] = value
            self.values = [SIDE_BY_SIDE] * len(value)
            return
        for index, row in zip(indices.tolist(), value):
            self.write(index, self.xp.asarray(row, self.dtype))

    def _is_whole(self, indices):
        """Whether these are all elements, in order, and none has been written."""
        count = len(self.values)
        fresh = self.block is None and not self.cleared and self.dtype.kind != "O"
        if len(indices) != count or not count or not fresh:
            return False
        unwritten = all(value is None for value in self.values)
        return unwritten and np.array_equal(indices, np.arange(count))

    def split(self, value, lengths):
        """Set the elements to parts of `value` of so many rows each."""
        if lengths.sum() != len(value):
            raise ValueError("Expected sum of lengths to be equal to values.shape[0], but sum of "
                             f"lengths is {lengths.sum()} and value's shape is: "
                             f"{list(value.shape)}")  # fmt: skip
        if len(lengths) != len(self.values) and not (
            self.dynamic and len(lengths) > len(self.values)
        ):
            raise ValueError("TensorArray's size is not equal to the size of lengths "
                             f"({len(self.values)} vs. {len(lengths)}), and the TensorArray is "
                             "not marked as dynamically resizeable")  # fmt: skip
        ends = np.cumsum(lengths)
        for index, (end, length) in enumerate(zip(ends, lengths)):
            self.write(index, value[end - length : end])

    # -- reading -----------------------------------------------------------------------------

    def read(self, index, out=None):
        """One element: in the array's own memory, or a copy in `out`."""
        found = self._read(int(index))
        if out is None:
            return found
        self.xp.copyto(out, found)
        return out

    def _read(self, index):
        if not 0 <= index < len(self.values):
            raise ValueError(
                f"Tried to read from index {index} but array size is: {len(self.values)}"
            )
        value = self.values[index]
        if value is None:
            return self._zeros(index)
        if self.clears:
            if index in self.cleared:
                raise ValueError(
                    f"Could not read index {index} twice because it was cleared after a previous "
                    "read (perhaps try setting clear_after_read = false?)"
                )
            self.cleared.add(index)
        return self.block[index, ...] if value is SIDE_BY_SIDE else value

    def _zeros(self, index):
        """What an element is that has not been written: zero, when its shape is known."""
        shape = self.shape
        if self.like is not None and self.like[index] is not None:
            shape = self.like[index]
        if not is_static(shape) or self.dtype.kind == "O":
            known = "<unknown>" if shape is None else str(list(shape))
            raise ValueError(
                f"Could not read from TensorArray index {index}.  Furthermore, the element shape "
                f"is not fully defined: {known}.  It is possible you are working with a "
                "resizeable TensorArray and stop_gradients is not allowing the gradients to be "
                "written.  If you set the full element_shape property on the forward TensorArray, "
                "the proper all-zeros tensor will be returned instead of incurring this error."
            )
        return self.xp.zeros(shape, self.dtype)

    def gather(self, indices, shape=None, out=None):
        """The elements `indices`, stacked; `shape` is what is known of theirs besides."""
        if self._lie_in_order(indices):
            count = len(indices)
            out = self.xp.empty((count, *self.row), self.dtype) if out is None else out
            out[...] = self.block[:count]
            return out
        rows = [self.read(index) for index in indices.tolist()]
        if not rows:
            return self._nothing(shape)
        if any(row.shape != rows[0].shape for row in rows):
            wrong = next(i for i, row in enumerate(rows) if row.shape != rows[0].shape)
            raise ValueError(
                f"TensorArray has inconsistent shapes.  Index 0 has shape: {list(rows[0].shape)} "
                f"but index {wrong} has shape: {list(rows[wrong].shape)}"
            )
        if out is None:
            out = self.xp.empty((len(rows), *rows[0].shape), self.dtype)
        if self.dtype.kind != "O":
            self.xp.stack(rows, out=out)
        else:
            for place, row in zip(out.reshape(len(rows), -1), rows):
                place[...] = row.reshape(-1)
        return out

    def _nothing(self, shape):
        """No elements, stacked."""
        known = merge(self.shape, shape)
        if not is_static(known):
            said = "<unknown>" if known is None else str(list(known))
            raise UnimplementedError(
                None,
                None,
                f"TensorArray has zero elements, but element shape is not fully defined: {said}. "
                "Currently only static shapes are supported when packing zero-size TensorArrays.",
            )
        return self.xp.zeros((0, *known), self.dtype)

    def _lie_in_order(self, indices):
        """Whether the elements are the first ones of the block; they count as read then."""
        count = len(indices)
        if self.block is None or not count or count > len(self.values) or self.cleared:
            return False
        if not np.array_equal(indices, np.arange(count)):
            return False
        if any(value is not SIDE_BY_SIDE for value in self.values[:count]):
            return False
        if self.clears:
            self.cleared.update(range(count))
        return True

    def concat(self, rest=None):
        """(the elements one after the other, the number of rows of each); `rest` is what is known
        of the shape of a row."""
        rows = [self.read(index) for index in range(len(self.values))]
        if not rows:
            known = merge(None if self.shape is None else self.shape[1:], rest)
            none = self.xp.zeros((0, *(n or 0 for n in known or ())), self.dtype)
            return none, np.zeros(0, np.int64)
        if any(row.ndim == 0 for row in rows):
            raise ValueError("Concat saw a scalar shape at index 0 but requires at least vectors.  "
                             "Did you mean to call stack?")  # fmt: skip
        return self.xp.concatenate(rows), np.array([len(row) for row in rows], np.int64)

    def gradient(self, source):
        """The array of the gradients of these elements, one for each call of tf.gradients."""
        if source not in self.gradients:
            like = [self.row if v is SIDE_BY_SIDE else getattr(v, "shape", None)
                    for v in self.values]  # fmt: skip
            self.gradients[source] = Elements(self.xp, self.pool, self.dtype, len(like), False,
                                              False, self.shape, False, like)  # fmt: skip
        return self.gradients[source]


class Pool:
    """Blocks that the arrays of one node have left behind, for the next run: so that the system
    need not find memory, and clear it, in every run."""

    MOST = 8  # blocks

    def __init__(self, operation):
        self.blocks = []
        self.lock = threading.Lock()

    def take(self, xp, shape, dtype):
        """A block that nobody uses, of that many rows or some more, as an array of `xp`."""
        with self.lock:
            for block in self.blocks:
                alike = block.shape[1:] == shape[1:] and block.dtype == dtype
                fits = alike and shape[0] <= len(block) <= 2 * shape[0]
                if fits and isinstance(block, xp.ndarray) and getrefcount(block) <= ALONE:
                    return block
            try:
                block = xp.empty(shape, dtype)
            except MemoryError:
                self.blocks = []
                block = xp.empty(shape, dtype)
            self.blocks = [*self.blocks[-self.MOST + 1 :], block]
        return block


def _references(blocks):
    """How many references there are to a block that only a list holds, as Python counts them."""
    for block in blocks:
        return getrefcount(block)


ALONE = _references([np.empty(1)])
