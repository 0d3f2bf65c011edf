"""The input of predict() after evaluate()."""
from minitf.contrib.timeseries.feature_keys import FilteringResults, PredictionFeatures
from minitf.contrib.timeseries.model_utils import canonicalize_times_or_steps_from_output
from minitf.core.nest import map_structure
from minitf.train.input import limit_epochs


def predict_continuation_input_fn(evaluation, steps=None, times=None, exogenous_features=None):
    """An `input_fn` of predictions after what evaluate() gave, for each window of its batch.

    They are for `times`, ints [batch, window], or so many steps. `exogenous_features` are those of
    the times to predict. ValueError for both or neither, and for times that are not after those.
    """
    features = {
        PredictionFeatures.STATE_TUPLE: evaluation[FilteringResults.STATE_TUPLE],
        PredictionFeatures.TIMES: canonicalize_times_or_steps_from_output(
            times=times, steps=steps, previous_model_output=evaluation
        ),
        **(exogenous_features or {}),
    }

    def input_fn():
        return {key: map_structure(_once, values) for key, values in features.items()}, None

    return input_fn


def _once(value):
    return limit_epochs(value, num_epochs=1)
