"""Values and gradients of mathematical functions, of real numbers and integers."""

from goldens.kit import attempt, error, run

UNARY = [
    "abs", "acos", "acosh", "asin", "asinh", "atan", "atanh", "ceil", "cos", "cosh", "digamma",
    "erf", "erfc", "exp", "expm1", "floor", "is_finite", "is_inf", "is_nan", "lgamma", "log",
    "log1p", "log_sigmoid", "negative", "reciprocal", "reciprocal_no_nan", "rint", "round",
    "rsqrt", "sigmoid", "sign", "sin", "sinh", "softplus", "softsign", "sqrt", "square", "tan",
    "tanh", "bessel_i0", "bessel_i0e", "bessel_i1", "bessel_i1e",
]  # fmt: skip
BINARY = [
    "add", "atan2", "divide", "divide_no_nan", "equal", "floordiv", "floormod", "greater",
    "greater_equal", "igamma", "igammac", "less", "less_equal", "maximum", "minimum", "mod",
    "multiply", "multiply_no_nan", "nextafter", "not_equal", "polygamma", "pow",
    "squared_difference", "subtract", "truediv", "xdivy", "xlogy", "zeta",
]  # fmt: skip


def _unary(tf, np, dtype):
    x = tf.constant(np.array([-2.5, -1.0, -0.3, 0.0, 0.2, 0.7, 1.0, 3.25], dtype))
    found = {}
    for name in UNARY:
        found[name] = attempt(lambda name=name: run(tf, getattr(tf.math, name)(x)))
    return found


def unary_float32(tf, np):
    return _unary(tf, np, np.float32)


def unary_float64(tf, np):
    return _unary(tf, np, np.float64)


def unary_gradients(tf, np):
    found = {}
    for name in UNARY:
        x = tf.constant([-0.6, -0.25, 0.2, 0.7] if name != "acosh" else [1.5, 2.0, 3.0, 4.0])
        y = getattr(tf.math, name)(x)
        found[name] = attempt(lambda y=y, x=x: run(tf, tf.gradients(y, x)))
    return found


def _binary(tf, np, dtype):
    x = tf.constant(np.array([[-2.5, 0.0, 1.0, 3.0, 2.0]], dtype))
    y = tf.constant(np.array([[-1.5, 0.0, 0.5, 2.0, 5.0], [2.0, 1.0, 3.0, 1.5, -1.0]], dtype))
    found = {}
    for name in BINARY:
        found[name] = attempt(lambda name=name: run(tf, getattr(tf.math, name)(x, y)))
    return found


def binary_float32(tf, np):
    return _binary(tf, np, np.float32)


def binary_float64(tf, np):
    return _binary(tf, np, np.float64)


def binary_gradients(tf, np):
    found = {}
    for name in BINARY:
        x, y = tf.constant([[1.5, 2.0, 3.0]]), tf.constant([[0.5, 2.25, 4.0], [1.0, 0.25, 7.0]])
        x = tf.tile(x, [2, 1]) if name == "atan2" else x
        z = getattr(tf.math, name)(x, y)
        if z.dtype == tf.bool:
            continue
        dx, dy = tf.gradients(z, [x, y])
        found[name] = [None if d is None else run(tf, d) for d in (dx, dy)]
    return found


def gradients_at_nothing(tf, np):
    x, y = tf.constant([0.0, 0.0, 1.0]), tf.constant([0.0, 2.0, 0.0])
    functions = (tf.math.xlogy, tf.math.xdivy, tf.math.multiply_no_nan, tf.math.divide_no_nan)
    return [run(tf, tf.gradients(function(x, y), [x, y])) for function in functions]


def betainc(tf, np):
    a, b = tf.constant([0.5, 2.0, 10.0]), tf.constant([3.0, 0.7, 20.0])
    x = tf.constant([0.2, 0.95, 0.3])
    z = tf.betainc(a, b, x)
    edges = tf.betainc([1.0, 2.0, 3.0, -1.0], [1.0, 2.0, 3.0, 1.0], [0.0, 1.0, 1.5, 0.5])
    found = [run(tf, z), run(tf, tf.gradients(z, x)), run(tf, edges)]
    scalars = run(tf, [tf.betainc(2.0, 3.0, x), tf.betainc(a, b, 0.25)])
    return [*found, scalars, error(lambda: tf.betainc(a, b, [0.1, 0.2]))]


