"""Functions of elements: map, filter, flat_map, interleave, scan, take_while, reduce."""

import numpy as np

from minitf.core.dtypes import bool_, int32, int64, variant
from minitf.core.errors import InvalidArgumentError
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Attr, TypeAttr
from minitf.data.kernels.ahead import Parallel, cores_for
from minitf.data.kernels.batches import Batch, Batches
from minitf.data.kernels.declare import Arguments, dataset_op, positive
from minitf.data.kernels.stream import (
    ELEMENTS,
    UNKNOWN,
    Chosen,
    Derived,
    Run,
    kept,
)


class Applied(Derived):
    """A dataset made of another one by a function `graph`, with the values that it captures."""

    def __init__(self, input, graph, captured, types, shapes):
        super().__init__(input, types, shapes)
        self.graph, self.captured = graph, [kept(value) for value in captured]

    def function(self, run):
        return run.function(self.graph, self.captured)

    def cardinality(self):
        return UNKNOWN


# -- map ------------------------------------------------------------------------------------------


class Map(Applied):
    """What a function gives for each element, computed in up to `threads` threads."""

    def __init__(self, input, graph, captured, threads, types, shapes):
        super().__init__(input, graph, captured, types, shapes)
        self.threads = threads

    def stream(self, run, path):
        inner = Mapped(self.function(run), self.input.form, self.inner(run, path))
        return inner if self.threads < 2 else Parallel(run, inner, self.threads)

    def cardinality(self):
        return self.input.cardinality()


class Mapped:
    """A pass of Map. Where the function raises, the element is lost, and the next one follows."""

    def __init__(self, function, form, inner):
        self.function, self.inner = function, inner
        self.element = None if form is ELEMENTS else form.element

    def __iter__(self):
        return self

    def __next__(self):
        return self.computed(self.taken())

    def taken(self):
        """What the function is given next."""
        token = next(self.inner)
        return token if self.element is None else self.element(token)

    def computed(self, element):
        return self.function(element)


@dataset_op("MapDataset")
def map_dataset(
    xp, input_dataset: variant, *other_arguments: Arguments, f, output_types, output_shapes,
    use_inter_op_parallelism=True, preserve_cardinality=False,
) -> variant:  # fmt: skip
    """f of each element."""
    return Map(input_dataset, f, other_arguments, 1, output_types, output_shapes)


@dataset_op("ParallelMapDataset")
def parallel_map_dataset(
    xp, input_dataset: variant, *other_arguments: Arguments, num_parallel_calls: int32, f,
    output_types, output_shapes, use_inter_op_parallelism=True, sloppy=False,
    preserve_cardinality=False,
) -> variant:  # fmt: skip
    """f of each element, in their order."""
    threads = _threads(num_parallel_calls, "num_parallel_calls")
    return Map(input_dataset, f, other_arguments, threads, output_types, output_shapes)


def _threads(number, name):
    if number != -1 and number <= 0:
        raise InvalidArgumentError(None, None, f"{name} must be greater than zero.")
    return cores_for(int(number))


class MapAndBatch(Batch):
    """The batches of what a function gives for each element. With an error its batch is lost."""

    def __init__(self, input, graph, captured, size, threads, drops, types, shapes):
        inner = Map(input, graph, captured, threads, [], [])
        super().__init__(inner, size, drops, types, shapes)

    def stream(self, run, path):
        return Batches(self, self.inner(run, path))


@dataset_op("MapAndBatchDataset")
def map_and_batch_dataset(
    xp, input_dataset: variant, *other_arguments: Arguments, batch_size: int64,
    num_parallel_calls: int64, drop_remainder: bool_, f, output_types, output_shapes,
    preserve_cardinality=True,
) -> variant:  # fmt: skip
    """Batches of what f gives for each element."""
    threads = _threads(num_parallel_calls, "num_parallel_calls")
    return MapAndBatch(input_dataset, f, other_arguments, positive(batch_size, "batch_size"),
                       threads, bool(drop_remainder), output_types, output_shapes)  # fmt: skip


# -- filter ---------------------------------------------------------------------------------------


class Filter(Chosen):
    """The elements of which a function is true; `stops` at the first of which it is not."""

    def __init__(self, input, graph, captured, stops, types, shapes):
        super().__init__(input, types, shapes)
        self.graph, self.captured = graph, [kept(value) for value in captured]
        self.stops, self.quiet = stops, False

    def stream(self, run, path):
        return Filtered(self, run.function(self.graph, self.captured), self.inner(run, path))

    def cardinality(self):
        return UNKNOWN


