"""Products and quotients in which 0 wins over infinity: `tf.math.xlogy`, `multiply_no_nan`, ..."""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.core.op import op
from minitf.core.schema import Ieee
from minitf.core.shape_rules import broadcast
from minitf.ops.array.basics import ones_like
from minitf.ops.math.elementwise import cast, conj, neg, not_equal, square
from minitf.ops.math.operators import div_no_nan


@op("Xlogy", shape=broadcast, scalar="where(x0 == 0, 0, x0 * log(x1))", broadcasts=True)
def xlogy(xp, x: Ieee, y: Ieee):
    """x * log(y); 0 where x is 0, whatever y is."""
    with np.errstate(all="ignore"):
        return xp.where(x != 0, x * xp.log(y), x.dtype.type(0))


@op("Xdivy", shape=broadcast, scalar="where(x0 == 0, 0, x0 / x1)", broadcasts=True)
def xdivy(xp, x: Ieee, y: Ieee):
    """x / y; 0 where x is 0, whatever y is."""
    with np.errstate(all="ignore"):
        return xp.where(x != 0, xp.true_divide(x, y), x.dtype.type(0))


@op("MulNoNan", shape=broadcast, scalar="where(x1 == 0, 0, x0 * x1)", broadcasts=True)
def mul_no_nan(xp, x: Ieee, y: Ieee):
    """x * y; 0 where y is 0, even if x is infinite or not a number."""
    with np.errstate(all="ignore"):
        return xp.where(y != 0, x * y, x.dtype.type(0))


def _is_not_zero(x):
    return cast(not_equal(x, cast(0.0, x.dtype)), x.dtype)


@xlogy.gradient
def _(z, dz, x, y):
    x, y = conj(x), conj(y)
    return xlogy(_is_not_zero(x), y) * dz, xdivy(x, y) * dz


@xdivy.gradient
def _(z, dz, x, y):
    x, y = conj(x), conj(y)
    return xdivy(_is_not_zero(x), y) * dz, xdivy(neg(x), square(y)) * dz


mul_no_nan.gradient(lambda z, dz, x, y: (mul_no_nan(dz, conj(y)), mul_no_nan(conj(x), dz)))


def multiply_no_nan(x, y, name=None):
    """x * y; 0 where y is 0, even if x is infinite or not a number. y takes the type of x."""
    with name_scope(name, "multiply_no_nan", [x, y]) as scope:
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, name="y", dtype=x.dtype.base_dtype)
        return mul_no_nan(x, y, name=scope)


def reciprocal_no_nan(x, name=None):
    """1 / x; 0 where x is 0."""
    with name_scope(name, "reciprocal_no_nan", [x]) as scope:
        x = convert_to_tensor(x, name="x")
        return div_no_nan(ones_like(x), x, name=scope)