def lbeta(tf, np):
    x = tf.constant([[1.0, 2.0, 3.5], [0.5, 0.5, 2.0]])
    return run(tf, [tf.lbeta(x), tf.lbeta(x[0]), tf.gradients(tf.lbeta(x), x)[0]])


def lbeta_of_nothing(tf, np):
    return run(tf, tf.lbeta(tf.zeros([0])))


def special_edges(tf, np):
    a, x = [1.0, 0.0, -1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 1.0, -1.0, 0.0, np.inf]
    order = [1.0, 2.0, -1.0, 0.0, 1.0, 0.5, 3.0]
    return run(
        tf,
        [
            tf.igamma(a, x), tf.igammac(a, x),
            tf.zeta([1.0, 2.0, 0.5, 2.0, 2.0, 2.0], [1.0, 1.0, 1.0, 0.0, -0.5, -1.0]),
            tf.polygamma(order, [-0.5, -1.5, 1.0, -0.5, 0.0, 1.0, 2.5]),
            tf.lgamma([0.0, -1.0, -1.5, 100.0]), tf.digamma([0.0, -1.0, -1.5, 1e-3, 100.0]),
            tf.math.bessel_i0e([-200.0, 1e4]), tf.math.bessel_i1e([-200.0, 0.0]),
        ],
    )  # fmt: skip


def igamma_gradients_of_a(tf, np):
    a = tf.constant([0.2, 1.0, 1.0, 3.5, 30.0, 30.0])
    x = tf.constant([0.1, 0.9, 4.0, 3.0, 20.0, 45.0])
    p, q = tf.igamma(a, x), tf.igammac(a, x)
    return run(tf, [tf.gradients(p, [a, x]), tf.gradients(q, [a, x])])


def igamma_has_no_second_derivative_by_a(tf, np):
    a = tf.constant([0.5])
    (da,) = tf.gradients(tf.igamma(a, [1.0]), a)
    return error(lambda: tf.gradients(da, a))


def _integers(tf, np, dtype):
    x = tf.constant(np.array([7, -7, 7, -7, 0], dtype))
    y = tf.constant(np.array([2, 2, -2, -2, 5], dtype))
    functions = [tf.floordiv, tf.truncatediv, tf.div, tf.truediv, tf.math.divide, tf.subtract]
    if dtype in (np.int32, np.int64):
        functions += [tf.floormod, tf.truncatemod, tf.maximum, tf.squared_difference, tf.abs]
    found = []
    for function in functions:
        found.append(attempt(lambda f=function: run(tf, f(x) if f is tf.abs else f(x, y))))
    return found


def division_int32(tf, np):
    return _integers(tf, np, np.int32)


def division_int64(tf, np):
    return _integers(tf, np, np.int64)


def division_int8(tf, np):
    return _integers(tf, np, np.int8)


def division_int16(tf, np):
    return _integers(tf, np, np.int16)


def division_floats(tf, np):
    x = tf.constant([7.5, -7.5, 7.5, -7.5, 0.0, 1.0, -1.0])
    y = tf.constant([2.0, 2.0, -2.0, -2.0, 5.0, 0.0, 0.0])
    functions = [tf.floordiv, tf.floormod, tf.truncatemod, tf.div, tf.mod]
    return run(tf, [function(x, y) for function in functions])


def division_by_zero(tf, np):
    zero = tf.placeholder(tf.int32)
    functions = [tf.floordiv, tf.floormod, tf.div]
    return [error(lambda f=f: run(tf, f(7, zero), {zero: 0})) for f in functions]


