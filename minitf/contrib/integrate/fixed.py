"""Differential equations in steps of given length: `tf.contrib.integrate.odeint_fixed`."""
from minitf.contrib.integrate.checks import check_types, increasing
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float64, int32
from minitf.core.graph import name_scope
from minitf.ops.array.basics import size
from minitf.ops.control_flow.tensor_array import TensorArray
from minitf.ops.control_flow.while_loop import while_loop
from minitf.ops.math.elementwise import cast, ceil
from minitf.ops.reduction.scan import add_n


def odeint_fixed(func, y0, t, dt=None, method="rk4", name=None):
    """The states [times, ...] at the increasing times `t` [times] of y' = func(y, t) that begins
    as `y0`.

    Between two times the steps are equal and at most `dt` long, a number or one for each interval;
    by default one step each. `method` is "rk4", of Runge and Kutta, or "midpoint". TypeError for
    other types, ValueError for another method or number of steps.
    """
    with name_scope(name, "odeint_fixed", [y0, t, dt]):
        t = convert_to_tensor(t, preferred_dtype=float64, name="t")
        y0 = convert_to_tensor(y0, name="y0")
        intervals = t[1:] - t[:-1]
        dt = intervals if dt is None else dt
        dt = convert_to_tensor(dt, preferred_dtype=float64, name="dt")
        counts = ceil(intervals / dt)
        dt, counts = intervals / counts, cast(counts, int32)
        check_types(y0, t, dt)
        _check_sizes(t, dt)
        with increasing(t), name_scope(method):
            if method not in METHODS:
                raise ValueError(f"method not supported: {method}")
            return _integrated(METHODS[method], func, y0, t, dt, counts)


def _check_sizes(t, dt):
    if t.shape.ndims > 1 or dt.shape.ndims > 1:
        raise ValueError("t must be a 1D tensor")
    if t.shape[0] != dt.shape[0] + 1:
        raise ValueError("t and dt have incompatible lengths, must be N and N-1")


def _integrated(change, func, y0, times, steps, counts):
    def step(y, t, done, number):
        dt = steps[number - 1]
        return y + cast(change(func, t, dt, y), y.dtype), t + dt, done + 1, number

    def interval(states, y, t, number):
        y, t, _, _ = while_loop(
            lambda _, __, done, number: done < counts[number - 1], step, (y, t, 0, number)
        )
        return states.write(number, y), y, t, number + 1

    count = size(times)
    states = TensorArray(y0.dtype, count).write(0, y0)
    states, *_ = while_loop(
        lambda *loop: loop[-1] < count, interval, (states, y0, times[0], 1)
    )
    found = states.stack()
    found.set_shape(times.shape.concatenate(y0.shape))
    return found


def _midpoint(func, t, dt, y):
    length = cast(dt, y.dtype)
    return length * func(y + func(y, t) * length / 2, t + dt / 2)


def _rk4(func, t, dt, y):
    length, middle = cast(dt, y.dtype), t + dt / 2
    k1 = func(y, t)
    k2 = func(y + length * k1 / 2, middle)
    k3 = func(y + length * k2 / 2, middle)
    k4 = func(y + length * k3, t + dt)
    return add_n([k1, 2 * k2, 2 * k3, k4]) * (length / 6)


METHODS = {"midpoint": _midpoint, "rk4": _rk4}
