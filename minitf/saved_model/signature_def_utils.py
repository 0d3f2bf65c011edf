"""Signatures: what can be asked of a saved model."""

from minitf.core.dtypes import float32, string
from minitf.core.errors import NotFoundError
from minitf.core.proto.meta_graph import SignatureDef
from minitf.core.tensor import Tensor
from minitf.saved_model import signature_constants as names
from minitf.saved_model import utils


def build_signature_def(inputs=None, outputs=None, method_name=None):
    """A SignatureDef of TensorInfos by name."""
    made = SignatureDef(method_name=method_name)
    for given, field in ((inputs, made.inputs), (outputs, made.outputs)):
        for key, info in (given or {}).items():
            field[key].CopyFrom(info)
    return made


def regression_signature_def(examples, predictions):
    """Serialized Examples, a string Tensor, to float predictions. ValueError for other tensors."""
    _check_examples(examples, "Regression")
    if predictions is None:
        raise ValueError("Regression predictions cannot be None.")
    inputs = {names.REGRESS_INPUTS: _of_type(examples, string,
              "Regression examples must be a string Tensor.")}  # fmt: skip
    outputs = {names.REGRESS_OUTPUTS: _of_type(predictions, float32,
               "Regression output must be a float Tensor.")}  # fmt: skip
    return build_signature_def(inputs, outputs, names.REGRESS_METHOD_NAME)


def classification_signature_def(examples, classes, scores):
    """Serialized Examples, a string Tensor, to classes, a string Tensor, and float scores, of which
    one may be None. ValueError for other tensors."""
    _check_examples(examples, "Classification")
    if classes is None and scores is None:
        raise ValueError("Classification classes and scores cannot both be None.")
    inputs = {names.CLASSIFY_INPUTS: _of_type(examples, string,
              "Classification examples must be a string Tensor.")}  # fmt: skip
    outputs = {}
    if classes is not None:
        outputs[names.CLASSIFY_OUTPUT_CLASSES] = _of_type(
            classes, string, "Classification classes must be a string Tensor."
        )
    if scores is not None:
        outputs[names.CLASSIFY_OUTPUT_SCORES] = _of_type(
            scores, float32, "Classification scores must be a float Tensor."
        )
    return build_signature_def(inputs, outputs, names.CLASSIFY_METHOD_NAME)


def predict_signature_def(inputs, outputs):
    """From some tensors to others, both by name. ValueError for none."""
    for what, given in (("inputs", inputs), ("outputs", outputs)):
        if not given:
            raise ValueError(f"Prediction {what} cannot be None or empty.")
    return build_signature_def(_infos(inputs), _infos(outputs), names.PREDICT_METHOD_NAME)


def supervised_train_signature_def(inputs, loss, predictions=None, metrics=None):
    return _supervised(names.SUPERVISED_TRAIN_METHOD_NAME, inputs, loss, predictions, metrics)


def supervised_eval_signature_def(inputs, loss, predictions=None, metrics=None):
    return _supervised(names.SUPERVISED_EVAL_METHOD_NAME, inputs, loss, predictions, metrics)


def _supervised(method, inputs, *outputs):
    if not inputs:
        raise ValueError(f"{method} inputs cannot be None or empty.")
    found = {key: info for given in outputs if given for key, info in _infos(given).items()}
    return build_signature_def(_infos(inputs), found, method)


def _infos(tensors):
    return {key: utils.build_tensor_info(tensor) for key, tensor in tensors.items()}


def _check_examples(examples, kind):
    if examples is None:
        raise ValueError(f"{kind} examples cannot be None.")
    if not isinstance(examples, Tensor):
        raise ValueError(f"{kind} examples must be a string Tensor.")


def _of_type(tensor, dtype, otherwise):
    info = utils.build_tensor_info(tensor)
    if info.dtype != dtype.enum:
        raise ValueError(otherwise)
    return info


# -- which can be served --------------------------------------------------------------------------


def is_valid_signature(signature_def):
    """Whether TensorFlow Serving can serve it."""
    if signature_def is None:
        return False
    inputs, outputs = (
        {key: info.dtype for key, info in infos.items()}
        for infos in (signature_def.inputs, signature_def.outputs)
    )
    method = signature_def.method_name
    if method == names.PREDICT_METHOD_NAME:
        return bool(inputs and outputs)
    if inputs != {names.REGRESS_INPUTS: string.enum}:
        return False
    if method == names.REGRESS_METHOD_NAME:
        return outputs == {names.REGRESS_OUTPUTS: float32.enum}
    allowed = {names.CLASSIFY_OUTPUT_CLASSES: string.enum,
               names.CLASSIFY_OUTPUT_SCORES: float32.enum}  # fmt: skip
    return method == names.CLASSIFY_METHOD_NAME and bool(outputs) and (
        outputs.items() <= allowed.items()
    )


# -- operations -----------------------------------------------------------------------------------


def op_signature_def(op, key):
    """A SignatureDef whose output `key` names an operation."""
    return build_signature_def(outputs={key: utils.build_tensor_info_from_op(op)})


def load_op_from_signature_def(signature_def, key, import_scope=None):
    """The operation that such a one names. NotFoundError when it is not in the graph."""
    try:
        return utils.get_element_from_tensor_info(
            signature_def.outputs[key], import_scope=import_scope
        )
    except KeyError:
        raise NotFoundError(
            None, None,
            f"The {key} could not be found in the graph. Please make sure the SavedModel was "
            "created by the internal _SavedModelBuilder. If you are using the public API, please "
            f'make sure the SignatureDef in the SavedModel does not contain the key "{key}".',
        ) from None  # fmt: skip
