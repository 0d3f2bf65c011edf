"""Element-wise arithmetic, comparison and logic: `tf.add`, `tf.exp`, `tf.equal`, ..."""
import math

import numpy as np

from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.cuda.threads import C_TYPES, each
from minitf.core.dtypes import as_dtype, bool_, string
from minitf.core.graph import name_scope
from minitf.core.op import NOT_DIFFERENTIABLE, elementwise, op
from minitf.core.ragged import takes_ragged
from minitf.core.schema import (
    Added,
    Arithmetic,
    Compared,
    Complex,
    Float,
    Inexact,
    Numeric,
    Ordered,
    Real,
    Signed,
    TypeAttr,
)
from minitf.core.shape_rules import broadcast, merged, same
from minitf.core.sparse_tensor import SparseTensor
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import merge, printed
from minitf.ops.array.basics import zeros_like

# -- arithmetic -----------------------------------------------------------------------------------

add_v2 = elementwise(
    "AddV2", "add", "x0 + x1", types=Added, grad=lambda y, dy, a, b: (dy, dy), sums=True
)
sub = elementwise("Sub", "subtract", "x0 - x1", grad=lambda y, dy, a, b: (dy, -dy))
mul = elementwise(
    "Mul", "multiply", "x0 * x1", grad=lambda y, dy, a, b: (mul(dy, conj(b)), mul(conj(a), dy))
)
sub.__name__, mul.__name__ = "subtract", "multiply"  # the functions of longer names
real_div = elementwise(
    "RealDiv", "true_divide", "x0 / x1", types=Inexact,
    grad=lambda y, dy, a, b: _quotient_gradients(dy, conj(a), conj(b)),
)  # fmt: skip
neg = elementwise("Neg", "negative", "-x0", types=Arithmetic, grad=lambda y, dy, x: (-dy,))
maximum = elementwise(
    "Maximum", "maximum", "max(x0, x1)", types=Ordered,
    grad=lambda y, dy, a, b: _choose(greater_equal(a, b), dy),
)  # fmt: skip
minimum = elementwise(
    "Minimum", "minimum", "min(x0, x1)", types=Ordered,
    grad=lambda y, dy, a, b: _choose(less_equal(a, b), dy),
)  # fmt: skip


def _quotient_gradients(dy, a, b):
    return dy / b, dy * (-a / b / b)


def _choose(first, dy):
    """`dy` to the operand that was chosen, zero to the other; ties go to the first, as in TF1."""
    weight = cast(first, dy.dtype)
    return dy * weight, dy - dy * weight


add_op = elementwise("Add", "add", "x0 + x1", types=TypeAttr("T", (*Added.allowed, string)),
                     grad=add_v2.grad, sums=True)  # fmt: skip  # strings are joined


@op("FloorDiv", shape=broadcast, scalar="floor(x0 / x1)", inplace=True, broadcasts=True,
    grad=NOT_DIFFERENTIABLE)  # fmt: skip
def floor_div(xp, x: Real, y: Real, out=None):
    if y.dtype.kind == "f":  # of the quotient as it is rounded: floor_divide may give 1 less
        return xp.floor(xp.true_divide(x, y, out=out), out=out)
    refuse_zero(xp, x, y)
    return xp.floor_divide(x, y, out=out)


@op("FloorMod", shape=broadcast, scalar="mod(x0, x1)", inplace=True, broadcasts=True)
def floor_mod(xp, x: Ordered, y: Ordered, out=None):
    """The remainder of floor division: it has the sign of y, if it is not 0."""
    refuse_zero(xp, x, y)
    if y.dtype.kind != "f":
        return xp.remainder(x, y, out=out)
    rest = xp.fmod(x, y)
    return xp.add(rest, xp.where((rest != 0) & ((y < 0) != (rest < 0)), y, -0.0), out=out)


floor_mod.gradient(lambda z, dz, x, y: (dz, -dz * floor_div(x, y)))


@op("Div", shape=broadcast, scalar="x0 / x1", inplace=True, broadcasts=True)
def div_op(xp, x: Numeric, y: Numeric, out=None):
    """Division as Python 2 had it: integers are rounded towards zero."""
    if y.dtype.kind not in "iu":
        return xp.true_divide(x, y, out=out)
    refuse_zero(xp, x, y)
    quotient = xp.floor_divide(x, y)
    quotient += (quotient < 0) & (quotient * y != x)
    if out is None:
        return quotient
    out[...] = quotient
    return out


div_op.grad = real_div.grad


