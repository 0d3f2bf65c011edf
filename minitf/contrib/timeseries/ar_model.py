"""`tf.contrib.timeseries.ARModel`: the next values from those of a window before them."""
from minitf.contrib.timeseries.ar_networks import (
    FlatPredictionModel,
    LSTMPredictionModel,  # noqa: F401  a public name
)
from minitf.contrib.timeseries.ar_windows import Continuation, evaluated, joined
from minitf.contrib.timeseries.base_model import TimeSeriesModel
from minitf.contrib.timeseries.feature_keys import PredictionFeatures, TrainEvalFeatures
from minitf.contrib.timeseries.log_probs import cauchy_log_prob, normal_log_prob
from minitf.contrib.timeseries.outputs import ModelOutputs
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32, int64
from minitf.estimator.mode_keys import ModeKeys
from minitf.nn.activation import relu
from minitf.ops.array.basics import reshape, shape, zeros, zeros_like
from minitf.ops.array.joining import concat, split
from minitf.ops.array.rearrange import where_v2
from minitf.ops.array.sequences import range as numbers
from minitf.ops.array.slicing import slice_
from minitf.ops.math.elementwise import (
    cast,
    exp,
    log,
    maximum,
    minimum,
    sqrt,
    squared_difference,
)
from minitf.ops.reduction.reduce import reduce_mean, reduce_prod, reduce_sum
from minitf.ops.state.initializers import Zeros
from minitf.ops.state.variable_scope import get_variable, variable_scope

TIMES, VALUES = TrainEvalFeatures.TIMES, TrainEvalFeatures.VALUES
_OWN = (TIMES, VALUES, PredictionFeatures.STATE_TUPLE)


