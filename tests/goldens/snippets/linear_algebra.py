"""Linear algebra: values, gradients, shapes, errors."""

from goldens.kit import error, run, shape

A = [[4.0, 1.0, -0.5], [0.5, 3.0, 1.5], [-1.0, 0.25, 2.0]]
B = [[1.0, 2.0], [-1.0, 0.5], [3.0, -2.0]]


def _matrices(np, dtype=None):
    a = np.array(A, dtype or np.float64)
    return np.stack([a, a.T + 0.5, a @ a])


def _definite(np):
    a = _matrices(np)
    return a @ a.swapaxes(1, 2)


def _right(np):
    b = np.array(B)
    return np.stack([b, -b, b * b])


def _weights(np, *sizes):
    count = int(np.prod(sizes))
    return np.cos(np.arange(count) ** 2 * 0.37 + 0.2).reshape(sizes)


def _with_gradients(tf, np, build, *arrays):
    """The values, and the gradients of a weighted sum of them."""
    x = [tf.constant(array) for array in arrays]
    y = build(*x)
    total = tf.reduce_sum(y * _weights(np, *y.shape.as_list()))
    return run(tf, [y, *tf.gradients(total, x)])


def inverses(tf, np):
    a = _matrices(np)
    found = [_with_gradients(tf, np, tf.matrix_inverse, a),
             run(tf, tf.matrix_inverse(a, adjoint=True)),
             run(tf, tf.linalg.inv(a.astype(np.float32)))]  # fmt: skip
    z = tf.constant((a + 1j * a.swapaxes(1, 2)).astype(np.complex64))
    inverse = tf.matrix_inverse(z)
    return [*found, *run(tf, [inverse, tf.gradients(tf.abs(inverse), z)[0]])]


def determinants(tf, np):
    a = _matrices(np)
    z = tf.constant((a + 1j * a.swapaxes(1, 2)).astype(np.complex64))
    sign, logarithm = tf.linalg.slogdet(-a)
    x = tf.constant(-a)
    return [
        _with_gradients(tf, np, tf.matrix_determinant, a),
        run(tf, [sign, logarithm, tf.gradients(tf.linalg.slogdet(x)[1], x)[0]]),
        run(tf, [tf.matrix_determinant(z), *tf.linalg.slogdet(z)]),
        run(tf, tf.gradients(tf.abs(tf.linalg.det(z)), z)),
        _with_gradients(tf, np, tf.linalg.logdet, _definite(np)),
        list(tf.linalg.slogdet(x)._fields),
    ]


def cholesky(tf, np):
    m = _definite(np)
    above = np.triu(np.ones((3, 3)), 1)
    return [
        _with_gradients(tf, np, tf.cholesky, m),
        run(tf, tf.cholesky((m + 7 * above).astype(np.float32))),
        _with_gradients(tf, np, lambda a, b: tf.cholesky_solve(tf.cholesky(a), b), m, _right(np)),
        error(lambda: run(tf, tf.cholesky(-m))),
        error(lambda: tf.cholesky(tf.zeros([2, 3]))),
        error(lambda: tf.cholesky(tf.zeros([3]))),
        shape(tf.cholesky(tf.placeholder(tf.float32, [None, 3, None]))),
    ]


def complex_cholesky(tf, np):
    a = _matrices(np)
    z = a + 1j * a.swapaxes(1, 2)
    z = (z @ z.conj().swapaxes(1, 2)).astype(np.complex64)
    return run(tf, [tf.cholesky(z), tf.linalg.logdet(z)])


def solving(tf, np):
    a, b = _matrices(np), _right(np)
    found = []
    for adjoint in (False, True):
        found.append(
            _with_gradients(
                tf, np, lambda x, y, how=adjoint: tf.matrix_solve(x, y, adjoint=how), a, b
            )
        )
        for lower in (False, True):
            how = {"lower": lower, "adjoint": adjoint}
            found.append(
                _with_gradients(
                    tf, np, lambda x, y, how=how: tf.matrix_triangular_solve(x, y, **how), a, b
                )
            )
    return found


