"""How large elements are and how long they take, counted while a dataset runs."""
import threading
import time

import numpy as np

from minitf.core.dtypes import resource, string, variant
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.resource import Resource
from minitf.data.kernels.declare import dataset_op, text
from minitf.data.kernels.stream import Chosen
from minitf.summary.histogram import Histogram
from minitf.summary.messages import Summary


class Statistics(Resource):
    """Histograms by their tags."""

    def __init__(self, operation):
        super().__init__(operation)
        self.histograms, self.lock = {}, threading.Lock()

    def add(self, tag, value):
        """Count a number."""
        with self.lock:
            self.histograms.setdefault(tag, Histogram()).add(value)

    def summary(self):
        """A Summary of all."""
        with self.lock:
            found = Summary()
            for tag, histogram in self.histograms.items():
                found.value.add(tag=tag).histo.CopyFrom(histogram.proto())
            return found


def _scalar(*_, **__):
    return ()


@op("StatsAggregatorHandle", shape=_scalar, grad=NOT_DIFFERENTIABLE, stateful=True, host=True,
    state=Statistics)  # fmt: skip
def stats_aggregator_handle(xp, state, *, container="", shared_name="") -> resource:
    """What counts."""
    return state


@op("StatsAggregatorSummary", shape=_scalar, grad=NOT_DIFFERENTIABLE, stateful=True, host=True)
def stats_aggregator_summary(xp, iterator: resource) -> string:
    """A serialized Summary of what was counted."""
    return np.array(iterator.summary().SerializeToString(), object)


class Counted(Chosen):
    """The elements as they are; `counted(run, form, tokens)` goes through them."""

    quiet = False

    def __init__(self, input, tag, types, shapes):
        super().__init__(input, types, shapes)
        self.tag, self.quiet = tag, False

    def stream(self, run, path):
        return self.counted(run, self.inner(run, path))

    def tell(self, run, value):
        """Count a number, if somebody wants to know."""
        if run.statistics is not None:
            statistics, prefix = run.statistics
            statistics.add(f"{prefix}::{self.tag}" if prefix else self.tag, value)


class Sizes(Counted):
    def counted(self, run, tokens):
        for token in tokens:
            if run.statistics is not None:
                self.tell(run, sum(map(_size, self.form.element(token))))
            yield token


def _size(value):
    """The bytes of a tensor as TensorFlow counts them: a string has 8 beside its text."""
    array = np.asarray(value)
    if array.dtype != object:
        return array.nbytes
    return sum(8 + len(each) for each in array.reshape(-1).tolist() if isinstance(each, bytes))


class Times(Counted):
    def counted(self, run, tokens):
        while True:
            begin = time.perf_counter()
            try:
                token = next(tokens)
            except StopIteration:
                return
            self.tell(run, int((time.perf_counter() - begin) * 1e6))
            yield token


@dataset_op("BytesProducedStatsDataset")
def bytes_produced_stats_dataset(
    xp, input_dataset: variant, tag: string, *, output_types, output_shapes
) -> variant:
    """The same elements, whose bytes are counted."""
    return Sizes(input_dataset, text(tag), output_types, output_shapes)


@dataset_op("LatencyStatsDataset")
def latency_stats_dataset(
    xp, input_dataset: variant, tag: string, *, output_types, output_shapes
) -> variant:
    """The same elements, the microseconds of each of which are counted."""
    return Times(input_dataset, text(tag), output_types, output_shapes)


class Told(Chosen):
    """The elements as they are; what is counted of them is told to Statistics."""

    def __init__(self, input, statistics, prefix, types, shapes):
        super().__init__(input, types, shapes)
        self.statistics = statistics, prefix

    def stream(self, run, path):
        run.statistics = self.statistics
        return self.inner(run, path)


@dataset_op("SetStatsAggregatorDataset")
def set_stats_aggregator_dataset(
    xp, input_dataset: variant, stats_aggregator: resource, tag: string, counter_prefix: string, *,
    output_types, output_shapes,
) -> variant:  # fmt: skip
    """The same elements; `tag` is before the names of what is counted."""
    return Told(input_dataset, stats_aggregator, text(tag), output_types, output_shapes)
