"""Activation functions: `tf.nn.relu`, `tf.nn.softmax`, ..."""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.deprecation import renamed
from minitf.core.errors import InvalidArgumentError
from minitf.core.graph import control_dependencies, get_default_graph, name_scope
from minitf.core.literals import is_literal
from minitf.core.op import op
from minitf.core.ragged import takes_ragged
from minitf.core.schema import Float, Inexact, Real
from minitf.core.shape_rules import alike
from minitf.core.source import call
from minitf.core.static import constant_value
from minitf.core.tensor import Tensor
from minitf.nn.kernels.softmax_c import LOG_SOFTMAX, SOFTMAX, row_kernel
from minitf.nn.kernels.softmax_cuda import LOG_SOFTMAX_ENDING, SOFTMAX_ENDING, softmax_rows
from minitf.ops.array.basics import rank, zeros_like
from minitf.ops.array.joining import concat
from minitf.ops.array.rearrange import where_v2
from minitf.ops.array.sequences import range as range_
from minitf.ops.control_flow.check import assert_greater_equal, assert_less
from minitf.ops.math.elementwise import (
    cast,
    conj,
    equal,
    exp,
    floor_mod,
    less,
    neg,
    sub,
)
from minitf.ops.reduction.axes import transpose
from minitf.ops.reduction.reduce import reduce_sum

# -- rectifiers -----------------------------------------------------------------------------------


@op("Relu", scalar="max(x0, 0)", inplace=True,
    source=lambda out, features: call("maximum", features, 0, out=out))  # fmt: skip
def relu(xp, features: Real, out=None):
    """max(features, 0)."""
    return xp.maximum(features, 0, out=out)


relu.gradient(lambda y, dy, features: (relu_grad(dy, y),))


def _relu_grad_source(out, dy, features):
    if is_literal(dy) and out is None:
        return None  # of a number and a truth value NumPy makes float64
    return call("multiply", dy, f"{features} > 0", out=out)


@op(
    "ReluGrad",
    shape=alike,
    scalar="x0 * (x1 > 0)",  # not a choice: NaN and infinity times 0 are NaN
    inplace=True,
    source=_relu_grad_source,
)
def relu_grad(xp, gradients: Real, features: Real, out=None):
    """gradients where features are positive, else 0."""
    return xp.multiply(gradients, features > 0, out=out)


relu_grad.gradient(
    lambda z, dz, gradients, features: (relu_grad(dz, features), zeros_like(features))
)


@op("Relu6", scalar="min(max(x0, 0), 6)", inplace=True,
    source=lambda out, features: call("clip", features, 0, 6, out=out))  # fmt: skip
def relu6(xp, features: Real, out=None):
    """min(max(features, 0), 6)."""
    return xp.clip(features, 0, 6, out=out)


relu6.gradient(lambda y, dy, features: (relu6_grad(dy, y),))


@op("Relu6Grad", shape=alike, scalar="x0 * (x1 > 0 && x1 < 6)", inplace=True)
def relu6_grad(xp, gradients: Real, features: Real, out=None):
    """gradients where features are between 0 and 6, else 0."""
    return xp.multiply(gradients, (features > 0) & (features < 6), out=out)


relu6_grad.gradient(
    lambda z, dz, gradients, features: (relu6_grad(dz, features), zeros_like(features))
)


@op("LeakyRelu", scalar="where(x0 > 0, x0, alpha * x0)")
def leaky_relu_op(xp, features: Float, *, alpha=0.2):
    """features where positive, else alpha times features."""
    return xp.where(features > 0, features, features * features.dtype.type(alpha))


@leaky_relu_op.gradient
def _(y, dy, features, *, alpha):
    return (leaky_relu_grad(dy, features, alpha=alpha),)


@op("LeakyReluGrad", shape=alike, scalar="where(x1 > 0, x0, alpha * x0)")
def leaky_relu_grad(xp, gradients: Float, features: Float, *, alpha=0.2):
    """gradients where features are positive, else alpha times gradients."""
    return xp.where(features > 0, gradients, gradients * gradients.dtype.type(alpha))


@leaky_relu_grad.gradient
def _(z, dz, gradients, features, *, alpha):
    return leaky_relu_grad(dz, features, alpha=alpha), zeros_like(features)


def leaky_relu(features, alpha=0.2, name=None):
    """`features` where positive, else `alpha` times `features`; integers become float32."""
    with name_scope(name, "LeakyRelu", [features, alpha]) as scope:
        features = convert_to_tensor(features, name="features")
        if features.dtype.is_integer:
            features = cast(features, "float32")
        alpha = alpha.item() if isinstance(alpha, np.ndarray) else alpha
        if not isinstance(alpha, (float, int, np.number)):
            raise TypeError(f"alpha must be a number, got {alpha!r}")
        return leaky_relu_op(features, alpha=float(alpha), name=scope)


