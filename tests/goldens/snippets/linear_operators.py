"""tf.linalg.LinearOperator: dense, lower triangular and diagonal ones."""

import itertools

from goldens.kit import error, run, shapes


def _made(tf, np, complex_values=False):
    random = np.random.RandomState(0)
    a, d = random.randn(2, 3, 3), random.randn(3)
    if complex_values:
        a, d = a + 1j * random.randn(2, 3, 3), d + 1j * random.randn(3)
    dtype = np.complex128 if complex_values else np.float64
    a, d = (a + 3 * np.eye(3)).astype(dtype), d.astype(dtype)
    operators = tf.linalg.LinearOperatorFullMatrix, tf.linalg.LinearOperatorLowerTriangular
    return [*(operator(a) for operator in operators), tf.linalg.LinearOperatorDiag(d)], dtype


def _all(tf, np, complex_values=False):
    made, dtype = _made(tf, np, complex_values)
    x = np.arange(6).reshape(3, 2).astype(dtype) * (1 + 2j if complex_values else 1)
    found = []
    for operator in made:
        found += [
            operator.to_dense(), operator.diag_part(), operator.trace(), operator.determinant(),
            operator.matmul(x), operator.matmul(x, adjoint=True),
            operator.matmul(x.T, adjoint_arg=True), operator.matvec(x[:, 0]),
            operator.matvec(x[:, 0], adjoint=True), 
            operator.add_to_tensor(np.ones([2, 3, 3], dtype)),
            operator.solve(x), operator.solve(x, adjoint=True),
            operator.solve(x.T, adjoint_arg=True),
            operator.solvevec(x[:, 1]), operator.shape_tensor(), operator.batch_shape_tensor(),
            operator.tensor_rank_tensor(), operator.domain_dimension_tensor(),
            operator.range_dimension_tensor(),
        ]  # fmt: skip
        if not complex_values:
            found.append(operator.log_abs_determinant())
    return run(tf, found)


def real_ones(tf, np):
    return _all(tf, np)


def complex_ones(tf, np):
    return _all(tf, np, True)


def what_is_known(tf, np):
    made, _ = _made(tf, np)
    rows = tf.linalg.LinearOperatorFullMatrix(tf.placeholder(tf.float32, [None, 2, 3]))
    unknown = tf.linalg.LinearOperatorLowerTriangular(tf.placeholder(tf.float32))
    named = tf.linalg.LinearOperatorDiag([1.0], name="mine", is_positive_definite=True)
    return [
        [[str(o.shape), str(o.batch_shape), o.tensor_rank, str(o.domain_dimension),
          str(o.range_dimension), o.is_square, o.is_self_adjoint, o.is_non_singular,
          o.is_positive_definite, o.name, o.dtype.name, len(o.graph_parents)]
         for o in [*made, rows, unknown, named]],
        shapes(rows.to_dense(), rows.matmul(np.ones([3, 4], np.float32)), unknown.to_dense()),
        named.to_dense().name, named.diag.name, named.matvec([2.0]).name,
        run(tf, [unknown.shape_tensor(), unknown.solvevec([2.0, 4.0])],
            {unknown.graph_parents[0]: [[2, 9], [0, 4]]}),
    ]  # fmt: skip


def gradients(tf, np):
    a = tf.constant([[2.0, 1.0], [1.0, 3.0]])
    operator = tf.linalg.LinearOperatorLowerTriangular(a)
    loss = tf.reduce_sum(operator.solve([[1.0], [2.0]])) + operator.log_abs_determinant()
    return run(tf, tf.gradients(loss, a))


def refused(tf, np):
    full, lower = tf.linalg.LinearOperatorFullMatrix, tf.linalg.LinearOperatorLowerTriangular
    diag = tf.linalg.LinearOperatorDiag
    wide = full(np.ones([2, 3]))
    return [error(build) for build in (
        lambda: full([1.0]), lambda: full([[1]]), lambda: lower([1.0]), lambda: diag(1.0),
        lambda: lower([[1.0]], is_square=False), lambda: diag([1.0], is_square=False),
        lambda: diag([1.0], is_self_adjoint=False),
        lambda: full([[1.0]], is_positive_definite=True, is_non_singular=False),
        lambda: full([[1.0]], is_non_singular=True, is_square=False),
        lambda: full([[1.0]], is_self_adjoint=True, is_square=False),
        lambda: diag([1.0]).matmul([[1]]), lambda: diag([1.0, 2.0]).matmul([[1.0]]),
        lambda: diag([1.0, 2.0]).matvec([1.0, 2.0, 3.0]), lambda: wide.determinant(),
        lambda: wide.solve(np.ones([2, 1])), lambda: diag([1.0]).add_to_tensor([[1]]),
        lambda: diag([1.0], is_non_singular=False).solve([[1.0]]),
        lambda: wide.log_abs_determinant(),
        lambda: full(np.ones([2, 2]), is_square=False).is_square,
    )]  # fmt: skip


def ones_own(tf, np):
    class Twice(tf.linalg.LinearOperator):
        def _shape(self):
            return tf.TensorShape([3, 2])

        def _shape_tensor(self):
            return tf.constant([3, 2])

        def _matmul(self, x, adjoint=False, adjoint_arg=False):
            matrix = tf.constant([[2.0, 0.0], [0.0, 2.0], [1.0, 1.0]])
            return tf.matmul(matrix, x, adjoint_a=adjoint, adjoint_b=adjoint_arg)

    made = Twice(tf.float32)
    return [
        made.name, made.is_square, error(made.determinant),
        run(tf, [made.to_dense(), made.matvec([1.0, 2.0]), made.diag_part(), made.trace(),
                 made.add_to_tensor(tf.ones([3, 2])), made.matmul(tf.ones([3, 1]), adjoint=True)]),
    ]  # fmt: skip


def functions_that_take_operators(tf, np):
    lin, x = tf.linalg, np.array([[1.0, 2.0], [-1.0, 3.0]], np.float32)
    a = lin.LinearOperatorFullMatrix([[2.0, 0.5], [0.5, 1.0]], is_non_singular=True,
                                     is_self_adjoint=True, is_positive_definite=True)  # fmt: skip
    b = lin.LinearOperatorLowerTriangular([[2.0, 0.0], [1.0, -3.0]], is_non_singular=True)
    found = [f(each) for f in (lin.trace, lin.diag_part, lin.det) for each in (a, b)]
    found += [lin.logdet(a), tf.matmul(a, x), tf.matmul(x, b), lin.solve(b, x)]
    for i, j in itertools.product((True, False), repeat=2):
        found += [tf.matmul(y, z, adjoint_a=i, adjoint_b=j) for y, z in ((b, x), (x, b))]
    made = [lin.adjoint(b), lin.inv(b), lin.inv(b, adjoint=True), lin.cholesky(a), tf.matmul(a, b),
            lin.solve(a, b)]  # fmt: skip
    wrong = [
        lambda: lin.logdet(b), lambda: lin.cholesky(b), lambda: tf.matmul(a, x, transpose_a=True),
        lambda: tf.matmul(a, x, b_is_sparse=True), lambda: lin.solve(x, b),
    ]  # fmt: skip
    return (run(tf, found + [each.to_dense() for each in made]),
            [isinstance(each, lin.LinearOperator) for each in made], [error(f) for f in wrong])
