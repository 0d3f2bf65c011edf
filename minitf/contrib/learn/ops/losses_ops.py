"""Predictions of a layer, and their loss."""
from minitf import losses
from minitf.core.graph import name_scope
from minitf.nn.activation import softmax
from minitf.nn.bias import xw_plus_b
from minitf.ops.math.elementwise import mul
from minitf.ops.reduction.axes import squeeze


def mean_squared_error_regressor(tensor_in, labels, weights, biases, name=None):
    """(tensor_in weights + biases, its mean squared error). With labels of one dimension the
    predictions have one, too."""
    with name_scope(name, "mean_squared_error_regressor", [tensor_in, labels]):
        predictions = xw_plus_b(tensor_in, weights, biases)
        if len(labels.shape) == 1 and len(predictions.shape) == 2:
            predictions = squeeze(predictions, axis=[1])
        return predictions, losses.mean_squared_error(labels, predictions)


def softmax_classifier(tensor_in, labels, weights, biases, class_weight=None, name=None):
    """(softmax(tensor_in weights + biases), its cross entropy for one-hot labels); the logits are
    multiplied by the weights of classes."""
    with name_scope(name, "softmax_classifier", [tensor_in, labels]):
        logits = xw_plus_b(tensor_in, weights, biases)
        if class_weight is not None:
            logits = mul(logits, class_weight)
        return softmax(logits), losses.softmax_cross_entropy(labels, logits)
