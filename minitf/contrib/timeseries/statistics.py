"""Means, variances and lengths of a series, gathered from its batches."""
from collections import namedtuple

from minitf.contrib.timeseries.feature_keys import TrainEvalFeatures
from minitf.core import nest
from minitf.core.dtypes import float32, int32, int64
from minitf.core.graph import control_dependencies, device
from minitf.nn.normal import moments
from minitf.ops.array.basics import identity, shape, size
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.control import group, no_op
from minitf.ops.math.elementwise import cast, less_equal, maximum, minimum
from minitf.ops.math.operators import round
from minitf.ops.reduction.extremes import argmin
from minitf.ops.reduction.reduce import reduce_max, reduce_min, reduce_sum
from minitf.ops.state.assign import assign, assign_add
from minitf.ops.state.initializers import Ones, Zeros
from minitf.ops.state.variable_scope import get_variable, variable_scope

Moments = namedtuple("Moments", "mean variance")
# Moments at the start of the series and of all of it, the first time, and how many there are.
InputStatistics = namedtuple(
    "InputStatistics",
    "series_start_moments overall_feature_moments start_time total_observation_count",
)
_Auxiliary = namedtuple(
    "_Auxiliary",
    "max_time_seen chunk_count inter_observation_duration_sum example_count overall_feature_sum "
    "overall_feature_sum_of_squares",
)


class InputStatisticsFromMiniBatch:
    """The statistics of a series of `num_features`, variables that each batch of windows updates.

    The moments at its start are those of so many times.
    """

    def __init__(self, num_features, dtype=float32, starting_variance_window_size=16):
        self._num_features, self._dtype = num_features, dtype
        self._starting_variance_window_size = starting_variance_window_size

    def initialize_graph(self, features, update_statistics=True):
        """InputStatistics, updated first by `features`, if asked for and these have values."""
        times = features.get(TrainEvalFeatures.TIMES)
        values = features.get(TrainEvalFeatures.VALUES)
        with variable_scope("input_statistics", use_resource=True):
            statistics = self._statistics()
        with variable_scope("input_statistics_auxiliary", use_resource=True):
            auxiliary = self._auxiliary()
        if not update_statistics or times is None or values is None:
            return statistics
        updated = _update(statistics, auxiliary, times, cast(values, self._dtype),
                          self._starting_variance_window_size)  # fmt: skip
        with control_dependencies([updated]):
            read = nest.map_structure(identity, statistics)
        # With several workers the variable may be behind this batch.
        return read._replace(start_time=minimum(read.start_time, reduce_min(times)))

    def _variable(self, name, shape, dtype, initializer):
        return get_variable(name, shape, dtype, initializer, trainable=False)

    def _moments(self, mean, variance):
        shape = [self._num_features]
        return Moments(self._variable(mean, shape, self._dtype, Zeros()),
                       self._variable(variance, shape, self._dtype, Ones()))  # fmt: skip

    def _statistics(self):
        return InputStatistics(
            self._moments("series_start_mean", "series_start_variance"),
            self._moments("overall_feature_mean", "overall_feature_var"),
            self._variable("start_time", None, int64, int64.max),
            self._variable("total_observation_count", [], int64, Ones()),
        )

    def _auxiliary(self):
        features = [self._num_features]
        return _Auxiliary(
            self._variable("max_time_seen", None, int64, int64.min),
            self._variable("chunk_count", [], int64, Zeros()),
            self._variable("inter_observation_duration_sum", [], self._dtype, Zeros()),
            self._variable("example_count", [], int64, None),
            self._variable("overall_feature_sum", features, self._dtype, Zeros()),
            self._variable("overall_feature_sum_of_squares", features, self._dtype, Zeros()),
        )


def _add(variable, value):
    with device(variable.device):
        return assign_add(variable, value)


def _update(statistics, auxiliary, times, values, start_size):
    """An Operation that takes a batch of windows into account."""
    dtype = values.dtype
    between = cast(reduce_max(times, axis=1) - reduce_min(times, axis=1), dtype) / cast(
        shape(times)[1] - 1, dtype
    )
    with device(auxiliary.max_time_seen.device):
        latest = maximum(auxiliary.max_time_seen, reduce_max(times))
        max_time = assign(auxiliary.max_time_seen, latest)
    sums = [
        max_time,
        _add(auxiliary.chunk_count, shape(times, out_type=int64)[0]),
        _add(auxiliary.inter_observation_duration_sum, reduce_sum(between)),
        _add(auxiliary.example_count, size(times, out_type=int64)),
        _add(auxiliary.overall_feature_sum, reduce_sum(values, axis=[0, 1])),
        _add(auxiliary.overall_feature_sum_of_squares, reduce_sum(values**2, axis=[0, 1])),
    ]
    with control_dependencies([group(*sums)]):
        overall = _update_moments(statistics.overall_feature_moments, auxiliary, dtype)
        start, start_time = _update_start(statistics, times, values, start_size)
        duration = auxiliary.inter_observation_duration_sum / cast(auxiliary.chunk_count, dtype)
        count = round(cast(max_time - start_time + 1, dtype) / duration)
        total = assign(statistics.total_observation_count, cast(count, int64))
        return group(*overall, start, start_time, total)


def _update_moments(overall, auxiliary, dtype):
    """Assignments of the mean of all values, and of their variance without bias."""
    count = cast(auxiliary.example_count, dtype)
    mean = auxiliary.overall_feature_sum / count
    mean_update = assign(overall.mean, mean)
    squares = auxiliary.overall_feature_sum_of_squares / count
    return mean_update, assign(overall.variance, count / (count - 1.0) * (squares - mean**2))


def _update_start(statistics, times, values, start_size):
    """(moments at the start, its time), assigned if no earlier window has been seen."""
    first = cast(argmin(times[:, 0]), int32)

    def update():
        mean, variance = moments(values[first, :start_size], axes=[0])
        return group(assign(statistics.series_start_moments.mean, mean),
                     assign(statistics.series_start_moments.variance, variance))  # fmt: skip

    with device(statistics.start_time.device):
        earliest = less_equal(times[first, 0], statistics.start_time)
        start = cond(earliest, update, no_op)
        with control_dependencies([start]):
            earlier = minimum(statistics.start_time, reduce_min(times))
            return start, assign(statistics.start_time, earlier)
