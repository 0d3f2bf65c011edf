"""Means and variances that follow a value from step to step."""
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import colocate_with, control_dependencies, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.ops.array.basics import ones_like
from minitf.ops.array.joining import concat
from minitf.ops.math.elementwise import log, log1p, square
from minitf.ops.reduction.reduce import reduce_logsumexp
from minitf.ops.state.assign import assign_add, assign_sub
from minitf.ops.state.initializers import Zeros
from minitf.ops.state.variable_scope import get_variable, variable_scope


def assign_moving_mean_variance(mean_var, variance_var, value, decay, name=None):
    """Lets two variables follow the mean and variance of `value`, by 1 - decay; returns both.

    TypeError unless they are floats of the same type.
    """
    scope = name_scope(name, "assign_moving_mean_variance", [variance_var, mean_var, value, decay])
    with scope, colocate_with(variance_var), colocate_with(mean_var):
        dtype = _float_type("mean_var", mean_var)
        if dtype != variance_var.dtype.base_dtype:
            raise TypeError(f"mean_var.base_dtype({dtype.name}) != variance_var.base_dtype("
                            f"{variance_var.dtype.base_dtype.name})")  # fmt: skip
        value = convert_to_tensor(value, dtype=dtype, name="value")
        decay = convert_to_tensor(decay, dtype=dtype, name="decay")
        delta = value - mean_var
        with control_dependencies([delta]):
            apart = variance_var - decay * square(delta)
            mean = assign_add(mean_var, (1.0 - decay) * delta)
            variance = assign_sub(variance_var, (1.0 - decay) * apart)
        return mean, variance


def assign_log_moving_mean_exp(log_mean_exp_var, log_value, decay, name=None):
    """Lets a variable follow the logarithm of the mean of exp(log_value), by 1 - decay.

    TypeError unless it is of floats.
    """
    given = [log_mean_exp_var, log_value, decay]
    scope = name_scope(name, "assign_log_moving_mean_exp", given)
    with scope, colocate_with(log_mean_exp_var):
        dtype = _float_type("log_mean_exp_var", log_mean_exp_var)
        log_value = convert_to_tensor(log_value, dtype=dtype, name="log_value")
        decay = convert_to_tensor(decay, dtype=dtype, name="decay")
        delta = (log_value - log_mean_exp_var)[None]
        parts = [log(decay) * ones_like(delta), delta + log1p(-decay)]
        return log_mean_exp_var.assign_add(reduce_logsumexp(concat(parts, axis=0), axis=0))


def moving_mean_variance(value, decay, collections=None, name=None):
    """The moving mean and variance of a value, in two variables of its shape: see
    `assign_moving_mean_variance`."""
    collections = [GraphKeys.GLOBAL_VARIABLES] if collections is None else collections
    with variable_scope(name, "moving_mean_variance", [value, decay]):
        value = convert_to_tensor(value, name="value")
        decay = convert_to_tensor(decay, dtype=_float_type("value", value), name="decay")
        variance, mean = (
            get_variable(each, shape=value.shape, dtype=value.dtype, initializer=Zeros(),
                         trainable=False, collections=collections)
            for each in ("moving_variance", "moving_mean")
        )  # fmt: skip
        return assign_moving_mean_variance(mean, variance, value, decay)


def _float_type(name, value):
    dtype = value.dtype.base_dtype
    if not dtype.is_floating:
        raise TypeError(f"{name}.base_dtype({dtype.name}) does not have float type `dtype`.")
    return dtype