def solving_errors(tf, np):
    a, b = _matrices(np), _right(np)
    singular = np.ones((2, 2))
    return [
        error(lambda: run(tf, tf.matrix_solve(singular, singular))),
        error(lambda: run(tf, tf.matrix_inverse(singular))),
        error(lambda: run(tf, tf.matrix_triangular_solve(np.zeros((2, 2)), singular))),
        error(lambda: tf.matrix_solve(a, b[0])),
        error(lambda: tf.matrix_solve(a, b[:, :2])),
        error(lambda: tf.matrix_solve(tf.zeros([2, 3]), tf.zeros([2, 1]))),
        shape(tf.matrix_solve(tf.placeholder(tf.float32), tf.placeholder(tf.float32, [2, 2]))),
        shape(tf.matrix_solve(tf.placeholder(tf.float32, [None, 2, 2]),
                              tf.placeholder(tf.float32, [4, None, 3]))),
    ]  # fmt: skip


def least_squares(tf, np):
    tall, right = _weights(np, 2, 4, 3), _weights(np, 2, 4, 2) + 0.5
    broad, short = tall.swapaxes(1, 2), right[:, :3]
    found = []
    for a, b in ((tall, right), (broad, short)):
        for weight in (0.0, 0.3):
            found.append(
                _with_gradients(tf, np, lambda x, y, w=weight: tf.matrix_solve_ls(x, y, w), a, b)
            )
        found.append(run(tf, tf.matrix_solve_ls(a, b, fast=False)))
    deficient = np.stack([np.ones((3, 2))] * 2)
    found.append(run(tf, tf.linalg.lstsq(deficient, _right(np)[:2], fast=False)))
    x = tf.constant(tall)
    slow = tf.matrix_solve_ls(x, right, fast=False)
    return [*found, error(lambda: tf.gradients(slow, x))]


def eigenvalues(tf, np):
    m = _definite(np)
    e, v = tf.self_adjoint_eig(m)
    x = tf.constant(m)
    values, vectors = tf.self_adjoint_eig(x)
    total = tf.reduce_sum(values * [1.0, -2.0, 0.5]) + tf.reduce_sum(vectors**2 * [[1.0], [2], [4]])
    back = tf.matmul(v * e[:, None], v, transpose_b=True)
    return [
        *run(tf, [e, tf.abs(v), back, tf.gradients(total, x)[0]]),
        _with_gradients(tf, np, tf.self_adjoint_eigvals, m),
        shape(tf.self_adjoint_eigvals(tf.placeholder(tf.float32, [None, 4, 4]))),
        error(lambda: tf.self_adjoint_eig(tf.zeros([2, 3]))),
        run(tf, tf.self_adjoint_eigvals(m + 1j * np.triu(m, 1))),
    ]


def singular_values(tf, np):
    found = []
    for sizes in ((2, 3, 3), (2, 4, 3), (2, 3, 4)):
        a = tf.constant(_weights(np, *sizes) + np.eye(*sizes[1:]))
        for full in (False, True):
            s, u, v = tf.svd(a, full_matrices=full)
            inner = [tf.abs(y[..., :, :3]) for y in (u, v)]
            total = tf.reduce_sum(s * [1.0, 2, -1]) + tf.reduce_sum(u[..., :3] ** 2 * [1.0, 2, 3])
            found.append([run(tf, [s, *inner]), [shape(y) for y in (s, u, v)],
                          run(tf, tf.gradients(total, a))])  # fmt: skip
        found.append(_with_gradients(tf, np, lambda x: tf.svd(x, compute_uv=False),
                                     _weights(np, *sizes) + np.eye(*sizes[1:])))  # fmt: skip
    unknown = tf.placeholder(tf.float32, [None, 2])
    return [*found, [shape(y) for y in tf.svd(unknown)], shape(tf.svd(unknown, compute_uv=False)),
            error(lambda: tf.gradients(tf.svd(unknown)[1], unknown)),
            run(tf, tf.svd(np.array(A, np.complex64) * (1 + 2j), compute_uv=False))]  # fmt: skip


