"""`tf.debugging`, and checks of ranks, types and shapes."""

from goldens.kit import error, run, said


def ranks(tf, np):
    x, unknown = tf.zeros([2, 3]), tf.placeholder(tf.float32)
    checks = (
        lambda y: tf.assert_rank(y, 2), lambda y: tf.assert_rank(y, 1),
        lambda y: tf.assert_rank_at_least(y, 1), lambda y: tf.assert_rank_at_least(y, 3),
        lambda y: tf.assert_rank_in(y, (0, 2)), lambda y: tf.assert_rank_in(y, [1, 3]),
    )  # fmt: skip
    found = [error(lambda c=check: c(x)) for check in checks]
    feed = {unknown: np.zeros([2, 3])}
    return [found, [error(lambda c=check: run(tf, c(unknown), feed)) for check in checks]]


def rank_messages(tf, np):
    x = tf.zeros([2, 3], name="x")
    return [said(lambda: tf.assert_rank(x, 1, message="Oh"), "Oh", "x:0", "must have rank 1",
                 "Received rank 2", "(2, 3)"),
            error(lambda: tf.assert_rank(x, 1.0)),
            error(lambda: tf.assert_rank(x, [1]))]  # fmt: skip


def types(tf, np):
    x, i = tf.zeros([2]), tf.constant([1, 2])
    d = tf.debugging
    return [
        error(lambda: d.assert_integer(x)), error(lambda: d.assert_integer(i)),
        error(lambda: d.assert_type(x, tf.int32)), error(lambda: d.assert_type(x, tf.float32)),
        d.is_numeric_tensor(x), d.is_numeric_tensor(tf.constant(True)), d.is_numeric_tensor([1.0]),
        error(lambda: d.assert_scalar(x)), error(lambda: d.assert_scalar(3.0)),
        error(lambda: d.assert_proper_iterable([1])), error(lambda: d.assert_proper_iterable(x)),
        error(lambda: d.assert_proper_iterable(1)), error(lambda: d.assert_proper_iterable("a")),
        d.assert_same_float_dtype([x, None, x]).name, d.assert_same_float_dtype().name,
        d.assert_same_float_dtype(dtype=tf.float64).name,
        error(lambda: d.assert_same_float_dtype([x, tf.zeros([1], tf.float64)])),
        error(lambda: d.assert_same_float_dtype([i])),
    ]  # fmt: skip


def shapes(tf, np):
    x, y, p = tf.zeros([2, 3]), tf.zeros([3]), tf.placeholder(tf.float32)
    d = tf.debugging
    found = [
        error(lambda: d.assert_shapes([(x, ("N", "M")), (y, ("M",))])),
        error(lambda: d.assert_shapes([(x, ("N", "M")), (y, ("N",))])),
        error(lambda: d.assert_shapes([(x, (2, None)), (y, (3,))])),
        error(lambda: d.assert_shapes([(x, (2, 4))])), error(lambda: d.assert_shapes([(x, (2,))])),
        error(lambda: d.assert_shapes({x: "NM", y: "M"})), error(lambda: d.assert_shapes([(x, 2)])),
        error(lambda: d.assert_shapes([(x, (Ellipsis, 3))])),
        error(lambda: d.assert_shapes([(x, (3, Ellipsis))])),
    ]  # fmt: skip
    feed = {p: np.zeros([2, 3])}
    for wanted in (("N", 3), ("N", "N"), (2,), (None, 4)):
        found.append(error(lambda w=wanted: run(tf, d.assert_shapes([(p, w)]), feed)))
    return found


def finite(tf, np):
    bad = tf.placeholder(tf.float32)
    d = tf.debugging
    return [
        error(lambda: run(tf, d.assert_all_finite(bad, "no"), {bad: [1.0, np.nan]})),
        error(lambda: run(tf, d.check_numerics(bad, "no"), {bad: [np.inf]})),
        run(tf, [d.is_finite([1.0, np.inf]), d.is_nan([np.nan]), d.is_inf([1.0])]),
    ]


def shape_of_a_number(tf, np):
    """It is that of a vector of one, too."""
    x = tf.placeholder(tf.float32)

    def checked(shape, value):
        with tf.control_dependencies([tf.debugging.assert_shapes([(x, shape)])]):
            same = tf.identity(x)
        return error(lambda: run(tf, same, {x: value}))

    return [
        [checked(shape, value) for value in (1.0, [1.0], [1.0, 2.0], [[1.0]])]
        for shape in ((), (1,), (2,))
    ] + [
        error(lambda value=value: tf.debugging.assert_shapes([(tf.constant(value), ())]))
        for value in (1.0, [1.0], [1.0, 2.0])
    ]  # fmt: skip


def asserts_that_runs_check(tf, np):
    """What TensorFlow sees of a constant at once, and what it leaves to the run."""
    one, pair = tf.constant(1), tf.constant([1, -3])
    checks = (
        lambda: tf.assert_positive(pair), lambda: tf.assert_positive(tf.cast(pair, tf.float32)),
        lambda: tf.assert_positive(tf.reduce_sum(pair)), lambda: tf.assert_positive(one - 2),
        lambda: tf.assert_less(tf.shape(pair), 2), lambda: tf.assert_less(tf.shape(pair)[0], 2),
        lambda: tf.assert_equal(tf.stack([1, tf.size(pair)]), [1, 3]),
        lambda: tf.assert_equal(tf.range(3), [0, 1, 3]),
        lambda: tf.assert_equal(tf.fill([2], 3), [3, 2]),
        lambda: tf.assert_equal(tf.identity(pair), [1, 3]),
        lambda: tf.assert_rank(pair, tf.constant(2)), lambda: tf.assert_rank(pair, one + 1),
        lambda: tf.cond(one > 2, lambda: tf.group(tf.assert_positive(one - 3)), tf.no_op),
    )  # fmt: skip

    def stage(check):
        built = []
        failed = error(lambda: built.append(check()))
        return ["built", error(lambda: run(tf, built[0]))] if built else ["at once", failed]

    return [stage(check) for check in checks]
