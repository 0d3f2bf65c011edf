"""Tensors rounded to the range that they have had: a moving average of it, or the last one."""
from minitf.core.graph_keys import GraphKeys
from minitf.ops.math.elementwise import maximum, minimum
from minitf.ops.math.fake_quant import fake_quant_with_min_max_vars
from minitf.ops.reduction.reduce import reduce_max, reduce_min
from minitf.ops.state.assign import assign
from minitf.ops.state.initializers import Constant
from minitf.ops.state.variable_scope import get_variable, variable_scope
from minitf.train.moving_averages import assign_moving_average


def quantized(inputs, default_name, is_training, moving_average, init_min=-6.0, init_max=6.0,
              ema_decay=0.999, vars_collection=GraphKeys.GLOBAL_VARIABLES, num_bits=8,
              narrow_range=False, symmetric=False):  # fmt: skip
    """The tensor as it is with so many bits, between the variables "min" and "max".

    In training these are moved to what the tensor has, or set to it.
    """
    with variable_scope(None, default_name=default_name, values=[inputs]) as scope:
        scope.set_partitioner(None)
        collections = [vars_collection, GraphKeys.GLOBAL_VARIABLES]
        low, high = (
            get_variable(name, [], initializer=Constant(value), collections=collections,
                         trainable=False)
            for name, value in (("min", init_min), ("max", init_max))
        )  # fmt: skip
        if is_training:
            move = _averaged(ema_decay) if moving_average else _assigned
            ends = _range(inputs, symmetric, narrow_range, num_bits)
            low, high = move(low, ends[0], "Min"), move(high, ends[1], "Max")
        return fake_quant_with_min_max_vars(inputs, low, high, num_bits=num_bits,
                                            narrow_range=narrow_range)  # fmt: skip


def _averaged(decay):
    return lambda variable, value, what: assign_moving_average(variable, value, decay,
                                                               name=f"Assign{what}Ema")


def _assigned(variable, value, what):
    return assign(variable, value, name=f"Assign{what}Last")


def _range(inputs, symmetric, narrow_range, num_bits):
    """(least, greatest) of a tensor, with zero between them."""
    least, greatest = reduce_min(inputs, name="BatchMin"), reduce_max(inputs, name="BatchMax")
    if not symmetric:
        return minimum(least, 0.0), maximum(greatest, 0.0)
    ratio = -1 if narrow_range else -((1 << num_bits) - 2) / (1 << num_bits)
    return minimum(least, greatest / ratio), maximum(greatest, least * ratio)
