"""What models and what is asked of them share: times to predict, parameters to override."""
import numpy as np

from minitf.contrib.timeseries.feature_keys import FilteringResults
from minitf.core.convert import convert_to_tensor


def parameter_switch(parameter_overrides):
    """A function of a parameter, that gives its value here: of the dict, or of the session."""

    def value_of(parameter):
        return convert_to_tensor(parameter_overrides.get(parameter, parameter)).eval()

    return value_of


def canonicalize_times_or_steps_from_output(times, steps, previous_model_output):
    """int [batch, window]: `times`, or `steps` of them after those that evaluate() gave.

    ValueError for both or neither, and for times that are not after those.
    """
    if steps is not None and times is not None:
        raise ValueError("Only one of `steps` and `times` may be specified.")
    if steps is None and times is None:
        raise ValueError("One of `steps` and `times` must be specified.")
    before = previous_model_output[FilteringResults.TIMES]
    if steps is not None:
        return before[:, -1:] + 1 + np.arange(steps)[None]
    times = np.array(times)
    times = times if times.ndim == 2 else times[None]
    _check_after(before, times)
    return times


def _check_after(before, times):
    if len(before) != len(times):
        raise ValueError(
            "`times` must have a batch dimension matching the previous model output (got a batch "
            f"dimension of {len(times)} for `times` and {len(before)} for the previous output)."
        )
    if not (before[:, -1] < times[:, 0]).all():
        raise ValueError("Prediction times must be after the corresponding previous model output.")
