"""What a reader gives, as the input of an Estimator: in windows, or whole."""
from minitf.contrib.timeseries.arrays import TIMES
from minitf.core.constant import constant
from minitf.core.dtypes import int32, int64
from minitf.core.graph import control_dependencies
from minitf.core.graph_keys import GraphKeys
from minitf.core.tensor_shape import TensorShape
from minitf.nn.top import top_k
from minitf.ops.array.basics import identity, reshape, shape
from minitf.ops.array.indexing import gather
from minitf.ops.array.joining import concat
from minitf.ops.control_flow.branches import cond
from minitf.ops.random.draws import random_uniform
from minitf.ops.reduction.axes import reverse
from minitf.ops.reduction.reduce import reduce_all, reduce_any
from minitf.ops.state.assign import assign
from minitf.ops.state.variable_lists import is_variable_initialized
from minitf.ops.state.variables import Variable
from minitf.train.batching import batch, maybe_shuffle_batch


class TimeSeriesInputFn:
    """An `input_fn` of an Estimator, which makes batches of what a TimeSeriesReader reads."""

    def create_batch(self):
        """({name: Tensor [batch, window, ...]}, None)."""
        raise NotImplementedError(f"{type(self).__name__}.create_batch() is not there")

    def __call__(self):
        return self.create_batch()


class WholeDatasetInputFn(TimeSeriesInputFn):
    """The whole series as one window, again and again."""

    def __init__(self, time_series_reader):
        self._reader = time_series_reader

    def create_batch(self):
        """({name: Tensor [1, time, ...]}, None)."""
        return {name: value[None] for name, value in self._reader.read_full().items()}, None


class RandomWindowInputFn(TimeSeriesInputFn):
    """Batches of windows of a series, one after another and shuffled.

    Where they start is moved by one or none at random with `jitter`. The windows within which
    time goes back, for the series has started anew, are discarded, an OutOfRangeError after so many
    batches in a row without another; else they are sorted. ValueError for a series that is
    shorter than a window.
    """

    def __init__(
        self, time_series_reader, window_size, batch_size, queue_capacity_multiplier=1000,
        shuffle_min_after_dequeue_multiplier=2, discard_out_of_order=True,
        discard_consecutive_batches_limit=1000, jitter=True, num_threads=2, shuffle_seed=None,
    ):  # fmt: skip
        time_series_reader.check_dataset_size(minimum_dataset_size=window_size)
        self._reader, self._window_size = time_series_reader, window_size
        self._batch_size, self._jitter = batch_size, jitter
        self._capacity = queue_capacity_multiplier * batch_size
        self._min_after_dequeue = shuffle_min_after_dequeue_multiplier * batch_size
        self._discard_out_of_order = discard_out_of_order
        self._discard_limit = discard_consecutive_batches_limit
        self._num_threads = batch_size if num_threads is None else num_threads
        self._shuffle_seed = shuffle_seed

    def create_batch(self):
        """({name: Tensor [batch_size, window_size, ...]}, None)."""
        features = self._windows(self._reader.read())
        times = features[TIMES]
        if self._discard_out_of_order:
            keep = self._limited(reduce_all(times[:, 1:] >= times[:, :-1], axis=1))
        else:
            features, keep = _sorted(features, times), True
        return maybe_shuffle_batch(
            features, num_threads=self._num_threads, seed=self._shuffle_seed,
            batch_size=self._batch_size, capacity=self._capacity,
            min_after_dequeue=self._min_after_dequeue, keep_input=keep, enqueue_many=True,
        ), None  # fmt: skip

    def _windows(self, features):
        jitter = random_uniform([], maxval=2, dtype=int32) if self._jitter else 0
        batched = batch(
            features, batch_size=self._window_size * self._batch_size + jitter, enqueue_many=True,
            capacity=self._capacity * self._window_size, num_threads=self._num_threads,
        )  # fmt: skip
        moved = {key: value[jitter:] for key, value in batched.items()} if self._jitter else batched
        outer = [self._batch_size, self._window_size]
        windows = {key: reshape(value, concat([outer, shape(value)[1:]], axis=0))
                   for key, value in moved.items()}  # fmt: skip
        for key, window in windows.items():
            window.set_shape(TensorShape(outer).concatenate(batched[key].shape[1:]))
        return windows

    def _limited(self, in_order):
        """The same Tensor: OutOfRangeError where none is True in too many batches in a row."""
        limiter = Variable(
            constant(0, dtype=int64), name="discarded_windows_limiter", trainable=False,
            collections=[GraphKeys.LOCAL_VARIABLES],
        )  # fmt: skip

        def checked():
            return cond(reduce_any(in_order), lambda: assign(limiter, 0),
                        lambda: limiter.count_up_to(self._discard_limit))  # fmt: skip

        checked = cond(is_variable_initialized(limiter), checked, lambda: constant(0, dtype=int64))
        with control_dependencies([checked]):
            return identity(in_order)


def _sorted(features, times):
    _, descending = top_k(times, k=shape(times)[-1], sorted=True)
    ascending = reverse(descending, axis=[0])
    return {key: gather(value, ascending) for key, value in features.items()}