class ARModel(TimeSeriesModel):
    """An auto-regressive model: a network from `input_window_size` times to the next
    `output_window_size`.

    Each of the `periodicities`, an int or several, is cut into `num_time_buckets`: for each of
    these the network gets how far a time is within it. `prediction_model_factory(num_features,
    input_window_size, output_window_size)` makes the network, a `tf.keras.Model` called with both
    windows [batch, window, n], that returns {"mean", "covariance"}. The loss is that of a normal
    distribution, or the squared error. The input window may be of 0 where there are periods.
    """

    SQUARED_LOSS = "squared_loss"
    NORMAL_LIKELIHOOD_LOSS = "normal_likelihood_loss"

    def __init__(
        self, periodicities, input_window_size, output_window_size, num_features,
        prediction_model_factory=FlatPredictionModel, num_time_buckets=10,
        loss=NORMAL_LIKELIHOOD_LOSS, exogenous_feature_columns=None,
    ):  # fmt: skip
        self._model_factory, self.loss = prediction_model_factory, loss
        self.input_window_size, self.output_window_size = input_window_size, output_window_size
        self.window_size = input_window_size + output_window_size
        super().__init__(num_features, exogenous_feature_columns)
        self.exogenous_size = self._get_exogenous_embedding_shape()[-1]
        self._buckets = int(num_time_buckets)
        if not isinstance(periodicities, (list, tuple)):
            periodicities = [periodicities] if periodicities else []
        self._periodicities = [int(period) for period in periodicities]
        _check(self)

    def initialize_graph(self, input_statistics=None):
        """Make the network."""
        super().initialize_graph(input_statistics)
        # The slash puts variables in the same place within a loop and outside of it.
        self._model_scope = variable_scope("model/", use_resource=True)
        self._model_instance = self._model_factory(
            num_features=self.num_features, input_window_size=self.input_window_size,
            output_window_size=self.output_window_size,
        )  # fmt: skip

    def get_start_state(self):
        """(times, values, exogenous): zeros of the size of the input window."""
        size = self.input_window_size
        return (zeros([size], dtype=int64), zeros([size, self.num_features], dtype=self.dtype),
                zeros([size, self.exogenous_size], dtype=self.dtype))  # fmt: skip

    def random_model_parameters(self, seed=None):
        """None: there are no parameters to draw."""

    def generate(self, number_of_series, series_length, model_parameters=None, seed=None):
        """None: the model draws no series."""

    def prediction_ops(self, times, values, exogenous_regressors):
        """What the network makes of times [batch, both windows], values [batch, input window,
        features] and regressors [batch, both windows, n]: {"mean", "covariance"}."""
        times.shape.assert_is_compatible_with([None, self.window_size])
        batch_size = shape(times)[0]
        before, after = [], []
        if self._periodicities:
            self._add_both(self._reshaped_time_features(times, batch_size), before, after)
        if self.input_window_size:
            values = slice_(values, [0, 0, 0], [-1, self.input_window_size, -1])
            outer = [batch_size, self.input_window_size, self.num_features]
            before.append(reshape(values, outer))
        if self.exogenous_size:
            self._add_both(exogenous_regressors, before, after)
        return self._output_window_predictions(*self._windows(times, batch_size, before, after))

    def _add_both(self, features, before, after):
        sizes = (self.input_window_size, self.output_window_size)
        for window, part in zip((before, after), split(features, sizes, axis=1)):
            window.append(part)

    def _reshaped_time_features(self, times, batch_size):
        _, features = self._compute_time_features(times)
        size = self._buckets * len(self._periodicities)
        return reshape(features, [batch_size, self.window_size, size])

    def _windows(self, times, batch_size, before, after):
        """Both windows [batch, window, n] of lists of features."""
        given = self._buckets * len(self._periodicities) + self.exogenous_size
        before = concat(before, axis=2)
        if after:
            after = concat(after, axis=2)
        else:
            after = zeros([batch_size, self.output_window_size, 0], dtype=self.dtype)
        own = self.num_features if self.input_window_size else 0
        before.set_shape([times.shape[0], self.input_window_size, given + own])
        after.set_shape([times.shape[0], self.output_window_size, given])
        return before, after

    def _output_window_predictions(self, input_window_features, output_window_features):
        with self._model_scope:
            predictions = self._model_instance(input_window_features, output_window_features)
            for value in predictions.values():
                value.set_shape([None, self.output_window_size, self.num_features])
            return predictions

    def loss_op(self, targets, prediction_ops):
        """The loss, a scalar, of targets [batch, output window, features] and predictions.

        ValueError for another loss than the two.
        """
        mean = prediction_ops["mean"]
        if self.loss == self.NORMAL_LIKELIHOOD_LOSS:
            sigma = sqrt(maximum(prediction_ops["covariance"], 1e-5))
            loss = -reduce_sum(normal_log_prob(targets, sigma, mean))
        elif self.loss == self.SQUARED_LOSS:
            loss = reduce_sum(squared_difference(mean, targets))
        else:
            raise ValueError(
                "loss must be ARModel.SQUARED_LOSS or ARModel.NORMAL_LIKELIHOOD_LOSS, got "
                f"{self.loss!r}"
            )
        return loss / cast(reduce_prod(shape(targets)), loss.dtype)

    def _process_exogenous_features(self, times, features):
        embedded = super()._process_exogenous_features(times, features)
        if embedded is not None:
            return embedded
        return zeros(concat([shape(times), constant([0])], axis=0))

    def _exogenous(self, times, features):
        given = {key: value for key, value in features.items() if key not in _OWN}
        return self._process_exogenous_features(times, given)

    def predict(self, features):
        """{"mean", "covariance"} [batch, times, features], window after window.

        `features` has times [batch, times], the state of get_batch_loss, and what is given.
        """
        if not self._graph_initialized:
            self.initialize_graph()
        times = cast(convert_to_tensor(features[TIMES]), int32)
        regressors = self._exogenous(times, features)
        mean, covariance = Continuation(self, features, times, regressors).predictions()
        return {"mean": self._scale_back_data(mean),
                "covariance": self._scale_back_variance(covariance)}  # fmt: skip

    def _process_window(self, features, mode, exogenous_regressors):
        """ModelOutputs of one window of both sizes. ValueError for another one."""
        times = cast(features[TIMES], int64)
        original = cast(features[VALUES], self.dtype)
        regressors = cast(exogenous_regressors, self.dtype)
        self._check_window(times.shape)
        values, size = self._scale_data(original), self.input_window_size
        inputs = values[:, :size, :] if size > 0 else None
        predicted = self.prediction_ops(times, inputs, regressors)
        targets = slice_(values, [0, size, 0], [-1, -1, -1])
        targets.shape.assert_is_compatible_with(predicted["mean"].shape)
        loss = self._window_loss(targets, predicted, mode)
        predictions = {
            "mean": self._scale_back_data(predicted["mean"]),
            "covariance": self._scale_back_variance(predicted["covariance"]),
            "observed": original[:, -self.output_window_size :],
        }
        end_state = times[:, -size:], values[:, -size:, :], regressors[:, -size:, :]
        return ModelOutputs(loss, end_state, predictions, times[:, -self.output_window_size :])

    def _window_loss(self, targets, predicted, mode):
        if mode != ModeKeys.EVAL or self.loss != self.SQUARED_LOSS:
            return self.loss_op(targets, predicted)
        # The error in units of the input.
        targets = self._scale_back_data(targets)
        return self.loss_op(targets, {"mean": self._scale_back_data(predicted["mean"])})

    def _check_window(self, times_shape):
        if not times_shape.is_compatible_with([None, self.window_size]):
            raise ValueError(
                f"ARModel with input_window_size={self.input_window_size} and output_window_size="
                f"{self.output_window_size} expects feature '{TIMES}' to have shape (batch_size, "
                f"{self.window_size}) (for any batch_size), but got shape {times_shape}. If you "
                f"are using RandomWindowInputFn, set window_size={self.window_size} or adjust the "
                "input_window_size and output_window_size arguments to ARModel."
            )

    def get_batch_loss(self, features, mode, state):
        """ModelOutputs of {name: Tensor [batch, window, ...]}.

        In training the window is that of the model. In evaluation it may be longer: it is cut into
        windows whose outputs follow one another, without the rest at its start; `state` fills what
        the state at the end lacks. ValueError for another window or mode.
        """
        features = {name: convert_to_tensor(value) for name, value in features.items()}
        regressors = self._exogenous(features[TIMES], features)
        if mode == ModeKeys.TRAIN:
            return self._process_window(features, mode, regressors)
        if mode != ModeKeys.EVAL:
            raise ValueError(f"Unknown mode '{mode}' passed to get_batch_loss.")
        return self._evaluate(features, mode, state, regressors)

    def _evaluate(self, features, mode, state, regressors):
        times = features[TIMES]
        self._check_long_enough(times.shape.with_rank(2))
        iterations = (shape(times)[1] - self.input_window_size) // self.output_window_size
        output_size = iterations * self.output_window_size
        crop = output_size + self.input_window_size
        features = {name: value[:, -crop:] for name, value in features.items()}
        losses, means, covariances = evaluated(self, features, regressors, mode, iterations)
        values = cast(features[VALUES], self.dtype)
        outer = [shape(times)[0], self.output_window_size * iterations, self.num_features]
        end_state = self._end_state(state, times, values, regressors)
        predictions = {"mean": joined(means, outer), "covariance": joined(covariances, outer),
                       "observed": values[:, -output_size:]}  # fmt: skip
        loss = reduce_mean(losses.stack(), axis=0)
        return ModelOutputs(loss, end_state, predictions, times[:, -output_size:])

    def _check_long_enough(self, times_shape):
        if times_shape[1].value is not None and times_shape[1].value < self.window_size:
            raise ValueError(
                "ARModel requires a window of at least input_window_size + output_window_size to "
                f"evaluate on (input_window_size={self.input_window_size}, output_window_size="
                f"{self.output_window_size}, and got shape {times_shape} for feature '{TIMES}' "
                "(batch size, window size))."
            )

    def _end_state(self, state, times, values, regressors):
        """(times, values, regressors), the last of the input window's size, with those of the state
        before where there are too few."""
        if self.input_window_size == 0:
            return state
        new = cast(times, int64), self._scale_data(values), regressors
        sizes = (), (self.num_features,), (self.exogenous_size,)
        return tuple(self._last(*parts) for parts in zip(state, new, sizes))

    def _last(self, before, new, inner):
        last = concat([before, new], axis=1)[:, -self.input_window_size :]
        last.set_shape((None, self.input_window_size, *inner))
        return last

    def _compute_time_features(self, time):
        """(periods so far, how far it is within each bucket of each period), of times
        [batch, window]; the latter is 0 outside of a bucket."""
        batch_size = shape(time)[0]
        outer = [1, 1, len(self._periodicities), 1]
        periods = constant(self._periodicities, shape=outer, dtype=time.dtype)
        time = reshape(time, [batch_size, -1, 1, 1])
        offset = time / self._periodicities
        position = cast(time % periods, self.dtype) * self._buckets / cast(periods, self.dtype)
        starts = reshape(numbers(self._buckets, dtype=self.dtype), [1, 1, 1, self._buckets])
        position = relu(position - starts)
        return offset, where_v2(position < 1.0, position, zeros_like(position))


