"""Operands of different dtypes: TensorFlow never promotes int and float."""

from goldens.kit import accepted, attempt, error, run, said


def mixed_tensors(tf, np):
    i, f = tf.constant(1), tf.constant(1.0)
    d = tf.constant(1.0, tf.float64)
    return [
        error(lambda: tf.add(i, f)),
        error(lambda: tf.add(f, i)),
        error(lambda: i + f),
        error(lambda: f * d),
        error(lambda: tf.multiply(f, d)),
        error(lambda: tf.matmul([[f]], [[d]])),
        error(lambda: f < i),
        error(lambda: tf.equal(i, f)),
        error(lambda: tf.maximum(i, f)),
        said(lambda: tf.add(f, i), "type float32", "type int32"),
        error(lambda: tf.concat([[i], [f]], 0)),
        error(lambda: tf.stack([i, f])),
        error(lambda: f**i),
        error(lambda: i / f),
        error(lambda: tf.add_n([i, f])),
    ]


def tensor_and_number(tf, np):
    i, f, d = tf.constant(1), tf.constant(1.0), tf.constant(1.0, tf.float64)
    return [
        (f + 1).dtype.name,
        (1 + f).dtype.name,
        (d * 2).dtype.name,
        (i * 2).dtype.name,
        attempt(lambda: tf.multiply(2, f).dtype.name),
        tf.multiply(f, 2).dtype.name,
        attempt(lambda: tf.add(2, i).dtype.name),
        error(lambda: i + 1.5),
        error(lambda: 1.5 * i),
        error(lambda: tf.multiply(2.5, i)),
        error(lambda: tf.multiply(2.0, i)),
        error(lambda: i + 1.0),
        error(lambda: f + "a"),
        error(lambda: f + None),
        error(lambda: f + True),
        error(lambda: tf.add(2, f)),
        error(lambda: 1.5 - i),
        (d + 0.1).dtype.name,
        error(lambda: f & f),
        error(lambda: ~f),
        error(lambda: f + object()),
    ]


def tensor_and_array(tf, np):
    f, i = tf.constant([1.0, 2.0]), tf.constant([1, 2])
    return [
        (f + np.ones(2, np.float32)).dtype.name,
        (f + np.ones(2)).dtype.name,
        error(lambda: f + np.ones(2, np.int64)),
        (i + np.ones(2, np.int64)).dtype.name,
        (f * np.float64(2)).dtype.name,
        (np.float64(2) * f).dtype.name,
        (np.ones(2) * f).dtype.name,
        error(lambda: tf.add(np.ones(2), f)),
        error(lambda: i + np.ones(2)),
        error(lambda: tf.multiply(np.float64(2), f)),
        error(lambda: tf.add(np.int32(2), f)),
    ]


def functions_of_two_numbers(tf, np):
    return [
        tf.add(1, 2).dtype.name,
        tf.add(1.0, 2).dtype.name,
        error(lambda: tf.add(1, 2.5)),
        tf.multiply(np.ones(2), 2).dtype.name,
        type(tf.divide(1, 2)).__name__,
        tf.pow(2, 3).dtype.name,
        tf.maximum(1.0, 2).dtype.name,
        tf.truediv(1, 2).dtype.name,
    ]


def integer_arguments_to_float_functions(tf, np):
    return [
        error(lambda: tf.sqrt(4)),
        error(lambda: tf.exp(tf.constant(1))),
        error(lambda: tf.log(2)),
        error(lambda: tf.nn.softmax([1, 2])),
        error(lambda: tf.sigmoid(1)),
        tf.square(3).dtype.name,
        tf.abs(-3).dtype.name,
        tf.nn.relu(3).dtype.name,
        tf.reduce_mean([1, 2]).dtype.name,
        tf.sign(2).dtype.name,
    ]


def logical_functions_of_numbers(tf, np):
    return [
        error(lambda: tf.logical_and(1, 2)),
        error(lambda: tf.logical_not(tf.constant(1.0))),
        error(lambda: tf.reduce_all([1, 0])),
        error(lambda: tf.where([1, 0], [1], [2])),
    ]


