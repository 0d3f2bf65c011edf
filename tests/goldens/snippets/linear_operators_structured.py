"""tf.linalg.LinearOperator: identities, updates, blocks, convolutions, and what comes of them."""

from goldens.kit import accepted, error, run, said


def _facts(tf, np, operator, count=3):
    x = np.arange(2.0 * count).reshape(count, 2) - 1.5
    asked = [
        operator.to_dense(), operator.matmul(x), operator.matmul(x, adjoint=True),
        operator.matmul(x.T, adjoint_arg=True), operator.matvec(x[:, 0]), operator.shape_tensor(),
        operator.trace(), operator.diag_part(),
        operator.add_to_tensor(tf.ones([count, count], tf.float64)),
    ]  # fmt: skip
    if operator.is_non_singular is not False:
        asked += [operator.solve(x), operator.solve(x, adjoint=True), operator.determinant(),
                  operator.log_abs_determinant(), operator.solvevec(x[:, 1])]  # fmt: skip
    said = [str(operator.shape), operator.name, operator.is_self_adjoint, operator.is_non_singular,
            operator.is_positive_definite, operator.is_square]  # fmt: skip
    return run(tf, asked) + said


def _some(tf, np):
    """Operators [3, 3]: full, lower triangular, diagonal, positive definite."""
    a = np.random.RandomState(0).randn(3, 3) + 3 * np.eye(3)
    o = tf.linalg
    return (o.LinearOperatorFullMatrix(a), o.LinearOperatorLowerTriangular(a),
            o.LinearOperatorDiag([1.0, -2.0, 3.0] * np.ones(3), is_non_singular=True),
            o.LinearOperatorFullMatrix(np.matmul(a, a.T), is_self_adjoint=True,
                                       is_positive_definite=True))  # fmt: skip


def multiples_of_the_identity(tf, np):
    o = tf.linalg
    batch = o.LinearOperatorIdentity(3, batch_shape=[2]), o.LinearOperatorScaledIdentity(
        3, [2.0, -3.0])  # fmt: skip
    return [_facts(tf, np, each) for each in (
        o.LinearOperatorIdentity(3, batch_shape=[], dtype=tf.float64),
        o.LinearOperatorScaledIdentity(3, np.float64(2.0)),
        o.LinearOperatorZeros(3, dtype=tf.float64),
    )] + [run(tf, [each.to_dense(), each.matmul(np.ones([3, 1], np.float32)), each.determinant(),
                   each.diag_part(), each.shape_tensor()]) for each in batch] + [
        error(lambda: o.LinearOperatorIdentity(3, is_self_adjoint=False)),
        error(lambda: o.LinearOperatorIdentity(-3)),
        error(lambda: o.LinearOperatorIdentity(3.0)),
        error(lambda: o.LinearOperatorZeros(3, 2)),
    ]  # fmt: skip


def updates_of_low_rank(tf, np):
    _, _, diag, definite = _some(tf, np)
    u, v = np.arange(6.0).reshape(3, 2) / 5, np.ones([3, 2])
    o = tf.linalg.LinearOperatorLowRankUpdate
    return [_facts(tf, np, each) for each in (
        o(diag, u, [1.0, 2.0] * np.ones(2)), o(definite, u), o(diag, u, v=v),
    )] + [error(lambda: o(diag, u, is_diag_update_positive=False)),
          error(lambda: o(diag, np.ones([4, 2])))]  # fmt: skip


def reflections(tf, np):
    o = tf.linalg.LinearOperatorHouseholder
    return [_facts(tf, np, o(np.float64([1.0, 2.0, 2.0]))), error(lambda: o(1.0)),
            error(lambda: o([1.0], is_positive_definite=True))]  # fmt: skip


