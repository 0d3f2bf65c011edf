"""`tf.contrib.learn.models.linear_regression` and its kin: small models as tensors."""
from minitf.contrib.learn.ops.losses_ops import mean_squared_error_regressor, softmax_classifier
from minitf.core.graph import get_default_graph
from minitf.ops.state.initializers import random_normal_initializer
from minitf.ops.state.variable_scope import get_variable, get_variable_scope, variable_scope
from minitf.summary.numeric import histogram


def linear_regression_zero_init(x, y):
    """`linear_regression` with variables that are zero at first."""
    return linear_regression(x, y, init_mean=0.0, init_stddev=0.0)


def logistic_regression_zero_init(x, y):
    """`logistic_regression` with variables that are zero at first."""
    return logistic_regression(x, y, init_mean=0.0, init_stddev=0.0)


def linear_regression(x, y, init_mean=None, init_stddev=1.0):
    """(predictions, mean squared error) of x [batch, features] for labels y [batch] or
    [batch, outputs].

    The variables `linear_regression/weights` and `bias` are drawn from a normal distribution where
    `init_mean` is given. Summaries are made of all.
    """
    with variable_scope("linear_regression"):
        outputs = 1 if len(y.get_shape()) == 1 else y.get_shape()[1]
        weights, bias = _variables(x, y, outputs, init_mean, init_stddev)
        return mean_squared_error_regressor(x, y, weights, bias)


def logistic_regression(x, y, class_weight=None, init_mean=None, init_stddev=1.0):
    """(probabilities, cross entropy) of x [batch, features] for one-hot labels y [batch, classes].

    As `linear_regression`, with a weight for each class, by default the tensor `class_weight:0` of
    the graph, if there is one.
    """
    with variable_scope("logistic_regression"):
        weights, bias = _variables(x, y, y.get_shape()[-1], init_mean, init_stddev)
        if class_weight is None:
            class_weight = _found("class_weight:0")
        return softmax_classifier(x, y, weights, bias, class_weight)


def _variables(x, y, outputs, mean, stddev):
    scope, dtype = get_variable_scope().name, x.dtype.base_dtype
    histogram(f"{scope}.x", x)
    histogram(f"{scope}.y", y)
    drawn = None if mean is None else lambda: random_normal_initializer(mean, stddev, dtype=dtype)
    weights = get_variable("weights", [x.get_shape()[1], outputs], dtype=dtype,
                           initializer=drawn and drawn())  # fmt: skip
    bias = get_variable("bias", [outputs], dtype=dtype, initializer=drawn and drawn())
    histogram(f"{scope}.weights", weights)
    histogram(f"{scope}.bias", bias)
    return weights, bias


def _found(name):
    try:
        return get_default_graph().get_tensor_by_name(name)
    except KeyError:
        return None
