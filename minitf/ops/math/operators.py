"""What Python's operators mean on tensors, and the functions beside them: `tf.divide`, ...

Importing this module fills `core.tensor.OPERATORS`.
"""
import functools

from minitf.core import dtypes
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype
from minitf.core.eager import executing_eagerly
from minitf.core.eager_tensor import EagerTensor
from minitf.core.errors import user_line
from minitf.core.graph import name_scope
from minitf.core.indexed_slices import IndexedSlices
from minitf.core.op import op
from minitf.core.ragged import is_ragged, takes_ragged
from minitf.core.schema import Attr, Complex, Ieee, Numeric, Ordered
from minitf.core.shape_rules import broadcast, same
from minitf.core.sparse_tensor import SparseTensor
from minitf.core.tensor import OPERATORS, Tensor
from minitf.ops.array.masks import boolean_mask
from minitf.ops.array.slice_assign import getitem_
from minitf.ops.linalg.products import matmul
from minitf.ops.math.elementwise import (
    abs_op,
    add_op,
    add_v2,
    cast,
    conj,
    div_op,
    floor_div,
    floor_mod,
    greater,
    greater_equal,
    less,
    less_equal,
    logical_and,
    logical_not,
    logical_or,
    maximum,
    minimum,
    mul,
    neg,
    pow_op,
    real_div,
    refuse_zero,
    round_op,
    sub,
)

# -- division -------------------------------------------------------------------------------------

_TRUE_QUOTIENT = {  # the type in which integers are divided
    dtypes.uint8: dtypes.float32, dtypes.int8: dtypes.float32, dtypes.uint16: dtypes.float32,
    dtypes.int16: dtypes.float32, dtypes.int32: dtypes.float64, dtypes.int64: dtypes.float64,
}  # fmt: skip


@takes_ragged
def truediv(x, y, name=None):
    """x / y as Python 3 has it: int32 and int64 are divided as float64, smaller ones as float32."""
    with name_scope(name, "truediv", [x, y]) as scope:
        x, y = convert_to_tensor(x, name="x"), convert_to_tensor(y, name="y")
        dtype = _same_type(x, y)
        if not (dtype.is_floating or dtype.is_complex):
            if dtype not in _TRUE_QUOTIENT:
                raise TypeError(f"Invalid dtype {dtype!r} in __truediv__")
            x, y = (cast(value, _TRUE_QUOTIENT[dtype]) for value in (x, y))
        return real_div(x, y, name=scope)


def _same_type(x, y):
    types = x.dtype.base_dtype, y.dtype.base_dtype
    if types[0] is not types[1]:
        raise TypeError(
            f"x and y must have the same dtype, got {types[0]!r} != {types[1]!r}: tf.cast converts"
            f"\n  at {user_line()}"
        )
    return types[0]


def div(x, y, name=None):
    """x / y as Python 2 had it: the quotient of integers is rounded down."""
    with name_scope(name, "div", [x, y]) as scope:
        x, y = _pair(x, y)
        inexact = x.dtype.is_floating or x.dtype.is_complex
        return (real_div if inexact else floor_div)(x, y, name=scope)


def _pair(x, y):
    """The operands as tensors, y in the type of x."""
    x = convert_to_tensor(x, name="x")
    y = convert_to_tensor(y, name="y", dtype=x.dtype.base_dtype)
    _same_type(x, y)
    return x, y


@takes_ragged
def realdiv(x, y, name=None):
    """x / y in their own type: the quotient of integers is rounded towards zero."""
    x = convert_to_tensor(x, name="x")
    divided = div_op if x.dtype.is_integer else real_div
    return divided(x, y, name=name or "RealDiv")


@takes_ragged
def divide(x, y, name=None):
    """x / y, Python's way."""
    return x / y if name is None else truediv(x, y, name)


@takes_ragged
def floordiv(x, y, name=None):
    """x // y: the quotient rounded down."""
    with name_scope(name, "floordiv", [x, y]) as scope:
        return floor_div(x, y, name=scope)


def _mod(x, y, name=None):
    with name_scope(name, "mod", [x, y]) as scope:
        return floor_mod(x, y, name=scope)


