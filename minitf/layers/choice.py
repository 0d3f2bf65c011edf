"""Choosing between training and use, when building where it is known, else in the run."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import bool_
from minitf.core.static import constant_value
from minitf.core.tensor import is_tensor
from minitf.ops.control_flow.branches import cond

# Whether this is training, where a layer is not told: Keras, once it is loaded, puts its learning
# phase here.
PHASES = []


def told(training):
    """`training`; for None Keras's learning phase, as TensorFlow has it."""
    if training is not None:
        return training
    return PHASES[-1]() if PHASES else False


def known_bool(value):
    """True, False, or None when `value` is a tensor that only a run knows.

    TypeError for what is no boolean.
    """
    if is_tensor(value):
        known = constant_value(convert_to_tensor(value))
        return None if known is None else bool(known)
    if value in (0, 1):
        return bool(value)
    raise TypeError(f"`pred` must be a Tensor, or a Python bool, or 1 or 0. Found instead: {value}")


def smart_cond(condition, if_true, if_false):
    """`if_true()` or `if_false()`; where only the run knows, tf.cond of them."""
    known = known_bool(condition)
    if known is not None:
        return if_true() if known else if_false()
    return cond(convert_to_tensor(condition, dtype=bool_), if_true, if_false)
