"""Elements by a key, and elements without some: group_by_window, group_by_reducer, unique."""
import itertools

import numpy as np

from minitf.core.dtypes import int32, int64, string, variant
from minitf.core.errors import CancelledError, InvalidArgumentError, OpError
from minitf.core.file_errors import translated
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import TypeAttr
from minitf.core.shape_rules import unknown
from minitf.data.kernels.batches import Listed
from minitf.data.kernels.declare import dataset_op, text
from minitf.data.kernels.optimize import given
from minitf.data.kernels.stream import UNKNOWN, Chosen, Derived, Run, kept, scalar
from minitf.lib import records
from minitf.lib.compression import TFRecordOptions, compressor

UNIQUE = (int32, int64, string)
Captured = TypeAttr("_captured", each=True)  # what several functions have, one after the other


class _Keyed(Derived):
    """A dataset made by several functions; `counts` says how many values each has captured."""

    def __init__(self, input, graphs, captured, counts, types, shapes):
        super().__init__(input, types, shapes)
        self.graphs, self.counts = graphs, counts
        self.captured = [kept(value) for value in captured]

    def functions(self, run):
        values = iter(self.captured)
        return [run.function(graph, list(itertools.islice(values, count)), self.owner)
                for graph, count in zip(self.graphs, self.counts)]  # fmt: skip

    def cardinality(self):
        return UNKNOWN


def _key(found):
    (key,) = found
    return int(key)


# -- windows --------------------------------------------------------------------------------------


class ByWindow(_Keyed):
    """Elements of one key, so many at a time, as a dataset that a function makes another one of."""

    def stream(self, run, path):
        return Grouped(self, run, (path, "windows"), self.inner(run, path))


class Grouped:
    """A pass of ByWindow. At the end of the input what is left of each key is a window, too."""

    def __init__(self, source, run, path, inner):
        self.source, self.run, self.path, self.inner = source, run, path, inner
        self.key_of, self.reduced, self.size_of = source.functions(run)
        self.groups, self.sizes, self.number = {}, {}, 0
        self.form, self.current, self.ended = None, iter(()), False

    def __iter__(self):
        return self

    def __next__(self):
        while True:
            for token in self.current:
                return self.form.element(token)
            key = self._full()
            if key is None:
                raise StopIteration
            self._flush(key)

    def _full(self):
        """The next key of which there is a window."""
        element = self.source.input.form.element
        for token in self.inner if not self.ended else ():
            key = _key(self.key_of(element(token)))
            group = self.groups.setdefault(key, [])
            group.append(token)
            if len(group) >= self._size(key):
                return key
        self.ended = True
        return min(self.groups, default=None)

    def _size(self, key):
        if key not in self.sizes:
            size = _key(self.size_of((np.array(key, np.int64),)))
            if size <= 0:
                raise InvalidArgumentError(None, None, "Window size must be greater than zero, but "
                                           f"got {size}.")  # fmt: skip
            self.sizes[key] = size
        return self.sizes[key]

    def _flush(self, key):
        input = self.source.input
        group = Listed(input.form, self.groups.pop(key), None, input.types, input.shapes)
        (source,) = self.reduced((np.array(key, np.int64), group))
        source = given(source, self.source)
        self.number += 1
        self.form = source.form
        self.current = source.stream(self.run, (self.path, self.number))


@dataset_op("GroupByWindowDataset")
def group_by_window_dataset(
    xp, input_dataset: variant, *other_arguments: Captured, key_func, reduce_func,
    window_size_func, _counts, output_types, output_shapes,
) -> variant:  # fmt: skip
    """What reduce_func makes of elements of one key."""
    graphs = [key_func, reduce_func, window_size_func]
    return ByWindow(input_dataset, graphs, other_arguments, _counts, output_types, output_shapes)


class ByReducer(_Keyed):
    """For each key what functions make of all its elements."""

    def stream(self, run, path):
        return map(*self._states(run, path))

    def _states(self, run, path):
        key_of, start, reduced, finished = self.functions(run)
        states, element = {}, self.input.form.element

        def results():
            for token in self.inner(run, path):
                value = element(token)
                key = _key(key_of(value))
                if key not in states:
                    states[key] = start((np.array(key, np.int64),))
                states[key] = reduced((*states[key], *value))
            yield from (states[key] for key in sorted(states))

        return lambda state: tuple(finished(state)), results()


@dataset_op("GroupByReducerDataset")
def group_by_reducer_dataset(
    xp, input_dataset: variant, *other_arguments: Captured, key_func, init_func, reduce_func,
    finalize_func, _counts, output_types, output_shapes,
) -> variant:  # fmt: skip
    """For each key what finalize_func makes of its last state."""
    graphs = [key_func, init_func, reduce_func, finalize_func]
    return ByReducer(input_dataset, graphs, other_arguments, _counts, output_types, output_shapes)


# -- without some ---------------------------------------------------------------------------------


class IgnoreErrors(Chosen):
    """The elements that come without an error."""

    def __init__(self, input, types, shapes):
        super().__init__(input, types, shapes)
        self.quiet = False

    def stream(self, run, path):
        return Faultless(self.inner(run, path))


class Faultless:
    """A pass of IgnoreErrors."""

    def __init__(self, inner):
        self.inner = inner

    def __iter__(self):
        return self

    def __next__(self):
        while True:
            found, token = self._tried()
            if found:
                return token

    def _tried(self):
        """Whether there is one without an error, and it."""
        try:
            return True, next(self.inner)
        except CancelledError:
            raise
        except OpError:
            return False, None


@dataset_op("IgnoreErrorsDataset")
def ignore_errors_dataset(xp, input_dataset: variant, *, output_types, output_shapes) -> variant:
    """The elements that come without an error."""
    return IgnoreErrors(input_dataset, output_types, output_shapes)


class Unique(Chosen):
    """Each element once."""

    def stream(self, run, path):
        return Firsts(self.form, self.inner(run, path))

    def cardinality(self):
        return UNKNOWN


class Firsts:
    """A pass of Unique."""

    def __init__(self, form, inner):
        self.form, self.inner, self.seen = form, inner, set()

    def __iter__(self):
        return self

    def __next__(self):
        for token in self.inner:
            (value,) = self.form.element(token)
            key = value.item() if not value.ndim else (value.shape, *value.ravel().tolist())
            if key not in self.seen:
                self.seen.add(key)
                return token
        raise StopIteration


@dataset_op("UniqueDataset")
def unique_dataset(xp, input_dataset: variant, *, output_types, output_shapes) -> variant:
    """Each element when it comes for the first time."""
    if [each in UNIQUE for each in output_types] != [True]:
        raise InvalidArgumentError(
            None, None, "UniqueDataset only supports inputs with a single `tf.int32`, `tf.int64`, "
            "or `tf.string` component."
        )  # fmt: skip
    return Unique(input_dataset, output_types, output_shapes)


# -- into a file ----------------------------------------------------------------------------------


@op("DatasetToTFRecord", shape=unknown, grad=NOT_DIFFERENTIABLE, stateful=True, host=True)
def dataset_to_tf_record(
    xp, input_dataset: variant, filename: string, compression_type: string
) -> None:
    """Write the elements, strings, into a file of records."""
    run, name = Run(), text(filename)
    change = compressor(TFRecordOptions(text(compression_type)))
    element = input_dataset.form.element
    try:
        with translated(name), open(name, "wb") as file:
            for token in input_dataset.stream(run, "written"):
                piece = records.framed(scalar(element(token)[0]))
                file.write(change.compress(piece) if change else piece)
            file.write(change.flush() if change else b"")
    finally:
        run.end()