@op("DivNoNan", shape=broadcast, scalar="where(x1 == 0, 0, x0 / x1)", broadcasts=True)
def div_no_nan_op(xp, x: Ieee, y: Ieee):
    """x / y; 0 where y is 0."""
    zero = y == 0
    return xp.where(zero, x.dtype.type(0), x / xp.where(zero, y.dtype.type(1), y))


@div_no_nan_op.gradient
def _(z, dz, x, y):
    x, y = conj(x), conj(y)
    return div_no_nan_op(dz, y), dz * div_no_nan_op(div_no_nan_op(-x, y), y)


@takes_ragged
def div_no_nan(x, y, name=None):
    """x / y; 0 where y is 0."""
    with name_scope(name, "div_no_nan", [x, y]) as scope:
        return div_no_nan_op(*_pair(x, y), name=scope)


@op("TruncateDiv", shape=broadcast, broadcasts=True)
def truncatediv(xp, x: Numeric, y: Numeric):
    """x / y, of integers rounded towards zero. TensorFlow does not round other numbers, either."""
    if x.dtype.kind not in "iu":
        return xp.true_divide(x, y)
    refuse_zero(xp, x, y)
    # C's remainder is of division rounded towards zero; what is left is a multiple of y.
    return xp.floor_divide(xp.subtract(x, xp.fmod(x, y)), y)


@op("TruncateMod", shape=broadcast, broadcasts=True)
def truncatemod(xp, x: Ordered, y: Ordered):
    """The remainder with the sign of x: as C has it."""
    refuse_zero(xp, x, y)
    return xp.fmod(x, y)


truncatediv.gradient(lambda z, dz, x, y: (None, None))
truncatemod.gradient(lambda z, dz, x, y: (dz, -dz * ((x - z) / y)))

# -- functions ------------------------------------------------------------------------------------


@takes_ragged
def pow(x, y, name=None):
    """x to the power y."""
    with name_scope(name, "Pow", [x]) as scope:
        return pow_op(x, y, name=scope)


@op("ComplexAbs", shape=same)
def complex_abs(xp, x: Complex, *, Tout) -> Attr("Tout"):
    """The length of a complex number."""
    return xp.abs(x)


@complex_abs.gradient
def _(y, dy, x, *, Tout):
    # Not sign(x), whose own gradient is 0.
    return (div_no_nan_op(cast(dy, x.dtype) * x, cast(y, x.dtype)),)


@takes_ragged
def abs(x, name=None):
    """The absolute value; of a complex number its length, as a float."""
    if isinstance(x, SparseTensor):
        return x._mapped(lambda values: abs(values, name))
    with name_scope(name, "Abs", [x]) as scope:
        x = convert_to_tensor(x, name="x")
        if x.dtype.is_complex:
            return complex_abs(x, Tout=x.dtype.real_dtype, name=scope)
        return abs_op(x, name=scope)


@takes_ragged
def round(x, name=None):
    """The nearest integer, halves to the even one; integers themselves."""
    x = convert_to_tensor(x, name="x")
    return x if x.dtype.is_integer else round_op(x, name=name)


def scalar_mul(scalar, x, name=None):
    """`scalar` times `x`, a tensor or IndexedSlices. ValueError unless `scalar` has no axes."""
    scalar = convert_to_tensor(scalar, dtype=x.dtype.base_dtype, name="scalar")
    if scalar._shape != ():
        raise ValueError(f"Only scalar multiply works, got shape {scalar.shape}")
    if isinstance(x, IndexedSlices):
        return IndexedSlices(mul(scalar, x.values, name=name), x.indices, x.dense_shape)
    return mul(scalar, x, name=name)


@takes_ragged
def saturate_cast(value, dtype, name=None):
    """`value` as `dtype`, what does not fit brought to the nearest that does."""
    with name_scope(name, "saturate_cast", [value]) as scope:
        value, dtype = convert_to_tensor(value, name="value"), as_dtype(dtype).base_dtype
        if value.dtype.min < dtype.min:
            value = maximum(value, convert_to_tensor(dtype.min, value.dtype, name="min"))
        if value.dtype.max > dtype.max:
            value = minimum(value, convert_to_tensor(dtype.max, value.dtype, name="max"))
        return cast(value, dtype, name=scope)


