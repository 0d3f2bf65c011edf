"""`tf.contrib.timeseries`: the keys of features and results."""
from minitf.estimator.export.signatures import DEFAULT


class State:
    """Keys of the state of a model: whole, and the prefix of its tensors one by one."""

    STATE_TUPLE = "start_tuple"
    STATE_PREFIX = "model_state"


class Times:
    """The key of the times, integers that increase."""

    TIMES = "times"


class Values:
    """The key of the values, numbers of each time."""

    VALUES = "values"


class TrainEvalFeatures(Times, Values):
    """Keys of features in training and evaluation."""


class PredictionFeatures(Times, State):
    """Keys of features in prediction."""


class FilteringFeatures(Times, Values, State):
    """Keys of features that take a state on to the next."""


class PredictionResults(Times):
    """Keys of what predict() gives, beside those of the model."""


class FilteringResults(Times, State):
    """Keys of what evaluate() gives."""


class SavedModelLabels:
    """Names of the signatures of an exported model."""

    PREDICT = DEFAULT
    FILTER = "filter"
    COLD_START_FILTER = "cold_start_filter"
