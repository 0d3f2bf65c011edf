"""Numbers that are near: `tf.math.nextafter` and the op of approximate equality; `tf.cross`."""
from minitf.core.dtypes import bool_, float32, float64
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Numeric, Real, TypeAttr
from minitf.core.shape_rules import broadcast
from minitf.core.tensor_shape import merge, printed
from minitf.ops.array.basics import zeros_like

Precise = TypeAttr("T", (float64, float32), default=float32)


@op("NextAfter", shape=broadcast, broadcasts=True, scalar="nextafter(x0, x1)")
def nextafter(xp, x1: Precise, x2: Precise):
    """The number next to x1 in the direction of x2, of those that the type has."""
    return xp.nextafter(x1, x2)


nextafter.gradient(lambda z, dz, x1, x2: (dz, zeros_like(dz)))


def _merged(x, y, **_):
    merged = merge(x, y)
    if merged is False:
        raise ValueError(f"Shapes must be equal: {printed(x)} and {printed(y)}")
    return merged


@op("ApproximateEqual", shape=_merged, grad=NOT_DIFFERENTIABLE)
def approximate_equal(xp, x: Numeric, y: Numeric, *, tolerance=1e-5) -> bool_:
    """Whether |x - y| < tolerance, which becomes a number of x's type; both are of one shape."""
    return xp.abs(x - y) < x.real.dtype.type(tolerance)


def _of_vectors(a, b):
    merged = _merged(a, b)
    if merged is not None and (not merged or merged[-1] not in (3, None)):
        last = merged[-1] if merged else "missing"
        raise ValueError(f"Dimension must be 3 but is {last}: the last axis of {printed(merged)}")
    return merged


@op("Cross", shape=_of_vectors)
def cross(xp, a: Real, b: Real):
    """The cross product of the vectors of length 3 along the last axis."""
    (a0, a1, a2), (b0, b1, b2) = ([x[..., i] for i in range(3)] for x in (a, b))
    return xp.stack([a1 * b2 - a2 * b1, a2 * b0 - a0 * b2, a0 * b1 - a1 * b0], -1)


cross.gradient(lambda z, dz, a, b: (cross(b, dz), cross(dz, a)))