@takes_ragged
def logical_xor(x, y, name="LogicalXor"):
    """Whether exactly one of the two is true."""
    return logical_and(logical_or(x, y), logical_not(logical_and(x, y)), name=name)


def _to(dtype, default_name):
    def convert(x, name=default_name):
        return cast(x, dtype, name=name)

    convert.__name__ = convert.__qualname__ = default_name.lower().replace("to", "to_")
    convert.__doc__ = f"`tf.cast(x, tf.{dtype.name})`."
    return convert


to_float = _to(dtypes.float32, "ToFloat")
to_double = _to(dtypes.float64, "ToDouble")
to_bfloat16 = _to(dtypes.bfloat16, "ToBFloat16")
to_int32 = _to(dtypes.int32, "ToInt32")
to_int64 = _to(dtypes.int64, "ToInt64")
to_complex64 = _to(dtypes.complex64, "ToComplex64")
to_complex128 = _to(dtypes.complex128, "ToComplex128")

# -- operators ------------------------------------------------------------------------------------


def _add(x, y, name=None):
    return (add_op if x.dtype == dtypes.string else add_v2)(x, y, name=name)


def _xor(x, y, name=None):
    with name_scope(name, "xor", [x, y]) as scope:
        return logical_xor(x, y, name=scope)


_NUMBERS = (int, float)


def _at_once(tensor, number):
    """Whether they are a tensor of floats and a number, where operations run at once. (Of zeros
    there are two, which are equal.)"""
    return (
        type(tensor) is EagerTensor and type(number) in _NUMBERS and number
        and tensor.dtype.numpy.kind in "fc" and executing_eagerly()
    )  # fmt: skip


@functools.lru_cache(maxsize=4096, typed=True)
def _number(value, dtype):
    """The tensor of a number, where operations run at once: programs use the same ones again."""
    return convert_to_tensor(value, dtype)


def _binary(sign, function, name=None):
    """Define `x sign y` and `y sign x`; a Python operand takes the tensor's type if it can.

    What is no tensor and knows the sign itself, by `__radd__`, say, is asked for the result.
    """
    default_name, own = name or sign, f"__r{sign}__"

    def forward(x, y):
        if _at_once(x, y):
            return function(x, _number(y, x.dtype), name=default_name)
        if isinstance(x, Tensor) and isinstance(y, Tensor):
            return function(x, y, name=default_name)  # nothing to convert, so no scope for it
        if sign == "mul" and isinstance(y, SparseTensor):
            return y * x
        if is_ragged(y):
            return NotImplemented  # its reflected operator knows
        with name_scope(None, default_name, [x, y]) as scope:
            if not isinstance(y, Tensor):
                try:
                    y = convert_to_tensor(y, dtype_hint=x.dtype.base_dtype, name="y")
                except TypeError:
                    if hasattr(type(y), own):
                        return NotImplemented
                    raise
            return function(x, y, name=scope)

    def reflected(y, x):
        if _at_once(y, x):
            return function(_number(x, y.dtype), y, name=default_name)
        with name_scope(None, default_name, [x, y]) as scope:
            x = convert_to_tensor(x, dtype=y.dtype.base_dtype, name="x")
            return function(x, y, name=scope)

    OPERATORS[sign], OPERATORS["r" + sign] = forward, reflected


for _sign, _function in {
    "add": _add, "sub": sub, "mul": mul, "div": div, "truediv": truediv, "floordiv": floordiv,
    "mod": _mod, "pow": pow, "matmul": matmul, "and": logical_and, "or": logical_or,
    "xor": _xor,
}.items():  # fmt: skip
    _binary(_sign, _function)


def _getitem(tensor, key):
    """`tensor[key]`: indices and slices, or a boolean mask."""
    boolean = isinstance(key, bool) or getattr(key, "dtype", None) == dtypes.bool_
    return boolean_mask(tensor, key) if boolean else getitem_(tensor, key)


OPERATORS.update(
    {"lt": less, "le": less_equal, "gt": greater, "ge": greater_equal, "neg": neg, "abs": abs,
     "invert": logical_not, "getitem": _getitem}
)  # fmt: skip
