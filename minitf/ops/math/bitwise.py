"""Bits of integers: `tf.bitwise.bitwise_and`, `tf.bitwise.left_shift`, ..."""
import numpy as np

from minitf.core import dtypes
from minitf.core.op import NOT_DIFFERENTIABLE, elementwise, op
from minitf.core.schema import Integer
from minitf.core.shape_rules import broadcast


def _bits(type, ufunc, in_c):
    return elementwise(type, ufunc, in_c, types=Integer, grad=NOT_DIFFERENTIABLE)


bitwise_and = _bits("BitwiseAnd", "bitwise_and", "x0 & x1")
bitwise_or = _bits("BitwiseOr", "bitwise_or", "x0 | x1")
bitwise_xor = _bits("BitwiseXor", "bitwise_xor", "x0 ^ x1")
invert = _bits("Invert", "invert", "~x0")


def _distance(xp, x, y):
    """y between 0 and the number of bits less one: C says nothing of other shifts."""
    return xp.clip(y, 0, 8 * x.dtype.itemsize - 1)


@op("LeftShift", shape=broadcast, broadcasts=True, grad=NOT_DIFFERENTIABLE)
def left_shift(xp, x: Integer, y: Integer):
    """x * 2 ** y, without the bits that do not fit.

    y below 0 counts as 0, y beyond the last bit as the last bit's number.
    """
    return xp.left_shift(x, _distance(xp, x, y))


@op("RightShift", shape=broadcast, broadcasts=True, grad=NOT_DIFFERENTIABLE)
def right_shift(xp, x: Integer, y: Integer):
    """x / 2 ** y, rounded down; the sign stays. y is limited as in LeftShift."""
    return xp.right_shift(x, _distance(xp, x, y))


@op("PopulationCount", grad=NOT_DIFFERENTIABLE)
def population_count(xp, x: Integer) -> dtypes.uint8:
    """How many bits are 1; of a negative number, in two's complement."""
    bits = xp.ascontiguousarray(x).reshape(x.shape).view(np.dtype(f"u{x.dtype.itemsize}"))
    return xp.bitwise_count(bits)
