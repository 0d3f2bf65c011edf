"""RaggedTensorValue: what a run gives for a ragged tensor."""
from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from minitf.core.ragged import Ragged


class RaggedTensorValue(Ragged):
    """Row i is `values[row_splits[i]:row_splits[i + 1]]`; `values` is an array, or ragged itself.

    What a run returns for a fetched RaggedTensor, and takes to feed one. TypeError for other types,
    ValueError where the types of inner and outer splits differ.
    """

    __slots__ = ("__weakref__", "_row_splits", "_values")

    def __init__(self, values: Any, row_splits: Any) -> None:
        integers = isinstance(row_splits, np.ndarray) and row_splits.dtype in (np.int32, np.int64)
        if not integers or row_splits.ndim != 1:
            raise TypeError(
                f"row_splits must be a 1D int32 or int64 numpy array, got {row_splits!r}"
            )
        if not isinstance(values, (np.ndarray, np.generic, RaggedTensorValue)):
            raise TypeError(f"values must be a numpy array or a RaggedTensorValue, got {values!r}")
        if isinstance(values, RaggedTensorValue) and row_splits.dtype != values.row_splits.dtype:
            raise ValueError("row_splits and values.row_splits must have the same dtype, got "
                             f"{row_splits.dtype} and {values.row_splits.dtype}")  # fmt: skip
        self._values, self._row_splits = values, row_splits

    values = property(lambda self: self._values)
    row_splits = property(lambda self: self._row_splits)

    @property
    def dtype(self) -> Any:
        """NumPy's type of the values."""
        return self._values.dtype

    @property
    def flat_values(self) -> Any:
        """The values of the innermost rows, one after the other."""
        inner = self._values
        return inner.flat_values if isinstance(inner, RaggedTensorValue) else inner

    @property
    def nested_row_splits(self) -> tuple[Any, ...]:
        """The row splits of all ragged axes, the outermost first."""
        inner = self._values
        rest = inner.nested_row_splits if isinstance(inner, RaggedTensorValue) else ()
        return (self._row_splits, *rest)

    @property
    def ragged_rank(self) -> int:
        """The number of ragged axes."""
        return len(self.nested_row_splits)

    @property
    def shape(self) -> tuple[Any, ...]:
        """The sizes of the axes, None where rows differ."""
        return (len(self._row_splits) - 1, None, *self._values.shape[1:])

    def to_list(self) -> list[Any]:
        """The rows as nested lists."""
        inner = self._values
        listed = inner.to_list() if isinstance(inner, RaggedTensorValue) else inner.tolist()
        splits = self._row_splits.tolist()
        return [listed[start:end] for start, end in itertools.pairwise(splits)]

    def __str__(self) -> str:
        return f"<tf.RaggedTensorValue {self.to_list()}>"

    def __repr__(self) -> str:
        return f"tf.RaggedTensorValue(values={self._values!r}, row_splits={self._row_splits!r})"


def value_of(flat_values: Any, nested_row_splits: Any) -> Any:
    """The value of these parts, the outermost splits first; without splits the array itself."""
    found = flat_values
    for row_splits in reversed(nested_row_splits):
        found = RaggedTensorValue(found, row_splits)
    return found
