"""Several elements as one, and one as several: batch, padded_batch, unbatch, window."""
import itertools
from collections import deque

import numpy as np

from minitf.core.dtypes import bool_, int64, variant
from minitf.core.errors import DataLossError, InvalidArgumentError
from minitf.core.schema import TypeAttr
from minitf.data.kernels.declare import dataset_op, positive
from minitf.data.kernels.stream import (
    ELEMENTS,
    UNKNOWN,
    Derived,
    Source,
    Stream,
    element_of,
    many,
    scalar,
)

# -- batch ----------------------------------------------------------------------------------------


class Batch(Derived):
    """Each `size` elements as one; `combine` makes it of a form and tokens."""

    def __init__(self, input, size, drops, types, shapes):
        super().__init__(input, types, shapes)
        self.size, self.drops = size, drops
        self.quiet = False  # it may find shapes that differ

    def stream(self, run, path):
        return Batches(self, self.inner(run, path))

    def combine(self, tokens):
        return tuple(self.input.form.stacked(tokens))

    def cardinality(self):
        count = self.input.cardinality()
        return count if count < 0 else -(-count // self.size) if not self.drops else (
            count // self.size
        )


class Batches:
    """A pass of Batch. Elements that came before an error are lost with their batch."""

    def __init__(self, source, inner):
        self.source, self.inner = source, inner

    def __iter__(self):
        return self

    def __next__(self):
        source = self.source
        tokens = self.taken(source.size)
        if not len(tokens) or (source.drops and len(tokens) < source.size):
            raise StopIteration
        return source.combine(tokens)

    def taken(self, count):
        """The next tokens, up to so many."""
        return many(self.inner, count)


def _size(batch_size):
    return positive(batch_size, "Batch size")


@dataset_op("BatchDatasetV2")
def batch_dataset_v2(
    xp, input_dataset: variant, batch_size: int64, drop_remainder: bool_, *, output_types,
    output_shapes, parallel_copy=False,
) -> variant:  # fmt: skip
    """Each batch_size elements as one."""
    return Batch(input_dataset, _size(batch_size), bool(drop_remainder), output_types,
                 output_shapes)  # fmt: skip


# -- padded batch ---------------------------------------------------------------------------------


class PaddedBatch(Batch):
    """The same, of components of different sizes, filled up at their ends."""

    def __init__(self, input, size, drops, padded, fills, types, shapes):
        super().__init__(input, size, drops, types, shapes)
        self.padded, self.fills = padded, fills

    def combine(self, tokens):
        columns = zip(*map(self.input.form.element, tokens))
        parts = zip(columns, self.padded, self.fills)
        return tuple([_padded(i, *each) for i, each in enumerate(parts)])


def _padded(component, values, wanted, fill):
    """Values one after the other, each filled up to the sizes wanted; where one is -1, to the
    largest there is."""
    first = values[0]
    if any(value.ndim != len(wanted) for value in values):
        raise InvalidArgumentError(
            None, None, "All elements in a batch must have the same rank as the padded shape for "
            f"component{component}: expected rank {len(wanted)} but got element with rank "
            f"{next(v.ndim for v in values if v.ndim != len(wanted))}"
        )  # fmt: skip
    largest = np.max([value.shape for value in values], 0).astype(int) if len(wanted) else ()
    sizes = [most if size < 0 else size for size, most in zip(wanted, largest)]
    if any(most > size for size, most in zip(sizes, largest)):
        raise DataLossError(None, None, "Attempted to pad to a smaller size than the input "
                            f"element. (component {component}: sizes {list(map(int, largest))} "
                            f"into {list(map(int, sizes))})")  # fmt: skip
    made = np.empty((len(values), *sizes), first.dtype)
    if any(value.shape != tuple(sizes) for value in values):
        made[...] = fill
    for row, value in zip(made if made.ndim > 1 else (), values):
        row[tuple(map(slice, value.shape))] = value
    if made.ndim == 1:
        made[:] = [scalar(value) for value in values]
    return made


Padding = TypeAttr("_padding", each=True)


