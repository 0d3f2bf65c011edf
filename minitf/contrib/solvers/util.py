"""What the solvers share: operators, that is, what they may do with a matrix."""
from collections import namedtuple

from minitf.core.constant import constant
from minitf.ops.array.basics import shape
from minitf.ops.linalg.products import matmul
from minitf.ops.math.elementwise import conj, sqrt
from minitf.ops.reduction.norms import l2_loss
from minitf.ops.reduction.reduce import reduce_sum

LinearOperator = namedtuple("LinearOperator", ["shape", "dtype", "apply", "apply_adjoint"])


def _sizes(matrix):
    return matrix.shape.as_list() if matrix.shape.is_fully_defined() else shape(matrix)


def create_operator(matrix):
    """The products of a matrix and of its adjoint with columns."""
    return LinearOperator(_sizes(matrix), matrix.dtype, lambda v: matmul(matrix, v),
                          lambda v: matmul(matrix, v, adjoint_a=True))  # fmt: skip


def identity_operator(matrix):
    """An operator of the matrix's shape and type that changes nothing."""
    return LinearOperator(_sizes(matrix), matrix.dtype, lambda v: v, lambda v: v)


def dot(x, y):
    """The sum of conj(x) * y."""
    return reduce_sum(conj(x) * y)


def l2norm_squared(v):
    """The sum of the squares."""
    return constant(2, dtype=v.dtype.base_dtype) * l2_loss(v)


def l2norm(v):
    """The root of the sum of the squares."""
    return sqrt(l2norm_squared(v))


def l2normalize(v):
    """(v by its norm, the norm)."""
    norm = l2norm(v)
    return v / norm, norm
