"""Matrices with three diagonals: `tf.linalg.tridiagonal_solve`, `tf.linalg.tridiagonal_matmul`."""
import math

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import COMPLEX, float32, float64
from minitf.core.graph import name_scope
from minitf.core.op import op
from minitf.core.schema import TypeAttr
from minitf.core.tensor_shape import merge, printed
from minitf.ops.array.basics import zeros_like
from minitf.ops.array.indexing import gather_nd
from minitf.ops.array.joining import concat, stack
from minitf.ops.linalg.diagonal import matrix_diag_part
from minitf.ops.math.elementwise import conj
from minitf.ops.reduction.axes import expand_dims, matrix_transpose, squeeze, transpose
from minitf.ops.reduction.reduce import reduce_sum

Precise = TypeAttr("T", (float64, float32, *COMPLEX))

# -- products -------------------------------------------------------------------------------------


def _product_shape(superdiag, maindiag, subdiag, rhs):
    for diagonal in (superdiag, maindiag, subdiag):
        if diagonal is not None and rhs is not None:
            row = (*rhs[:-2], 1, rhs[-2])
            if merge(diagonal, row) is False:
                raise ValueError(
                    f"a diagonal is {printed(diagonal)}, where rhs asks {printed(row)}"
                )
    return rhs


def _moved_up(xp, x):
    """Rows one place up, zeros at the end."""
    return xp.concatenate([x[..., 1:, :], xp.zeros_like(x[..., :1, :])], -2)


def _moved_down(xp, x):
    return xp.concatenate([xp.zeros_like(x[..., :1, :]), x[..., :-1, :]], -2)


@op("TridiagonalMatMul", shape=_product_shape)
def tridiagonal_mat_mul(xp, superdiag: Precise, maindiag: Precise, subdiag: Precise, rhs: Precise):
    """The product of a matrix of three diagonals, each [..., 1, m], with rhs [..., m, n]."""
    above, here, below = (xp.swapaxes(d, -1, -2) for d in (superdiag, maindiag, subdiag))
    return above * _moved_up(xp, rhs) + here * rhs + below * _moved_down(xp, rhs)


@tridiagonal_mat_mul.gradient
def _(y, dy, superdiag, maindiag, subdiag, rhs):
    above, here, below = (matrix_transpose(conj(d)) for d in (superdiag, maindiag, subdiag))
    right = conj(rhs)
    slopes = (_up(right), right, _down(right))
    diagonals = [expand_dims(reduce_sum(each * dy, axis=-1), -2) for each in slopes]
    return *diagonals, _down(above * dy) + here * dy + _up(below * dy)


def _up(x):
    return concat([x[..., 1:, :], zeros_like(x[..., :1, :])], -2)


def _down(x):
    return concat([zeros_like(x[..., :1, :]), x[..., :-1, :]], -2)


def tridiagonal_matmul(diagonals, rhs, diagonals_format="compact", name=None):
    """The product of matrices of three diagonals with `rhs` [..., m, n].

    `diagonals` is [..., 3, m], from the upper to the lower one ("compact"), a list of three
    [..., m] ("sequence"), or the whole matrices [..., m, m] ("matrix"). The last element of the
    upper one and the first of the lower one count for nothing.
    """
    if diagonals_format == "compact":
        parts = [diagonals[..., i, :] for i in range(3)]
    elif diagonals_format == "sequence":
        parts = [convert_to_tensor(diagonal) for diagonal in diagonals]
    elif diagonals_format == "matrix":
        parts = _diagonals_of(convert_to_tensor(diagonals))
    else:
        raise ValueError(f"Unrecognized diagonals_format: {diagonals_format}")
    return tridiagonal_mat_mul(*(expand_dims(part, -2) for part in parts), rhs, name=name)


