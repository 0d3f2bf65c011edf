"""Rows of the table of tests/cases.py for mathematics: functions, matrices, transforms."""
import functools
import math

import numpy as np
from cases import away, complexes, ints, positive, raw, real, row, scene, unit

import minitf as tf

# -- complex numbers ------------------------------------------------------------------------------

row("Complex", tf.complex, real(2, 3), real(3, key=1), want=lambda x, y: x + 1j * y, grad=False)
row("Sign", tf.sign, complexes(5), want=lambda z: z / abs(z), grad=False)
row("ComplexAbs", lambda x, y: tf.abs(tf.complex(x, y)), unit(3), unit(3, key=1), want=np.hypot)
row("Real", tf.real, complexes(5), want=np.real, grad=False)
row("Imag", tf.imag, complexes(5), want=np.imag, grad=False)
row("Angle", tf.angle, complexes(5), want=np.angle, grad=False)
for op, function, reference in (
    ("Real", tf.real, np.real), ("Imag", tf.imag, np.imag), ("Angle", tf.angle, np.angle),
    ("Conj", lambda z: tf.imag(tf.conj(z)), lambda z: -z.imag),
    ("Mul", lambda z: tf.imag(z * z * (1 + 2j)), lambda z: (z * z * (1 + 2j)).imag),
    ("RealDiv", lambda z: tf.imag((1 + 2j) / z), lambda z: ((1 + 2j) / z).imag),
    ("Exp", lambda z: tf.imag(tf.exp(z)), lambda z: np.exp(z).imag),
    ("Expm1", lambda z: tf.imag(tf.expm1(z)), lambda z: np.exp(z).imag),
    ("Log", lambda z: tf.imag(tf.log(z)), lambda z: np.log(z).imag),
    ("Log1p", lambda z: tf.imag(tf.log1p(z)), lambda z: np.log1p(z).imag),
    ("Sqrt", lambda z: tf.imag(tf.sqrt(z)), lambda z: np.sqrt(z).imag),
    ("Rsqrt", lambda z: tf.imag(tf.rsqrt(z)), lambda z: (1 / np.sqrt(z)).imag),
    ("Reciprocal", lambda z: tf.imag(tf.reciprocal(z)), lambda z: (1 / z).imag),
    ("Square", lambda z: tf.imag(tf.square(z)), lambda z: (z * z).imag),
    ("Sin", lambda z: tf.imag(tf.sin(z)), lambda z: np.sin(z).imag),
    ("Cos", lambda z: tf.imag(tf.cos(z)), lambda z: np.cos(z).imag),
    ("Tan", lambda z: tf.imag(tf.tan(z)), lambda z: np.tan(z).imag),
    ("Sinh", lambda z: tf.imag(tf.sinh(z)), lambda z: np.sinh(z).imag),
    ("Cosh", lambda z: tf.imag(tf.cosh(z)), lambda z: np.cosh(z).imag),
    ("Tanh", lambda z: tf.imag(tf.tanh(z)), lambda z: np.tanh(z).imag),
    ("Asinh", lambda z: tf.imag(tf.asinh(z)), lambda z: np.arcsinh(z).imag),
    ("Acosh", lambda z: tf.imag(tf.acosh(z)), lambda z: np.arccosh(z).imag),
    ("Atanh", lambda z: tf.imag(tf.atanh(z)), lambda z: np.arctanh(z).imag),
    ("Sigmoid", lambda z: tf.imag(tf.sigmoid(z)), lambda z: (1 / (1 + np.exp(-z))).imag),
    ("Pow", lambda z: tf.imag(tf.pow(z, z + 1.5j)), lambda z: (z ** (z + 1.5j)).imag),
    ("SquaredDifference", lambda z: tf.real(tf.squared_difference(z, 1j * z + 1)),
     lambda z: abs(z - 1j * z - 1) ** 2),
    ("Prod", lambda z: tf.imag(tf.reduce_prod(z, [0])), lambda z: z.prod(0).imag),
    ("Xlogy", lambda z: tf.imag(tf.math.xlogy(z, z)), lambda z: (z * np.log(z)).imag),
    ("Xdivy", lambda z: tf.imag(tf.math.xdivy(z + 1, z)), lambda z: ((z + 1) / z).imag),
    ("DivNoNan", lambda z: tf.imag(tf.div_no_nan(z + 1, z)), lambda z: ((z + 1) / z).imag),
    ("MatMul", lambda z: tf.imag(tf.matmul(z, z, transpose_b=True)), lambda z: (z @ z.T).imag),
    ("BatchMatMulV2", lambda z: tf.imag(tf.matmul(z[None], z[None], adjoint_b=True)),
     lambda z: (z @ z.conj().T).imag[None]),
    ("Cast", lambda z: tf.cast(z, tf.float64), np.real),
):  # fmt: skip
    # The derivatives by the parts of z: those that a complex gradient has to give.
    row(op, lambda x, y, function=function: function(tf.complex(x, y)), unit(2, 2),
        unit(2, 2, key=1), want=lambda x, y, reference=reference: reference(x + 1j * y),
        ranked=True)  # fmt: skip