def bits(tf, np):
    found = []
    for dtype in (np.int8, np.uint8, np.int32, np.uint32, np.int64, np.uint64, np.int16, np.uint16):
        x, y = np.array([0, 5, 3, 100], dtype), np.array([5, 1, 2, 3], dtype)
        b = tf.bitwise
        functions = (b.bitwise_and, b.bitwise_or, b.bitwise_xor, b.left_shift, b.right_shift)
        found.append(run(tf, [*(f(x, y) for f in functions), b.invert(x)]))
    return found


def shifts_of_negatives(tf, np):
    x, y = np.int32([-8, -1, 8, 8]), np.int32([1, 31, 2, 0])
    return run(tf, [tf.bitwise.left_shift(x, y), tf.bitwise.right_shift(x, y)])


def bits_are_not_differentiable(tf, np):
    return [
        error(lambda: tf.bitwise.bitwise_and([1.0], [2.0])),
        error(lambda: tf.bitwise.invert([True])),
        error(lambda: tf.bitwise.bitwise_or([1, 2], [1, 2, 3])),
    ]


def counting(tf, np):
    return run(
        tf,
        [
            tf.bincount([1, 1, 3]), tf.bincount([[1, 1], [3, 0]], minlength=6),
            tf.bincount([1, 1, 3], maxlength=2), tf.bincount([1, 1, 3], weights=[1.0, 2.0, 3.0]),
            tf.bincount([], dtype=tf.float32), tf.bincount([2, 0], dtype=tf.int64),
            tf.histogram_fixed_width([-1.0, 0.0, 1.5, 2.0, 5.0, 15], [0.0, 5.0], nbins=5),
            tf.histogram_fixed_width_bins([-1.0, 0.0, 1.5, 2.0, 5.0, 15], [0.0, 5.0], nbins=5),
            tf.histogram_fixed_width([1, 7, 3, 2000000000], [0, 5], nbins=4, dtype=tf.int64),
            tf.histogram_fixed_width_bins([[1.0, 7.0], [3.0, -1.0]], [-1.0, 4.0]),
        ],
    )  # fmt: skip


def counting_errors(tf, np):
    return [
        error(lambda: run(tf, tf.bincount([-1, 3]))),
        error(lambda: run(tf, tf.histogram_fixed_width([1], [5, 0], nbins=5))),
        error(lambda: tf.histogram_fixed_width([1], [0, 5], nbins=0)),
        str(tf.bincount([1, 2]).shape), str(tf.histogram_fixed_width([1.0], [0.0, 1.0], 7).shape),
    ]  # fmt: skip


def cross(tf, np):
    a, b = tf.constant([[1.0, 2.0, 3.0], [0.0, 1.0, 0.0]]), tf.constant([[4.0, 5.0, 6.0]] * 2)
    c = tf.cross(a, b)
    slopes = tf.gradients(c[0, 1] * c[1, 0] + c[0, 2], [a, b])
    found = run(tf, [c, slopes, tf.cross([1, 2, 3], [4, 5, 6])])
    return [*found, error(lambda: tf.cross([1, 2], [3, 4]))]


def running_sums(tf, np):
    x = tf.constant([[1.0, 2.0, -3.0], [0.5, 40.0, 2.0]])
    found = []
    for options in ({}, {"exclusive": True}, {"reverse": True}, {"exclusive": True, "reverse": 1}):
        options = {key: bool(value) for key, value in options.items()}
        for function in (tf.cumsum, tf.cumprod, tf.math.cumulative_logsumexp):
            for axis in (0, 1, -1):
                y = function(x, axis, **options)
                found.append(run(tf, [y, tf.gradients(y * [1.0, -2.0, 3.0], x)[0]]))
    return found


def reductions(tf, np):
    x = tf.constant([[1.0, -2.0, 0.0], [4.0, 0.5, 3.0]])
    found = []
    for axis in (None, 0, 1, [0, 1], [-1]):
        for keep in (False, True):
            functions = (
                tf.reduce_sum, tf.reduce_prod, tf.reduce_max, tf.reduce_min, tf.reduce_mean,
                tf.reduce_logsumexp, tf.math.reduce_euclidean_norm, tf.math.reduce_std,
                tf.math.reduce_variance, tf.math.count_nonzero,
            )  # fmt: skip
            found.append(run(tf, [f(x, axis, keep) for f in functions]))
            booleans = [f(x > 0, axis, keep) for f in (tf.reduce_all, tf.reduce_any)]
            found.append(run(tf, booleans))
    return found


