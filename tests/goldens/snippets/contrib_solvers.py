"""tf.contrib.solvers, and the rarer functions of tf.contrib.nn."""

from goldens.kit import error, run


def _wave(np, *shape, dtype="float64"):
    return np.sin(np.arange(np.prod(shape), dtype=dtype) * 1.3).reshape(shape)


def _positive(tf, np):
    matrix = _wave(np, 4, 4)
    return tf.constant(matrix @ matrix.T + np.eye(4))


def conjugate_gradients(tf, np):
    solvers = tf.contrib.solvers
    operator = solvers.util.create_operator(_positive(tf, np))
    near = solvers.util.create_operator(tf.constant(np.diag([1.0, 0.5, 0.3, 0.2])))
    rhs, solve = tf.constant(_wave(np, 4)), solvers.linear_equations.conjugate_gradient
    same = solvers.util.identity_operator(_positive(tf, np))
    made = [solve(operator, rhs), solve(operator, rhs, tol=0.1, max_iter=2),
            solve(operator, rhs, near, x=tf.ones([4], tf.float64)), solve(same, rhs)]  # fmt: skip
    return [made[0]._fields, run(tf, [list(each[:2]) for each in made])]


def least_squares(tf, np):
    solvers = tf.contrib.solvers
    operator = solvers.util.create_operator(tf.constant(_wave(np, 5, 3)))
    found = solvers.least_squares.cgls(operator, tf.constant(_wave(np, 5) + 1))
    return [found._fields, *run(tf, [found.i, found.x])]


def bidiagonal(tf, np):
    solvers = tf.contrib.solvers
    operator = solvers.util.create_operator(tf.constant(np.sin(np.arange(30.0) ** 2).reshape(6, 5)))
    start, found = tf.constant(_wave(np, 6) + 1), []
    for orthogonalize in (True, False):
        state = solvers.lanczos.lanczos_bidiag(operator, 3, orthogonalize, start)
        u, v, alpha, beta = state
        product = solvers.lanczos.bidiag_matmul(u, alpha, beta)
        adjoint = solvers.lanczos.bidiag_matmul(v, alpha, beta, adjoint_b=True)
        found.append(run(tf, [u, v, alpha, beta, product, adjoint]))
    return [state._fields, found]


def parts(tf, np):
    util, x = tf.contrib.solvers.util, tf.constant(_wave(np, 4))
    return run(tf, [util.dot(x, x + 1), util.l2norm(x), util.l2norm_squared(x),
                    *util.l2normalize(x)])  # fmt: skip


def nth(tf, np):
    x, find = tf.constant(_wave(np, 2, 3, 5)), tf.contrib.nn.nth_element
    same = tf.constant([3.0, 1.0, 3.0, 2.0])
    made = [find(x, 0), find(x, 1, reverse=True), find(same, 2)]
    slopes = tf.gradients(made[1] ** 2, x) + tf.gradients(made[2], same)
    return [[each.shape.as_list() for each in made], error(lambda: find(same, 4)),
            *run(tf, [made, slopes])]  # fmt: skip


def softplus(tf, np):
    x, alpha = tf.constant(_wave(np, 2, 4) * 3), tf.constant([[0.5], [2.0]], tf.float64)
    clip = tf.constant([1.0, 2.0, 0.5, 9.0], tf.float64)
    made = tf.contrib.nn.scaled_softplus
    one, other = made(x, alpha), made(x, 0.7, clip)
    return run(tf, [one, other, tf.gradients(one**2, [x]), tf.gradients(other**2, [x])])


def sampled(tf, np):
    weights, biases, inputs = (tf.constant(_wave(np, *sizes, dtype="float32"))
                               for sizes in ((6, 3), (6,), (2, 3)))  # fmt: skip
    labels = tf.constant([[1], [4]], tf.int64)
    drawn = (tf.constant([0, 2, 4, 5], tf.int64), tf.constant([[0.5], [0.4]]),
             tf.constant([0.7, 0.3, 0.4, 0.2]))  # fmt: skip
    nn = tf.contrib.nn
    sparse = nn.sampled_sparse_softmax_loss(weights, biases, labels, inputs, 4, 6, drawn)
    ranked = nn.rank_sampled_softmax_loss(weights, biases, labels, inputs, 4, 2, 6, 1, drawn, 0.5,
                                          True, "div")  # fmt: skip
    few = error(lambda: nn.rank_sampled_softmax_loss(weights, biases, labels, inputs, 2, 2, 6, 1,
                                                     drawn, 0.5, True, "div"))  # fmt: skip
    return [few, *run(tf, [sparse, ranked])]