@dataset_op("PaddedBatchDatasetV2")
def padded_batch_dataset_v2(
    xp, input_dataset: variant, batch_size: int64, *padded_shapes_and_values: Padding,
    drop_remainder: bool_, output_shapes, Toutput_types, parallel_copy=False,
) -> variant:  # fmt: skip
    """Each batch_size elements as one, filled up to the padded shapes with the values."""
    count = len(padded_shapes_and_values) // 2
    padded = [[int(size) for size in shape] for shape in padded_shapes_and_values[:count]]
    for shape in padded:
        if any(size < -1 for size in shape):
            raise InvalidArgumentError(None, None, f"Sizes of padded_shapes must be >= -1: {shape}")
    fills = [scalar(np.array(fill)) for fill in padded_shapes_and_values[count:]]
    return PaddedBatch(input_dataset, _size(batch_size), bool(drop_remainder), padded, fills,
                       Toutput_types, output_shapes)  # fmt: skip


# -- sparse batch ---------------------------------------------------------------------------------


class SparseBatch(Batch):
    """Elements of different sizes as a sparse tensor."""

    def __init__(self, input, size, row_shape, types, shapes):
        super().__init__(input, size, False, types, shapes)
        self.row_shape = row_shape

    def stream(self, run, path):
        return Batches(self, map(self._checked, self.inner(run, path)))

    def combine(self, rows):
        sizes = np.max([row.shape for row in rows], 0) if self.row_shape else []
        sizes = [int(m) if n < 0 else n for n, m in zip(self.row_shape, sizes)]
        places = [np.argwhere(np.ones(row.shape, bool)) for row in rows]
        counts = [len(place) for place in places]
        first = np.repeat(np.arange(len(rows)), counts)[:, None]
        made = np.empty(3, object)
        made[0] = np.concatenate([first, np.concatenate(places)], 1).astype(np.int64)
        made[1] = np.concatenate([row.reshape(-1) for row in rows])
        made[2] = np.array([len(rows), *sizes], np.int64)
        return (made,)

    def _checked(self, token):
        """The row of a token. InvalidArgumentError or DataLossError where it does not fit."""
        (row,) = self.input.form.element(token)
        if row.ndim != len(self.row_shape):
            raise InvalidArgumentError(
                None, None, f"Input element had shape {list(row.shape)} that is of another rank "
                f"than the row_shape {self.row_shape}."
            )  # fmt: skip
        if any(0 <= n < m for n, m in zip(self.row_shape, row.shape)):
            raise DataLossError(None, None, f"Input element had shape {list(row.shape)} that is "
                                f"larger than the row_shape {self.row_shape}.")  # fmt: skip
        return row


@dataset_op("DenseToSparseBatchDataset")
def dense_to_sparse_batch_dataset(
    xp, input_dataset: variant, batch_size: int64, row_shape: int64, *, output_types, output_shapes
) -> variant:
    """Each batch_size elements as a sparse tensor with rows of this shape."""
    shape = [int(size) for size in row_shape]
    return SparseBatch(input_dataset, _size(batch_size), shape, output_types, output_shapes)


# -- unbatch --------------------------------------------------------------------------------------


class Unbatch(Derived):
    """The rows of elements."""

    def stream(self, run, path):
        return Unbatched(self, self.inner(run, path))

    def cardinality(self):
        return UNKNOWN


class Unbatched:
    """A pass of Unbatch."""

    def __init__(self, source, inner):
        self.source, self.inner = source, inner
        self.columns, self.at, self.end = (), 0, 0

    def __iter__(self):
        return self

    def __next__(self):
        while self.at >= self.end:
            self._next_batch()
        at, self.at = self.at, self.at + 1
        return element_of(self.columns, self.source.types, at)

    def _next_batch(self):
        columns = self.source.input.form.element(next(self.inner))
        counts = [_length(i, column) for i, column in enumerate(columns)]
        for i, count in enumerate(counts):
            if count != counts[0]:
                raise InvalidArgumentError(
                    None, None, f"Input element must have the same batch size in each component. "
                    f"Component 0 had size {counts[0]} but component {i} had size, {count}."
                )  # fmt: skip
        self.columns, self.at, self.end = columns, 0, counts[0]


def _length(component, column):
    if not column.ndim:
        raise InvalidArgumentError(None, None, "Input element must have a non-scalar value in each "
                                   f"component: component {component} is a scalar.")  # fmt: skip
    return len(column)


@dataset_op("UnbatchDataset")
def unbatch_dataset(xp, input_dataset: variant, *, output_types, output_shapes) -> variant:
    """The rows of elements, one after the other."""
    return Unbatch(input_dataset, output_types, output_shapes)


