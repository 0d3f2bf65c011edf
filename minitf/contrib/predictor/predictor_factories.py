"""`tf.contrib.predictor.from_saved_model` and its kin: a trained model as a function of arrays."""
from minitf.contrib.learn.estimator import Estimator as ContribEstimator
from minitf.contrib.predictor.contrib_estimator_predictor import ContribEstimatorPredictor
from minitf.contrib.predictor.core_estimator_predictor import CoreEstimatorPredictor
from minitf.contrib.predictor.saved_model_predictor import SavedModelPredictor
from minitf.estimator.estimator import Estimator as CoreEstimator


def from_contrib_estimator(estimator, prediction_input_fn, input_alternative_key=None,
                           output_alternative_key=None, graph=None, config=None):
    """A predictor of a trained `tf.contrib.learn.Estimator`.

    `prediction_input_fn()` returns a `tf.contrib.learn.InputFnOps`. TypeError for an estimator of
    `tf.estimator`; ValueError where there are several heads and none is named.
    """
    if isinstance(estimator, CoreEstimator):
        raise TypeError("Expected estimator to be of type tf.contrib.learn.Estimator, but got type "
                        "tf.python.estimator.Estimator. You likely want to call from_estimator.")
    return ContribEstimatorPredictor(estimator, prediction_input_fn, input_alternative_key,
                                     output_alternative_key, graph, config)  # fmt: skip


def from_estimator(estimator, serving_input_receiver_fn, output_key=None, graph=None, config=None):
    """A predictor of a trained `tf.estimator.Estimator`, of its newest checkpoint.

    `serving_input_receiver_fn()` returns a ServingInputReceiver, whose receiver tensors are fed;
    `output_key` names one of the model's `export_outputs`. TypeError for an estimator of
    `tf.contrib.learn`, KeyError for an output that is not there.
    """
    if isinstance(estimator, ContribEstimator):
        raise TypeError("Expected estimator to be of type tf.python.estimator.Estimator, but got "
                        "type tf.contrib.learn.Estimator. You likely want to call "
                        "from_contrib_estimator.")  # fmt: skip
    return CoreEstimatorPredictor(estimator, serving_input_receiver_fn, output_key, graph, config)


def from_saved_model(export_dir, signature_def_key=None, signature_def=None, input_names=None,
                     output_names=None, tags=None, graph=None, config=None):
    """A predictor of a SavedModel in a folder.

    What is fed and fetched is that of the signature `signature_def_key` (serving_default), or of a
    `signature_def`, or of two dicts of tensor names. `tags`, between commas, tell graphs apart.
    ValueError for more than one of these ways, and for a signature that is not there.
    """
    return SavedModelPredictor(export_dir, signature_def_key, signature_def, input_names,
                               output_names, tags, graph, config)  # fmt: skip
