"""Functions of square matrices: `tf.linalg.sqrtm`, `tf.linalg.logm`, `tf.linalg.expm`."""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.core.op import op
from minitf.core.schema import Complex, Ieee
from minitf.ops.array.basics import reshape, shape, zeros_like
from minitf.ops.array.joining import concat
from minitf.ops.linalg.bands import adjoint
from minitf.ops.linalg.diagonal import eye
from minitf.ops.linalg.matrices import failure, square
from minitf.ops.linalg.schur import function_of, triangular_logarithm, triangular_root
from minitf.ops.linalg.solve import matrix_solve
from minitf.ops.reduction.axes import expand_dims, matrix_transpose

# -- roots and logarithms -------------------------------------------------------------------------


def _each(triangular, x):
    if not x.size:
        return np.zeros_like(x)
    matrices = np.asarray(x).reshape(-1, *x.shape[-2:])
    with np.errstate(all="ignore"), failure("Schur decomposition was not successful."):
        found = [function_of(triangular, matrix) for matrix in matrices]
    return np.reshape(found, x.shape)


def _real(found):
    """Of a real matrix: not a number where the function of it is complex."""
    size = np.abs(found).max((-2, -1), keepdims=True, initial=0)
    is_complex = np.abs(found.imag).max((-2, -1), keepdims=True, initial=0) > 1e-7 * size
    return np.where(is_complex, np.nan, found.real)


@op("MatrixSquareRoot", shape=square, host=True, lapack=True)
def matrix_square_root_op(xp, input: Ieee):
    """The principal square roots of square matrices."""
    found = _each(triangular_root, input)
    found = found if input.dtype.kind == "c" else _real(found)
    return xp.asarray(found.astype(input.dtype))


@matrix_square_root_op.gradient
def _(y, dy, x):
    # Y^H G + G Y^H = dY of G, as one system of equations, rows of G after one another.
    root = adjoint(y)
    size, lead = shape(y)[-1], shape(y)[:-2]
    ones = eye(size, batch_shape=lead, dtype=y.dtype)
    both = _kronecker(root, ones) + _kronecker(ones, matrix_transpose(root))
    flat = reshape(dy, concat([lead, [size * size, 1]], 0))
    return (reshape(matrix_solve(both, flat), shape(y)),)


def _kronecker(a, b):
    product = expand_dims(expand_dims(a, -1), -3) * expand_dims(expand_dims(b, -2), -4)
    sizes = shape(a)
    area = sizes[-1] * sizes[-1]
    return reshape(product, concat([sizes[:-2], [area, area]], 0))


def matrix_square_root(input, name=None):
    """The principal square root of each square matrix in the last two axes.

    Of a real matrix whose root is complex: not a number. It is meant for invertible matrices.
    """
    return matrix_square_root_op(input, name=name)


@op("MatrixLogarithm", shape=square, host=True, lapack=True)
def logm_op(xp, input: Complex):
    """The principal logarithms of square matrices."""
    return xp.asarray(_each(triangular_logarithm, input).astype(input.dtype))


def logm(input, name=None):
    """The principal logarithm of each square matrix of complex numbers.

    TypeError for real ones, as in TF1: tf.cast converts. There is no gradient.
    """
    return logm_op(input, name=name)


# -- exponentials ---------------------------------------------------------------------------------

# The [13/13] Pade approximant of exp, good up to this 1-norm: Higham 2005, "The scaling and
# squaring method for the matrix exponential revisited".
_PADE = (
    64764752532480000.0, 32382376266240000.0, 7771770303897600.0, 1187353796428800.0,
    129060195264000.0, 10559470521600.0, 670442572800.0, 33522128640.0, 1323241920.0, 40840800.0,
    960960.0, 16380.0, 182.0, 1.0,
)  # fmt: skip
_NORM = 5.371920351148152


@op("MatrixExponential", shape=square, lapack=True)
def matrix_exponential_op(xp, input: Ieee):
    """The exponentials of square matrices."""
    x = input.astype(np.complex128 if input.dtype.kind == "c" else np.float64)
    norm = xp.abs(x).sum(-2).max(-1, keepdims=True)[..., None] if x.size else x.real
    halvings = xp.ceil(xp.log2(xp.maximum(norm / _NORM, 1)))
    x = _rational(xp, x / 2.0**halvings)
    for done in range(int(halvings.max().item()) if x.size else 0):
        x = xp.where(halvings > done, x @ x, x)
    return x.astype(input.dtype)


def _rational(xp, x):
    ones = xp.eye(x.shape[-1], dtype=x.dtype)
    x2 = x @ x
    x4 = x2 @ x2
    x6 = x4 @ x2

    def polynomial(first):
        b0, b2, b4, b6, b8, b10, b12 = _PADE[first::2]
        high = x6 @ (b12 * x6 + b10 * x4 + b8 * x2)
        return high + b6 * x6 + b4 * x4 + b2 * x2 + b0 * ones

    odd, even = x @ polynomial(1), polynomial(0)
    return xp.linalg.solve(even - odd, even + odd)


@matrix_exponential_op.gradient
def _(y, dy, x):
    # exp([[X^H, dY], [0, X^H]]) has it in its corner: Higham, "Functions of Matrices", 3.16.
    turned = adjoint(x)
    above, below = concat([turned, dy], -1), concat([zeros_like(dy), turned], -1)
    size = shape(x)[-1]
    return (matrix_exponential_op(concat([above, below], -2))[..., :size, size:],)


def matrix_exponential(input, name=None):
    """The exponential of each square matrix in the last two axes: the sum of input**k / k!."""
    with name_scope(name, "matrix_exponential", [input]):
        return matrix_exponential_op(convert_to_tensor(input, name="input"))