class Filtered:
    """A pass of Filter."""

    def __init__(self, source, function, inner):
        self.source, self.function, self.inner = source, function, inner

    def __iter__(self):
        return self

    def __next__(self):
        element, function = self.source.form.element, self.function
        for token in self.inner:
            (kept_,) = function(element(token))
            if kept_.ndim:
                raise InvalidArgumentError(None, None, "Filter predicate `f` must return a scalar "
                                           "bool.")  # fmt: skip
            if kept_:
                return token
            if self.source.stops:
                break
        self.inner = iter(()) if self.source.stops else self.inner
        raise StopIteration


@dataset_op("FilterDataset")
def filter_dataset(
    xp, input_dataset: variant, *other_arguments: Arguments, predicate, output_types, output_shapes
) -> variant:
    """The elements of which the predicate is true."""
    return Filter(input_dataset, predicate, other_arguments, False, output_types, output_shapes)


@dataset_op("TakeWhileDataset")
def take_while_dataset(
    xp, input_dataset: variant, *other_arguments: Arguments, predicate, output_types, output_shapes
) -> variant:
    """The elements before the first of which the predicate is false."""
    return Filter(input_dataset, predicate, other_arguments, True, output_types, output_shapes)


# -- datasets of elements -------------------------------------------------------------------------


class FlatMap(Applied):
    """The elements of the datasets that a function gives, one dataset after the other."""

    def stream(self, run, path):
        mapped = Mapped(self.function(run), self.input.form, self.inner(run, path))
        return Flat(run, (path, "flat"), mapped)


class Flat:
    """A pass of FlatMap."""

    def __init__(self, run, path, sources):
        self.run, self.path, self.sources, self.number = run, path, sources, 0
        self.form, self.inner = ELEMENTS, iter(())

    def __iter__(self):
        return self

    def __next__(self):
        while True:
            for token in self.inner:
                return token if self.form is ELEMENTS else self.form.element(token)
            (source,) = next(self.sources)
            self.number += 1
            self.form = source.form
            self.inner = source.stream(self.run, (self.path, self.number))


@dataset_op("FlatMapDataset")
def flat_map_dataset(
    xp, input_dataset: variant, *other_arguments: Arguments, f, output_types, output_shapes
) -> variant:
    """The elements of the datasets that f gives."""
    return FlatMap(input_dataset, f, other_arguments, output_types, output_shapes)


class Interleave(Applied):
    """The same, from `cycle` datasets in turn, `block` elements at a time from each."""

    def __init__(self, input, graph, captured, cycle, block, types, shapes):
        super().__init__(input, graph, captured, types, shapes)
        self.cycle, self.block = cycle, block

    def stream(self, run, path):
        mapped = Mapped(self.function(run), self.input.form, self.inner(run, path))
        return Turns(run, (path, "turns"), mapped, self.cycle, self.block)


class Turns:
    """A pass of Interleave. A place whose dataset has ended takes the next one when it is its turn
    again."""

    def __init__(self, run, path, sources, cycle, block):
        self.run, self.path, self.sources, self.number = run, path, sources, 0
        self.places = [None] * cycle
        self.block, self.at, self.taken = block, 0, 0
        self.ended, self.open = False, 0

    def __iter__(self):
        return self

    def __next__(self):
        while not self.ended or self.open:
            place = self.places[self.at]
            if place is not None:
                form, inner = place
                if self.taken < self.block:
                    for token in inner:
                        self.taken += 1
                        return form.element(token)
                    self.places[self.at] = None
                    self.open -= 1
                self._move_on()
            elif not self.ended:
                self._fill()
            else:
                self._move_on()
        raise StopIteration

    def _fill(self):
        for (source,) in self.sources:
            self.number += 1
            stream = source.stream(self.run, (self.path, self.number))
            self.places[self.at] = source.form, stream
            self.open += 1
            return
        self.ended = True

    def _move_on(self):
        self.at, self.taken = (self.at + 1) % len(self.places), 0


@dataset_op("InterleaveDataset")
def interleave_dataset(
    xp, input_dataset: variant, *other_arguments: Arguments, cycle_length: int64,
    block_length: int64, f, output_types, output_shapes,
) -> variant:  # fmt: skip
    """Elements of the datasets that f gives, in turn."""
    return _interleave(input_dataset, f, other_arguments, cycle_length, block_length, output_types,
                       output_shapes)  # fmt: skip


def _interleave(input, f, captured, cycle, block, types, shapes):
    cycle = cores_for(-1) if cycle == -1 else positive(cycle, "cycle_length")
    return Interleave(input, f, captured, cycle, positive(block, "block_length"), types, shapes)