# -- element-wise functions -----------------------------------------------------------------------

row("Asinh", tf.asinh, real(5), want=np.arcsinh)
row("Acosh", tf.acosh, positive(5) + 1, want=np.arccosh)
row("Atanh", tf.atanh, unit(5), want=np.arctanh)
row("Xlogy", tf.math.xlogy, away(2, 3), positive(3), want=lambda x, y: x * np.log(y))
row("Xlogy", tf.math.xlogy, np.zeros(3), real(3), want=lambda x, y: 0 * x, grad=False)
row("Xdivy", tf.math.xdivy, away(2, 3), positive(3), want=np.divide)
row("Xdivy", tf.math.xdivy, np.zeros(3), np.zeros(3), want=lambda x, y: x, grad=False)
row("MulNoNan", tf.math.multiply_no_nan, real(2, 3), positive(3), want=np.multiply)
row("MulNoNan", tf.math.multiply_no_nan, np.array([np.inf, np.nan]), np.zeros(2),
    want=lambda x, y: y, grad=False)  # fmt: skip
row("NextAfter", tf.math.nextafter, real(5), real(5, key=1), want=np.nextafter, grad=False)
row("ApproximateEqual", raw("ApproximateEqual"), np.zeros(5),
    np.array([0, 1e-6, -1e-4, 1, -2]),
    want=lambda x, y: abs(x - y) < 1e-5, grad=False)  # fmt: skip
row("Cross", tf.cross, real(2, 3), real(2, 3, key=1), want=np.cross)
row("Cross", tf.cross, ints(3), ints(3, key=1), want=np.cross)
BITS = ints(3, 5), ints(5, key=1)
row("BitwiseAnd", tf.bitwise.bitwise_and, *BITS, want=np.bitwise_and)
row("BitwiseOr", tf.bitwise.bitwise_or, *BITS, want=np.bitwise_or)
row("BitwiseXor", tf.bitwise.bitwise_xor, *BITS, want=np.bitwise_xor)
row("BitwiseXor", tf.bitwise.bitwise_xor, np.uint8([7, 255]), np.uint8([2, 1]), want=np.bitwise_xor)
row("Invert", tf.bitwise.invert, ints(5), want=np.invert)
SHIFTS = ints(5, low=0)
row("LeftShift", tf.bitwise.left_shift, BITS[0], SHIFTS, want=np.left_shift)
row("LeftShift", tf.bitwise.left_shift, np.int8([-8, 8]), np.int8([-1, 9]),
    want=lambda x, y: [-8, 0])  # fmt: skip
row("RightShift", tf.bitwise.right_shift, BITS[0], SHIFTS, want=np.right_shift)
row("RightShift", tf.bitwise.right_shift, np.int32([-8, 8]), np.int32([40, 70]),
    want=lambda x, y: [-1, 0])  # fmt: skip
row("PopulationCount", raw("PopulationCount"), ints(5),
    want=lambda x: [int(n).bit_count() for n in x.view(np.uint32)])  # fmt: skip
row("PopulationCount", raw("PopulationCount"), np.uint64([0, 1, 2**64 - 1]),
    want=lambda x: [0, 1, 64])  # fmt: skip

# -- special functions ----------------------------------------------------------------------------

# P(1, x) = 1 - exp(-x), P(1/2, x) = erf(sqrt(x)), P(3, x) = 1 - exp(-x) (1 + x + x**2 / 2)
OF_X = np.array([0.1, 0.7, 1.5, 4.0, 30.0])
row("Igamma", lambda x: tf.igamma(tf.ones_like(x), x), OF_X, want=lambda x: -np.expm1(-x))
row("Igamma", lambda x: tf.igamma(tf.ones_like(x) / 2, x), OF_X,
    want=lambda x: [math.erf(math.sqrt(t)) for t in x], tolerance=1e-13)  # fmt: skip
