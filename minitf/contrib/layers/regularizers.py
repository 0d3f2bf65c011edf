"""Penalties on weights: `tf.contrib.layers.l2_regularizer`, ..."""

import numbers

from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import add_to_collection, get_collection, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.ops.math.elementwise import mul
from minitf.ops.math.operators import abs as absolute
from minitf.ops.reduction.norms import l2_loss
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.reduction.scan import add_n


def l1_regularizer(scale, scope=None):
    """A function of weights that returns `scale * sum(|weights|)`.

    A scale of 0.0 gives a function that returns None. Raises ValueError for a negative scale or an
    int.
    """

    def l1(weights, name=None):
        with name_scope(scope, "l1_regularizer", [weights]) as path:
            factor = _scale_tensor(scale, weights)
            return mul(factor, reduce_sum(absolute(weights)), name=path)

    return l1 if _is_on(scale) else _nothing


def l2_regularizer(scale, scope=None):
    """A function of weights that returns `scale * sum(weights ** 2) / 2`.

    A scale of 0.0 gives a function that returns None. Raises ValueError for a negative scale or an
    int.
    """

    def l2(weights):
        with name_scope(scope, "l2_regularizer", [weights]) as path:
            return mul(_scale_tensor(scale, weights), l2_loss(weights), name=path)

    return l2 if _is_on(scale) else _nothing


def l1_l2_regularizer(scale_l1=1.0, scale_l2=1.0, scope=None):
    """A function of weights that returns the sum of both penalties."""
    _refuse_integer(scale_l1, "scale_l1")
    _refuse_integer(scale_l2, "scale_l2")
    scope = scope or "l1_l2_regularizer"
    if isinstance(scale_l1, numbers.Real) and scale_l1 == 0.0:
        return l2_regularizer(scale_l2, scope)
    if isinstance(scale_l2, numbers.Real) and scale_l2 == 0.0:
        return l1_regularizer(scale_l1, scope)
    return sum_regularizer([l1_regularizer(scale_l1), l2_regularizer(scale_l2)], scope=scope)


def sum_regularizer(regularizer_list, scope=None):
    """A function of weights that returns the sum of what these return; None when there are none."""
    regularizers = [each for each in regularizer_list if each is not None]

    def sum_reg(weights):
        with name_scope(scope, "sum_regularizer", [weights]) as path:
            found = [regularizer(weights) for regularizer in regularizers]
            found = [penalty for penalty in found if penalty is not None]
            return add_n(found, name=path) if found else None

    return sum_reg if regularizers else None


def apply_regularization(regularizer, weights_list=None):
    """The sum of the penalties of all weights (the collection "weights" when not given).

    It is added to the collection "regularization_losses". Raises ValueError without weights, or
    when a penalty is not a scalar.
    """
    weights_list = weights_list or get_collection(GraphKeys.WEIGHTS)
    if not weights_list:
        raise ValueError("No weights to regularize.")
    with name_scope("get_regularization_penalty", values=weights_list) as path:
        found = [regularizer(weights) for weights in weights_list]
        found = [constant(0.0) if penalty is None else penalty for penalty in found]
        for penalty in found:
            if penalty.get_shape().ndims != 0:
                raise ValueError(
                    "regularizer must return a scalar Tensor instead of a Tensor with rank "
                    f"{penalty.get_shape().ndims}."
                )
        total = add_n(found, name=path)
    add_to_collection(GraphKeys.REGULARIZATION_LOSSES, total)
    return total


def _nothing(_):
    return None


def _refuse_integer(scale, name="scale"):
    if isinstance(scale, numbers.Integral):
        raise ValueError(f"{name} cannot be an integer: {scale}")


def _is_on(scale):
    _refuse_integer(scale)
    if not isinstance(scale, numbers.Real):
        return True
    if scale < 0.0:
        raise ValueError(f"Setting a scale less than 0 on a regularizer: {scale:g}")
    return scale != 0.0


def _scale_tensor(scale, weights):
    return convert_to_tensor(scale, dtype=weights.dtype.base_dtype, name="scale")
