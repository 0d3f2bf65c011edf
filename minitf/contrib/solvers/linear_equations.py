"""`conjugate_gradient`: A x = b for A that is symmetric and positive."""
from collections import namedtuple

from minitf.contrib.solvers.util import dot
from minitf.core.constant import constant
from minitf.core.dtypes import int32
from minitf.core.graph import name_scope
from minitf.ops.array.basics import zeros
from minitf.ops.control_flow.while_loop import while_loop
from minitf.ops.math.elementwise import logical_and
from minitf.ops.reduction.axes import expand_dims, squeeze
from minitf.ops.reduction.norms import norm

CGState = namedtuple("CGState", ["i", "x", "r", "p", "gamma"])


def conjugate_gradient(operator, rhs, preconditioner=None, x=None, tol=1e-4, max_iter=20,
                       name="conjugate_gradient"):  # fmt: skip
    """The state (i, x, r, p, gamma) after at most `max_iter` steps toward A x = `rhs` [n]: until
    the rest r is `tol` times what it was.

    `operator` is A as `util.create_operator` has it, `preconditioner` likewise what is near its
    inverse, `x` [n] where to start, 0 unless given.
    """

    def turned(r):
        return r if preconditioner is None else preconditioner.apply(r)

    def step(i, state):
        z = operator.apply(state.p)
        alpha = state.gamma / dot(state.p, z)
        r = state.r - alpha * z
        q = turned(r)
        gamma = dot(r, q)
        p = q + gamma / state.gamma * state.p
        return i + 1, CGState(i + 1, state.x + alpha * state.p, r, p, gamma)

    with name_scope(name):
        rhs = expand_dims(rhs, -1)
        if x is None:
            start = expand_dims(zeros(operator.shape[1:], dtype=rhs.dtype.base_dtype), -1)
            rest = rhs
        else:
            start = expand_dims(x, -1)
            rest = rhs - operator.apply(start)
        p = turned(rest)
        tol *= norm(rest)
        i = constant(0, dtype=int32)
        state = CGState(i, start, rest, p, dot(rest, p))
        _, state = while_loop(
            lambda i, state: logical_and(i < max_iter, norm(state.r) > tol), step, [i, state]
        )
        return CGState(state.i, squeeze(state.x), squeeze(state.r), squeeze(state.p), state.gamma)