def crelu(features, name=None, axis=-1):
    """relu of `features` and of `-features`, one after the other along `axis`."""
    with name_scope(name, "CRelu", [features]) as scope:
        features = convert_to_tensor(features, name="features")
        return relu(concat([features, -features], axis, name=scope))


# -- smooth ones ----------------------------------------------------------------------------------


@op("Sigmoid", scalar="1 / (1 + exp(-x0))", inplace=True)
def sigmoid_op(xp, x: Inexact, out=None):
    """1 / (1 + exp(-x)); to full precision where it is nearly 0, which 1 + tanh(x / 2) is not."""
    out = xp.negative(x, out=out)
    out = xp.exp(out, out=_writable(xp, out))
    out = xp.add(out, out.dtype.type(1), out=_writable(xp, out))
    return xp.reciprocal(out, out=_writable(xp, out))


def _writable(xp, out):
    """The array itself as a buffer; None for NumPy's scalars."""
    return out if isinstance(out, xp.ndarray) else None


@sigmoid_op.gradient
def _(y, dy, x):
    y = conj(y)
    return (dy * (y * (1.0 - y)),)


def sigmoid(x, name=None):
    """1 / (1 + exp(-x)), element by element."""
    with name_scope(name, "Sigmoid", [x]) as scope:
        return sigmoid_op(convert_to_tensor(x, name="x"), name=scope)


@op("Softplus", scalar="max(x0, 0) + log1p(exp(-abs(x0)))", inplace=True)
def softplus(xp, features: Float, out=None):
    """log(exp(features) + 1)."""
    return xp.logaddexp(features, features.dtype.type(0), out=out)


softplus.gradient(lambda y, dy, features: (dy * sigmoid_op(features),))


@takes_ragged
def log_sigmoid(x, name=None):
    """log(sigmoid(x)), exact where the sigmoid is nearly 0."""
    with name_scope(name, "LogSigmoid", [x]) as scope:
        return neg(softplus(-convert_to_tensor(x, name="x")), name=scope)


@op("Softsign", scalar="x0 / (1 + abs(x0))")
def softsign(xp, features: Float):
    """features / (1 + abs(features))."""
    return features / (1 + xp.abs(features))


@softsign.gradient
def _(y, dy, features):
    slope = 1.0 + abs(features)
    return (dy / (slope * slope),)


@op("Elu", scalar="where(x0 < 0, expm1(x0), x0)")
def elu(xp, features: Float):
    """features where positive, else exp(features) - 1."""
    return xp.where(features < 0, xp.expm1(xp.minimum(features, 0)), features)


elu.gradient(lambda y, dy, features: (elu_grad(dy, y),))


@op("EluGrad", shape=alike, scalar="where(x1 < 0, (x1 + 1) * x0, x0)")
def elu_grad(xp, gradients: Float, outputs: Float):
    """The gradient of Elu, from its outputs."""
    return xp.where(outputs < 0, (outputs + 1) * gradients, gradients)


@elu_grad.gradient
def _(z, dz, gradients, outputs):
    return elu_grad(dz, outputs), dz * gradients * cast(less(outputs, 0), dz.dtype)


# Of Klambauer et al. 2017, "Self-Normalizing Neural Networks": they keep mean 0 and variance 1.
_SCALE, _SCALE_ALPHA = 1.0507009873554804934193349852946, 1.7580993408473768599402175208123


@op("Selu", scalar="where(x0 < 0, 1.7580993408473769 * expm1(x0), 1.0507009873554805 * x0)")
def selu(xp, features: Float):
    """The scaled Elu that keeps mean 0 and variance 1."""
    scale, scale_alpha = map(features.dtype.type, (_SCALE, _SCALE_ALPHA))
    below = xp.expm1(xp.minimum(features, 0)) * scale_alpha
    return xp.where(features < 0, below, features * scale)


selu.gradient(lambda y, dy, features: (selu_grad(dy, y),))


@op("SeluGrad", shape=alike,
    scalar="where(x1 < 0, (x1 + 1.7580993408473769) * x0, 1.0507009873554805 * x0)")  # fmt: skip
def selu_grad(xp, gradients: Float, outputs: Float):
    """The gradient of Selu, from its outputs."""
    scale, scale_alpha = map(outputs.dtype.type, (_SCALE, _SCALE_ALPHA))
    return gradients * xp.where(outputs < 0, outputs + scale_alpha, scale)