def _diagonals_of(matrices):
    """The three diagonals; what is missing of two of them is filled with the first element."""
    sizes = (None, None) if matrices._shape is None else matrices._shape[-2:]
    known = [size for size in sizes if size is not None]
    if not known:
        raise ValueError('The size of the matrix needs to be known for diagonals_format="matrix"')
    if known[0] != known[-1]:
        raise ValueError(
            f"Expected last two dimensions of diagonals to be same, got {sizes[0]} and {sizes[1]}"
        )
    turned = transpose(matrices)  # its first axes are column and row
    above = [[i + 1, i] for i in range(known[0] - 1)] + [[0, 0]]
    below = [[0, 0]] + [[i - 1, i] for i in range(1, known[0])]
    parts = (transpose(gather_nd(turned, places)) for places in (above, below))
    superdiag, subdiag = parts
    return [superdiag, matrix_diag_part(matrices), subdiag]


# -- systems of equations -------------------------------------------------------------------------


def _solution(diagonals, rhs, *, partial_pivoting):
    if diagonals is not None and (len(diagonals) < 2 or diagonals[-2] not in (3, None)):
        raise ValueError(f"diagonals must be [..., 3, m], got {printed(diagonals)}")
    return rhs


@op("TridiagonalSolve", shape=_solution, host=True)
def tridiagonal_solve_op(xp, diagonals: Precise, rhs: Precise, *, partial_pivoting=True):
    """X in T X = rhs, T of three diagonals [..., 3, m], rhs [..., m, n]."""
    *batch, size, count = rhs.shape
    number = math.prod(batch)
    lines = np.moveaxis(np.array(diagonals).reshape(number, 3, size), (1, 2), (0, 1))
    x = np.moveaxis(np.array(rhs).reshape(number, size, count), 1, 0)
    x = np.ascontiguousarray(x)
    _eliminated(*lines, x, partial_pivoting)
    return xp.asarray(np.moveaxis(x, 0, 1).reshape(rhs.shape))


def _eliminated(above, here, below, x, pivoting):
    """Gauss's elimination, row by row of all the matrices; x becomes the solution."""
    above, here = above.copy(), here.copy()
    beyond = np.zeros_like(here)  # what an exchange of rows puts above the upper diagonal
    size = len(here)
    for k in range(size - 1):
        low = below[k + 1].copy()
        if pivoting:
            swap = np.abs(low) > np.abs(here[k])
            here[k], low = np.where(swap, low, here[k]), np.where(swap, here[k], low)
            above[k], here[k + 1] = (np.where(swap, here[k + 1], above[k]),
                                     np.where(swap, above[k], here[k + 1]))  # fmt: skip
            if k + 2 < size:
                beyond[k], above[k + 1] = (np.where(swap, above[k + 1], beyond[k]),
                                           np.where(swap, 0, above[k + 1]))  # fmt: skip
            x[k], x[k + 1] = (np.where(swap[:, None], x[k + 1], x[k]),
                              np.where(swap[:, None], x[k], x[k + 1]))  # fmt: skip
        _refuse_zero(here[k])
        factor = low / here[k]
        here[k + 1] -= factor * above[k]
        above[k + 1] -= factor * beyond[k]
        x[k + 1] -= factor[:, None] * x[k]
    for k in range(size - 1, -1, -1):
        _refuse_zero(here[k])
        if k + 1 < size:
            x[k] -= above[k][:, None] * x[k + 1]
        if k + 2 < size:
            x[k] -= beyond[k][:, None] * x[k + 2]
        x[k] /= here[k][:, None]


def _refuse_zero(pivots):
    if not pivots.all():
        raise ValueError("The first element of diagonals is zero, or the matrix is not invertible.")


@tridiagonal_solve_op.gradient
def _(y, dy, diagonals, rhs, *, partial_pivoting):
    drhs = tridiagonal_solve_op(_turned(diagonals), dy, partial_pivoting=partial_pivoting)
    parts = [reduce_sum(drhs * moved, axis=-1) for moved in (_up(y), y, _down(y))]
    return -stack(parts, axis=-2), drhs