def products_and_blocks(tf, np):
    full, lower, diag, _ = _some(tf, np)
    o = tf.linalg
    small = o.LinearOperatorFullMatrix(np.float64([[1.0, 2.0], [3.0, 5.0]]))
    return [
        _facts(tf, np, o.LinearOperatorComposition([full, lower])),
        _facts(tf, np, o.LinearOperatorBlockDiag([small, diag]), 5),
        _facts(tf, np, o.LinearOperatorKronecker([small, lower]), 6),
        error(lambda: o.LinearOperatorComposition([])),
        error(lambda: o.LinearOperatorKronecker([small, o.LinearOperatorDiag([1.0])])),
        error(lambda: o.LinearOperatorBlockDiag([o.LinearOperatorFullMatrix(np.ones([2, 3]))])),
    ]


def convolutions(tf, np):
    o = tf.linalg
    spectrum = np.complex128([6.0, 4.0 + 2.0j, 4.0 - 2.0j])
    return [
        _facts(tf, np, o.LinearOperatorCirculant(spectrum, tf.float64)),
        _facts(tf, np, o.LinearOperatorCirculant2D(np.float64([[6.0, 2.0], [3.0, 1.0]]),
                                                   tf.float64), 4),
        _facts(tf, np, o.LinearOperatorToeplitz(np.float64([1.0, 2.0, 3.0]),
                                                np.float64([1.0, -1.0, 4.0]))),
        run(tf, o.LinearOperatorCirculant(spectrum, tf.float64).convolution_kernel()),
        error(lambda: o.LinearOperatorCirculant([1.0], is_self_adjoint=False)),
        error(lambda: o.LinearOperatorCirculant2D([1.0])),
        error(lambda: o.LinearOperatorToeplitz([1.0, 2.0], [1.0])),
    ]  # fmt: skip


def adjoints_and_inverses(tf, np):
    full, lower, diag, definite = _some(tf, np)
    o = tf.linalg
    made = [full.adjoint(), lower.H, full.inverse(), diag.inverse(), definite.cholesky(),
            o.LinearOperatorAdjoint(full), o.LinearOperatorInversion(lower),
            o.LinearOperatorKronecker([diag, diag]).inverse()]  # fmt: skip
    return [[type(each).__name__, run(tf, each.to_dense())] for each in made] + [
        _facts(tf, np, made[0]), _facts(tf, np, made[2]), diag.adjoint() is diag,
        full.inverse().name, full.adjoint().name, error(lambda: full.cholesky()),
        error(lambda: o.LinearOperatorZeros(3).inverse()),
    ]  # fmt: skip


def products_of_two(tf, np):
    full, lower, diag, _ = _some(tf, np)
    o = tf.linalg
    one = o.LinearOperatorIdentity(3, dtype=tf.float64)
    two = o.LinearOperatorScaledIdentity(3, np.float64(2.0))
    made = [full.matmul(lower), diag.matmul(diag), diag.matmul(lower), lower.matmul(diag),
            one.matmul(full), two.matmul(diag), full.matmul(full, adjoint=True),
            full.solve(lower), full.matmul(o.LinearOperatorZeros(3, dtype=tf.float64))]
    return [[type(each).__name__, each.is_square, each.is_non_singular, run(tf, each.to_dense())]
            for each in made] + [error(lambda: full.matmul(o.LinearOperatorDiag([1.0])))]


def asserted_in_the_run(tf, np):
    full, lower, diag, definite = _some(tf, np)
    o = tf.linalg
    singular = o.LinearOperatorFullMatrix(tf.placeholder_with_default(np.ones([2, 2]), [2, 2]))
    zero = o.LinearOperatorDiag(tf.placeholder_with_default([1.0, 0.0], [2]))
    builds = [
        full.assert_non_singular, singular.assert_non_singular, zero.assert_non_singular,
        definite.assert_positive_definite, diag.assert_non_singular, zero.assert_positive_definite,
        full.assert_positive_definite, definite.assert_self_adjoint, full.assert_self_adjoint,
        lower.assert_non_singular, o.LinearOperatorZeros(2).assert_non_singular,
    ]  # fmt: skip
    return [accepted(tf, build) for build in builds]