def casts(tf, np):
    with tf.Session() as sess:
        return sess.run(
            [
                tf.cast([1.7, -1.7], tf.int32),
                tf.cast([0, 1, 2], tf.bool),
                tf.cast([True, False], tf.float32),
                tf.cast(3, tf.float64),
                tf.to_float(3),
                tf.to_double(3),
                tf.to_int32(2.9),
                tf.to_int64(2.9),
                tf.cast([1.5], "int64"),
                tf.saturate_cast([300.0, -5.0], tf.uint8),
                tf.cast(0.1, tf.float64),
            ]
        )


def cast_refused(tf, np):
    return [
        accepted(tf, lambda: tf.cast("1", tf.float32)),
        error(lambda: tf.cast(1.0, "nonsense")),
        accepted(tf, lambda: tf.cast(1.0, tf.string)),
    ]


def division_values(tf, np):
    a, b = tf.constant([7, -7]), tf.constant([2, 2])
    f, g = tf.constant([7.0, -7.0]), tf.constant([2.0, 2.0])
    with tf.Session() as sess:
        return sess.run(
            [
                a / b,
                a // b,
                a % b,
                tf.div(a, b),
                tf.truncatediv(a, b),
                tf.truncatemod(a, b),
                f / g,
                f // g,
                f % g,
                tf.div(f, g),
                tf.divide(a, b),
                tf.floormod(f, g),
                tf.floordiv(f, g),
                1 / b,
                -7 // b,
                tf.div_no_nan(f, [0.0, 2.0]),
            ]
        )


def integer_division_by_zero(tf, np):
    with tf.Session() as sess:
        return [
            error(lambda: sess.run(tf.constant(1) // tf.constant(0))),
            error(lambda: sess.run(tf.constant(1) % tf.constant(0))),
        ]


def integer_overflow_wraps(tf, np):
    with tf.Session() as sess:
        return [sess.run(tf.constant(2**31 - 1) + 1), sess.run(tf.constant([200], tf.uint8) + 100)]


def mean_of_integers_truncates(tf, np):
    with tf.Session() as sess:
        return sess.run(
            [tf.reduce_mean([1, 2]), tf.reduce_mean([-1, -2]), tf.reduce_mean([1.0, 2.0])]
        )


def rounding(tf, np):
    x = tf.constant([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5])
    with tf.Session() as sess:
        return sess.run([tf.round(x), tf.floor(x), tf.ceil(x), tf.rint(x), tf.sign(x)])


class _KnowsTheSign:
    """No tensor, but what adds and divides itself."""

    def __radd__(self, other):
        return "added"

    def __rtruediv__(self, other):
        return "divided"

    def __rmatmul__(self, other):
        return "multiplied"


def operands_that_know_the_sign(tf, np):
    other, x, v = _KnowsTheSign(), tf.constant([[1.0]]), tf.Variable([[1.0]])
    return [[x + other, x / other, x @ other, v + other],
            [error(lambda: x - other), error(lambda: other + x), error(lambda: x < other),
             error(lambda: tf.add(x, other)), error(lambda: x + object())]]  # fmt: skip


def types_of_values(tf, np):
    """Numbers in place of tensors become of the type that the op prefers, floats of arrays, too."""
    rows = tf.constant([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    made = [(tf.one_hot(np.array([1.0, 2.9]), 3), 0), (tf.one_hot([1, 2], 3), 0),
            (tf.one_hot(tf.constant([1, 2]), 3), 0),
            (tf.reverse_sequence(rows, np.array([2.0, 3.0]), 1), 1),
            (tf.reverse_sequence(rows, [2, 3], 1), 1),
            (tf.unravel_index(np.array([1.0, 3.0]), [2, 2]), 0)]  # fmt: skip
    return [[each.op.inputs[i].dtype.name for each, i in made], run(tf, [each for each, _ in made]),
            error(lambda: tf.one_hot([1.0], 3))]  # fmt: skip