def refuse_zero(xp, x, y):
    """ZeroDivisionError where an integer of `x` would be divided by a zero of `y`."""
    if y.dtype.kind in "iu" and x.size and not xp.all(y).item():
        raise ZeroDivisionError("Integer division by zero")


# -- powers, exponentials, trigonometry -----------------------------------------------------------

exp = elementwise("Exp", "exp", "exp(x0)", types=Inexact, grad=lambda y, dy, x: (dy * conj(y),))
expm1 = elementwise(
    "Expm1", "expm1", "expm1(x0)", types=Inexact, grad=lambda y, dy, x: (dy * exp(conj(x)),)
)
log = elementwise("Log", "log", "log(x0)", types=Inexact, grad=lambda y, dy, x: (dy / conj(x),))
log1p = elementwise(
    "Log1p", "log1p", "log1p(x0)", types=Inexact, grad=lambda y, dy, x: (dy / (1.0 + conj(x)),)
)
sqrt = elementwise(
    "Sqrt", "sqrt", "sqrt(x0)", types=Inexact, grad=lambda y, dy, x: (dy * 0.5 / conj(y),)
)
square = elementwise(
    "Square", "square", "x0 * x0", types=Arithmetic,
    grad=lambda y, dy, x: (mul(dy, mul(conj(x), constant(2.0, x.dtype.base_dtype))),),
    hint="for the square of a difference: tf.squared_difference(x, y), or tf.square(x - y)",
)  # fmt: skip
sin = elementwise(
    "Sin", "sin", "sin(x0)", types=Inexact, grad=lambda y, dy, x: (dy * cos(conj(x)),)
)
cos = elementwise(
    "Cos", "cos", "cos(x0)", types=Inexact, grad=lambda y, dy, x: (-dy * sin(conj(x)),)
)
tan = elementwise(
    "Tan", "tan", "tan(x0)", types=Inexact, grad=lambda y, dy, x: (dy / square(cos(conj(x))),)
)
asin = elementwise(
    "Asin", "arcsin", "asin(x0)", types=Inexact,
    grad=lambda y, dy, x: (dy / sqrt(1.0 - square(conj(x))),),
)
acos = elementwise(
    "Acos", "arccos", "acos(x0)", types=Inexact,
    grad=lambda y, dy, x: (-dy / sqrt(1.0 - square(conj(x))),),
)
atan = elementwise(
    "Atan", "arctan", "atan(x0)", types=Inexact,
    grad=lambda y, dy, x: (dy / (1.0 + square(conj(x))),),
)
sinh = elementwise(
    "Sinh", "sinh", "sinh(x0)", types=Inexact, grad=lambda y, dy, x: (dy * cosh(conj(x)),)
)
cosh = elementwise(
    "Cosh", "cosh", "cosh(x0)", types=Inexact, grad=lambda y, dy, x: (dy * sinh(conj(x)),)
)
tanh = elementwise(
    "Tanh", "tanh", "tanh(x0)", types=Inexact, grad=lambda y, dy, x: (dy * (1.0 - square(conj(y))),)
)
atan2_op = elementwise(
    "Atan2", "arctan2", "atan2(x0, x1)", types=Float,
    grad=lambda z, dz, y, x: (dz * x / (x * x + y * y), -dz * y / (x * x + y * y)),
)  # fmt: skip


@takes_ragged
def atan2(y, x, name=None):
    """The angle of the point (x, y), from -pi to pi."""
    return atan2_op(y, x, name=name)


abs_op = elementwise(
    "Abs", "absolute", "abs(x0)", types=Signed, grad=lambda y, dy, x: (dy * sign(x),)
)


@op("Sign", scalar="where(x0 > 0, 1, where(x0 < 0, -1, 0))", inplace=True,
    grad=lambda y, dy, x: (dy * 0.0,))  # fmt: skip
def sign(xp, x: Arithmetic, out=None):
    """-1, 0 or 1, 0 for NaN; of a complex number, that of length 1 in its direction."""
    if x.dtype.kind != "c":
        return xp.subtract(x > 0, x < 0, out=out, dtype=x.dtype)
    length = xp.abs(x)
    return xp.true_divide(x, length + (length == 0), out=out)


def _kind(name):
    """NumPy's letter for the type of what a source rule got: an array's name, or a real number."""
    return name.dtype.kind if getattr(name, "dtype", None) is not None else "f"


floor = elementwise("Floor", "floor", "floor(x0)", types=Float, grad=NOT_DIFFERENTIABLE)
ceil = elementwise("Ceil", "ceil", "ceil(x0)", types=Float, grad=NOT_DIFFERENTIABLE)
rint = elementwise("Rint", "rint", "rint(x0)", types=Float, grad=NOT_DIFFERENTIABLE)


