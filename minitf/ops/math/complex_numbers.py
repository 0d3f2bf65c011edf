"""Complex numbers and their parts: `tf.complex`, `tf.real`, `tf.imag`, `tf.angle`."""
from minitf.core import dtypes
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.core.op import op
from minitf.core.ragged import takes_ragged
from minitf.core.schema import Attr, Complex, TypeAttr
from minitf.core.shape_rules import broadcast
from minitf.ops.array.basics import zeros_like
from minitf.ops.math.elementwise import reciprocal

Part = TypeAttr("T", (dtypes.float32, dtypes.float64))


@op("Complex", shape=broadcast, broadcasts=True)
def complex_op(xp, real: Part, imag: Part, *, Tout) -> Attr("Tout"):
    """real + i imag."""
    real, imag = xp.broadcast_arrays(real, imag)
    made = xp.empty(real.shape, Tout.numpy)
    made.real[...], made.imag[...] = real, imag
    return made


complex_op.gradient(lambda z, dz, real_, imag_, *, Tout: (real(dz), imag(dz)))


@takes_ragged
def complex(real, imag, name=None):
    """The complex numbers with these parts: complex64 of float32, complex128 of float64.

    The parts broadcast. TypeError for other types, or two different ones.
    """
    real = convert_to_tensor(real, name="real")
    imag = convert_to_tensor(imag, name="imag")
    with name_scope(name, "Complex", [real, imag]) as scope:
        made = {(part, part): whole for part, whole in zip(Part.allowed, dtypes.COMPLEX)}
        pair = real.dtype.base_dtype, imag.dtype.base_dtype
        if pair not in made:
            raise TypeError(
                f"real and imag have incorrect types: {pair[0].name} {pair[1].name}; both must be "
                "float32, or both float64: tf.cast converts"
            )
        return complex_op(real, imag, Tout=made[pair], name=scope)


@op("Real")
def real_op(xp, input: Complex, *, Tout) -> Attr("Tout"):
    """The real part."""
    return input.real.copy()


@op("Imag")
def imag_op(xp, input: Complex, *, Tout) -> Attr("Tout"):
    """The imaginary part."""
    return input.imag.copy()


@op("Angle")
def angle_op(xp, input: Complex, *, Tout) -> Attr("Tout"):
    """The angle in radians from the positive real axis, in (-pi, pi]."""
    return xp.arctan2(input.imag, input.real)


real_op.gradient(lambda y, dy, x, *, Tout: (complex(dy, constant(0, dy.dtype)),))
imag_op.gradient(lambda y, dy, x, *, Tout: (complex(constant(0, dy.dtype), dy),))


@angle_op.gradient
def _(y, dy, x, *, Tout):
    turned = complex(imag(x), real(x))
    return (-complex(dy, constant(0, dy.dtype)) * reciprocal(turned),)


@takes_ragged
def real(input, name=None):
    """The real part of `input`; a real tensor itself."""
    with name_scope(name, "Real", [input]) as scope:
        input = convert_to_tensor(input, name="input")
        if not input.dtype.is_complex:
            return input
        return real_op(input, Tout=input.dtype.real_dtype, name=scope)


@takes_ragged
def imag(input, name=None):
    """The imaginary part of `input`; zeros for a real tensor."""
    with name_scope(name, "Imag", [input]) as scope:
        input = convert_to_tensor(input, name="input")
        if not input.dtype.is_complex:
            return zeros_like(input)
        return imag_op(input, Tout=input.dtype.real_dtype, name=scope)


@takes_ragged
def angle(input, name=None):
    """The angle of `input` in the complex plane, in radians; zeros for a real tensor, as TF1."""
    with name_scope(name, "Angle", [input]) as scope:
        input = convert_to_tensor(input, name="input")
        if not input.dtype.is_complex:
            return zeros_like(input)
        return angle_op(input, Tout=input.dtype.real_dtype, name=scope)
