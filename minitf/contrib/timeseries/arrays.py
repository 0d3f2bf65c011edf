"""Arrays of a series, brought to the shapes [batch, time, ...]."""
import numpy as np

from minitf.contrib.timeseries.feature_keys import TrainEvalFeatures

TIMES, VALUES = TrainEvalFeatures.TIMES, TrainEvalFeatures.VALUES


def canonicalize_numpy_data(data, require_single_batch):
    """{name: array [batch, time, ...]} of arrays with or without these axes.

    VALUES, of [batch, time], have one feature. ValueError without times or values, for shapes that
    do not go together, and for a batch that is not of one if `require_single_batch`.
    """
    features = {key: np.array(value) for key, value in data.items()}
    if TIMES not in features or VALUES not in features:
        raise ValueError(f"{TIMES} and {VALUES} are required features.")
    outer = features[TIMES].shape
    _check_prefixes(features, outer)
    if len(outer) > 2:
        raise ValueError(
            "Got an unexpected number of dimensions for times. Was expecting at most two "
            f"([batch size, series length]), but got shape {outer}."
        )
    if len(outer) < 2:
        features[VALUES] = _with_features(features[VALUES], len(outer))
        missing = (None,) * (2 - len(outer))
        features = {key: value[missing] for key, value in features.items()}
    if require_single_batch and len(features[TIMES]) != 1:
        raise ValueError("Got batch input, was expecting unbatched input.")
    return features


def _check_prefixes(features, outer):
    for key, value in features.items():
        if value.shape[: len(outer)] != outer:
            raise ValueError(
                "All features must have their shapes prefixed by the shape of the times feature. "
                f"Got shape {value.shape} for feature '{key}', but shape {outer} for '{TIMES}'"
            )


def _with_features(values, outer):
    """Values with an axis of features after these outer axes."""
    if values.ndim > outer + 1:
        raise ValueError(
            f"Got an unexpected number of dimensions for the '{VALUES}' feature. Was expecting at "
            f"most {outer + 1} since '{TIMES}' has {outer}, but got shape {values.shape}"
        )
    return values[..., None] if values.ndim == outer else values
