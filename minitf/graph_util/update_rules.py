"""Steps of optimizers, which are one op each in TensorFlow, as minitf's optimizers build them."""

from minitf.core.graph import control_dependencies
from minitf.graph_util.rules import build, rule
from minitf.graph_util.variable_rules import reference
from minitf.ops.array.basics import zeros_like
from minitf.ops.array.indexing import gather
from minitf.ops.math.elementwise import (
    exp,
    greater,
    maximum,
    pow_op,
    select,
    sign,
    sqrt,
    square,
)
from minitf.ops.state.assign import assign, assign_add, scatter_update

STEPS = {}  # the function that builds an `ApplyX`, and how many variables it takes


def update(name, slots):
    """Decorator: what nodes of `ApplyX` and `ResourceApplyX` become, whose first `slots` inputs are
    variables: `f(path, attrs, *tensors)` builds the last write, of the first of them."""

    def declare(function):
        STEPS[name] = function, slots

        def make(importer, node, path, tensors, attrs):
            variables = [reference(tensor, path) for tensor in tensors[:slots]]
            made = function(path, attrs, *variables, *tensors[slots:])
            return [] if node.op.startswith("Resource") else made

        rule(name, f"Resource{name}")(make)
        return function

    return declare


@update("ApplyGradientDescent", slots=1)
def _descent(path, attrs, var, alpha, delta):
    return build("AssignSub", path, var, alpha * delta)


@update("ApplyMomentum", slots=2)
def _momentum(path, attrs, var, accum, lr, grad, momentum):
    accum = assign(accum, accum * momentum + grad)
    step = lr * accum
    if attrs["use_nesterov"]:
        step = lr * grad + step * momentum
    return build("AssignSub", path, var, step)


@update("ApplyKerasMomentum", slots=2)
def _keras_momentum(path, attrs, var, accum, lr, grad, momentum):
    accum = assign(accum, accum * momentum - lr * grad)
    step = accum * momentum - lr * grad if attrs["use_nesterov"] else accum
    return build("AssignAdd", path, var, step)


@update("ApplyAdam", slots=3)
def _adam(path, attrs, var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad):
    alpha = lr * sqrt(1 - beta2_power) / (1 - beta1_power)
    m = assign_add(m, (grad - m) * (1 - beta1))
    v = assign_add(v, (square(grad) - v) * (1 - beta2))
    mean = grad * (1 - beta1) + beta1 * m if attrs["use_nesterov"] else m
    return build("AssignSub", path, var, mean * alpha / (sqrt(v) + epsilon))


@update("ApplyRMSProp", slots=3)
def _rmsprop(path, attrs, var, ms, mom, lr, rho, momentum, epsilon, grad):
    ms = assign_add(ms, (square(grad) - ms) * (1 - rho))
    mom = assign(mom, mom * momentum + lr * grad / sqrt(ms + epsilon))
    return build("AssignSub", path, var, mom)


@update("ApplyCenteredRMSProp", slots=4)
def _centered(path, attrs, var, mg, ms, mom, lr, rho, momentum, epsilon, grad):
    ms = assign_add(ms, (square(grad) - ms) * (1 - rho))
    mg = assign_add(mg, (grad - mg) * (1 - rho))
    mom = assign(mom, mom * momentum + lr * grad / sqrt(ms - square(mg) + epsilon))
    return build("AssignSub", path, var, mom)


@update("ApplyAdagrad", slots=2)
def _adagrad(path, attrs, var, accum, lr, grad):
    accum = assign_add(accum, square(grad)) if attrs["update_slots"] else accum
    return build("AssignSub", path, var, lr * grad / sqrt(accum))


@update("ApplyAdadelta", slots=3)
def _adadelta(path, attrs, var, accum, accum_update, lr, rho, epsilon, grad):
    accum = assign(accum, accum * rho + square(grad) * (1 - rho))
    step = sqrt(accum_update + epsilon) / sqrt(accum + epsilon) * grad
    later = assign(accum_update, accum_update * rho + square(step) * (1 - rho))
    with control_dependencies([later]):
        return build("AssignSub", path, var, step * lr)