def _check(model):
    """ValueError for sizes from which nothing can be predicted."""
    if model._buckets <= 0 or model.output_window_size <= 0:
        raise ValueError(
            f"num_time_buckets and output_window_size must be positive, got {model._buckets} and "
            f"{model.output_window_size}"
        )
    if any(period <= 0 for period in model._periodicities):
        raise ValueError(f"periodicities must be positive, got {model._periodicities}")
    if not model._periodicities and not model.input_window_size:
        raise ValueError(
            "without periodicities the input window must not be empty: got input_window_size=0"
        )


class AnomalyMixtureARModel(ARModel):
    """An ARModel for which a value may be an anomaly, with this probability: then it is of another
    distribution round the same mean, and counts less.

    ValueError for a probability that is not between 0 and 1, and another distribution.
    """

    GAUSSIAN_ANOMALY = "gaussian"
    CAUCHY_ANOMALY = "cauchy"

    def __init__(
        self, periodicities, anomaly_prior_probability, input_window_size, output_window_size,
        num_features, prediction_model_factory=FlatPredictionModel,
        anomaly_distribution=GAUSSIAN_ANOMALY, num_time_buckets=10, exogenous_feature_columns=None,
    ):  # fmt: skip
        if not 0.0 < anomaly_prior_probability < 1.0:
            raise ValueError(
                "anomaly_prior_probability must be between 0 and 1, got "
                f"{anomaly_prior_probability}"
            )
        if anomaly_distribution not in (self.GAUSSIAN_ANOMALY, self.CAUCHY_ANOMALY):
            raise ValueError(
                "anomaly_distribution must be AnomalyMixtureARModel.GAUSSIAN_ANOMALY or "
                f"CAUCHY_ANOMALY, got {anomaly_distribution!r}"
            )
        self._anomaly_prior_probability = anomaly_prior_probability
        self._anomaly_distribution = anomaly_distribution
        super().__init__(
            periodicities, input_window_size, output_window_size, num_features,
            prediction_model_factory, num_time_buckets,
            exogenous_feature_columns=exogenous_feature_columns,
        )  # fmt: skip

    def prediction_ops(self, times, values, exogenous_regressors):
        """{"mean", "covariance", "anomaly_params"}: the last the variance of anomalies, or their
        scale."""
        predicted = super().prediction_ops(times, values, exogenous_regressors)
        parameter = get_variable("anomaly_log_param", [], self.dtype, Zeros())
        predicted["anomaly_params"] = exp(parameter)
        return predicted

    def _anomaly_log_prob(self, targets, predicted):
        mean, scale = predicted["mean"], predicted["anomaly_params"]
        if self._anomaly_distribution == self.GAUSSIAN_ANOMALY:
            return normal_log_prob(targets, sqrt(maximum(scale, 1e-5)), mean)
        return cauchy_log_prob(targets, scale, mean)

    def loss_op(self, targets, prediction_ops):
        """The loss, a scalar, of targets [batch, output window, features] and predictions."""
        sigma = sqrt(maximum(prediction_ops["covariance"], 1e-5))
        normal = normal_log_prob(targets, sigma, prediction_ops["mean"])
        normal += log(1 - self._anomaly_prior_probability)
        anomaly = self._anomaly_log_prob(targets, prediction_ops)
        anomaly += log(self._anomaly_prior_probability)
        lower, upper = minimum(normal, anomaly), maximum(normal, anomaly)
        mixed = upper + log(1 + exp(lower - upper))
        return -reduce_sum(mixed) / cast(reduce_prod(shape(targets)), self.dtype)
