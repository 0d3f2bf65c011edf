"""Features of a series are there, and their shapes go together: [batch, window, ...]."""
from minitf.contrib.timeseries.feature_keys import State, TrainEvalFeatures

TIMES, VALUES, STATE = TrainEvalFeatures.TIMES, TrainEvalFeatures.VALUES, State.STATE_TUPLE


def require(name, features, purpose):
    """ValueError where this feature is missing."""
    if name not in features:
        raise ValueError(f"Expected a '{name}' feature for {purpose}.")


def check_train_eval_features(features, model):
    """ValueError unless there are times, and values of as many features as the model has."""
    require(TIMES, features, "training/evaluation")
    require(VALUES, features, "training/evaluation")
    count, values = model.num_features, features[VALUES].shape
    _check_times(features[TIMES].shape)
    if not values.is_compatible_with([None, None, count]):
        raise ValueError(
            f"Expected shape (batch dimension, window size, {count}) for feature '{VALUES}', since "
            f"the model was configured with num_features={count} (got shape {values})"
        )
    check_features_of_times(features, ignore={STATE})


def check_prediction_features(features):
    """ValueError unless there are times and a state."""
    require(TIMES, features, "prediction")
    require(STATE, features, "prediction")
    check_features_of_times(features, ignore={STATE})


def check_features_of_times(features, ignore):
    """ValueError for a feature that has not the batch and window of the times."""
    times = features[TIMES].shape
    _check_times(times)
    for name, value in features.items():
        if name not in ignore and value.shape.ndims is not None:
            _check_outer(name, value.shape, times)


def _check_times(times):
    if not times.is_compatible_with([None, None]):
        raise ValueError(
            f"Expected shape (batch dimension, window size) for feature '{TIMES}' (got shape "
            f"{times})"
        )


def _check_outer(name, shape, times):
    expected = "Features must have shape (batch dimension, window size, ...)"
    if shape.ndims < 2:
        raise ValueError(f"{expected} (got rank {shape.ndims} for feature '{name}')")
    if not shape[:2].is_compatible_with(times):
        raise ValueError(
            f"{expected} where batch dimension and window size match the '{TIMES}' feature (got "
            f"shape {shape} for feature '{name}' but shape {times} for feature '{TIMES}')"
        )