# -- window ---------------------------------------------------------------------------------------


class Listed(Source):
    """A dataset of tokens that are there."""

    quiet = True

    def __init__(self, form, tokens, component, types, shapes):
        self.types, self.shapes = types, shapes
        self.inner, self.tokens, self.component = form, tokens, component
        self.form = form if component is None else ELEMENTS

    def stream(self, run, path) -> Stream:
        if self.component is None:
            return iter(self.tokens)
        return ((self.inner.element(token)[self.component],) for token in self.tokens)

    def cardinality(self):
        return len(self.tokens)


class Window(Derived):
    """For each component a dataset of those of `size` elements, `stride` apart; the next begins
    `shift` elements later."""

    def __init__(self, input, size, shift, stride, drops, types, shapes):
        super().__init__(input, types, shapes)
        self.size, self.shift, self.stride, self.drops = size, shift, stride, drops

    def stream(self, run, path):
        return map(self.element, Windows(self, self.inner(run, path)))

    def element(self, tokens):
        """The datasets, one for each component."""
        input, made = self.input, []
        count = len(input.types)
        for i, (dtype, shape) in enumerate(zip(input.types, input.shapes)):
            component = i if count > 1 else None
            made.append(Listed(input.form, tokens, component, [dtype], [shape]))
        return tuple(made)

    def cardinality(self):
        count = self.input.cardinality()
        if count < 0 or not self.shift:
            return count
        reach = (self.size - 1) * self.stride
        whole = max(count - 1 - reach, -self.shift) // self.shift + 1
        return whole if self.drops else -(-count // self.shift)


class Windows:
    """The tokens of one window after the other. An error has the place of the element that it came
    for: a window that has it raises it."""

    def __init__(self, source, inner):
        self.source, self.inner = source, inner
        self.buffer = deque()
        self.skip = 0

    def __iter__(self):
        return self

    def __next__(self):
        source, buffer = self.source, self.buffer
        reach = (source.size - 1) * source.stride + 1
        for _ in self._some(self.skip):
            pass
        self.skip = 0
        buffer.extend(self._some(reach - len(buffer)))
        if not buffer or (source.drops and len(buffer) < reach):
            raise StopIteration
        tokens = list(itertools.islice(buffer, 0, None, source.stride))
        for _ in range(min(source.shift, len(buffer))):
            buffer.popleft()
        self.skip = max(source.shift - reach, 0)
        failed = next((token for token in tokens if isinstance(token, Failed)), None)
        if failed is not None:
            raise failed.error
        return tokens

    def _some(self, count):
        """Up to `count` tokens, errors among them."""
        for _ in range(count):
            try:
                token = next(self.inner)
            except StopIteration:
                return
            except Exception as error:
                token = Failed(error)
            yield token


class Failed:
    """What stands for an element that could not be computed."""

    def __init__(self, error):
        self.error = error


@dataset_op("WindowDataset")
def window_dataset(
    xp, input_dataset: variant, size: int64, shift: int64, stride: int64, drop_remainder: bool_, *,
    output_types, output_shapes,
) -> variant:  # fmt: skip
    """Datasets of elements that follow one another."""
    sizes = [positive(value, f"Window {name}")
             for value, name in ((size, "size"), (shift, "shift"), (stride, "stride"))]  # fmt: skip
    return Window(input_dataset, *sizes, bool(drop_remainder), output_types, output_shapes)


class Slide(Derived):
    """Batches that overlap: of whole windows only."""

    def __init__(self, input, size, shift, stride, types, shapes):
        super().__init__(input, types, shapes)
        self.size, self.shift, self.stride, self.drops = size, shift, stride, True

    def stream(self, run, path):
        windows = Windows(self, self.inner(run, path))
        return map(lambda tokens: tuple(self.input.form.stacked(tokens)), windows)

    cardinality = Window.cardinality


@dataset_op("SlidingWindowDataset")
def sliding_window_dataset(
    xp, input_dataset: variant, window_size: int64, window_shift: int64, window_stride: int64, *,
    output_types, output_shapes,
) -> variant:  # fmt: skip
    """Batches of window_size elements, each one window_shift elements after the one before."""
    sizes = [positive(value, name) for value, name in (
        (window_size, "Window size"), (window_shift, "Window shift"),
        (window_stride, "Window stride"))]  # fmt: skip
    return Slide(input_dataset, *sizes, output_types, output_shapes)
