"""Elements of several datasets: flat_map, interleave, choose_from_datasets."""

from minitf.core.dtypes import bool_, int64, variant
from minitf.core.errors import InternalError, InvalidArgumentError
from minitf.core.schema import TypeAttr
from minitf.data.kernels.ahead import cores_for
from minitf.data.kernels.declare import Arguments, dataset_op, positive
from minitf.data.kernels.maps import Applied, Whole, threads_of
from minitf.data.kernels.optimize import given
from minitf.data.kernels.stream import ELEMENTS, UNKNOWN, Derived


class Given(Whole):
    """The datasets that a function gives."""

    kind = InternalError


class FlatMap(Applied):
    """The elements of the datasets that a function gives, one dataset after the other."""

    def stream(self, run, path):
        mapped = Given(self.function(run), self.input.form, self.inner(run, path))
        return Flat(self, run, (path, "flat"), mapped)


class Flat:
    """A pass of FlatMap."""

    def __init__(self, outer, run, path, sources):
        self.outer, self.run, self.path, self.sources = outer, run, path, sources
        self.number = 0
        self.form, self.inner = ELEMENTS, iter(())

    def __iter__(self):
        return self

    def __next__(self):
        while True:
            for token in self.inner:
                return token if self.form is ELEMENTS else self.form.element(token)
            (source,) = next(self.sources)
            source = given(source, self.outer)
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
    """The same, from `cycle` datasets in turn, `block` elements at a time from each. An error in
    place of a dataset `counts` as one element of it, or is passed over."""

    def __init__(self, input, graph, captured, cycle, block, counts, types, shapes):
        super().__init__(input, graph, captured, types, shapes)
        self.cycle, self.block, self.counts = cycle, block, counts

    def stream(self, run, path):
        mapped = Given(self.function(run), self.input.form, self.inner(run, path))
        return Turns(self, run, (path, "turns"), mapped)


class Turns:
    """A pass of Interleave. A place whose dataset has ended takes the next one when it is its turn
    again."""

    def __init__(self, outer, run, path, sources):
        self.outer, self.run, self.path, self.sources = outer, run, path, sources
        self.places, self.block = [None] * outer.cycle, outer.block
        self.number = self.at = self.taken = 0
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
        try:
            for (source,) in self.sources:
                self.number += 1
                source = given(source, self.outer)
                stream = source.stream(self.run, (self.path, self.number))
                self.places[self.at] = source.form, stream
                self.open += 1
                return
        except Exception:
            if self.outer.counts:
                self.places[self.at] = ELEMENTS, iter(())
                self.open, self.taken = self.open + 1, 1
            raise
        self.ended = True

    def _move_on(self):
        self.at, self.taken = (self.at + 1) % len(self.places), 0


@dataset_op("InterleaveDataset")
def interleave_dataset(
    xp, input_dataset: variant, *other_arguments: Arguments, cycle_length: int64,
    block_length: int64, f, output_types, output_shapes,
) -> variant:  # fmt: skip
    """Elements of the datasets that f gives, in turn."""
    return _interleave(input_dataset, f, other_arguments, cycle_length, block_length, False,
                       output_types, output_shapes)  # fmt: skip


def _interleave(input, f, captured, cycle, block, counts, types, shapes):
    cycle = cores_for(-1) if cycle == -1 else positive(cycle, "cycle_length")
    block = positive(block, "block_length")
    return Interleave(input, f, captured, cycle, block, counts, types, shapes)


@dataset_op("ParallelInterleaveDatasetV2")
def parallel_interleave_dataset_v2(
    xp, input_dataset: variant, *other_arguments: Arguments, cycle_length: int64,
    block_length: int64, num_parallel_calls: int64, f, output_types, output_shapes, sloppy=False,
) -> variant:  # fmt: skip
    """The same: one dataset is read at a time, which gives the order that all threads keep."""
    threads_of(num_parallel_calls, "num_parallel_calls")
    if num_parallel_calls > cycle_length != -1:
        raise InvalidArgumentError(
            None, None, "num_parallel_calls must less than or equal to cycle_length: "
            f"{num_parallel_calls} > {cycle_length}."
        )  # fmt: skip
    return _interleave(input_dataset, f, other_arguments, cycle_length, block_length, True,
                       output_types, output_shapes)  # fmt: skip


@dataset_op("ParallelInterleaveDataset")
def parallel_interleave_dataset(
    xp, input_dataset: variant, *other_arguments: Arguments, cycle_length: int64,
    block_length: int64, sloppy: bool_, buffer_output_elements: int64,
    prefetch_input_elements: int64, f, output_types, output_shapes,
) -> variant:  # fmt: skip
    """The same."""
    return _interleave(input_dataset, f, other_arguments, cycle_length, block_length, True,
                       output_types, output_shapes)  # fmt: skip


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
