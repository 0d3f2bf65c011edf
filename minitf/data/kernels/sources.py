"""Where elements come from: tensors, their slices, ranges, random numbers."""

import numpy as np

from minitf.core.dtypes import as_dtype, int64, variant
from minitf.core.errors import InvalidArgumentError, UnimplementedError
from minitf.core.schema import TypeAttr
from minitf.core.tensor_shape import TensorShape
from minitf.data.kernels.declare import Components, dataset_op
from minitf.data.kernels.stream import (
    INFINITE,
    NUMBERS,
    Rows,
    RowsOfHandles,
    Source,
    Words,
    kept,
)
from minitf.ops.random import philox


class Tensors(Source):
    """One element."""

    quiet = True

    def __init__(self, element, types, shapes):
        super().__init__(types, shapes)
        self.value = tuple(element)

    def stream(self, run, path):
        return iter([self.value])

    def cardinality(self):
        return 1


@dataset_op("TensorDataset")
def tensor_dataset(xp, *components: Components, output_shapes, _types=None) -> variant:
    """One element, of these components."""
    element = [kept(component) for component in components]
    return Tensors(element, _types or _types_of(element), output_shapes)


def _types_of(arrays):
    """The types of components; objects are strings where they are bytes, and else variants."""
    return [variant if _is_variant(array) else as_dtype(array.dtype) for array in arrays]


def _is_variant(array):
    return array.dtype.kind == "O" and not all(isinstance(each, bytes) for each in array.flat)


class InOrder:
    """The numbers of a range, one by one or many."""

    quiet = True

    def __init__(self, numbers):
        self.numbers, self.at, self.end = numbers, 0, len(numbers)

    def __iter__(self):
        return self

    def __next__(self):
        at = self.at
        if at >= self.end:
            raise StopIteration
        self.at = at + 1
        return self.numbers[at]

    def many(self, count):
        start = self.at
        self.at = min(start + count, self.end)
        return self.numbers[start : self.at]


class Slices(Source):
    """The rows of arrays."""

    quiet = True

    def __init__(self, columns, types, shapes):
        super().__init__(types, shapes)
        self.form = RowsOfHandles(columns, types) if variant in types else Rows(columns)
        self.rows = range(len(columns[0]))

    def stream(self, run, path):
        return InOrder(self.rows)

    def cardinality(self):
        return len(self.rows)


@dataset_op("TensorSliceDataset")
def tensor_slice_dataset(xp, *components: Components, output_shapes, _types=None) -> variant:
    """The slices of the components along their first axis, which have as many."""
    columns = [kept(component) for component in components]
    for i, column in enumerate(columns):
        if not column.ndim:
            raise InvalidArgumentError(
                None, None, "All components must be at least 1-dimensional: "
                f"component {i} is a scalar"
            )  # fmt: skip
        if len(column) != len(columns[0]):
            raise InvalidArgumentError(
                None, None, "All components must have the same size in the 0th dimension: "
                f"component {i} has {len(column)}, component 0 has {len(columns[0])}"
            )  # fmt: skip
    return Slices(columns, _types or _types_of(columns), output_shapes)


class SparseSlices(Source):
    """The rows of a sparse tensor, each as indices, values and dense shape."""

    quiet = True

    def __init__(self, indices, values, shape):
        rank = len(shape) - 1
        sizes = [None, rank], [None], [rank]
        super().__init__([int64, as_dtype(values.dtype), int64], map(TensorShape, sizes))
        self.parts = indices, values, shape
        self.count = int(shape[0])
        self.ends = np.searchsorted(indices[:, 0], np.arange(self.count + 1))

    def stream(self, run, path):
        return map(self._row, range(self.count))

    def _row(self, i):
        indices, values, shape = self.parts
        rows = slice(self.ends[i], self.ends[i + 1])
        return indices[rows, 1:], values[rows], shape[1:]

    def cardinality(self):
        return self.count


@dataset_op("SparseTensorSliceDataset")
def sparse_tensor_slice_dataset(
    xp, indices: int64, values: TypeAttr("Tvalues"), dense_shape: int64
) -> variant:
    """The rows of a sparse tensor, whose indices are in order."""
    if np.any(np.diff(indices[:, 0]) < 0):
        raise UnimplementedError(None, None, "indices are not in the order of rows: "
                                 "tf.sparse.reorder puts them so")  # fmt: skip
    return SparseSlices(*map(kept, (indices, values, dense_shape)))


class Range(Source):
    """Integers, a step apart."""

    form, quiet = NUMBERS, True

    def __init__(self, numbers, types, shapes):
        super().__init__(types, shapes)
        self.numbers = numbers

    def stream(self, run, path):
        return InOrder(self.numbers)

    def cardinality(self):
        return len(self.numbers)


@dataset_op("RangeDataset")
def range_dataset(
    xp, start: int64, stop: int64, step: int64, *, output_types, output_shapes
) -> variant:
    """start, start + step, ... as long as it is before stop."""
    if not step:
        raise InvalidArgumentError(None, None, "step must be a non-zero integer.")
    return Range(range(int(start), int(stop), int(step)), output_types, output_shapes)


class Random(Source):
    """Random numbers of 32 bits, without end."""

    form, quiet = NUMBERS, True

    def __init__(self, seed, seed2, types, shapes):
        super().__init__(types, shapes)
        self.seeds = philox_seeds(seed, seed2)

    def stream(self, run, path):
        return iter(Words(*self.seeds), None)

    def cardinality(self):
        return INFINITE


def philox_seeds(seed, seed2):
    """Two seeds, chosen at random where both are zero."""
    if seed or seed2:
        return int(seed), int(seed2)
    _, second, first = philox.seeded(0, 0).tolist()
    return first, second


@dataset_op("RandomDataset")
def random_dataset(xp, seed: int64, seed2: int64, *, output_types, output_shapes) -> variant:
    """Random numbers of 32 bits, the same for the same seeds."""
    return Random(seed, seed2, output_types, output_shapes)
