"""What a Session keeps for a conditional accumulator: gradients of one step, added up.

A gradient counts when it was computed at the accumulator's step or later. Who takes their mean
waits for enough of them, and moves the accumulator on by one step.
"""
import numpy as np

from minitf import logging
from minitf.core.errors import InvalidArgumentError
from minitf.core.tensor_shape import merge
from minitf.ops.queues.waiting import DONE, STUCK, Attempt, Waiting


def _invalid(message):
    return InvalidArgumentError(None, None, message)


class Accumulator(Waiting):
    """Of tensors of one shape."""

    TAKE = "TakeGrad operation was cancelled"
    family = "Accumulator"

    def __init__(self, operation):
        super().__init__(operation)
        attrs = operation.attrs
        self.dtype, self.shape = attrs["dtype"].numpy, attrs["shape"]
        self.mean = attrs["reduction_type"] == "MEAN"
        self.step = self.count = 0
        self.total = None

    def apply(self, local_step, *gradient):
        """Add a gradient, unless it is of an earlier step."""
        self.check(*gradient)
        with self.lock:
            self.check_open(self.taking)
            if local_step >= self.step:
                self.add(*gradient)
                self.count += 1
                self.flush()

    def take(self, required):
        """The mean (or sum), once there are so many gradients."""
        if required <= 0:
            raise _invalid(f"Argument num_required must be positive, but was {required}")
        found = []

        def advance():
            if self.count < required:
                return STUCK
            found.append(self.result())
            self.count, self.total = 0, None
            self.step += 1
            return DONE

        self.wait(self.taking, Attempt(advance))
        return found[0]

    def set_step(self, step):
        """Move to another step: one that is past is a reason to warn."""
        with self.lock:
            if step < self.step:
                logging.warning("Attempt to set current_global_step_ to smaller value: "
                                "current_global_step_ = %d >= %d = new_global_step.",
                                self.step, step)  # fmt: skip
            self.step = int(step)

    # -- of dense gradients ----------------------------------------------------------------------

    def check(self, gradient):
        expected = self.shape if self.total is None else self.total.shape
        if merge(expected, gradient.shape) is False:
            raise _invalid(f"Shape mismatch: expected {_text(expected)}, got "
                           f"{_text(gradient.shape)}")  # fmt: skip

    def add(self, gradient):
        if self.total is None:
            self.total = np.array(gradient, self.dtype)
        else:
            self.total += gradient

    def result(self):
        return divided(self.total, self.count) if self.mean else self.total


class SparseAccumulator(Accumulator):
    """Of rows with indices: each row is divided by the number of gradients that it was in."""

    def check(self, indices, values, shape, known):
        if indices.ndim != 1:
            raise _invalid(f"Input indices should be vector but received shape: "
                           f"{_text(indices.shape)}")  # fmt: skip
        if not indices.size:
            raise _invalid("Must specify at least one element in indices")
        if not values.ndim:
            raise _invalid("Values cannot be 0-dimensional.")
        if values.shape[0] != len(indices):
            raise _invalid(
                f"Expected {len(indices)} non-empty input values, got {values.shape[0]}"
            )
        expected = self.shape or ()
        if known:
            _check_sizes("shape", expected, shape.tolist(), first=0)
        self._check_limit(indices)
        if self.total is None:
            _check_sizes("values", expected, values.shape)
        elif values.ndim != self.total[1].ndim:
            raise _invalid(f"Shape mismatch: expected values rank {self.total[1].ndim}, got "
                           f"{values.ndim}")  # fmt: skip
        else:
            _check_sizes("values", self.total[1].shape, values.shape)

    def _check_limit(self, indices):
        limit = self.shape[0] if self.shape else None
        outside = np.flatnonzero(indices >= limit) if limit is not None else ()
        if len(outside):
            raise _invalid(
                f"Shape mismatch: index of slice {outside[0]} exceeded limits of shape; index is "
                f"{indices[outside[0]]} exceeded {limit}"
            )

    def add(self, indices, values, shape, known):
        if self.total is None:
            ones = np.ones(len(indices), np.int64)
            self.total = np.array(indices), np.array(values, self.dtype), ones
        else:
            self.total = _merged(self.total, indices, values)

    def result(self):
        indices, values, counts = self.total
        if self.mean:
            values = divided(values, counts.reshape([-1] + [1] * (values.ndim - 1)))
        count = self.shape[0] if self.shape else None
        shape = np.array([-1 if count is None else count, *values.shape[1:]], np.int64)
        return indices, values, shape


def _check_sizes(what, expected, sizes, first=1):
    """`sizes`, from the axis `first` on, are the known ones of `expected`, and maybe more."""
    if len(sizes) < len(expected):
        raise _invalid(f"Shape mismatch: expected {what} rank at least {len(expected)}, got "
                       f"{len(sizes)}")  # fmt: skip
    for axis in range(first, len(expected)):
        if expected[axis] not in (None, sizes[axis]):
            raise _invalid(f"Shape mismatch: expected {what} dim {axis} to be {expected[axis]}, "
                           f"got {sizes[axis]}")  # fmt: skip


def divided(total, count):
    """The mean of what was added up, of the same type."""
    if total.dtype.kind in "iu":
        return total // np.asarray(count, total.dtype)
    return total / np.asarray(count, total.dtype)


def _merged(total, indices, values):
    """Two lists of rows as one, as two sorted lists are merged: where their heads have one index,
    the rows are added."""
    own, rows, counts = total
    mine, other, left, right = [], [], 0, 0
    while left < len(own) or right < len(indices):
        a = own[left] if left < len(own) else None
        b = indices[right] if right < len(indices) else None
        first, second = b is None or (a is not None and a <= b), a is None or (
            b is not None and b <= a)  # fmt: skip
        mine.append(left if first else -1)
        other.append(right if second else -1)
        left, right = left + first, right + second
    mine, other = np.array(mine), np.array(other)
    merged = np.where(mine >= 0, own[mine], indices[other])
    summed = np.zeros((len(mine), *rows.shape[1:]), rows.dtype)
    summed[mine >= 0] = rows[mine[mine >= 0]]
    summed[other >= 0] += values[other[other >= 0]]
    total_counts = np.where(mine >= 0, counts[mine], 0) + (other >= 0)
    return merged, summed, total_counts


def _text(shape):
    return "<unknown>" if shape is None else str(list(shape)).replace("None", "?").replace(" ", "")
