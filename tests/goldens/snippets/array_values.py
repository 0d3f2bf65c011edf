"""Values of the array functions and of arithmetic at its edges."""

from goldens.kit import error, run


def in_top_k(tf, np):
    predictions = tf.constant([[0.1, 0.9, 0.5], [0.5, 0.5, 0.5], [0.2, 0.1, 0.0]])
    return run(
        tf, [tf.nn.in_top_k(predictions, [1, 2, 2], 1), tf.nn.in_top_k(predictions, [2, 0, 1], 2)]
    )


def top_k(tf, np):
    x = tf.constant([[1.0, 5.0, 3.0], [2.0, 2.0, 2.0]])
    values, indices = tf.nn.top_k(x, 2)
    return run(tf, [values, indices, tf.nn.top_k([3, 1, 2])]) + [error(lambda: tf.nn.top_k(x, 4))]


def argmax_with_ties(tf, np):
    x = tf.constant([[1.0, 3.0, 3.0], [0.0, 0.0, 0.0]])
    return run(
        tf, [tf.argmax(x, 1), tf.argmin(x, 1), tf.argmax(x), tf.argmax(x, -1, output_type=tf.int32)]
    )


def embedding_lookup(tf, np):
    table = tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    return run(
        tf,
        [
            tf.nn.embedding_lookup(table, [0, 2, 0]),
            tf.nn.embedding_lookup(table, [[1], [0]]),
            tf.nn.embedding_lookup(table, 1),
        ],
    )


def accumulated_rounding(tf, np):
    x = tf.constant(np.full([100000], 0.1, np.float32))
    return [
        bool(abs(v - 10000.0) < 1.0)
        for v in run(tf, [tf.reduce_sum(x), tf.reduce_mean(x) * 100000.0])
    ]


def reductions_of_nothing(tf, np):
    empty = tf.zeros([0, 2])
    return run(
        tf,
        [
            tf.reduce_sum(empty),
            tf.reduce_mean(empty, 0),
            tf.reduce_max(empty, 0),
            tf.reduce_prod(empty),
            tf.reduce_min(empty, 0),
            tf.reduce_logsumexp(empty, 0),
        ],
    )


def reductions_of_nan(tf, np):
    x = tf.constant([1.0, np.nan, 3.0])
    return run(tf, [tf.reduce_sum(x), tf.reduce_mean(x)])


def one_hot_values(tf, np):
    return run(
        tf,
        [
            tf.one_hot([0, 2, -1, 5], 3),
            tf.one_hot([1], 3, on_value=5, off_value=-1),
            tf.one_hot([[0], [1]], 2, axis=1),
            tf.one_hot(1, 3, dtype=tf.int32),
            tf.one_hot([0, 1], 2, True, False),
        ],
    )


def gather_out_of_range(tf, np):
    x, i = tf.constant([1.0, 2.0]), tf.placeholder(tf.int32)
    with tf.Session() as sess:
        return [
            error(lambda: sess.run(tf.gather(x, i), {i: 2})),
            error(lambda: sess.run(tf.gather(x, i), {i: -1})),
        ]


def ranges(tf, np):
    return run(
        tf,
        [
            tf.range(3),
            tf.range(2, 8, 3),
            tf.range(3, 0, -1),
            tf.range(0.0, 1.0, 0.25),
            tf.range(5.0),
            tf.linspace(0.0, 1.0, 5),
            tf.linspace(np.float64(0.5), 1.0, 3),
            tf.range(3, 3),
            tf.range(0, 1, 0.5),
        ],
    )


def array_functions(tf, np):
    x = tf.constant([[1, 2, 3], [4, 5, 6]])
    return run(
        tf,
        [
            tf.tile(x, [1, 2]),
            tf.pad(x, [[1, 0], [0, 1]]),
            tf.pad(x, [[0, 0], [1, 1]], "REFLECT"),
            tf.pad(x, [[1, 1], [0, 0]], "SYMMETRIC"),
            tf.pad(x, [[0, 1], [0, 0]], constant_values=9),
            tf.reverse(x, [1]),
            tf.transpose(x),
            tf.cumsum(x, 1),
            tf.cumsum(x, exclusive=True),
            tf.cumsum(x, 1, reverse=True),
            tf.cumprod(x, 1),
            tf.boolean_mask(x, [True, False]),
            tf.where([[True, False, False], [False, False, True]]),
            tf.fill([2], 7),
            tf.eye(2, 3),
            tf.diag([1, 2]),
            tf.unique([3, 1, 3]),
            tf.sequence_mask([1, 3], 3),
            tf.shape(x),
            tf.concat([x, x], -1),
            tf.stack([x[0], x[1]], 1),
            tf.squeeze([[[1]]]),
            tf.size(x),
            tf.rank(x),
        ],
    )


def strided_slices(tf, np):
    x = tf.constant(np.arange(24).reshape(2, 3, 4))
    return run(
        tf,
        [
            x[1],
            x[:, 1:, ::2],
            x[..., -1],
            x[0, :, None],
            x[:, ::-1, 0],
            x[-1, -2:, 1:3],
            x[1:1],
            x[:, 5:],
            x[tf.constant(1), 0],
            x[:, :, tf.newaxis, 2],
            x[0, 0, 0],
        ],
    )


def matmul_values(tf, np):
    a, b = tf.constant([[1, 2], [3, 4]]), tf.constant([[5, 6], [7, 8]])
    return run(
        tf,
        [
            tf.matmul(a, b),
            tf.matmul(a, b, True),
            tf.matmul(a, b, transpose_b=True),
            a @ b,
            tf.matmul(a, b, transpose_a=True, transpose_b=True),
            tf.tensordot(a, b, 1),
            tf.tensordot(a, b, [[0], [0]]),
            tf.matmul(tf.zeros([2, 0]), tf.zeros([0, 3])),
            tf.matmul(tf.to_float(a), tf.to_float(b), a_is_sparse=True),
        ],
    )


def comparisons_and_logic(tf, np):
    a, b = tf.constant([1, 2, 3]), tf.constant([3, 2, 1])
    return run(
        tf,
        [
            a < b,
            a <= b,
            tf.equal(a, b),
            tf.not_equal(a, b),
            tf.greater(a, 2),
            (a > 1) & (b > 1),
            (a > 1) | (b > 1),
            ~(a > 1),
            (a > 1) ^ (b > 1),
            tf.reduce_all(a > 0),
            tf.reduce_any(a > 5),
            tf.where(a > b, a, b),
            tf.equal("a", ["a", "b"]),
        ],
    )


def special_numbers(tf, np):
    x = tf.constant([-1.0, 0.0, 1.0])
    return run(
        tf,
        [
            tf.log(x),
            tf.sqrt(x),
            x / 0.0,
            tf.reciprocal(x),
            tf.is_nan(tf.sqrt(x)),
            tf.is_inf(x / 0.0),
            tf.pow(x, 0.5),
            tf.exp(1000.0 * x),
            tf.acos(2.0 * x),
            tf.rsqrt(x),
            tf.floormod(x, 0.0),
        ],
    )


def segment_and_confusion(tf, np):
    return run(
        tf,
        [
            tf.segment_sum([1.0, 2.0, 3.0], [0, 0, 1]),
            tf.unsorted_segment_sum([1.0, 2.0], [1, 1], 3),
            tf.confusion_matrix([0, 1, 1], [0, 0, 1]),
            tf.segment_mean([1.0, 3.0], [0, 0]),
        ],
    )