@op("Round", scalar="rint(x0)", inplace=True, grad=NOT_DIFFERENTIABLE)
def round_op(xp, x: Ordered, out=None):
    """The nearest integer, halves to the even one."""
    return (xp.rint if x.dtype.kind == "f" else xp.positive)(x, out=out)


@op("Pow", shape=broadcast, scalar="pow(x0, x1)", inplace=True, broadcasts=True)
def pow_op(xp, x: Arithmetic, y: Arithmetic, out=None):
    if x.dtype.kind in "iu" and xp.any(y < 0).item():
        raise ValueError("Integers to negative integer powers are not allowed")
    return xp.power(x, y, out=out)


@pow_op.gradient
def _(z, dz, x, y):
    x, y = conj(x), conj(y)
    # The derivative by y has log(x) in it; where x is 0 its limit is 0.
    logs = None if z.graph.eager else _logs(x)  # in a graph, the first of the nodes
    return (
        lambda: dz * y * pow_op(x, y - 1),
        lambda: dz * conj(z) * (_logs(x) if logs is None else logs),
    )


def _logs(x):
    defined = not_equal(x, zeros_like(x)) if x.dtype.is_complex else x > 0
    return select(defined, log(x), zeros_like(x))


@op("Rsqrt", scalar="1 / sqrt(x0)", inplace=True)
def rsqrt(xp, x: Inexact, out=None):
    """1 / sqrt(x)."""
    out = xp.sqrt(x, out=out)
    return xp.true_divide(1, out, out=out if isinstance(out, xp.ndarray) else None)


rsqrt.gradient(lambda y, dy, x: _rsqrt_gradient(dy, conj(y)))


def _rsqrt_gradient(dy, y):
    return (dy * -0.5 * y * y * y,)


@op("Reciprocal", scalar="1 / x0", inplace=True)
def reciprocal(xp, x: Inexact, out=None):
    return xp.true_divide(1, x, out=out)


reciprocal.gradient(lambda y, dy, x: (-dy * square(conj(y)),))


@op("SquaredDifference", shape=broadcast, scalar="(x0 - x1) * (x0 - x1)", inplace=True,
    broadcasts=True)  # fmt: skip
def squared_difference(xp, x: Arithmetic, y: Arithmetic, out=None):
    """(x - y) times its conjugate, which is its square where it is real."""
    difference = xp.subtract(x, y, out=out)
    other = difference.conj() if difference.dtype.kind == "c" else difference
    return xp.multiply(difference, other, out=out)


@squared_difference.gradient
def _(z, dz, x, y):
    slope = dz * 2.0 * (x - y)
    return slope, -slope


conj_op = elementwise(
    "Conj", "conjugate", "conj(x0)", types=Complex, grad=lambda y, dy, x: (conj(dy),)
)


@takes_ragged
def conj(x, name=None):
    """The complex conjugate; `x` itself when it is real. TypeError when it holds no numbers."""
    x = convert_to_tensor(x, name="x")
    if x.dtype.base_dtype not in Numeric.allowed:
        raise TypeError(f"Expected numeric or variant tensor, got dtype {x.dtype!r}: tf.conj")
    return conj_op(x, name=name) if x.dtype.is_complex else x


# -- comparison and logic -------------------------------------------------------------------------


def _comparison(type, ufunc, sign_in_c, types=Real):
    return elementwise(type, ufunc, f"x0 {sign_in_c} x1", types=types, returns=bool_,
                       grad=NOT_DIFFERENTIABLE)  # fmt: skip


less = _comparison("Less", "less", "<")
less_equal = _comparison("LessEqual", "less_equal", "<=")
greater = _comparison("Greater", "greater", ">")
greater_equal = _comparison("GreaterEqual", "greater_equal", ">=")
equal = _comparison("Equal", "equal", "==", Compared)
not_equal = _comparison("NotEqual", "not_equal", "!=", Compared)
logical_and = elementwise(
    "LogicalAnd", "logical_and", "x0 && x1", types=bool_, grad=NOT_DIFFERENTIABLE
)
logical_or = elementwise(
    "LogicalOr", "logical_or", "x0 || x1", types=bool_, grad=NOT_DIFFERENTIABLE
)
logical_not = elementwise("LogicalNot", "logical_not", "!x0", types=bool_, grad=NOT_DIFFERENTIABLE)
is_nan = elementwise(
    "IsNan", "isnan", "isnan(x0)", types=Float, returns=bool_, grad=NOT_DIFFERENTIABLE
)
is_inf = elementwise(
    "IsInf", "isinf", "isinf(x0)", types=Float, returns=bool_, grad=NOT_DIFFERENTIABLE
)
is_finite = elementwise(
    "IsFinite", "isfinite", "isfinite(x0)", types=Float, returns=bool_, grad=NOT_DIFFERENTIABLE
)


