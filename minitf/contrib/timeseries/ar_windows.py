"""The loops of an ARModel from window to window: in evaluation and in prediction."""
from minitf.contrib.timeseries.feature_keys import PredictionFeatures
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.graph import control_dependencies
from minitf.ops.array.basics import identity, ones_like, reshape, shape
from minitf.ops.array.joining import concat, stack
from minitf.ops.array.padding import pad
from minitf.ops.control_flow.check import assert_equal, assert_greater_equal
from minitf.ops.control_flow.tensor_array import TensorArray
from minitf.ops.control_flow.while_loop import while_loop
from minitf.ops.math.elementwise import cast, less, minimum
from minitf.ops.reduction.axes import transpose


def evaluated(model, features, regressors, mode, iterations):
    """(losses, means, covariances): TensorArrays of so many windows, none over another."""

    def step(number, losses, means, covariances):
        start = number * model.output_window_size
        window = {name: value[:, start : start + model.window_size]
                  for name, value in features.items()}  # fmt: skip
        outputs = model._process_window(
            window, mode=mode, exogenous_regressors=regressors[:, start : start + model.window_size]
        )
        return (number + 1, losses.write(number, outputs.loss),
                means.write(number, outputs.predictions["mean"]),
                covariances.write(number, outputs.predictions["covariance"]))  # fmt: skip

    arrays = [TensorArray(model.dtype, iterations) for _ in range(3)]
    return while_loop(lambda number, *_: number < iterations, step, [0, *arrays])[1:]


def joined(windows, outer):
    """A TensorArray of Tensors [batch, window, n] as one of the shape `outer`."""
    return reshape(transpose(windows.stack(), [1, 0, 2, 3]), outer)


class Continuation:
    """Predictions of an ARModel window after window, each from the one before.

    `regressors` are [batch, times, n], what is given of the times to predict.
    """

    def __init__(self, model, features, times, regressors):
        self._model, self._size = model, model.output_window_size
        with control_dependencies([assert_equal(shape(times)[1], shape(regressors)[1])]):
            regressors = identity(regressors)
        self._batch_size, self._count = shape(times)[0], shape(times)[1]
        self._iterations = (self._count + self._size - 1) // self._size
        padding = self._iterations * self._size - self._count
        self._times = pad(times, [[0, 0], [0, padding]])
        self._regressors = pad(regressors, [[0, 0], [0, padding], [0, 0]])
        self._first = self._start(*features[PredictionFeatures.STATE_TUPLE])

    def _start(self, times, values, regressors):
        """(times, values, regressors) of the first window; the values are those before it."""
        model, before = self._model, self._model.input_window_size
        times = cast(convert_to_tensor(times), int32)
        values = convert_to_tensor(values, dtype=model.dtype)
        regressors = convert_to_tensor(regressors, dtype=model.dtype)
        first_times = self._times[:, : self._size]
        first_regressors = self._regressors[:, : self._size, :]
        if before == 0:
            return first_times, 0, first_regressors
        first_times = concat([times[:, -before:], first_times], 1)
        count = shape(values)[1]
        known = shape(times)[1]
        with control_dependencies(
            [assert_greater_equal(count, before), assert_equal(count, known)]
        ):
            values = values[:, -before:, :]
            parts = [regressors[:, -before:, :], first_regressors[:, : self._size, :]]
            return first_times, values, concat(parts, axis=1)

    def predictions(self):
        """(mean, covariance): Tensors [batch, times, features], the latter ones for squared
        loss."""
        model = self._model
        squared = model.loss == model.SQUARED_LOSS
        covariances = 0.0 if squared else TensorArray(model.dtype, self._iterations)
        means = TensorArray(model.dtype, self._iterations)
        start = [0, *self._first, means, covariances]
        *_, means, covariances = while_loop(self._unfinished, self._step, start)
        mean = self._packed(means)
        return mean, ones_like(mean) if squared else self._packed(covariances)

    def _unfinished(self, number, *_):
        return less(number, self._iterations)

    def _step(self, number, times, values, regressors, means, covariances):
        predicted = self._model.prediction_ops(times, values, regressors)
        mean, covariance = predicted["mean"], predicted["covariance"]
        offset = self._size * minimum(number + 1, self._iterations - 1)
        values, regressors, times = self._next(offset, values, regressors, times, mean)
        times.set_shape(self._first[0].shape)
        regressors.set_shape(self._first[2].shape)
        means = means.write(number, mean)
        if isinstance(covariances, TensorArray):
            covariances = covariances.write(number, covariance)
        return number + 1, times, values, regressors, means, covariances

    def _next(self, offset, values, regressors, times, mean):
        """(values, regressors, times) of the window at `offset`."""
        before, end = self._model.input_window_size, offset + self._size
        if before == 0:
            return values, self._regressors[:, offset:end, :], self._times[:, offset:end]
        if self._size < before:
            new = self._regressors[:, offset:end, :]
            return (concat([values[:, self._size :, :], mean], 1),
                    concat([regressors[:, -before:, :], new], axis=1),
                    concat([times[:, -before:], self._times[:, offset:end]], 1))  # fmt: skip
        return (mean[:, -before:, :], self._regressors[:, offset - before : end, :],
                self._times[:, offset - before : end])  # fmt: skip

    def _packed(self, windows):
        length = self._iterations * self._size
        return joined(windows, stack([self._batch_size, length, -1]))[:, : self._count, :]