row("Igamma", tf.igamma, np.array([[0.3], [5.0]]), positive(3), grad=True, second=False,
    want=lambda a, x: np.vectorize(lower_gamma)(a, x), tolerance=1e-12)  # fmt: skip
row("Igammac", lambda x: tf.igammac(3 * tf.ones_like(x), x), OF_X,
    want=lambda x: np.exp(-x) * (1 + x + x * x / 2), tolerance=1e-13)  # fmt: skip
row("Igammac", tf.igammac, positive(4), np.array([0.2, 3.0, 9.0, 40.0]), second=False,
    want=lambda a, x: 1 - np.vectorize(lower_gamma)(a, x), tolerance=1e-12)  # fmt: skip
row("IgammaGradA", raw("IgammaGradA"), np.array([0.5, 1.5, 4.0]), np.array([0.7, 3.0, 2.0]),
    want=lambda a, x: (np.vectorize(lower_gamma)(a + 1e-5, x)
                       - np.vectorize(lower_gamma)(a - 1e-5, x)) / 2e-5, grad=False)  # fmt: skip

# The quantile function's slope by a, for gamma(1, x): P(a, x) stays, P's slope by x being exp(-x).
row("RandomGammaGrad", raw("RandomGammaGrad"), np.array([1.0, 2.5, 0.4]), np.array([0.7, 3.0, 0.2]),
    want=lambda a, x: -(np.vectorize(lower_gamma)(a + 1e-5, x)
                        - np.vectorize(lower_gamma)(a - 1e-5, x))
    / (np.vectorize(lower_gamma)(a, x + 1e-5) - np.vectorize(lower_gamma)(a, x - 1e-5)),
    grad=False)  # fmt: skip


def lower_gamma(a, x):
    """P(a, x) by its power series, with alternating signs: DLMF 8.7.1."""
    terms = ((-x) ** k / math.factorial(k) / (a + k) for k in range(140))
    value = x**a / math.gamma(a) * math.fsum(terms) if x < 12 else None
    return 1 - upper_gamma(a, x) if value is None else value


def upper_gamma(a, x):
    """Q(a, x) by its fraction, from the end: DLMF 8.9.2."""
    value = 0.0
    for k in range(500, 0, -1):
        value = k * (k - a) / (x + 2 * k + 1 - a - value)
    return x**a * math.exp(-x) / math.gamma(a) / (x + 1 - a - value)


row("Zeta", lambda x: tf.zeta(tf.ones_like(x) * 2, x), np.array([1.0, 0.5, 2.0]),
    want=lambda x: [math.pi**2 / 6, math.pi**2 / 2, math.pi**2 / 6 - 1])  # fmt: skip
row("Zeta", lambda x, q: tf.zeta(x, q), np.array([4.0, 6.0]), np.ones(2), grad=False,
    want=lambda x, q: [math.pi**4 / 90, math.pi**6 / 945], tolerance=1e-14)  # fmt: skip
# I(a, 1) = x**a, I(1, b) = 1 - (1 - x)**b
row("Betainc", lambda x: tf.betainc(tf.ones_like(x) * 2.5, tf.ones_like(x), x),
    positive(5) / 3, want=lambda x: x**2.5, tolerance=1e-13)  # fmt: skip
row("Betainc", lambda x: tf.betainc(tf.ones([], x.dtype), 3 * tf.ones([], x.dtype), x),
    positive(5) / 3, want=lambda x: 1 - (1 - x) ** 3, tolerance=1e-13)  # fmt: skip


def bessel(order):
    """exp(-|x|) I(order, |x|) as the mean over angles: the trapezium rule is exact for it."""
    angles = (np.arange(400) + 0.5) * np.pi / 400

    def of(x):
        size = np.abs(x)[..., None]
        return np.mean(np.exp(size * (np.cos(angles) - 1)) * np.cos(order * angles), -1)

    return of


