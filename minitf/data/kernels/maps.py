"""Functions of elements: map, filter, scan, take_while, reduce."""
import itertools

import numpy as np

from minitf.core.dtypes import bool_, int32, int64, variant
from minitf.core.errors import InternalError, InvalidArgumentError, OutOfRangeError
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
        return run.function(self.graph, self.captured, self.owner)

    def cardinality(self):
        return UNKNOWN


# -- map ------------------------------------------------------------------------------------------


class Mapped:
    """A pass of Map. Where the function raises, the element is lost, and the next one follows;
    where it says that there are no more, for this once it is the end."""

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
        try:
            return self.function(element)
        except OutOfRangeError as error:
            raise self.ended(error) from error

    def ended(self, error):
        """What is raised for a function that says that there are no more elements."""
        return StopIteration()


class Whole(Mapped):
    """A pass of a map that gives as many elements as it takes: the function has to."""

    kind = InvalidArgumentError

    def ended(self, error):
        return self.kind(None, None, f"Function invocation produced OutOfRangeError: {error}")


class Map(Applied):
    """What a function gives for each element, computed in up to `threads` threads."""

    def __init__(self, input, graph, captured, threads, types, shapes, mapped=Mapped):
        super().__init__(input, graph, captured, types, shapes)
        self.threads, self.mapped = threads, mapped

    def stream(self, run, path):
        inner = self.mapped(self.function(run), self.input.form, self.inner(run, path))
        return inner if self.threads < 2 else Parallel(run, inner, self.threads)

    def cardinality(self):
        return self.input.cardinality()


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
    threads = threads_of(num_parallel_calls, "num_parallel_calls")
    return Map(input_dataset, f, other_arguments, threads, output_types, output_shapes)


def threads_of(number, name):
    if number != -1 and number <= 0:
        raise InvalidArgumentError(None, None, f"{name} must be greater than zero.")
    return cores_for(int(number))


class MapAndBatch(Batch):
    """The batches of what a Map gives."""

    def stream(self, run, path):
        return MappedBatches(self, self.inner(run, path))


class MappedBatches(Batches):
    """A pass of MapAndBatch. With an error all elements of its batch are lost, also those after
    it."""

    def taken(self, count):
        found, errors = [], []
        while self._failed(count - len(found) - len(errors), found, errors):
            pass
        if errors:
            raise errors[0]
        return found

    def _failed(self, count, found, errors):
        """Whether there was an error before so many elements were found."""
        try:
            for element in itertools.islice(self.inner, count):
                found.append(element)
        except Exception as error:
            errors.append(error)
            return True
        return False


@dataset_op("MapAndBatchDataset")
def map_and_batch_dataset(
    xp, input_dataset: variant, *other_arguments: Arguments, batch_size: int64,
    num_parallel_calls: int64, drop_remainder: bool_, f, output_types, output_shapes,
    preserve_cardinality=True,
) -> variant:  # fmt: skip
    """Batches of what f gives for each element."""
    threads = threads_of(num_parallel_calls, "num_parallel_calls")
    mapped = Map(input_dataset, f, other_arguments, threads, [], [], Whole)
    return MapAndBatch(mapped, positive(batch_size, "batch_size"), bool(drop_remainder),
                       output_types, output_shapes)  # fmt: skip


# -- filter ---------------------------------------------------------------------------------------


class Filter(Chosen):
    """The elements of which a function is true; `stops` at the first of which it is not."""

    def __init__(self, input, graph, captured, stops, types, shapes):
        super().__init__(input, types, shapes)
        self.graph, self.captured = graph, [kept(value) for value in captured]
        self.stops, self.quiet = stops, False

    def stream(self, run, path):
        function = run.function(self.graph, self.captured, self.owner)
        return Filtered(self, function, self.inner(run, path))

    def cardinality(self):
        return UNKNOWN


class Filtered:
    """A pass of Filter."""

    def __init__(self, source, function, inner):
        self.source, self.function, self.inner = source, function, inner

    def __iter__(self):
        return self

    def __next__(self):
        element = self.source.form.element
        for token in self.inner:
            kept_ = self._tested(element(token))
            if kept_.ndim:
                raise InvalidArgumentError(None, None, "Filter predicate `f` must return a scalar "
                                           "bool.")  # fmt: skip
            if kept_:
                return token
            if self.source.stops:
                break
        self.inner = iter(()) if self.source.stops else self.inner
        raise StopIteration

    def _tested(self, element):
        try:
            return self.function(element)[0]
        except OutOfRangeError as error:  # it says nothing of whether there are more elements
            raise InternalError(None, None, f"Filter predicate raised {error}") from error


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


class Scanned(Whole):
    """A pass of Scan."""

    def __init__(self, function, form, inner, state):
        super().__init__(function, form, inner)
        self.state = state

    def computed(self, element):
        found = super().computed((*self.state, *element))
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


