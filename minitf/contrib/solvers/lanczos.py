"""`lanczos_bidiag`: a matrix as a product with a lower bidiagonal one."""
from collections import namedtuple

from minitf.contrib.solvers.util import l2norm, l2normalize
from minitf.core.constant import constant
from minitf.core.dtypes import int32
from minitf.core.graph import name_scope
from minitf.ops.array.basics import shape, zeros
from minitf.ops.array.joining import concat
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.tensor_array import TensorArray
from minitf.ops.control_flow.while_loop import while_loop
from minitf.ops.linalg.products import matmul
from minitf.ops.random.draws import random_uniform
from minitf.ops.reduction.axes import expand_dims, matrix_transpose, squeeze

LanczosBidiagState = namedtuple("LanczosBidiagState", ["u", "v", "alpha", "beta"])


def _column(array, i):
    return expand_dims(array.read(i), -1)


def _orthogonal(i, basis, v):
    """(`v` of length 1 without its parts along the first `i` columns, its length before that)."""

    def without(j, basis, v):
        column = _column(basis, j)
        shorter = v - matmul(column, v, adjoint_a=True) * column
        shorter.set_shape(v.shape)
        return j + 1, basis, shorter

    j = constant(0, dtype=int32)
    return l2normalize(while_loop(lambda j, *_: j < i, without, [j, basis, v])[2])


def _surely_orthogonal(i, basis, v):
    """The same, done again where much was lost."""
    norm = l2norm(v)
    found, length = _orthogonal(i, basis, v)
    return cond(length < 0.7071 * norm, lambda: _orthogonal(i, basis, v), lambda: (found, length))


def lanczos_bidiag(operator, k, orthogonalize=True, starting_vector=None, name="lanczos_bidiag"):
    """(u [m, k + 1], v [n, k], alpha [k], beta [k]) such that A v = u B, where B has alpha on its
    diagonal and beta below that; u and v have orthogonal columns of length 1.

    `operator` is A [m, n] as `util.create_operator` has it. Without `orthogonalize` rounding makes
    the columns less orthogonal from step to step. The first column of u is along
    `starting_vector` [m], drawn unless given.
    """

    def array(size, name):
        return TensorArray(dtype=operator.dtype, size=size, tensor_array_name=name,
                           clear_after_read=False)  # fmt: skip

    def normal(i, basis, v):
        return _surely_orthogonal(i, basis, v) if orthogonalize else l2normalize(v)

    def step(i, state):
        u = _column(state.u, i)
        r = operator.apply_adjoint(u)
        known = r.shape
        r = cond(i > 0, lambda: r - state.beta.read(i - 1) * _column(state.v, i - 1), lambda: r)
        r.set_shape(known)
        v, alpha = normal(i - 1, state.v, r)
        u, beta = normal(i, state.u, operator.apply(v) - alpha * u)
        return i + 1, LanczosBidiagState(
            state.u.write(i + 1, squeeze(u)), state.v.write(i, squeeze(v)),
            state.alpha.write(i, alpha), state.beta.write(i, beta),
        )  # fmt: skip

    with name_scope(name):
        if starting_vector is None:
            starting_vector = random_uniform(operator.shape[:1], -1, 1, dtype=operator.dtype)
        first, _ = l2normalize(starting_vector)
        state = LanczosBidiagState(
            array(k + 1, "u").write(0, squeeze(first)), array(k, "v"), array(k, "alpha"),
            array(k, "beta"),
        )  # fmt: skip
        i = constant(0, dtype=int32)
        _, state = while_loop(lambda i, _: i < k, step, [i, state])
        u, v, alpha, beta = (each.stack() for each in state)
        return LanczosBidiagState(matrix_transpose(u), matrix_transpose(v), alpha, beta)


def bidiag_matmul(matrix, alpha, beta, adjoint_b=False, name="bidiag_matmul"):
    """`matrix` [m, k + 1] times the lower bidiagonal matrix of `alpha` [k] and `beta` [k]; with
    `adjoint_b`, `matrix` [m, k] times its adjoint without the last column."""
    with name_scope(name):
        alpha = expand_dims(alpha, 0)
        if not adjoint_b:
            return matrix[:, :-1] * alpha + matrix[:, 1:] * expand_dims(beta, 0)
        nothing = expand_dims(zeros(shape(matrix)[:1], dtype=matrix.dtype), 1)
        moved = matrix[:, :-1] * expand_dims(beta[:-1], 0)
        return matrix * alpha + concat([nothing, moved], 1)