def factors(tf, np):
    a = tf.constant(_weights(np, 2, 4, 3) + np.eye(4, 3))
    q, r = tf.qr(a)
    slope = tf.gradients(tf.reduce_sum(tf.square(q)[..., 0]) + tf.reduce_sum(tf.square(r)), a)[0]
    found = run(tf, [tf.abs(q), tf.abs(r), tf.matmul(q, r), slope])
    full = tf.qr(a, full_matrices=True)
    lu, p = tf.linalg.lu(_matrices(np))
    unknown = tf.placeholder(tf.float32, [None, 3])
    return [
        *found, [shape(y) for y in full], run(tf, [lu, p]), list(tf.linalg.lu(A)._fields),
        list(tf.qr(A)._fields), run(tf, tf.linalg.lu(A, tf.int64).p),
        error(lambda: run(tf, tf.linalg.lu(np.ones((2, 2))))),
        error(lambda: tf.gradients(full.q, a)),
        error(lambda: tf.gradients(tf.qr(unknown), unknown)),
        error(lambda: tf.gradients(tf.linalg.lu(a[:, :3]).lu, a)),
    ]  # fmt: skip


def functions_of_matrices(tf, np):
    m, a = _definite(np), _matrices(np)
    general = np.stack([a[0], a[1]])
    found = [
        _with_gradients(tf, np, tf.matrix_square_root, general),
        run(tf, tf.linalg.sqrtm(m.astype(np.float32))),
        run(tf, tf.linalg.logm(general.astype(np.complex128))),
        run(tf, tf.linalg.logm(np.array([[1, 1], [0, 1]], np.complex64))),
        run(tf, tf.linalg.sqrtm(np.array([[0, 1], [-1, 0]], np.complex64))),
        error(lambda: tf.linalg.logm(m)),
        run(tf, tf.linalg.expm([[0.0, 1.0], [0.0, 0.0]])),
        run(tf, tf.linalg.expm((a[0] / 4 + 1j * np.eye(3)).astype(np.complex64))),
    ]
    for scale in (0.001, 0.1, 1.0, 4.0):
        found.append(_with_gradients(tf, np, tf.linalg.expm, a[:2] * scale))
    return found


def bands(tf, np):
    x = _weights(np, 2, 3, 4)
    bands = ((-1, 0), (0, -1), (1, 1), (0, 0), (-1, -1), (2, 0), (3, 4))
    found = [run(tf, tf.matrix_band_part(x, *n)) for n in bands]
    integers = run(tf, tf.linalg.band_part(np.arange(9).reshape(3, 3), 1, 0))
    return [*found, integers, _with_gradients(tf, np, lambda y: tf.matrix_band_part(y, 1, 0), x),
            error(lambda: run(tf, tf.matrix_band_part(x, 4, 0))),
            error(lambda: tf.matrix_band_part([1.0], 0, 0)),
            shape(tf.matrix_band_part(tf.placeholder(tf.float32, [None, 2]), 0, 0)),
            tf.matrix_band_part(x, 0, 0).op.type]  # fmt: skip


def diagonals(tf, np):
    x = tf.constant(np.arange(12.0).reshape(2, 2, 3))
    return [
        *run(tf, [tf.trace(x), tf.linalg.trace(x[0]), tf.matrix_diag_part(x), tf.matrix_diag(x[0]),
                  tf.matrix_set_diag(x, [[7.0, 8.0], [9.0, 1.0]]), tf.linalg.tensor_diag([1, 2]),
                  tf.linalg.tensor_diag_part(np.eye(3)), tf.eye(2, 3, [2]),
                  tf.linalg.eye(2, dtype=tf.int32), tf.linalg.adjoint([[1 + 1j, 2], [3, 4]]),
                  tf.matrix_transpose(x), tf.linalg.matvec(x, np.array([[1.0, 2, 3], [4, 5, 6]])),
                  tf.linalg.transpose(x)]),
        _with_gradients(tf, np, tf.trace, _matrices(np)),
        _with_gradients(tf, np, tf.linalg.matvec, _matrices(np), _right(np)[:, :, 0]),
        tf.matrix_diag([1.0]).name, tf.matrix_diag_part(x).name,
        tf.matrix_set_diag(x, x[:, 0, :2]).name,
    ]  # fmt: skip


