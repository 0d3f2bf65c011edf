"""Parts of matrices: `tf.matrix_band_part`, `tf.trace`, `tf.linalg.adjoint`, `tf.linalg.matvec`."""
import math

import numpy as np

from minitf.core import native_rows
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32, int64
from minitf.core.graph import name_scope
from minitf.core.literals import integer
from minitf.core.op import op
from minitf.core.schema import T, TypeAttr
from minitf.ops.linalg.diagonal import matrix_diag_part
from minitf.ops.linalg.matrices import at_least_2
from minitf.ops.linalg.products import matmul
from minitf.ops.reduction.axes import expand_dims, matrix_transpose, squeeze
from minitf.ops.reduction.reduce import reduce_sum

Bands = TypeAttr("Tindex", (int32, int64), static=True, default=int64)


BAND = """\
    const TYPE *x = x0 + row * length;
    TYPE *y = y0 + row * length;
    int64_t first = row % m - lower, last = row % m + upper + 1;
    first = first < 0 ? 0 : first > length ? length : first;
    last = last > length ? length : last < first ? first : last;
    memset(y, 0, first * sizeof(TYPE));
    memcpy(y + first, x + first, (last - first) * sizeof(TYPE));
    memset(y + last, 0, (length - last) * sizeof(TYPE));"""


@op("MatrixBandPart")
def matrix_band_part_op(xp, input: T, num_lower: Bands, num_upper: Bands):
    """The matrices with zeros outside a band of diagonals."""
    m, n = at_least_2(input.shape)[-2:]
    lower, upper = integer(num_lower), integer(num_upper)
    if lower > m or upper > n:
        raise ValueError(
            f"num_lower must be negative or less or equal to number of rows ({m}) got: {lower}; "
            f"num_upper to that of columns ({n}) got: {upper}"
        )
    row, column = xp.arange(m, dtype=np.int32)[:, None], xp.arange(n, dtype=np.int32)
    inside = column >= row - (lower if lower >= 0 else m)
    if upper >= 0:
        inside &= column <= row + upper
    return xp.where(inside, input, input.dtype.type(0))


@matrix_band_part_op.trait
def native(inputs, outputs):
    x, lower, upper = inputs[0], integer(inputs[1]), integer(inputs[2])
    m, n = x.shape[-2:]
    if lower > m or upper > n:
        return None  # NumPy's kernel says what is wrong
    sizes = {"m": m, "lower": lower if lower >= 0 else m, "upper": upper if upper >= 0 else n}
    return native_rows.rows(BAND, [x], outputs, math.prod(x.shape[:-1]), n, sizes=sizes)


@matrix_band_part_op.gradient
def _(y, dy, input, num_lower, num_upper):
    return matrix_band_part_op(dy, num_lower, num_upper), None, None


def matrix_band_part(input, num_lower, num_upper, name=None):
    """`input` [..., m, n] with zeros outside a band about the diagonal.

    The band is `num_lower` diagonals below the main one and `num_upper` above it; all of them where
    that is negative: (-1, 0) keeps the lower triangle. A run raises InvalidArgumentError for more
    than there are.
    """
    return matrix_band_part_op(input, num_lower, num_upper, name=name)


def trace(x, name=None):
    """The sum of the main diagonal of each matrix in the last two axes of `x`."""
    with name_scope(name, "Trace", [x]) as scope:
        return reduce_sum(matrix_diag_part(convert_to_tensor(x, name="x")), [-1], name=scope)


def adjoint(matrix, name=None):
    """The two last axes exchanged, and complex numbers conjugated."""
    with name_scope(name, "adjoint", [matrix]):
        return matrix_transpose(convert_to_tensor(matrix, name="matrix"), conjugate=True)


def matvec(
    a, b, transpose_a=False, adjoint_a=False, a_is_sparse=False, b_is_sparse=False, name=None
):
    """The products of the matrices `a` [..., m, n] with the vectors `b` [..., n]: [..., m].

    The other arguments are those of `tf.matmul`.
    """
    with name_scope(name, "MatVec", [a, b]):
        column = expand_dims(b, axis=-1)
        product = matmul(a, column, transpose_a=transpose_a, adjoint_a=adjoint_a,
                         a_is_sparse=a_is_sparse, b_is_sparse=b_is_sparse)  # fmt: skip
        return squeeze(product, axis=-1)