FAR = np.array([-30.0, -3.0, 0.5, 19.9, 20.1, 300.0])
row("BesselI0e", tf.math.bessel_i0e, FAR, want=bessel(0), tolerance=1e-13)
row("BesselI1e", tf.math.bessel_i1e, FAR, want=lambda x: bessel(1)(x) * np.sign(x), tolerance=1e-13)
row("BesselI1e", tf.math.bessel_i1, np.array([0.0, 1.0]), want=lambda x: [0, 0.565159103992485],
    second=False)  # fmt: skip

# -- counting and running sums --------------------------------------------------------------------

row("Bincount", lambda x: tf.bincount(x, minlength=4, maxlength=8), ints(9, low=0),
    want=lambda x: np.bincount(x, minlength=4), known=False)  # fmt: skip
row("Bincount", lambda x, w: raw("Bincount")(x, 4, w), np.int32([1, 1, 3, 7]), real(4),
    want=lambda x, w: [0, w[0] + w[1], 0, w[2]], grad=False)  # fmt: skip
row("Bucketize", lambda x: raw("Bucketize")(x, boundaries=[-1.0, 0.5, 2.0]),
    np.array([-3.0, -1.0, 0.0, 0.5, 1.9, 2.0, 7.0]), want=lambda x: [0, 1, 1, 2, 2, 3, 3],
    grad=False, ranked=True)  # fmt: skip
row("HistogramFixedWidth", lambda x: tf.histogram_fixed_width(x, [x[0] * 0, x[0] * 0 + 5.0], 5),
    np.array([-1.0, 0.0, 1.5, 2.0, 5.0, 15.0]), want=lambda x: [2, 1, 1, 0, 2], grad=False,
    ranked=True)  # fmt: skip
for options in ({}, {"reverse": True}, {"exclusive": True}):
    row("CumulativeLogsumexp",
        lambda x, options=options: tf.math.cumulative_logsumexp(x, 1, **options)[:, 1:2],
        real(2, 3), ranked=True, second=False,
        want=lambda x, options=options: np.log(
            np.exp(x[:, 1:] if options.get("reverse") else x[:, : 1 if options else 2]).sum(1)
        )[:, None])  # fmt: skip
row("EuclideanNorm", lambda x: tf.math.reduce_euclidean_norm(x, 1), real(2, 3),
    want=lambda x: np.sqrt((x * x).sum(1)), grad=False)  # fmt: skip

# -- parts of matrices ----------------------------------------------------------------------------

for lower, upper in ((-1, 0), (0, -1), (1, 1), (0, 0)):
    row("MatrixBandPart", lambda x, n=(lower, upper): tf.matrix_band_part(x, *n), real(2, 3, 4),
        want=lambda x, n=(lower, upper): np.tril(np.triu(x, -n[0] if n[0] >= 0 else -9),
                                                 n[1] if n[1] >= 0 else 9))  # fmt: skip

# -- systems of equations -------------------------------------------------------------------------

REGULAR = real(2, 3, 3, key="regular") + 3 * np.eye(3)
TRIANGLES = np.tril(REGULAR)
RIGHT = real(2, 3, 2)
DEFINITE = REGULAR @ REGULAR.swapaxes(1, 2)


def turned(x):
    return x.swapaxes(-1, -2)


def symmetric(x):
    return (x + (tf.matrix_transpose(x) if isinstance(x, tf.Tensor) else turned(x))) / 2


for adjoint in (False, True):
    row("MatrixInverse", lambda x, adjoint=adjoint: tf.matrix_inverse(x, adjoint), REGULAR,
        want=lambda x, adjoint=adjoint: np.linalg.inv(turned(x) if adjoint else x))  # fmt: skip
    row("MatrixSolve", lambda a, b, adjoint=adjoint: tf.matrix_solve(a, b, adjoint=adjoint),
        REGULAR, RIGHT,
        want=lambda a, b, adjoint=adjoint: np.linalg.solve(turned(a) if adjoint else a, b),
        )  # fmt: skip
    for lower in (True, False):
        row("MatrixTriangularSolve", lambda a, b, how=(lower, adjoint):
            tf.matrix_triangular_solve(a, b, *how), REGULAR, RIGHT,
            want=lambda a, b, lower=lower, adjoint=adjoint: np.linalg.solve(
                turned((np.tril if lower else np.triu)(a)) if adjoint else
                (np.tril if lower else np.triu)(a), b))  # fmt: skip
row("MatrixDeterminant", tf.matrix_determinant, REGULAR, want=np.linalg.det)
row("LogMatrixDeterminant", lambda x: tf.linalg.slogdet(-x), REGULAR,
    want=lambda x: list(np.linalg.slogdet(-x)))  # fmt: skip