@dataset_op("ParallelInterleaveDatasetV2")
def parallel_interleave_dataset_v2(
    xp, input_dataset: variant, *other_arguments: Arguments, cycle_length: int64,
    block_length: int64, num_parallel_calls: int64, f, output_types, output_shapes, sloppy=False,
) -> variant:  # fmt: skip
    """The same: one dataset is read at a time, which gives the order that all threads keep."""
    _threads(num_parallel_calls, "num_parallel_calls")
    return _interleave(input_dataset, f, other_arguments, cycle_length, block_length, output_types,
                       output_shapes)  # fmt: skip


@dataset_op("ParallelInterleaveDataset")
def parallel_interleave_dataset(
    xp, input_dataset: variant, *other_arguments: Arguments, cycle_length: int64,
    block_length: int64, sloppy: bool_, buffer_output_elements: int64,
    prefetch_input_elements: int64, f, output_types, output_shapes,
) -> variant:  # fmt: skip
    """The same."""
    return _interleave(input_dataset, f, other_arguments, cycle_length, block_length, output_types,
                       output_shapes)  # fmt: skip


class Directed(Derived):
    """Elements of several datasets; those of `input` say which of them gives the next one."""

    def __init__(self, input, inputs, types, shapes):
        super().__init__(input, types, shapes)
        self.inputs = inputs

    def stream(self, run, path):
        streams = [(each.form, each.stream(run, (path, i))) for i, each in enumerate(self.inputs)]
        return Choices(self.input.form, self.inner(run, path), streams)

    def cardinality(self):
        return UNKNOWN


class Choices:
    """A pass of Directed. What has ended is chosen in vain, until all have."""

    def __init__(self, form, selector, streams):
        self.form, self.selector, self.streams = form, selector, streams
        self.open = len(streams)

    def __iter__(self):
        return self

    def __next__(self):
        while self.open:
            (choice,) = self.form.element(next(self.selector))
            choice = int(choice)
            if not 0 <= choice < len(self.streams):
                raise InvalidArgumentError(None, None, f"Selector index out of range: {choice} >= "
                                           f"{len(self.streams)}")  # fmt: skip
            if self.streams[choice] is None:
                continue
            form, stream = self.streams[choice]
            for token in stream:
                return form.element(token)
            self.streams[choice], self.open = None, self.open - 1
        raise StopIteration


@dataset_op("DirectedInterleaveDataset")
def directed_interleave_dataset(
    xp, selector_input_dataset: variant, *data_input_datasets: TypeAttr("_", (variant,)),
    output_types, output_shapes,
) -> variant:  # fmt: skip
    """Elements of the datasets that the selector names one after the other."""
    return Directed(selector_input_dataset, data_input_datasets, output_types, output_shapes)


# -- functions with a state -----------------------------------------------------------------------


class Scan(Applied):
    """A function of a state and an element gives the next state, and the element in its place."""

    def __init__(self, input, graph, state, captured, types, shapes):
        super().__init__(input, graph, captured, types, shapes)
        self.state = tuple(kept(value) for value in state)

    def stream(self, run, path):
        return Scanned(self.function(run), self.input.form, self.inner(run, path), self.state)

    def cardinality(self):
        return self.input.cardinality()


class Scanned(Mapped):
    """A pass of Scan."""

    def __init__(self, function, form, inner, state):
        super().__init__(function, form, inner)
        self.state = state

    def computed(self, element):
        found = self.function((*self.state, *element))
        count = len(self.state)
        self.state = tuple(found[:count])
        return tuple(found[count:])


Given = TypeAttr("Targuments", each=True)  # a state, then what the function has captured


@dataset_op("ScanDataset")
def scan_dataset(
    xp, input_dataset: variant, *initial_state_and_arguments: Given, f, _states, output_types,
    output_shapes, preserve_cardinality=True,
) -> variant:  # fmt: skip
    """What f makes of a state and each element."""
    given = initial_state_and_arguments
    return Scan(input_dataset, f, given[:_states], given[_states:], output_types, output_shapes)


def _reduced_shapes(input_dataset, *_, output_shapes, **__):
    return [shape._sizes for shape in output_shapes]


@op("ReduceDataset", shape=_reduced_shapes, grad=NOT_DIFFERENTIABLE, stateful=True, host=True)
def reduce_dataset(
    xp, input_dataset: variant, *initial_state_and_arguments: Given, f, _states, output_types,
    output_shapes, use_inter_op_parallelism=True,
) -> [Attr("output_types")]:  # fmt: skip
    """The last state of those that f makes of a state and each element."""
    state, captured = (initial_state_and_arguments[:_states],
                       initial_state_and_arguments[_states:])  # fmt: skip
    run, form = Run(), input_dataset.form
    state = tuple(np.array(value) if isinstance(value, np.ndarray) else value for value in state)
    function = run.function(f, list(captured))
    try:
        for token in input_dataset.stream(run, "reduce"):
            state = function((*state, *form.element(token)))
    finally:
        run.end()
    return list(state)


