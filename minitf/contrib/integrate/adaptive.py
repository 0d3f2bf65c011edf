"""Differential equations in steps as long as an error allows: `tf.contrib.integrate.odeint`."""
from typing import Any, NamedTuple

from minitf.contrib.integrate.checks import check_types, increasing
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float64
from minitf.core.graph import control_dependencies, name_scope
from minitf.ops.array.basics import size
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.control import Assert
from minitf.ops.control_flow.tensor_array import TensorArray
from minitf.ops.control_flow.while_loop import while_loop
from minitf.ops.math.complex_numbers import imag, real
from minitf.ops.math.elementwise import cast, is_finite, logical_and, maximum, minimum, sqrt, square
from minitf.ops.math.operators import abs as abs_
from minitf.ops.reduction.reduce import reduce_all, reduce_mean
from minitf.ops.reduction.scan import add_n


class Tableau(NamedTuple):
    """The coefficients of a method of Runge and Kutta."""

    alpha: list[float]  # the times of the stages, as parts of the step
    beta: list[list[float]]  # how much of the slopes before each stage takes
    solution: list[float]
    middle: list[float]
    error: list[float]


_LAST = [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84]
_OTHER = [1951 / 21600, 0, 22642 / 50085, 451 / 720, -12231 / 42400, 649 / 6300]
DORMAND_PRINCE = Tableau(
    alpha=[1 / 5, 3 / 10, 4 / 5, 8 / 9, 1.0, 1.0],
    beta=[
        [1 / 5],
        [3 / 40, 9 / 40],
        [44 / 45, -56 / 15, 32 / 9],
        [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
        [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
        _LAST,
    ],
    solution=[*_LAST, 0],
    middle=[
        6025192743 / 30085553152 / 2, 0, 51252292925 / 65400821598 / 2,
        -2691868925 / 45128329728 / 2, 187940372067 / 1594534317056 / 2,
        -1776094331 / 19743644256 / 2, 11237099 / 235043384 / 2,
    ],
    error=[*(other - own for other, own in zip(_OTHER, _LAST)), 1 / 60],
)  # fmt: skip


class State(NamedTuple):
    """Where the integration is: the last step went from `t0` to `t1`, and between them the state
    is a polynomial with these coefficients."""

    y1: Any
    f1: Any
    t0: Any
    t1: Any
    dt: Any
    coefficients: list[Any]


class History(NamedTuple):
    """TensorArrays of what was tried."""

    integrate_points: Any
    error_ratio: Any


def odeint(func, y0, t, rtol=1e-6, atol=1e-12, method=None, options=None, full_output=False,
           name=None):  # fmt: skip
    """The states [times, ...] at the increasing times `t` [times] of y' = func(y, t) that begins
    as `y0`, by the method of Dormand and Prince ("dopri5").

    Steps are such that the error of each is below `atol` + `rtol` * |y|. `options`, with a
    `method`, are `first_step`, `safety`, `ifactor`, `dfactor`, `max_num_steps`. With `full_output`
    the result is (states, {"num_func_evals", "integrate_points", "error_ratio"}). ValueError for
    another method, TypeError for other types.
    """
    if method is not None and method != "dopri5":
        raise ValueError(f"invalid method: {method!r}")
    if options is not None and method is None:
        raise ValueError("cannot supply `options` without specifying `method`")
    with name_scope(name, "odeint", [y0, t, rtol, atol]) as scope:
        y0 = convert_to_tensor(y0, name="y0")
        t = convert_to_tensor(t, preferred_dtype=float64, name="t")
        check_types(y0, t)
        dtype = abs_(y0).dtype
        rtol = convert_to_tensor(rtol, dtype=dtype, name="rtol")
        atol = convert_to_tensor(atol, dtype=dtype, name="atol")
        return _dopri5(func, y0, t, rtol, atol, full_output, scope, **(options or {}))


def _dopri5(func, y0, t, rtol, atol, full_output, scope, first_step=None, safety=0.9, ifactor=10.0,
            dfactor=0.2, max_num_steps=1000):  # fmt: skip
    first_step = 1.0 if first_step is None else first_step
    first_step, *factors = (
        convert_to_tensor(each, dtype=t.dtype) for each in (first_step, safety, ifactor, dfactor)
    )
    solver = _Solver(func, rtol, atol, factors, max_num_steps)
    with increasing(t):
        count = size(t)

    def until(states, history, state, number):
        state, history, _ = while_loop(lambda state, *_: t[number] > state.t1, solver.step,
                                       (state, history, 0))  # fmt: skip
        y = _between(state.coefficients, state.t0, state.t1, t[number])
        return states.write(number, y), history, state, number + 1

    states = TensorArray(y0.dtype, size=count).write(0, y0)
    history = History(*(TensorArray(dtype, size=0, dynamic_size=True)
                        for dtype in (t.dtype, rtol.dtype)))  # fmt: skip
    state = State(y0, func(y0, t[0]), t[0], t[0], first_step, [y0] * 5)
    states, history, *_ = while_loop(lambda *loop: loop[-1] < count, until,
                                     (states, history, state, 1))  # fmt: skip
    y = states.stack(name=scope)
    y.set_shape(t.shape.concatenate(y0.shape))
    if not full_output:
        return y
    points = history.integrate_points.stack()
    return y, {"num_func_evals": 6 * size(points) + 1, "integrate_points": points,
               "error_ratio": history.error_ratio.stack()}  # fmt: skip


class _Solver:
    """Steps of an equation."""

    def __init__(self, func, rtol, atol, factors, max_num_steps):
        self.func, self.rtol, self.atol = func, rtol, atol
        self.factors, self.max_num_steps = factors, max_num_steps

    def step(self, state, history, count):
        """The state after one more step; the same, with a shorter step, where that was too long."""
        y0, f0, _, t0, dt, coefficients = state
        checks = [
            Assert(t0 + dt > t0, ["underflow in dt", dt]),
            Assert(count < self.max_num_steps, ["max_num_steps exceeded"]),
            Assert(reduce_all(is_finite(abs_(y0))), ["non-finite values in state `y`", y0]),
        ]
        with control_dependencies(checks):
            y1, f1, error, slopes = _stepped(self.func, y0, f0, t0, dt)
        bound = self.atol + self.rtol * maximum(abs_(y0), abs_(y1))
        ratio = sqrt(reduce_mean(_squared(error) / _squared(bound)))
        good = ratio <= 1
        y, f, t = (cond(good, lambda new=new: new, lambda old=old: old)
                   for new, old in ((y1, y0), (f1, f0), (t0 + dt, t0)))  # fmt: skip
        coefficients = cond(good, lambda: _fitted(y0, y1, slopes, dt), lambda: coefficients)
        history = History(_appended(history.integrate_points, t0 + dt),
                          _appended(history.error_ratio, ratio))  # fmt: skip
        return State(y, f, t0, t, self._length(dt, ratio), coefficients), history, count + 1

    def _length(self, last, ratio, order=5):
        """How long the next step should be."""
        safety, most, least = self.factors
        factor = cast(ratio, last.dtype) ** cast(1 / order, last.dtype) / safety
        return last / maximum(1 / most, minimum(factor, 1 / least))


def _appended(array, value):
    return array.write(array.size(), value)


def _squared(x):
    return square(real(x)) + square(imag(x)) if x.dtype.is_complex else square(x)


def _weighted(scale, weights, xs):
    return add_n([scale * w * x for w, x in zip(weights, xs) if w != 0])


def _stepped(func, y0, f0, t0, dt, tableau=DORMAND_PRINCE):
    """(the state, the slope, the error, the slopes of all stages) of one step."""
    length, slopes = cast(dt, y0.dtype), [f0]
    for alpha, beta in zip(tableau.alpha, tableau.beta):
        y = y0 + _weighted(length, beta, slopes)
        slopes.append(func(y, t0 + alpha * dt))
    return y, slopes[-1], _weighted(length, tableau.error, slopes), slopes


def _fitted(y0, y1, slopes, dt):
    """The coefficients, fourth power first, of what goes through both ends and the middle."""
    dt = cast(dt, y0.dtype)
    middle = y0 + _weighted(dt, DORMAND_PRINCE.middle, slopes)
    ends = [slopes[0], slopes[-1], y0, y1, middle]
    weights = ([-2 * dt, 2 * dt, -8, -8, 16], [5 * dt, -3 * dt, 18, 14, -32],
               [-4 * dt, dt, -11, -5, 16])  # fmt: skip
    found = [add_n([w * x for w, x in zip(each, ends)]) for each in weights]
    return [*found, dt * slopes[0], y0]


def _between(coefficients, t0, t1, t):
    """The state at a time within the last step."""
    within = Assert(logical_and(t0 <= t, t <= t1),
                    ["invalid interpolation, fails `t0 <= t <= t1`:", t0, t, t1])  # fmt: skip
    dtype = coefficients[0].dtype
    with control_dependencies([within]):
        x = cast((t - t0) / (t1 - t0), dtype)
    powers = [constant(1, dtype), x]
    while len(powers) < len(coefficients):
        powers.append(powers[-1] * x)
    return add_n([c * power for c, power in zip(coefficients, reversed(powers))])
