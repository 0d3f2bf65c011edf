"""The modified Bessel functions of order 0 and 1: `tf.math.bessel_i0e`, ..."""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.core.op import op
from minitf.core.schema import Float
from minitf.ops.array.basics import zeros_like
from minitf.ops.math.elementwise import exp, greater, reciprocal, select, sign
from minitf.ops.math.operators import abs

_NEAR = 20.0  # up to here the power series, from here on the asymptotic one: A&S 9.6.10 and 9.7.1
_TERMS, _FAR_TERMS = 60, 30


def _scaled(xp, order, x):
    """exp(-|x|) * I(order, |x|)."""
    size = xp.abs(x.astype(np.float64))
    near, far = xp.minimum(size, _NEAR), xp.maximum(size, _NEAR)
    quarter = near * near / 4
    term = near / 2 if order else xp.ones_like(near)
    total = term
    for k in range(1, _TERMS):
        term = term * quarter / (k * (k + order))
        total = total + term
    part = xp.ones_like(far)
    tail = part
    for k in range(1, _FAR_TERMS):
        part = part * ((2 * k - 1) ** 2 - 4 * order) / (8 * k * far)
        tail = tail + part
    return xp.where(size <= _NEAR, total * xp.exp(-near), tail / xp.sqrt(2 * np.pi * far))


@op("BesselI0e", scalar="bessel_i0e(x0)")
def bessel_i0e(xp, x: Float):
    """exp(-|x|) * I0(x)."""
    return _scaled(xp, 0, x).astype(x.dtype)


@op("BesselI1e", scalar="bessel_i1e(x0)")
def bessel_i1e(xp, x: Float):
    """exp(-|x|) * I1(x)."""
    return (_scaled(xp, 1, x) * xp.sign(x)).astype(x.dtype)


bessel_i0e.gradient(lambda y, dy, x: (dy * (bessel_i1e(x) - sign(x) * y),))


@bessel_i1e.gradient
def _(y, dy, x):
    # At 0 the slope is 1/2, which the rule has as 0/0.
    least = float(np.finfo(x.dtype.as_numpy_dtype).eps)
    away = greater(abs(x), least)
    safe = select(away, x, least + zeros_like(x))
    slope = bessel_i0e(safe) - y * (sign(safe) + reciprocal(safe))
    return (dy * select(away, slope, 0.5 + zeros_like(x)),)


def bessel_i0(x, name=None):
    """I0(x), the modified Bessel function of order 0; `bessel_i0e` is the one that never
    overflows."""
    with name_scope(name, "bessel_i0", [x]):
        x = convert_to_tensor(x, name="x")
        return exp(abs(x)) * bessel_i0e(x)


def bessel_i1(x, name=None):
    """I1(x), the modified Bessel function of order 1; `bessel_i1e` is the one that never
    overflows."""
    with name_scope(name, "bessel_i1", [x]):
        x = convert_to_tensor(x, name="x")
        return exp(abs(x)) * bessel_i1e(x)