row("Cholesky", lambda x: tf.cholesky(symmetric(x)), DEFINITE, want=np.linalg.cholesky)
TALL, WIDE = real(2, 4, 3, key="tall"), real(2, 3, 4, key="tall")
for matrix, right in ((TALL, real(2, 4, 2)), (WIDE, real(2, 3, 2))):
    row("MatrixSolveLs", lambda a, b: raw("MatrixSolveLs")(a, b, 0.0), matrix, right,
        want=lambda a, b: np.linalg.pinv(a) @ b, sized=True)  # fmt: skip
    row("MatrixSolveLs", lambda a, b: tf.matrix_solve_ls(a, b, fast=False), matrix, right,
        want=lambda a, b: np.linalg.pinv(a) @ b, grad=False)  # fmt: skip
DIAGONALS = real(2, 3, 4) + np.array([[0], [4], [0]])


def tridiagonal(d):
    rows = [np.diag(x[1]) + np.diag(x[0, :-1], 1) + np.diag(x[2, 1:], -1) for x in d]
    return np.stack(rows)


row("TridiagonalMatMul", tf.linalg.tridiagonal_matmul, DIAGONALS, real(2, 4, 2), ranked=True,
    want=lambda d, x: tridiagonal(d) @ x)  # fmt: skip
row("TridiagonalSolve", tf.linalg.tridiagonal_solve, DIAGONALS, real(2, 4, 2), ranked=True,
    want=lambda d, x: np.linalg.solve(tridiagonal(d), x))  # fmt: skip
row("TridiagonalSolve", tf.linalg.tridiagonal_solve, real(2, 3, 4, key=3), real(2, 4, 2),
    ranked=True, want=lambda d, x: np.linalg.solve(tridiagonal(d), x))  # fmt: skip

# -- factorisations -------------------------------------------------------------------------------

row("SelfAdjointEigV2", lambda x: tf.self_adjoint_eigvals(symmetric(x)), DEFINITE, ranked=True,
    want=np.linalg.eigvalsh)  # fmt: skip


def of_pieces(values, vectors):
    """What does not depend on the signs of the vectors."""
    if isinstance(values, tf.Tensor):
        return [values, tf.square(vectors)]
    return [values, vectors**2]


row("SelfAdjointEigV2", lambda x: of_pieces(*tf.self_adjoint_eig(symmetric(x))), DEFINITE,
    ranked=True, want=lambda x: of_pieces(*np.linalg.eigh(x)))  # fmt: skip
row("Svd", lambda x: tf.svd(x, compute_uv=False), TALL,
    want=lambda x: np.linalg.svd(x, compute_uv=False))  # fmt: skip


def svd_pieces(x, full=False):
    u, s, vh = np.linalg.svd(x, full_matrices=full)
    return [s, u**2, turned(vh) ** 2]


for matrix, full in ((TALL, False), (WIDE, False), (WIDE, True)):
    row("Svd", lambda x, full=full: [y if i == 0 else tf.square(y) for i, y in
                                     enumerate(tf.svd(x, full_matrices=full))],
        matrix, second=False, sized=True,
        want=lambda x, full=full: svd_pieces(x, full))  # fmt: skip
row("Qr", tf.qr, TALL, want=lambda x: list(np.linalg.qr(x)), sized=True)
row("Lu", tf.linalg.lu, REGULAR[:1], grad=False,
    want=lambda x: factored(x[0]))  # fmt: skip


def factored(x):
    """Gauss's elimination with pivots, of one matrix."""
    x, order = x.copy(), np.arange(len(x))
    for k in range(len(x)):
        pivot = k + np.abs(x[k:, k]).argmax()
        x[[k, pivot]], order[[k, pivot]] = x[[pivot, k]], order[[pivot, k]]
        for i in range(k + 1, len(x)):
            x[i, k] /= x[k, k]
            x[i, k + 1 :] -= x[i, k] * x[k, k + 1 :]
    return [x[None], order[None]]


# -- functions of matrices ------------------------------------------------------------------------

row("MatrixSquareRoot", tf.matrix_square_root, DEFINITE,
    want=lambda x: by_eigenvalues(np.sqrt, x))  # fmt: skip
row("MatrixSquareRoot", lambda x: tf.matmul(tf.matrix_square_root(x), tf.matrix_square_root(x)),
    REGULAR, want=lambda x: x, second=False)  # fmt: skip
