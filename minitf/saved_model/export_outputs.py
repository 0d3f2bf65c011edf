"""What a model gives when it is served: `tf.estimator.export.PredictOutput` and its kin."""
from minitf.core.constant import constant
from minitf.core.dtypes import string
from minitf.core.graph import control_dependencies
from minitf.core.operation import Operation
from minitf.core.tensor import Tensor
from minitf.saved_model import signature_def_utils as signatures


class ExportOutput:
    """What a signature is made of: `as_signature_def(receiver_tensors)`."""

    def as_signature_def(self, receiver_tensors):
        """The SignatureDef from the tensors that are fed. Each kind says how."""
        raise NotImplementedError(f"{type(self).__name__}.as_signature_def")


def _key(key, kind):
    key = "/".join(key) if isinstance(key, tuple) else key
    if not isinstance(key, str):
        raise ValueError(f"{kind} output key must be a string; got {key}.")
    return key


def _by_name(outputs, default, kind):
    """{name: Tensor}. ValueError for what is no Tensor."""
    if not isinstance(outputs, dict):
        outputs = {default: outputs}
    for value in outputs.values():
        if not isinstance(value, Tensor):
            raise ValueError(f"{kind} output value must be a Tensor; got {value}.")
    return {_key(key, kind): value for key, value in outputs.items()}


def _examples(receiver_tensors, kind):
    """The one string tensor that is fed."""
    found = list(receiver_tensors.values())
    if len(found) != 1 or found[0].dtype != string:
        raise ValueError(f"{kind} input must be a single string Tensor; got {receiver_tensors}")
    return found[0]


class ClassificationOutput(ExportOutput):
    """`scores`, floats, of `classes`, strings, both [batch, classes]; one may be None.

    ValueError for other dtypes, or for none of both.
    """

    def __init__(self, scores=None, classes=None):
        if scores is not None and not (isinstance(scores, Tensor) and scores.dtype.is_floating):
            raise ValueError(f"Classification scores must be a float32 Tensor; got {scores}")
        if classes is not None and not (isinstance(classes, Tensor) and classes.dtype == string):
            raise ValueError(f"Classification classes must be a string Tensor; got {classes}")
        if scores is None and classes is None:
            raise ValueError("At least one of scores and classes must be set.")
        self._scores, self._classes = scores, classes

    scores = property(lambda self: self._scores)
    classes = property(lambda self: self._classes)

    def as_signature_def(self, receiver_tensors):
        """From one string tensor; else ValueError."""
        examples = _examples(receiver_tensors, "Classification")
        return signatures.classification_signature_def(examples, self.classes, self.scores)


class RegressionOutput(ExportOutput):
    """The predicted numbers `value`. ValueError unless they are floats."""

    def __init__(self, value):
        if not (isinstance(value, Tensor) and value.dtype.is_floating):
            raise ValueError(f"Regression output value must be a float32 Tensor; got {value}")
        self._value = value

    value = property(lambda self: self._value)

    def as_signature_def(self, receiver_tensors):
        """From one string tensor; else ValueError."""
        examples = _examples(receiver_tensors, "Regression")
        return signatures.regression_signature_def(examples, self.value)


class PredictOutput(ExportOutput):
    """Any tensors by name, or one, which is called "output"."""

    def __init__(self, outputs):
        self._outputs = _by_name(outputs, "output", "Prediction")

    outputs = property(lambda self: self._outputs)

    def as_signature_def(self, receiver_tensors):
        """From any tensors."""
        return signatures.predict_signature_def(receiver_tensors, self.outputs)


# -- training and evaluation ----------------------------------------------------------------------


class _SupervisedOutput(ExportOutput):
    """Loss, predictions and metrics, whose names begin with what they are."""

    _signature = None

    def __init__(self, loss=None, predictions=None, metrics=None):
        self._loss = None if loss is None else _prefixed(loss, "loss")
        self._predictions = None
        if predictions is not None:
            self._predictions = _prefixed(predictions, "predictions")
        self._metrics = None if metrics is None else _metric_outputs(metrics)

    loss = property(lambda self: self._loss)
    predictions = property(lambda self: self._predictions)
    metrics = property(lambda self: self._metrics)

    def as_signature_def(self, receiver_tensors):
        """From any tensors."""
        return self._signature(receiver_tensors, self.loss, self.predictions, self.metrics)


class TrainOutput(_SupervisedOutput):
    """What a graph for training gives."""

    _signature = staticmethod(signatures.supervised_train_signature_def)


class EvalOutput(_SupervisedOutput):
    """What a graph for evaluation gives."""

    _signature = staticmethod(signatures.supervised_eval_signature_def)


def _prefix(key, what):
    return key if key.startswith(what) else f"{what}/{key}"


def _prefixed(outputs, what):
    return {_prefix(key, what): value for key, value in _by_name(outputs, what, what).items()}


def _metric_outputs(metrics):
    if not isinstance(metrics, dict):
        metrics = {"metrics": metrics}
    outputs = {}
    for key, (value, update) in metrics.items():
        key = _prefix(_key(key, "metrics"), "metrics")
        if not isinstance(value, Tensor):
            raise ValueError(f"{key} output value must be a Tensor; got {value}.")
        if not isinstance(update, (Tensor, Operation)):
            raise ValueError(f"{key} update_op must be a Tensor or Operation; got {update}.")
        if isinstance(update, Operation):
            with control_dependencies([update]):
                update = constant([], name="metric_op_wrapper")
        outputs[f"{key}/value"], outputs[f"{key}/update_op"] = value, update
    return outputs
