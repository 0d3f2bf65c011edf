"""`cgls`: the least squares solution of A x = b by conjugate gradients."""
from collections import namedtuple

from minitf.contrib.solvers.util import l2norm_squared
from minitf.core.constant import constant
from minitf.core.dtypes import int32
from minitf.core.graph import name_scope
from minitf.ops.array.basics import zeros
from minitf.ops.control_flow.while_loop import while_loop
from minitf.ops.math.elementwise import logical_and
from minitf.ops.reduction.axes import expand_dims, squeeze

CGLSState = namedtuple("CGLSState", ["i", "x", "r", "p", "gamma"])


def cgls(operator, rhs, tol=1e-6, max_iter=20, name="cgls"):
    """The state (i, x, r, p, gamma) after at most `max_iter` steps toward the x for which A x is
    nearest `rhs` [m]: until |A' r| is `tol` times what it was.

    `operator` is A [m, n] as `util.create_operator` has it.
    """

    def step(i, state):
        q = operator.apply(state.p)
        alpha = state.gamma / l2norm_squared(q)
        r = state.r - alpha * q
        s = operator.apply_adjoint(r)
        gamma = l2norm_squared(s)
        p = s + gamma / state.gamma * state.p
        return i + 1, CGLSState(i + 1, state.x + alpha * state.p, r, p, gamma)

    with name_scope(name):
        rhs = expand_dims(rhs, -1)
        s = operator.apply_adjoint(rhs)
        gamma = l2norm_squared(s)
        tol = tol * tol * gamma
        start = expand_dims(zeros(operator.shape[1:], dtype=rhs.dtype.base_dtype), -1)
        i = constant(0, dtype=int32)
        _, state = while_loop(
            lambda i, state: logical_and(i < max_iter, state.gamma > tol), step,
            [i, CGLSState(i, start, rhs, s, gamma)],
        )  # fmt: skip
        return CGLSState(state.i, squeeze(state.x), squeeze(state.r), squeeze(state.p),
                         state.gamma)  # fmt: skip
