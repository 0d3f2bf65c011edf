"""The inverse hyperbolic functions: `tf.asinh`, `tf.acosh`, `tf.atanh`."""
from minitf.core.op import elementwise
from minitf.core.schema import Inexact
from minitf.ops.math.elementwise import conj, cosh, reciprocal, sinh, square

asinh = elementwise(
    "Asinh", "arcsinh", "asinh(x0)", types=Inexact,
    grad=lambda y, dy, x: (dy / cosh(conj(y)),),
)  # fmt: skip
acosh = elementwise(
    "Acosh", "arccosh", "acosh(x0)", types=Inexact,
    grad=lambda y, dy, x: (dy / sinh(conj(y)),),
)  # fmt: skip
atanh = elementwise(
    "Atanh", "arctanh", "atanh(x0)", types=Inexact,
    grad=lambda y, dy, x: (dy * reciprocal(1.0 - square(conj(x))),),
)  # fmt: skip
