"""The signatures of an exported model, and the folder that it is exported into."""
import os
import time

from minitf import logging
from minitf.core.file_errors import path_text
from minitf.estimator.mode_keys import ModeKeys
from minitf.saved_model import signature_constants as names
from minitf.saved_model import tag_constants
from minitf.saved_model.export_outputs import EvalOutput, ExportOutput, PredictOutput, TrainOutput
from minitf.saved_model.signature_def_utils import is_valid_signature

DEFAULT = names.DEFAULT_SERVING_SIGNATURE_DEF_KEY
TAGS = {ModeKeys.PREDICT: [tag_constants.SERVING], ModeKeys.TRAIN: [tag_constants.TRAINING],
        ModeKeys.EVAL: ["eval"]}  # fmt: skip
_METHODS = {names.CLASSIFY_METHOD_NAME: "Classify", names.REGRESS_METHOD_NAME: "Regress",
            names.PREDICT_METHOD_NAME: "Predict",
            names.SUPERVISED_TRAIN_METHOD_NAME: "Train",
            names.SUPERVISED_EVAL_METHOD_NAME: "Eval"}  # fmt: skip
MAX_DIRECTORY_CREATION_ATTEMPTS = 10


def get_export_outputs(export_outputs, predictions):
    """The outputs by name, of which one is the default; the predictions if there are none.

    TypeError for what is no dict of ExportOutputs, ValueError for several without a default one.
    """
    if export_outputs is None:
        return {DEFAULT: PredictOutput(predictions)}
    if not isinstance(export_outputs, dict):
        raise TypeError(f"export_outputs must be dict, given: {export_outputs}")
    for value in export_outputs.values():
        if not isinstance(value, ExportOutput):
            raise TypeError("Values in export_outputs must be ExportOutput objects. Given: "
                            f"{export_outputs}")  # fmt: skip
    if len(export_outputs) == 1:
        (value,) = export_outputs.values()
        export_outputs.setdefault(DEFAULT, value)
    if len(export_outputs) > 1 and DEFAULT not in export_outputs:
        raise ValueError(
            "Multiple export_outputs were provided, but none of them is specified as the default.  "
            "Do this by naming one of them with signature_constants."
            "DEFAULT_SERVING_SIGNATURE_DEF_KEY."
        )
    return export_outputs


def outputs_for_mode(spec):
    """The ExportOutputs of an EstimatorSpec, by the names of their signatures."""
    if spec.mode == ModeKeys.PREDICT:
        return get_export_outputs(spec.export_outputs, spec.predictions)
    train = spec.mode == ModeKeys.TRAIN
    made = TrainOutput if train else EvalOutput
    return {spec.mode: made(spec.loss, spec.predictions, spec.eval_metric_ops)}


def build_all_signature_defs(receiver_tensors, export_outputs, alternatives=None,
                             serving_only=True):
    """{name: SignatureDef} of all outputs that the fed tensors do for, and of alternatives to
    these. What was left out, and why, is logged."""
    if not isinstance(export_outputs, dict):
        raise ValueError(f"export_outputs must be a dict and not{type(export_outputs)}")
    receivers = {"": receiver_tensors}
    for name, tensors in (alternatives or {}).items():
        receivers[f"{name or 'None'}:"] = tensors
    made, excluded = {}, {}
    for prefix, tensors in receivers.items():
        tensors = tensors if isinstance(tensors, dict) else {"input": tensors}
        for key, output in export_outputs.items():
            name = f"{prefix}{key or 'None'}"
            try:
                made[name] = output.as_signature_def(tensors)
            except ValueError as error:  # of this kind of output: the others may do
                excluded[name] = str(error)
    _report(made, excluded)
    if serving_only:
        return {key: value for key, value in made.items() if is_valid_signature(value)}
    return made


def _report(made, excluded):
    for method, name in _METHODS.items():
        found = [key for key, value in made.items() if value.method_name == method]
        logging.info("Signatures INCLUDED in export for %s: %s", name, found or "None")
    if excluded:
        logging.info("Signatures EXCLUDED from export because they cannot be be served via "
                     "TensorFlow Serving APIs:")  # fmt: skip
        for name, message in excluded.items():
            logging.info("'%s' : %s", name, message)
    if not made:
        logging.warning("Export includes no signatures!")
    elif DEFAULT not in made:
        logging.warning("Export includes no default signature!")


def get_timestamped_export_dir(export_dir_base):
    """A folder that is not there, named by the time in seconds.

    RuntimeError when there always is one.
    """
    for attempt in range(1, MAX_DIRECTORY_CREATION_ATTEMPTS + 1):
        found = os.path.join(path_text(export_dir_base), str(int(time.time())))
        if not os.path.exists(found):
            return found
        time.sleep(1)
        logging.warning("Directory %s already exists; retrying (attempt %s/%s)", found, attempt,
                        MAX_DIRECTORY_CREATION_ATTEMPTS)  # fmt: skip
    raise RuntimeError("Failed to obtain a unique export directory name after "
                       f"{MAX_DIRECTORY_CREATION_ATTEMPTS} attempts.")  # fmt: skip


def get_temp_export_dir(timestamped_export_dir):
    """The folder beside it where a model is put together."""
    folder, name = os.path.split(timestamped_export_dir)
    return os.path.join(folder, f"temp-{name}")
