"""What the solvers of differential equations ask of their arguments."""
from minitf.core.graph import control_dependencies
from minitf.ops.control_flow.control import Assert
from minitf.ops.reduction.reduce import reduce_all


def check_types(y0, t, dt=None):
    """TypeError unless times are real and the state is real or complex."""
    if not (y0.dtype.is_floating or y0.dtype.is_complex):
        raise TypeError("`y0` must have a floating point or complex floating point dtype")
    if not t.dtype.is_floating:
        raise TypeError("`t` must have a floating point dtype")
    if dt is not None and not dt.dtype.is_floating:
        raise TypeError("`dt` must have a floating point dtype")


def increasing(t):
    """What is built below it fails in a run whose times do not increase."""
    checked = Assert(reduce_all(t[1:] > t[:-1]), ["`t` must be monotonic increasing"])
    return control_dependencies([checked])