def of_a_multiple(tf, np):
    made = tf.linalg.LinearOperatorScaledIdentity(3, [2.0, 4.0], is_positive_definite=True)
    several = [made.inverse(), made.cholesky(), made.adjoint()]
    numbers = tf.constant([1j, 2.0], tf.complex64)
    several.append(tf.linalg.LinearOperatorScaledIdentity(3, numbers).adjoint())
    return [each.name for each in several], run(tf, [each.to_dense() for each in several])


def traces_of_reflections(tf, np):
    make = tf.linalg.LinearOperatorHouseholder
    return run(tf, [make([0.0, 0.0, 0.0]).trace(), make(np.ones([2, 5])).trace(),
                    make([3.0]).trace()])  # fmt: skip


def solutions_of_a_batch(tf, np):
    l = tf.linalg  # noqa: E741
    one = l.LinearOperatorFullMatrix([[2.0, 1.0], [0.0, 4.0]], is_non_singular=True)
    diag = l.LinearOperatorDiag([2.0, 4.0])
    others = [l.LinearOperatorIdentity(2, batch_shape=[3]), l.LinearOperatorZeros(2),
              l.LinearOperatorZeros(2, 3, is_square=False, is_self_adjoint=False), diag]
    made = [each.solve(other) for each in (one, diag) for other in others]
    made += [others[0].solve(one)]
    hints = [[str(each.shape), each.is_square, each.is_non_singular] for each in made]
    return hints, run(tf, [each.to_dense() for each in made])


def of_variables(tf, np):
    l = tf.linalg  # noqa: E741
    v = tf.get_variable("v", initializer=[1.0, 2.0])
    w = tf.get_variable("w", initializer=[[2.0, 0.0], [1.0, 3.0]], trainable=False)
    u = tf.get_variable("u", initializer=[[1.0], [2.0]])
    diag = l.LinearOperatorDiag(v, is_positive_definite=True)
    lower = l.LinearOperatorLowerTriangular(w)
    made = [diag, lower, l.LinearOperatorFullMatrix(w), l.LinearOperatorScaledIdentity(2, v[0]),
            l.LinearOperatorHouseholder(v), l.LinearOperatorLowRankUpdate(diag, u),
            l.LinearOperatorComposition([diag, lower, diag]), l.LinearOperatorInversion(diag)]
    x, names = [[1.0, 2.0], [3.0, 4.0]], lambda some: [each.name for each in some]
    forward = tf.contrib.distributions.bijectors.AffineLinearOperator(scale=diag).forward(x)
    slope = tf.gradients(tf.reduce_sum(forward), v)[0]
    asked = [(each.to_dense(), each.matmul(x), each.log_abs_determinant()) for each in made]
    before = run(tf, [slope, *asked])
    changed = diag.to_dense()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(v.assign([5.0, 6.0]))
        after = sess.run(changed)
    return before, after, diag.diag is v, [[names(each.variables), names(each.trainable_variables)]
                                           for each in made]  # fmt: skip


def updates_that_do_not_fit(tf, np):
    base = tf.linalg.LinearOperatorDiag(tf.ones([4, 3]))
    wrong = [([5, 3, 2], None, None), ([4, 4, 2], None, None), ([4, 3, 2], [4], None),
             ([4, 3, 2], [5, 2], None), ([4, 3, 2], None, [4, 3, 3])]  # fmt: skip
    parts = ["Incompatible shapes for broadcasting: (4,) and (5,)", "(4, 3, 2) and (4, 3, 3)",
             "Dimensions 3 and 4 are not compatible", "Dimensions 2 and 4 are not"]  # fmt: skip

    def build(u, diagonal, v):
        u, diagonal, v = (None if each is None else tf.ones(each) for each in (u, diagonal, v))
        return tf.linalg.LinearOperatorLowRankUpdate(base, u, diag_update=diagonal, v=v)

    found = [said(lambda each=each: build(*each), *parts) for each in wrong]
    return [*found, said(lambda: base.matmul(tf.ones([4, 2])), *parts),
            said(lambda: base.solvevec(tf.ones([4])), *parts)]  # fmt: skip