@selu_grad.gradient
def _(z, dz, gradients, outputs):
    return selu_grad(dz, outputs), dz * gradients * cast(less(outputs, 0), dz.dtype)


def swish(features):
    """features * sigmoid(features)."""
    features = convert_to_tensor(features, name="features")
    get_default_graph()._surplus -= 2  # TensorFlow has a gradient of its own: nodes around it
    return features * sigmoid(features)


# -- softmax --------------------------------------------------------------------------------------


def _at_least_a_vector(logits):
    if logits is not None and not logits:
        raise ValueError("Shape must be at least rank 1, got []")
    return logits


def largest(x, axis):
    """The largest along an axis, which is kept; nothing to subtract where there is none."""
    return x.max(axis, keepdims=True) if x.shape[axis] else x.dtype.type(0)


@op("Softmax", shape=_at_least_a_vector, inplace=True, cuda=softmax_rows(SOFTMAX_ENDING))
def softmax_op(xp, logits: Float, out=None):
    """exp(logits), divided by its sum along the last axis."""
    out = xp.subtract(logits, largest(logits, -1), out=out)
    xp.exp(out, out=out)
    return xp.true_divide(out, xp.add.reduce(out, -1, keepdims=True), out=out)


@softmax_op.trait
def native(inputs, outputs):
    return row_kernel(SOFTMAX, inputs[0].shape, inputs[0].dtype)


@softmax_op.gradient
def _(y, dy, logits):
    return ((dy - reduce_sum(dy * y, -1, keepdims=True)) * y,)


@op("LogSoftmax", shape=_at_least_a_vector, inplace=True,
    cuda=softmax_rows(LOG_SOFTMAX_ENDING))  # fmt: skip
def log_softmax_op(xp, logits: Float, out=None):
    """logits less the logarithm of the sum of their exponentials along the last axis."""
    out = xp.subtract(logits, largest(logits, -1), out=out)
    return xp.subtract(out, xp.log(xp.add.reduce(xp.exp(out), -1, keepdims=True)), out=out)


@log_softmax_op.trait
def native(inputs, outputs):  # noqa: F811
    return row_kernel(LOG_SOFTMAX, inputs[0].shape, inputs[0].dtype)


@log_softmax_op.gradient
def _(y, dy, logits):
    return (dy - reduce_sum(dy, -1, keepdims=True) * exp(y),)


def _along(operation, logits, axis, name):
    """Apply an op of the last axis along another: exchange the two before and after."""
    logits = convert_to_tensor(logits)
    if isinstance(axis, Tensor):
        value = constant_value(axis)
        if value is None:
            return _along_unknown(operation, logits, axis, name)
        axis = int(value)
    count = None if logits._shape is None else len(logits._shape)
    if axis == -1 or axis == (count or 0) - 1:
        return operation(logits, name=name)
    if count is None:
        raise ValueError("Along another axis than the last the rank must be known: set_shape")
    if not -count <= axis < count:
        raise InvalidArgumentError(
            None, None, f"Dimension ({axis}) must be in the range [{-count}, {count}) where "
            f"{count} is the number of dimensions in the input.",
        )  # fmt: skip
    known, size = logits._shape, rank(logits)
    axis = axis + size if axis < 0 else axis
    size, axis = rank(logits), axis % count
    logits = _swapped(logits, axis, sub(size, 1))
    result = _swapped(operation(logits), axis, sub(size, 1), name=name)
    result.set_shape(known)
    return result


def _along_unknown(operation, logits, axis, name):
    """The same where only the run knows the axis."""
    count = rank(logits)
    with control_dependencies([assert_less(axis, count), assert_greater_equal(axis, -count)]):
        axis, axes = floor_mod(axis, count), range_(count)
    last = count - 1
    order = where_v2(equal(axes, axis), last, where_v2(equal(axes, last), axis, axes))
    result = transpose(operation(transpose(logits, order)), order, name=name or "transpose")
    result.set_shape(logits._shape)
    return result


def _swapped(tensor, axis, last, name="transpose"):
    order = concat([range_(axis), [last], range_(axis + 1, last), [axis]], 0)
    return transpose(tensor, order, name=name or "transpose")


def softmax(logits, axis=None, name=None, dim=None):
    """Probabilities: exp(logits) divided by its sum along `axis` (the last by default)."""
    axis = renamed("dim", dim, "axis", axis)
    return _along(softmax_op, logits, -1 if axis is None else axis, name)


def log_softmax(logits, axis=None, name=None, dim=None):
    """log(softmax(logits)) along `axis` (the last by default), without overflow."""
    axis = renamed("dim", dim, "axis", axis)
    return _along(log_softmax_op, logits, -1 if axis is None else axis, name)


