"""`tf.contrib.framework.smart_cond`: conditions that are settled while building, where known."""
from collections.abc import Mapping

from minitf.core import static
from minitf.core.tensor import Tensor
from minitf.ops.control_flow.branches import case, cond


def smart_constant_value(pred):
    """What a condition is known to be, None for a tensor that only a run knows.

    TypeError for what is no bool.
    """
    if isinstance(pred, Tensor):
        return static.constant_value(pred)
    if isinstance(pred, (bool, int)) and pred in (0, 1):
        return bool(pred)
    raise TypeError(
        f"`pred` must be a Tensor, or a Python bool, or 1 or 0. Found instead: {type(pred)}"
    )


def smart_cond(pred, true_fn=None, false_fn=None, name=None):
    """`true_fn()` or `false_fn()`; `tf.cond` of them where only the run knows `pred`.

    TypeError for what cannot be called.
    """
    for each, function in (("true_fn", true_fn), ("false_fn", false_fn)):
        if not callable(function):
            raise TypeError(f"`{each}` must be callable.")
    known = smart_constant_value(pred)
    if known is None:
        return cond(pred, true_fn, false_fn, name=name)
    return true_fn() if known else false_fn()


def smart_case(pred_fn_pairs, default=None, exclusive=False, name="smart_case"):
    """`tf.case`, without the pairs that are known to be false, and those after one that is known to
    be true."""
    pairs = pred_fn_pairs.items() if isinstance(pred_fn_pairs, Mapping) else pred_fn_pairs
    open_pairs = []
    for pred, function in pairs:
        known = smart_constant_value(pred)
        if known:
            default = function
            break
        if known is None:
            open_pairs.append((pred, function))
    if not open_pairs:
        if default is None:
            raise ValueError(f"smart_case '{name}': no condition is true, and there is no default.")
        return default()
    return case(open_pairs, default=default, exclusive=exclusive, name=name)
