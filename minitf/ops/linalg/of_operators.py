"""The functions of matrices that take a LinearOperator, too: `tf.linalg.trace(operator)` is
`operator.trace()`."""
import functools

from minitf.ops.linalg import bands, diagonal, products
from minitf.ops.linalg import solve as solving
from minitf.ops.linalg.linear_operator import LinearOperator


def _takes_operators(function):
    """Decorator of what is done where one of the first two arguments is an operator, in place of
    `function` of matrices."""

    def decorate(of_operator):
        @functools.wraps(function)
        def either(*args, **kwargs):
            given = (*args[:2], *kwargs.values())
            if any(isinstance(each, LinearOperator) for each in given):
                return of_operator(*args, **kwargs)
            return function(*args, **kwargs)

        return either

    return decorate


@_takes_operators(bands.adjoint)
def adjoint(matrix, name=None):
    return matrix.adjoint(name or "adjoint")


@_takes_operators(solving.cholesky)
def cholesky(input, name=None):
    return input.cholesky(name or "cholesky")


@_takes_operators(diagonal.matrix_diag_part)
def matrix_diag_part(input, name="diag_part", k=0, padding_value=0):
    return input.diag_part(name)


@_takes_operators(solving.matrix_determinant)
def matrix_determinant(input, name=None):
    return input.determinant(name or "det")


@_takes_operators(solving.matrix_inverse)
def matrix_inverse(input, adjoint=False, name=None):
    inverse = input.inverse(name or "inverse")
    return inverse.adjoint() if adjoint else inverse


@_takes_operators(solving.logdet)
def logdet(matrix, name=None):
    if not (matrix.is_positive_definite and matrix.is_self_adjoint):
        raise ValueError("Expected matrix to be self-adjoint positive definite.")
    return matrix.log_abs_determinant(name or "log_abs_det")


@_takes_operators(products.matmul)
def matmul(
    a,
    b,
    transpose_a=False,
    transpose_b=False,
    adjoint_a=False,
    adjoint_b=False,
    a_is_sparse=False,
    b_is_sparse=False,
    name=None,
):
    if transpose_a or transpose_b:
        raise ValueError("Transposing not supported at this time.")
    if a_is_sparse or b_is_sparse:
        raise ValueError("Sparse methods not supported at this time.")
    if isinstance(a, LinearOperator):
        return a.matmul(b, adjoint_a, adjoint_b, name or "matmul")
    return bands.adjoint(b.matmul(a, not adjoint_b, not adjoint_a, name or "matmul"))


@_takes_operators(solving.matrix_solve)
def matrix_solve(matrix, rhs, adjoint=False, name=None):
    if not isinstance(matrix, LinearOperator):
        raise ValueError("Passing in `matrix` as a Tensor and `rhs` as a LinearOperator is not "
                         "supported.")  # fmt: skip
    return matrix.solve(rhs, adjoint=adjoint, name=name or "solve")


@_takes_operators(bands.trace)
def trace(x, name=None):
    return x.trace(name or "trace")
