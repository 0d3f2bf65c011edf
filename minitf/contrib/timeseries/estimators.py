"""`tf.contrib.timeseries`: the Estimators."""
import functools

from minitf.contrib.timeseries.ar_model import AnomalyMixtureARModel, ARModel
from minitf.contrib.timeseries.ar_networks import FlatPredictionModel, LSTMPredictionModel
from minitf.contrib.timeseries.head import OneShotPredictionHead
from minitf.contrib.timeseries.regressor import TimeSeriesRegressor
from minitf.contrib.timeseries.state_management import FilteringOnlyStateManager
from minitf.estimator.canned.optimizers import get_optimizer_instance
from minitf.train.adagrad import AdagradOptimizer


class ARRegressor(TimeSeriesRegressor):
    """An ARModel of dense layers: `output_window_size` values of the `input_window_size` before.

    Each of the `periodicities` is cut into `num_time_buckets`. With `anomaly_prior_probability`
    values may be anomalies, of the distribution "gaussian" or "cauchy". The optimizer is Adagrad
    with the rate 0.1 if none is given. ValueError for a distribution of anomalies without their
    probability, and for another loss beside it.
    """

    def __init__(
        self, periodicities, input_window_size, output_window_size, num_features,
        exogenous_feature_columns=None, num_time_buckets=10, loss=ARModel.NORMAL_LIKELIHOOD_LOSS,
        hidden_layer_sizes=None, anomaly_prior_probability=None, anomaly_distribution=None,
        optimizer=None, model_dir=None, config=None,
    ):  # fmt: skip
        if anomaly_prior_probability is None and anomaly_distribution is not None:
            raise ValueError(
                "anomaly_prior_probability is required if anomaly_distribution is specified."
            )
        settings = {
            "periodicities": periodicities, "input_window_size": input_window_size,
            "output_window_size": output_window_size, "num_features": num_features,
            "prediction_model_factory": functools.partial(
                FlatPredictionModel, hidden_layer_sizes=hidden_layer_sizes
            ),
            "exogenous_feature_columns": exogenous_feature_columns,
            "num_time_buckets": num_time_buckets,
        }  # fmt: skip
        if anomaly_prior_probability is None:
            model = ARModel(loss=loss, **settings)
        else:
            _check_anomaly_loss(loss)
            model = AnomalyMixtureARModel(
                anomaly_prior_probability=anomaly_prior_probability,
                anomaly_distribution=anomaly_distribution, **settings,
            )  # fmt: skip
        super().__init__(
            model, FilteringOnlyStateManager(),
            AdagradOptimizer(0.1) if optimizer is None else optimizer, model_dir, config,
        )  # fmt: skip


def _check_anomaly_loss(loss):
    if loss != ARModel.NORMAL_LIKELIHOOD_LOSS:
        raise ValueError(
            "AnomalyMixtureARModel only supports ARModel.NORMAL_LIKELIHOOD_LOSS for its loss "
            f"argument, got {loss!r}."
        )


class LSTMAutoRegressor(TimeSeriesRegressor):
    """An ARModel of two LSTMs of `num_units`, one for each window; it is exported without a state.

    `optimizer` is one or its name: its rate is 0.01 then.
    """

    def __init__(
        self, periodicities, input_window_size, output_window_size, model_dir=None, num_features=1,
        extra_feature_columns=None, num_timesteps=10, loss=ARModel.NORMAL_LIKELIHOOD_LOSS,
        num_units=128, optimizer="Adam", config=None,
    ):  # fmt: skip
        optimizer = get_optimizer_instance(optimizer, learning_rate=0.01)
        model = ARModel(
            periodicities, input_window_size, output_window_size, num_features,
            functools.partial(LSTMPredictionModel, num_units=num_units), num_timesteps, loss,
            extra_feature_columns,
        )  # fmt: skip
        super().__init__(model, FilteringOnlyStateManager(), optimizer, model_dir, config,
                         OneShotPredictionHead)  # fmt: skip