def tridiagonals(tf, np):
    d = _weights(np, 2, 3, 4) + np.array([[0], [3], [0]])
    b = _weights(np, 2, 4, 2)
    found = [_with_gradients(tf, np, tf.linalg.tridiagonal_solve, d, b),
             _with_gradients(tf, np, tf.linalg.tridiagonal_matmul, d, b)]  # fmt: skip
    d, b = tf.constant(d), tf.constant(b)
    parts = [d[:, 0], d[:, 1], d[:, 2]]
    whole = tf.constant(np.array([[2.0, 1, 0], [3, 4, 1], [0, 1, 5]]))
    solve, multiply = tf.linalg.tridiagonal_solve, tf.linalg.tridiagonal_matmul
    return [
        *found,
        run(tf, [solve(parts, b, "sequence"), solve(whole, b[0, :3], "matrix"),
                 multiply(parts, b, "sequence"), multiply(whole, b[0, :3], "matrix"),
                 solve([d[:, 0, :3], d[:, 1], d[:, 2, 1:]], b, "sequence"),
                 solve(d, b[:, :, 0]), solve(d, tf.matrix_transpose(b), transpose_rhs=True)]),
        error(lambda: solve(d, b, "other")), error(lambda: solve(d, b[:, :3])),
        error(lambda: multiply(d, b, "other")),
    ]  # fmt: skip


def norms(tf, np):
    x = tf.constant(_weights(np, 2, 3, 4))
    found = []
    for ord in ("euclidean", 1, 2, np.inf, 3, 0.5):
        for axis in (None, 1, -1):
            found.append(run(tf, tf.norm(x, ord, axis)))
    for ord in ("euclidean", "fro", 1, 2, np.inf):
        for axis in ((0, 1), (-2, -1), (2, 0)):
            found.append(run(tf, [tf.norm(x, ord, axis), tf.norm(x, ord, axis, keepdims=True)]))
    return [
        *found, run(tf, tf.gradients(tf.norm(x, 2, (1, 2)), x)),
        *run(tf, [tf.linalg.normalize(x, axis=1), tf.linalg.normalize(x, 1)]),
        run(tf, [tf.linalg.l2_normalize(x, 1), tf.linalg.global_norm([x, x])]),
        [error(lambda a=a: tf.norm(x, *a)) for a in (("fro", 1), (0, 1), (3, (0, 1)), (2, (1, 1)))],
    ]  # fmt: skip


def pseudoinverses(tf, np):
    a = _weights(np, 2, 4, 3)
    flat = np.ones((3, 2))
    return [
        _with_gradients(tf, np, tf.linalg.pinv, a),
        run(tf, [tf.linalg.pinv(flat), tf.linalg.matrix_rank(a), tf.linalg.matrix_rank(flat),
                 tf.linalg.matrix_rank(np.diag([1.0, 0.1]), tol=0.5),
                 tf.linalg.pinv(np.diag([1.0, 0.1]), rcond=0.5)]),
        error(lambda: tf.linalg.pinv([1.0])), error(lambda: tf.linalg.pinv([[1, 2]])),
    ]  # fmt: skip


