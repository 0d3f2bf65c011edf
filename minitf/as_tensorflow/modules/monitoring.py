"""`tensorflow.python.eager.monitoring`: numbers by name and labels that a program keeps of itself,
such as whether it has made an agent. Nothing but the program reads them."""
from __future__ import annotations

from bisect import bisect_right
from sys import float_info
from typing import Any

from minitf.summary.messages import HistogramProto


class Metric:
    """A cell for each tuple of labels. ValueError for more than two labels."""

    MOST_LABELS = 2

    def __init__(self, metric_name: str, cell: Any, labels: tuple[str, ...]) -> None:
        if len(labels) > self.MOST_LABELS:
            raise ValueError(f"Cannot create {metric_name} metric with label >= 3")
        self._metric_name, self._label_length = metric_name, len(labels)
        self._cell = cell
        self._cells: dict[tuple[str, ...], Any] = {}

    def get_cell(self, *labels: str) -> Any:
        """What there is under these labels. ValueError for too many or too few."""
        if len(labels) != self._label_length:
            raise ValueError(f"The {self._metric_name} expects taking {self._label_length} labels")
        if labels not in self._cells:
            self._cells[labels] = self._cell()
        return self._cells[labels]


class CounterCell:
    """How many of something there have been."""

    def __init__(self) -> None:
        self._value = 0

    def increase_by(self, value: int) -> None:
        self._value += value

    def value(self) -> int:
        return self._value


class Counter(Metric):
    """A number that grows."""

    def __init__(self, name: str, description: str, *labels: str) -> None:
        super().__init__("Counter", CounterCell, labels)


class _GaugeCell:
    """What was set last."""

    KIND: Any = None  # of the value, which begins as KIND()

    def __init__(self) -> None:
        self._value = self.KIND()

    def set(self, value: Any) -> None:
        self._value = self.KIND(value)

    def value(self) -> Any:
        return self._value


class IntGaugeCell(_GaugeCell):
    KIND = int


class StringGaugeCell(_GaugeCell):
    KIND = str


class BoolGaugeCell(_GaugeCell):
    KIND = bool


class IntGauge(Metric):
    """A whole number that is set."""

    def __init__(self, name: str, description: str, *labels: str) -> None:
        super().__init__("IntGauge", IntGaugeCell, labels)


class StringGauge(Metric):
    """A text that is set."""

    def __init__(self, name: str, description: str, *labels: str) -> None:
        super().__init__("StringGauge", StringGaugeCell, labels)


class BoolGauge(Metric):
    """Yes or no."""

    def __init__(self, name: str, description: str, *labels: str) -> None:
        super().__init__("BoolGauge", BoolGaugeCell, labels)


class Buckets:
    """The numbers that part buckets of samples."""

    def __init__(self, buckets: list[float]) -> None:
        self.buckets = buckets


class ExponentialBuckets(Buckets):
    """Bucket i begins at scale * growth_factor^i; the first and the last have no other end."""

    def __init__(self, scale: float, growth_factor: float, bucket_count: int) -> None:
        super().__init__([scale * growth_factor**k for k in range(bucket_count)])


class SamplerCell:
    """How many samples there were in each bucket."""

    def __init__(self, limits: list[float]) -> None:
        limits = [*limits, float_info.max]
        self._histogram = HistogramProto(
            min=float_info.max, max=-float_info.max, bucket_limit=limits, bucket=[0.0] * len(limits)
        )

    def add(self, value: float) -> None:
        seen = self._histogram
        seen.min, seen.max = min(seen.min, value), max(seen.max, value)
        seen.num, seen.sum = seen.num + 1, seen.sum + value
        seen.sum_squares += value * value
        place = bisect_right(seen.bucket_limit, value)
        seen.bucket[min(place, len(seen.bucket) - 1)] += 1

    def value(self) -> HistogramProto:
        """A HistogramProto of the samples."""
        return HistogramProto.FromString(self._histogram.SerializeToString())


class Sampler(Metric):
    """A histogram of numbers."""

    def __init__(self, name: str, buckets: Buckets, description: str, *labels: str) -> None:
        super().__init__("Sampler", lambda: SamplerCell(buckets.buckets), labels)