def _select_shape(condition, x, y):
    result = merged(x, y)
    if condition is None or result is None or not condition:
        return result
    rows = len(condition) == 1 and bool(result)
    both = merge(condition, result[:1] if rows else result)
    if both is False:
        raise ValueError(
            f"condition {printed(condition)} must be of the shape of x and y, {printed(result)}, "
            "or a vector with an element for each row (Dimension 0 in both shapes must be equal)"
        )
    return result if rows else both


def _chosen(inputs, outputs):
    """In CUDA: each element of the condition is for a row of `inner` elements."""
    count, conditions = (math.prod(array.shape) for array in (outputs[0], inputs[0]))
    sizes = {"inner": count // max(conditions, 1)}
    return each(inputs, outputs, "x0[i / inner] ? x1[i] : x2[i]", sizes=sizes)


@op("Select", shape=_select_shape, scalar="where(x0, x1, x2)", rows=True, cuda=_chosen)
def select(xp, condition: bool_, t, e):
    """t where the condition holds, else e; a vector condition chooses whole rows."""
    column = condition.shape == (*t.shape[:1], *(1,) * (t.ndim - 1))  # such a vector, in a plan
    _select_shape(condition.shape[:1] if column else condition.shape, t.shape, e.shape)
    if condition.ndim == 1 and t.ndim > 1:
        condition = condition.reshape(condition.shape + (1,) * (t.ndim - 1))
    return xp.where(condition, t, e)


@select.gradient
def _(z, dz, condition, x, y):
    zeros = zeros_like(dz)
    return None, select(condition, dz, zeros), select(condition, zeros, dz)


# -- casts ----------------------------------------------------------------------------------------


def _cast_source(out, x, *, DstT, Truncate):
    if _kind(x) == "c" and not DstT.is_complex:
        return None  # the kernel drops the imaginary part without a warning
    if DstT.is_integer and getattr(x, "dtype", DstT.numpy).kind not in "biu":
        return None  # the kernel keeps NumPy from warning of numbers that do not fit
    return f"np.copyto({out}, {x}, casting='unsafe')" if out else f"{x}.astype(np.{DstT.numpy})"


def _cast(xp, x, out=None, *, DstT, Truncate=False):
    """x as another type: without its imaginary part, or its fraction, where that has none."""
    if x.dtype.kind == "c" and not (DstT.is_complex or DstT.is_bool):
        x = x.real
    with np.errstate(invalid="ignore"):
        if out is None:
            return xp.asarray(x).astype(DstT.numpy)
        xp.copyto(out, x, casting="unsafe")
        return out


_cast.__annotations__ = {"x": TypeAttr("SrcT"), "return": "DstT"}
cast_op = op(
    "Cast",
    shape=same,
    scalar=lambda count, *, DstT, Truncate: "x0 != 0" if DstT is bool_ else "x0",
    source=_cast_source,
)(_cast)


@cast_op.trait
def cuda(inputs, outputs, *, DstT, Truncate):
    value = "x0[i] != 0" if DstT is bool_ else "(T)x0[i]"
    return each(inputs, outputs, value, types=C_TYPES)


@cast_op.gradient
def _(y, dy, x, *, DstT, Truncate):
    inexact = x.dtype.is_floating or x.dtype.is_complex
    return (cast(dy, x.dtype.base_dtype) if inexact else None,)


@takes_ragged
def cast(x, dtype, name=None):
    """`x` as another type. A float becomes an integer by dropping the fraction.

    `x` itself when it is of that type already: so may be a variable whose value changes later.
    """
    base = as_dtype(dtype).base_dtype
    if isinstance(x, SparseTensor):
        return x._mapped(lambda values: cast(values, base, name))
    kept = isinstance(x, Tensor) or getattr(x, "_is_resource", False)
    if kept and x.dtype.base_dtype is base:
        return x
    with name_scope(name, "Cast", [x]) as scope:
        x = convert_to_tensor(x, name="x")
        if x.dtype.base_dtype is base:
            return x
        if string in (x.dtype.base_dtype, base):
            raise TypeError(
                f"Cast {x.dtype.base_dtype.name} to {base.name} is not supported: strings and "
                "numbers are no matter of a cast"
            )
        return cast_op(x, DstT=base, name=scope)