row("MatrixLogarithm", lambda x: tf.linalg.logm(tf.complex(x, 0 * x)), DEFINITE, grad=False,
    want=lambda x: by_eigenvalues(np.log, x))  # fmt: skip
row("MatrixExponential", tf.linalg.expm, real(2, 3, 3), want=lambda x: taylor(x))
row("MatrixExponential", tf.linalg.expm, 5 * symmetric(real(2, 3, 3)),
    want=lambda x: by_eigenvalues(np.exp, x), second=False)  # fmt: skip


def by_eigenvalues(function, x):
    e, v = np.linalg.eigh(x)
    return v * function(e)[..., None, :] @ turned(v)


def taylor(x):
    total = term = np.eye(x.shape[-1]) + 0 * x
    for k in range(1, 60):
        term = term @ x / k
        total = total + term
    return total


# -- Fourier transforms ---------------------------------------------------------------------------

SPECTRUM = complexes(2, 3, 4, 2)
for count, suffix in ((1, ""), (2, "2D"), (3, "3D")):
    axes = tuple(range(-count, 0))
    row(f"FFT{suffix}", getattr(tf, f"fft{suffix.lower()}"), SPECTRUM, grad=False,
        want=lambda x, axes=axes: np.fft.fftn(x, axes=axes))  # fmt: skip
    row(f"IFFT{suffix}", getattr(tf, f"ifft{suffix.lower()}"), SPECTRUM, grad=False,
        want=lambda x, axes=axes: np.fft.ifftn(x, axes=axes))  # fmt: skip
    for reference, name in ((np.fft.fftn, "FFT"), (np.fft.ifftn, "IFFT")):
        row(name + suffix,
            lambda x, op=name + suffix: tf.real(raw(op)(tf.complex(x, x * x))), unit(2, 3, 4, 2),
            want=lambda x, f=reference, axes=axes: f(x + 1j * x * x, axes=axes).real)  # fmt: skip
    # They are of float32 alone: what NumPy has is near.
    signal = np.float32(real(2, 4, 5, 6))
    row(f"RFFT{suffix}", getattr(tf.signal, f"rfft{suffix.lower()}"), signal, tolerance=1e-4,
        ranked=True, want=lambda x, axes=axes: np.fft.rfftn(x, axes=axes))  # fmt: skip
    row(f"IRFFT{suffix}", getattr(tf.signal, f"irfft{suffix.lower()}"),
        np.complex64(complexes(2, 4, 3, 4)), ranked=True, tolerance=1e-4,
        want=lambda x, axes=axes: np.fft.irfftn(x, axes=axes))  # fmt: skip
row("RFFT", lambda x: tf.signal.rfft(x, [8]), np.float32(real(2, 5)), ranked=True, tolerance=1e-4,
    want=lambda x: np.fft.rfft(x, 8))  # fmt: skip
row("RFFT", lambda x: tf.signal.rfft(x, [3]), np.float32(real(2, 5)), ranked=True, tolerance=1e-4,
    want=lambda x: np.fft.rfft(x, 3))  # fmt: skip
row("IRFFT", lambda x: tf.signal.irfft(x, [7]), np.complex64(complexes(2, 4)), ranked=True,
    tolerance=1e-4, want=lambda x: np.fft.irfft(x, 7))  # fmt: skip

# -- dual coordinate ascent -----------------------------------------------------------------------


def ascended(op, run):
    """The step of one example, whose squared loss is (2 - w x)^2 / 2 + w^2 / 2: w x is 2 - dual."""
    x = np.float32([[1, -2]])
    state, change = run(raw(op)(
        x, np.float32([1]), np.float32([2]), np.float32([0.5, 0]), np.zeros((1, 4), np.float32),
        loss_type="squared_loss", l1=0.0, l2=1.0, num_loss_partitions=1, num_inner_iterations=1,
        num_sparse_features=0, num_sparse_features_with_values=0, num_dense_features=1,
    ))  # fmt: skip
    return [(state, np.float32([[0.25, 1.125, 0, 1]])), (change, np.float32([0.25, -0.5]))]


scene("SdcaOptimizer")(functools.partial(ascended, "SdcaOptimizer"))
scene("SdcaOptimizerV2")(functools.partial(ascended, "SdcaOptimizerV2"))