def reduction_gradients(tf, np):
    x = tf.constant([[1.0, -2.0, 0.5], [4.0, 0.25, 3.0]])
    functions = (
        tf.reduce_prod, tf.reduce_logsumexp, tf.math.reduce_std, tf.math.reduce_variance, tf.norm,
        tf.reduce_max,
    )  # fmt: skip
    found = [run(tf, tf.gradients(f(x, axis=1) * [1.0, 2.0], x)) for f in functions]
    return [*found, tf.gradients(tf.math.reduce_euclidean_norm(x), x)]


def polyval(tf, np):
    x = tf.constant([1.0, 2.0, -1.5])
    return run(tf, [tf.math.polyval([2.0, 0.0, 1.0], x), tf.math.polyval([3.0], x),
                    tf.math.polyval([], x)])  # fmt: skip


def rising(tf, np):
    found = []
    for function in (tf.is_non_decreasing, tf.is_strictly_increasing):
        for x in ([1, 1, 2], [1, 2, 3], [3, 2], [5], [[1.0, 2.0], [1.5, 9.0]]):
            found.append(bool(run(tf, function(x))))
    return [*found, bool(run(tf, tf.math.is_non_decreasing(tf.zeros([0]))))]


def sums_of_many(tf, np):
    x = [tf.constant([1.0, 2.0]), tf.constant([3.0, 4.0]), tf.constant([5.0, 6.0])]
    found = run(tf, [tf.add_n(x), tf.accumulate_n(x), tf.gradients(tf.accumulate_n(x) ** 2, x)])
    return [
        *found,
        error(lambda: tf.add_n([])),
        error(lambda: tf.accumulate_n([x[0], [1]])),
        error(lambda: tf.add_n([x[0], tf.constant([1.0, 2.0, 3.0])])),
    ]


def confusion(tf, np):
    labels, found = [0, 1, 2, 2], [0, 2, 2, 1]
    c = tf.confusion_matrix
    return [
        run(tf, [c(labels, found), c(labels, found, 4), c(labels, found, dtype=tf.float32),
                 c(labels, found, weights=[1, 2, 3, 4]), tf.math.confusion_matrix([1], [0])]),
        error(lambda: run(tf, c(labels, found, 2))), error(lambda: run(tf, c([-1], [0]))),
        error(lambda: c(labels, found[:2])),
    ]  # fmt: skip


def scalars_and_lists(tf, np):
    """What is not yet a tensor takes the type of what is."""
    x = tf.constant([0.5, 2.0], tf.float64)
    builds = (
        lambda: tf.igamma(1.0, x), lambda: tf.igamma(x, 1.0), lambda: tf.math.xlogy(x, 3),
        lambda: tf.betainc(2.0, 3.0, 0.25), lambda: tf.complex(1.0, 2.0), lambda: tf.pow(2.0, x),
        lambda: tf.bitwise.bitwise_and([5, 3], 1), lambda: tf.squared_difference(x, 1),
        lambda: tf.igamma(x, 1), lambda: tf.zeta(x, 2), lambda: tf.fft([1, 2]),
        lambda: tf.math.xdivy(x, x[0]), lambda: tf.cross([1.0, 2, 3], [1, 2, 3]),
        lambda: tf.erf(1), lambda: tf.lgamma([1, 2]), lambda: tf.exp(1), lambda: tf.real(1j),
    )  # fmt: skip
    return [attempt(lambda b=build: run(tf, b())) for build in builds]