def _turned(diagonals):
    """The diagonals of the transposed matrices."""
    above, here, below = (diagonals[..., i, :] for i in range(3))
    nothing = zeros_like(here[..., :1])
    return stack([concat([below[..., 1:], nothing], -1), here,
                  concat([nothing, above[..., :-1]], -1)], axis=-2)  # fmt: skip


def tridiagonal_solve(
    diagonals, rhs, diagonals_format="compact", transpose_rhs=False, conjugate_rhs=False,
    name=None, partial_pivoting=True,
):  # fmt: skip
    """X in T X = `rhs`, where T are matrices of three diagonals.

    The `diagonals` are given as to `tf.linalg.tridiagonal_matmul`; in a "sequence" the upper and
    lower ones may be one element shorter. `rhs` is [..., m, n] or [..., m]; `transpose_rhs` takes
    and gives matrices [..., n, m]. `partial_pivoting` exchanges rows for the sake of precision. A
    run raises InvalidArgumentError for a matrix that is not invertible.
    """
    compact = _compact(diagonals, diagonals_format)
    rhs = convert_to_tensor(rhs)
    if compact._shape is None or rhs._shape is None:
        raise ValueError("tf.linalg.tridiagonal_solve needs the ranks of its tensors: set_shape")
    rank, vectors = len(compact._shape), len(rhs._shape) == len(compact._shape) - 1
    if not vectors and len(rhs._shape) != rank:
        raise ValueError(f"Expected the rank of rhs to be {rank - 1} or {rank}, got "
                         f"{len(rhs._shape)}")  # fmt: skip
    rhs = conj(rhs) if conjugate_rhs else rhs
    turns = transpose_rhs and not vectors
    rhs = expand_dims(rhs, -1) if vectors else matrix_transpose(rhs) if turns else rhs
    _check_rows(compact._shape, rhs._shape)
    result = tridiagonal_solve_op(compact, rhs, partial_pivoting=partial_pivoting, name=name)
    return squeeze(result, -1) if vectors else matrix_transpose(result) if turns else result


def _check_rows(diagonals, rhs):
    if diagonals[-2] not in (3, None):
        raise ValueError(f"Expected 3 diagonals got {diagonals[-2]}")
    if merge(diagonals[:-2], rhs[:-2]) is False:
        raise ValueError(
            f"Batch shapes {printed(diagonals[:-2])} and {printed(rhs[:-2])} are incompatible"
        )
    if merge(diagonals[-1:], rhs[-2:-1]) is False:
        raise ValueError(
            "Expected number of left-hand sided and right-hand sides to be equal, got "
            f"{diagonals[-1]} and {rhs[-2]}"
        )


def _compact(diagonals, diagonals_format):
    if diagonals_format == "compact":
        return convert_to_tensor(diagonals)
    if diagonals_format == "matrix":
        return stack(_diagonals_of(convert_to_tensor(diagonals)), axis=-2)
    if diagonals_format != "sequence":
        raise ValueError(f"Unrecognized diagonals_format: {diagonals_format}")
    if not isinstance(diagonals, (tuple, list)) or len(diagonals) != 3:
        raise ValueError("Expected diagonals to be a sequence of length 3.")
    with name_scope(None, "tridiagonal_solve"):
        above, here, below = (convert_to_tensor(diagonal) for diagonal in diagonals)
        size = here._shape[-1]
        above = _padded(above, "superdiagonal", size, first=False)
        return stack([above, here, _padded(below, "subdiagonal", size, first=True)], axis=-2)


def _padded(diagonal, what, size, first):
    length = diagonal._shape[-1]
    if length in (None, size) or size is None:
        return diagonal
    if length != size - 1:
        raise ValueError(f"Expected {what} to be have length {size} or {size - 1}, got {length}.")
    nothing = zeros_like(diagonal[..., :1])
    return concat([nothing, diagonal] if first else [diagonal, nothing], -1)