@update("SparseApplyAdagrad", slots=2)
def _sparse_adagrad(path, attrs, var, accum, lr, grad, indices):
    if not attrs["update_slots"]:
        return build("ScatterSub", path, var, indices, lr * grad / sqrt(gather(accum, indices)))
    rows = gather(accum, indices) + square(grad)
    with control_dependencies([scatter_update(accum, indices, rows)]):
        return build("ScatterSub", path, var, indices, lr * grad / sqrt(rows))


@update("SparseApplyMomentum", slots=2)
def _sparse_momentum(path, attrs, var, accum, lr, grad, indices, momentum):
    rows = gather(accum, indices) * momentum + grad
    step = lr * grad + lr * rows * momentum if attrs["use_nesterov"] else lr * rows
    with control_dependencies([scatter_update(accum, indices, rows)]):
        return build("ScatterSub", path, var, indices, step)


@update("ApplyAdaMax", slots=3)
def _adamax(path, attrs, var, m, v, beta1_power, lr, beta1, beta2, epsilon, grad):
    m = assign_add(m, (grad - m) * (1 - beta1))
    v = assign(v, maximum(beta2 * v, abs(grad)))
    return build("AssignSub", path, var, lr / (1 - beta1_power) * (m / (v + epsilon)))


@update("ApplyAddSign", slots=2)
def _add_sign(path, attrs, var, m, lr, alpha, sign_decay, beta, grad):
    m = assign(m, m * beta + grad * (1 - beta))
    return build("AssignSub", path, var, lr * (alpha + sign_decay * sign(grad) * sign(m)) * grad)


@update("ApplyPowerSign", slots=2)
def _power_sign(path, attrs, var, m, lr, logbase, sign_decay, beta, grad):
    m = assign(m, m * beta + grad * (1 - beta))
    factor = exp(logbase * sign_decay * sign(grad) * sign(m))
    return build("AssignSub", path, var, lr * factor * grad)


@update("ApplyProximalGradientDescent", slots=1)
def _proximal_descent(path, attrs, var, alpha, l1, l2, delta):
    return build("Assign", path, var, _shrunk(var - alpha * delta, alpha, l1, l2))


@update("ApplyProximalAdagrad", slots=2)
def _proximal_adagrad(path, attrs, var, accum, lr, l1, l2, grad):
    rate = lr / sqrt(assign_add(accum, square(grad)))
    return build("Assign", path, var, _shrunk(var - rate * grad, rate, l1, l2))


def _shrunk(moved, rate, l1, l2):
    """Nearer to zero by both penalties."""
    return sign(moved) * maximum(abs(moved) - rate * maximum(l1, 0.0), 0.0) / (1 + l2 * rate)


@update("ApplyFtrl", slots=3)
def _ftrl(path, attrs, var, accum, linear, grad, lr, l1, l2, lr_power):
    return _ftrl_step(path, var, accum, linear, grad, grad, lr, l1, l2, lr_power)


@update("ApplyFtrlV2", slots=3)
def _ftrl_v2(path, attrs, var, accum, linear, grad, lr, l1, l2, l2_shrinkage, lr_power):
    shrunk = grad + 2 * l2_shrinkage * var
    return _ftrl_step(path, var, accum, linear, grad, shrunk, lr, l1, l2, lr_power)


def _ftrl_step(path, var, accum, linear, grad, shrunk, lr, l1, l2, lr_power):
    grown = accum + square(grad)
    sigma = (pow_op(grown, -lr_power) - pow_op(accum, -lr_power)) / lr
    linear = assign_add(linear, shrunk - sigma * var)
    quadratic = pow_op(grown, -lr_power) / lr + 2 * l2
    far = select(greater(abs(linear), l1), (sign(linear) * l1 - linear) / quadratic,
                 zeros_like(linear))  # fmt: skip
    with control_dependencies([assign(accum, grown)]):
        return build("Assign", path, var, far)
