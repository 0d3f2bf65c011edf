"""Steps of optimizers, which are one op each in TensorFlow, as minitf's optimizers build them."""

from minitf.core.graph import control_dependencies
from minitf.graph_util.rules import build, rule
from minitf.graph_util.variable_rules import reference
from minitf.ops.array.indexing import gather
from minitf.ops.math.elementwise import sqrt, square
from minitf.ops.state.assign import assign, assign_add, scatter_update


def update(*names, slots):
    """Decorator: what nodes of `ApplyX` and `ResourceApplyX` become, whose first `slots` inputs are
    variables: `f(path, attrs, *tensors)` builds the last write, of the first of them."""

    def declare(function):
        def make(importer, node, path, tensors, attrs):
            variables = [reference(tensor, path) for tensor in tensors[:slots]]
            made = function(path, attrs, *variables, *tensors[slots:])
            return [] if node.op.startswith("Resource") else made

        rule(*names, *(f"Resource{name}" for name in names))(make)
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