def nothing_divided_by_zero(tf, np):
    """Where there is nothing to divide, zeros are no mistake."""
    nothing, zeros = tf.zeros([0], tf.int32), tf.constant([[-1], [4], [0]])
    divisions = tf.floordiv, tf.floormod, tf.div, lambda x, y: x // y, lambda x, y: x % y
    truncated = tf.truncatediv, tf.truncatemod
    return [
        [attempt(lambda f=f: run(tf, f(nothing, zeros)).shape) for f in divisions + truncated],
        [error(lambda f=f: run(tf, f(zeros, zeros))) for f in divisions],
    ]


def names_are_there(tf, np):
    """Which of the public names of 1.15 are missing."""
    return [name for name in UNARY + BINARY if not hasattr(tf.math, name)]


AWKWARD = [
    (1, 0.1), (5, 0.1), (-1, 0.1), (-5, 0.1), (0.3, 0.1), (1e10, 3), (-1e10, 3), (1, float("inf")),
    (-0.0, 2), (0.0, -2), (3, -0.0), (-3, 0.0), (1e30, 1e-5), (7, -0.7), (1, float("-inf")),
    (-1, float("inf")), (float("inf"), 2), (float("inf"), float("inf")), (6, 3), (-6, 3), (5, -3),
]  # fmt: skip


def floor_division_of_floats(tf, np):
    found = []
    for dtype in (np.float32, np.float64):
        a, b = np.array(AWKWARD, dtype).T
        x, y = (tf.placeholder(dtype, [None]) for _ in range(2))
        results = [tf.floordiv(x, y), tf.floormod(x, y), tf.truncatemod(x, y)]
        with tf.Session() as sess:
            found += sess.run([*results, 1 / (results[1] * 0)], {x: a, y: b})
    return found


def floor_division_of_halfs(tf, np):
    a, b = np.array(AWKWARD[:5] + AWKWARD[7:12], np.float16).T
    x, y = (tf.placeholder(tf.float16, [None]) for _ in range(2))
    with tf.Session() as sess:
        return sess.run([tf.floordiv(x, y), tf.floormod(x, y)], {x: a, y: b})


def truncated_division_of_floats_is_division(tf, np):
    x, y = tf.placeholder(tf.float64, [None]), tf.placeholder(tf.float64, [None])
    with tf.Session() as sess:
        return sess.run(tf.truncatediv(x, y), {x: [7, -7, 1, 2.5], y: [2, 2, 3, -1]})


def means_of_large_integers(tf, np):
    x = tf.placeholder(tf.int64, [None])
    with tf.Session() as sess:
        return [
            sess.run(tf.reduce_mean(x), {x: values})
            for values in ([2**62, -5, 1], [2**61 + 1, 2**61 + 3], [-5, -4], [-(2**61) - 2, 1])
        ]


def nan_is_no_other_nan_to_unique(tf, np):
    x = tf.placeholder(tf.float32, [None])
    with tf.Session() as sess:
        return sess.run([*tf.unique(x), *tf.unique_with_counts(x)], {x: [np.nan, 1, np.nan, 1]})


def softmax_of_no_classes(tf, np):
    x = tf.placeholder(tf.float32, [None, None])
    loss = tf.nn.softmax_cross_entropy_with_logits(labels=x, logits=x)
    with tf.Session() as sess:
        feed = {x: np.zeros((2, 0))}
        return sess.run([tf.nn.softmax(x), tf.nn.log_softmax(x), loss, tf.shape(x)], feed)


def rounded_integers_and_conjugates_of_real_numbers(tf, np):
    x = tf.placeholder(tf.int32, [None])
    rounded = tf.raw_ops.Round(x=x)
    turned = tf.raw_ops.ConjugateTranspose(x=tf.constant([[1.0, 2.0]]), perm=[1, 0])
    with tf.Session() as sess:
        return [*sess.run([rounded, turned], {x: [1, -2]}), rounded.dtype.name]


def tolerance_of_integers(tf, np):
    found = []
    for dtype in (tf.int32, tf.float32):
        x, y = tf.constant([1, 2], dtype), tf.constant([1, 3], dtype)
        found += [tf.raw_ops.ApproximateEqual(x=x, y=y, tolerance=t) for t in (0.5, 1.5)]
    with tf.Session() as sess:
        return sess.run(found)