def einsums(tf, np):
    a, b, c = _weights(np, 2, 3), _weights(np, 3, 4), _weights(np, 5, 2, 3)
    square = _weights(np, 3, 3)
    cases = [
        ("ij,jk->ik", a, b), ("ij,jk", a, b), ("ij->ji", a), ("ij->", a), ("ij->j", a), ("ij", a),
        ("ji", a), ("ij,kij->k", a, c), ("bij,bij->b", c, c), ("bij,bik->bjk", c, c),
        ("i,j->ij", a[0], b[0]), ("ij,ij,ij->j", a, a, a), ("ij,jk,bij->bk", a, b, c),
        ("ii", square), ("...ij,jk->...ik", c, b), ("...,...->...", a, a), ("i...->...", c),
        ("bij,jk->bki", c, b), ("ab,ba->ab", square, square), ("i,i->", a[0], a[1]),
        (" i j , j k -> i k ", a, b), ("...ij->...ji", c), ("ijk,lk->lij", c, a),
    ]  # fmt: skip
    found = []
    for equation, *arrays in cases:
        x = [tf.constant(array) for array in arrays]
        y = tf.einsum(equation, *x)
        found.append([shape(y), run(tf, [y, *tf.gradients(y * y, x)])])
    return found


def einsum_errors(tf, np):
    a, b = tf.zeros([2, 3]), tf.zeros([3, 4])
    cases = [
        ("ij,jk->ik", a), ("ij->ik", a), ("iij->ij", tf.zeros([2, 2, 3])), ("ij,jk->il", a, b),
        ("i-j", a), ("ijk->i", a), ("ij,kj->ik", a, b), ("ij.,jk->ik", a, b),
        ("ii->i", tf.zeros([2, 2])), ("...i...->i", a), ("i1->i", a),
    ]  # fmt: skip
    found = [error(lambda c=case: tf.einsum(c[0], *c[1:])) for case in cases]
    return [*found, error(lambda: tf.einsum("ij->ji", a, axis=1)),
            error(lambda: tf.einsum("ij->ji", tf.placeholder(tf.float32)))]  # fmt: skip


def einsum_of_unknown_sizes(tf, np):
    x, y = tf.placeholder(tf.float64, [None, 3]), tf.placeholder(tf.float64, [3, None])
    z = tf.einsum("ij,jk->ki", x, y)
    b = tf.placeholder(tf.float64, [None, None, 3])
    w = tf.einsum("bij,jk->bik", b, y)
    feed = {x: _weights(np, 2, 3), y: _weights(np, 3, 4), b: _weights(np, 5, 2, 3)}
    return [shape(z), shape(w), run(tf, [z, w], feed)]


def tensordots(tf, np):
    a, b = _weights(np, 2, 3, 4), _weights(np, 4, 3, 5)
    x = tf.placeholder(tf.float64)
    found = run(tf, [tf.tensordot(a, b, 1), tf.tensordot(a, b, [[1, 2], [1, 0]]),
                     tf.tensordot(a, b, [[2], [0]]), tf.tensordot(a, b, 0),
                     tf.tensordot(a, b, [2, 0]), tf.tensordot(a, b, [[-1], [0]])])  # fmt: skip
    unknown = run(tf, [tf.tensordot(x, b, 1), tf.tensordot(x, b, [[1, 2], [1, 0]])], {x: a})
    dynamic = run(tf, tf.tensordot(a, b, tf.constant([[1, 2], [1, 0]])))
    return [*found, *unknown, dynamic, error(lambda: tf.tensordot(a, b, [[1], [1, 0]])),
            error(lambda: tf.tensordot(a, b, -1)), error(lambda: tf.tensordot(a, b, 4)),
            error(lambda: tf.tensordot(a, b, [1, 2, 3]))]  # fmt: skip


def singular_values_of_what_is_not_finite(tf, np):
    x = tf.placeholder(tf.float32, [2, 4, 3])
    value = np.arange(24, dtype=np.float32).reshape(2, 4, 3) ** 0.5
    found = []
    with tf.Session() as sess:
        for bad in (np.nan, np.inf):
            value[1, 0, 0] = bad
            found.append(sess.run(tf.svd(x, compute_uv=False), {x: value}))
            s, u, _ = sess.run(tf.svd(x), {x: value})
            found += [s, np.round(np.abs(u[0]), 2)]
    return found
