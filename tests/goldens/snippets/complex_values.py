"""Complex numbers through all that takes them, and their gradients."""

from goldens.kit import attempt, error, run

UNARY = [
    "abs", "acosh", "angle", "asinh", "atanh", "conj", "cos", "cosh", "exp", "expm1", "imag", "log",
    "log1p", "negative", "real", "reciprocal", "reciprocal_no_nan", "rsqrt", "sigmoid", "sign",
    "sin", "sinh", "sqrt", "square", "tan", "tanh",
]  # fmt: skip
BINARY = [
    "add", "divide", "divide_no_nan", "equal", "multiply", "not_equal", "pow",
    "squared_difference", "subtract", "xdivy", "xlogy",
]  # fmt: skip


def _values(np, dtype):
    return np.array([1 + 2j, -0.5 + 0.25j, 0.3 - 0.7j, -1.5 - 1j], dtype)


def unary_complex64(tf, np):
    z = tf.constant(_values(np, np.complex64))
    return {name: attempt(lambda n=name: run(tf, getattr(tf.math, n)(z))) for name in UNARY}


def unary_complex128(tf, np):
    z = tf.constant(_values(np, np.complex128))
    return {name: attempt(lambda n=name: run(tf, getattr(tf.math, n)(z))) for name in UNARY}


def unary_gradients(tf, np):
    z = tf.constant(_values(np, np.complex128))
    found = {}
    for name in UNARY:
        y = getattr(tf.math, name)(z)
        start = np.array([1 - 1j, 2, 3j, 0.5], y.dtype.as_numpy_dtype) if y.dtype.is_complex else 1
        start = tf.constant(start, y.dtype) if y.dtype.is_complex else tf.ones([4], y.dtype)
        found[name] = run(tf, tf.gradients(y, z, start))
    return found


def binary(tf, np):
    a = tf.constant(_values(np, np.complex64))
    b = tf.constant(_values(np, np.complex64)[:, None] * (1 - 2j))
    found = {name: run(tf, getattr(tf.math, name)(a, b)) for name in BINARY}
    return [found, error(lambda: tf.less(a, b)), error(lambda: tf.maximum(a, b))]


def binary_gradients(tf, np):
    found = {}
    for name in ("add", "divide", "divide_no_nan", "multiply", "pow", "subtract"):
        a = tf.constant(_values(np, np.complex128))
        b = tf.constant(_values(np, np.complex128)[:, None] * (1 - 2j))
        y = tf.abs(getattr(tf.math, name)(a, b))
        found[name] = run(tf, tf.gradients(y, [a, b]))
    return found


def making(tf, np):
    x, y = tf.constant([1.0, 2.0]), tf.constant([[3.0], [4.0]])
    z = tf.complex(x, y)
    slopes = tf.gradients(tf.abs(z), [x, y])
    return [
        *run(tf, [z, slopes, tf.complex(tf.cast(x, tf.float64), tf.cast(x, tf.float64))]),
        z.op.type,
        error(lambda: tf.complex(x, tf.cast(y, tf.float64))),
        error(lambda: tf.complex([1], [2])),
    ]


def parts_of_real_numbers(tf, np):
    return run(tf, [tf.real([-1.0, 2.0]), tf.imag([-1.0, 2.0]), tf.angle([-1.0, 2.0]),
                    tf.conj([1.0, 2.0]), tf.real([1, 2])])  # fmt: skip


def reductions(tf, np):
    z = tf.constant(_values(np, np.complex64).reshape(2, 2))
    found = run(
        tf,
        [
            tf.reduce_sum(z, 0), tf.reduce_mean(z), tf.reduce_prod(z, 1), tf.cumsum(z, 1),
            tf.cumprod(z, 0, reverse=True), tf.norm(z), tf.math.reduce_euclidean_norm(z, 1),
            tf.add_n([z, z]), tf.math.count_nonzero(z), tf.math.reduce_variance(z),
        ],
    )  # fmt: skip
    slopes = [tf.abs(tf.reduce_prod(z)), tf.abs(tf.reduce_mean(z)), tf.abs(tf.cumprod(z, 1)),
              tf.abs(tf.norm(z))]  # fmt: skip
    return [found, run(tf, [tf.gradients(y, z)[0] for y in slopes])]


def products(tf, np):
    a = tf.constant(_values(np, np.complex64).reshape(2, 2))
    b = tf.constant((_values(np, np.complex64) * (2 - 1j)).reshape(2, 2))
    found = []
    for options in ({}, {"transpose_a": True}, {"adjoint_a": True}, {"adjoint_b": True},
                    {"transpose_b": True, "adjoint_a": True}):  # fmt: skip
        for left, right in ((a, b), (a[None], b[None])):
            c = tf.matmul(left, right, **options)
            found.append(run(tf, [c, *tf.gradients(tf.abs(c), [a, b])]))
    return found


def casts(tf, np):
    z = tf.constant(_values(np, np.complex64))
    back = tf.gradients(tf.cast(z, tf.float32), z)[0]
    x = tf.constant([1.0, 2.0])
    there = tf.gradients(tf.abs(tf.cast(x, tf.complex64) * (1 + 1j)), x)[0]
    return run(tf, [tf.cast(z, tf.float32), tf.cast(z, tf.complex128), tf.cast(z, tf.int32), back,
                    there, tf.cast([1, 2], tf.complex64), tf.cast(z, tf.bool)])  # fmt: skip


def moving(tf, np):
    z = tf.constant(_values(np, np.complex64).reshape(2, 2))
    y = [tf.transpose(z, conjugate=True), tf.concat([z, z], 0), tf.pad(z, [[1, 0], [0, 1]]),
         tf.gather(z, [1, 0, 1]), tf.tile(z, [2, 1]), tf.reverse(z, [1]), z[:, ::-1],
         tf.matrix_diag(z[0]), tf.where([[True, False], [False, True]], z, tf.conj(z))]  # fmt: skip
    slopes = [tf.gradients(tf.abs(each), z)[0] for each in y]
    return run(tf, [y, slopes])


def trace_and_einsum(tf, np):
    z = tf.constant(_values(np, np.complex64).reshape(2, 2))
    y = [tf.trace(z), tf.einsum("ij,jk->ik", z, tf.conj(z)), tf.tensordot(z, z, 1)]
    return run(tf, [y, [tf.gradients(tf.abs(each), z)[0] for each in y]])
