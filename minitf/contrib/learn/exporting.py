"""SavedModels of tf.contrib.learn's estimators: a signature for each head."""
import os

from minitf import gfile
from minitf.contrib.learn.inputs import InputFnOps
from minitf.contrib.learn.keys import PredictionKey, ProblemType
from minitf.core.dtypes import string
from minitf.core.graph import get_collection
from minitf.core.graph_keys import GraphKeys
from minitf.estimator.export.signatures import (
    DEFAULT,
    get_temp_export_dir,
    get_timestamped_export_dir,
)
from minitf.saved_model import tag_constants
from minitf.saved_model.builder import SavedModelBuilder
from minitf.saved_model.signature_def_utils import (
    classification_signature_def,
    predict_signature_def,
    regression_signature_def,
)
from minitf.session import Session
from minitf.train.saver import Saver
from minitf.train.scaffold import Scaffold

INPUT = "default_input_alternative"
FALLBACK = "default_output_alternative"


def inputs_of(made):
    """(features, what is fed) of what a serving input function has made: a ValueError where there
    are no features."""
    features = made[0]
    if not features:
        raise ValueError("Features must be defined.")
    return features, made.default_inputs if isinstance(made, InputFnOps) else None


def export(base, fed, model, checkpoint_path, default, assets_extra, as_text, strip):
    """The path, bytes, of a new folder below `base` with the model in the default graph, a
    ModelFnOps."""
    outputs, default = _outputs(model, default)
    if not fed:
        raise ValueError("A default input_alternative must be provided.")
    signatures = {f"{INPUT}:{key or 'None'}": _signature(fed, *each)
                  for key, each in outputs.items()}  # fmt: skip
    signatures[DEFAULT] = _signature(fed, *outputs[default])
    folder = get_timestamped_export_dir(base)
    temporary = get_temp_export_dir(folder)
    builder, scaffold = SavedModelBuilder(temporary), model.scaffold
    with Session() as session:
        saver = None if scaffold is None else scaffold.saver
        (saver or Saver(sharded=True)).restore(session, checkpoint_path)
        builder.add_meta_graph_and_variables(
            session, [tag_constants.SERVING], signature_def_map=signatures,
            assets_collection=get_collection(GraphKeys.ASSET_FILEPATHS),
            main_op=Scaffold.default_local_init_op(), strip_default_attrs=strip,
        )  # fmt: skip
    for name, source in (assets_extra or {}).items():
        path = os.path.join(temporary, "assets.extra", os.fsdecode(name))
        gfile.MakeDirs(os.path.dirname(path))
        gfile.Copy(source, path)
    builder.save(as_text)
    gfile.Rename(temporary, folder)
    return os.fsencode(folder)


def _outputs(model, default):
    """({head: (kind of problem, outputs)}, the head that is asked where none is named)."""
    found = model.output_alternatives
    if default and default not in (found or {}):
        names = sorted(found) if found else []
        raise ValueError(f"Requested default_output_alternative: {default}, but available "
                         f"output_alternatives are: {names}")  # fmt: skip
    if not found:
        given = model.predictions
        given = given if isinstance(given, dict) else {PredictionKey.GENERIC: given}
        return {FALLBACK: (ProblemType.UNSPECIFIED, given)}, FALLBACK
    if default or len(found) == 1:
        return found, default or next(iter(found))
    raise ValueError("Please specify a default_output_alternative.  Available "
                     f"output_alternatives are: {sorted(found)}")  # fmt: skip


def _signature(inputs, problem_type, outputs):
    """The SignatureDef of the method that suits the problem."""
    (examples,) = inputs.values() if len(inputs) == 1 else (None,)
    if examples is not None and problem_type in (
        ProblemType.CLASSIFICATION, ProblemType.LOGISTIC_REGRESSION
    ):  # fmt: skip
        classes, scores = _classes_and_scores(outputs)
        if classes is not None or scores is not None:
            return classification_signature_def(examples, classes, scores)
    if examples is not None and problem_type == ProblemType.LINEAR_REGRESSION \
            and len(outputs) == 1:  # fmt: skip
        return regression_signature_def(examples, next(iter(outputs.values())))
    return predict_signature_def(inputs, outputs)


def _classes_and_scores(outputs):
    scores = outputs.get(PredictionKey.SCORES, outputs.get(PredictionKey.PROBABILITIES))
    classes = outputs.get(PredictionKey.CLASSES)
    if classes is not None and classes.dtype != string:
        classes = None
    if classes is None and scores is None and len(outputs) == 1:
        (only,) = outputs.values()
        return (only, None) if only.dtype == string else (None, only)
    return classes, scores
