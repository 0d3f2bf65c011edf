"""`tf.contrib.timeseries.saved_model_utils`: an exported model of a series, fed with arrays."""
from minitf.contrib.timeseries.arrays import canonicalize_numpy_data
from minitf.contrib.timeseries.feature_keys import (
    FilteringFeatures,
    FilteringResults,
    PredictionResults,
    SavedModelLabels,
)
from minitf.contrib.timeseries.head import state_to_dictionary
from minitf.contrib.timeseries.model_utils import canonicalize_times_or_steps_from_output


def predict_continuation(continue_from, signatures, session, steps=None, times=None,
                         exogenous_features=None):
    """{name: array [batch, window, ...]}: predictions after `continue_from`, the results of
    evaluate() or of the functions below, for `times` or so many steps.

    `signatures` is the MetaGraphDef that was loaded. ValueError for both or neither, and for times
    that are not after those.
    """
    times = canonicalize_times_or_steps_from_output(times, steps, continue_from)
    features = {PredictionResults.TIMES: times, **(exogenous_features or {})}
    return _run(signatures, SavedModelLabels.PREDICT, session, features, continue_from)


def cold_start_filter(signatures, session, features):
    """{name: array}: the state after times and values, from the start state of the model."""
    features = canonicalize_numpy_data(features, require_single_batch=False)
    return _run(signatures, SavedModelLabels.COLD_START_FILTER, session, features, {})


def filter_continuation(continue_from, signatures, session, features):
    """{name: array}: the state after times and values that go on from `continue_from`."""
    features = canonicalize_numpy_data(features, require_single_batch=False)
    return _run(signatures, SavedModelLabels.FILTER, session, features, continue_from)


def _run(signatures, label, session, features, continue_from):
    """What the signature gives for features and the state before them, with the times."""
    signature, graph = signatures.signature_def[label], session.graph
    state = continue_from
    if FilteringResults.STATE_TUPLE in continue_from:
        state = state_to_dictionary(continue_from[FilteringResults.STATE_TUPLE])
    inputs, outputs = ({key: graph.as_graph_element(info.name) for key, info in found.items()}
                       for found in (signature.inputs, signature.outputs))  # fmt: skip
    feeds = {inputs[key]: value for key, value in [*state.items(), *features.items()]}
    results = session.run(outputs, feed_dict=feeds)
    results[FilteringResults.TIMES] = features[FilteringFeatures.TIMES]
    return results
