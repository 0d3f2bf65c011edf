"""`tf.contrib.timeseries.TimeSeriesRegressor`: an Estimator of a model of series."""
from minitf.contrib.timeseries import serving_inputs
from minitf.contrib.timeseries.ar_model import ARModel
from minitf.contrib.timeseries.feature_keys import TrainEvalFeatures
from minitf.contrib.timeseries.head import TimeSeriesRegressionHead
from minitf.contrib.timeseries.state_management import (
    FilteringOnlyStateManager,
    PassthroughStateManager,
)
from minitf.contrib.timeseries.statistics import InputStatisticsFromMiniBatch
from minitf.core.dtypes import float32, string
from minitf.estimator.estimator import Estimator
from minitf.estimator.export.receivers import ServingInputReceiver
from minitf.ops.io.examples import parse_example
from minitf.ops.math.elementwise import cast
from minitf.ops.reduction.axes import squeeze
from minitf.ops.state.placeholder import placeholder
from minitf.train.adam import AdamOptimizer

TIMES, VALUES = TrainEvalFeatures.TIMES, TrainEvalFeatures.VALUES


class TimeSeriesRegressor(Estimator):
    """Trains a TimeSeriesModel, evaluates it and predicts.

    `state_manager` says with which state a window starts: by default the start state of the model.
    The optimizer is Adam with the rate 0.02 if none is given.
    """

    def __init__(self, model, state_manager=None, optimizer=None, model_dir=None, config=None,
                 head_type=TimeSeriesRegressionHead):
        if state_manager is None:
            own = isinstance(model, ARModel)
            state_manager = FilteringOnlyStateManager() if own else PassthroughStateManager()
        self._model = model
        head = head_type(
            model=model, state_manager=state_manager,
            optimizer=AdamOptimizer(0.02) if optimizer is None else optimizer,
            input_statistics_generator=InputStatisticsFromMiniBatch(
                dtype=model.dtype, num_features=model.num_features
            ),
        )  # fmt: skip
        super().__init__(head.create_estimator_spec, model_dir=model_dir, config=config)

    def _with_state(self, features, batch_size):
        size = serving_inputs.batch_size_of(features)
        state = serving_inputs.start_state_placeholders(self._model, size, batch_size)
        return {**features, **state}

    def build_one_shot_parsing_serving_input_receiver_fn(
        self, filtering_length, prediction_length, default_batch_size=None,
        values_input_dtype=None, truncate_values=False,
    ):  # fmt: skip
        """A function for export_saved_model of a OneShotPredictionHead: the model is given Examples
        with `filtering_length` values and times of these and of the predictions.

        With `truncate_values` the Examples have values at all times. ValueError, when it is called,
        for features of variable length that are not strings.
        """
        length = filtering_length + prediction_length
        values_length = length if truncate_values else filtering_length

        def receiver():
            examples = serving_inputs.example_features(
                self._model, values_length, length, values_input_dtype or float32
            )
            serialized = placeholder(string, [default_batch_size], name="input")
            features = parse_example(serialized, examples)
            features[TIMES] = squeeze(features[TIMES], axis=-1)
            values = cast(features[VALUES], self._model.dtype)
            features[VALUES] = values[:, :filtering_length]
            features = self._with_state(features, default_batch_size)
            return ServingInputReceiver(features, {"examples": serialized})

        return receiver

    def build_raw_serving_input_receiver_fn(self, default_batch_size=None,
                                            default_series_length=None):
        """A function for export_saved_model: the model is given arrays [batch, window, ...]."""

        def receiver():
            placeholders = self._with_state(
                serving_inputs.raw_placeholders(
                    self._model, default_batch_size, default_series_length
                ),
                default_batch_size,
            )
            return ServingInputReceiver(placeholders, placeholders)

        return receiver
